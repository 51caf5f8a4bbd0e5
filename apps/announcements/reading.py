"""Who has read an announcement, as its page and the API show it: places of pages, and numbers in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from apps.need_to_know.roll_call import Absent, Counted, Page, Roll
from apps.pages import cursors
from apps.pages.listing import PLACE

ORDER = "acknowledgements"
ORGANISATION = "organisation"
PEOPLE = 50
ORGANISATIONS = 100


@dataclass(frozen=True)
class Wanted:
    """What the address of a page asks for: the page, and its place as it stands in the address."""

    page: Page
    place: cursors.Place | None


def wanted(query: Mapping[str, Any], most: int = PEOPLE) -> Wanted:
    """The page that a query string names; the first one of all organisations for a broken place or name."""
    place = cursors.read(str(query.get(PLACE, "")), ORDER)
    after = None if place is None else (*map(str, place.value), int(place.uuid))
    try:
        only = UUID(str(query[ORGANISATION])) if query.get(ORGANISATION) else None
    except ValueError:
        only = None
    return Wanted(Page(most, after, only), place)  # type: ignore[arg-type]


def next_place(roll: Roll, place: cursors.Place | None) -> cursors.Place | None:
    """Where the next page begins; None after the last one."""
    if not roll.more:
        return None
    organisation, name, person = roll.absent[-1].place
    value = ([organisation, name], str(person))
    return place.then(*value) if place else cursors.Place(*value)


def most_missing(roll: Roll) -> list[Counted]:
    """The organisations, those first in which most people have not read it."""
    return sorted(roll.organisations, key=lambda each: (-each.missing, each.name))


def grouped(absent: list[Absent]) -> list[tuple[str, list[Absent]]]:
    """People of a page by organisation, as they stand."""
    found: dict[str, list[Absent]] = {}
    for each in absent:
        found.setdefault(each.organisation, []).append(each)
    return list(found.items())


def page_context(roll: Roll, asked: Wanted, address: str) -> dict[str, Any]:
    """What `announcements/acknowledgements.html` draws below its head."""
    only = asked.page.organisation
    narrowed = {ORGANISATION: str(only)} if only else {}
    organisations = most_missing(roll)
    following = next_place(roll, asked.place)
    before = asked.place.back() if asked.place else None
    return {
        "done": roll.done,
        "missing": roll.missing,
        "organisations": [
            {
                "name": each.name,
                "done": each.done,
                "missing": each.missing,
                "url": f"{address}?{urlencode({ORGANISATION: str(each.organisation)})}#people",
                "current": each.organisation == only,
            }
            for each in organisations[:ORGANISATIONS]
        ],
        "organisations_left": max(0, len(organisations) - ORGANISATIONS),
        "unnamed": {"done": roll.unnamed_done, "missing": roll.unnamed_missing},
        "people": grouped(roll.absent),
        "only": next((each.name for each in organisations if each.organisation == only), ""),
        "all_url": f"{address}#people" if only else "",
        "newer_url": (
            f"{address}?{urlencode(narrowed | ({PLACE: before.text(ORDER)} if before else {}))}#people"
            if asked.place
            else ""
        ),
        "older_url": (
            f"{address}?{urlencode(narrowed | {PLACE: following.text(ORDER)})}#people" if following else ""
        ),
    }
