"""Names that mean the same, and names that only resemble. A resemblance is a proposal for a person, never a match.

Whoever asks hands in the names to look among: those that the reader may read, and no others.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

#: From this likeness on, of 100, a name is proposed.
LEAST_LIKENESS = 88.0
#: How many are proposed for one name.
MOST_PROPOSED = 4
#: Names shorter than this, mostly acronyms, resemble nothing: one letter makes another organisation.
_LEAST_LETTERS = 5

_WITHIN = re.compile(r"[.'’`]")
_NO_LETTERS = re.compile(r"[\W_]+")
_ARABIC = str.maketrans({"ة": "ه", "ى": "ي", "ـ": "", "ٱ": "ا"})


@lru_cache(maxsize=20_000)
def folded(name: str) -> str:
    """A name without case, accents and punctuation: equal for equal names."""
    bare = unicodedata.normalize("NFKD", _WITHIN.sub("", name.casefold()).replace("&", " and "))
    bare = "".join(letter for letter in bare if not unicodedata.combining(letter)).translate(_ARABIC)
    return _NO_LETTERS.sub(" ", bare.casefold()).strip()


@dataclass(frozen=True, slots=True)
class Resembling:
    """A known name that is like the one asked for; `likeness` of 100."""

    key: Hashable
    name: str
    likeness: float


class Names:
    """Known names, each with the key of what it names. One thing may have several names, one name several things."""

    def __init__(self) -> None:
        self._keys: dict[str, list[Hashable]] = {}
        self._shown: dict[str, str] = {}
        self._resembling: dict[str, tuple[Resembling, ...]] = {}

    def add(self, key: Hashable, names: Iterable[str]) -> None:
        """Know the thing by these names."""
        for name in names:
            plain = folded(name)
            if not plain:
                continue
            keys = self._keys.setdefault(plain, [])
            if key not in keys:
                keys.append(key)
            self._shown.setdefault(plain, name)
            self._resembling.clear()

    def exact(self, name: str) -> list[Hashable]:
        """What bears exactly this name, but for case, accents and punctuation."""
        return list(self._keys.get(folded(name), ()))

    def resembling(self, name: str) -> tuple[Resembling, ...]:
        """What bears a name like this one, the likest first; nothing for a name that is known exactly."""
        plain = folded(name)
        if plain in self._keys or not plain:
            return ()
        if plain not in self._resembling:
            self._resembling[plain] = self._search(plain)
        return self._resembling[plain]

    def _search(self, plain: str) -> tuple[Resembling, ...]:
        best: dict[Hashable, Resembling] = {}
        scorers = [fuzz.token_set_ratio] if len(plain) >= 3 else []
        if len(plain) >= _LEAST_LETTERS:
            scorers.append(fuzz.token_sort_ratio)
        for scorer in scorers:
            found = process.extract(
                plain, self._shown.keys(), scorer=scorer, score_cutoff=LEAST_LIKENESS, limit=3 * MOST_PROPOSED
            )
            for known, likeness, _at in found:
                if len(known) < _LEAST_LETTERS and len(plain) < _LEAST_LETTERS:
                    continue
                # WHY: “ACTED” within “ACTED South Sudan” is full likeness to this scorer; a shared word alone is not.
                for key in self._keys[known]:
                    if key not in best or best[key].likeness < likeness:
                        best[key] = Resembling(key, self._shown[known], likeness)
        ordered = sorted(best.values(), key=lambda each: (-each.likeness, len(each.name), each.name))
        return tuple(ordered[:MOST_PROPOSED])
