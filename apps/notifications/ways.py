"""Ways to the pages of this room: the mark at the head of every page, one's own menu, a record's page."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.mission.vocabulary import Role
from apps.notifications.inbox import count_text, head_of
from apps.pages.heads import Alert, Mark, register_mark
from apps.pages.navigation import Entry, register_entry, register_own_entry
from apps.pages.onward import Way, register_way
from apps.records.actors import Actor
from apps.records.groups import NavGroup


@register_mark
def inbox(actor: Actor) -> Mark:
    """The inbox with what is unread; unread emergencies stand above the page."""
    found = head_of(actor)
    return Mark(
        label=_("Notifications"), url=reverse("notifications:inbox"), icon="bell", number=count_text(found.unread),
        said=ngettext("%(number)s unread", "%(number)s unread", found.unread)
        % {"number": count_text(found.unread) or "0"},
        part_url=reverse("notifications:head"),
        alerts=tuple(
            Alert(each.headline, reverse("notifications:open", args=[each.uuid]), _("Read and acknowledge"))
            for each in found.emergencies
        ),
    )  # fmt: skip


@register_own_entry
def preferences(actor: Actor) -> Entry:
    """How one is told."""
    return Entry(_("How I am told"), reverse("notifications:preferences"), "bell")


@register_entry(NavGroup.OVERSIGHT)
def operations(actor: Actor) -> Entry | None:
    """Only for administrators of the mission."""
    if not actor.has_role(Role.ADMIN):
        return None
    return Entry(_("Operation"), reverse("notifications:operations"), "radio")


@register_way
def follow(actor: Actor, record: Any) -> Way:
    """Follow or mute it, for whoever reads it."""
    return Way(_("Follow or mute"), reverse("notifications:follow", args=[record.uuid]), "bell", starts=False)
