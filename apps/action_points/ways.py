"""The way from a record to an action point that arises from it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.action_points.services import NO_SOURCE
from apps.pages.onward import Way, register_way
from apps.records.actors import Actor

#: What names the source in the address of a new one.
FROM = "from"


@register_way
def make_one(actor: Actor, record: Any) -> Way | None:
    """From every record but what is told to many, and action points themselves."""
    if record.type in NO_SOURCE:
        return None
    return Way(
        _("Make an action point of it"),
        f"{reverse('action_points:new')}?{FROM}={record.uuid}",
        "check-circle",
    )
