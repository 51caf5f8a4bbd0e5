"""Where liaison is found: in the navigation, and the ways onward from an engagement."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.pages.navigation import Entry, register_entry
from apps.pages.onward import Way, register_way
from apps.records.actors import Actor
from apps.records.groups import NavGroup


@register_entry(NavGroup.LIAISON)
def who_to_call(actor: Actor) -> Entry | None:
    """Whom to call in an area, for everybody."""
    return Entry(_("Whom to call"), reverse("liaison_offices:who-to-call"), "radio")


@register_entry(NavGroup.LIAISON)
def matrix(actor: Actor) -> Entry | None:
    """Who speaks to whom, for everybody."""
    return Entry(_("Liaison matrix"), reverse("liaison_offices:matrix"), "users")


# WHY: requests that follow from an engagement begin here, by the name of their address; a follow-up becomes an action
# point on the engagement's page, and the way to one that is none is on every record's page (`apps.action_points.ways`).
_FOLLOWS = (
    (_("Ask for aid"), "aid_requests:new", "handshake"),
    (_("Ask for information"), "information_requests:new", "info"),
)


def _way(label: Any, name: str, icon: str) -> Any:
    def find(actor: Actor, record: Any) -> Way | None:
        if record.type != "engagement" or record.state not in ("reported", "closed"):
            return None
        return Way(label, reverse(name), icon)

    return find


for _follows in _FOLLOWS:
    register_way(_way(*_follows))
