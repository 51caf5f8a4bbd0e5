"""Rows that stand apart from their record, such as the parts of a plan: listing, reading and writing them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, cast
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.fields import empty
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.apart import children_apart, detailed, rows_json, rows_of, shown_serializer, written_serializer
from apps.api.apart_writing import checked
from apps.api.idempotency import Written, once
from apps.api.operations import Operation, query
from apps.api.paging import anchored_page, paged, paged_serializer
from apps.api.problems import ApiProblem
from apps.api.versions import must_match
from apps.api.views.base import OfRecord
from apps.api.views.newest import place_parameter
from apps.mission.vocabulary import Classification
from apps.pages.leaving import put_headers
from apps.pages.listing import PLACE
from apps.records.actors import Actor
from apps.records.apart import RowsApart
from apps.records.errors import StaleRecord
from apps.records.marking import marking_of
from apps.records.registry import Child

KIND = "kind"


def marked(response: Response, actor: Actor, record: Any, within: Iterable[int]) -> Response:
    """The answer with the marking of what it holds: of the record and the classifications `within` the highest."""
    return marked_by_all(response, actor, [record], within)


def marked_by_all(
    response: Response, actor: Actor, records: Sequence[Any], within: Iterable[int], *, reference: str = ""
) -> Response:
    """The same for what holds something of several records, or of none; `reference` names it."""
    marking = marking_of(actor, records, reference=reference, names=False)
    highest = Classification(max([marking.classification, *within]))
    put_headers(response, replace(marking, classification=highest))
    return response


class RowsShown(OfRecord):
    """Answers with rows of one child table; `as_view(record_type=…, key=…)` says of which."""

    key = ""

    @property
    def child(self) -> Child:
        """The table."""
        return next(child for child in children_apart(self.record_type) if child.key == self.key)

    @property
    def declared(self) -> type[RowsApart]:
        """What the table says of its rows."""
        return rows_of(self.child)

    def shown(self, request: Request, subject: UUID, uuid: UUID, item: UUID | None = None) -> Response:
        """A row as the caller may read it now, with its tag."""
        record = self.record(uuid)
        rows = detailed(self.declared, [self.declared.rows(record).get(uuid=subject)])
        if not rows:
            raise ObjectDoesNotExist
        said = rows_json(record, self.child, rows, self.context, alone=True)[0]
        response = Response(said)
        response["ETag"] = f'"{self.declared.tag(rows[0])}"'
        response["Content-Location"] = said["url"]
        return marked(response, self.actor, record, [row.classification for row in rows])

    def locked(self, request: Request, record: Any, item: UUID) -> Any:
        """The row as it stands, for a write that was made on what If-Match names."""
        self.declared.get(record, item)
        self.declared.may_write(self.actor, record)
        row = self.declared.get(record, item, lock=True)
        must_match(request, self.declared.tag(row))
        return row


class RowsApartAll(RowsShown):
    """All rows of the table under a record, and adding one."""

    def operations(self) -> dict[str, Operation]:
        """List and add."""
        of_type, key = self.record_type.key, self.child.key
        kinds = query(KIND, _("Of one kind."), choices=list(self.declared.kinds))
        shown = shown_serializer(of_type, key)
        return {
            "GET": Operation(
                key, _("List those that you may read, by kind"), paged_serializer(shown),
                parameters=[kinds, place_parameter()], problems=("missing", "invalid"),
                help=_("What hangs on a row of its own is said where it is read alone."),
            ),
            "POST": Operation(
                f"{key}_add", _("Add one; for those who keep the record"), shown, 201,
                takes=written_serializer(of_type, key), writes=True,
                problems=("missing", "not-possible", "conflict"),
            ),
        }  # fmt: skip

    def get(self, request: Request, uuid: UUID) -> Response:
        """A page. ValidationError by parameter."""
        record = self.record(uuid)
        given, errors = request._request.GET, {}
        for name in given:
            if name not in (KIND, PLACE):
                errors[name[:60]] = [_now("There is no such parameter.")]
        rows = self.declared.rows(record)
        if KIND in given:
            rows = rows.filter(kind=self.kind(given[KIND], errors))
        if errors:
            raise ValidationError(errors)
        table = rows.model._default_manager.filter(**{self.child.relation: record})
        found, places = anchored_page(request, rows, table, self.declared.order, self.child.key)
        page = detailed(self.declared, found)
        response = paged(request, rows_json(record, self.child, page, self.context), **places)
        return marked(response, self.actor, record, [row.classification for row in page])

    def kind(self, given: Any, errors: dict[str, list[str]]) -> str:
        """The kind that is named; a wrong one goes to the errors."""
        try:
            return str(serializers.ChoiceField(choices=list(self.declared.kinds)).run_validation(given))
        except serializers.ValidationError as wrong:
            errors[KIND] = [str(text) for text in wrong.detail]
            return ""

    @once("added")
    def post(self, request: Request, uuid: UUID) -> Written:
        """Add one."""
        record = self.record(uuid)
        self.declared.may_write(self.actor, record)
        given = cast("dict[str, Any]", request.data)
        errors: dict[str, list[str]] = {}
        kind = self.kind(given.get(KIND, empty), errors)
        if errors:
            raise ValidationError(errors)
        form, _named = checked(self.actor, record, self.child, given, kind=kind)
        return Written(201, self.declared.add(self.actor, record, form).uuid)

    def added(self, request: Request, subject: UUID, uuid: UUID) -> Response:
        """The row, and where it is."""
        response = self.shown(request, subject, uuid)
        response["Location"] = response["Content-Location"]
        return response


class RowApart(RowsShown):
    """One row."""

    def operations(self) -> dict[str, Operation]:
        """Read, change, take out."""
        of_type, key = self.record_type.key, self.child.key
        shown = shown_serializer(of_type, key)
        problems = ("missing", "not-possible", "conflict", "stale", "version-needed")
        return {
            "GET": Operation(
                f"{key}_one", _("Read one, with all that hangs on it"), shown, problems=("missing",)
            ),
            "PATCH": Operation(
                f"{key}_change", _("Change the fields that you name"), shown,
                takes=written_serializer(of_type, key), writes=True, version="needed", problems=problems,
            ),
            "DELETE": Operation(
                f"{key}_remove", _("Take it out"), None, 204, writes=True,
                version="needed", problems=problems,
            ),
        }  # fmt: skip

    def get(self, request: Request, uuid: UUID, item: UUID) -> Response:
        """The row, with its tag."""
        return self.shown(request, item, uuid)

    @once("shown")
    def patch(self, request: Request, uuid: UUID, item: UUID) -> Written:
        """Change what the body names."""
        record, given = self.record(uuid), cast("dict[str, Any]", request.data)
        row = self.locked(request, record, item)
        if given.get(KIND, row.kind) != row.kind:
            raise ValidationError({KIND: [_now("This cannot be changed afterwards.")]})
        form, named = checked(self.actor, record, self.child, given, kind=row.kind, row=row)
        try:
            self.declared.change(self.actor, record, row, form, named)
        except StaleRecord as lost:
            raise ApiProblem("stale", str(lost.message)) from lost
        return Written(200, row.uuid)

    @once("gone")
    def delete(self, request: Request, uuid: UUID, item: UUID) -> Written:
        """Take it out."""
        record = self.record(uuid)
        self.declared.remove(self.actor, record, self.locked(request, record, item))
        return Written(204)

    def gone(self, request: Request, subject: UUID | None, uuid: UUID, item: UUID) -> Response:
        """Nothing."""
        return Response(status=204)
