"""Action points at any point of their life."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from apps.action_points.models import ActionPoint
from apps.action_points.services import action_point_draft
from apps.records.attachments import attachment_add
from apps.records.models import Record
from apps.records.transitions import transition
from tests.factories.canary import canary
from tests.factories.staff import Staff


def point_file(
    staff: Staff, *, by: str = "cim", owner: str = "unit", source: Record | None = None, **changes: Any
) -> ActionPoint:
    """A complete draft: the CIMIC officer gives it to a unit, of routine priority, unless said otherwise."""
    values: dict[str, Any] = {
        "title": canary("action"), "details": canary("details"), "priority": 3, "area": staff.area,
        "needed_by": timezone.now() + timedelta(days=4), "owner": staff.positions[owner],
    }  # fmt: skip
    with staff.acting(by) as actor:
        return action_point_draft(actor, record=ActionPoint(**values | changes), source=source)


def take(
    staff: Staff, point: ActionPoint, by: str, name: str, note: str = "Said so.", **data: Any
) -> ActionPoint:
    """Take a step as the holder of a post."""
    with staff.acting(by) as actor:
        now = ActionPoint.objects.get(pk=point.pk)
        transition(actor, record=now, name=name, data=data, note=note)
        return ActionPoint.objects.get(pk=point.pk)


def opened(staff: Staff, *, by: str = "cim", **changes: Any) -> ActionPoint:
    """One that its owner has."""
    return take(staff, point_file(staff, by=by, **changes), by, "open")


def claimed(staff: Staff, *, by: str = "cim", owner: str = "unit", **changes: Any) -> ActionPoint:
    """One that its owner calls done."""
    return take(staff, opened(staff, by=by, owner=owner, **changes), owner, "claim")


def attach(staff: Staff, point: ActionPoint, by: str) -> None:
    """Something that shows it, attached by the holder of a post."""
    with staff.acting(by) as actor:
        attachment_add(
            actor, record=ActionPoint.objects.get(pk=point.pk), name="shown.txt",
            content=SimpleUploadedFile("shown.txt", b"It stands there."),
        )  # fmt: skip
