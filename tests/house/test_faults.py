"""`manage.py faults` in small: a few rounds of killing, and the whole proof afterwards."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from kombu import Connection
from kombu.exceptions import OperationalError

from cimic_portal.supervisor.services import longest_wait
from tests.house.portal_process import ROOT, clean_environment


@pytest.mark.timeout(240)
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes are looked up in /proc")
def test_nothing_is_lost_or_told_twice_in_a_few_rounds() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "faults", "--rounds", "3", "--seed", "3", "--threads", "2"],
        cwd=ROOT,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    counts = json.loads(done.stdout.splitlines()[-1])
    assert counts["violations"] == 0
    assert counts["kills_in_all"] >= 3
    assert counts["writes_acknowledged"] > 0
    assert counts["mails_distinct"] > 0
    assert counts["left_running"] == 0


def test_a_nudge_gives_up_at_once_while_the_broker_is_away(tmp_path: Path) -> None:
    away = Connection(
        f"redis+socket://{tmp_path}/nobody.sock", transport_options=settings.CELERY_BROKER_TRANSPORT_OPTIONS
    )
    began = time.monotonic()
    with pytest.raises(OperationalError):
        away.default_channel  # noqa: B018
    assert time.monotonic() - began < 1, "whoever writes a record waits for this"


def test_the_wait_of_the_supervisor_is_only_ever_shortened() -> None:
    assert longest_wait({}) == longest_wait({"PORTAL_RESTART_SECONDS": "soon"}) == 10
    assert longest_wait({"PORTAL_RESTART_SECONDS": "60"}) == 10
    assert longest_wait({"PORTAL_RESTART_SECONDS": "1"}) == 1
    assert longest_wait({"PORTAL_RESTART_SECONDS": "-5"}) > 0
