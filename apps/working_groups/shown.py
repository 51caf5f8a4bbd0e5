"""What the pages of a meeting show beside its proceedings: when and where, around it, my answer, what I may do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.mission.models import Position
from apps.pages.documents import Document
from apps.pages.names import Names
from apps.pages.record_document import document_of
from apps.pages.templatetags.portal import exact_time
from apps.records import clock
from apps.records.actors import Actor
from apps.records.models import Record
from apps.records.services import is_editor
from apps.working_groups.agenda import BUILT_IN
from apps.working_groups.deciding import CAPTURED_IN
from apps.working_groups.minutes.document import as_context, minutes_document, quorum_words
from apps.working_groups.minutes.proceedings import HELD, Proceedings, proceedings_of, zone_of
from apps.working_groups.minutes.saving import WRITTEN_IN
from apps.working_groups.models import Meeting, WorkingGroup
from apps.working_groups.positions import group_of, leads
from apps.working_groups.record import MeetingType
from apps.working_groups.vocabulary import Answer


def span_words(meeting: Meeting) -> str:
    """From when until when, in the meeting's own zone."""
    if meeting.needed_by is None:
        return _("No time is set.")
    zone = zone_of(meeting)
    with timezone.override(zone):
        begins = timezone.localtime(meeting.needed_by)
        said = exact_time(meeting.needed_by)
        if meeting.ends_at is None:
            return said
        ends = timezone.localtime(meeting.ends_at)
        if ends.date() != begins.date():
            return f"{said} – {exact_time(meeting.ends_at)}"
        # Translators: day, date and time of a moment, in Django's date format letters.
        return f"{date_format(begins, _('D j M Y, H:i'))}–{date_format(ends, 'H:i')} {ends.tzname() or ''}".strip()


def elsewhere_words(meeting: Meeting) -> str:
    """The same for the reader, where their clock shows something else."""
    if meeting.needed_by is None:
        return ""
    here, there = (
        timezone.localtime(meeting.needed_by),
        timezone.localtime(meeting.needed_by, zone_of(meeting)),
    )
    return "" if here.utcoffset() == there.utcoffset() else exact_time(meeting.needed_by)


def facts(meeting: Meeting, names: Names, *, group: str = "") -> list[tuple[str, str]]:
    """What is told of it by name, on paper; names must be loaded."""
    told = [
        (_("When"), span_words(meeting)),
        (_("Where"), meeting.place),
        (_("Group"), group),
        (_("Chaired by"), names.text(Position, meeting.chair_id)),
        (_("Minutes kept by"), names.text(Position, meeting.secretary_id)),
    ]
    return [(label, value) for label, value in told if value]


def around(meeting: Meeting) -> dict[str, dict[str, Any]]:
    """The meetings of the same group before and after it, of those that the actor reads."""
    if meeting.body_id is None or meeting.needed_by is None:
        return {}
    rows = Meeting.objects.filter(body_id=meeting.body_id).exclude(pk=meeting.pk).exclude(
        state__in=("draft", "cancelled")
    )  # fmt: skip
    columns = ("uuid", "reference", "needed_by")
    before = rows.filter(needed_by__lte=meeting.needed_by).order_by("-needed_by", "-pk").values_list(*columns)
    after = rows.filter(needed_by__gt=meeting.needed_by).order_by("needed_by", "pk").values_list(*columns)
    found = {}
    for uuid, reference, begins in before[:1].union(after[:1]):
        key = "before" if begins <= meeting.needed_by else "after"
        url = MeetingType.url(Record(uuid=uuid, type=MeetingType.key))
        found[key] = {"reference": reference, "begins": begins, "url": url}
    return found


def my_answer(meeting: Meeting, found: Proceedings) -> dict[str, Any] | None:
    """What the actor said about coming, and the way to say otherwise; None where there is none to say."""
    mine = [person.row for people in found.presence.people.values() for person in people if person.mine]
    if not mine:
        return None
    row = mine[0]
    if not row.answer and meeting.state != "planned":
        return None
    told = str(Answer(row.answer).label)
    if row.answer == Answer.SUBSTITUTE and row.substitute:
        told = f"{told}: {row.substitute}"
    url = MeetingType.url(meeting, "transition", name="answer") if meeting.state == "planned" else ""
    return {"given": bool(row.answer), "text": told, "url": url}


def meeting_page(actor: Actor, meeting: Meeting, names: Names, contents: Any) -> dict[str, Any]:
    """What `working_groups/meeting.html` draws beyond the record."""
    keeps = is_editor(actor, meeting)
    names.want(Position, [meeting.chair_id, meeting.secretary_id])
    found = proceedings_of(actor, meeting, names, contents.children["items"])
    group = group_of(meeting.body_id)
    writes = keeps and meeting.state in WRITTEN_IN
    begins = meeting.needed_by
    made = {
        "meeting": meeting,
        "found": found,
        "keeps": keeps,
        "builds": keeps and meeting.state in BUILT_IN,
        "captures": keeps and meeting.state in CAPTURED_IN and _captures(actor, meeting, group),
        "held": meeting.state in HELD,
        "when": span_words(meeting),
        "elsewhere": elsewhere_words(meeting),
        "is_ahead": meeting.state == "planned" and begins is not None and begins > clock.now(),
        "chair": names.text(Position, meeting.chair_id),
        "secretary": names.text(Position, meeting.secretary_id),
        "group": {"title": group.title, "url": group.record_type.url(group)} if group else None,
        "around": around(meeting),
        "answer": my_answer(meeting, found),
        "quorum": quorum_words(found),
        "minutes_url": reverse("meetings:minutes", kwargs={"uuid": meeting.uuid}) if writes else "",
        "attendance_url": _attendance_url(meeting) if keeps else "",
        "sections": [],
    }
    if keeps and meeting.state not in ("adopted", "cancelled"):
        made["when_url"] = MeetingType.url(meeting, "edit", step="when")
    return made


def meeting_print(actor: Actor, meeting: Meeting) -> dict[str, Any]:
    """What `working_groups/print.html` draws: the parts of the document. What happened stands on the history page."""
    names = Names(actor)
    names.want(Position, [meeting.chair_id, meeting.secretary_id])
    found = proceedings_of(actor, meeting, names)
    group = group_of(meeting.body_id)
    told = facts(meeting, names, group=group.title if group else "")
    blocks = minutes_document(meeting, found, told)
    return {
        "heading": _("Minutes") if meeting.state in HELD else _("Agenda"),
        "has_own_pdf": True,
        "blocks": blocks,
        "parts": as_context(blocks),
        "sections": [],
        "steps": [],
        "timeline": [],
    }


def minutes_on_paper(context: dict[str, Any]) -> Document:
    """The document that is set as a PDF: the record's head, then the minutes."""
    whole = document_of(context | {"has_older": False})
    return replace(whole, blocks=(*context["blocks"], *whole.blocks))


def _captures(actor: Actor, meeting: Meeting, group: WorkingGroup | None) -> bool:
    """Whether what comes of a meeting is the actor's to record: of a group's, by whoever leads the group."""
    return leads(actor, group) if group is not None else meeting.body_id is None


def _attendance_url(meeting: Meeting) -> str:
    if meeting.state in ("planned", *WRITTEN_IN):
        return reverse("meetings:attendance", kwargs={"uuid": meeting.uuid})
    return ""
