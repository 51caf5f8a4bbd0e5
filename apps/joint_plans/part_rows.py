"""Parts of a plan for programs: what those of each kind say, and the services that write them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from hashlib import sha256
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.joint_plans import parts
from apps.joint_plans.models import JointPlan, Part, Promise, Reading, Resource
from apps.joint_plans.part_forms import FORMS, PartForm, part_form
from apps.joint_plans.vocabulary import PartKind, Progress
from apps.mission.models import Organisation
from apps.records.actors import Actor
from apps.records.apart import Kind, Named, RowsApart, Under
from apps.records.errors import StaleRecord
from apps.records.models import Record

#: What comes to a part otherwise than by whoever writes it, and what its form takes beside its columns.
_TOLD: Mapping[str, tuple[str, ...]] = {
    PartKind.ACTIVITY: ("progress", "report", "reported_at"),
    PartKind.ASSUMPTION: ("tripped_at",),
    PartKind.DECISION_POINT: ("outcome", "decided_on"),
}
#: Of these, what is written over what was there before.
_OVERWRITTEN: Mapping[str, tuple[str, ...]] = {
    PartKind.ACTIVITY: ("progress", "report"),
    PartKind.DECISION_POINT: ("outcome", "decided_on"),
}
_BESIDE: Mapping[str, tuple[str, ...]] = {PartKind.ASSUMPTION: ("reference", "assumed")}
_UNDER: Mapping[str, tuple[Under, ...]] = {
    PartKind.INDICATOR: (
        Under(
            "readings", _("what it showed, the newest first"), Reading, "indicator",
            ("id", "on", "value", "note", "position", "at"), ("-on", "-id"),
        ),
    ),
    PartKind.ACTIVITY: (
        Under(
            "resources", _("resources that were asked for, and what became of it"), Promise, "part",
            (
                "id", "resource", "resource_id", "starts", "ends", "state", "note", "reason", "position", "at",
                "settled_at",
            ),
            ("-starts", "-id"),
            {"resource": Named(Resource, code="capability"), "resource_id": Named(Resource, column="resource")},
        ),
    ),
}  # fmt: skip
#: Fields that say one thing: whoever changes one of them has said all of them.
_TOGETHER = ({"opens_to", "readers"}, {"reference", "watch", "watched", "breaks_in"})


def _kind(kind: PartKind) -> Kind:
    fields = FORMS.get(kind, PartForm).Meta.fields
    return Kind(
        kind.label, parts.model_of(kind), (*fields, *_BESIDE.get(kind, ())), _TOLD.get(kind, ()), _UNDER.get(kind, ())
    )  # fmt: skip


class PlanParts(RowsApart):
    """The parts of a joint plan."""

    kinds: ClassVar = {kind.value: _kind(kind) for kind in PartKind}
    named: ClassVar = {
        "readers": Named(Organisation, key="group_id"),
        "supports": Named(Organisation),
        "objective": Named(Part, where=Q(is_removed=False)),
        "reference": Named(Record, column="watched", key="uuid", code="reference"),
    }
    fixed = ("code", "version")
    order = ("kind", "order", "id")

    @classmethod
    def rows(cls, record: JointPlan) -> QuerySet[Part]:
        """The parts of a plan that are there."""
        return Part.objects.filter(plan=record, is_removed=False)

    @classmethod
    def get(cls, record: JointPlan, uuid: UUID, *, lock: bool = False) -> Any:
        """A part with its details."""
        if lock:
            Part.objects.select_for_update().get(plan=record, uuid=uuid, is_removed=False)
        part = parts.part_get(record, uuid)
        part.plan = record
        return part

    @classmethod
    def tag(cls, row: Any) -> str:
        """Its version, and what comes to it without one: what was reported or decided, whether it is still assumed.

        WHY: a record elsewhere ends an assumption, and whoever leads an activity writes no part of the plan.
        """
        said_of_it = [f"{row.version}"]
        if row.kind == PartKind.ASSUMPTION:
            said_of_it.append(row.assumed)
        told = "\0".join(
            str(getattr(row, name)) for name in _OVERWRITTEN.get(row.kind, ()) if getattr(row, name)
        )
        if told not in ("", Progress.PLANNED):
            said_of_it.append(sha256(told.encode()).hexdigest()[:16])
        return "-".join(said_of_it)

    @classmethod
    def may_write(cls, actor: Actor, record: JointPlan) -> None:
        """Whoever keeps the plan, while it is open."""
        parts.may_write(actor, record)

    @classmethod
    def form(cls, actor: Actor, record: JointPlan, kind: str, row: Any = None, data: Any = None) -> PartForm:
        """The form that the pages have."""
        return part_form(actor, record, kind=kind, part=row, data=data)

    @classmethod
    def add(cls, actor: Actor, record: JointPlan, form: PartForm) -> Part:
        """Store a part at the end of its kind."""
        part = form.instance
        for name, value in form.mine().items():
            setattr(part, name, value)
        part.plan = record
        return parts.part_add(actor, part=part)

    @classmethod
    def change(
        cls, actor: Actor, record: JointPlan, row: Any, form: PartForm, named: Collection[str]
    ) -> None:
        """Change what is named, beside what others changed meanwhile."""
        touched = set(named)
        for group in _TOGETHER:
            touched |= group if touched & group else set()
        mine = {name: value for name, value in form.mine().items() if name in touched}
        if not mine:
            return
        try:
            parts.part_change(actor, part=row, base=parts.values_of(row, list(mine)), mine=mine)
        except parts.Clash as clash:
            raise StaleRecord from clash

    @classmethod
    def remove(cls, actor: Actor, record: JointPlan, row: Any) -> None:
        """Take it out; versions that have it keep it."""
        parts.part_remove(actor, part=row)
