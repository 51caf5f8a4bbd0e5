"""Pages of lists: `results`, and the addresses of the pages before and after."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.selectors import place_check
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
    request: Request,
    rows: QuerySet[Any],
    column: str,
    serializer: type[serializers.BaseSerializer[Any]],
    *,
    tie: str = "",
) -> Response:
    """A page of rows in the order of a column; `tie` is a second one where the first is not unique."""
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
    return paged(
        request,
        serializer(found, many=True).data,
        newer=place.back() if place else None,
        older=older,
        order=column,
        first=place is None,
    )
