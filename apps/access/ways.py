"""Ways to the pages of this room, for those to whom they are open."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.need_to_know.break_glass import emergency_positions
from apps.pages.navigation import Entry, register_entry, register_own_entry
from apps.records.actors import Actor
from apps.records.groups import NavGroup


@register_own_entry
def requests(actor: Actor) -> Entry:
    """What one asked for."""
    return Entry(_("My requests for access"), reverse("access:mine"), "key")


@register_entry(NavGroup.OVERSIGHT)
def emergency(actor: Actor) -> Entry | None:
    """Only for named emergency roles."""
    if not emergency_positions(actor):
        return None
    return Entry(_("Emergency access"), reverse("access:emergency"), "warning")


@register_entry(NavGroup.OVERSIGHT)
def audit(actor: Actor) -> Entry | None:
    """Only for auditors."""
    return Entry(_("Audit"), reverse("access:audit"), "history") if actor.audits else None
