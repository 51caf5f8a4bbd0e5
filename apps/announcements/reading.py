"""An announcement as its readers see it, and who has read it: alerts, places of pages, numbers in order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.utils.translation import gettext as _

from apps.announcements.models import Announcement
from apps.need_to_know.roll_call import Counted, Page, Roll
from apps.pages import cursors
from apps.pages.listing import PLACE
from apps.pages.values import exact_time
from apps.records.models import Step

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


def alerts(announcement: Announcement, timeline: Iterable[Any]) -> list[dict[str, str]]:
    """What must be seen before the text: that it is an emergency, or that it does not hold any more, and why."""
    if announcement.state == "cancelled":
        steps = [row for row in timeline if isinstance(row, Step) and row.name == "cancel"]
        reason = steps[0].note if steps else ""
        return [
            {
                "tone": "warn",
                "text": _("Cancelled: it does not hold any more. %(reason)s") % {"reason": reason},
            }
        ]
    if announcement.state == "expired":
        return [{"tone": "warn", "text": _("It is over: it does not hold any more.")}]
    if announcement.is_emergency and announcement.expires_at:
        until = {"moment": exact_time(announcement.expires_at)}
        return [{"tone": "bad", "text": _("Emergency. It holds until %(moment)s.") % until}]
    return []


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
        "people": roll.absent,
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
