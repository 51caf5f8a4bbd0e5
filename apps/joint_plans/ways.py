"""Where resources and conflicts are found: in the navigation, and the ways onward from a plan."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.joint_plans.resources import OVER
from apps.pages.navigation import Entry, register_entry
from apps.pages.onward import Way, register_way
from apps.records.actors import Actor
from apps.records.groups import NavGroup


@register_entry(NavGroup.COORDINATION)
def resources(actor: Actor) -> Entry | None:
    """What organisations can give, for everybody."""
    return Entry(_("Resources"), reverse("joint_plans:resources"), "box")


@register_way
def conflicts(actor: Actor, record: Any) -> Way | None:
    """What a plan meets in time, place and resource."""
    if record.type != "joint_plan" or record.state in OVER:
        return None
    url = reverse("joint_plans:conflicts", args=[record.uuid])
    return Way(_("Conflicts with other plans and requests"), url, "warning")
