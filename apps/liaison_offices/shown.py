"""What templates draw of offices, engagements and the matrix. No HTTP."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.liaison_offices import calling, selectors
from apps.liaison_offices.matrix import GAPS_MOST, Gap, Line, Matrix
from apps.liaison_offices.services import named_with
from apps.liaison_offices.vocabulary import FollowUpState, Level, Mode
from apps.mission.vocabulary import Side
from apps.records.actors import Actor
from apps.records.services import is_editor

#: A letter for each mode, told in words beside it.
LETTERS = {Mode.COLOCATION: "C", Mode.EXCHANGE: "X", Mode.INTERLOCUTOR: "I", Mode.AD_HOC: "A"}
PROBLEM, MISSING = "!", "?"


def with_whom(actor: Actor, record: Any) -> dict[str, Any]:
    """Organisations that stand with a record, and the way to name one."""
    edits = is_editor(actor, record)
    return {
        "with_whom": [
            {
                "id": row.pk,
                "name": row.stakeholder.title,
                "url": row.stakeholder.record_type.url(row.stakeholder),
            }
            for row in named_with(record)
        ],
        "name_url": record.record_type.url(record, "name") if edits else "",
    }


def office_page(actor: Actor, record: Any, contents: Any) -> dict[str, Any]:
    """What the page of an office shows beyond the record, of the rows that the page has read."""
    now = selectors.office_of(record, contents.children)
    posts = selectors.Posts(actor).load(now.positions)
    made = {**with_whom(actor, record), "office": calling.office_shown(now, posts)}
    made["alerts"] = []
    if record.state == "open" and now.gaps:
        made["alerts"] = [{"tone": "bad", "text": _("The duty roster has gaps in the next 14 days.")}]
    return made


def engagement_page(actor: Actor, record: Any, contents: Any) -> dict[str, Any]:
    """What the page of an engagement shows beyond the record, of the rows that the page has read."""
    made = {**with_whom(actor, record), "settle_url": "", "follow_ups": []}
    if record.state != "reported":
        return made
    kept = record.author_position_id in actor.position_ids
    open_rows = [
        row
        for row in contents.children["follow_ups"]
        if row.state == FollowUpState.OPEN and (kept or row.owner_id in actor.position_ids)
    ]
    if open_rows:
        made["settle_url"] = record.record_type.url(record, "transition", name="settle")
        made["follow_ups"] = [
            {"what": row.what, "url": record.record_type.url(record, "action-point", row=row.uuid)}
            for row in open_rows
        ]
    return made


def matrix_page(actor: Actor, found: Matrix) -> dict[str, Any]:
    """What `liaison_offices/matrix.html` draws."""
    asked = found.asked
    numbers = {id(line): number for number, line in enumerate(found.lines, 1)}
    organisations = found.organisations
    at = {each.pk: number for number, each in enumerate(organisations)}
    cells: dict[tuple[int, int], dict[str, Any]] = {}
    for gap in found.gaps:
        row, column = sorted((at[gap.a.pk], at[gap.b.pk]), reverse=True)
        said = _("%(a)s – %(b)s: no link") % {"a": gap.a.title, "b": gap.b.title}
        cells[row, column] = {"mark": MISSING, "tone": "g", "label": said, "to": "gaps"}
    for pair, lines in found.by_pair.items():
        row, column = sorted((at[pair[0]], at[pair[1]]), reverse=True)
        cells[row, column] = _cell(lines, f"n{numbers[id(lines[0])]}")
    bad = [line for line in found.lines if line.problems]
    return {
        "columns": [{"name": _short(each), "full": each.title} for each in organisations[:-1]],
        "grid": [
            {
                "name": _short(each),
                "full": each.title,
                "url": each.record_type.url(each),
                "cells": [cells.get((number, column)) for column in range(number)],
            }
            for number, each in enumerate(organisations)
        ],
        "lines": [_line(line, found, f"n{numbers[id(line)]}") for line in found.lines],
        "gaps": [_gap(gap) for gap in found.gaps],
        "gaps_most": GAPS_MOST if len(found.gaps) == GAPS_MOST else 0,
        "counts": {"links": found.total, "problems": len(bad), "gaps": len(found.gaps)},
        "letters": [{"mark": LETTERS[mode], "label": mode.label} for mode in Mode],
        "asked": asked,
        "areas": [
            {"code": code, "name": name, "on": code == asked.area} for code, name in found.structure.choices("area")
        ],
        "sides": [{"code": c, "name": n, "on": c == asked.side} for c, n in Side.choices],
        "levels": [{"code": c, "name": n, "on": c == asked.level} for c, n in Level.choices],
        "new_url": reverse("liaison_offices:between-new") if selectors.writes_links(actor) else "",
    }  # fmt: skip


def _short(stakeholder: Any) -> str:
    return str(stakeholder.acronym or stakeholder.title)[:24]


def _cell(lines: list[Line], to: str) -> dict[str, Any]:
    link = lines[0].link
    modes = ", ".join(f"{each.link.get_mode_display()} ({each.link.get_level_display()})" for each in lines)
    problems = "; ".join(text for each in lines for _key, text in each.problems)
    said = _("%(a)s – %(b)s: %(modes)s") % {"a": _short(link.a), "b": _short(link.b), "modes": modes}
    return {
        "mark": PROBLEM if problems else LETTERS[Mode(link.mode)],
        "tone": "b" if problems else "o",
        "label": f"{said}. {problems}" if problems else said,
        "to": to,
    }


def _line(line: Line, found: Matrix, key: str) -> dict[str, Any]:
    link = line.link
    return {
        "key": key,
        "url": reverse("liaison_offices:between", kwargs={"pair": link.uuid}),
        "a": link.a.title,
        "b": link.b.title,
        "level": link.get_level_display(),
        "mode": link.get_mode_display(),
        "area": link.area.name if link.area else "",
        "primary": found.posts.shown(link.primary_id),
        "alternate": found.posts.shown(link.alternate_id),
        "last": link.last_contact_on,
        "problems": [text for _key, text in line.problems],
    }


def _gap(gap: Gap) -> dict[str, Any]:
    return {
        "a": gap.a.title,
        "b": gap.b.title,
        "where": gap.where,
        "url": f"{reverse('liaison_offices:between-new')}?a={gap.a.reference}&b={gap.b.reference}",
    }
