"""What templates draw of a product's sections. No HTTP, no queries but those of its callers."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from apps.joc_products.models import Contribution, Given
from apps.joc_products.positions import COLLECTS
from apps.joc_products.vocabulary import SectionState
from apps.mission.models import Position
from apps.pages import record_page
from apps.pages.contents import Contents
from apps.pages.names import Names
from apps.records.actors import Actor
from apps.records.registry import RecordType
from apps.records.services import is_editor, may_edit

_TONES = {
    SectionState.AWAITED: "waiting",
    SectionState.GIVEN: "success",
    SectionState.NOTHING: "success",
    SectionState.MISSING: "danger",
}
OWN = ("asked", "contributions")


def rows_of(contents: Contents) -> list[Contribution]:
    """The sections that the reader has, in the report's order."""
    rows: Any = contents.children["contributions"]
    return sorted(rows, key=lambda row: (row.number, row.pk))


def page(
    actor: Actor, record_type: type[RecordType], record: Any, contents: Contents, names: Names
) -> dict[str, Any]:
    """The record's own sections, then those of the report, each with its state and what the reader may do there."""
    edits = is_editor(actor, record)
    compiles = edits and record.state in ("compiling", "returned")
    rows = [
        _row(actor, record_type, record, row, names, edits=edits, compiles=compiles)
        for row in rows_of(contents)
    ]
    given = record_page.sections(record_type, record, contents, names, editable=may_edit(actor, record))
    report = {
        "key": "contributions", "title": _("Sections"), "template": "joc_products/_sections.html",
        "note": "" if record.contributions_open or record.state in ("released", "superseded")
        else _("Contributors see their own section alone until the release."),
    }  # fmt: skip
    if edits and record.state == "draft":
        report["edit_url"] = record_type.url(record, "edit", step="asked")
    return {
        "sections": [*(each for each in given if each["key"] not in OWN), report],
        "rows": rows,
        "mine": [row for row in rows if row["is_mine"] and row["write_url"]],
    }


def _row(
    actor: Actor, record_type: type[RecordType], record: Any, row: Contribution, names: Names, *,
    edits: bool, compiles: bool,
) -> dict[str, Any]:  # fmt: skip
    is_mine = row.position_id in actor.position_ids
    own = (is_mine and row.edited_at is None) or (row.position_id is None and edits)
    here = f"?section={row.uuid}"
    return {
        "heading": row.heading,
        "guidance": row.guidance,
        "text": row.text,
        "asked": names.text(Position, row.position_id) if row.position_id else _("JOC"),
        "state": state_of(row),
        "is_empty": not row.text,
        "is_late": row.is_late,
        "edited_at": row.edited_at,
        "is_required": row.is_required,
        "is_mine": is_mine,
        "by": names.person(row.given_by_id) if row.given_by_id else None,
        "at": row.given_at,
        "write_url": record_type.url(record, "transition", name="contribute") + here
        if own and record.state in COLLECTS
        else "",
        "edit_url": record_type.url(record, "transition", name="edit") + here if compiles else "",
    }


def section(actor: Actor, row: Contribution | None, *, stands: bool) -> dict[str, Any]:
    """What the page for writing a section shows of it; with its present text after a lost race. One query."""
    if row is None:
        return {}
    return {
        "section": {
            "heading": row.heading,
            "guidance": row.guidance,
            "stands": (row.text or state_of(row)["label"]) if stands else "",
            "given": list(Given.objects.filter(contribution_id=row.pk).order_by("-at", "-pk")[:20]),
        }
    }


def state_of(row: Contribution) -> dict[str, Any]:
    """What became of a section, by word and tone."""
    if row.position_id is None and row.state == SectionState.AWAITED:
        return {
            "label": _("Written") if row.text else _("The JOC writes it"),
            "tone": "success" if row.text else "draft",
        }
    state = SectionState(row.state)
    return {"label": state.label, "tone": _TONES[state]}


def printed(record: Any, contents: Contents) -> list[dict[str, Any]]:
    """The report as it is read: headings and what they say."""
    return [
        {
            "heading": row.heading,
            "text": row.text,
            "empty": {
                SectionState.NOTHING: _("Nothing to report."),
                SectionState.MISSING: _("Not received."),
            }.get(SectionState(row.state), _("Not written yet.")),
        }
        for row in rows_of(contents)
    ]
