"""System checks: a record type without one of its surfaces does not start."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.urls import NoReverseMatch, reverse

from apps.records.field_rules import withheld_names
from apps.records.registry import RecordType, all_types

_KWARGS: dict[str, dict[str, str]] = {
    "transition": {"name": "x"},
    "edit": {"step": "x"},
    "attachment": {"attachment": "00000000-0000-4000-8000-000000000000"},
}
_WITHOUT_RECORD = {"list", "new", "export", "preview", "share-many"}


def _column_errors(declared: type[RecordType]) -> list[CheckMessage]:
    from apps.records.models import Record

    found: list[CheckMessage] = []
    named = [column.field for column in declared.columns] + [chosen.field for chosen in declared.filters]
    known = {field.name for field in Record._meta.get_fields()}
    for path in named:
        if path.split("__")[0] not in known:
            found.append(Error(f"{declared.key}: “{path}” is no column of Record", id="records.E002"))
    for section in declared.sections:
        for name in section.fields:
            try:
                declared.model._meta.get_field(name)
            except FieldDoesNotExist:
                found.append(Error(f"{declared.key}: no field “{name}” in {section.key}", id="records.E003"))
    return found


def _search_errors(declared: type[RecordType]) -> list[CheckMessage]:
    """What is searched is text that every reader of the record reads."""
    found: list[CheckMessage] = []
    for searched in declared.search:
        try:
            model, _column = declared.searched_table(searched)
            columns = [model._meta.get_field(name) for name in searched.fields]
        except (LookupError, FieldDoesNotExist) as error:
            found.append(Error(f"{declared.key} searches what is not there: {error}", id="records.E005"))
            continue
        for column in columns:
            held: Any = column.output_field if isinstance(column, models.GeneratedField) else column
            if not isinstance(held, models.CharField | models.TextField) or held.choices:
                found.append(Error(f"{declared.key} searches “{column.name}”, no text", id="records.E005"))
            # SECURITY: a word found tells of a field as surely as the field itself.
            elif not searched.child and column.name in withheld_names(declared.field_rules):
                found.append(
                    Error(f"{declared.key} searches “{column.name}”, which it withholds", id="records.E005")
                )
    return found


@register()
def record_types_are_whole(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Every declared type has its model, workflow, columns, sections and every page."""
    found: list[CheckMessage] = []
    for declared in all_types():
        for name in (
            "model",
            "plural",
            "url_namespace",
            "reference_prefix",
            "label",
            "label_plural",
            "nav_group",
            "workflow",
        ):
            if not hasattr(declared, name):
                found.append(Error(f"{declared.__name__} does not say its {name}", id="records.E001"))
        for name in ("columns", "filters", "sections"):
            if not getattr(declared, name):
                found.append(Error(f"{declared.key} declares no {name}", id="records.E001"))
        if declared.role_positions.__func__ is RecordType.role_positions.__func__:  # type: ignore[attr-defined]
            found.append(Error(f"{declared.key} does not say who holds a role", id="records.E001"))
        found += _column_errors(declared)
        found += _search_errors(declared)
        for page in declared.surfaces.pages:
            kwargs_ = {} if page in _WITHOUT_RECORD else {"uuid": "00000000-0000-4000-8000-000000000000"}
            try:
                reverse(f"{declared.url_namespace}:{page}", kwargs={**kwargs_, **_KWARGS.get(page, {})})
            except NoReverseMatch:
                found.append(Error(f"{declared.key} has no page “{page}”", id="records.E004"))
    return found
