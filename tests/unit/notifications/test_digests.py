"""Digests: at the reader's own hour, once a day, late when nothing ran, with what they may still read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from apps.mission.models import Position
from apps.notifications.digests import digests_open
from apps.notifications.mail import mail_drain
from apps.notifications.models import Notification, Preference, Subscription
from apps.notifications.relay import relay_drain
from apps.records import clock
from apps.records.models import Record
from apps.records.services import comment_add
from tests.cast.canaries import Canaries
from tests.factories.aid_requests import request_file, take
from tests.factories.mail import MailServer, everything_in, mail_server
from tests.factories.staff import Staff
from tests.unit.notifications.conftest import told

JUBA = ZoneInfo("Africa/Juba")
SEC = "sec@staff.invalid"


@pytest.fixture
def server() -> Iterator[MailServer]:
    """The mail server of this test."""
    cache.clear()
    with mail_server() as made:
        yield made


@pytest.fixture
def following(staff: Staff) -> Staff:
    """The security adviser lives in Juba, follows all requests and is mailed of them at eight in the morning."""
    person = staff.people["sec"]
    type(person).objects.filter(pk=person.pk).update(time_zone="Africa/Juba")
    Preference.objects.create(person=person, follow="daily", digest_hour=8)
    with staff.acting("sec") as actor:
        Subscription.objects.create(mission=actor.mission, person=actor.user, record_type="aid_request")
    return staff


def morning(hour: int, *, days: int = 1, minute: int = 0) -> datetime:
    """So many days from now, at that hour in Juba."""
    day = (timezone.now().astimezone(JUBA) + timedelta(days=days)).date()
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=JUBA)


def sweep(at: datetime) -> int:
    """The sweep and the sender at another time; how many digests were made."""
    with clock.at(at):
        made = digests_open()
    mail_drain()
    return made


def digests(server: MailServer) -> list[EmailMessage]:
    """Digests that arrived for the security adviser."""
    return [mail for mail in server.to(SEC) if "digest" in str(mail["Subject"])]


def test_it_comes_at_the_readers_hour_and_once(following: Staff, server: MailServer) -> None:
    sweep(morning(12, days=0))
    with clock.at(morning(12)):
        assert digests_open() == 0
    request = take(following, request_file(following, scope="mission", title="Boats"), "req", "submit")
    relay_drain()
    assert sweep(morning(8, days=2, minute=5)) == 1
    (mail,) = digests(server)
    text = everything_in(mail)
    assert request.reference in text
    assert "Boats" in text
    assert sweep(morning(9, days=2)) == 0
    assert sweep(morning(8, days=3, minute=5)) == 0  # nothing new
    late = take(following, request_file(following, scope="mission", title="Later"), "req", "submit")
    relay_drain()
    assert sweep(morning(7, days=3, minute=55)) == 0  # the hour of that day has not come
    assert sweep(morning(8, days=3, minute=5)) == 1
    assert late.reference in everything_in(digests(server)[-1])


def test_after_a_stop_of_days_there_is_one(following: Staff, server: MailServer) -> None:
    for title in ("One", "Two", "Three"):
        take(following, request_file(following, scope="mission", title=title), "req", "submit")
    relay_drain()
    assert sweep(morning(15, days=9)) == 1
    (mail,) = digests(server)
    assert mail["Subject"] == "[CIMIC Portal] Your daily digest: 3 unread"
    assert sweep(morning(16, days=9)) == 0
    assert {each.digested_id is not None for each in told(following, "sec")} == {True}


def test_what_happened_to_one_record_is_one_line(following: Staff, server: MailServer) -> None:
    request = take(following, request_file(following, scope="mission", title="Trucks"), "req", "submit")
    with following.acting("req") as actor:
        for text in ("One", "Two"):
            comment_add(actor, record=request, text=text)
    relay_drain()
    sweep(morning(8, days=2, minute=5))
    (mail,) = digests(server)
    text = mail.get_body(preferencelist=("plain",))
    assert text is not None
    assert text.get_content().count(request.reference) == 1
    assert "and 2 more" in text.get_content()


def test_i06_what_may_not_be_read_any_more_is_not_in_it(following: Staff, server: MailServer) -> None:
    canaries = Canaries()
    gone = take(
        following, request_file(following, scope="mission", title=canaries.token("gone")), "req", "submit"
    )
    kept = take(following, request_file(following, scope="mission", title="Boats"), "req", "submit")
    relay_drain()
    with following.acting("req"):
        Record.objects.filter(pk=gone.pk).update(scope="private")
    sweep(morning(8, days=2, minute=5))
    (mail,) = digests(server)
    said = everything_in(mail)
    assert canaries.found_in(said) == set()
    assert gone.reference not in said
    assert kept.reference in said
    assert "1 unread" in str(mail["Subject"])


def test_i06_what_is_restricted_stands_in_it_by_reference(following: Staff, server: MailServer) -> None:
    Position.objects.filter(mission=following.mission).update(clearance=1)
    canaries = Canaries()
    request = take(
        following, request_file(following, scope="mission", classification=1, title=canaries.token("title")),
        "req", "submit",
    )  # fmt: skip
    relay_drain()
    sweep(morning(8, days=2, minute=5))
    (mail,) = digests(server)
    said = everything_in(mail)
    assert canaries.found_in(said) == set()
    assert request.reference in said
    for word in ("Holder req", "chose", "Submitted\n", "CONFIDENTIAL"):
        assert word not in said


def test_what_was_read_makes_no_digest(following: Staff, server: MailServer) -> None:
    take(following, request_file(following, scope="mission"), "req", "submit")
    relay_drain()
    with following.acting("sec"):
        Notification.objects.update(read_at=timezone.now())
    assert sweep(morning(8, days=2, minute=5)) == 0
    assert digests(server) == []


def test_one_click_stops_digests_and_nothing_that_needs_the_reader(
    following: Staff, server: MailServer
) -> None:
    take(following, request_file(following, scope="mission"), "req", "submit")
    relay_drain()
    sweep(morning(8, days=2, minute=5))
    (mail,) = digests(server)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = urlsplit(str(mail["List-Unsubscribe"]).strip(" <>")).path
    answer = Client(enforce_csrf_checks=True).post(path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    take(following, request_file(following, scope="mission"), "req", "submit")
    relay_drain()
    assert sweep(morning(8, days=4, minute=5)) == 0
    assert told(following, "sec")[-1].digest_in == ""
