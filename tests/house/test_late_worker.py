"""A worker that is stopped while action points fall due, and started later: late, never lost, never twice."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg2
import pytest

from apps.action_points.models import ActionPoint
from apps.mission.models import Position
from apps.notifications.models import Message, Notification
from cimic_portal.supervisor.services import BEAT, WORKER
from tests.cast.rows import door
from tests.conftest import SERVERS
from tests.factories.action_points import opened
from tests.factories.staff import Staff, staff_make
from tests.house.portal_process import ROOT, eventually

pytestmark = pytest.mark.timeout(110)
DAY = timedelta(days=1)
# title -> (how much time passes while nothing runs, what its owner is told then, what those above are told)
FELL_DUE = {
    "Reminder": (3 * DAY + timedelta(hours=1), "clock.reminder", {}),
    "Overdue": (4 * DAY + timedelta(hours=1), "clock.overdue", {}),
    "Up the chain": (30 * DAY, "clock.escalated", {"chief": 1, "head": 1}),
    "Not yet": (timedelta(0), "", {}),
}


def redis_of_its_own(url: str) -> str:
    """Another database of the same server, so that nothing that other tests asked for is done here."""
    parts = urlsplit(url)
    if "db" in parse_qs(parts.query):
        return url.replace("db=0", "db=9")
    return parts._replace(path="/9").geturl()


class Background:
    """The portal's own worker and beat, as `manage.py up` starts them, on a test's database."""

    def __init__(self, database_url: str, place: Path) -> None:
        self.log = place / "background.log"
        self.environment = {
            **os.environ, **SERVERS.environment(), "DATABASE_URL": database_url, "DATABASE_OWNER_URL": "",
            "REDIS_URL": redis_of_its_own(SERVERS.environment()["REDIS_URL"]),
        }  # fmt: skip
        self.schedule = place / "beat"
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Start both."""
        with self.log.open("ab") as log:
            for command in (WORKER, [*BEAT, "-s", str(self.schedule)]):
                self.processes.append(
                    subprocess.Popen(
                        command, cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, stdout=log,
                        stderr=log, start_new_session=True,
                    )
                )  # fmt: skip

    def kill(self) -> None:
        """End both without a word, with all that they started."""
        for process in self.processes:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)
        self.processes.clear()


@pytest.fixture
def background(committed_db: str, database_url: Callable[..., str], tmp_path: Path) -> Iterator[Background]:
    made = Background(database_url(committed_db), tmp_path)
    yield made
    made.kill()


def told_of(staff: Staff, name: str, point: ActionPoint) -> Counter[str]:
    """How often the holder of a post was told of it, by what."""
    with staff.acting(name):
        found = Notification.objects.filter(record_id=point.pk).select_related("event")
        return Counter(each.event.verb for each in found if each.event)


def mails_to(staff: Staff, name: str) -> list[str]:
    """What became of each mail to the holder of a post."""
    with staff.acting(name):
        return list(Message.objects.filter(channel="email").values_list("state", flat=True))


def test_what_fell_due_while_nothing_ran_is_told_once_afterwards(
    background: Background, committed_db: str, database_url: Callable[..., str]
) -> None:
    staff = staff_make("stopped")
    chief, head = staff.post("chief", "contingent"), staff.post("head", "force")
    Position.objects.filter(pk=staff.positions["unit"].pk).update(reports_to=chief)
    Position.objects.filter(pk=chief.pk).update(reports_to=head)
    admin = database_url(committed_db, "")

    def clocks() -> dict[str, int]:
        """Title -> how many of its moments were told, of all that waits."""
        with psycopg2.connect(admin) as connection, connection.cursor() as cursor:
            cursor.execute(
                "SELECT r.title, w.level FROM notifications_waits w JOIN records_record r ON r.id = w.record_id"
            )
            return dict(cursor.fetchall())

    def left() -> int:
        with psycopg2.connect(admin) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM notifications_outbox")
            return int(cursor.fetchone()[0])  # type: ignore[index]

    background.start()
    points = {title: opened(staff, title=title, scope="mission") for title in FELL_DUE}
    try:
        assert eventually(lambda: left() == 0 and set(clocks()) == set(FELL_DUE), 40), (
            background.log.read_text()
        )
        assert told_of(staff, "unit", points["Overdue"]) == {"action_point.open": 1}
    finally:
        background.kill()
    with door(admin) as cursor:
        for title, (by, _verb, _above) in FELL_DUE.items():
            cursor.execute(
                "UPDATE notifications_waits SET moments = ARRAY(SELECT m - %(by)s FROM unnest(moments) m),"
                " next_at = next_at - %(by)s WHERE record_id = %(pk)s",
                {"by": by, "pk": points[title].pk},
            )
    time.sleep(1)
    assert set(clocks().values()) == {0}, "somebody rang while nothing ran"
    assert all(told_of(staff, "unit", point) == {"action_point.open": 1} for point in points.values())

    def all_told() -> bool:
        return left() == 0 and all(
            told_of(staff, "unit", points[title]).get(verb)
            for title, (_by, verb, _above) in FELL_DUE.items()
            if verb
        )

    background.start()
    assert eventually(all_told, 45), background.log.read_text()
    # A worker that dies and comes back once more tells nothing twice.
    background.kill()
    background.start()
    assert eventually(lambda: mails_to(staff, "unit") == ["sent"] * 7, 30), mails_to(staff, "unit")
    assert left() == 0
    for title, (_by, verb, above) in FELL_DUE.items():
        expected = {"action_point.open": 1} | ({verb: 1} if verb else {})
        assert told_of(staff, "unit", points[title]) == expected, title
        for name in ("chief", "head"):
            wanted = {"clock.escalated": above[name]} if name in above else {}
            assert told_of(staff, name, points[title]) == wanted, (title, name)
    assert clocks() == {"Reminder": 1, "Overdue": 2, "Up the chain": 5, "Not yet": 0}
