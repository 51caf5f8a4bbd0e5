"""Files that leave carry their marking inside, where their format can bear it; files that come in tell theirs.

The stored file is never changed. What cannot be marked (broken, encrypted, signed, plain text) leaves as it is.
Not here: what a marking says (`marking`), and what words mean (`label_reading`).
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import logging
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from apps.records import document_marking, picture_marking
from apps.records.label_reading import (
    STATEMENT,
    LabelRead,
    are_columns_of_labels,
    highest,
    is_for_a_marking,
    label_in_words,
    label_read,
)
from apps.records.marking import Marking, Unmarkable

_log = logging.getLogger(__name__)
_SPOOLED = 1_000_000
_PDF_SECONDS = 30
_PDF_PROGRAM = Path(__file__).with_name("pdf_marking.py")
_DOCUMENTS = frozenset({"docx", "xlsx", "pptx", "odt", "ods", "odp"})
_PICTURES = frozenset({"png", "jpg", "jpeg", "gif", "webp"})
_TEXTS = frozenset({"txt", "csv"})
_ROWS_READ = 20_000
# Fields of free text, in which only what reads like a marking counts.
_FREE = frozenset(
    {
        "title",
        "subject",
        "keywords",
        "keyword",
        "category",
        "contentstatus",
        "comment",
        "description",
        "comments",
    }
)


def ending_of(name: str) -> str:
    """The file's ending in small letters, without the dot."""
    return name.rpartition(".")[2].lower()


def marked(stored: Path, name: str, marking: Marking) -> IO[bytes]:
    """The stored file with the marking inside, or just as it is. Raises FileNotFoundError when it is gone."""
    ending, properties = ending_of(name), marking.properties()
    original = stored.open("rb")
    target: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=_SPOOLED)  # noqa: SIM115
    try:
        if ending == "pdf":
            order: dict[str, object] = {"do": "stamp", "lines": foot_lines(marking), "properties": properties}
            target.write(_pdf(order, original))
        elif ending in _DOCUMENTS:
            document_marking.mark(original, properties, target)
        elif ending in _PICTURES:
            target.write(picture_marking.mark(original.read(), properties))
        else:
            shutil.copyfileobj(original, target)
    except Unmarkable:
        _log.info("a file left without a marking inside", extra={"ending": ending})
        target.close()
        original.seek(0)
        return original
    original.close()
    target.seek(0)
    return target


def foot_lines(marking: Marking) -> list[str]:
    """The two lines on the foot of a PDF's pages, in letters that its built-in type has.

    WHY: a PDF's built-in type knows Western letters alone. Where the reader's language has others, the codes stand
    here and the person is named by e-mail address; the properties hold everything as it is written.
    """
    line = f"{marking.exercise} {marking.line}".strip() if not marking.exercise else marking.line
    if not _western(line):
        line = " · ".join(
            part for part in (
                "EXERCISE" if marking.is_exercise else "", marking.classification.name.replace("_", " "),
                f"SENSITIVITY {marking.sensitivity.name}", ", ".join(marking.compartments).upper(),
                f"HOLDS {', '.join(marking.data_types)}".upper() if marking.data_types else "",
            ) if part
        )  # fmt: skip
    origin = marking.provenance
    if not _western(origin):
        who = marking.recipient
        parts = (marking.reference, marking.originator, str(who), who.address, marking.stamp)
        origin = " · ".join(part for part in parts if part and _western(part))
    return [line, origin]


def _western(text: str) -> bool:
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def label_of_file(name: str, data: bytes) -> LabelRead | None:
    """The label that a file states in its name, properties or columns: the strictest of what is found; None for none.

    A marking that is not understood counts as the most restrictive.
    """
    ending = ending_of(name)
    found = [label_in_words(name.rpartition(".")[0])]
    if ending == "pdf":
        found += _in_properties(_pdf_properties(data).items())
    elif ending in _DOCUMENTS:
        found += _in_properties(document_marking.read(data))
    elif ending in _PICTURES:
        found += _in_properties(picture_marking.read(data).items())
    elif ending in _TEXTS:
        found += _in_text(data, ending)
    return highest(found)


def _in_properties(said: Iterable[tuple[str, str]]) -> list[LabelRead | None]:
    found: list[LabelRead | None] = []
    for name, text in said:
        if STATEMENT in text:
            found.append(label_read(text))
        elif text.strip() and is_for_a_marking(name):
            found.append(label_read(f"{name}: {text}"))
        elif name.casefold().strip() in _FREE:
            found.append(label_in_words(text))
    return found


def _in_text(data: bytes, ending: str) -> list[LabelRead | None]:
    """The first and the last line of a text; of a table the columns of labels, too."""
    text = data.decode("utf-8-sig", "replace")
    lines = [line.strip() for line in (*text[:2000].splitlines()[:1], *text[-2000:].splitlines()[-1:])]
    found = [label_in_words(line) for line in lines]
    if ending == "csv":
        found += _in_table(text)
    return found


def _in_table(text: str) -> list[LabelRead | None]:
    """What the columns for labels say, each different pair once."""
    rows = csv.reader(io.StringIO(text))
    try:
        head = next(rows, [])
        if not are_columns_of_labels(head):
            return []
        columns = [n for n, title in enumerate(head) if is_for_a_marking(title)]
        bounded = itertools.islice(rows, _ROWS_READ)
        said = {(n, row[n]) for row in bounded for n in columns if n < len(row)}
    except csv.Error:
        return []
    return [label_read(f"{head[n]}: {value}") for n, value in said if value.strip()]


def _pdf_properties(data: bytes) -> dict[str, str]:
    try:
        answer = _pdf({"do": "read"}, io.BytesIO(data))
    except Unmarkable:
        return {}
    return {str(name): str(text) for name, text in json.loads(answer).items()}


def _pdf(order: dict[str, object], file: IO[bytes]) -> bytes:
    """Run the PDF program on a file. Raises Unmarkable when it has no answer or takes too long."""
    # SECURITY: a process of its own, with bounds on time and memory: readers of PDF can be made to run for ever.
    command = [sys.executable, "-I", str(_PDF_PROGRAM)]
    try:
        done = subprocess.run(
            command, input=json.dumps(order).encode() + b"\n" + file.read(), capture_output=True,
            timeout=_PDF_SECONDS, env={}, check=False,
        )  # fmt: skip
    except (subprocess.TimeoutExpired, OSError):
        raise Unmarkable from None
    if done.returncode != 0:
        raise Unmarkable
    return done.stdout
