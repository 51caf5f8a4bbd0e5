"""Secret addresses of calendars: shown once, revoked at once, and the same nothing for all that open no more."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.accounts.models import User
from apps.mission.models import Holding, Position
from apps.need_to_know.models import ReadLog
from apps.notifications.calendar_feeds import (
    FEEDS_MOST,
    digest_of,
    feed_found,
    feed_make,
    feed_path,
    feed_revoke,
    feeds_of,
)
from apps.notifications.models import CalendarFeed
from cimic_portal.logs import JsonFormatter
from tests.factories.calendars import events, feed_of, fetched
from tests.factories.groups import group_active, meeting_planned
from tests.factories.staff import Staff
from tests.unit.notifications.conftest import Signed

PAGE = "/notifications/calendars/"
MEMBER = "clu"


@pytest.fixture
def token(staff: Staff) -> str:
    """The calendar of somebody who reads a meeting."""
    meeting_planned(staff, group_active(staff))
    return feed_of(staff, MEMBER)


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """All that the portal's own log would hold, down to the least."""
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(JsonFormatter())
    root, before = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    logging.getLogger("django.db").setLevel(logging.WARNING)  # statements are logged in no setting of ours
    yield lines
    logging.getLogger("django.db").setLevel(logging.NOTSET)
    root.setLevel(before)
    root.removeHandler(handler)


def made_on(page: HttpResponse) -> str:
    """The token that a page shows."""
    found = re.findall(r'value="\w+://[^"]*/calendar/([\w-]+)\.ics"', page.content.decode())
    assert len(found) == 2
    assert len(set(found)) == 1
    return str(found[0])


# ---------------------------------------------------------------- the page
def test_an_address_is_shown_once_and_kept_nowhere(staff: Staff, signed: Signed) -> None:
    meeting = meeting_planned(staff, group_active(staff))
    client = signed(MEMBER)
    assert PAGE in client.get("/notifications/preferences/").content.decode()
    answer = client.post(PAGE, {"name": "Field tablet"})
    token = made_on(answer)
    assert "no-store" in answer["Cache-Control"]
    assert 'href="webcal://' in answer.content.decode()
    assert set(events(token)) == {str(meeting.uuid)}
    again = client.get(PAGE).content.decode()
    assert "Field tablet" in again
    assert token not in again
    row = CalendarFeed.objects.filter(person=staff.people[MEMBER]).values().get()
    assert token not in str(row)
    assert row["digest"] == digest_of(token)
    assert len(token) >= 43


def test_each_address_is_another(staff: Staff) -> None:
    assert len({feed_of(staff, MEMBER) for _ in range(3)}) == 3


@pytest.mark.parametrize("name", ["", "   ", "x" * 81])
def test_a_name_is_asked_for(staff: Staff, signed: Signed, name: str) -> None:
    answer = signed(MEMBER).post(PAGE, {"name": name})
    assert answer.status_code == 422
    assert "data-problem" in answer.content.decode() or "error" in answer.content.decode()
    assert not CalendarFeed.objects.filter(person=staff.people[MEMBER]).exists()


def test_nobody_has_more_than_ten(staff: Staff, signed: Signed) -> None:
    for _ in range(FEEDS_MOST):
        feed_of(staff, MEMBER)
    assert signed(MEMBER).post(PAGE, {"name": "Eleventh"}).status_code == 422
    with staff.acting(MEMBER) as actor:
        with pytest.raises(ValidationError):
            feed_make(actor, name="Eleventh")
        assert feed_revoke(actor, uuid=feeds_of(actor)[0].uuid)
        feed_make(actor, name="Eleventh")


