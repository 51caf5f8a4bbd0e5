"""Documents as PDF: tagged, with their marking on every page. All content goes to the typesetter as data.

Not here: what a document holds (`documents`, `record_document`); the layout (`paper/document.typ`); the program that
runs it (`typesetter`).
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.utils.translation import get_language, get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from apps.pages.documents import Block, Bullets, Document, Field, Fields, Heading, Paragraph, Table
from apps.pages.lettering import MISSING, Lettering
from apps.records.errors import RecordError

_log = logging.getLogger(__name__)
_PROGRAM = Path(__file__).with_name("typesetter.py")
_SECONDS = 60
# The longest words that fit: in a line of the page, in a field's value, in all cells of a row together.
_LINE, _VALUE, _ROW = 60, 40, 80
_CELL_LEAST = 6


class NotSet(RecordError):
    """The document could not be made into a PDF, or not in time."""

    message = gettext_lazy("This could not be made into a PDF. Print it instead.")


def pdf_of(document: Document) -> bytes:
    """The document as a tagged PDF (PDF/UA-1) in the active language and time zone. Raises NotSet.

    Whatever its texts contain, they are shown and never run. Letters that the fonts do not have stand as �, and the
    document says so at its end.
    """
    # SECURITY: a process of its own, with bounds on time and memory and nothing of the portal's environment.
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(_PROGRAM)], input=json.dumps(_order(document)).encode(), capture_output=True,
            timeout=_SECONDS, env={"RAYON_NUM_THREADS": "2", "MALLOC_ARENA_MAX": "2"}, check=False,
        )  # fmt: skip
    except (subprocess.TimeoutExpired, OSError) as error:
        _log.error("a PDF was not made", extra={"reason": type(error).__name__})
        raise NotSet from None
    if done.returncode != 0:
        _log.error("a PDF was not made", extra={"reason": done.returncode})
        raise NotSet
    return done.stdout


def _order(document: Document) -> dict[str, Any]:
    """The document as the layout reads it: plain data, every text cleaned and cut into pieces."""
    language = get_language() or "en"
    rtl = bool(get_language_info(language)["bidi"])
    marking, letters = document.marking, Lettering(rtl=rtl)
    title = letters.clean(document.title).strip() or marking.reference
    facts = (
        *document.facts,
        Field(_("Label"), (marking.line,)),
        Field(_("Drawn out by"), (str(marking.recipient),)),
        Field(_("Drawn out"), (marking.moment,)),
    )
    made: dict[str, Any] = {
        "language": language.split("-")[0],
        "rtl": rtl,
        "title": title,
        "author": letters.clean(marking.originator),
        "description": letters.clean(marking.line),
        # WHY: the statement for programs; a file that comes in again is known by it (decision 0005).
        "keywords": marking.statement,
        "label": letters.own(marking.line, _LINE),
        "provenance": letters.own(marking.provenance, _LINE),
        "page": letters.clean(_("Page %(page)s of %(pages)s") % {"page": "\n", "pages": "\n"}).split("\n"),
        "over": letters.own(document.over, _LINE),
        "heading": letters.line(title, _LINE // 2),
        "facts": [_field(row, letters) for row in facts],
        "blocks": [_block(block, letters) for block in document.blocks],
    }
    if letters.has_missing:
        note = _("%(sign)s stands for a letter that this document cannot show. The portal shows it.")
        made["blocks"].append(_block(Paragraph("", aside=note % {"sign": MISSING}), letters))
    return made


def _block(block: Block, letters: Lettering) -> dict[str, Any]:
    match block:
        case Heading():
            return {"kind": "heading", "level": block.level, "text": letters.line(block.text, _LINE // 2)}
        case Paragraph():
            return {
                "kind": "paragraph",
                "lead": letters.own(block.lead, _LINE),
                "aside": letters.own(block.aside, _LINE),
                "lines": letters.lines(block.text, _LINE),
                "quote": block.is_quote,
            }
        case Fields():
            return {"kind": "fields", "rows": [_field(row, letters) for row in block.rows]}
        case Bullets():
            return {"kind": "bullets", "items": [letters.line(item, _LINE) for item in block.items]}
        case Table():
            most = max(_CELL_LEAST, _ROW // max(1, len(block.columns)))
            return {
                "kind": "table",
                "caption": letters.line(block.caption, _LINE),
                "columns": [letters.line(column, most) for column in block.columns],
                "rows": [[{"lines": letters.lines(cell, most)} for cell in row] for row in block.rows],
            }


def _field(row: Field, letters: Lettering) -> dict[str, Any]:
    return {
        "label": letters.own(row.label, _VALUE // 2),
        "values": [letters.lines(value, _VALUE) for value in row.values],
        "note": letters.line(row.note, _VALUE),
    }
