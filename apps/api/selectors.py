"""Reads of the API: one record with everything that its type declares, in one query; lists with strict addresses."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.db.models import F, OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.http import QueryDict
from django.utils.translation import gettext as _

from apps.api.codes import path_to_code
from apps.api.serializers import row_fields
from apps.pages import cursors
from apps.pages.listing import PLACE, SORT, Listing
from apps.records.models import Record
from apps.records.registry import Child, RecordType

ROWS_MOST = 500


def bare(record_type: type[RecordType], uuid: UUID) -> Any:
    """The record, for services. ObjectDoesNotExist when there is none that the actor may know of."""
    return record_type.model._default_manager.select_related(*record_type.related()).get(uuid=uuid)


def whole(record_type: type[RecordType], uuid: UUID) -> Any:
    """The record with its structure and all its child rows as plain values; one query.

    ObjectDoesNotExist alike for what does not exist and for what the actor may not know of.
    """
    related = {*record_type.related(), "author"}
    for field in record_type.model._meta.concrete_fields:
        if field.is_relation and not field.remote_field.parent_link:  # type: ignore[union-attr]
            related.add(field.name)
    rows = {f"rows_{child.key}": rows_of(child) for child in record_type.children()}
    return record_type.model._default_manager.select_related(*related).annotate(**rows).get(uuid=uuid)


def rows_of(child: Child) -> ArraySubquery:
    """The rows of one child table as JSON, in the order in which they were added."""
    parts: dict[str, Any] = {}
    for name in row_fields(child):
        column = child.model._meta.get_field(name)
        parts[name] = path_to_code(name, column.related_model) if column.is_relation else F(name)  # type: ignore[arg-type]
    rows = child.model._default_manager.filter(**{child.relation: OuterRef("pk")}).order_by("pk")
    return ArraySubquery(rows.values(row=JSONObject(**parts))[:ROWS_MOST])


class StrictListing(Listing):
    """The list that the pages show, for programs: what its address says wrong is an error and not overlooked."""

    def base(self) -> QuerySet[Record]:
        """All readable records of the type, with what a summary shows."""
        records = Record.objects.filter(mission=self.actor.mission, type=self.record_type.key)
        return records.select_related("originator", "sector", "area")

    def check(self) -> None:
        """ValidationError by parameter."""
        errors: dict[str, list[str]] = {}
        known = {*self.filterset.form.fields, PLACE, SORT}
        for name, given in self.query.lists():
            if name not in known:
                errors[name[:60]] = [_("There is no such parameter.")]
            elif any("\0" in value for value in given):
                errors[name] = [_("Null characters are not allowed.")]
        if not errors and not self.filterset.form.is_valid():
            errors = {name: [str(t) for t in texts] for name, texts in self.filterset.form.errors.items()}
        if (wanted := self.query.get(SORT)) and wanted != self.sort:
            sorts = sorted({column.sort for column in self.record_type.columns if column.sort})
            errors[SORT] = [_("Sort by one of: %(names)s; “-” in front turns it round.") % {"names": ", ".join(sorts)}]
        place_check(self.query, self.sort, errors)
        if errors:
            raise ValidationError(errors)  # type: ignore[arg-type]


def place_check(query: QueryDict, order: str, errors: dict[str, list[str]]) -> None:
    """Add an error for a cursor that is broken or belongs to another order."""
    if query.get(PLACE) and cursors.read(query[PLACE], order) is None:
        errors[PLACE] = [_("This cursor is not one of this list. Follow “next” and “previous”.")]
