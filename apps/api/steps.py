"""Forms of workflow steps for programs: what a step needs, as JSON, and JSON as what its form reads.

The form itself checks; nothing is checked twice here but the JSON types that forms do not know.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from apps.api.codes import CODES, code_of, find
from apps.pages.forms import with_note
from apps.records.actors import Actor
from apps.records.transitions import Offer
from apps.records.workflow import Transition

NOTE = "note"
_CHOICES_MOST = 500
# The first that fits names the type of the value that a field takes.
_TYPES: tuple[tuple[type[forms.Field], str], ...] = (
    (forms.NullBooleanField, "boolean"),
    (forms.BooleanField, "boolean"),
    (forms.ModelMultipleChoiceField, "codes"),
    (forms.ModelChoiceField, "code"),
    (forms.MultipleChoiceField, "choices"),
    (forms.ChoiceField, "choice"),
    (forms.DateTimeField, "date-time"),
    (forms.DateField, "date"),
    (forms.DecimalField, "number"),
    (forms.FloatField, "number"),
    (forms.IntegerField, "integer"),
    (forms.EmailField, "email"),
)


def form_of(step: Transition, actor: Actor, record: Any, data: Any = None) -> forms.Form:
    """The step's form with its note, bound when there is data; files go to the record's attachments instead."""
    made: Any = with_note(None if step.form is None else step.form(), required=step.note_required)
    form: forms.Form = made(data, None, actor=actor, record=record)
    for name in [name for name, field in form.fields.items() if isinstance(field, forms.FileField)]:
        del form.fields[name]
    return form


def offer_json(offer: Offer, actor: Actor, record: Any) -> dict[str, Any]:
    """A step that is open to the actor now, and what it needs."""
    step = offer.step
    fields = form_of(step, actor, record).fields
    return {
        "name": step.name,
        "label": str(step.label),
        "help": str(step.help),
        "target": step.target or record.state,
        "as": str(offer.position.uuid),
        "fields": [field_json(name, field) for name, field in fields.items()],
    }


def field_json(name: str, field: forms.Field) -> dict[str, Any]:
    """A field: its name, words, type, whether it must be given, and its choices."""
    said: dict[str, Any] = {
        "name": name,
        "label": str(field.label or name),
        "type": next((kind for of, kind in _TYPES if isinstance(field, of)), "text"),
        "required": field.required,
        "help": str(field.help_text or ""),
    }
    if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
        rows = field.queryset[:_CHOICES_MOST]
        said["choices"] = [{"value": code_of(row), "label": field.label_from_instance(row)} for row in rows]
    elif isinstance(field, forms.ChoiceField):
        said["choices"] = [
            {"value": v, "label": str(text)} for v, text in _flat(field.choices) if v not in ("", None)
        ]
    for limit in ("max_length", "min_value", "max_value"):
        if getattr(field, limit, None) is not None:
            said[limit] = getattr(field, limit)
    return said


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    made: list[tuple[Any, Any]] = []
    for value, text in choices:
        made += list(text) if isinstance(text, list | tuple) else [(value, text)]
    return made


def clean(step: Transition, actor: Actor, record: Any, given: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """(cleaned data of the step's form, note). ValidationError by field, for unknown names too."""
    errors: dict[str, list[str]] = {}
    fields = form_of(step, actor, record).fields
    data: dict[str, Any] = {}
    for name, value in given.items():
        if name in fields:
            data[name] = readable(fields[name], value, name, errors)
        else:
            errors[str(name)[:60]] = [_("There is no such field.")]
    form = form_of(step, actor, record, data)
    if not form.is_valid():
        for name, texts in form.errors.items():
            errors.setdefault(name, [str(text) for text in texts])
    if errors:
        raise ValidationError(errors)
    return form.cleaned_data, form.cleaned_data.get(NOTE, "")


def readable(field: forms.Field, value: Any, name: str, errors: dict[str, list[str]]) -> Any:
    """A JSON value as the form's widget would have sent it."""
    many = isinstance(field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField)
    if many and isinstance(value, list) and not any(isinstance(each, list | dict) for each in value):
        return [_one(field, each) for each in value]
    if many or isinstance(value, list | dict):
        errors[name] = [_("This must be a list of codes.") if many else _("This must be a single value.")]
        return None
    if isinstance(field, forms.BooleanField) and value is not None and not isinstance(value, bool):
        errors[name] = [_("This must be true or false.")]
        return None
    if isinstance(value, bool) and not isinstance(field, forms.BooleanField):
        errors[name] = [_("This must not be true or false.")]
        return None
    return _one(field, value)


def _one(field: forms.Field, value: Any) -> Any:
    if isinstance(field, forms.ModelChoiceField) and field.queryset is not None and value not in (None, ""):
        row = find(field.queryset, value) if field.queryset.model in CODES else None
        # WHY: "-" is no key of any row, so the form answers with its own words for a wrong choice.
        return "-" if row is None else getattr(row, field.to_field_name or "pk")
    if isinstance(field, forms.DateField | forms.DateTimeField) and value is not None:
        return str(value)  # a field of a form takes a number for text that it can strip
    return value
