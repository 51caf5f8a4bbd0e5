"""The way to one's own positions."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.pages.navigation import Entry, register_own_entry
from apps.records.actors import Actor


@register_own_entry
def positions(actor: Actor) -> Entry:
    """Where one hands over, and names who stands in."""
    return Entry(_("My positions"), reverse("desk:positions"), "user")
