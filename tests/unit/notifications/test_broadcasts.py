"""Announcements and emergencies: every reader and nobody else, at a cost that does not grow with their number."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, time, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.mission.models import Position
from apps.need_to_know.audience import audience_of
from apps.notifications.mail import mail_drain
from apps.notifications.models import Preference, Subscription
from apps.notifications.relay import relay_drain, relay_next
from apps.notifications.vocabulary import Reason
from apps.records import clock
from apps.records.models import Record
from tests.factories.announcements import bring_to, emergency_file, notice_file, take
from tests.factories.mail import MailServer, everything_in, mail_server
from tests.factories.staff import Staff
from tests.unit.notifications.conftest import everybody_told, messages, reasons

CLU = "clu@staff.invalid"


@pytest.fixture
def server() -> Iterator[MailServer]:
    """The mail server of this test."""
    cache.clear()
    with mail_server() as made:
        yield made


def reading(staff: Staff, record: Record) -> set[str]:
    """Who reads the record by the preview's word, but for whoever issued it."""
    with staff.acting("joc"):
        people = {reader.user_id for reader in audience_of(Record.objects.get(pk=record.pk)).readers}
    return {name for name, person in staff.people.items() if person.pk in people} - {"joc"}


@pytest.mark.parametrize("scope", ["mission", "organisation", "private"])
def test_i17_an_announcement_is_told_to_exactly_those_who_read_it(staff: Staff, scope: str) -> None:
    made = take(staff, notice_file(staff, message="Mind the bridge"), "joc", "issue", scope=scope)
    relay_drain()
    assert set(everybody_told(staff)) == reading(staff, made)
    for name in everybody_told(staff):
        assert reasons(staff, name) == {Reason.ANNOUNCEMENT: 1}


def test_i06_an_announcement_above_ones_clearance_is_told_to_nobody_below(staff: Staff) -> None:
    Position.objects.filter(mission=staff.mission).exclude(pk=staff.positions["unit"].pk).update(clearance=1)
    take(staff, notice_file(staff, classification=1), "joc", "issue")
    relay_drain()
    assert "unit" not in everybody_told(staff)
    assert "clu" in everybody_told(staff)


def test_an_emergency_comes_through_quiet_hours_and_muting(staff: Staff, server: MailServer) -> None:
    for person in staff.people.values():
        Preference.objects.create(
            person=person, quiet_from=time(0, 0), quiet_until=time(23, 59), announcements="weekly"
        )
    with staff.acting("clu") as actor:
        Subscription.objects.create(
            mission=actor.mission, person=actor.user, record_type="announcement", muted=True
        )
    take(staff, notice_file(staff), "joc", "issue")
    relay_drain()
    mail_drain()
    assert server.taken == []
    assert reasons(staff, "clu") == {}
    bring_to(staff, emergency_file(staff, title="Shelling near the river", message="Stay inside."), "issued")
    relay_drain()
    mail_drain()
    (mail,) = server.to(CLU)
    said = everything_in(mail)
    for words in ("Emergency: Shelling near the river", "Stay inside.", "UNCLASSIFIED"):
        assert words in said
    assert reasons(staff, "clu") == {Reason.EMERGENCY: 1}


def test_quiet_hours_put_mail_off_until_they_end(staff: Staff, server: MailServer) -> None:
    now = clock.now()
    hour = timedelta(hours=1)
    Preference.objects.create(
        person=staff.people["clu"],
        quiet_from=(now - hour).astimezone(UTC).time(),
        quiet_until=(now + hour).astimezone(UTC).time(),
    )
    take(staff, notice_file(staff), "joc", "issue")
    relay_drain()
    mail_drain()
    assert server.to(CLU) == []
    (message,) = messages(staff, "clu", channel="email")
    assert message.next_at > now
    assert server.to("cmc@staff.invalid")


def test_cancelling_and_amending_tell_everybody_again(staff: Staff) -> None:
    made = bring_to(staff, emergency_file(staff), "issued")
    relay_drain()
    before = reasons(staff, "clu")[Reason.EMERGENCY]
    take(staff, made, "joc", "cancel")
    relay_drain()
    assert reasons(staff, "clu")[Reason.EMERGENCY] == before + 1


def test_telling_costs_the_same_however_many_there_are(staff: Staff) -> None:
    def queries() -> int:
        take(staff, notice_file(staff), "joc", "issue")
        with CaptureQueriesContext(connection) as asked:
            relay_next()
        assert relay_next() is None
        return len(asked.captured_queries)

    few = queries()
    for number in range(40):
        staff.post(f"more{number}", "agency")
    many = queries()
    assert len(everybody_told(staff)) > 40
    assert many == few
    assert many <= 24


def test_a_mail_costs_so_many_queries(staff: Staff, server: MailServer) -> None:
    take(staff, notice_file(staff), "joc", "issue")
    relay_drain()
    count = len(everybody_told(staff))
    with CaptureQueriesContext(connection) as asked:
        mail_drain()
    assert len(server.taken) == count
    sent = [query["sql"] for query in asked.captured_queries if "SAVEPOINT" not in query["sql"]]
    assert len(sent) / count <= 22
