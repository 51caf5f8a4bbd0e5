"""Services of resources: offering them, asking for one for an activity, promising, declining, releasing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.joint_plans.contacts import contacts, in_words
from apps.joint_plans.models import JointPlan, Part, Promise, Resource
from apps.joint_plans.positions import SILENT
from apps.joint_plans.vocabulary import OffersTo, Promised
from apps.mission.models import Mission, Organisation, Position
from apps.records.actors import Actor
from apps.records.errors import IllegalTransition, NotPermitted
from apps.records.exercises import stands_apart
from apps.records.services import is_editor
from apps.records.transitions import refusals

#: States of a plan in which nothing can be asked for any more; the database holds to the same.
OVER = ("completed", "archived", "withdrawn")
_TAKEN = "23P01"  # exclusion_violation


# ---------------------------------------------------------------- what is offered
def resources_of(actor: Actor) -> QuerySet[Resource]:
    """What organisations offer to the actor's."""
    return Resource.objects.filter(mission=actor.mission).select_related("organisation", "keeper")


def offering(actor: Actor) -> QuerySet[Organisation]:
    """Organisations in whose name the actor offers: those of positions that read content."""
    held = Position.objects.filter(pk__in=actor.position_ids).exclude(roles__role__in=SILENT)
    return Organisation.objects.filter(pk__in=held.values("organisation_id"))


def keepers(actor: Actor, resource: Resource) -> QuerySet[Position]:
    """Positions that can promise it: of the actor's organisation, or of the one that gives it already."""
    ours = offering(actor)
    if resource.pk is not None:
        ours = ours.filter(pk=resource.organisation_id)
    rows = Position.objects.filter(mission=actor.mission, is_active=True, organisation__in=ours)
    return rows.exclude(roles__role__in=SILENT).select_related("organisation").order_by("title", "pk")


def resource_save(actor: Actor, *, resource: Resource) -> Resource:
    """Offer it, or change the offer. NotPermitted for another organisation's; ValidationError by field."""
    if not keepers(actor, resource).filter(pk=resource.keeper_id).exists():
        raise (
            NotPermitted
            if resource.pk is not None
            else ValidationError({"keeper": [_("Choose a position of your organisation.")]})
        )
    resource.mission = actor.mission
    if resource.pk is None:
        resource.organisation_id = resource.keeper.organisation_id
    if resource.opens_to != OffersTo.NAMED:
        resource.readers = []
    with refusals():
        resource.save()
    return resource


def is_ours(actor: Actor, resource: Resource) -> bool:
    """Whether the actor's organisation gives it."""
    return offering(actor).filter(pk=resource.organisation_id).exists()


# ---------------------------------------------------------------- asking
def days_of(mission: Mission, activity: Any) -> tuple[datetime | None, datetime | None]:
    """The days of an activity as moments in the mission's zone; the end is the beginning of the day after."""
    zone = ZoneInfo(mission.time_zone)

    def at(day: Any) -> datetime | None:
        return datetime.combine(day, time(0), zone) if day else None

    until = activity.ends_on + timedelta(days=1) if activity.ends_on else None
    return at(activity.starts_on), at(until)


def may_ask(actor: Actor, plan: JointPlan) -> None:
    """NotPermitted for whoever does not keep the plan; IllegalTransition where nothing can be asked for."""
    if not is_editor(actor, plan):
        raise NotPermitted
    if plan.state in OVER:
        raise IllegalTransition(_("The plan is over."))
    if stands_apart(actor, plan):
        raise IllegalTransition(_("What is real is not promised to an exercise."))


def promise_ask(
    actor: Actor, *, plan: JointPlan, part: Part, resource: Resource, starts: datetime, ends: datetime, note: str = "",
) -> Promise:  # fmt: skip
    """Ask for a resource for an activity. NotPermitted; ValidationError by field where it is promised then."""
    may_ask(actor, plan)
    if ends <= starts:
        raise ValidationError({"ends": [_("The end must lie after the beginning.")]})
    if not Resource.objects.filter(pk=resource.pk, is_active=True).exists():
        raise ValidationError({"resource": [_("This is not offered any more.")]})
    if _is_taken(resource, starts, ends):
        raise ValidationError({"starts": [taken_text(actor, resource, starts, ends)]})
    position = actor.positions[0] if actor.positions else None
    made = Promise(
        plan=plan, part=part, resource=resource, starts=starts, ends=ends, note=note.strip(), author=actor.user,
        position=position,
    )  # fmt: skip
    made.clean_fields(exclude=["author", "position"])
    with refusals():
        made.save()
    return made


