"""Marks of packed documents (OOXML, OpenDocument): read from their properties, written into custom properties.

Only the properties are touched; sealed documents (signed or encrypted) stay as they are. No records here.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import IO
from xml.etree.ElementTree import Element, ParseError
from xml.sax.saxutils import escape, quoteattr

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from apps.records.marking import Unmarkable

CONTENT_TYPES, RELATIONS = "[Content_Types].xml", "_rels/.rels"
CUSTOM, CORE, META = "docProps/custom.xml", "docProps/core.xml", "meta.xml"
_PART_MOST = 2_000_000
_PIECE = 65536
_CUSTOM_NS = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_VT_NS = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_CUSTOM_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_CUSTOM_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
_META_NS = "urn:oasis:names:tc:opendocument:xmlns:meta:1.0"
_FORMAT_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_EMPTY_CUSTOM = f'<?xml version="1.0" encoding="UTF-8"?>\n<Properties xmlns="{_CUSTOM_NS}"></Properties>'

Parts = dict[str, str]


def read(data: bytes) -> list[tuple[str, str]]:
    """(name, text) of a document's properties: its own, and such as title and keywords; empty when unreadable."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = set(packed.namelist())
            parts = [fromstring(_part(packed, part)) for part in (CUSTOM, CORE, META) if part in names]
            return [said for part in parts for said in _properties(part)]
    except (Unmarkable, zipfile.BadZipFile, OSError, ParseError, DefusedXmlException, ValueError):
        return []


def _properties(root: Element) -> Iterator[tuple[str, str]]:
    for element in root.iter():
        tag = element.tag.rpartition("}")[2]
        said = "".join(element.itertext()).strip()
        if tag == "property":
            yield str(element.get("name")), said
        elif tag == "user-defined":
            yield str(element.get(f"{{{_META_NS}}}name")), said
        elif said and not len(element):
            yield tag, said


def mark(data: IO[bytes], properties: dict[str, str], target: IO[bytes]) -> None:
    """Write the document with the properties added. Raises Unmarkable for one that must stay as it is."""
    try:
        with zipfile.ZipFile(data) as packed:
            names = set(packed.namelist())
            if any(name.startswith("_xmlsignatures/") or name.endswith("signatures.xml") for name in names):
                raise Unmarkable
            changed = (
                _opendocument(packed, properties) if META in names else _ooxml(packed, names, properties)
            )
            _copy(packed, changed, target)
    except (zipfile.BadZipFile, OSError, ParseError, DefusedXmlException, ValueError, RuntimeError) as error:
        raise Unmarkable from error


def _copy(packed: zipfile.ZipFile, changed: Parts, target: IO[bytes]) -> None:
    """The same members in the same order, piece by piece; changed parts anew, new ones last."""
    left = dict(changed)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made:
        for member in packed.infolist():
            if member.filename in left:
                made.writestr(member.filename, left.pop(member.filename))
                continue
            copy = zipfile.ZipInfo(member.filename, member.date_time)
            copy.compress_type, copy.external_attr = member.compress_type, member.external_attr
            copy.file_size = member.file_size
            with packed.open(member) as source, made.open(copy, "w") as sink:
                while piece := source.read(_PIECE):
                    sink.write(piece)
        for name, text in left.items():
            made.writestr(name, text)


def _part(packed: zipfile.ZipFile, name: str) -> str:
    if name not in packed.namelist() or packed.getinfo(name).file_size > _PART_MOST:
        raise Unmarkable
    return packed.read(name).decode("utf-8-sig")


def _ooxml(packed: zipfile.ZipFile, names: set[str], properties: dict[str, str]) -> Parts:
    custom = _part(packed, CUSTOM) if CUSTOM in names else _EMPTY_CUSTOM
    used = [int(found) for found in re.findall(r'\bpid="(\d{1,9})"', custom)]
    first = max([1, *used]) + 1
    custom = _without(
        custom, r"<(?P<p>\w+:)?property\b[^>]*\bname={name}[^>]*>.*?</(?P=p)?property>", properties
    )
    rows = "".join(
        f'<property xmlns="{_CUSTOM_NS}" xmlns:vt="{_VT_NS}" fmtid="{_FORMAT_ID}" pid="{first + number}" '
        f"name={quoteattr(name)}><vt:lpwstr>{escape(_clean(text))}</vt:lpwstr></property>"
        for number, (name, text) in enumerate(properties.items())
    )
    changed = {CUSTOM: _before_end(custom, "Properties", rows)}
    if CUSTOM not in names:
        types, relations = _part(packed, CONTENT_TYPES), _part(packed, RELATIONS)
        types_ns, relations_ns = (
            fromstring(text).tag.partition("}")[0].lstrip("{") for text in (types, relations)
        )
        changed[CONTENT_TYPES] = _before_end(
            types,
            "Types",
            f'<Override xmlns="{types_ns}" PartName="/{CUSTOM}" ContentType="{_CUSTOM_TYPE}"/>',
        )
        changed[RELATIONS] = _before_end(
            relations, "Relationships",
            f'<Relationship xmlns="{relations_ns}" Id="rIdPortalMarking" Type="{_CUSTOM_RELATION}" Target="{CUSTOM}"/>',
        )  # fmt: skip
    return changed


def _opendocument(packed: zipfile.ZipFile, properties: dict[str, str]) -> Parts:
    if "META-INF/manifest.xml" in packed.namelist() and "encryption-data" in _part(
        packed, "META-INF/manifest.xml"
    ):
        raise Unmarkable
    meta = _without(
        _part(packed, META),
        r"<(?P<p>\w+:)?user-defined\b[^>]*:name={name}[^>]*>.*?</(?P=p)?user-defined>",
        properties,
    )
    rows = "".join(
        f'<meta:user-defined xmlns:meta="{_META_NS}" meta:name={quoteattr(name)}>{escape(_clean(text))}'
        "</meta:user-defined>"
        for name, text in properties.items()
    )
    return {META: _before_end(meta, "meta", rows)}


def _without(text: str, pattern: str, properties: dict[str, str]) -> str:
    """The part without the properties that are written anew."""
    for name in properties:
        text = re.sub(pattern.replace("{name}", f"[\"']{re.escape(name)}[\"']"), "", text, flags=re.DOTALL)
    return text


def _before_end(text: str, tag: str, rows: str) -> str:
    """The part with rows before the end of its element; checked to be sound afterwards."""
    ends = list(re.finditer(rf"</(?:[\w.-]+:)?{tag}\s*>", text))
    if not ends:
        raise Unmarkable
    made = text[: ends[0].start()] + rows + text[ends[0].start() :]
    fromstring(made)
    return made


def _clean(text: str) -> str:
    """The text without characters that XML cannot hold."""
    return "".join(c for c in text if c in "\t\n" or ord(c) >= 32)
