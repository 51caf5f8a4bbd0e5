"""Filing and editing a whole record with its rows, through the services that pages use."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from apps.mission.models import Organisation, Position
from apps.records.actors import Actor
from apps.records.default_labels import default_label
from apps.records.errors import NotPermitted
from apps.records.originators import FiledAs, ways_to_file
from apps.records.registry import Child, RecordType
from apps.records.services import record_file, record_update


def record_file_whole(actor: Actor, record_type: type[RecordType], values: dict[str, Any]) -> Any:
    """File a record with its rows; a part of the label that is left out is the mission's default for the type.

    NotPermitted; ValidationError by field.
    """
    values = default_label(actor, record_type.key) | values
    filed_as = way_named(
        actor, record_type, values.pop("author_position", None), values.pop("originator", None)
    )
    rows = _take_rows(record_type, values)
    record = record_file(
        actor, record=record_type.model(**values), position=filed_as.position, originator=filed_as.originator
    )
    for child, wanted in rows:
        rows_replace(actor, record, child, wanted)
    return record


def way_named(
    actor: Actor, record_type: type[RecordType], position: Position | None, originator: Organisation | None
) -> FiledAs:
    """The way to file that a position, an organisation, both or neither name; for one's own organisation by default.

    NotPermitted for a position that may not file the type; ValidationError at `originator` where none may for it.
    """
    ways = ways_to_file(actor, record_type)
    if position is not None:
        ways = [way for way in ways if way.position == position]
    if not ways:
        raise NotPermitted
    if originator is None:
        found = next((way for way in ways if not way.on_behalf), None)
        message = _("Name the organisation for which you file it: your position does not file for its own.")
    else:
        found = next((way for way in ways if way.originator == originator), None)
        message = _("You may not file for this organisation now.")
    if found is None:
        raise ValidationError({"originator": [message]})
    return found


def record_update_whole(
    actor: Actor, record: Any, values: dict[str, Any], *, expected_version: int | None
) -> Any:
    """Change fields and replace the child tables that are named, as one edit. StaleRecord on a lost race."""
    values = dict(values)
    rows = _take_rows(record.record_type, values)
    record_update(actor, record=record, changes=values, expected_version=expected_version)
    for child, wanted in rows:
        rows_replace(actor, record, child, wanted)
    return record


def _take_rows(
    record_type: type[RecordType], values: dict[str, Any]
) -> list[tuple[Child, list[dict[str, Any]]]]:
    return [(child, values.pop(child.key)) for child in record_type.rows_together() if child.key in values]


def rows_replace(actor: Actor, record: Any, child: Child, wanted: list[dict[str, Any]]) -> None:
    """Make the rows of a child table those wanted, in their order. ValidationError, by field, for what may not be.

    WHY: rows that stay as they were are left alone, so that the history tells only what changed.
    """
    for values in wanted:
        _check(actor, record, child, values)
    present = list(child.model._default_manager.filter(**{child.relation: record.pk}).order_by("pk"))
    for row, values in zip(present, wanted, strict=False):
        before = {name: getattr(row, name) for name in child.fields}
        after = {name: values.get(name, _default(child.model, name)) for name in child.fields}
        if before != after:
            for name, value in after.items():
                setattr(row, name, value)
            row.save()
    surplus = [row.pk for row in present[len(wanted) :]]
    if surplus:
        child.model._default_manager.filter(pk__in=surplus).delete()
    for values in wanted[len(present) :]:
        child.model._default_manager.create(**{f"{child.relation}_id": record.pk}, **values)


def _check(actor: Actor, record: Any, child: Child, values: dict[str, Any]) -> None:
    if child.open_to is not None and not child.open_to(actor, record):
        raise NotPermitted
    if child.check is not None:
        try:
            child.check(actor, record, child.model(**values))
        except ValidationError as wrong:
            raise ValidationError({child.key: wrong.messages}) from wrong


def _default(model: type[models.Model], name: str) -> Any:
    column = model._meta.get_field(name)
    return column.get_default()  # type: ignore[union-attr]
