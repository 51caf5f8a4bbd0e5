"""Ten thousand readers of one announcement: the roll stays one query, and its page stays a page."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.announcements import selectors
from apps.announcements.models import Announcement
from apps.mission.models import Holding, Organisation, Position
from apps.need_to_know.roll_call import Page
from cimic_portal.embedded import provision
from tests.cast.rows import door
from tests.factories.announcements import emergency_file, now, take
from tests.factories.staff import Staff, staff_make
from tests.unit.announcements.test_cap import client_of

PEOPLE, HOUSES, READ = 10_000, 100, 6_000
# It takes 0.2 s on two free cores. A roll that loads every reader into a page, or asks for each, takes far longer.
SECONDS = 3.0


@pytest.fixture(scope="module")
def crowd(committed_db_module: str, django_db_blocker: Any) -> Iterator[tuple[Staff, Announcement]]:
    """A mission with ten thousand people, and an emergency that six thousand of them have read."""
    from tests.conftest import SERVERS

    with django_db_blocker.unblock():
        staff = staff_make()
        posts = []
        for number in range(HOUSES):
            house = Organisation.objects.create(
                mission=staff.mission, name=f"House {number:03}", org_type="441", side="humanitarian"
            )
            posts.append(
                Position.objects.create(mission=staff.mission, organisation=house, title="Field staff")
            )
        people = User.objects.bulk_create(
            User(email=f"crowd{number}@crowd.invalid", name=f"Person {number:05}", password="!")
            for number in range(PEOPLE)
        )
        since = timezone.now() - timedelta(days=1)
        Holding.objects.bulk_create(
            Holding(position=posts[number % HOUSES], person=person, starts=since)
            for number, person in enumerate(people)
        )
        announcement = take(staff, emergency_file(staff), "joc", "issue")
        with door(SERVERS.url(committed_db_module, "")) as cursor:
            cursor.execute(
                "INSERT INTO announcements_acknowledgement (announcement_id, edition, person_id, at)"
                " SELECT %s, 1, u.id, now() FROM accounts_user u WHERE u.email LIKE 'crowd%%' ORDER BY u.id LIMIT %s",
                [announcement.pk, READ],
            )
        with provision.connected(SERVERS.url(committed_db_module, provision.OWNER)) as cursor:
            cursor.execute("ANALYZE")
        yield staff, announcement


def quickly(what: Callable[[], Any]) -> Any:
    """What it gives, within the time."""
    began = time.perf_counter()
    found = what()
    assert time.perf_counter() - began < SECONDS
    return found


def test_the_roll_loads_one_page_of_them(crowd: tuple[Staff, Announcement]) -> None:
    staff, announcement = crowd
    with staff.acting("joc") as actor:
        record = now(announcement)
        with CaptureQueriesContext(connection) as asked:
            found = quickly(lambda: selectors.read_by(actor, record, Page()))
        assert len(asked) == 2
        # Everybody of the mission but its auditor: the crowd, and fourteen who are there anyhow.
        assert (found.done, found.missing) == (READ + 1, PEOPLE - READ + 13)
        assert (len(found.absent), found.more) == (50, True)
        assert len(found.organisations) >= HOUSES
        last = quickly(lambda: selectors.read_by(actor, record, Page(after=("House 099", "Person 09990", 0))))
        assert last.absent[0].name == "Person 09999"


def test_its_page_stays_small(crowd: tuple[Staff, Announcement]) -> None:
    staff, announcement = crowd
    client = client_of(staff, "joc")
    address = reverse("announcements:acknowledgements", kwargs={"uuid": announcement.uuid})
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        answer = quickly(lambda: client.get(address, headers={"accept-encoding": "gzip"}))
    assert answer.status_code == 200
    assert len(asked) <= 20
    assert len(answer.content) < 8_000


def test_the_button_is_quick(crowd: tuple[Staff, Announcement]) -> None:
    staff, announcement = crowd
    client = client_of(staff, "req")
    address = reverse("announcements:acknowledge", kwargs={"uuid": announcement.uuid})
    client.get("/")
    assert quickly(lambda: client.post(address, {"edition": "1"})).status_code == 302
