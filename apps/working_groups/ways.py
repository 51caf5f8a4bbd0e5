"""Where groups and meetings are found: in the navigation, and the ways onward from their records."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.pages.onward import Way, register_way
from apps.records.actors import Actor
from apps.working_groups.positions import leads


@register_way
def meeting_of_group(actor: Actor, record: Any) -> Way | None:
    """Calling a meeting, for whoever leads the group."""
    if record.type != "working_group" or record.state != "active" or not leads(actor, record):
        return None
    return Way(_("Call a meeting"), reverse("working_groups:call", kwargs={"uuid": record.uuid}), "calendar")