def test_only_ones_own_are_listed_and_revoked(staff: Staff, signed: Signed, token: str) -> None:
    uuid = CalendarFeed.objects.get(digest=digest_of(token)).uuid
    other = signed("req")
    assert "Field tablet" not in other.get(PAGE).content.decode()
    assert other.post(f"{PAGE}{uuid}/revoke/").status_code == 404
    assert fetched(token).status_code == 200
    assert signed(MEMBER).get(f"{PAGE}{uuid}/revoke/").status_code == 405
    answer = signed(MEMBER).post(f"{PAGE}{uuid}/revoke/", follow=True)
    assert "Field tablet" not in answer.content.decode()
    assert fetched(token).status_code == 404
    assert signed(MEMBER).post(f"{PAGE}{uuid}/revoke/").status_code == 404


def test_the_page_is_for_whoever_is_signed_in() -> None:
    assert Client().get(PAGE).status_code == 302
    assert Client().post(PAGE, {"name": "x"}).status_code == 302


def test_the_page_says_when_it_was_last_used(staff: Staff, signed: Signed, token: str) -> None:
    client = signed(MEMBER)
    assert "Never used" in client.get(PAGE).content.decode()
    fetched(token)
    assert "Last used" in client.get(PAGE).content.decode()
    feed = CalendarFeed.objects.get(digest=digest_of(token))
    used = feed.last_used
    fetched(token)
    feed.refresh_from_db()
    assert feed.last_used == used, "not a write for each look"
    CalendarFeed.objects.filter(pk=feed.pk).update(last_used=timezone.now() - timedelta(hours=1))
    fetched(token)
    feed.refresh_from_db()
    assert feed.last_used is not None
    assert timezone.now() - feed.last_used < timedelta(minutes=1)


# ---------------------------------------------------------------- the address
def test_no_session_is_asked_and_none_counts(staff: Staff, signed: Signed, token: str) -> None:
    plain = fetched(token)
    assert not plain.cookies
    for name in (MEMBER, "unit", "aud"):
        assert signed(name).get(feed_path(token)).content == plain.content, name


def test_it_is_kept_nowhere_and_told_to_nobody(token: str) -> None:
    for answer in (fetched(token), fetched("no-such-token"), Client().post(feed_path(token))):
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert token not in str(answer.headers) + str(answer.cookies)
    assert fetched(token)["Content-Type"] == "text/calendar; charset=utf-8"
    assert token not in fetched(token).content.decode()


def test_whoever_has_it_as_it_is_is_told_so(staff: Staff, token: str) -> None:
    answer = fetched(token)
    unchanged = fetched(token, If_None_Match=answer["ETag"])
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert unchanged["Cache-Control"] == "private, no-store"
    zipped = fetched(token, Accept_Encoding="gzip")
    assert fetched(token, If_None_Match=zipped["ETag"]).status_code == 304
    other = feed_of(staff, MEMBER)
    assert fetched(other).content == answer.content
    assert fetched(other)["ETag"] != answer["ETag"], "the feed is part of it"
    meeting_planned(staff, group_active(staff))
    assert fetched(token, If_None_Match=answer["ETag"]).status_code == 200


def test_an_etag_opens_nothing(staff: Staff, token: str) -> None:
    etag = fetched(token)["ETag"]
    CalendarFeed.objects.update(revoked_at=timezone.now())
    assert fetched(token, If_None_Match=etag).status_code == 404
    assert fetched(token, If_None_Match="*").status_code == 404


def test_it_is_read_and_nothing_else(token: str) -> None:
    head = Client().head(feed_path(token))
    assert (head.status_code, head.content) == (200, b"")
    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "REPORT"):
        for each in (token, "no-such-token"):
            answer = Client().generic(method, feed_path(each))
            assert answer.status_code == 405, method
            assert answer["Allow"] == "GET, HEAD"


def _ended(staff: Staff) -> None:
    Holding.objects.filter(person=staff.people[MEMBER]).update(until=timezone.now() - timedelta(days=1))


# Why an address opens nothing -> what happened.
SHUT: dict[str, Any] = {
    "revoked": lambda s: CalendarFeed.objects.update(revoked_at=timezone.now()),
    "the account is closed": lambda s: User.objects.filter(pk=s.people[MEMBER].pk).update(is_active=False),
    "no position any more": _ended,
    "the position is closed": lambda s: Position.objects.filter(pk=s.positions[MEMBER].pk).update(
        is_active=False
    ),
}


