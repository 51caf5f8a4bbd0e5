"""What comes in keeps its label: a file marked higher than the record is not hung on it.

Not here: how a marking is found (`file_marking`) and understood (`label_reading`).
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from apps.mission.models import Compartment, DataType
from apps.mission.vocabulary import Classification, Sensitivity
from apps.records import exercises
from apps.records.actors import Actor
from apps.records.file_marking import label_of_file
from apps.records.label_reading import LabelRead
from apps.records.models import Record


def admit(actor: Actor, *, record: Record, name: str, data: bytes) -> list[int]:
    """Read the file's own marking against the record's label; the ids of the protected data that it says to hold.

    ValidationError, without a field, when the marking is higher, of another compartment, or of an exercise.
    """
    found = label_of_file(name, data)
    if found is None:
        return []
    _of_its_world(actor, found, record)
    if found.classification > record.classification or (found.sensitivity or 0) > record.sensitivity:
        raise ValidationError(_too_high(found, record))
    _of_its_compartments(actor, found, record)
    return _data_types(actor, found)


def _of_its_world(actor: Actor, found: LabelRead, record: Record) -> None:
    """Refuse a file of an exercise on real work, and the reverse."""
    if found.is_exercise is None or found.is_exercise == exercises.is_exercise(actor, record):
        return
    if record.is_exercise:
        raise ValidationError(_("This file belongs to real work; this record is an exercise."))
    raise ValidationError(
        _("This file belongs to an exercise; this mission is none.")
        if found.is_exercise
        else _("This file belongs to real work; this mission is an exercise.")
    )


def _too_high(found: LabelRead, record: Record) -> str:
    said = {
        "marking": found.words,
        "label": _label(Classification(record.classification), Sensitivity(record.sensitivity)),
    }
    if found.known:
        return (
            _(
                "This file is marked %(marking)s; the record is %(label)s. Raise the label of the record first, "
                "or leave the file out."
            )
            % said
        )
    top = _label(Classification.STRICTLY_CONFIDENTIAL, Sensitivity.SEVERE)
    return _(
        "This file is marked “%(marking)s”, which the portal does not know and so treats as %(top)s; "
        "the record is %(label)s."
    ) % {**said, "top": top}


def _label(classification: Classification, sensitivity: Sensitivity) -> str:
    return _("%(classification)s, of %(sensitivity)s sensitivity") % {
        "classification": str(classification.label).lower(),
        "sensitivity": str(sensitivity.label).lower(),
    }


def _of_its_compartments(actor: Actor, found: LabelRead, record: Record) -> None:
    """Refuse a file of compartments that the record is not of."""
    if not found.compartments:
        return
    rows = Compartment.objects.filter(mission=actor.mission, pk__in=record.compartments)
    missing = set(found.compartments) - set(rows.values_list("code", flat=True))
    if missing:
        raise ValidationError(
            _("This file belongs to compartments of which the record is not: %(codes)s.")
            % {"codes": ", ".join(sorted(missing))}
        )


def _data_types(actor: Actor, found: LabelRead) -> list[int]:
    """The protected data that the file says to hold; refused where the mission does not know the kind."""
    wanted = set(found.data_types)
    if not wanted:
        return []
    known = dict(DataType.objects.filter(mission=actor.mission, code__in=wanted).values_list("code", "pk"))
    if wanted - known.keys():
        raise ValidationError(
            _("This file holds protected data of a kind that this mission does not know: %(codes)s.")
            % {"codes": ", ".join(sorted(wanted - known.keys()))}
        )
    if set(known.values()) & set(actor.barred):
        raise ValidationError(_("This file says that it holds protected data that your side never reads."))
    return sorted(known.values())
