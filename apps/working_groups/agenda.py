"""Services that build an agenda: items added, changed, moved and removed; proposals taken up or declined. No HTTP."""

from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from apps.mission.models import Position
from apps.need_to_know.audience import audience_of
from apps.need_to_know.clearance import position_clears
from apps.records.actors import Actor
from apps.records.errors import IllegalTransition, NotPermitted
from apps.records.models import Record
from apps.records.services import may_edit
from apps.records.transitions import refusals
from apps.working_groups.models import AgendaItem, Meeting
from apps.working_groups.vocabulary import Admits, ItemState, Session

#: States of a meeting in which its agenda is built.
BUILT_IN = ("draft", "planned", "session")
#: Items that are not on the agenda: nothing is moved among them and nothing comes of them.
OFF_AGENDA = (ItemState.PROPOSED, ItemState.DECLINED)
#: What is written of an item here. WHY: its minute saves itself meanwhile, and is never written over.
WRITTEN = (
    "title", "details", "presenter", "minutes_planned", "session", "admits", "classification",
)  # fmt: skip


def may_build(actor: Actor, meeting: Meeting) -> None:
    """NotPermitted for whoever does not keep the meeting; IllegalTransition once it is over."""
    if meeting.state not in BUILT_IN:
        raise IllegalTransition(_("The agenda is built until the meeting ends."))
    if not may_edit(actor, meeting):
        raise NotPermitted


def readers_among(meeting: Meeting, positions: Collection[Position]) -> set[int]:
    """Ids of those of these positions that read the meeting, whoever holds them and whether anybody does."""
    found = {reader.position_id for reader in audience_of(meeting).readers}
    named = [p for p in positions if p.pk not in found and p.group_id in meeting.audience]
    found |= {position.pk for position in named if position_clears(position.pk, meeting)}
    return found & {position.pk for position in positions}


def admitted_refused(meeting: Meeting, classification: int, positions: Collection[Position]) -> list[str]:
    """Why positions cannot be admitted to a closed item of that classification, one by one; empty where all can."""
    if not positions:
        return [_("Name at least one position.")]
    reads = readers_among(meeting, positions)
    label = Record(
        classification=max(classification, meeting.classification), compartments=meeting.compartments,
        data_types=meeting.data_types,
    )  # fmt: skip
    found = []
    for position in positions:
        if position.pk not in reads:
            said = _("%(position)s does not read the meeting; invite it first.")
        elif not position_clears(position.pk, label):
            said = _("%(position)s may not read the classification of this item.")
        else:
            continue
        found.append(said % {"position": position.title})
    return found


def opened_refused(item: AgendaItem, session: str) -> str:
    """Why a closed item is not opened; empty where it may be."""
    if item.pk is None or session == Session.CLOSED:
        return ""
    stored = AgendaItem.objects.filter(pk=item.pk).values_list("session", "minute").first()
    if stored is not None and stored[0] == Session.CLOSED and stored[1].strip():
        return _("It was minuted in closed session and stays closed.")
    return ""


def item_save(
    actor: Actor, *, item: AgendaItem, admitted: Collection[Position] = (), known: Collection[int] = ()
) -> AgendaItem:
    """Store an item with the positions that it admits by name; a new one comes last.

    `known` are the positions that the actor may know: others that were admitted stay. ValidationError by field;
    NotPermitted, IllegalTransition (`may_build`).
    """
    meeting = item.meeting
    may_build(actor, meeting)
    if refused := opened_refused(item, item.session):
        raise ValidationError({"session": refused})
    named = item.session == Session.CLOSED and item.admits == Admits.NAMED
    others = item.admitted.exclude(position_id__in=known).exists() if item.pk else False
    wrong = admitted_refused(meeting, item.classification, admitted) if named else []
    if wrong and (admitted or not others):
        raise ValidationError({"admitted": wrong})
    if item.session == Session.OPEN:
        fresh = AgendaItem()
        item.admits, item.classification = fresh.admits, fresh.classification
    with refusals():
        if item.pk is None:
            item.order = _last(meeting) + 10
            item.save()
        else:
            item.save(update_fields=WRITTEN)
        _admit(
            item, {position.pk for position in admitted} if named else set(), set(known) if named else None
        )
    return item


