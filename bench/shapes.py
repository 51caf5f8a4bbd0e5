"""What is measured: the same question asked by a reader, by nobody in particular, and through guardian's own filter.

All three are the same Python and the same columns; what differs is who asks. Nothing here measures time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from unittest import mock

from django.db.models import QuerySet
from django.http import QueryDict
from guardian.shortcuts import get_objects_for_user

from apps.aid_requests.models import AidRequest
from apps.aid_requests.record import AidRequestType
from apps.need_to_know.selectors import COUNT_CAP, capped_count
from apps.pages import listing
from apps.pages.cursors import Place
from apps.pages.listing import Listing
from apps.records.actors import Actor
from apps.records.models import Record
from bench import data
from bench.sizes import Profile

PAGE = 50
DEEP = 500  # the number of the deep page
UNFILTERED = "unfiltered"  # a connection for which the row rule does not hold
FILTERS = {
    "list, one state": "state=for_decision",
    "list, a seldom state": "state=submitted",
    "list, state and priority": "state=validated&priority=1",
    "list, one kind": "kind=lift",
    "list, most urgent first": "sort=needed_by",
}
# By how seldom they are: in a third of the records, in 8, 0.9 and 0.1 in 100, and in 100 records of a million.
WORDS = {
    "search, a common word": data.word(10),
    "search, a frequent word": data.word(60),
    "search, a word": data.word(620),
    "search, a seldom word": data.word(6200),
    "search, a rare word": data.RARE_WORD,
}


@dataclass(frozen=True)
class Shape:
    """A named question. `guarded` runs as the reader, `plain` unfiltered, `guardian` as guardian would answer.

    `times` is the bound of the ratio to `plain`; `or_ms` milliseconds that are fast enough whatever the ratio.
    """

    name: str
    guarded: Callable[[], Any]
    plain: Callable[[], Any]
    guardian: Callable[[], Any]
    times: float = 3
    or_ms: float = 0


class Unfiltered(Listing):
    """The same list for whom the row rule does not hold: no feed, no rule, one walk of an index."""

    by_feed = by_search = False

    def _rows(self, place: Place | None) -> list[Record]:
        return list(self._after(place)[: PAGE + 1])

    def base(self) -> QuerySet[Record]:
        """All records of the type."""
        return super().base().using(UNFILTERED)


class Guardian(Unfiltered):
    """The same list through guardian's filter, over the same grants."""

    def base(self) -> QuerySet[Record]:
        """The records of the type that guardian finds for the reader."""
        assert self.actor.user is not None
        return get_objects_for_user(
            self.actor.user, "records.view_record", klass=super().base(), accept_global_perms=False
        )


def long_pages() -> Any:
    """Within, a page of a list has PAGE rows."""
    return mock.patch.object(listing, "PAGE", PAGE)


def shapes(actor: Actor, profile: Profile, readable: int) -> list[Shape]:
    """All questions for one reader, who is acting."""
    return [
        _list("list, newest 50", actor, "", None, None),
        _list(f"list, page {DEEP}", actor, "", _place(Listing, actor, ""), _place(Unfiltered, actor, "")),
        *(_list(name, actor, query, None, None, times=10, or_ms=25) for name, query in FILTERS.items()),
        _list(
            f"list, one state, page {DEEP}",
            actor,
            "state=closed",
            _place(Listing, actor, "state=closed"),
            _place(Unfiltered, actor, "state=closed"),
            times=10,
            or_ms=25,
        ),
        *(_search(name, actor, word) for name, word in WORDS.items()),
        _count(actor),
        *_details(actor, profile, readable),
    ]


def _list(
    name: str,
    actor: Actor,
    query: str,
    place: Place | None,
    plain_place: Place | None,
    *,
    times: float = 3,
    or_ms: float = 0,
) -> Shape:
    def rows(kind: type[Listing], at: Place | None) -> Callable[[], list[Record]]:
        asked = QueryDict(query, mutable=True)
        order = asked.get("sort", "-created_at")
        if at is not None:
            asked["after"] = at.text(str(order))
        return lambda: kind(actor, AidRequestType, asked).page.rows

    return Shape(
        name, rows(Listing, place), rows(Unfiltered, plain_place), rows(Guardian, place), times, or_ms
    )


