"""Where presence is found in the navigation, beside the register itself."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.pages.navigation import Entry, register_entry
from apps.records.actors import Actor
from apps.records.groups import NavGroup


@register_entry(NavGroup.LIAISON)
def presence(actor: Actor) -> Entry:
    """Who does what, where, for everybody."""
    return Entry(_("Who does what, where"), reverse("stakeholders:presence"), "map-pin")
