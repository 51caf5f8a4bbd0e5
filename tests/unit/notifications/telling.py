"""Telling people by the database's own functions, without the relay's rules: for tests of what they then see."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from apps.aid_requests.models import AidRequest
from apps.mission.vocabulary import Role
from apps.need_to_know.grants import grant_give, grant_revoke, grants_of
from apps.notifications import herald
from apps.notifications.herald import Told
from apps.notifications.vocabulary import Reason
from apps.records.events import publish
from apps.records.models import Record
from tests.factories.aid_requests import request_file
from tests.factories.staff import Staff


def tell(
    staff: Staff, record: Record, *, by: str = "req", verb: str = "aid_request.comment", **people: Reason
) -> None:
    """Publish an event as somebody, and tell these people of it, if they read the record; all else is told nobody."""
    with staff.acting(by):
        event = publish(record, verb)
    while True:
        with herald.taking() as found:
            if found is None:
                return
            _actor, taken = found
            mine = people.items() if taken.event_id == event.pk else ()
            herald.tell([Told(staff.people[name].pk, reason) for name, reason in mine])


def confidential(staff: Staff, **changes: Any) -> AidRequest:
    """A request that its organisation alone reads, shared with `joc` for a time."""
    made = request_file(staff, scope="organisation", **changes)
    with staff.acting("req") as actor:
        grant_give(
            actor, record=made, to=staff.people["joc"], reason="For a week.",
            until=timezone.now() + timedelta(days=7),
        )  # fmt: skip
    return made


def take_back(staff: Staff, record: Record) -> None:
    """Revoke what was shared with `joc`."""
    with staff.acting("req") as actor:
        key = next(g.key for g in grants_of(record) if g.to == staff.people["joc"].name)
        grant_revoke(actor, record=record, key=key)


def operator(staff: Staff) -> str:
    """An administrator of the mission, by the name of the post."""
    # WHY: the staff outlives the test, and whoever was made in the last one is gone.
    staff.people.pop("adm", None)
    staff.post("adm", "support", Role.ADMIN)
    return "adm"
