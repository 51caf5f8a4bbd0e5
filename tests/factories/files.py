"""Small sound files of every kind that a record may hold."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

from openpyxl import Workbook
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject

_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
_RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="{part}"/></Relationships>'
)
_META = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-meta '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    "<office:meta>{inside}</office:meta></office:document-meta>"
)


def pdf(*, pages: int = 2, turn: int = 0, title: str = "", **properties: str) -> bytes:
    """A PDF with a word on each page."""
    writer = PdfWriter()
    for number in range(pages):
        page = writer.add_blank_page(595, 842)
        content = DecodedStreamObject()
        content.set_data(f"q 0.5 0 0 0.5 0 0 cm 1 0 0 RG % page {number}\n".encode())
        page[NameObject("/Contents")] = writer._add_object(content)
        page.rotate(turn)
    said = {f"/{name}": text for name, text in {"Title": title, **properties}.items() if text}
    if said:
        writer.add_metadata(said)
    return _written(writer)


def sealed_pdf() -> bytes:
    """A PDF that is encrypted."""
    writer = PdfWriter()
    writer.add_blank_page(300, 300)
    writer.encrypt("", "owner", algorithm="RC4-128")
    return _written(writer)


def _written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def ooxml(part: str, more: dict[str, str] | None = None) -> bytes:
    """A packed document with its main part; `more` are further members."""
    members = {"[Content_Types].xml": _TYPES, "_rels/.rels": _RELATIONS.format(part=part), part: "<doc/>"}
    return packed(members | (more or {}))


def opendocument(inside: str = "", more: dict[str, str] | None = None) -> bytes:
    """An OpenDocument text; `inside` stands among its properties."""
    members = {"content.xml": "<doc/>", "meta.xml": _META.format(inside=inside)}
    return packed(members | (more or {}), first=("mimetype", "application/vnd.oasis.opendocument.text"))


def packed(members: dict[str, str], first: tuple[str, str] | None = None) -> bytes:
    """A ZIP file; `first` stands at its beginning, not compressed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        if first:
            made.writestr(zipfile.ZipInfo(first[0]), first[1])
        for name, text in members.items():
            made.writestr(name, text)
    return out.getvalue()


def workbook() -> bytes:
    """An Excel workbook."""
    out = io.BytesIO()
    book = Workbook()
    book.active["A1"] = "Sorghum"
    book.save(out)
    return out.getvalue()


def picture(kind: str, **texts: str) -> bytes:
    """A picture of 40 by 30 points; a PNG may have texts."""
    out, said = io.BytesIO(), PngInfo()
    for name, text in texts.items():
        said.add_text(name, text)
    more = {"pnginfo": said} if texts else {}
    Image.linear_gradient("L").resize((40, 30)).convert("RGB").save(out, kind, **more)
    return out.getvalue()


#: Name of a file -> its content.
EVERY: dict[str, Callable[[], bytes]] = {
    "order.pdf": pdf,
    "letter.docx": lambda: ooxml("word/document.xml"),
    "table.xlsx": workbook,
    "slides.pptx": lambda: ooxml("ppt/presentation.xml"),
    "letter.odt": opendocument,
    "road.png": lambda: picture("PNG"),
    "road.jpg": lambda: picture("JPEG"),
    "road.gif": lambda: picture("GIF"),
    "road.webp": lambda: picture("WEBP"),
    "note.txt": lambda: "Six trucks, à Bor.\n".encode(),
    "list.csv": lambda: b"item,quantity\nSorghum,6400\n",
}
