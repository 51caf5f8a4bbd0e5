"""Lists and records: reading, filing, editing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api import selectors
from apps.api.idempotency import Written, once
from apps.api.operations import Operation, query
from apps.api.paging import paged, paged_serializer
from apps.api.serializers import RecordSummary, address, whole_serializer
from apps.api.versions import tagged
from apps.api.views.base import OfRecord, OfType, expecting
from apps.api.writing import record_file_whole, record_update_whole
from apps.pages.filters import filters_for
from apps.pages.leaving import put_headers
from apps.pages.listing import PLACE, SORT
from apps.records.errors import NotPermitted
from apps.records.marking import marking_of


class RecordShown(OfType):
    """Answers with a whole record."""

    def shown(self, request: Request, subject: UUID | None, *args: Any, **kwargs: Any) -> Response:
        """The record as the caller may read it now, with its version."""
        record = selectors.whole(self.record_type, subject)  # type: ignore[arg-type]
        response = Response(whole_serializer(self.record_type)(record, context=self.context).data)
        response["Content-Location"] = address(record)
        put_headers(response, marking_of(self.actor, [record], names=False))
        return tagged(response, record)


class Records(RecordShown):
    """The list of a type, and filing a new record of it."""

    def operations(self) -> dict[str, Operation]:
        """List and file."""
        return {
            "GET": Operation(
                "list", _("List those you may read, newest first"), paged_serializer(RecordSummary),
                parameters=self.parameters(), problems=("invalid",),
            ),
            "POST": Operation(
                "create", _("File a new one, as a draft"), whole_serializer(self.record_type), 201,
                takes=whole_serializer(self.record_type), writes=True,
            ),
        }  # fmt: skip

    def parameters(self) -> list[Any]:
        """The filters and orders that the type declares."""
        declared: Any = self.record_type
        made = []
        for name, each in filters_for(declared).base_filters.items():
            choices = (
                [code for code, _label in each.extra.get("choices", [])] if each.extra.get("choices") else []
            )
            many = type(each).__name__ == "MultipleChoiceFilter"
            made.append(query(name, each.label, choices=[str(c) for c in choices], many=many))
        sorts = sorted({c.sort for c in self.record_type.columns if c.sort})
        made.append(query(SORT, _("Order by this column."), choices=[s for n in sorts for s in (n, f"-{n}")]))
        return [*made, query(PLACE, _("Where the page begins; follow “next” and “previous”."))]

    def get(self, request: Request) -> Response:
        """A page of summaries; ValidationError for what the address says wrong."""
        listing = selectors.StrictListing(self.actor, self.record_type, request._request.GET)
        listing.check()
        page = listing.page
        rows = RecordSummary(page.rows, many=True, context=self.context).data
        response = paged(
            request, rows, newer=page.newer, older=page.older, order=listing.sort, first=page.is_first
        )
        put_headers(
            response, marking_of(self.actor, page.rows, reference=self.record_type.plural, names=False)
        )
        return response

    def filed(self, request: Request, subject: UUID | None) -> Response:
        """The record filed, and where it is."""
        response = self.shown(request, subject)
        response["Location"] = response["Content-Location"]
        return response

    @once("filed")
    def post(self, request: Request) -> Written:
        """File a draft with its rows."""
        if not self.record_type.may_file(self.actor):
            raise NotPermitted
        given = whole_serializer(self.record_type)(data=request.data, context=self.context)
        given.is_valid(raise_exception=True)
        record = record_file_whole(self.actor, self.record_type, given.validated_data)
        return Written(201, record.uuid)


class RecordOne(RecordShown, OfRecord):
    """One record."""

    def operations(self) -> dict[str, Operation]:
        """Read and edit."""
        whole = whole_serializer(self.record_type)
        return {
            "GET": Operation("retrieve", _("Read one, whole"), whole, problems=("missing",)),
            "PATCH": Operation(
                "update", _("Change fields; a table of rows that you name is replaced as a whole"), whole,
                takes=whole, writes=True, version="needed",
                problems=("missing", "conflict", "stale", "version-needed"),
            ),
        }  # fmt: skip

    def get(self, request: Request, uuid: UUID) -> Response:
        """The record, with its version as ETag."""
        return self.shown(request, uuid)

    @once("shown")
    def patch(self, request: Request, uuid: UUID) -> Written:
        """Change what the body names, on the version that If-Match names."""
        record = self.record(uuid)
        with expecting(request, needed=True) as version:
            given = whole_serializer(self.record_type)(
                record, data=request.data, partial=True, context=self.context
            )
            given.is_valid(raise_exception=True)
            values = dict(given.validated_data)
            if values.pop("author_position", record.author_position) != record.author_position:
                raise serializers.ValidationError({"filed_as": [_("This cannot be changed afterwards.")]})
            if values.pop("originator", record.originator) != record.originator:
                raise serializers.ValidationError({"originator": [_("This cannot be changed afterwards.")]})
            record_update_whole(self.actor, record, values, expected_version=version)
        return Written(200, record.uuid)
