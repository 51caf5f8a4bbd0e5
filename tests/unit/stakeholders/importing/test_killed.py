"""A worker that is killed in the middle of an import leaves nothing behind; the task that comes again does it once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from apps.stakeholders.importing import runs
from apps.stakeholders.models import Presence, Stakeholder
from tests.conftest import SERVERS
from tests.factories.staff import staff_make
from tests.unit.stakeholders.importing.conftest import Desk
from tests.unit.stakeholders.importing.sample import csv_of

ROOT = Path(__file__).resolve().parents[4]
ROWS = 1200
# Works as the task does, says when it is half way, and then waits to be killed.
HALF_WAY = """
import sys, time, django
django.setup()
from apps.stakeholders.importing import applying
from apps.stakeholders.tasks import import_work
write, batches = applying._Writer.write, []
def half(self, batch):
    write(self, batch)
    batches.append(len(batch))
    if len(batches) == 2:
        print("half", flush=True)
        time.sleep(60)
applying._Writer.write = half
import_work(*map(int, sys.argv[1:]))
"""


def test_a_worker_that_is_killed_leaves_nothing_and_the_next_does_it_once(
    committed_db: str, database_url: Callable[..., str]
) -> None:
    desk = Desk(staff_make())
    rows = [(f"Fund {n % 9} Xy{n % 9}", "TT0101", f"Activity {n}") for n in range(ROWS)]
    run = desk.bring(csv_of(("Organisation", "P-code", "Activity"), *rows), kind="441")
    with desk.staff.acting("cim") as actor:
        runs.run_confirm(actor, run=run, others=False)
    environment = {**os.environ, **SERVERS.environment(), "DATABASE_URL": database_url(committed_db)}
    environment["DJANGO_SETTINGS_MODULE"] = "cimic_portal.settings"
    given = [str(run.pk), str(desk.staff.people["cim"].pk), str(desk.staff.mission.pk)]
    with subprocess.Popen(
        [sys.executable, "-c", HALF_WAY, *given], cwd=ROOT, env=environment, stdout=subprocess.PIPE
    ) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == b"half\n"
        worker.kill()
    assert desk.count(Presence.objects.count) == 0
    assert desk.count(Stakeholder.objects.count) == 0
    assert desk.seen(run).state == "applying", "it still waits to be done"
    assert [desk.work(run), desk.work(run)] == ["applied", "applied"]
    assert desk.count(Presence.objects.count) == ROWS
    assert desk.count(Stakeholder.objects.count) == 9
