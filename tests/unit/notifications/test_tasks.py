"""The sweeps: each alone, nudged by what is published, and none the worse for a broker that is away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg2
import pytest
from django.core import mail
from kombu.exceptions import OperationalError

from apps.notifications import tasks
from apps.records.services import comment_add
from cimic_portal.celery import app
from tests.factories.aid_requests import request_file, take
from tests.factories.staff import Staff
from tests.unit.notifications.conftest import told


def test_what_is_published_nudges_the_relay_after_the_commit(
    staff: Staff, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(tasks.relay_outbox, "apply_async", lambda **how: asked.append(how))
    with django_capture_on_commit_callbacks(execute=True):
        request = take(staff, request_file(staff), "req", "submit")
        assert asked == []
    assert asked
    assert all(how == {"retry": False, "expires": 60} for how in asked)
    assert request.state == "submitted"


def test_a_broker_that_is_away_stops_no_write(
    staff: Staff, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    def away(**_how: Any) -> None:
        raise OperationalError("away")

    monkeypatch.setattr(tasks.relay_outbox, "apply_async", away)
    request = request_file(staff)
    with django_capture_on_commit_callbacks(execute=True), staff.acting("req") as actor:
        comment_add(actor, record=request, text="A remark")
    with staff.acting("req"):
        assert request.comments.count() == 1


def test_the_sweeps_tell_send_and_end(staff: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "nudge", lambda task: None)
    take(staff, request_file(staff), "req", "submit")
    mail.outbox.clear()
    assert tasks.relay_outbox() == 1
    assert tasks.send_mail() >= 1
    assert "clu@staff.invalid" in {message.to[0] for message in mail.outbox}
    assert tasks.relay_outbox() == 0
    assert tasks.send_mail() == 0
    assert tasks.ring_clocks() == 0
    assert tasks.open_digests() == 0
    assert tasks.call_webhooks() == 0
    assert told(staff, "clu")


def test_a_sender_that_runs_elsewhere_is_left_alone(
    staff: Staff, monkeypatch: pytest.MonkeyPatch, database_url: Callable[..., str]
) -> None:
    from django.db import connection

    take(staff, request_file(staff), "req", "submit")
    monkeypatch.setattr(tasks, "nudge", lambda task: None)
    tasks.relay_outbox()
    other = psycopg2.connect(database_url(connection.settings_dict["NAME"], ""))
    try:
        other.cursor().execute("SELECT pg_advisory_lock(%s, %s)", [tasks._LOCK, 1])
        assert tasks.send_mail() == 0
        other.cursor().execute("SELECT pg_advisory_unlock_all()")
    finally:
        other.close()
    assert tasks.send_mail() >= 1


def test_every_sweep_is_in_the_schedule() -> None:
    """A nudge that is lost is made up for by the clock, for every sender."""
    scheduled = {entry["task"] for entry in app.conf.beat_schedule.values()}
    ours = {name for name in app.tasks if name.startswith("apps.notifications.tasks.")}
    assert ours
    assert ours <= scheduled
