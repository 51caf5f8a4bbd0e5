"""Where groups and meetings are found: in the navigation, and the ways onward from their records."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.pages.onward import Way, register_way
from apps.records.actors import Actor


@register_way
def meeting_of_group(actor: Actor, record: Any) -> Way | None:
    """Calling a meeting, for whoever leads the group."""
    leads = record.type == "working_group" and record.state == "active" and {
        record.chair_id, record.co_chair_id, record.secretariat_id,
    } & set(actor.position_ids)  # fmt: skip
    if not leads:
        return None
    return Way(_("Call a meeting"), reverse("working_groups:call", kwargs={"uuid": record.uuid}), "calendar")
