"""The leak matrix of calendars: every member of the cast reads with a secret address of their own, and no session."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar, Event

from apps.mission.models import Holding
from apps.records.transitions import transition
from apps.working_groups.models import AgendaItem, Attendance, Meeting
from tests.cast.people import OTHERS, READERS
from tests.cast.world import World, filed
from tests.contract.addresses import addresses, url
from tests.contract.calling import client_of, text_of

FEED = next(address for address in addresses() if address.name == "calendar-feed")
PEOPLE = sorted((READERS | OTHERS) - {"nobody"})


def feed(world: World, person: str) -> Any:
    """What that person's calendar is given."""
    return Client().get(url(FEED, {"token": world.feeds[person]}))


def feed_text(world: World, person: str) -> str:
    """All that it says, headers included, long lines put together."""
    answer = feed(world, person)
    assert answer.status_code == 200
    return text_of(answer)


def _planned(world: World) -> Meeting:
    """A meeting without any label, read by the owner's organisation alone, with an open and a closed item."""
    begins = timezone.now() + timedelta(days=1)
    with world.acting("owner") as actor:
        meeting: Meeting = filed(
            world, actor, world.trios["meeting"].declared, "Plain", scope="organisation", needed_by=begins,
            ends_at=begins + timedelta(hours=1), chair=world.cast.positions["owner"],
            secretary=world.cast.positions["owner"],
        )  # fmt: skip
        transition(actor, record=meeting, name="call", data={})
        for session in ("open", "closed"):
            AgendaItem.objects.create(
                meeting=meeting, session=session, title=world.canaries.token(f"Item: {session} title"),
                details=world.canaries.token(f"Item: {session} details"),
            )  # fmt: skip
        Attendance.objects.create(meeting=meeting, name=world.canaries.token("Attendance: name"))
        return meeting


@pytest.mark.parametrize("person", PEOPLE)
def test_i01_a_calendar_says_nothing_hidden(rolled_back: World, person: str) -> None:
    """Of restricted meetings their readers' calendars have an id and a time; others' not even that."""
    _planned(rolled_back)
    hidden, secret = rolled_back.trios["meeting"].unseen
    found = rolled_back.canaries.found_in(feed_text(rolled_back, person))
    expected = set()
    if person in ("owner", "colleague"):
        expected |= {"Plain: title", "Plain: place", "Plain: joining"}
    if person in READERS:
        expected.add(f"{hidden.title}: uuid")
    if person == "owner":
        expected.add(f"{secret.title}: uuid")
    assert found == expected


def test_whoever_lost_everything_has_no_calendar(rolled_back: World) -> None:
    assert feed(rolled_back, "colleague").status_code == 200
    Holding.objects.filter(person=rolled_back.cast.people["colleague"]).delete()
    lost = feed(rolled_back, "colleague")
    missing = Client().get(url(FEED, {"token": "no-such-token"}))
    assert (lost.status_code, text_of(lost).partition("X-Request-ID")[0]) == (
        404,
        text_of(missing).partition("X-Request-ID")[0],
    )
    assert lost.content == missing.content


@pytest.mark.parametrize("person", ["outsider", "administrator", "owner"])
def test_a_session_adds_nothing_to_an_address(rolled_back: World, person: str) -> None:
    """Nor does it take anything: whoever shows a token reads as its person."""
    client = client_of(rolled_back, person)
    for each in ("outsider", "owner"):
        path = url(FEED, {"token": rolled_back.feeds[each]})
        assert client.get(path).content == Client().get(path).content


def test_a_folded_token_is_found() -> None:
    """The scan reads lines as a calendar does."""
    token = "Kx0123456789"

    class Answer(dict[str, str]):
        streaming, cookies = False, {}
        headers = {"Content-Type": "text/calendar; charset=utf-8"}
        content = b""

    answer = Answer()
    for shift in range(80):
        calendar, event = Calendar(), Event()
        event.add("description", "ق" * shift + token)
        calendar.add_component(event)
        answer.content = calendar.to_ical()
        assert token in text_of(answer), shift
    assert any(token.encode() not in _folded(shift, token) for shift in range(80)), "some are folded"


def _folded(shift: int, token: str) -> bytes:
    event = Event()
    event.add("description", "ق" * shift + token)
    return bytes(event.to_ical())
