"""What pages show of resources, of promises and of conflicts. Reads under the rule of whoever looks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.joint_plans import raising
from apps.joint_plans.contacts import in_words
from apps.joint_plans.deconfliction import PLACE, REQUEST, Conflicts
from apps.joint_plans.models import JointPlan, Part, Promise, Resource
from apps.joint_plans.record import JointPlanType
from apps.joint_plans.resources import OVER, asked_about, asked_of, open_steps, promises_of
from apps.joint_plans.shown import part_url
from apps.joint_plans.vocabulary import Promised
from apps.mission.models import Position
from apps.pages import values
from apps.pages.names import Names
from apps.records.actors import Actor
from apps.records.services import is_editor

_TONE = {Promised.ASKED: "waiting", Promised.PROMISED: "success", Promised.DECLINED: "stopped"}
DESK_MOST = 20


def badge_of(promise: Promise) -> dict[str, Any]:
    """Its state, for `state_badge`."""
    return {"label": promise.get_state_display(), "tone": _TONE.get(Promised(promise.state), "stopped")}


def resource_rows(actor: Actor, rows: Iterable[Resource]) -> list[dict[str, Any]]:
    """Resources with the names that the actor may know."""
    rows, names = list(rows), Names(actor)
    for row in rows:
        names.want_row(row)
    names.load()
    ours = {position.organisation_id for position in actor.positions}
    return [
        {
            "resource": row,
            "organisation": names.text(type(row.organisation), row.organisation_id),
            "keeper": names.text(Position, row.keeper_id),
            "url": reverse("joint_plans:resource-change", args=[row.uuid])
            if row.organisation_id in ours
            else "",
        }
        for row in rows
    ]


def asked_rows(actor: Actor, promises: Iterable[Promise]) -> list[dict[str, Any]]:
    """What is asked of the actor's resources: times and note; plan and activity as far as they read these."""
    found, names = asked_about(promises), Names(actor)
    names.want(Position, [row.position_id for row, _plan, _part in found])
    names.load()
    made = []
    for row, plan, part in found:
        made.append(
            {
                "promise": row,
                "resource": row.resource,
                "badge": badge_of(row),
                "by": names.text(Position, row.position_id),
                "plan": plan,
                "plan_url": JointPlanType.url(plan) if plan else "",
                "part": part,
                "part_url": part_url(plan, part) if plan and part else "",
                "url": reverse("joint_plans:promise", args=[row.uuid]) if open_steps(row, True) else "",
            }
        )
    return made


def waiting_items(actor: Actor) -> list[dict[str, Any]]:
    """What is asked of resources that the actor keeps, as the desk draws what waits for somebody."""
    rows = asked_of(actor).filter(state=Promised.ASKED)[:DESK_MOST]
    return [
        {
            "reference": "",
            "title": row.resource.capability,
            "url": reverse("joint_plans:promise", args=[row.uuid]),
            "state": badge_of(row),
            "text": _("Promise it or decline"),
            "clock": {"at": row.starts},
            "at": row.at,
            "priority": None,
            "organisation": "",
            "kind_label": row.resource.get_kind_display(),
        }
        for row in rows
    ]


def part_resources(actor: Actor, plan: JointPlan, part: Part) -> dict[str, Any]:
    """What `joint_plans/_promises.html` draws on the page of an activity."""
    rows, names = promises_of([part.pk]), Names(actor)
    resources = Resource.objects.in_bulk({row.resource_id for row in rows})
    names.want(Position, [each.keeper_id for each in resources.values()])
    names.load()
    keeps = is_editor(actor, plan) and plan.state not in OVER
    return {
        "promises": [
            {
                "promise": row,
                "name": resources[row.resource_id].capability
                if row.resource_id in resources
                else _("restricted"),
                "keeper": names.text(Position, resources[row.resource_id].keeper_id)
                if row.resource_id in resources
                else "",
                "badge": badge_of(row),
                "releases": keeps and Promised.RELEASED in open_steps(row, False),
            }
            for row in rows
        ],
        "resources_url": part_url(plan, part, "part-resources"),
        "may_ask": keeps,
    }


def activity_more(actor: Actor, plan: JointPlan, part: Part) -> dict[str, Any]:
    """What the page of an activity shows beside the part: resources asked for it, and what was raised from it."""
    return {**part_resources(actor, plan, part), **raising.shown(actor, plan, part)}


def conflict_rows(actor: Actor, plan: JointPlan, found: Conflicts) -> dict[str, Any]:
    """What `joint_plans/conflicts.html` draws."""
    names = Names(actor)
    for each in found.found:
        names.want_row(each.activity)
        names.want_row(each.other)
    names.load()
    return {
        "conflicts": [_row(plan, each, names) for each in found.found],
        "more": found.more,
        "hints": [
            {
                "activity": hint.activity,
                "url": part_url(plan, hint.activity),
                "positions": in_words(hint.positions),
            }
            for hint in found.hints
        ],
    }


def _row(plan: JointPlan, each: Any, names: Names) -> dict[str, Any]:
    made: dict[str, Any] = {
        "kind": each.kind, "activity": each.activity, "activity_url": part_url(plan, each.activity),
        "since": values.in_words(each.since), "until": values.in_words(each.until), "same_sector": each.same_sector,
    }  # fmt: skip
    if each.kind == REQUEST:
        declared = each.other.record_type
        return made | {
            "title": each.other.title, "url": declared.url(each.other), "reference": each.other.reference,
            "where": names.text(_area_model(each.other), each.other.area_id),
        }  # fmt: skip
    assert each.plan is not None
    made |= {"reference": each.plan.reference}
    if each.kind == PLACE:
        return made | {
            "title": each.other.title, "url": part_url(each.plan, each.other),
            "where": names.text(_area_model(each.other), each.other.area_id),
        }  # fmt: skip
    return made | {
        "title": f"{each.other.resource.capability}: {each.other.get_state_display()}",
        "url": JointPlanType.url(each.plan), "where": "",
    }  # fmt: skip


def _area_model(row: Any) -> Any:
    return row._meta.get_field("area").related_model
