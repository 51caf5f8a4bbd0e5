"""`python3 manage.py bench announcement`: one announcement to ten thousand people, through a whole portal.

How long until all are told and all mail has arrived, what the worker holds in memory, and how the web answers
meanwhile. Standard output is one JSON object; progress goes to standard error.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import shutil
import statistics
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench.faults.mailbox import Mailbox
from bench.faults.portal import Administrator, Portal
from cimic_portal.bootstrap.refusal import Refusal

PATHS = ("/", "/notifications/", "/announcements/")
_LIMIT_SECONDS = 1800.0
_STATE = """
SELECT (SELECT count(*) FROM notifications_outbox), (SELECT count(*) FROM notifications_notification),
       (SELECT count(*) FROM notifications_message WHERE state = 'sent'),
       (SELECT count(*) FROM notifications_message WHERE state = 'queued')
"""


@dataclass
class People:
    """Who reads pages meanwhile, and who issues."""

    cookie: str
    token: str
    count: int


def main(project: Path, arguments: list[str]) -> int:
    """Run it and print what was measured."""
    parser = argparse.ArgumentParser(prog="manage.py bench announcement", description=__doc__)
    parser.add_argument("--people", type=int, default=10_000, help="recipients (default %(default)s)")
    people = parser.parse_args(arguments).people
    if not 10 <= people <= 100_000:
        raise Refusal("People must be from 10 to 100,000.")
    place = Path(tempfile.mkdtemp(prefix="cimic-announcement-"))
    mailbox = Mailbox()
    mailbox.start()
    portal = Portal(project, place, mail_port=mailbox.port, restart_seconds=1.0)
    try:
        portal.start()
        print(json.dumps(measured(portal, mailbox, people), indent=1), flush=True)
    finally:
        portal.stop()
        mailbox.stop()
        shutil.rmtree(place, ignore_errors=True)
    return 0


def say(text: str) -> None:
    """Tell progress, with the time of day."""
    print(time.strftime("%H:%M:%S"), text, file=sys.stderr, flush=True)


class Reader(threading.Thread):
    """Somebody who reads pages one after the other; milliseconds of each, and answers that were no page."""

    def __init__(self, address: str, cookie: str) -> None:
        super().__init__(daemon=True)
        self.address, self.cookie = address, cookie
        self.took: list[float] = []
        self.failed = 0
        self.over = threading.Event()

    def run(self) -> None:
        """Read until told to stop."""
        parts = urlsplit(self.address)
        line = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        number = 0
        while not self.over.wait(0.2):
            began = time.perf_counter()
            line.request(
                "GET", PATHS[number % len(PATHS)], headers={"Cookie": self.cookie, "Host": "localhost"}
            )
            answer = line.getresponse()
            answer.read()
            self.took.append((time.perf_counter() - began) * 1000)
            self.failed += answer.status != 200
            number += 1
        line.close()

    def summary(self) -> dict[str, float]:
        """Medians and the slow end, in milliseconds."""
        ordered = sorted(self.took)
        return {
            "pages": len(ordered),
            "failed": self.failed,
            "p50_ms": round(statistics.median(ordered), 1),
            "p95_ms": round(ordered[int(len(ordered) * 0.95)], 1),
            "max_ms": round(ordered[-1], 1),
        }


def measured(portal: Portal, mailbox: Mailbox, count: int) -> dict[str, Any]:
    """Everything, for printing."""
    say(f"writing {count:,} people")
    people = _people(portal, count)
    administrator = Administrator(portal.admin_url)
    say("reading pages while nothing else happens")
    before = _reading(portal, people, seconds=20)
    memory = _Memory(portal)
    memory.start()
    reader = Reader(portal.address, people.cookie)
    reader.start()
    record = _call(portal, people, "POST", "/api/v1/announcements/", {
        "kind": "notice", "title": "Bridge closed from Monday", "message": "Use the northern crossing.",
        "scope": "mission",
    })  # fmt: skip
    began = time.monotonic()
    _call(
        portal,
        people,
        "POST",
        f"/api/v1/announcements/{record['id']}/transitions/issue/",
        {"scope": "mission"},
    )
    answered = time.monotonic() - began
    told = mailed = 0.0
    while time.monotonic() - began < _LIMIT_SECONDS:
        outbox, notifications, sent, queued = administrator.ask(_STATE)[0]
        if not told and notifications >= count and outbox == 0:
            told = time.monotonic() - began
            say(f"told after {told:.1f} s")
        if told and queued == 0:
            mailed = time.monotonic() - began
            break
        time.sleep(0.25)
    say(f"mailed after {mailed:.1f} s")
    reader.over.set()
    reader.join(60)
    memory.over.set()
    memory.join(5)
    administrator.close()
    return {
        "recipients": count,
        "issuing_answered_s": round(answered, 2),
        "all_told_s": round(told, 1),
        "all_mailed_s": round(mailed, 1),
        "mails_per_s": round(sent / mailed, 1) if mailed else None,
        "notifications": notifications,
        "mails_accepted": len(mailbox.mails),
        "mails_distinct": len(mailbox.by_id()),
        "worker_mb_before": memory.first,
        "worker_mb_peak": memory.most,
        "pages_before": before,
        "pages_meanwhile": reader.summary(),
    }


class _Memory(threading.Thread):
    """The memory of all processes of the portal's worker together, in MB, each second."""

    def __init__(self, portal: Portal) -> None:
        super().__init__(daemon=True)
        self._portal = portal
        self.over = threading.Event()
        self.first = self.most = 0

    def run(self) -> None:
        """Look until told to stop."""
        while not self.over.wait(1):
            running = self._portal.descendants().items()
            held = sum(_megabytes(pid) for pid, line in running if "cimic_portal.celery worker" in line)
            self.first = self.first or held
            self.most = max(self.most, held)


