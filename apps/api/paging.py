"""Pages of lists: `results`, and the addresses of the pages before and after."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.selectors import broken_cursor, place_check
from apps.pages import cursors
from apps.pages.cursors import Place
from apps.pages.listing import PLACE

PAGE = 100


def paged(
    request: Request, rows: Any, *, newer: Place | None, older: Place | None, order: str, first: bool
) -> Response:
    """One page. The page before the second one is the address without a place."""
    following = None if older is None else _address(request, older.text(order))
    before = None if first else _address(request, newer.text(order) if newer else None)
    return Response({"next": following, "previous": before, "results": rows})


def _address(request: Request, place: str | None) -> str:
    given = request._request.GET.copy()
    given.pop(PLACE, None)
    if place:
        given[PLACE] = place
    asked = given.urlencode()
    return request.build_absolute_uri(request.path + (f"?{asked}" if asked else ""))


@lru_cache(maxsize=64)
def paged_serializer(row: type[serializers.BaseSerializer[Any]]) -> type[serializers.Serializer[Any]]:
    """A page of such rows, for the OpenAPI document."""
    attributes = {
        "__doc__": "A page; “next” and “previous” are addresses, or null at the ends.",
        "next": serializers.URLField(allow_null=True),
        "previous": serializers.URLField(allow_null=True),
        "results": row(many=True),
    }
    return type(f"{row.__name__}Page", (serializers.Serializer,), attributes)


def keyset_page(
    request: Request, rows: QuerySet[Any], column: str, serializer: type[serializers.BaseSerializer[Any]], *,
    tie: str = "",
) -> Response:  # fmt: skip
    """A page of rows in the order of a column; `tie` is a second one where the first is not unique."""
    found, places = keyset_rows(request, rows, column, tie=tie)
    return paged(request, serializer(found, many=True).data, **places)


def keyset_rows(
    request: Request, rows: QuerySet[Any], column: str, *, tie: str = ""
) -> tuple[list[Any], dict[str, Any]]:
    """(rows of such a page, what `paged` needs), for answers that need more than the rows. ValidationError."""
    errors: dict[str, list[str]] = {}
    place_check(request._request.GET, column, errors)
    if errors:
        raise ValidationError(errors)
    place = cursors.read(request._request.GET.get(PLACE, ""), column)
    if place is not None:
        beyond = Q(**{f"{column}__gt": place.value})
        if tie:
            beyond |= Q(**{column: place.value, f"{tie}__gt": place.uuid})
        rows = rows.filter(beyond)
    found = list(rows.order_by(column, *([tie] if tie else []))[: PAGE + 1])
    older = None
    if len(found) > PAGE:
        found = found[:PAGE]
        last = (getattr(found[-1], column), str(getattr(found[-1], tie)) if tie else "")
        older = place.then(*last) if place else Place(*last)
    return found, {
        "newer": place.back() if place else None, "older": older, "order": column, "first": place is None,
    }  # fmt: skip


def anchored_page(
    request: Request, rows: QuerySet[Any], anchors: QuerySet[Any], columns: Sequence[str], order: str
) -> tuple[list[Any], dict[str, Any]]:
    """(rows of the page, what `paged` needs) in the order of some columns, the last of which is unique.

    SECURITY: the cursor names the last row shown and not its place, which would count rows that the reader has not.
    `anchors` are the rows that it may name: those, too, that were taken out since. ValidationError at the cursor.
    """
    errors: dict[str, list[str]] = {}
    place_check(request._request.GET, order, errors)
    place = None if errors else cursors.read(request._request.GET.get(PLACE, ""), order)
    if place is not None:
        at = anchors.filter(uuid=place.uuid).values(*columns).first()
        if at is None:
            errors[PLACE] = [str(broken_cursor())]
        else:
            rows = rows.filter(_beyond(columns, at))
    if errors:
        raise ValidationError(errors)
    found = list(rows.order_by(*columns)[: PAGE + 1])
    older = None
    if len(found) > PAGE:
        found = found[:PAGE]
        last = str(found[-1].uuid)
        older = place.then("", last) if place else Place("", last)
    return found, {
        "newer": place.back() if place else None, "older": older, "order": order, "first": place is None,
    }  # fmt: skip


def _beyond(columns: Sequence[str], at: dict[str, Any]) -> Q:
    """Condition on rows: they come after the one with these values."""
    wanted, same = Q(), Q()
    for name in columns:
        wanted |= same & Q(**{f"{name}__gt": at[name]})
        same &= Q(**{name: at[name]})
    return wanted
