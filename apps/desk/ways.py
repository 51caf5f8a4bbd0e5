"""The desk's own entry of the navigation."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.pages.navigation import Entry, register_entry
from apps.records.actors import Actor
from apps.records.groups import NavGroup


@register_entry(NavGroup.DESK)
def desk(actor: Actor) -> Entry:
    """Home, for everybody; every other address lies below it."""
    return Entry(_("Desk"), reverse("desk:home"), "home", alone=True)
