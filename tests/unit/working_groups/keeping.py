"""Writing minutes in tests: as a service, and as the page sends them."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.test import Client
from django.urls import reverse

from apps.working_groups.minutes.saving import Saved, minute_save
from apps.working_groups.models import AgendaItem, Meeting
from tests.factories.groups import step
from tests.factories.staff import Staff


def signed_in(staff: Staff, name: str) -> Client:
    """A browser in which the holder of a post is signed in."""
    client = Client()
    client.force_login(staff.people[name])
    return client


def saved(
    staff: Staff,
    name: str,
    meeting: Meeting,
    item: AgendaItem | None,
    base: str,
    text: str,
    key: UUID | None = None,
) -> Saved:
    """What a save answers."""
    with staff.acting(name) as actor:
        return minute_save(
            actor, meeting=Meeting.objects.get(pk=meeting.pk), item=item.uuid if item else None, base=base, text=text,
            key=key or uuid4(),
        )  # fmt: skip


def minute_of(staff: Staff, item: AgendaItem) -> str:
    """What stands."""
    with staff.acting("cmc"):
        return AgendaItem.objects.get(pk=item.pk).minute


def post(
    client: Client, meeting: Meeting, item: AgendaItem | None, *, by_itself: bool = True, **data: Any
) -> Any:
    """Send a save as the page does."""
    where = {"uuid": meeting.uuid} | ({"item": item.uuid} if item else {})
    path = reverse("meetings:minute" if item else "meetings:summary", kwargs=where)
    return client.post(path, {"save": str(uuid4())} | data, headers={"X-Autosave": "1"} if by_itself else {})


def adopted(staff: Staff, meeting: Meeting, item: AgendaItem) -> None:
    """Adopt the minutes."""
    saved(staff, "cmc", meeting, item, "", "what was said")
    for name in ("end", "circulate", "adopt"):
        step(staff, meeting, "cmc", name)
