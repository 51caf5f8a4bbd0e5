"""Services while a meeting goes on and after: opening and ending it, answers, proposals, corrections, amendments."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _

from apps.mission.models import Position
from apps.mission.vocabulary import Role
from apps.records.actors import Actor
from apps.records.errors import Incomplete, NotPermitted
from apps.records.services import is_editor
from apps.records.transitions import exercised_by
from apps.working_groups import rules
from apps.working_groups.calling import carry_over, expect, next_of
from apps.working_groups.models import (
    AgendaItem,
    Amendment,
    Attendance,
    Correction,
    Meeting,
    Series,
)
from apps.working_groups.positions import leads
from apps.working_groups.selectors import expected_as
from apps.working_groups.series import series_extend
from apps.working_groups.vocabulary import Admits, Answer, CorrectionState, ItemState, Session


def may_call(actor: Actor, meeting: Meeting) -> None:
    """Incomplete, by field, unless all is answered."""
    if missing := rules.meeting_missing(meeting):
        raise Incomplete({name: [str(text) for text in texts] for name, texts in missing.items()})


def of_series(actor: Actor, meeting: Meeting) -> bool:
    """Whether a series calls it."""
    return meeting.series is not None


def by_itself(actor: Actor, meeting: Meeting) -> bool:
    """Whether no series calls it."""
    return meeting.series is None


def own_rows(actor: Actor, meeting: Meeting) -> Any:
    """Rows of attendance in which the actor is expected: by position, or with their organisation."""
    return meeting.attendance.filter(expected_as(actor))


def is_expected(actor: Actor, meeting: Meeting) -> bool:
    """Whether the actor is."""
    return bool(own_rows(actor, meeting).exists())


def answers(actor: Actor, meeting: Meeting, data: dict[str, Any]) -> None:
    """Say whether one comes; once for each row in which one is expected."""
    substitute = str(data.get("substitute") or "").strip()
    if data["answer"] == Answer.SUBSTITUTE and not substitute:
        raise ValidationError({"substitute": _("Say who comes instead, by function.")})
    rows = list(own_rows(actor, meeting))
    if not rows:
        raise NotPermitted
    for row in rows:
        row.answer, row.substitute = data["answer"], substitute if data["answer"] == Answer.SUBSTITUTE else ""
        row.save(update_fields=["answer", "substitute"])


def _position_at(actor: Actor, meeting: Meeting) -> Position:
    position = exercised_by(actor, meeting, Role.UNIT) or exercised_by(actor, meeting, Role.REQUESTER)
    if position is None:
        raise NotPermitted
    return position


def may_admit(actor: Actor, meeting: Meeting) -> list[Admits]:
    """Whom a closed item that the actor proposes may admit: those among whom they are themselves.

    Nobody writes what they may not read afterwards; the database refuses it.
    """
    if is_editor(actor, meeting):
        return [Admits.MEMBERS, Admits.LEADS]
    return [Admits.MEMBERS] if meeting.core_id in actor.principals else []


def proposes(actor: Actor, meeting: Meeting, data: dict[str, Any]) -> None:
    """Propose an item; whoever keeps the meeting takes it up or declines it. Their own is on the agenda at once."""
    if data.get("session") == Session.CLOSED and (data.get("admits") or Admits.MEMBERS) not in may_admit(
        actor, meeting
    ):
        raise ValidationError(
            {"session": _("You would not read this item yourself. Propose it as an open one.")}
        )
    keeper = exercised_by(actor, meeting, Role.REQUESTER)
    last = meeting.items.aggregate(last=Max("order"))["last"] or 0
    item = AgendaItem(
        meeting=meeting, order=last + 10, title=data["title"], details=data.get("details") or "",
        session=data.get("session") or Session.OPEN, minutes_planned=data.get("minutes_planned"),
        state=ItemState.ACCEPTED if keeper else ItemState.PROPOSED, proposer=_position_at(actor, meeting),
    )  # fmt: skip
    if data.get("admits"):
        item.admits = data["admits"]
    item.full_clean(exclude=["meeting", "proposer"], validate_unique=False)
    item.save()


def starts(actor: Actor, meeting: Meeting, data: dict[str, Any]) -> None:
    """Whoever joined the group since it was called is expected too; proposals nobody took up are declined."""
    expect(meeting)
    waiting = meeting.items.filter(state=ItemState.PROPOSED)
    waiting.update(state=ItemState.DECLINED, reply=_("Not taken up before the meeting."))


def ends(actor: Actor, meeting: Meeting, data: dict[str, Any]) -> None:
    """What has no minute is carried over to the group's next meeting, but for what stands on every agenda.

    The series calls one more, where whoever ends the meeting leads the group.
    """
    following = next_of(meeting)
    for item in meeting.items.filter(state__in=(ItemState.ACCEPTED, ItemState.CARRIED)).order_by(
        "order", "id"
    ):
        if item.state == ItemState.ACCEPTED:
            if item.stands and not item.minute.strip():
                continue
            item.state = ItemState.TREATED if item.minute.strip() else ItemState.CARRIED
            item.save(update_fields=["state"])
        if item.state == ItemState.CARRIED and following is not None:
            carry_over(item, following)
    series = (
        Series.objects.filter(uuid=meeting.series).select_related("group").first() if meeting.series else None
    )
    if series is not None and series.group.state == "active" and leads(actor, series.group):
        series_extend(actor, series=series)


def may_circulate(actor: Actor, meeting: Meeting) -> None:
    """Incomplete while nothing is minuted, or an item that was treated says nothing."""
    treated = list(meeting.items.filter(state=ItemState.TREATED))
    if not meeting.summary.strip() and not any(item.minute.strip() for item in treated):
        raise Incomplete({"items": [_("Write minutes first: of one item at least, or a summary.")]})


def corrects(actor: Actor, meeting: Meeting, data: dict[str, Any]) -> None:
    """Ask for a correction, of an item or of the whole."""
    row = Correction(
        meeting=meeting, item=item_of(meeting, data.get("item")), text=data["text"], author=actor.user,
        position=_position_at(actor, meeting),
    )  # fmt: skip
    row.save()


def item_of(meeting: Meeting, uuid: Any) -> AgendaItem | None:
    """An item of the meeting that the actor may know of; None for none. ValidationError for another."""
    if not uuid:
        return None
    found = meeting.items.filter(uuid=uuid).first()
    if found is None:
        raise ValidationError({"item": _("Choose an item of this meeting.")})
    return found


def open_corrections(meeting: Meeting) -> Any:
    """Corrections that nobody has answered."""
    return meeting.corrections.filter(state=CorrectionState.OPEN)


def has_corrections(actor: Actor, meeting: Meeting) -> bool:
    """Whether there is one."""
    return bool(open_corrections(meeting).exists())


def settles(actor: Actor, meeting: Meeting, data: dict[str, Any]) -> None:
    """Take a correction over, or decline it and say why."""
    row = open_corrections(meeting).filter(uuid=data["correction"]).first()
    if row is None:
        raise ValidationError({"correction": _("Choose one of these corrections.")})
    row.state, row.reply = data["outcome"], str(data.get("reply") or "").strip()
    if row.state == CorrectionState.DECLINED and not row.reply:
        raise ValidationError({"reply": _("Say why.")})
    row.save(update_fields=["state", "reply"])


def may_adopt(actor: Actor, meeting: Meeting) -> None:
    """Incomplete while a correction waits for an answer."""
    if open_corrections(meeting).exists():
        raise Incomplete({"corrections": [_("Corrections wait for an answer. Settle each of them first.")]})


def amends(actor: Actor, meeting: Meeting, data: dict[str, Any]) -> None:
    """Add to adopted minutes what was wrong, and why; what was adopted stays."""
    assert actor.user is not None
    Amendment.objects.create(
        meeting=meeting, item=item_of(meeting, data.get("item")), text=data["text"], reason=data["reason"],
        author=actor.user, position=exercised_by(actor, meeting, Role.REQUESTER),
    )  # fmt: skip


def attend(*, row: Attendance, presence: str, substitute: str = "") -> None:
    """Note how somebody took part. The database lets those who keep the meeting write it."""
    row.presence, row.substitute = presence, substitute
    row.save(update_fields=["presence", "substitute"])
