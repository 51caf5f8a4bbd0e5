"""Lists of the API that begin with the newest row and go back in time."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.access.keyset import newest_first
from apps.api.operations import query
from apps.api.paging import PAGE, paged
from apps.api.selectors import place_check
from apps.api.views.base import Endpoint
from apps.pages import cursors
from apps.pages.listing import PLACE


class NewestFirst(Endpoint):
    """A list that begins with the newest row."""

    row: type[serializers.BaseSerializer[Any]]
    column = "at"
    tie = "uuid"
    known: tuple[str, ...] = ()

    def page(self, request: Request, rows: Any) -> Response:
        """A page of rows. ValidationError for parameters that are not known, and for a broken cursor."""
        order, given = f"{type(self).__name__} -{self.column}", request._request.GET
        errors: dict[str, list[str]] = {}
        for name, values in given.lists():
            if name not in {PLACE, *self.known}:
                errors[name[:60]] = [_now("There is no such parameter.")]
            elif any("\0" in value for value in values):
                errors[name] = [_now("Null characters are not allowed.")]
        place_check(given, order, errors)
        if errors:
            raise ValidationError(errors)
        place = cursors.read(given.get(PLACE, ""), order)
        found = newest_first(rows, self.column, self.tie, place, most=PAGE)
        return paged(
            request, self.shown_rows(found.rows), newer=found.newer, older=found.older, order=order,
            first=found.is_first,
        )  # fmt: skip

    def shown_rows(self, rows: list[Any]) -> Any:
        """The rows as JSON."""
        return self.row(rows, many=True, context=self.context).data


def place_parameter() -> Any:
    """The cursor, for the OpenAPI document."""
    return query(PLACE, _("Where the page begins; follow “next” and “previous”."))
