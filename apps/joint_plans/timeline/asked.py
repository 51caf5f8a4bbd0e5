"""What a query string asks of the time line. Whatever it says, there is a page: what is no answer is not asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.utils.dateparse import parse_date

from apps.joint_plans.vocabulary import Progress

from .periods import UNITS

LANES = ("lead", "area")
VIEWS = ("line", "matrix")
_NUMBER_MOST = 100_000
_TEXT_MOST = 60
#: Years beyond which nobody plans; a day outside is not asked for.
_YEARS = range(1900, 2201)


@dataclass(frozen=True)
class Asked:
    """The choices; empty or None where nothing was chosen."""

    view: str = "line"
    lanes: str = "lead"
    by: str = ""
    objective: str = ""
    area: str = ""
    sector: str = ""
    lead: str = ""
    progress: str = ""
    since: date | None = None
    until: date | None = None
    only: str = ""
    at: date | None = None
    open: str = ""
    page: int = 1
    part: int = 1

    @property
    def narrows(self) -> bool:
        """Whether activities are left out."""
        return bool(
            self.objective or self.area or self.sector or self.lead or self.progress or self.since or self.until
            or self.only
        )  # fmt: skip

    def query(self, **changes: Any) -> str:
        """The query string of the same with some changes, as short as it can be; begins with a question mark."""
        default = Asked()
        said = {name: changes.get(name, getattr(self, name)) for name in self.__dataclass_fields__}
        pairs = [
            (name, value.isoformat() if isinstance(value, date) else value)
            for name, value in said.items()
            if value != getattr(default, name) and value is not None
        ]
        return f"?{urlencode(pairs)}" if pairs else "?"


def asked_of(query: Mapping[str, str]) -> Asked:
    """Read a query string."""
    since, until = _day(query.get("since")), _day(query.get("until"))
    return Asked(
        view=_one_of(query.get("view"), VIEWS) or "line",
        lanes=_one_of(query.get("lanes"), LANES) or "lead",
        by=_one_of(query.get("by"), UNITS),
        objective=_uuid(query.get("objective")),
        area=_text(query.get("area")),
        sector=_text(query.get("sector")),
        lead=_text(query.get("lead")),
        progress=_one_of(query.get("progress"), Progress.values),
        since=since,
        until=until if since is None or until is None or until >= since else None,
        only=_one_of(query.get("only"), ("overlap",)),
        at=_day(query.get("at")),
        open=_text(query.get("open")),
        page=_number(query.get("page")),
        part=_number(query.get("part")),
    )


def _one_of(value: str | None, known: Any) -> str:
    return value if value in known else ""  # type: ignore[return-value]


def _text(value: str | None) -> str:
    return value if value and len(value) <= _TEXT_MOST and "\x00" not in value else ""


def _uuid(value: str | None) -> str:
    try:
        return str(UUID(value)) if value else ""
    except ValueError:
        return ""


def _day(value: str | None) -> date | None:
    try:
        found = parse_date(value) if value else None
    except ValueError:
        return None
    return found if found is not None and found.year in _YEARS else None


def _number(value: str | None) -> int:
    if value and value.isascii() and value.isdecimal() and len(value) <= 6:
        return min(max(int(value), 1), _NUMBER_MOST)
    return 1
