"""Search over records of all types that the caller may read."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.operations import Operation, query
from apps.api.paging import paged, paged_serializer
from apps.api.selectors import place_check
from apps.api.serializers import RecordSummary
from apps.api.views.base import Endpoint
from apps.pages.listing import PLACE
from apps.pages.searching import QUERY_MOST, Search
from apps.records.registry import all_types, by_key

WORDS, TYPE = "q", "type"


class RecordSearch(Endpoint):
    """What has all the words, newest first; never by rank, which would tell of words in what is hidden."""

    def operations(self) -> dict[str, Operation]:
        """Search."""
        return {
            "GET": Operation(
                "search", _("Search all records that you may read, newest first"),
                paged_serializer(RecordSummary), parameters=self.parameters(), problems=("invalid",),
            )
        }  # fmt: skip

    def parameters(self) -> list[Any]:
        """Words, type, cursor."""
        said = _("Words in titles, texts and comments, or a reference; the last may be its first letters.")
        return [
            query(WORDS, said),
            query(TYPE, _("Only these."), choices=[t.key for t in all_types()]),
            query(PLACE, _("Where the page begins; follow “next” and “previous”.")),
        ]

    def get(self, request: Request) -> Response:
        """A page of summaries; ValidationError for what the address says wrong."""
        given = request._request.GET
        errors: dict[str, list[str]] = {}
        for name, value in given.items():
            if name not in (WORDS, TYPE, PLACE):
                errors[name[:60]] = [_now("There is no such parameter.")]
            elif "\0" in value:
                errors[name] = [_now("Null characters are not allowed.")]
        words, of_type = given.get(WORDS, "").strip(), given.get(TYPE, "")
        if WORDS not in errors and not words:
            errors[WORDS] = [_now("Say what to look for.")]
        if len(words) > QUERY_MOST:
            errors[WORDS] = [_now("At most %(most)d characters.") % {"most": QUERY_MOST}]
        if of_type and of_type not in {t.key for t in all_types()}:
            errors[TYPE] = [_now("This is none of the choices.")]
        if errors:
            raise ValidationError(errors)
        search = Search(self.actor, words, by_key(of_type) if of_type else None, given.get(PLACE, ""))
        place_check(given, search.order, errors)
        if errors:
            raise ValidationError(errors)
        page = search.page
        rows = RecordSummary(page.rows, many=True, context=self.context).data
        return paged(
            request, rows, newer=page.newer, older=page.older, order=search.order, first=page.is_first
        )
