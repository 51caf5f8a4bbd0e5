"""Writing rows that stand apart from their record: JSON as their form reads it. The form itself checks."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from apps.api.apart import rows_of
from apps.api.codes import CodeField
from apps.api.problems import WHOLE
from apps.api.steps import readable
from apps.records.actors import Actor
from apps.records.apart import Named
from apps.records.registry import Child

Errors = dict[str, list[str]]


def checked(
    actor: Actor, record: Any, child: Child, given: Mapping[str, Any], *, kind: str, row: Any = None
) -> tuple[Any, set[str]]:
    """(the valid form of a row, the fields that were given). ValidationError by field, for unknown names too.

    What is not given is as it stands, or as a new row begins. What is only read may be sent back, and is passed over.
    """
    declared = rows_of(child)
    said, errors = declared.kinds[kind], Errors()
    blank: Any = declared.form(actor, record, kind, row)
    data: dict[str, Any] = {}
    known = {"id", "url", "kind", *declared.fixed, *said.told, *(under.key for under in said.under)}
    for name, value in given.items():
        if name in said.written and name in blank.fields:
            data[name] = _read(blank.fields[name], value, declared.named.get(name), name, errors)
        elif name in said.written:
            if value != getattr(blank.instance, name, None):
                errors[name] = [_("This cannot be said now.")]
        elif name not in known:
            errors[str(name)[:60]] = [_("There is no such field.")]
    named = set(data)
    form: Any = declared.form(actor, record, kind, row, _as_it_stands(blank, named) | data)
    if not form.is_valid():
        for name, texts in form.errors.items():
            errors.setdefault(WHOLE if name == NON_FIELD_ERRORS else name, [str(text) for text in texts])
    if errors:
        raise ValidationError(errors)
    return form, named


def _as_it_stands(blank: Any, named: set[str]) -> dict[str, Any]:
    """The values of the fields that are not given, so that the form can weigh them together with those that are.

    WHY: one that would be refused (what it names is gone since) is left out: it is not written, and nobody's mistake.
    """
    found: dict[str, Any] = {}
    for name, field in blank.fields.items():
        if name in named or isinstance(field.widget, forms.HiddenInput):
            continue
        value = blank.get_initial_for_field(field, name)
        try:
            field.clean(value)
        except ValidationError:
            if not field.required:
                continue
        found[name] = value
    return found


def _read(field: forms.Field, value: Any, named: Named | None, name: str, errors: Errors) -> Any:
    """A JSON value as the form's widget would have sent it; what is wrong with it goes to the errors."""
    if named is not None and isinstance(field, forms.ChoiceField):
        return _keys(field, value, named, name, errors)
    if isinstance(field, forms.BooleanField) and not isinstance(value, bool):
        errors[name] = [_("This must be true or false.")]
        return None
    if isinstance(field, forms.DateTimeField) and isinstance(value, str):
        return _moment(value)
    return readable(field, value, name, errors)


def _moment(value: str) -> str | datetime:
    """A moment; without an offset it is taken as UTC, as everywhere in the API."""
    try:
        found = parse_datetime(value)
    except ValueError:
        return value
    if found is None:
        return value
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _keys(field: forms.ChoiceField, value: Any, named: Named, name: str, errors: Errors) -> Any:
    """The keys of rows that codes name, of those that the field offers.

    SECURITY: what it does not offer is as unknown as what there is not, and no answer names a key.
    """
    many = not isinstance(field, forms.ModelChoiceField)
    if many and not isinstance(value, list):
        errors[name] = [_("This must be a list of codes.")]
        return []
    if not many and value in (None, ""):
        return None
    wanted: set[UUID | None] = {None}
    with suppress(ValueError, AttributeError, TypeError):
        wanted = {UUID(code) for code in (value if many else [value])}
    rows = named.model._default_manager.filter(named.where, **{f"{named.code}__in": wanted - {None}})
    keys = [key for key in rows.order_by().values_list(named.key, flat=True) if _is_offered(field, key)]
    if len(keys) != len(wanted):
        errors[name] = [str(CodeField.default_error_messages["unknown"])]
        return [] if many else None
    return keys if many else keys[0]


def _is_offered(field: Any, key: Any) -> bool:
    if isinstance(field, forms.ModelChoiceField):
        return field.queryset is not None and field.queryset.filter(pk=key).exists()
    return bool(field.valid_value(str(key)))
