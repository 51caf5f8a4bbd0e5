"""Two people changed one text: the text that has the words of both. Pure functions; no database, no HTTP.

Merged by words, three ways: the change from the text that somebody built on (`base`) to theirs (`mine`) is brought
into what stands now (`current`). No word that either of them wrote is dropped.

Not here: that the same is sent twice; a save has a key of its own (`saving`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from merge3 import Merge3

_TOKEN = re.compile(r"\s+|\S+")
# Two texts of some thousand words each; beyond, words that are everywhere no longer align them.
_WEIGHED_MOST = 4_000_000

Tokens = Sequence[str]


@dataclass(frozen=True)
class Merged:
    """The text that holds both; `conflict`: both changed the same words, and both variants stand in it."""

    text: str
    conflict: bool = False


def merge(base: str, mine: str, current: str) -> Merged:
    """Bring the change from `base` to `mine` into `current`."""
    if mine in (base, current):
        return Merged(current)
    if base == current:
        return Merged(mine)
    parts: list[Tokens] = [_TOKEN.findall(text) for text in (base, mine, current)]
    head = _shared(parts)
    tail = _shared([tokens[head:][::-1] for tokens in parts])
    middle = [tokens[head : len(tokens) - tail] for tokens in parts]
    out = list(parts[0][:head])
    conflict = False
    matcher: Any = _Matcher
    for region in Merge3(middle[0], middle[1], middle[2], sequence_matcher=matcher).merge_regions():
        if region[0] == "conflict":
            _kind, before, until, a, a_end, b, b_end = region
            kept, at_odds = _both(middle[1][a:a_end], middle[2][b:b_end])
            for variant in kept:
                _put(out, variant)
            conflict |= at_odds and before != until
        else:
            side = {"unchanged": 0, "b": 2}.get(region[0], 1)
            _put(out, middle[side][region[1] : region[2]])
    _put(out, parts[0][len(parts[0]) - tail :] if tail else ())
    return Merged("".join(out), conflict)


def changes(before: str, after: str) -> list[tuple[int, int, str]]:
    """What to put where, from the last place to the first, for `before` to become `after`.

    Places are counted as browsers count them, in units of UTF-16.
    """
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    places = [0]
    for token in old:
        places.append(places[-1] + len(token.encode("utf-16-le", "surrogatepass")) // 2)
    found = [
        (places[i1], places[i2], "".join(new[j1:j2]))
        for tag, i1, i2, j1, j2 in _Matcher(None, old, new).get_opcodes()
        if tag != "equal"
    ]
    return found[::-1]


class _Matcher(SequenceMatcher[str]):
    """Aligns by every word while the texts are of a length that people write."""

    def __init__(self, isjunk: None, a: Tokens, b: Tokens) -> None:
        super().__init__(isjunk, a, b, autojunk=len(a) * len(b) > _WEIGHED_MOST)


def _both(one: Tokens, other: Tokens) -> tuple[list[Tokens], bool]:
    """Both variants of a passage, one after the other, and whether they are at odds.

    What one took out and the other changed stays; what stands in the other variant as it is, is said once.
    """
    if _within(one, other):
        return [other], False
    if _within(other, one):
        return [one], False
    return [one, other], all(any(not token.isspace() for token in variant) for variant in (one, other))


def _within(part: Tokens, whole: Tokens) -> bool:
    size = len(part)
    return any(list(whole[at : at + size]) == list(part) for at in range(len(whole) - size + 1))


def _shared(parts: list[Tokens]) -> int:
    """How many tokens all of them begin with."""
    count = 0
    for one, other, third in zip(*parts, strict=False):
        if not one == other == third:
            break
        count += 1
    return count


def _put(out: list[str], tokens: Tokens) -> None:
    """Append; words from two hands are never run together."""
    if out and tokens and not out[-1].isspace() and not tokens[0].isspace():
        out.append(" ")
    out.extend(tokens)