@pytest.mark.parametrize("why", SHUT)
def test_whatever_opens_no_more_is_missing(staff: Staff, token: str, why: str) -> None:
    """The same answer as to an address that never was, after the same statements."""
    assert fetched(token).status_code == 200
    SHUT[why](staff)

    def asked(each: str) -> tuple[Any, ...]:
        with CaptureQueriesContext(connection) as captured:
            answer = fetched(each)
        headers = {name: value for name, value in answer.items() if name != "X-Request-ID"}
        sent = [query["sql"].replace(digest_of(each), "*") for query in captured.captured_queries]
        return (
            answer.status_code,
            headers,
            answer.content,
            [re.sub(r"'20\d\d-[^']*'", "*", sql) for sql in sent],
        )

    missing, shut = asked("x" * 43), asked(token)
    assert shut == missing
    assert shut[0] == 404
    assert len(shut[3]) == 1


def test_a_position_lost_since_it_was_found_is_missing(
    staff: Staff, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = feed_found(digest_of(token))
    _ended(staff)
    monkeypatch.setattr("apps.notifications.views.calendars.feed_found", lambda digest: found)
    assert fetched(token).status_code == 404


def test_a_feed_is_of_one_mission(staff: Staff, token: str) -> None:
    """Holding a position elsewhere opens nothing here."""
    _ended(staff)
    assert fetched(token).status_code == 404
    with staff.acting("cmc"):
        assert not ReadLog.objects.filter(person=staff.people[MEMBER]).exists()


# ---------------------------------------------------------------- how often
def test_a_token_is_called_so_often_in_a_minute(staff: Staff, token: str, settings: Any) -> None:
    settings.CALENDAR_READS_PER_MINUTE = 2
    other = feed_of(staff, MEMBER)
    for each, opens in ((token, 200), ("nothing", 404)):
        cache.clear()
        seen = [fetched(each) for _ in range(3)]
        if {answer.status_code for answer in seen} == {opens}:  # the minute ended in between
            seen = [fetched(each) for _ in range(3)]
        assert [answer.status_code for answer in seen][-1] == 429
        assert seen[0].status_code in (opens, 429)
        assert int(seen[-1]["Retry-After"]) > 0
        assert seen[-1].content == b""
    assert fetched(other).status_code == 200, "another's calls do not count"


def test_an_address_of_the_network_is_called_so_often(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.notifications.calendar_feeds._OF_ADDRESS", 3)
    cache.clear()
    assert 429 in {fetched(f"guess-{number}").status_code for number in range(8)}
    assert Client(REMOTE_ADDR="10.9.8.7").get(feed_path(token)).status_code == 200


# ---------------------------------------------------------------- the log
def test_no_log_holds_a_token(
    staff: Staff, token: str, logged: io.StringIO, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is answered: read, refused, too often, broken."""
    client = Client(raise_request_exception=False)
    client.get(feed_path(token), HTTP_REFERER=f"https://portal.invalid{feed_path(token)}")
    client.post(feed_path(token))
    client.get(f"{feed_path(token)}/")
    Client(enforce_csrf_checks=True).post(feed_path(token))
    settings.CALENDAR_READS_PER_MINUTE = 1
    for _ in range(3):
        client.get(feed_path(token))
    settings.CALENDAR_READS_PER_MINUTE = 1000
    monkeypatch.setattr(
        "apps.notifications.views.calendars.calendar_of",
        lambda actor: [][0],  # type: ignore[misc]
    )
    assert client.get(feed_path(token)).status_code == 500
    CalendarFeed.objects.update(revoked_at=timezone.now())
    assert client.get(feed_path(token)).status_code == 404
    said = logged.getvalue()
    for expected in ("Not Found", "Too Many Requests", "Method Not Allowed", "Internal Server Error"):
        assert expected in said
    assert "calendar/<str:token>.ics" in said
    assert token not in said
