"""Writing rows that stand apart from their record: JSON as their form reads it. The form itself checks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from apps.api.apart import rows_of
from apps.api.form_bodies import Errors, filled
from apps.records.actors import Actor
from apps.records.registry import Child


def checked(
    actor: Actor, record: Any, child: Child, given: Mapping[str, Any], *, kind: str, row: Any = None
) -> tuple[Any, set[str]]:
    """(the valid form of a row, the fields that were given). ValidationError by field, for unknown names too.

    What is not given is as it stands, or as a new row begins. What is only read may be sent back, and is passed over.
    """
    declared = rows_of(child)
    said, errors = declared.kinds[kind], Errors()
    blank: Any = declared.form(actor, record, kind, row)
    known = {"id", "url", "kind", *declared.fixed, *said.told, *(under.key for under in said.under)}
    wanted: dict[str, Any] = {}
    for name, value in given.items():
        if name in said.written and name in blank.fields:
            wanted[name] = value
        elif name in said.written:
            if value != getattr(blank.instance, name, None):
                errors[name] = [_("This cannot be said now.")]
        elif name not in known:
            errors[str(name)[:60]] = [_("There is no such field.")]

    def make(data: Any) -> Any:
        return blank if data is None else declared.form(actor, record, kind, row, data)

    return filled(make, wanted, named=declared.named, errors=errors)
