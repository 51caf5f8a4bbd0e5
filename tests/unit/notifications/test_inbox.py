"""The inbox: what a row says, what it says no more, what marks it as read, and what stands on every page."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.notifications.inbox import head_of, unread_counts
from apps.notifications.models import Notification
from apps.notifications.vocabulary import Reason
from apps.records.models import Record
from tests.factories.aid_requests import request_file
from tests.factories.staff import Staff
from tests.unit.notifications.conftest import Signed, told
from tests.unit.notifications.telling import confidential, take_back, tell

INBOX = "/notifications/"


def page(client: Any, path: str = INBOX, **data: str) -> str:
    """A page as text."""
    answer = client.get(path, data)
    assert answer.status_code == 200, path
    return str(answer.content.decode())


def main(text: str) -> str:
    """The main part of a page, without what differs by chance."""
    found = text[text.index('<main id="main"') :]
    return re.sub(r'value="[^"]+"|\d\d:\d\d', "", found)


def test_a_row_says_what_happened_why_and_of_what(staff: Staff, signed: Signed) -> None:
    record = request_file(staff, scope="organisation")
    tell(staff, record, req_colleague=Reason.PART)
    text = page(signed("req_colleague"))
    assert "Holder req commented" in text
    assert "You take part in it." in text
    assert record.reference in text
    assert record.title in text
    assert "Unread" in text
    (row,) = told(staff, "req_colleague")
    assert f"/notifications/{row.uuid}/open/" in text
    assert record.reference not in page(signed("clu"))


def test_opening_leads_on_and_reads_all_of_that_record(staff: Staff, signed: Signed) -> None:
    record, other = (request_file(staff, scope="organisation") for _ in range(2))
    for each in (record, record, other):
        tell(staff, each, req_colleague=Reason.PART)
    client = signed("req_colleague")
    first = told(staff, "req_colleague")[0]
    assert client.get(f"/notifications/{first.uuid}/open/")["Location"] == record.get_absolute_url()
    assert [each.read_at is None for each in told(staff, "req_colleague")] == [False, False, True]
    assert signed("clu").get(f"/notifications/{first.uuid}/open/").status_code == 404
    assert client.head(f"/notifications/{first.uuid}/open/").status_code == 405


def test_what_was_taken_back_is_no_longer_available_and_nothing_else(staff: Staff, signed: Signed) -> None:
    """Revoked between delivery and reading: a date, and no word of the record, its type, the verb or the reason."""
    records = [confidential(staff) for _ in range(2)]
    for record, reason in zip(records, (Reason.MENTION, Reason.NEEDS_ME), strict=True):
        tell(staff, record, joc=reason)
    client = signed("joc")
    assert records[0].title in page(client)
    for record in records:
        take_back(staff, record)
    text = page(client, tab="all")
    rows = re.findall(r'<li id="told-.*?</li>', text, re.S)
    assert len(rows) == 2
    plain = [re.sub(r"\s+", " ", re.sub(r"<[^>]+>|\d\d:\d\d", " ", row)) for row in rows]
    assert plain[0] == plain[1]
    assert "No longer available" in plain[0]
    for record in records:
        for word in (
            record.reference,
            record.title,
            str(record.uuid),
            "commented",
            "Holder req",
            "attention",
            "needs you",
        ):
            assert word not in "".join(rows)
    # Opening tells no more, whatever the record; and a reason that is asked for finds it no more.
    pages = [main(page(client, f"/notifications/{row.uuid}/open/")) for row in told(staff, "joc")]
    assert pages[0] == pages[1]
    assert "No longer available" in pages[0]
    for tab in ("needs-me", "mentions"):
        assert "told-" not in page(client, tab=tab)
    with staff.acting("joc") as actor:
        assert unread_counts(actor) == {"unread": 0, "needs-me": 0, "mentions": 0}


def test_tabs_hold_what_they_say_and_count_what_is_unread(staff: Staff, signed: Signed) -> None:
    record = request_file(staff, scope="organisation")
    for reason in (Reason.NEEDS_ME, Reason.EMERGENCY, Reason.MENTION, Reason.PART, Reason.FOLLOW):
        tell(staff, record, req_colleague=reason)
    with staff.acting("req_colleague") as actor:
        assert unread_counts(actor) == {"unread": 5, "needs-me": 2, "mentions": 1}
    client = signed("req_colleague")
    found = {
        tab: page(client, tab=tab).count('<li id="told-')
        for tab in ("unread", "needs-me", "mentions", "all", "odd")
    }
    assert found == {"unread": 5, "needs-me": 2, "mentions": 1, "all": 5, "odd": 5}


def test_marking_one_and_marking_all(staff: Staff, signed: Signed) -> None:
    record = request_file(staff, scope="organisation")
    for reason in (Reason.MENTION, Reason.PART, Reason.EMERGENCY):
        tell(staff, record, req_colleague=reason)
    client = signed("req_colleague")
    mention, part, emergency = told(staff, "req_colleague")
    assert signed("clu").post(f"/notifications/{mention.uuid}/read/").status_code == 404
    answer = client.post(f"/notifications/{mention.uuid}/read/", {"tab": "all", "after": "x"})
    assert answer["Location"] == "/notifications/?tab=all&after=x"
    swapped = client.post(f"/notifications/{part.uuid}/read/", headers={"HX-Request": "true"})
    said = swapped.content.decode()
    assert f'id="told-{part.uuid}"' in said
    assert "Mark as read" not in said
    assert 'hx-swap-oob="true"' in said
    with staff.acting("req_colleague") as actor:
        assert head_of(actor).unread == 1
    tell(staff, record, req_colleague=Reason.PART)
    client.post("/notifications/read/", {"tab": "unread", "until": "2020-01-01T00:00:00+00:00"})
    with staff.acting("req_colleague") as actor:
        assert head_of(actor).unread == 2
    client.post("/notifications/read/", {"tab": "unread", "until": "broken"})
    # An emergency stays until it is opened.
    assert [row.pk for row in told(staff, "req_colleague", read_at=None)] == [emergency.pk]


def test_an_emergency_stands_on_every_page_until_it_is_opened(staff: Staff, signed: Signed) -> None:
    record = request_file(staff, scope="organisation")
    tell(staff, record, req_colleague=Reason.EMERGENCY)
    client = signed("req_colleague")
    (row,) = told(staff, "req_colleague")
    for path in ("/", "/aid-requests/", "/search/", INBOX):
        text = page(client, path)
        assert "Read and acknowledge" in text
        assert f'href="/notifications/{row.uuid}/open/"' in text
    assert "Read and acknowledge" not in page(signed("req"), "/")
    client.get(f"/notifications/{row.uuid}/open/")
    assert "Read and acknowledge" not in page(client, "/")


def test_an_emergency_that_may_not_be_read_any_more_stands_nowhere(staff: Staff, signed: Signed) -> None:
    record = confidential(staff)
    tell(staff, record, joc=Reason.EMERGENCY)
    take_back(staff, record)
    assert "Read and acknowledge" not in page(signed("joc"), "/")


def test_the_mark_says_how_many_in_number_and_word(staff: Staff, signed: Signed) -> None:
    record = request_file(staff, scope="organisation")
    client = signed("req_colleague")
    assert "0 unread" in page(client, "/notifications/head/")
    for _ in range(2):
        tell(staff, record, req_colleague=Reason.PART)
    part = page(client, "/notifications/head/")
    assert len(part) < 1200
    for text in (part, page(client, "/")):
        assert '<b class="number" aria-hidden="true">2</b>' in text
        assert "2 unread" in text
    with staff.acting("req_colleague") as actor, CaptureQueriesContext(connection) as asked:
        head_of(actor)
    assert len(asked) == 1


def test_more_than_ninety_nine_are_not_counted(staff: Staff, signed: Signed) -> None:
    record = request_file(staff, scope="organisation")
    many(staff, record, 120)
    text = page(signed("req_colleague"))
    assert "99+ unread" in text
    first = set(re.findall(r'id="told-([^"]+)"', text))
    older = re.search(r'rel="next" href="([^"]+)"', text)
    assert older
    second = set(
        re.findall(r'id="told-([^"]+)"', page(signed("req_colleague"), older[1].replace("&amp;", "&")))
    )
    assert (len(first), len(second), len(first & second)) == (50, 50, 0)


def many(staff: Staff, record: Record, number: int) -> None:
    """So many notifications of one record for the colleague."""
    for _ in range(number):
        tell(staff, record, req_colleague=Reason.PART)


@pytest.mark.parametrize("tab", ["unread", "all", "needs-me"])
def test_the_inbox_costs_the_same_however_full_it_is(staff: Staff, signed: Signed, tab: str) -> None:
    record, other = (request_file(staff, scope="organisation") for _ in range(2))
    client = signed("req_colleague")
    costs = []
    for number in (2, 20):
        for each in (record, other):
            for _ in range(number):
                tell(staff, each, req_colleague=Reason.NEEDS_ME)
        client.get(INBOX, {"tab": tab})
        with CaptureQueriesContext(connection) as asked:
            client.get(INBOX, {"tab": tab})
        costs.append(len([q for q in asked.captured_queries if "SAVEPOINT" not in q["sql"]]))
    assert costs[0] == costs[1] <= 14


def test_empty_tabs_say_what_comes_there(staff: Staff, signed: Signed) -> None:
    client = signed("req_colleague")
    assert "Nothing is unread" in page(client)
    for tab, words in (
        ("needs-me", "reminders"),
        ("mentions", "asks for your attention"),
        ("all", "what you follow"),
    ):
        assert words in page(client, tab=tab)


def test_a_row_of_somebody_else_cannot_be_touched_in_the_database(staff: Staff) -> None:
    record = request_file(staff, scope="organisation")
    tell(staff, record, req_colleague=Reason.PART)
    with staff.acting("req"):
        assert Notification.objects.count() == 0
        assert Notification.objects.update(read_at=None) == 0
