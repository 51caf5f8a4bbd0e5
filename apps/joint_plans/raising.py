"""What is raised from an activity: a request, an action point, a meeting; linked to it, with no less than its label."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.action_points.labels import least as least_of
from apps.joint_plans import rules
from apps.joint_plans.models import Activity, JointPlan, Part, PartLink
from apps.joint_plans.resources import days_of
from apps.joint_plans.vocabulary import PartKind
from apps.mission.vocabulary import Scope
from apps.records.actors import Actor
from apps.records.default_labels import default_label
from apps.records.models import Record
from apps.records.registry import by_key
from apps.records.services import is_editor
from apps.records.transitions import refusals
from apps.releases.labels import Label, highest, label_of

#: What names the activity in the address of a new record.
PART = "part"
#: Record type -> where one begins, and what the button says; the first room stands above this one.
_BEGIN = (
    ("aid_request", "aid_requests:new", gettext_lazy("Ask for aid")),
    ("action_point", "joint_plans:raise-action-point", gettext_lazy("Make an action point of it")),
    ("meeting", "joint_plans:raise-meeting", gettext_lazy("Call a meeting on it")),
)


@dataclass(frozen=True)
class Origin:
    """The activity from which something is raised, and its plan."""

    plan: JointPlan
    activity: Activity


def origin_of(actor: Actor, uuid: str) -> Origin | None:
    """The activity with that UUID; None alike for one that is hidden, that never was, and for none."""
    try:
        wanted = UUID(uuid)
    except ValueError:
        return None
    found = Activity.objects.filter(
        uuid=wanted, is_removed=False, kind=PartKind.ACTIVITY, of_plan__mission=actor.mission
    ).first()
    return Origin(JointPlan.objects.get(pk=found.of_plan_id), found) if found is not None else None


def least(origin: Origin, organisation_id: int) -> Label:
    """The label that something raised from the activity has at least, filed by that organisation.

    WHY: no audience of records is that of a narrow part; only what nobody else reads is surely no wider.
    """
    label = least_of(origin.plan, organisation_id)
    part: Part = origin.activity
    classification = max(label.classification, part.classification)
    scope = Scope.PRIVATE.value if part.is_narrow else label.scope
    return replace(label, classification=classification, scope=scope)


def begun_with(actor: Actor, type_key: str, origin: Origin, organisation_id: int) -> dict[str, Any]:
    """The label with which it begins: the mission's default for the type, but no less than that."""
    usual = label_of(Record(**default_label(actor, type_key)))
    found = highest([usual, least(origin, organisation_id)])
    assert found is not None
    return found.values()


def part_link(actor: Actor, *, origin: Origin, record: Record) -> PartLink:
    """Tie a record to the activity it was raised from. ValidationError where its label protects less; NotPermitted."""
    message = _("The activity that it arises from is protected more. Do not go below it.")
    below = label_of(record).below(least(origin, record.originator_id))
    if below:
        raise ValidationError({name: [message] for name in below})
    assert actor.user is not None
    with refusals():
        return PartLink.objects.create(
            plan=origin.plan, part_id=origin.activity.pk, record_id=record.pk, author=actor.user
        )


def raised_from(part: Part) -> list[Record]:
    """What was raised from a part, as far as the actor reads it."""
    links = PartLink.objects.filter(part_id=part.pk).values("record_id")
    return list(Record.objects.filter(pk__in=links).order_by("-created_at", "-pk"))


def shown(actor: Actor, plan: JointPlan, part: Part) -> dict[str, Any]:
    """What `joint_plans/_raised.html` draws on the page of an activity."""
    begins = []
    if is_editor(actor, plan) or rules.contributes(actor, plan):
        begins = [
            {"url": f"{reverse(name)}?{PART}={part.uuid}", "label": label}
            for key, name, label in _BEGIN
            if by_key(key).may_file(actor)
        ]
    return {
        "begins": begins,
        "raised": [
            {"url": r.record_type.url(r), "reference": r.reference, "title": r.title} for r in raised_from(part)
        ],
    }  # fmt: skip


class RaisedFromActivity:
    """Mixed into the page that starts a record: what the address names fills the form and is linked to it."""

    actor: Actor
    request: HttpRequest
    #: Whether the record is wanted by the activity's first day.
    dated = True

    @cached_property
    def origin(self) -> Origin | None:
        """The activity it arises from, or None."""
        return origin_of(self.actor, self.request.GET.get(PART, ""))

    @property
    def source(self) -> Record | None:
        """The plan, for pages that begin something from a record."""
        return self.origin.plan if self.origin else None

    def proposed(self) -> Any:
        """One on the place, sector and days of the activity, with no less than its label."""
        found = super().proposed()  # type: ignore[misc]
        if self.origin is None:
            return found
        ways = self.ways()  # type: ignore[attr-defined]
        begins = begun_with(self.actor, found.type, self.origin, ways[0].originator.pk if ways else 0)
        for name, value in begins.items():
            setattr(found, name, value)
        activity = self.origin.activity
        found.title = found.title or activity.title
        found.area_id, found.sector_id = activity.area_id, activity.sector_id
        if self.dated:
            found.needed_by = days_of(self.actor.mission, activity)[0]
        return found

    def intro(self) -> str:
        """What it arises from."""
        if self.origin is None:
            return str(super().intro())  # type: ignore[misc]
        said = _("It arises from %(reference)s, “%(title)s”, and has at least the label of that activity.")
        return said % {"reference": self.origin.plan.reference, "title": self.origin.activity.title}

    def file(self, record: Any, filed_as: Any) -> Any:
        """Store it, linked to the activity."""
        with transaction.atomic():
            filed = super().file(record, filed_as)  # type: ignore[misc]
            if self.origin is not None:
                part_link(self.actor, origin=self.origin, record=filed)
        return filed
