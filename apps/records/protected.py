"""Protected data that a record or a file is said to hold: what its label must at least be, and who may say so.

The ceiling itself, that a barred side never reads it, is the database's.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from apps.mission.models import DataType, ProtocolLine, SharingProtocol
from apps.records.actors import Actor
from apps.records.models import Record

FLOORED = ("classification", "sensitivity")


def floor_errors(record: Record, data_types: Iterable[int]) -> dict[str, list[str]]:
    """Where the record's label is below what the protocol in force asks of such data; by field of the label."""
    held = sorted(set(data_types))
    if not held:
        return {}
    lines = ProtocolLine.objects.filter(
        protocol__mission_id=record.mission_id, protocol__state=SharingProtocol.State.IN_FORCE,
        data_type_id__in=held,
    ).select_related("data_type")  # fmt: skip
    errors: dict[str, list[str]] = {}
    for line in lines:
        for name in FLOORED:
            if getattr(record, name) < getattr(line, name):
                errors.setdefault(name, []).append(
                    _("“%(data)s” is at least “%(least)s” under the sharing protocol of this mission.")
                    % {"data": line.data_type.name, "least": getattr(line, f"get_{name}_display")()}
                )
    return errors


def floor_check(record: Record) -> None:
    """Refuse a label below what the protocol in force asks of the protected data that the record holds."""
    if errors := floor_errors(record, record.data_types):
        raise ValidationError(errors)


def file_check(actor: Actor, record: Record, data_types: Iterable[int]) -> None:
    """Refuse protected data in a file: of an unknown kind, barred to the actor, or under too low a label."""
    held = set(data_types)
    if not held:
        return
    if held - set(DataType.objects.filter(mission=actor.mission, pk__in=held).values_list("pk", flat=True)):
        raise ValidationError({"data_types": [_("This mission does not know this kind of data.")]})
    if held & set(actor.barred):
        raise ValidationError(
            {"data_types": [_("Your side does not handle this data. Do not attach the file.")]}
        )
    errors = [text for texts in floor_errors(record, held).values() for text in texts]
    if errors:
        raise ValidationError({"data_types": [*errors, _("Raise the label of the record first.")]})
