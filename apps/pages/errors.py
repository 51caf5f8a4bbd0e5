"""Refusals of the kernel in the words and the status codes of pages.

The one place where they are translated.
"""

from __future__ import annotations

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms import BaseForm

from apps.records.errors import (
    DutyConflict,
    IllegalTransition,
    Incomplete,
    NotPermitted,
    RecordError,
    StaleRecord,
)
from apps.records.registry import RecordType

_STATUS: dict[type[Exception], int] = {
    StaleRecord: 409,
    IllegalTransition: 409,
    NotPermitted: 403,
    DutyConflict: 403,
    Incomplete: 422,
}
UNPROCESSABLE = 422


def status_of(error: RecordError | ValidationError) -> int:
    """The HTTP status that answers a refusal: 409 lost race, 403 not allowed, 422 something to mend."""
    return _STATUS.get(type(error), UNPROCESSABLE)


def errors_of(error: RecordError | ValidationError) -> dict[str, list[str]]:
    """The refusal by field; under NON_FIELD_ERRORS what belongs to none."""
    if isinstance(error, Incomplete):
        return {name: [str(text) for text in texts] for name, texts in error.errors.items()}
    if isinstance(error, RecordError):
        return {NON_FIELD_ERRORS: [str(error.message)]}
    if hasattr(error, "error_dict"):
        return {name: list(map(str, texts)) for name, texts in error.message_dict.items()}
    return {NON_FIELD_ERRORS: [str(text) for text in error.messages]}


def put(form: BaseForm, error: RecordError | ValidationError, record_type: type[RecordType]) -> None:
    """Show a refusal on a form: at its field where the form has it, else above, led by the field's label."""
    for name, texts in errors_of(error).items():
        for text in texts:
            if name in form.fields:
                form.add_error(name, text)
            elif name == NON_FIELD_ERRORS:
                form.add_error(None, text)
            else:
                form.add_error(None, f"{label_of(record_type, name)}: {text}")


def label_of(record_type: type[RecordType], name: str) -> str:
    """What people call a field, a child table or a section of the type;
    the plain name when it is none of them.
    """
    for section in record_type.sections:
        for child in section.children:
            if child.key == name:
                return str(child.label)
        if section.key == name:
            return str(section.label)
    found = str(record_type.field_label(record_type.model._meta.db_table, name))
    if found == name:
        found = str(record_type.field_label("records_record", name))
    return found[:1].upper() + found[1:]
