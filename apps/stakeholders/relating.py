"""Relations between organisations: adding one and taking it back. Both ends are read by whoever sees it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.records.actors import Actor
from apps.records.transitions import refusals
from apps.stakeholders.fields import StakeholderField
from apps.stakeholders.models import Relation, Stakeholder
from apps.stakeholders.vocabulary import RelationKind


class RelationForm(forms.Form):
    """What this organisation is to which other."""

    kind = forms.ChoiceField(
        label=_("This organisation"),
        choices=[(kind.value, kind.label) for kind in RelationKind if kind != RelationKind.MERGED_INTO],
    )
    target = StakeholderField(
        label=_("The other organisation"), help_text=_("A part of its name, or its reference.")
    )

    def __init__(self, data: Any = None, *, actor: Actor, record: Stakeholder) -> None:
        self.record = record
        super().__init__(data)
        field: Any = self.fields["target"]
        field.for_actor(actor)

    def clean_target(self) -> Stakeholder:
        """Another organisation than this one."""
        target: Stakeholder = self.cleaned_data["target"]
        if target.pk == self.record.pk:
            raise ValidationError(_("This is the organisation itself. Name another one."))
        return target


def relation_add(actor: Actor, *, source: Stakeholder, target: Stakeholder, kind: str) -> Relation:
    """Say what `source`, which the actor keeps, is to `target`, which they can read; twice is once.

    NotPermitted where the source is not theirs to change.
    """
    assert actor.user is not None
    with refusals():
        made, _new = Relation.objects.get_or_create(
            source=source, target=target, kind=kind, defaults={"author": actor.user}
        )
    return made


def relation_remove(actor: Actor, *, record: Stakeholder, kind: str, target: str) -> int:
    """Take a relation of the record to the one with that UUID back; how many there were. Nothing happens to what is
    not theirs, and a merger stays.
    """
    try:
        other = UUID(target)
    except ValueError:
        return 0
    rows = Relation.objects.filter(source=record, kind=kind, target__uuid=other)
    return rows.exclude(kind=RelationKind.MERGED_INTO).delete()[0]
