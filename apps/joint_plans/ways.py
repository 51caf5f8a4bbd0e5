"""Where resources are found in the navigation."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.pages.navigation import Entry, register_entry
from apps.records.actors import Actor
from apps.records.groups import NavGroup


@register_entry(NavGroup.COORDINATION)
def resources(actor: Actor) -> Entry | None:
    """What organisations can give, for everybody."""
    return Entry(_("Resources"), reverse("joint_plans:resources"), "box")