def _megabytes(pid: int) -> int:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") // 2**20


def _reading(portal: Portal, people: People, *, seconds: float) -> dict[str, float]:
    reader = Reader(portal.address, people.cookie)
    reader.start()
    time.sleep(seconds)
    reader.over.set()
    reader.join(60)
    return reader.summary()


def _call(portal: Portal, people: People, method: str, path: str, said: dict[str, Any]) -> dict[str, Any]:
    parts = urlsplit(portal.address)
    line = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    headers = {
        "Authorization": f"Token {people.token}",
        "Content-Type": "application/json",
        "Host": "localhost",
    }
    line.request(method, path, json.dumps(said), headers)
    answer = line.getresponse()
    body = answer.read()
    line.close()
    if answer.status >= 300:
        raise RuntimeError(f"{method} {path}: {answer.status} {body[:500]!r}")
    made: dict[str, Any] = json.loads(body)
    return made


def _people(portal: Portal, count: int) -> People:
    """The mission, written with the portal's own models as its own role; `count` readers and one who issues."""
    portal.adopt()
    from django.conf import settings
    from django.contrib.auth.models import Group
    from django.db import connections, transaction
    from django.test import Client
    from django.utils import timezone

    from apps.accounts.models import User
    from apps.accounts.services import token_create
    from apps.mission.models import Holding, Mission, Organisation, Position, PositionRole

    since = timezone.now() - timedelta(days=1)
    with transaction.atomic():
        mission = Mission.objects.create(code="many", name="Mission of Many")
        organisations = [
            Organisation.objects.create(
                mission=mission, name=f"Organisation {n}", org_type="437", side="humanitarian"
            )
            for n in range(100)
        ]
        groups = Group.objects.bulk_create(Group(name=f"many:{n}") for n in range(count))
        positions = Position.objects.bulk_create(
            Position(mission=mission, organisation=organisations[n % 100], title=f"Post {n}", group=groups[n])
            for n in range(count)
        )
        people = User.objects.bulk_create(
            User(email=f"p{n}@many.invalid", name=f"Person {n}", password="!") for n in range(count)
        )
        PositionRole.objects.bulk_create(
            PositionRole(position=position, role="REQ") for position in positions
        )
        Holding.objects.bulk_create(
            Holding(position=position, person=person, starts=since)
            for position, person in zip(positions, people, strict=True)
        )
        post = Position.objects.create(mission=mission, organisation=organisations[0], title="Duty officer")
        PositionRole.objects.create(position=post, role="JOC")
        officer = User.objects.create_user("duty@many.invalid", name="Duty Officer")
        Holding.objects.create(position=post, person=officer, starts=since)
    client = Client()
    client.force_login(people[0], backend=settings.AUTHENTICATION_BACKENDS[0])
    port = urlsplit(portal.address).port
    cookie = f"cimic_session_{port}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    made = People(cookie, token_create(officer)[1], count)
    connections.close_all()
    return made
