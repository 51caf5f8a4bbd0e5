"""Which area of the mission a row means: by P-code, by the names of its levels, or by what a person answered.

A name that only resembles is asked about, never taken. Nothing here is made for the areas of one country.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from apps.mission.models import Area, Mission

from .matching import Names, folded

LEVELS = (4, 3, 2, 1)


@dataclass(frozen=True, slots=True)
class Place:
    """An area, with the codes of all that it lies in, the widest first."""

    pk: int
    code: str
    name: str
    level: int
    above: tuple[str, ...] = ()

    def lies_in(self, code: str) -> bool:
        """Whether it is that area, or lies in it."""
        return code == self.code or code in self.above


@dataclass(frozen=True, slots=True)
class Asked:
    """A name that is not known and resembles these: a person says which is meant, under this key."""

    key: str
    text: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What became of looking for an area: the area, or a question, or (purpose, reason) of a refusal."""

    place: Place | None = None
    asked: Asked | None = None
    refused: tuple[str, str] | None = None


@dataclass
class Places:
    """The areas of a mission, and what rows have meant so far."""

    by_code: dict[str, Place] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    _names: dict[tuple[int | None, str], Names] = field(default_factory=dict)
    _kept: dict[tuple[tuple[str, str], ...], Found] = field(default_factory=dict)

    @classmethod
    def of(cls, mission: Mission, answers: Mapping[str, str]) -> Places:
        """All areas of the mission; one query."""
        rows = {
            row[0]: row
            for row in Area.objects.filter(mission=mission).values_list(
                "pk", "pcode", "name", "level", "parent_id"
            )
        }
        by_code: dict[str, Place] = {}
        for pk, code, name, level, parent in rows.values():
            above: list[str] = []
            while parent in rows and len(above) < 6:
                above.insert(0, rows[parent][1].upper())
                parent = rows[parent][4]
            by_code[code.upper()] = Place(pk, code.upper(), name, level, tuple(above))
        return cls(by_code, answers)

    def find(self, said: Mapping[str, str]) -> Found:
        """The area that a row means, from what it says for each purpose; remembered for rows that say the same."""
        key = tuple(sorted(said.items()))
        if key not in self._kept:
            if len(self._kept) > 50_000:
                self._kept.clear()
            self._kept[key] = self._find(said)
        return self._kept[key]

    def _find(self, said: Mapping[str, str]) -> Found:
        codes: list[Place] = []
        for purpose in ("area.code", *(f"adm{level}.code" for level in LEVELS)):
            if not (code := said.get(purpose, "").upper()):
                continue
            place = self.by_code.get(code)
            if place is None:
                return _no(purpose, _("“%(code)s” is no P-code of an area of this mission.") % {"code": code})
            if purpose != "area.code" and place.level != int(purpose[3]):
                text = _("%(code)s is an area of level %(level)d, not of level %(said)s.")
                return _no(purpose, text % {"code": code, "level": place.level, "said": purpose[3]})
            if codes and not codes[0].lies_in(code):
                if place.lies_in(codes[0].code):
                    codes.insert(0, place)
                    continue
                text = _("%(one)s does not lie in %(other)s.") % {"one": codes[0].code, "other": code}
                return _no(purpose, text)
            codes.append(place)
        return self._narrowed(codes[0] if codes else None, said)

    def _narrowed(self, within: Place | None, said: Mapping[str, str]) -> Found:
        """Go down by names from the area that a code gave, or from the whole mission."""
        names: list[tuple[str, int | None]] = [
            *((f"adm{level}.name", level) for level in reversed(LEVELS)), ("upper.name", None), ("area.name", None),
        ]  # fmt: skip
        for purpose, level in names:
            name = said.get(purpose, "")
            if not name or (within is not None and self._agrees(within, name, level)):
                continue
            if within is not None and level is not None and level <= within.level:
                if clash := self._clash(within, name, level):
                    return _no(purpose, clash)
                continue
            if within is not None and level is None and purpose == "upper.name":
                continue
            found = self._by_name(purpose, name, level, within)
            if found.place is None:
                return found
            within = found.place
        return Found(within) if within is not None else self._whole_country(said)

    def _agrees(self, within: Place, name: str, level: int | None) -> bool:
        plain = folded(name)
        own = [within, *(self.by_code[code] for code in within.above if code in self.by_code)]
        return any(folded(each.name) == plain and level in (None, each.level) for each in own)

    def _clash(self, within: Place, name: str, level: int) -> str:
        """Why a name and a code of one row cannot both be right; empty where the name is only spelt otherwise."""
        others = [key for key in self._index(level, "").exact(name) if isinstance(key, str)]
        if not others:
            return ""
        own = next((c for c in (*within.above, within.code) if self.by_code[c].level == level), within.code)
        text = _("%(code)s is %(name)s, but the row says %(said)s.")
        return text % {"code": own, "name": self.by_code[own].name, "said": name}

    def _by_name(self, purpose: str, name: str, level: int | None, within: Place | None) -> Found:
        index = self._index(level, within.code if within else "")
        exact = [self.by_code[str(key)] for key in index.exact(name)]
        if len(exact) > 1 and level is None:
            # WHY: a capital and the area around it often share a name; the lowest that the rest agrees with is meant.
            lowest = max(each.level for each in exact)
            exact = [each for each in exact if each.level == lowest]
        if len(exact) == 1:
            return Found(exact[0])
        if exact:
            text = _("Several areas are called “%(name)s”: %(codes)s. Add a column of P-codes.")
            return _no(purpose, text % {"name": name, "codes": ", ".join(each.code for each in exact[:6])})
        key = f"area:{within.code if within else ''}:{level if level is not None else ''}:{folded(name)}"
        if (answer := self.answers.get(key, "")) in self.by_code:
            return Found(self.by_code[answer])
        like = [self.by_code[str(each.key)] for each in index.resembling(name)]
        if like and answer != "leave":
            return Found(
                asked=Asked(key, name, tuple((each.code, f"{each.name} ({each.code})") for each in like))
            )
        where = _("No area of this mission is called “%(name)s”.") % {"name": name}
        if within is not None:
            where = _("No area in %(within)s is called “%(name)s”.") % {"within": within.name, "name": name}
        return _no(purpose, where)

    def _index(self, level: int | None, within: str) -> Names:
        key = (level, within)
        if key not in self._names:
            made = self._names[key] = Names()
            for place in self.by_code.values():
                if ((level is None and place.level > 0) or place.level == level) and (
                    not within or (place.lies_in(within) and place.code != within)
                ):
                    made.add(place.code, [place.name])
        return self._names[key]

    def _whole_country(self, said: Mapping[str, str]) -> Found:
        """A row that names no area but the country."""
        named = [said.get(p, "") for p in ("adm0.code", "adm0.name", "country.code", "country.name")]
        whole = [
            place for place in self.by_code.values()
            if place.level == 0 and any(n and folded(n) in (folded(place.name), folded(place.code)) for n in named)
        ]  # fmt: skip
        if len(whole) == 1:
            return Found(whole[0])
        return _no("", _("The row names no area."))


def _no(purpose: str, text: str) -> Found:
    return Found(refused=(purpose, text))


def said_of(read: Callable[[str], str], columns: Iterable[str]) -> dict[str, str]:
    """What a row says for each purpose of place that the table has."""
    wanted = [each for each in columns if each.startswith(("adm", "area.", "upper.", "country."))]
    return {purpose: text for purpose in wanted if (text := read(purpose))}
