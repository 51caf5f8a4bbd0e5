"""A list of records of one type: its filters, order, page and count, whatever shows it.

No HTML and no files.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import F, Func, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.mission.models import Position
from apps.need_to_know.selectors import (
    COUNT_CAP,
    SEARCH_CAP,
    capped_count,
    dense,
    newest,
    newest_count,
    search_count,
    searched,
)
from apps.pages import cursors, values
from apps.pages.cursors import Place
from apps.pages.filters import RecordFilters, filters_for
from apps.pages.structure import Structure
from apps.records.actors import Actor
from apps.records.models import Record
from apps.records.reading import note_unseen
from apps.records.registry import Column, RecordType

# WHY: with more rows a page outgrows the 8 kB that a thin line carries in a second.
PAGE = 20
NEWEST = "-created_at"
PLACE = "after"
SORT = "sort"
ALL = "all"
NEAR = 400  # of their newest records, a reader of few among many is first looked through so many
WORDS = "q"
KIND = "kind"


@dataclass(frozen=True)
class Page:
    """One page of rows, and the places before and after it."""

    rows: list[Record]
    newer: Place | None
    older: Place | None
    is_first: bool


class Listing:
    """What a query string asks of a list. Unknown sorts, filters and places count as none; nothing raises."""

    def __init__(self, actor: Actor, record_type: type[RecordType], query: QueryDict) -> None:
        self.actor, self.record_type, self.query = actor, record_type, query
        self.structure = Structure(actor)

    @cached_property
    def filterset(self) -> RecordFilters:
        """The filters, bound to the query string."""
        return filters_for(self.record_type)(  # type: ignore[arg-type]
            self.query,
            queryset=self.base(),
            actor=self.actor,
            structure=self.structure,
            record_type=self.record_type,
        )

    def base(self) -> QuerySet[Record]:
        """All readable records of the type, with the structure that the columns show."""
        related = {path for column in self.record_type.columns if (path := _related(column))}
        return self.listed().select_related(*related)

    def listed(self) -> QuerySet[Record]:
        """The same without structure."""
        found = Record.objects.filter(mission=self.actor.mission, type=self.record_type.key)
        return found.exclude(kind__in=self.leaves_out) if self.leaves_out else found

    @cached_property
    def is_of_exercises(self) -> bool:
        """Whether it shows exercises among real records, and nothing else: where they are asked for."""
        wanted = {kind for kind in self.query.getlist(KIND) if kind}
        return (
            not self.actor.mission.is_exercise and bool(wanted) and wanted <= self.record_type.exercise_kinds
        )

    @property
    def leaves_out(self) -> list[str]:
        """Kinds that are left out: exercises stand in no list, number or file with real records."""
        if self.actor.mission.is_exercise or self.is_of_exercises:
            return []
        return sorted(self.record_type.exercise_kinds)

    @cached_property
    def filtered(self) -> QuerySet[Record]:
        """All readable records that the filters let through, in no order."""
        return self.filterset.qs

    @cached_property
    def active(self) -> dict[str, Any]:
        """Filters in use: key -> cleaned value."""
        form = self.filterset.form
        form.is_valid()
        cleaned = form.cleaned_data if form.is_bound else {}
        return {name: value for name, value in cleaned.items() if value not in (None, "", [], False)}

    @cached_property
    def sort(self) -> str:
        """The order in use: a column of Record, with a minus for descending."""
        wanted = self.query.get(SORT, "")
        known = {column.sort for column in self.record_type.columns if column.sort}
        return wanted if wanted.removeprefix("-") in known else NEWEST

    @property
    def by_feed(self) -> bool:
        """Whether this is the plain list, newest first, which the feeds serve."""
        return self.sort == NEWEST and not self.active and not self.leaves_out

    @property
    def by_search(self) -> bool:
        """Whether words alone narrow the list, newest first: then search itself makes the pages."""
        return self.sort == NEWEST and set(self.active) == {WORDS} and not self.leaves_out

    @cached_property
    def page(self) -> Page:
        """The page that the query string names; the first one for a broken place."""
        place = cursors.read(self.query.get(PLACE, ""), self.sort)
        rows = self._rows(place)
        older = None
        if len(rows) > PAGE:
            note_unseen(row.pk for row in rows[PAGE:])
            rows = rows[:PAGE]
            value, uuid = values.path(rows[-1], self._column), str(rows[-1].uuid)
            older = place.then(value, uuid) if place else Place(value, uuid)
        return Page(rows, place.back() if place else None, older, place is None)

    def _rows(self, place: Place | None) -> list[Record]:
        """The rows of a page and the one after them, in whichever way is the shorter; the rows are the same."""
        if self.by_feed or self.by_search:
            return list(self._after(place)[: PAGE + 1])
        newest_first = self.sort == NEWEST
        reached = place.value if place and newest_first else None
        if dense(self.record_type.key, self.sort, before=reached):
            return list(self._after(place)[: PAGE + 1])
        if newest_first:
            before = (place.value, place.uuid) if place else None
            near = newest(self.record_type.key, before=before, most=NEAR)
            rows = list(self._after(place).filter(pk__in=near)[: PAGE + 1])
            if len(rows) > PAGE:
                return rows
        return list(self._after(place, gather=True)[: PAGE + 1])

    @property
    def _column(self) -> str:
        return self.sort.removeprefix("-")

    @property
    def _may_be_null(self) -> bool:
        """Whether rows may lack the value that orders."""
        first, *rest = self._column.split("__")
        column: Any = Record._meta.get_field(first)
        return bool(rest) or bool(column.null)

    def ordered(self, *, gather: bool = False) -> QuerySet[Record]:
        """All that the filters let through, in the order in use; rows without a value come last.

        `gather` has the database collect what is readable and sort it, for readers of few among many.
        """
        # WHY: no index has this order, so that none is walked past what others read.
        field = Func(F(self._column), function="GREATEST") if gather else F(self._column)
        # WHY: an index serves "nulls last" from above only where there is no null at all.
        last = True if self._may_be_null else None
        down = self.sort.startswith("-")
        first = field.desc(nulls_last=last) if down else field.asc(nulls_last=last)
        return self.filtered.order_by(first, "-id" if down else "id")

    def _after(self, place: Place | None, *, gather: bool = False) -> QuerySet[Record]:
        if self.by_feed:
            before = (place.value, place.uuid) if place else None
            found = newest(self.record_type.key, before=before, most=PAGE + 1)
            return self.base().filter(pk__in=found).order_by("-created_at", "-id")
        if self.by_search:
            before = (place.value, place.uuid) if place else None
            found = searched(self.active[WORDS], self.record_type.key, before=before, most=PAGE + 1)
            return self.base().filter(pk__in=found).order_by("-created_at", "-id")
        ordered = self.ordered(gather=gather)
        if place is None:
            return ordered
        down = self.sort.startswith("-")
        # SECURITY: the place names its row by UUID; a row hidden by now has no id: its value alone counts.
        at = Coalesce(Subquery(Record.objects.filter(uuid=place.uuid).values("id")[:1]), 0)
        beyond = Q(**{f"id__{'lt' if down else 'gt'}": at})
        if place.value is None:
            return ordered.filter(Q(**{f"{self._column}__isnull": True}) & beyond)
        further = Q(**{f"{self._column}__{'lt' if down else 'gt'}": place.value})
        level = Q(**{self._column: place.value}) & beyond
        wanted = further | level
        if self._may_be_null:
            wanted |= Q(**{f"{self._column}__isnull": True})
        else:
            # WHY: an index is entered at a bound; by an alternative it is only filtered from its beginning on.
            wanted &= Q(**{f"{self._column}__{'lte' if down else 'gte'}": place.value})
        return ordered.filter(wanted)

    @cached_property
    def count(self) -> tuple[int, bool]:
        """(how many, whether more than that);
        not asked of the database when the first page holds them all.
        """
        if self.page.is_first and self.page.older is None:
            return len(self.page.rows), False
        if self.by_feed:
            found = newest_count(self.record_type.key)
            return (COUNT_CAP, True) if found > COUNT_CAP else (found, False)
        if self.by_search:
            found = search_count(self.active[WORDS], self.record_type.key)
            return (SEARCH_CAP, True) if found > SEARCH_CAP else (found, False)
        return capped_count(self.filtered)

    @property
    def count_text(self) -> str:
        """“214 records”, “1,000+ records”."""
        number, more = self.count
        shown = number_format(number, force_grouping=True)
        if more:
            return _("%(number)s+ records") % {"number": shown}
        return ngettext("%(number)s record", "%(number)s records", number) % {"number": shown}

    # ---------------------------------------------------------------- addresses
    def url(self, **changes: str | None) -> str:
        """This list's query string with some parts changed;
        a change of filters or order goes to the first page.
        """
        query = self.query.copy()
        query.pop(PLACE, None)
        for name, value in changes.items():
            if value is None:
                query.pop(name, None)
            else:
                query[name] = value
        for name in [name for name, given in query.lists() if not any(given)]:
            del query[name]
        # WHY: an empty query string would open the person's own start view instead of everything.
        return "?" + (query.urlencode() or f"{ALL}=1")

    def place_url(self, place: Place | None) -> str:
        """The address of a page."""
        return self.url(**{PLACE: place.text(self.sort) if place else None})

    def sort_url(self, column: Column) -> str:
        """The address that orders by a column, or turns its order round."""
        return self.url(**{SORT: f"-{column.sort}" if self.sort == column.sort else column.sort})

    def kept_query(self) -> str:
        """What a saved view keeps: filters and order, without a place."""
        query = self.query.copy()
        for name in (PLACE, ALL):
            query.pop(name, None)
        for name in [name for name, given in query.lists() if not any(given)]:
            del query[name]
        return query.urlencode()

    def described(self) -> list[dict[str, str]]:
        """Filters in use in words, each with the address without it."""
        made = []
        for name, value in self.active.items():
            field = self.filterset.form.fields[name]
            made.append(
                {
                    "label": str(field.label),
                    "value": _in_words(field, value),
                    "remove_url": self.url(**{name: None}),
                }
            )
        return made


def _related(column: Column) -> str:
    """The structure that a column's cells name, as a path from Record; empty for plain values."""
    model: Any = Record
    found: list[str] = []
    for name in column.field.split("__"):
        step = model._meta.get_field(name)
        if not step.is_relation:
            break
        found.append(name)
        model = step.related_model
    return "__".join([*found, "organisation"] if model is Position else found)


def _in_words(field: Any, value: Any) -> str:
    if hasattr(field, "choices"):
        words = {str(code): str(said).strip() for code, said in field.choices}
        given = value if isinstance(value, list) else [value]
        return ", ".join(words.get(str(each), str(each)) for each in given)
    return values.in_words(value) if not isinstance(value, bool) else _("Yes")