def _is_taken(resource: Resource, starts: datetime, ends: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT joint_plans_taken(%s, %s, %s)", [resource.pk, starts, ends])
        return bool(cursor.fetchone()[0])


def taken_text(actor: Actor, resource: Resource, starts: datetime, ends: datetime) -> str:
    """That it is promised then; for what to whoever reads that plan, else with whom to coordinate.

    Whoever keeps the resource is told who asked for it; anybody else who keeps it.
    """
    promises = Promise.objects.filter(
        resource=resource, state=Promised.PROMISED, starts__lt=ends, ends__gt=starts
    )
    met = list(promises.order_by("starts", "pk")[:5])
    plans = {plan.pk: plan for plan in JointPlan.objects.filter(pk__in=[each.plan_id for each in met])}
    for each in met:
        if (plan := plans.get(each.plan_id)) is not None:
            return _("It is promised then, for %(reference)s, “%(title)s”.") % {
                "reference": plan.reference, "title": plan.title,
            }  # fmt: skip
    keeps = resource.keeper_id in actor.position_ids
    ask = met[0].position_id if keeps and met else resource.keeper_id
    return _("It is promised then. Coordinate with %(position)s.") % {
        "position": in_words(contacts(actor, [ask])[ask])
    }


# ---------------------------------------------------------------- promising
def asked_of(actor: Actor) -> QuerySet[Promise]:
    """What is asked, or was promised, of resources that positions of the actor keep."""
    rows = Promise.objects.filter(
        resource__keeper_id__in=actor.position_ids, resource__mission=actor.mission
    ).select_related("resource", "position")
    return rows.order_by("starts", "pk")


def asked_about(rows: Iterable[Promise]) -> list[tuple[Promise, JointPlan | None, Part | None]]:
    """What is asked for, with its plan and activity as far as the actor reads these: who keeps a resource may not."""
    rows = list(rows)
    plans = JointPlan.objects.in_bulk({row.plan_id for row in rows})
    parts = Part.objects.in_bulk({row.part_id for row in rows if row.plan_id in plans})
    return [(row, plans.get(row.plan_id), parts.get(row.part_id)) for row in rows]


def promise_settle(actor: Actor, *, promise: Promise, state: str, reason: str = "") -> Promise:
    """Promise, decline or release. NotPermitted, IllegalTransition; ValidationError by field.

    Raises ValidationError at `state` where it was promised for the same time, whoever was quicker.
    """
    now = Promise.objects.select_for_update().filter(pk=promise.pk).select_related(None).first()
    if now is None:
        raise ObjectDoesNotExist
    keeps = Resource.objects.filter(pk=now.resource_id, keeper_id__in=actor.position_ids).exists()
    if state not in open_steps(now, keeps):
        raise IllegalTransition(_("Somebody has settled this in the meantime."))
    if keeps and state != Promised.PROMISED and not reason.strip():
        raise ValidationError({"reason": [_("Say why.")]})
    now.state, now.reason = state, reason.strip()
    # SECURITY: keys are left out: whoever keeps the resource may not read the plan, and a check of it would tell.
    now.clean_fields(exclude=["plan", "part", "resource", "author", "position"])
    try:
        with refusals(), transaction.atomic():
            if not Promise.objects.filter(pk=now.pk).update(state=now.state, reason=now.reason):
                raise NotPermitted
    except IntegrityError as error:
        if getattr(error.__cause__, "pgcode", None) != _TAKEN:
            raise
        resource = Resource.objects.get(pk=now.resource_id)
        text = taken_text(actor, resource, now.starts, now.ends)
        raise ValidationError({"state": [text]}) from error
    return now


def open_steps(promise: Promise, keeps: bool) -> list[str]:
    """What can become of it next: for whoever keeps the resource, or for whoever asked."""
    if promise.state == Promised.ASKED:
        return [Promised.PROMISED, Promised.DECLINED] if keeps else [Promised.RELEASED]
    return [Promised.RELEASED] if promise.state == Promised.PROMISED else []


def promises_of(parts: Iterable[int]) -> list[Promise]:
    """What is asked for, for these parts, as the actor has it."""
    return list(Promise.objects.filter(part_id__in=list(parts)).order_by("starts", "pk"))
