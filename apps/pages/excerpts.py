"""Where found records say the words: excerpts with the words marked, from what their reader reads anyway.

Words are folded as the database folds them (`records_search_words`); a test holds both to the same answers.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from apps.need_to_know.selectors import searched_texts
from apps.records.models import Record

AROUND = 70
_WORD_MOST = 64
_WORDS_MOST = 12
_MARKS = (
    "\u00ad\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640"
    "\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufe00-\ufe0f\ufeff"
)
_BETWEEN = (
    "\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\xa9\xab-\xb4\xb6-\xb9\xbb-\xbf\xd7\xf7\u02b9-\u02ff\u037e\u0387"
    "\u055a-\u055f\u0589\u058a\u05be\u05c0\u05c3\u05c6\u05f3\u05f4\u0600-\u060f\u061b-\u061f\u066a-\u066d"
    "\u06d4\u06dd\u06de\u06e9\u0964\u0965\u2000-\u206f\u20a0-\u20cf\u2190-\u2bff\u3000-\u3004\u3008-\u3020"
    "\u3030\u30fb\ue000-\uf8ff\ufd3e\ufd3f\ufffc\ufffd\U0001f000-\U0001faff"
)
_MARK = re.compile(f"[{_MARKS}]+")
_GAP = re.compile(f"[{_BETWEEN}]+")
# A word as it stands in a text: gaps are those of the folded word, and marks within it are part of it.
_STANDING = re.compile(f"(?:[^{_BETWEEN}]|[{_MARKS}])+")
_VARIANTS = str.maketrans(
    "ىةکیےہھەٱ٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹øłđðħıŧςɓɗƙƴŋɲɛəɔɣ",
    "يهكييههها01234567890123456789olddhitσbdkynneeog",
)
_DOUBLES = (("ß", "ss"), ("æ", "ae"), ("œ", "oe"), ("þ", "th"))


@dataclass(frozen=True)
class Part:
    """A piece of an excerpt; `found` pieces are the words that were looked for."""

    text: str
    found: bool = False


def words(text: str) -> list[str]:
    """The words of a text in their order, without case, accents, and variants of Arabic letters."""
    folded = _MARK.sub("", unicodedata.normalize("NFKD", text)).lower()
    for double, plain in _DOUBLES:
        folded = folded.replace(double, plain)
    folded = folded.translate(_VARIANTS)
    return [word[:_WORD_MOST] for word in _GAP.split(folded) if word]


class Wanted:
    """The words of a query: all but the last as they are, the last one as a beginning."""

    def __init__(self, query: str) -> None:
        *first, last = words(query)[:_WORDS_MOST] or [""]
        self.whole = {*first, last}
        self.beginning = last if len(last) > 1 else ""

    def __contains__(self, word: str) -> bool:
        return word in self.whole or (bool(self.beginning) and word.startswith(self.beginning))

    def marked(self, text: str) -> list[Part]:
        """The text in pieces, with the words marked."""
        parts, reached = [], 0
        for standing in _STANDING.finditer(text):
            if any(word in self for word in words(standing.group())):
                if standing.start() > reached:
                    parts.append(Part(text[reached : standing.start()]))
                parts.append(Part(standing.group(), found=True))
                reached = standing.end()
        if reached < len(text):
            parts.append(Part(text[reached:]))
        return parts

    def excerpt(self, text: str) -> list[Part]:
        """The surroundings of the first of the words in the text; empty when it has none."""
        for standing in _STANDING.finditer(text):
            if any(word in self for word in words(standing.group())):
                start, end = _cut(text, *standing.span())
                around = ("… " if start else "") + text[start:end] + (" …" if end < len(text) else "")
                return self.marked(" ".join(around.split()))
        return []


def _cut(text: str, first: int, last: int) -> tuple[int, int]:
    """A span around text[first:last], of whole words where there are spaces."""
    start, end = max(0, first - AROUND), min(len(text), last + AROUND)
    while 0 < start < first and not text[start - 1].isspace():
        start += 1
    while last < end < len(text) and not text[end].isspace():
        end -= 1
    return start, end


def excerpts(records: Sequence[Record], query: str) -> dict[int, list[Part]]:
    """An excerpt for each record whose texts have one of the words, by id: from the most important text."""
    wanted, found = Wanted(query), {}
    if records:
        for pk, said in searched_texts([record.pk for record in records]):
            if pk not in found and (parts := wanted.excerpt(said)):
                found[pk] = parts
    return found
