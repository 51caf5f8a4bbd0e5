"""Marks of pictures: a text beside the picture's data, which is left as it is. PNG, JPEG and GIF can bear one."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image

from apps.records.marking import Unmarkable

PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8"
GIF = (b"GIF87a", b"GIF89a")
_TEXT_MOST = 4000
# PNG texts have any name; of other formats only these are texts that somebody wrote.
_TEXTUAL = frozenset({"comment", "description"})


def read(data: bytes) -> dict[str, str]:
    """Texts beside the picture: name -> text; a nameless one is called “comment”. Empty when unreadable."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            found = {
                str(name): said if isinstance(said, str) else said.decode("utf-8", "replace")
                for name, said in image.info.items()
                if isinstance(name, str) and isinstance(said, str | bytes) and len(said) <= _TEXT_MOST
            }
            described = image.getexif().get(0x010E)
    # WHY: whether the picture is sound is decided elsewhere; here it merely tells nothing.
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError):
        return {}
    if isinstance(described, str):
        found["description"] = described[:_TEXT_MOST]
    return {name: said for name, said in found.items() if name in _TEXTUAL or data.startswith(PNG)}


def mark(data: bytes, properties: dict[str, str]) -> bytes:
    """The picture with the properties beside it. Raises Unmarkable."""
    if data.startswith(PNG) and data[12:16] == b"IHDR":
        texts = b"".join(_png_text(name, text) for name, text in properties.items())
        return data[:33] + texts + data[33:]
    whole = "\n".join(f"{name}: {text}" for name, text in properties.items()).encode()[:_TEXT_MOST]
    if data.startswith(JPEG):
        place = _after_application_segments(data)
        return data[:place] + b"\xff\xfe" + struct.pack(">H", len(whole) + 2) + whole + data[place:]
    if data.startswith(GIF) and len(data) > 13:
        table = 3 * 2 ** ((data[10] & 7) + 1) if data[10] & 0x80 else 0
        pieces = b"".join(
            bytes([len(p)]) + p for p in (whole[i : i + 255] for i in range(0, len(whole), 255))
        )
        # WHY: only the later version of the format knows comments; it differs in nothing else.
        return GIF[1] + data[6 : 13 + table] + b"\x21\xfe" + pieces + b"\x00" + data[13 + table :]
    raise Unmarkable


def _png_text(name: str, text: str) -> bytes:
    """An international text chunk: keyword, not compressed, no language, UTF-8."""
    body = b"iTXt" + name.encode("latin-1", "replace")[:79] + b"\0\0\0\0\0" + text.encode()[:_TEXT_MOST]
    return struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))


def _after_application_segments(data: bytes) -> int:
    """Where a comment may stand: after the segments that say what kind of JPEG it is."""
    place = 2
    while data[place : place + 1] == b"\xff" and 0xE0 <= data[place + 1] <= 0xEF:
        place += 2 + int(struct.unpack(">H", data[place + 2 : place + 4])[0])
        if place > len(data) - 4:
            raise Unmarkable
    return place
