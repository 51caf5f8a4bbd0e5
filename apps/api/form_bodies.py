"""Forms of the pages as bodies of calls: their shape for the document, and JSON as what they read.

The form itself checks, so that a rule has one place; here are the JSON types alone that forms do not know.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from rest_framework import serializers

from apps.api.codes import CodeField
from apps.api.problems import WHOLE
from apps.api.serializers import Moment
from apps.api.steps import readable
from apps.records.apart import Named

Errors = dict[str, list[str]]
AnyField = serializers.Field[Any, Any, Any, Any]


# ---------------------------------------------------------------- shapes
def body_serializer(
    name: str, form: type[forms.Form | forms.ModelForm], text: str, *, without: Collection[str] = (),
    partial: bool = False, **instead: AnyField,
) -> type[serializers.Serializer[Any]]:  # fmt: skip
    """The body that such a form reads, for the OpenAPI document; `instead` stands where the form knows more once made.

    A `partial` one changes what it names. A field that begins with a value need not be given.
    """
    made = {
        key: instead.get(key) or _shape(field, partial=partial)
        for key, field in form.base_fields.items()
        if key not in without
    }
    return type(name, (serializers.Serializer,), made | {"__doc__": text})


def _shape(field: forms.Field, *, partial: bool) -> AnyField:
    said: dict[str, Any] = {
        "required": field.required and field.initial in (None, "") and not partial, "label": field.label,
        "help_text": str(field.help_text) or None,
    }  # fmt: skip
    if isinstance(field, forms.BooleanField):
        return serializers.BooleanField(**said)
    if isinstance(field, forms.MultipleChoiceField):
        return serializers.ListField(child=serializers.UUIDField(), **said)
    if isinstance(field, forms.ModelChoiceField):
        return serializers.UUIDField(**said)
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        return serializers.ChoiceField(choices=[each for each in choices if each[0] != ""], **said)
    if isinstance(field, forms.DateTimeField):
        return Moment(**said)
    if isinstance(field, forms.DateField):
        return serializers.DateField(**said)
    if isinstance(field, forms.DecimalField):
        digits, places = field.max_digits, field.decimal_places
        return serializers.DecimalField(max_digits=digits, decimal_places=places, **said)
    if isinstance(field, forms.IntegerField):
        limits: dict[str, Any] = {"min_value": field.min_value, "max_value": field.max_value}
        return serializers.IntegerField(**limits, **said)
    assert isinstance(field, forms.CharField), field
    return serializers.CharField(max_length=field.max_length, allow_blank=not field.required, **said)


# ---------------------------------------------------------------- reading
def filled(
    make: Callable[[Any], Any], given: Mapping[str, Any], *, named: Mapping[str, Named] | None = None,
    errors: Errors | None = None,
) -> tuple[Any, set[str]]:  # fmt: skip
    """(the valid form, the fields that were given). ValidationError by field, for unknown names and `errors` too.

    `make` makes the form, bound where there is data. What is not given is as the form has it unbound.
    """
    blank, known = make(None), named or {}
    errors = Errors() if errors is None else errors
    data: dict[str, Any] = {}
    for name, value in given.items():
        field = blank.fields.get(name)
        if field is None or isinstance(field.widget, forms.HiddenInput):
            errors[str(name)[:60]] = [_("There is no such field.")]
        else:
            data[name] = _read(field, value, known.get(name), name, errors)
    form = make(_as_it_stands(blank, set(data)) | data)
    if not form.is_valid():
        for name, texts in form.errors.items():
            errors.setdefault(WHOLE if name == NON_FIELD_ERRORS else name, [str(text) for text in texts])
    if errors:
        raise ValidationError(errors)
    return form, set(data)


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
