"""Text made fit for setting: letters that the fonts have, direction of each line, and where a line may break.

Nothing here knows what a text means; nothing here is markup.
"""

from __future__ import annotations

import json
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

PAPER = Path(__file__).with_name("paper")
FONTS = PAPER / "fonts"
#: Stands for a letter that the fonts do not have.
MISSING = "\ufffd"
# SECURITY: characters that steer direction could make a text read as something else than it says. Soft hyphens, zero
# width spaces and variation selectors are marks for layouts; ours breaks lines by itself.
_DROPPED = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_NEWLINE = re.compile("\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_ISO_DATE = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?)?(?![\d-])|\d\d:\d\d(?::\d\d)?(?!\d)"
)
_RIGHT = frozenset({"R", "AL"})
_PIECE = 8

#: Parts of composed lines up to this length are kept together.
_PART = 40

# A piece of a line: text as it is; text that is kept together and isolated, from left to right (`ltr`) or from right to
# left (`rtl`); or a place to break.
Piece = str | dict[str, str]


@cache
def _letters() -> tuple[list[int], list[int]]:
    """First and last letters of the stretches that the fonts have."""
    spans = json.loads((FONTS / "fonts.json").read_text(encoding="utf-8"))["letters"]
    return [first for first, _last in spans], [last for _first, last in spans]


def has_letter(letter: str) -> bool:
    """Whether the fonts have this character."""
    first, last = _letters()
    place = bisect_right(first, ord(letter)) - 1
    return place >= 0 and ord(letter) <= last[place]


def is_rtl(text: str, *, otherwise: bool = False) -> bool:
    """Whether a text runs from right to left, by its first letter that has a direction."""
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        if kind in _RIGHT:
            return True
        if kind == "L":
            return False
    return otherwise


class Lettering:
    """Prepares the texts of one document, and knows afterwards whether a letter was missing."""

    def __init__(self, *, rtl: bool) -> None:
        self.rtl = rtl
        self.has_missing = False

    def clean(self, text: object) -> str:
        """Composed letters, no controls but line ends, and a sign for what the fonts do not have."""
        said = _NEWLINE.sub("\n", str(text)).replace("\t", " ")
        said = _DROPPED.sub("", unicodedata.normalize("NFC", _CONTROL.sub("", said)))
        made = "".join(letter if letter == "\n" or has_letter(letter) else MISSING for letter in said)
        self.has_missing |= MISSING in made
        return made

    def line(self, text: object, most: int) -> dict[str, Any]:
        """One line in its own direction; a word longer than `most` letters may break anywhere."""
        return self._line(self.clean(text).replace("\n", " ").strip(), most)

    def own(self, text: object, most: int) -> dict[str, Any]:
        """One line that the portal composed: it runs as the document does, whatever names it begins with."""
        made = self.line(text, most) | {"rtl": self.rtl}
        if self.rtl:
            # WHY: a number after a foreign name would else go to the name's side. Parts stand between points.
            parts = re.split("( · )", self.clean(text).replace("\n", " ").strip())
            made["pieces"] = [
                piece
                for part in parts
                for piece in ([{"rtl": part}] if 3 < len(part) <= _PART else self._pieces(part, most))
            ]
        return made

    def lines(self, text: object, most: int) -> list[dict[str, Any]]:
        """Text of several paragraphs, each in its own direction; empty lines part them."""
        return [self._line(line.rstrip(), most) for line in self.clean(text).strip("\n").split("\n")]

    def _line(self, said: str, most: int) -> dict[str, Any]:
        # WHY: what has no letters, such as a telephone number or a date, reads from left to right in every language.
        return {"rtl": is_rtl(said), "long": len(said) > most, "pieces": list(self._pieces(said, most))}

    def _pieces(self, said: str, most: int) -> Iterator[Piece]:
        mixed = self.rtl or any(unicodedata.bidirectional(letter) in _RIGHT for letter in said)
        place = 0
        for date in _ISO_DATE.finditer(said) if mixed else ():
            yield from _broken(said[place : date.start()], most)
            yield {"ltr": date[0]}
            place = date.end()
        yield from _broken(said[place:], most)


def _broken(text: str, most: int) -> Iterator[Piece]:
    """The text with places to break in words that are longer than a line may be."""
    for part in re.split(rf"(\S{{{most + 1},}})", text):
        if len(part) <= most or " " in part or "\n" in part:
            if part:
                yield part
            continue
        for start in range(0, len(part), _PIECE):
            yield part[start : start + _PIECE]
            yield {"break": ""}
