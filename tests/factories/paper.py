"""What a PDF says: the text of its pages, as a reader finds it."""

from __future__ import annotations

import io
import re
from typing import Any

from pypdf import PdfReader


def reader(data: bytes) -> PdfReader:
    """The file, read strictly."""
    return PdfReader(io.BytesIO(data), strict=True)


def pages_of(data: bytes) -> list[str]:
    """The text of each page, with single spaces."""
    return [" ".join(page.extract_text().split()) for page in reader(data).pages]


def squeezed(text: str) -> str:
    """Without any space: lines of paper end anywhere."""
    return re.sub(r"\s+", "", text)


def pdf_text(data: bytes) -> str:
    """Everything that a PDF says: its pages, once as they are and once without spaces, its bookmarks and properties."""
    file = reader(data)
    said = [page.extract_text() for page in file.pages]
    said += [str(text) for text in (file.metadata or {}).values()]
    said += [str(each.title) for each in _flat(file.outline)]
    xmp = file.xmp_metadata
    said += [xmp.rdf_root.toxml()] if xmp is not None else []
    return "\n".join([*said, squeezed("".join(said))])


def _flat(outline: list[Any]) -> list[Any]:
    return [leaf for each in outline for leaf in (_flat(each) if isinstance(each, list) else [each])]
