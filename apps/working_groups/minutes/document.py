"""Minutes as a document: headings, fields, paragraphs and tables in plain words, for paper. No markup, no queries.

The print draws it, and the PDF is set from it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.pages.documents import Block, Field, Fields, Heading, Paragraph, Table
from apps.pages.values import in_words
from apps.working_groups.minutes.proceedings import HELD, Came, Item, Proceedings, Said
from apps.working_groups.models import Meeting
from apps.working_groups.vocabulary import Standing


def minutes_document(meeting: Meeting, found: Proceedings, facts: list[tuple[str, str]]) -> list[Block]:
    """The parts of the minutes, in the order of reading; of the agenda while the meeting lies ahead."""
    return list(_parts(meeting, found, facts))


def _parts(meeting: Meeting, found: Proceedings, facts: list[tuple[str, str]]) -> Iterable[Block]:
    yield _fields(facts)
    yield from _attendance(meeting, found)
    if meeting.state in HELD and meeting.summary.strip():
        yield Heading(_("Summary"))
        yield Paragraph(meeting.summary)
    yield Heading(_("Minutes") if meeting.state in HELD else _("Agenda"))
    if not found.agenda:
        yield Paragraph(_("Nothing is on the agenda."))
    for item in found.agenda:
        yield from _item(meeting, item)
    if found.outcomes:
        yield Heading(_("What came of the meeting"))
        yield from _outcomes(found.outcomes)
    if found.amendments:
        yield Heading(_("Amendments to the minutes as a whole"))
        yield from _amendments(found.amendments)


def _fields(told: Iterable[tuple[str, str]]) -> Fields:
    return Fields(tuple(Field(label, (value,)) for label, value in told))


def _item(meeting: Meeting, item: Item) -> Iterable[Block]:
    mark = _("Closed: %(admits)s") % {"admits": item.closed} if item.closed else ""
    yield Heading(f"{item.number}. {item.row.title}", 3)
    if mark:
        yield Paragraph("", lead=mark)
    held = meeting.state in HELD
    about = [
        (_("Begins at"), item.at if not held else ""),
        (_("Presented by"), item.presenter),
        (_("Minutes planned"), str(item.row.minutes_planned or "") if not held else ""),
        (_("Carried over from"), item.carried.get("reference", "")),
        (_("State"), str(item.row.get_state_display()) if held else ""),
    ]
    if told := [(label, value) for label, value in about if value]:
        yield _fields(told)
    if item.row.details.strip() and not held:
        yield Paragraph(item.row.details)
    if item.row.minute.strip():
        yield Paragraph(item.row.minute)
    yield from _outcomes(item.outcomes)
    yield from _amendments(item.amendments)


def _outcomes(rows: Iterable[Came]) -> Iterable[Block]:
    for row in rows:
        until = _("due %(when)s") % {"when": in_words(row.due)} if row.due else ""
        aside = ", ".join(str(each) for each in (row.by, until, row.state["label"]) if each)
        text = row.text or row.title
        yield Paragraph(text, lead=f"{row.label[:1].upper()}{row.label[1:]} {row.reference}", aside=aside)


def _amendments(rows: Iterable[Said]) -> Iterable[Block]:
    for row in rows:
        when = _("Amended on %(when)s") % {"when": in_words(row.at)}
        aside = ". ".join(each for each in (row.by, row.reply) if each)
        yield Paragraph(row.text, lead=when, aside=aside)


def quorum_words(found: Proceedings) -> str:
    """How many members took part, and whether that is enough; empty for whoever may not learn it."""
    presence = found.presence
    if not presence.counted or not presence.members:
        return ""
    said = ngettext(
        "%(present)s of %(count)s member took part", "%(present)s of %(count)s members took part", presence.members
    ) % {"present": presence.present, "count": presence.members}  # fmt: skip
    if presence.quorum is None:
        return said
    reached = _("quorum %(number)s: reached") if presence.reached else _("quorum %(number)s: not reached")
    return f"{said}, {reached % {'number': presence.quorum}}"


def _attendance(meeting: Meeting, found: Proceedings) -> Iterable[Block]:
    if not found.presence.people:
        return
    held = meeting.state in HELD
    yield Heading(_("Attendance") if held else _("Who is expected"))
    if held and (words := quorum_words(found)):
        yield Paragraph(words)
    columns = (_("Who"), _("Standing"), _("Took part") if held else _("Answer"), _("Substitute"))
    rows = [
        (
            person.who, str(Standing(standing).label), str(person.row.get_presence_display() if held else
            person.row.get_answer_display()), person.row.substitute,
        )
        for standing, people in found.presence.people.items()
        for person in people
    ]  # fmt: skip
    filled = [n for n in range(len(columns)) if any(row[n] for row in rows)]
    yield Table(
        tuple(columns[n] for n in filled),
        tuple(tuple(row[n] or "–" for n in filled) for row in rows),
        "" if found.presence.counted else _("Who else is expected is not shown to you."),
    )


def as_context(blocks: Iterable[Block]) -> list[dict[str, Any]]:
    """The blocks for a template, each with its kind."""
    return [vars(block) | {"kind": type(block).__name__.lower()} for block in blocks]
