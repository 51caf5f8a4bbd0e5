"""People's calendars outside the portal: making an address, and reading what it gives."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.test import Client
from icalendar import Calendar, Component

from apps.notifications.calendar_feeds import feed_make, feed_path
from tests.factories.staff import Staff


def feed_of(staff: Staff, name: str) -> str:
    """The token of a new calendar of whoever holds that post."""
    with staff.acting(name) as actor:
        _feed, token = feed_make(actor, name="Field tablet")
        return token


def fetched(token: str, **headers: str) -> HttpResponse:
    """What a program that shows no session is answered."""
    return Client().get(feed_path(token), headers=headers)  # type: ignore[return-value]


def calendar(token: str) -> Any:
    """The calendar at that address."""
    answer = fetched(token)
    assert answer.status_code == 200, answer.content
    return Calendar.from_ical(answer.content)


def events(token: str) -> dict[str, Component]:
    """Its entries, by the UUID of their record."""
    return {str(each["uid"]).partition("@")[0]: each for each in calendar(token).walk("VEVENT")}
