"""Mail through a real mail server: what it says, to whom, in which thread; what fails, and what comes back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.mail import get_connection
from django.db import connection
from django.utils import timezone

from apps.mission.models import Holding, Position
from apps.need_to_know.access_requests import access_ask
from apps.need_to_know.grants import grant_give, grant_revoke, grants_of
from apps.notifications import sending
from apps.notifications.bounces import bounce_read
from apps.notifications.mail import mail_drain, mail_next
from apps.notifications.models import BouncedAddress, Notification
from apps.notifications.relay import relay_drain
from apps.notifications.vocabulary import MessageState
from apps.records.services import comment_add
from tests.cast.canaries import Canaries
from tests.factories.aid_requests import complete_values, request_file, take
from tests.factories.mail import MailServer, everything_in, mail_server
from tests.factories.staff import Staff
from tests.unit.notifications.conftest import forget, messages

CLU, CMC, REQ = "clu@staff.invalid", "cmc@staff.invalid", "req@staff.invalid"


@pytest.fixture
def server() -> Iterator[MailServer]:
    """The mail server of this test."""
    cache.clear()
    with mail_server() as made:
        yield made


def send() -> None:
    """Tell what is in the outbox and send what is due."""
    relay_drain()
    mail_drain()


def test_a_mail_says_what_happened_by_whom_until_when_and_where(staff: Staff, server: MailServer) -> None:
    request = take(staff, request_file(staff, title="Trucks to the river"), "req", "submit")
    send()
    (mail,) = server.to(CLU)
    text = everything_in(mail)
    assert mail["Subject"] == f"[CIMIC Portal] {request.reference}: Trucks to the river"
    for said in (
        "Holder req chose “Submit”",
        "It needs you",
        "Due:",
        "UNCLASSIFIED",
        request.reference,
        "Submitted",
    ):
        assert said in text, said
    assert [part.get_content_type() for part in mail.walk()][1:] == ["text/plain", "text/html"]
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Reply-To"] == "no-reply@localhost"
    assert mail["X-Label-Classification"] == "UNCLASSIFIED"
    assert "List-Unsubscribe" not in mail
    (url,) = set(re.findall(r"/notifications/[0-9a-f-]{36}/open/", text))
    assert url
    (message,) = messages(staff, "clu")
    assert str(message.uuid) in mail["Message-ID"]
    sender = next(sender for sender, to, _mail in server.taken if to == CLU)
    assert sender == f"bounces+{message.uuid}@portal.invalid"
    assert (message.state, message.attempts) == (MessageState.SENT, 1)


def test_all_mail_of_one_record_stands_in_one_thread_that_says_nothing(
    staff: Staff, server: MailServer
) -> None:
    request = take(staff, request_file(staff), "req", "submit")
    other = take(staff, request_file(staff), "req", "submit")
    send()
    take(staff, request, "clu", "validate")
    send()
    threads: dict[str, list[str]] = {}
    for mail in server.to(CMC) + server.to(CLU):
        threads.setdefault(str(mail["References"]), []).append(str(mail["Subject"]))
    assert all(len(set(each)) == 1 for each in threads.values())
    ids = {str(mail["Message-ID"]) for _s, _t, mail in server.taken}
    assert len(ids) == len(server.taken)
    for mail in server.to(CMC):
        assert str(request.uuid) not in str(mail["References"])
        assert str(other.uuid) not in str(mail["References"])


@pytest.mark.parametrize("label", [{"classification": 1}, {"sensitivity": 2}])
def test_i06_mail_about_what_is_restricted_holds_a_reference_and_a_link(
    staff: Staff, server: MailServer, label: dict[str, int]
) -> None:
    """A canary in every text of the record: none is in any mail, in no header, part or envelope."""
    Position.objects.filter(mission=staff.mission).update(clearance=1)
    canaries = Canaries()
    values = complete_values(staff, "mcda")
    texts = {
        name: canaries.token(name)
        for name, value in values.items()
        if isinstance(value, str) and "canary" in value
    }
    texts |= {"title": canaries.token("title"), "contact_name": canaries.token("contact_name")}
    request = take(staff, request_file(staff, **(texts | label)), "req", "submit")
    with staff.acting("req") as actor:
        comment_add(actor, record=request, text=canaries.token("comment"))
        grant_give(actor, record=request, to=staff.people["unit"], reason=canaries.token("reason"))
    send()
    assert {to for _sender, to, _mail in server.taken} >= {CLU, "unit@staff.invalid"}
    for sender, to, mail in server.taken:
        said = f"{sender} {to} {everything_in(mail)} {mail.as_string()}"
        assert canaries.found_in(said) == set()
        for word in ("Holder req", "State:", "chose", "CONFIDENTIAL", "Sensitivity", "Relief House"):
            assert word not in said
        assert mail["Subject"] == f"[CIMIC Portal] {request.reference}"
        assert request.reference in everything_in(mail)


def test_i06_a_right_that_ends_before_mail_leaves_stops_it(staff: Staff, server: MailServer) -> None:
    request = request_file(staff, scope="organisation")
    with staff.acting("req") as actor:
        grant_give(actor, record=request, to=staff.people["unit"], reason="For a day")
    relay_drain()
    assert messages(staff, "unit", channel="email", state=MessageState.QUEUED)
    with staff.acting("req") as actor:
        grant_revoke(actor, record=request, key=grants_of(request)[0].key)
    send()
    assert server.to("unit@staff.invalid") == []
    (message,) = messages(staff, "unit")
    assert (message.state, message.code) == (MessageState.DROPPED, "gone")


def test_what_was_read_or_settled_needs_no_mail(staff: Staff, server: MailServer) -> None:
    first = take(staff, request_file(staff), "req", "submit")
    second = take(staff, request_file(staff), "req", "submit")
    relay_drain()
    with staff.acting("clu"):
        Notification.objects.filter(record_id=first.pk).update(read_at=timezone.now())
    take(staff, second, "clu", "validate")
    mail_drain()
    assert server.to(CLU) == []
    assert {message.code for message in messages(staff, "clu", channel="email")} == {"read", "gone"}


def test_what_waits_still_is_mailed_though_the_record_moved_on(staff: Staff, server: MailServer) -> None:
    """A validation that follows an emergency, and what the originator must review, outlive the state."""
    request = take(staff, request_file(staff, priority=1, is_emergency=True), "req", "submit")
    relay_drain()
    take(staff, request, "cmc", "endorse_emergency")
    mail_drain()
    assert len(server.to(CLU)) == 1
    take(staff, request, "clu", "validate_afterwards")
    relay_drain()
    mail_drain()
    assert len(server.to(CLU)) == 1

    closed = take(staff, request_file(staff, scope="organisation"), "req", "submit")
    forget()
    server.taken.clear()
    with staff.acting("unit") as actor:
        access_ask(
            actor, reference=closed.reference, wanted="full", purpose="A convoy of ours passes there.",
            until=timezone.now() + timedelta(days=2),
        )  # fmt: skip
    relay_drain()
    take(staff, closed, "clu", "validate")
    mail_drain()
    (mail,) = server.to(REQ)
    assert "asks for access" in everything_in(mail)


def test_who_holds_no_position_any_more_gets_no_mail(staff: Staff, server: MailServer) -> None:
    take(staff, request_file(staff), "req", "submit")
    relay_drain()
    Holding.objects.filter(person=staff.people["clu"]).update(until=timezone.now())
    mail_drain()
    assert server.to(CLU) == []
    Holding.objects.filter(person=staff.people["clu"]).update(until=None)
    assert [message.code for message in messages(staff, "clu")] == ["inactive"]


def test_mail_is_in_the_language_and_zone_of_its_reader(staff: Staff, server: MailServer) -> None:
    person = staff.people["clu"]
    type(person).objects.filter(pk=person.pk).update(language="ar", time_zone="Africa/Juba")
    take(staff, request_file(staff), "req", "submit")
    send()
    (mail,) = server.to(CLU)
    html = mail.get_body(preferencelist=("html",))
    assert html is not None
    assert 'lang="ar" dir="rtl"' in html.get_content()
    assert "CAT" in everything_in(mail)


def test_a_line_break_in_a_title_makes_no_header(staff: Staff, server: MailServer) -> None:
    take(staff, request_file(staff, title="Trucks\r\nBcc: everybody@example.org"), "req", "submit")
    send()
    (mail,) = server.to(CLU)
    assert mail["Bcc"] is None
    assert {to for _sender, to, _mail in server.taken} <= {f"{name}@staff.invalid" for name in staff.people}


# ---------------------------------------------------------------- failures
def test_an_address_that_is_refused_is_noticed_and_left_alone(staff: Staff, server: MailServer) -> None:
    server.refuses[CLU] = "550 No such mailbox"
    request = take(staff, request_file(staff), "req", "submit")
    send()
    (message,) = messages(staff, "clu", channel="email")
    assert (message.state, message.code) == (MessageState.DEAD, "bounced")
    assert BouncedAddress.objects.get(person=staff.people["clu"]).email == CLU
    server.refuses.clear()
    with staff.acting("req") as actor:
        comment_add(actor, record=request, text="A remark", mentions=[staff.positions["clu"]])
    send()
    assert server.to(CLU) == []
    assert messages(staff, "clu", channel="email")[-1].code == "bounced"
    # Another address is another matter.
    type(staff.people["clu"]).objects.filter(pk=staff.people["clu"].pk).update(email="new@staff.invalid")
    with staff.acting("req") as actor:
        comment_add(actor, record=request, text="Another", mentions=[staff.positions["clu"]])
    send()
    assert len(server.to("new@staff.invalid")) == 1


@pytest.mark.parametrize("trouble", ["away", "451 Try later", "554 Not today"])
def test_a_server_in_trouble_is_tried_again_later_each_time_and_in_the_end_an_operator_sees_it(
    staff: Staff, server: MailServer, trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(staff, request_file(staff), "req", "submit")
    relay_drain()
    if trouble == "away":
        monkeypatch.setattr(
            "smtplib.SMTP.connect", lambda *a, **k: (_ for _ in ()).throw(ConnectionRefusedError())
        )
    else:
        server.says = trouble
    before = timezone.now()
    mail_drain()
    (message,) = messages(staff, "clu")
    assert (message.state, message.attempts) == (MessageState.QUEUED, 1)
    assert message.code in ("unreachable", "refused")
    assert message.next_at - before >= timedelta(seconds=29)
    waits = []
    for attempts in range(1, len(sending.BACK_OFF) + 1):
        due = sending.Due(message.pk, message.uuid, attempts, staff.people["clu"], staff.mission)
        sending.settle_failure(due, sending.Failed("unreachable", again=True))
        (message,) = messages(staff, "clu")
        waits.append(message.next_at)
    assert message.state == MessageState.DEAD
    assert waits[:-1] == sorted(waits[:-1])
    with connection.cursor() as cursor:
        cursor.execute("SELECT notifications_health() ->> 'messages_dead'")
        assert cursor.fetchone()[0] == "1"


def test_a_mail_that_was_taken_just_before_the_end_of_the_process_is_not_offered_again(
    staff: Staff, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(staff, request_file(staff), "req", "submit")
    relay_drain()

    class Killed(BaseException):
        """The process ends here."""

    def killed(*_a: Any) -> None:
        raise Killed

    monkeypatch.setattr(sending, "settle", killed)
    with pytest.raises(Killed):
        mail_next(get_connection())
    assert len(server.to(CLU)) == 1
    monkeypatch.undo()
    with staff.acting("clu"):
        # What was settled meanwhile does not unsay that it was sent.
        Notification.objects.update(read_at=timezone.now())
    mail_drain()
    assert len(server.to(CLU)) == 1
    assert [message.state for message in messages(staff, "clu")] == [MessageState.SENT]


REPORT = """\
From: MAILER-DAEMON@mx.example.org
To: bounces+{uuid}@portal.invalid
Content-Type: multipart/report; report-type=delivery-status; boundary="cut"
MIME-Version: 1.0

--cut
Content-Type: text/plain

Your message could not be delivered.

--cut
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}

--cut--
"""


def report(uuid: Any, address: str = CLU, action: str = "failed", status: str = "5.1.1") -> bytes:
    """What a mail server says of a message."""
    return REPORT.format(uuid=uuid, address=address, action=action, status=status).encode()


def test_mail_that_comes_back_later_closes_the_address_it_was_sent_to_and_no_other(
    staff: Staff, server: MailServer
) -> None:
    take(staff, request_file(staff), "req", "submit")
    send()
    (message,) = messages(staff, "clu")
    for other in (
        report("7d6c8a52-0000-4000-8000-000000000001"),
        report(message.uuid, address=CMC),
        report(message.uuid, action="delayed", status="4.4.1"),
        report(message.uuid, status="2.0.0"),
        b"\xff\xfe nothing of the kind",
    ):
        assert bounce_read(other) == ""
    assert not BouncedAddress.objects.exists()
    assert bounce_read(report(message.uuid)) == CLU
    assert BouncedAddress.objects.get().person == staff.people["clu"]
    assert bounce_read(report(message.uuid)) == ""
