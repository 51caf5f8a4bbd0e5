"""The presence list, whatever shows it: its filters, page and count. No HTML."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.need_to_know.selectors import COUNT_CAP
from apps.pages import cursors
from apps.pages.cursors import Place
from apps.pages.listing import PAGE, PLACE
from apps.records.actors import Actor
from apps.stakeholders.models import Presence
from apps.stakeholders.presence.filtering import PresenceFilters, on_the_register

ORDER = "presence"


@dataclass(frozen=True)
class Rows:
    """One page of rows, and the places before and after it."""

    rows: list[Presence]
    newer: Place | None
    older: Place | None
    is_first: bool


class PresenceListing:
    """What a query string asks of the list, by name of the organisation; nothing raises."""

    def __init__(self, actor: Actor, query: QueryDict, *, stakeholder: Any = None, size: int = PAGE) -> None:
        self.actor, self.query, self.stakeholder, self.size = actor, query, stakeholder, size
        self.filters = PresenceFilters(query, actor=actor)

    @cached_property
    def filtered(self) -> QuerySet[Presence]:
        """All rows that the reader may know and the filters let through, in no order."""
        if self.stakeholder is not None:
            rows = Presence.objects.filter(stakeholder=self.stakeholder).select_related(
                "stakeholder", "area", "area__parent", "sector"
            )
        else:
            rows = on_the_register(self.actor)
        return self.filters.narrow(rows)

    @property
    def ordered(self) -> QuerySet[Presence]:
        """The same by name of the organisation."""
        return self.filtered.order_by("stakeholder__title", "id")

    @cached_property
    def page(self) -> Rows:
        """The page that the query string names; the first one for a broken place."""
        place = cursors.read(self.query.get(PLACE, ""), ORDER)
        rows = self.ordered
        if place is not None:
            title = str(place.value)
            # WHY: where the row at which the page before ended is gone, its organisation's rows come again.
            after = Coalesce(Subquery(Presence.objects.filter(uuid=place.uuid).values("id")[:1]), 0)
            rows = rows.filter(
                Q(stakeholder__title__gt=title) | Q(stakeholder__title=title, id__gt=after)
            ).filter(stakeholder__title__gte=title)
        found = list(rows[: self.size + 1])
        older = None
        if len(found) > self.size:
            found = found[: self.size]
            value, uuid = found[-1].stakeholder.title, str(found[-1].uuid)
            older = place.then(value, uuid) if place else Place(value, uuid)
        return Rows(found, place.back() if place else None, older, place is None)

    @cached_property
    def count(self) -> tuple[int, bool]:
        """(how many, whether more than that)."""
        if self.page.is_first and self.page.older is None:
            return len(self.page.rows), False
        found = self.filtered.order_by().values("pk")[: COUNT_CAP + 1].count()
        return (COUNT_CAP, True) if found > COUNT_CAP else (found, False)

    @property
    def count_text(self) -> str:
        """“214 activities”, “1,000+ activities”."""
        number, more = self.count
        shown = number_format(number, force_grouping=True)
        if more:
            return _("%(number)s+ activities") % {"number": shown}
        return ngettext("%(number)s activity", "%(number)s activities", number) % {"number": shown}

    # ---------------------------------------------------------------- addresses
    def url(self, **changes: str | None) -> str:
        """This list's query string with some parts changed; it goes to the first page."""
        query = self.query.copy()
        query.pop(PLACE, None)
        for name, value in changes.items():
            if value is None:
                query.pop(name, None)
            else:
                query[name] = value
        for name in [name for name, given in query.lists() if not any(given)]:
            del query[name]
        return "?" + query.urlencode()

    def place_url(self, place: Place | None) -> str:
        """The address of a page."""
        return self.url(**{PLACE: place.text(ORDER) if place else None})