def _admit(item: AgendaItem, wanted: set[int], known: set[int] | None) -> None:
    """Whom it admits; of those whom the actor may not know nothing changes, unless it names nobody any more."""
    now = set(item.admitted.values_list("position_id", flat=True))
    gone = now - wanted if known is None else (now & known) - wanted
    if gone:
        item.admitted.filter(position_id__in=gone).delete()
    for position in sorted(wanted - now):
        item.admitted.create(meeting=item.meeting, position_id=position)


def _last(meeting: Meeting) -> int:
    return int(meeting.items.aggregate(last=Max("order"))["last"] or 0)


def item_take_up(actor: Actor, *, item: AgendaItem) -> None:
    """Put a proposal onto the agenda, as the last item."""
    may_build(actor, item.meeting)
    _was_proposed(item)
    with refusals():
        item.state, item.reply, item.order = ItemState.ACCEPTED, "", _last(item.meeting) + 10
        item.save(update_fields=["state", "reply", "order"])


def item_decline(actor: Actor, *, item: AgendaItem, reply: str) -> None:
    """Leave a proposal out, and say why to whoever may read it. ValidationError at `reply`."""
    may_build(actor, item.meeting)
    _was_proposed(item)
    if not reply.strip():
        raise ValidationError({"reply": _("Say why.")})
    with refusals():
        item.state, item.reply = ItemState.DECLINED, reply.strip()
        item.save(update_fields=["state", "reply"])


def _was_proposed(item: AgendaItem) -> None:
    if item.state != ItemState.PROPOSED:
        raise IllegalTransition(_("This proposal was answered already."))


def item_move(actor: Actor, *, item: AgendaItem, up: bool) -> None:
    """Put an item one place up or down among those on the agenda, and number them by tens."""
    may_build(actor, item.meeting)
    with refusals():
        rows = list(
            item.meeting.items.exclude(state__in=OFF_AGENDA).select_for_update().order_by("order", "id")
        )
        at = next((place for place, row in enumerate(rows) if row.pk == item.pk), None)
        if at is None:
            raise ObjectDoesNotExist
        to = at - 1 if up else at + 1
        if 0 <= to < len(rows):
            rows[at], rows[to] = rows[to], rows[at]
        for number, row in enumerate(rows, start=1):
            if row.order != number * 10:
                row.order = number * 10
                row.save(update_fields=["order"])


def item_remove(actor: Actor, *, item: AgendaItem) -> None:
    """Take an item off the agenda for good. IllegalTransition once it has a minute or something came of it.

    A proposal is answered instead.
    """
    may_build(actor, item.meeting)
    if item.state in OFF_AGENDA:
        raise IllegalTransition(_("A proposal is taken up or declined."))
    stays = IllegalTransition(_("It has a minute, or something came of it: it stays on the agenda."))
    if item.minute.strip() or item.outcomes.exists():
        raise stays
    try:
        with refusals(), transaction.atomic():
            _deleted(item)
    except IntegrityError:
        # SECURITY: what came of it may be something that the actor does not read; the answer is the same.
        raise stays from None


def _deleted(item: AgendaItem) -> None:
    """Delete the row alone, with those whom it admits.

    WHY: amendments under items are deleted by nobody, so nothing is deleted on; the database checks instead what still
    refers to the item, and does so here and not when the request's transaction ends.
    """
    item.admitted.all().delete()
    rows = AgendaItem.objects.filter(pk=item.pk)
    if not rows._raw_delete(rows.db):
        raise NotPermitted
    connection.check_constraints()