def _search(name: str, actor: Actor, word: str) -> Shape:
    def all_of(kind: type[Listing]) -> Callable[[], list[Record]]:
        def rows() -> list[Record]:
            found = kind(actor, AidRequestType, QueryDict("")).base()
            found = found.extra(
                tables=["records_searchdocument"],
                where=[
                    "records_searchdocument.record_id = records_record.id",
                    "records_searchdocument.document @@ records_search_wanted(%s)::tsquery",
                ],
                params=[word],
            )
            return list(found.order_by("-created_at", "-id")[: PAGE + 1])

        return rows

    asked = QueryDict(f"q={word}")
    return Shape(
        name,
        lambda: Listing(actor, AidRequestType, asked).page.rows,
        all_of(Unfiltered),
        all_of(Guardian),
        times=10,
        or_ms=25,
    )


def _place(kind: type[Listing], actor: Actor, query: str) -> Place | None:
    """Where page DEEP begins; for those who read less, where their last page but one does."""
    found = kind(actor, AidRequestType, QueryDict(query)).filtered.order_by("-created_at", "-id")
    ids = list(found.values_list("created_at", "uuid")[: PAGE * (DEEP - 1)])
    if len(ids) < PAGE * (DEEP - 1):
        ids = ids[: max(0, len(ids) - PAGE)]
    return Place(ids[-1][0], str(ids[-1][1])) if ids else None


def _count(actor: Actor) -> Shape:
    def counted(kind: type[Listing]) -> Callable[[], Any]:
        return lambda: kind(actor, AidRequestType, QueryDict("")).count

    def plain(kind: type[Listing]) -> Callable[[], Any]:
        return lambda: capped_count(kind(actor, AidRequestType, QueryDict("")).filtered, COUNT_CAP)

    return Shape("count up to 1,000", counted(Listing), plain(Unfiltered), plain(Guardian), 10, 25)


def _details(actor: Actor, profile: Profile, readable: int) -> list[Shape]:
    """One record that the reader reads, where there is one, and one that is hidden."""
    newest = list(Listing(actor, AidRequestType, QueryDict("")).page.rows)
    asked = {"record, hidden": _hidden(actor)}
    if newest:
        asked["record, readable"] = newest[min(7, len(newest) - 1)].uuid
    return [
        Shape(
            name,
            lambda uuid=uuid: _detail(AidRequest.objects.all(), actor, uuid),  # type: ignore[misc]
            lambda uuid=uuid: _detail(AidRequest.objects.using(UNFILTERED), actor, uuid),  # type: ignore[misc]
            lambda uuid=uuid: _detail(_through_guardian(actor), actor, uuid),  # type: ignore[misc]
        )
        for name, uuid in sorted(asked.items())
    ]


def _detail(queryset: QuerySet[AidRequest], actor: Actor, uuid: Any) -> AidRequest | None:
    return queryset.select_related(*AidRequestType.related()).filter(uuid=uuid, mission=actor.mission).first()


def _through_guardian(actor: Actor) -> QuerySet[AidRequest]:
    assert actor.user is not None
    allowed = get_objects_for_user(
        actor.user, "records.view_record", klass=Record.objects.using(UNFILTERED), accept_global_perms=False
    )
    return AidRequest.objects.using(UNFILTERED).filter(pk__in=allowed.values("pk"))


def _hidden(actor: Actor) -> Any:
    """Some record that the reader does not read."""
    some = Record.objects.using(UNFILTERED).order_by("-id").values_list("pk", "uuid")[:2000]
    known = dict(some)
    seen = set(Record.objects.filter(pk__in=known).values_list("pk", flat=True))
    return next(uuid for pk, uuid in known.items() if pk not in seen)
