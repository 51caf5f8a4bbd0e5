"""What the HXL tags of columns say that they are for (HXL 1.1: a tag and attributes in any order)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from apps.stakeholders.vocabulary import PresenceRole

_TAG = re.compile(r"#[a-z][a-z0-9_]*(\s*\+\s*[a-z][a-z0-9_]*)*", re.IGNORECASE)
_LANGUAGE = re.compile(r"(?:i_)?([a-z]{2})")
#: Attributes of two letters that are no language.
_NO_LANGUAGE = frozenset({"id", "xx"})
_ROLES = {
    "impl": PresenceRole.IMPLEMENTING, "implementing": PresenceRole.IMPLEMENTING, "prog": PresenceRole.PROGRAMMING,
    "programming": PresenceRole.PROGRAMMING, "lead": PresenceRole.PROGRAMMING, "funder": PresenceRole.FUNDING,
    "funding": PresenceRole.FUNDING, "donor": PresenceRole.FUNDING,
}  # fmt: skip
_AREA = re.compile(r"#adm([0-4])")


def is_tagged(texts: Sequence[str]) -> bool:
    """Whether a row is one of tags: at least two cells, and all that are filled."""
    filled = [text for text in texts if text]
    return len(filled) >= 2 and all(_TAG.fullmatch(text) for text in filled)


def purposes_of_tags(texts: Sequence[str]) -> list[tuple[str, str, str]]:
    """(purpose, role, language) of each column; the purpose is empty for a tag that the register has no use for."""
    made = []
    for text in texts:
        tag, *attributes = [part.strip() for part in text.strip().lower().split("+")]
        given = set(attributes)
        languages = [
            found[1]
            for each in attributes
            if each not in _NO_LANGUAGE and (found := _LANGUAGE.fullmatch(each))
        ]
        role = next((str(_ROLES[each]) for each in attributes if each in _ROLES), "")
        made.append((_purpose(tag, given), role if tag == "#org" else "", languages[0] if languages else ""))
    return made


def _purpose(tag: str, given: set[str]) -> str:
    if level := _AREA.fullmatch(tag):
        return f"adm{level[1]}.{_code_or_name(given)}" if _code_or_name(given) else ""
    if tag in _BY_TAG:
        return _BY_TAG[tag](given)
    return ""


def _code_or_name(given: set[str]) -> str:
    if "code" in given:
        return "code"
    return "" if given & {"id", "url", "num", "alt"} else "name"


def _organisation(given: set[str]) -> str:
    if "type" in given:
        return "org.type.code" if "code" in given else "org.type"
    if "acronym" in given:
        return "org.acronym"
    for name in ("stance", "side"):
        if name in given:
            return f"org.{name}"
    if "role" in given:
        return "role"
    if given & {"alt", "others"}:
        return "org.others"
    return "" if given & {"code", "id", "url", "desc", "num", "contact", "email", "phone"} else "org.name"


def _place(given: set[str]) -> str:
    for attribute, purpose in (("lat", "latitude"), ("lon", "longitude"), ("coord", "")):
        if attribute in given:
            return purpose
    return ""


def _label(given: set[str]) -> str:
    for attribute in ("classification", "sensitivity", "compartments"):
        if attribute in given:
            return f"label.{attribute}"
    if "protected" in given:
        return "label.data"
    if given & {"label", "marking", "tlp", "handling", "confidentiality", "distribution"}:
        return "label.marking"
    return "source" if "source" in given and not given & {"url", "date", "id"} else ""


def _dated(given: set[str]) -> str:
    return "start" if "start" in given else "end" if "end" in given else ""


def _number(purpose: str, given: set[str]) -> str:
    # WHY: columns of women, of children and the like are parts of the whole; only the whole is kept.
    parts = given & {
        "f",
        "m",
        "children",
        "adults",
        "elderly",
        "infants",
        "adolescents",
        "hh",
        "households",
        "type",
    }
    return "" if parts or any(each.startswith("age") for each in given) else purpose


_BY_TAG = {
    "#org": _organisation,
    "#sector": lambda given: "sector.code" if "code" in given else "sector",
    "#cluster": lambda given: "sector.code" if "code" in given else "sector",
    "#activity": lambda given: (
        "status" if "status" in given else "" if given & {"code", "id"} else "activity"
    ),
    "#country": lambda given: f"country.{_code_or_name(given)}" if _code_or_name(given) else "",
    "#adm": lambda given: (
        "" if given & {"parent"} else f"area.{_code_or_name(given)}" if _code_or_name(given) else ""
    ),
    "#region": lambda given: "upper.name" if _code_or_name(given) == "name" else "",
    "#loc": lambda given: "" if given & {"code", "type", "id"} else "place",
    "#geo": _place,
    "#date": _dated,
    "#status": lambda given: "" if "code" in given else "status",
    "#beneficiary": lambda given: "population" if not given or given & {"type", "name"} else "",
    "#population": lambda given: "population" if given & {"type", "group"} else "",
    "#targeted": lambda given: _number("targeted", given),
    "#reached": lambda given: _number("reached", given),
    "#meta": _label,
    "#x_stance": lambda given: "org.stance",
    "#x_side": lambda given: "org.side",
    "#x_role": lambda given: "role",
    "#x_label": lambda given: "label.marking",
}
