"""What machines ask, what logs say, and what people see while a server is away."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.db import DatabaseError, IntegrityError, OperationalError, connection
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from cimic_portal import heartbeat
from cimic_portal.errors import is_outage
from cimic_portal.logs import JsonFormatter
from cimic_portal.middleware import SessionLifetimeMiddleware
from cimic_portal.tasks import heartbeat as heartbeat_task


@pytest.fixture
def database_away(committed_db: str, tmp_path: Path) -> Iterator[None]:
    """PostgreSQL cannot be reached."""
    before = connection.settings_dict
    connection.close()
    connection.settings_dict = {**before, "HOST": str(tmp_path)}
    yield
    connection.close()
    connection.settings_dict = before


@pytest.fixture
def member(db: None) -> User:
    return User.objects.create_user(email="member@example.org", name="Member", password="a long password")


def test_readyz_wants_a_fresh_heartbeat(client: Client, db: None, settings: Any) -> None:
    heartbeat.forget(settings.REDIS_URL)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {
        "ready": False,
        "database": "ok",
        "migrations": "ok",
        "broker": "ok",
        "worker": "silent",
        "outbox": "ok",
    }
    heartbeat_task()
    assert client.get("/readyz").status_code == 200


def test_readyz_and_pages_say_503_while_the_database_is_away(database_away: None) -> None:
    client = Client(raise_request_exception=False)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["database"]) == (503, "away")
    assert client.get("/healthz").status_code == 200
    client.cookies["cimic_session"] = "a" * 32
    page = client.get("/")
    assert (page.status_code, page["Retry-After"]) == (503, "5")
    assert b"<html" in page.content
    problem = client.get("/api/v1/aid-requests/", headers={"Authorization": "Token abc"})
    assert problem.status_code == 503
    assert problem["Content-Type"] == "application/problem+json"


def test_pages_say_503_while_redis_is_away(member: User, settings: Any, tmp_path: Path) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(member)
    away = {**settings.CACHES["default"], "LOCATION": f"unix://{tmp_path / 'nobody'}?db=0"}
    settings.CACHES = {"default": away}
    answer = client.get("/accounts/password/change/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")


def test_a_fault_of_ours_is_500_and_says_nothing(
    db: None, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(url: str) -> None:
        raise ValueError("canary in an error")

    monkeypatch.setattr(heartbeat, "age", fail)
    page = Client(raise_request_exception=False).get("/readyz")
    assert page.status_code == 500
    assert b"canary" not in page.content


def test_a_refusal_is_not_an_outage() -> None:
    assert is_outage(OperationalError("could not connect"))
    assert not is_outage(IntegrityError("duplicate key"))
    assert not is_outage(ValueError("OperationalError"))
    assert not is_outage(DatabaseError("Save did not affect any rows."))


def test_a_connection_that_breaks_at_the_commit_is_an_outage() -> None:
    """psycopg2 then raises its bare class, and Django the one of the same name."""
    with pytest.raises(DatabaseError) as raised, connection.wrap_database_errors:
        raise psycopg2.DatabaseError("error with status PGRES_TUPLES_OK and no message from the libpq")
    assert is_outage(raised.value)


def test_metrics_are_for_the_holder_of_the_token(client: Client, db: None, settings: Any) -> None:
    assert client.get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "right"
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404
    text = client.get("/metrics", headers={"Authorization": "Bearer right"}).content.decode()
    assert 'portal_requests_total{status="4xx"}' in text
    assert "portal_queue_length" in text


def test_a_log_line_has_the_request_and_no_contents(
    client: Client, db: None, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "portal.requests"):
        answer = client.get("/healthz?q=canary-in-the-query")
    (record,) = (record for record in caplog.records if record.name == "portal.requests")
    line = json.loads(JsonFormatter().format(record))
    assert (line["route"], line["status"]) == ("healthz", 200)
    assert answer["X-Request-ID"]
    assert "canary" not in json.dumps(line)

    try:
        raise IntegrityError("DETAIL: Key (title)=(canary in an error) already exists")
    except IntegrityError as error:
        shown = logging.LogRecord("x", 40, "x", 1, "failed", None, (type(error), error, error.__traceback__))
    line = json.loads(JsonFormatter().format(shown))
    assert line["error"] == "django.db.utils.IntegrityError"
    assert "test_health.py" in line["places"][-1]
    assert "canary" not in json.dumps(line)

    task = logging.LogRecord("celery.app.trace", 40, "x", 1, "Task %(name)s raised: %(exc)s", None, None)
    task.args = {"name": "sweep", "exc": "canary"}
    task.data = {"name": "sweep", "id": "7", "args": "canary", "exc": "canary"}
    assert "canary" not in JsonFormatter().format(task)


@pytest.mark.parametrize(
    ("key", "setting", "signed_in"),
    [("SEEN", "SESSION_IDLE", False), ("BEGAN", "SESSION_ABSOLUTE", False), ("SEEN", "", True)],
)
def test_a_session_ends(
    key: str, setting: str, signed_in: bool, client: Client, member: User, settings: Any
) -> None:
    client.force_login(member)
    client.get("/accounts/login/")
    session = client.session
    assert session[SessionLifetimeMiddleware.SEEN] <= timezone.now().timestamp()
    age = getattr(settings, setting).total_seconds() + 1 if setting else 600
    session[getattr(SessionLifetimeMiddleware, key)] -= int(age)
    session.save()
    client.get("/accounts/login/")
    assert ("_auth_user_id" in client.session) is signed_in


def test_the_policy_forbids_everything_inline(client: Client, db: None) -> None:
    policy = client.get("/accounts/login/")["Content-Security-Policy"]
    parts = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert parts["default-src"] == "'none'"
    assert parts["script-src"] == parts["style-src"] == parts["connect-src"] == "'self'"
    assert "unsafe" not in policy
