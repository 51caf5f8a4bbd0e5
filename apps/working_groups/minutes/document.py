"""Minutes as a document: headings, fields, paragraphs and tables in plain words, for paper. No markup, no queries.

The print draws it, and a PDF can be set from the same parts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.pages.values import in_words
from apps.working_groups.minutes.proceedings import HELD, Came, Item, Proceedings, Said
from apps.working_groups.models import Meeting
from apps.working_groups.vocabulary import Standing


@dataclass(frozen=True)
class Heading:
    """The title of a part; levels begin at 2."""

    text: str
    level: int = 2
    mark: str = ""  # stands beside it: that an item is closed
    kind: str = "heading"


@dataclass(frozen=True)
class Paragraph:
    """Text, its lines as they were written. `lead` stands in front, `aside` behind."""

    text: str
    lead: str = ""
    aside: str = ""
    kind: str = "paragraph"


@dataclass(frozen=True)
class Fields:
    """What is told by name."""

    rows: tuple[tuple[str, str], ...]
    kind: str = "fields"


@dataclass(frozen=True)
class Table:
    """Rows under titles."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    kind: str = "table"


Part = Heading | Paragraph | Fields | Table


def minutes_document(meeting: Meeting, found: Proceedings, facts: list[tuple[str, str]]) -> list[Part]:
    """The parts of the minutes, in the order of reading; of the agenda while the meeting lies ahead."""
    return list(_parts(meeting, found, facts))


def _parts(meeting: Meeting, found: Proceedings, facts: list[tuple[str, str]]) -> Iterable[Part]:
    yield Fields(tuple(facts))
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


def _item(meeting: Meeting, item: Item) -> Iterable[Part]:
    mark = _("Closed: %(admits)s") % {"admits": item.closed} if item.closed else ""
    yield Heading(f"{item.number}. {item.row.title}", 3, mark)
    held = meeting.state in HELD
    about = [
        (_("Begins at"), item.at if not held else ""),
        (_("Presented by"), item.presenter),
        (_("Minutes planned"), str(item.row.minutes_planned or "") if not held else ""),
        (_("Carried over from"), item.carried.get("reference", "")),
        (_("State"), str(item.row.get_state_display()) if held else ""),
    ]
    if told := tuple((label, value) for label, value in about if value):
        yield Fields(told)
    if item.row.details.strip() and not held:
        yield Paragraph(item.row.details)
    if item.row.minute.strip():
        yield Paragraph(item.row.minute)
    yield from _outcomes(item.outcomes)
    yield from _amendments(item.amendments)


def _outcomes(rows: Iterable[Came]) -> Iterable[Part]:
    for row in rows:
        until = _("due %(when)s") % {"when": in_words(row.due)} if row.due else ""
        aside = ", ".join(str(each) for each in (row.by, until, row.state["label"]) if each)
        text = row.text or row.title
        yield Paragraph(text, lead=f"{row.label[:1].upper()}{row.label[1:]} {row.reference}", aside=aside)


def _amendments(rows: Iterable[Said]) -> Iterable[Part]:
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


def _attendance(meeting: Meeting, found: Proceedings) -> Iterable[Part]:
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


def as_context(parts: list[Part]) -> list[dict[str, Any]]:
    """The parts for a template."""
    return [vars(part) for part in parts]
