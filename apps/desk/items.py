"""Records as the lines and sections that desks draw (`pages/_desk_section.html`). Nothing here queries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from apps.desk import selectors
from apps.desk.selectors import Work
from apps.mission.vocabulary import Role
from apps.need_to_know.known import known_name
from apps.need_to_know.shared import Shared
from apps.pages import values
from apps.pages.views.base import list_url
from apps.records import exercises
from apps.records.actors import Actor
from apps.records.models import Record
from apps.records.registry import all_types
from apps.records.waiting import Needed
from apps.working_groups.record import MeetingType
from apps.working_groups.selectors import Near
from apps.working_groups.shown import span_words
from apps.working_groups.vocabulary import Answer


def waiting(actor: Actor, needed: Sequence[Needed], beside: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
    """What waits for me, with its own clock for each role; and what waits beside the workflows, by its clock."""
    entries = []
    for each in needed:
        line = item(actor, each.record, asks=True, clock=False)
        line["text"] = asked(each.record, each.role) or line["text"]
        entries.append(line | ({"clock": {"at": each.due_at}} if each.due_at else {}))
    if beside:
        entries = sorted([*entries, *beside], key=_urgency)
    more = len(entries) > selectors.SHOWN
    entries = entries[: selectors.SHOWN]
    count = number_format(len(entries), force_grouping=True)
    return {"key": "waiting", "entries": entries, "count_text": f"{count}+" if more else count}


def exercising(actor: Actor, needed: Sequence[Needed], work: Work) -> dict[str, Any]:
    """The exercises among real records: what of them waits for me, then the others. No other section counts them."""
    lines = waiting(actor, needed)["entries"]
    known = {each.record.pk for each in needed}
    entries = [*lines, *(item(actor, r, asks=False, clock=False) for r in work.records if r.pk not in known)]
    count = number_format(len(entries), force_grouping=True)
    return {"key": "exercises", "entries": entries, "count_text": f"{count}+" if work.more else count}


def _urgency(line: dict[str, Any]) -> tuple[bool, float]:
    """What is due first stands first; what is never due stands last, in its order."""
    clock = line.get("clock")
    return (clock is None, clock["at"].timestamp() if clock else 0.0)


def section(
    actor: Actor, key: str, work: Work, *, asks: bool = False, clock: bool = True, more: str = ""
) -> dict[str, Any]:
    """A section as `pages/_desk_section.html` draws it."""
    types = all_types()
    number = number_format(len(work.records), force_grouping=True)
    return {
        "key": key,
        "entries": [item(actor, record, asks=asks, clock=clock) for record in work.records],
        "count_text": f"{number}+" if work.more else number,
        "more_url": f"{list_url(types[0])}{more}" if more and work.more and types else "",
    }


def shared(actor: Actor, found: Sequence[Shared]) -> dict[str, Any]:
    """What others shared with me by name: with by whom, why and until when."""
    more = len(found) > selectors.BESIDE
    lines = found[: selectors.BESIDE]
    entries = []
    for each in lines:
        line = item(actor, each.record, asks=False, clock=False) | {"at": each.at}
        said = {"name": each.by or _("restricted"), "reason": each.reason, "right": each.right.label}
        line["note"] = _("From %(name)s (%(right)s): %(reason)s") % said
        line["until"] = each.until
        entries.append(line)
    count = number_format(len(entries), force_grouping=True)
    return {"key": "shared", "entries": entries, "count_text": f"{count}+" if more else count}


def item(actor: Actor, record: Record, *, asks: bool, clock: bool) -> dict[str, Any]:
    """A record as a line of a desk; `asks` adds what its state asks for, in words."""
    declared = record.record_type
    state = declared.workflow.state(record.state)
    return {
        "reference": record.reference,
        "title": record.title,
        "exercise": exercises.stands_apart(actor, record),
        "url": declared.url(record),
        "state": values.state_of(declared, record.state),
        "text": asked(record) if asks else "",
        "clock": {"at": record.due_at}
        if clock and record.due_at and not values.is_done(declared, state.code)
        else None,
        "at": record.updated_at,
        "priority": record.priority,
        "organisation": known_name(actor, record.originator),
        "kind_label": values.kind_label(declared, record.kind),
    }


def meetings(near: Sequence[Near], more: bool) -> dict[str, Any]:
    """My meetings of today and tomorrow, as `desk/_meetings.html` draws them; without entries there is no section."""
    entries = []
    for each in near:
        meeting = each.meeting
        answer = str(Answer(each.answer).label)
        if each.answer == Answer.SUBSTITUTE and each.substitute:
            answer = f"{answer}: {each.substitute}"
        asks = each.is_expected and meeting.state == "planned"
        entries.append(
            {
                "day": _("Today") if each.is_today else _("Tomorrow"),
                "when": span_words(meeting),
                "title": meeting.title,
                "reference": meeting.reference,
                "url": MeetingType.url(meeting),
                "place": meeting.place,
                "state": values.state_of(MeetingType, meeting.state),
                "answer": answer if each.is_expected else "",
                "answer_url": MeetingType.url(meeting, "transition", name="answer") if asks else "",
                "answered": bool(each.answer),
            }
        )
    count = number_format(len(entries), force_grouping=True)
    return {
        "entries": entries,
        "count_text": f"{count}+" if more else count,
        "more_url": list_url(MeetingType) if more else "",
    }


def asked(record: Record, role: Role | None = None) -> str:
    """The plain next steps of a role (or of whom the state waits for), in the words of their buttons."""
    workflow = record.record_type.workflow
    wanted = role or workflow.state(record.state).waits_for
    steps = [s for s in workflow.from_state(record.state) if wanted in s.roles and s.style == "primary"]
    # WHY: it waits for this role; where all its steps have conditions, one of these is what it waits for.
    steps = [s for s in steps if s.offered is None] or steps
    said = " / ".join(str(step.label) for step in steps)
    return said or str(record.record_type.asks.get(record.state, ""))
