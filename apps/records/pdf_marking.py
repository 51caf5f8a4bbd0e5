"""Marks of PDF files: read from their properties, stamped on the foot of every page.

A program of its own, run by `file_marking` with bounds on time and memory: a PDF is input that nobody checked.
Nothing of the portal may be imported here. It takes one line of JSON and then the file on standard input, and
answers on standard output; the exit code tells whether there is an answer.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from typing import IO, Any

from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject

CPU_SECONDS = 15
MEMORY = 1_500_000_000
PAGES_MOST = 5000
_FONT = "/PortalMark"
_SIZE, _LEAST = 7.0, 4.0
_EDGE, _LEADING = 14.0, 8.5
# Average width of a letter of Helvetica, in ems.
_LETTER = 0.56


class Unmarkable(Exception):
    """The file is sealed (encrypted or signed) or has too many pages: it stays as it is."""


def read(data: bytes) -> dict[str, str]:
    """The properties of a file: name -> text, names without their slash; empty for one that is encrypted."""
    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted:
        return {}
    found = {str(key).lstrip("/"): str(value) for key, value in (reader.metadata or {}).items()}
    xmp = reader.xmp_metadata
    if xmp is not None:
        found |= {str(key): str(value) for key, value in xmp.custom_properties.items()}
    return found


def stamp(data: bytes, lines: list[str], properties: dict[str, str], target: IO[bytes]) -> None:
    """Write the file with `lines` on the foot of every page and `properties` added. What it was stays in it whole.

    Raises Unmarkable.
    """
    # WHY: an addition at the end leaves the file's own bytes alone and takes no time that grows with its content.
    writer = PdfWriter(io.BytesIO(data), incremental=True)
    root: Any = writer.root_object
    form = root.get("/AcroForm")
    form = form.get_object() if form is not None else {}
    if writer.is_encrypted or int(form.get("/SigFlags", 0)) & 1 or "/Perms" in root:
        raise Unmarkable
    if len(writer.pages) > PAGES_MOST:
        raise Unmarkable
    font = writer._add_object(_font())
    begin = writer._add_object(_stream(b"q\n"))
    feet: dict[tuple[float, ...], Any] = {}
    for page in writer.pages:
        box = page.cropbox
        turn = int(page.rotation) % 360
        place = (*(float(edge) for edge in (box.left, box.bottom, box.right, box.top)), float(turn))
        if place not in feet:
            feet[place] = writer._add_object(_stream(_drawing(lines, place)))
        _draw_on(page, begin, feet[place], font)
    writer.add_metadata({f"/{name.replace(' ', '')}": text for name, text in properties.items()})
    writer.write(target)


def _font() -> DictionaryObject:
    said = {"Type": "Font", "Subtype": "Type1", "BaseFont": "Helvetica", "Encoding": "WinAnsiEncoding"}
    return DictionaryObject({NameObject(f"/{k}"): NameObject(f"/{v}") for k, v in said.items()})


def _stream(content: bytes) -> StreamObject:
    made = StreamObject()
    made.set_data(content)
    return made


def _draw_on(page: Any, begin: Any, foot: Any, font: Any) -> None:
    """Put the foot after what the page draws; the page's own changes of state end before it."""
    own = page.raw_get("/Contents") if "/Contents" in page else None
    parts = own.get_object() if own is not None else None
    drawn = list(parts) if isinstance(parts, ArrayObject) else [own] if own is not None else []
    page[NameObject("/Contents")] = ArrayObject([begin, *drawn, foot])
    given: Any = page.get_inherited("/Resources")
    resources: Any = DictionaryObject(given.get_object() if given is not None else {})
    fonts = DictionaryObject(resources["/Font"].get_object() if "/Font" in resources else {})
    fonts[NameObject(_FONT)] = font
    resources[NameObject("/Font")] = fonts
    page[NameObject("/Resources")] = resources


def _drawing(lines: list[str], place: tuple[float, ...]) -> bytes:
    """Text at the lower edge as the page is seen, on white, small enough for its width."""
    left, bottom, right, top, turn = place
    wide, high = right - left, top - bottom
    matrix = {
        0.0: f"1 0 0 1 {left:.2f} {bottom:.2f}",
        90.0: f"0 1 -1 0 {right:.2f} {bottom:.2f}",
        180.0: f"-1 0 0 -1 {right:.2f} {top:.2f}",
        270.0: f"0 -1 1 0 {left:.2f} {top:.2f}",
    }[turn]
    seen = wide if turn in (0.0, 180.0) else high
    longest = max((len(line) for line in lines), default=1)
    size = max(_LEAST, min(_SIZE, (seen - 2 * _EDGE) / (longest * _LETTER)))
    base = _EDGE - 6
    made = [f"Q q {matrix} cm"]
    for number, line in enumerate(reversed(lines)):
        y = base + number * _LEADING * size / _SIZE
        width = min(len(line) * size * _LETTER, seen - _EDGE) + 4
        made.append(f"1 g {_EDGE - 2:.2f} {y - 2:.2f} {width:.2f} {size + 2.5:.2f} re f 0 g")
        made.append(f"BT {_FONT} {size:.2f} Tf {_EDGE:.2f} {y:.2f} Td ({_escaped(line)}) Tj ET")
    return ("\n".join([*made, "Q"]) + "\n").encode("latin-1")


def _escaped(line: str) -> str:
    """The line as text of a page: letters of Windows-1252, with what would end the text led by a backslash."""
    said = line.encode("cp1252", "replace").decode("latin-1")
    return said.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def main() -> int:
    """Answer one order; 3 when the file is to stay as it is."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    order = json.loads(sys.stdin.buffer.readline())
    data = sys.stdin.buffer.read()
    try:
        if order["do"] == "read":
            sys.stdout.write(json.dumps(read(data)))
        else:
            made = io.BytesIO()
            stamp(data, order["lines"], order["properties"], made)
            sys.stdout.buffer.write(made.getbuffer())
    # WHY: a broken file breaks the reader in any way; whoever asked then keeps the file as it is.
    except (Exception, RecursionError):
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
