"""`python3 manage.py faults`: a portal of its own, load, kills, and the proof that nothing is lost or told twice.

Progress goes to standard error; standard output is a table and, as its last line, one JSON object.
"""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from bench.faults.load import Ledger, Load
from bench.faults.mailbox import Mail, Mailbox
from bench.faults.portal import Administrator, Portal
from bench.faults.ringing import Ringer
from bench.faults.shooting import Shooter, Shot
from bench.faults.verdict import Verdict, judged
from cimic_portal.bootstrap.refusal import Refusal

LIMIT_SECONDS = 120.0  # until all is delivered, counted from the moment at which the portal is healthy again
_LULL_SECONDS = 12.0  # without an acknowledged write; then it is left alone until there is one
_BREATHER_SECONDS = 60.0
_HEALTHY_IN_SECONDS = 120.0
ROUND_SECONDS = 15.0  # that a round may take on average
_QUIET = """
SELECT (SELECT count(*) FROM notifications_outbox WHERE next_at < 'infinity'),
       (SELECT count(*) FROM notifications_message WHERE state = 'queued'),
       (SELECT count(*) FROM notifications_call WHERE state = 'queued'),
       (SELECT count(*) FROM notifications_waits WHERE next_at <= clock_timestamp())
"""


@dataclass(frozen=True)
class Options:
    """What a run is told."""

    rounds: int
    seed: int
    threads: int
    pause: float
    restart: float
    keep: bool


def main(project: Path, arguments: list[str]) -> int:
    """Run it; 0 if all held, 1 on any violation."""
    options = _options(arguments)
    signal.signal(signal.SIGTERM, _stop)
    place = Path(tempfile.mkdtemp(prefix="cimic-faults-"))
    mailbox = Mailbox()
    mailbox.start()
    portal = Portal(project, place, mail_port=mailbox.port, restart_seconds=options.restart)
    kept, left = True, []
    try:
        portal.start()
        verdict = _run(portal, mailbox, place, options)
        kept = options.keep or bool(verdict.violations)
    finally:
        left = portal.stop()
        mailbox.stop()
        if kept:
            say(f"data folder, logs, ledger, kills and mails are kept in {place}")
        else:
            shutil.rmtree(place, ignore_errors=True)
    verdict.counts["left_running"] = len(left)
    verdict.violations += [f"left running: {line}" for line in left]
    verdict.print()
    return 1 if verdict.violations else 0


def _options(arguments: list[str]) -> Options:
    parser = argparse.ArgumentParser(prog="manage.py faults", description=__doc__)
    parser.add_argument("--rounds", type=int, default=200, help="rounds of killing (default %(default)s)")
    parser.add_argument(
        "--seed", type=int, default=1, help="the same load and order of kills (default %(default)s)"
    )
    parser.add_argument("--threads", type=int, default=3, help="people at work at once (default %(default)s)")
    parser.add_argument(
        "--pause", type=float, default=3.0, help="seconds between rounds at most (default %(default)s)"
    )
    parser.add_argument(
        "--restart", type=float, default=1.0,
        help="seconds that the supervisor waits at most before it starts again what ended (default %(default)s)",
    )  # fmt: skip
    parser.add_argument("--keep", action="store_true", help="keep data folder, logs, ledger, kills and mails")
    found = parser.parse_args(arguments)
    if found.rounds < 1 or found.threads < 1 or found.pause < 0:
        raise Refusal("Rounds and threads must be at least 1, and the pause at least 0.")
    if not Path("/proc").is_dir() and shutil.which("ps") is None:
        raise Refusal("Processes cannot be listed on this machine: install ps.")
    return Options(**vars(found))


def _stop(number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def say(text: str) -> None:
    """Tell progress, with the time of day."""
    print(time.strftime("%H:%M:%S"), text, file=sys.stderr, flush=True)


def _run(portal: Portal, mailbox: Mailbox, place: Path, options: Options) -> Verdict:
    cast = _cast(portal)
    ledger = Ledger(place / "ledger.jsonl")
    administrator = Administrator(portal.admin_url)
    load = Load(portal.address, cast, ledger, threads=options.threads, seed=options.seed)
    ringer = Ringer(portal.admin_url, ledger, options.seed)
    shooter = Shooter(portal, administrator, options.seed)
    say(f"the portal is up at {portal.address}; {options.rounds} rounds begin")
    began = time.monotonic()
    load.start()
    ringer.start()
    try:
        done = _rounds(portal, shooter, ledger, mailbox, options)
        load.end()
        ringer.stop()
        healthy = _until_healthy(portal) - shooter.shots[-1].at
        drained = _until_quiet(administrator, load)
    finally:
        load.end()
        ringer.stop()
    ledger.close()
    _note(place / "kills.jsonl", shooter.shots)
    _note(place / "mails.jsonl", mailbox.mails)
    say(f"healthy {healthy:.1f} s after the last kill; all delivered {drained:.1f} s later")
    counts: dict[str, Any] = {
        "rounds": done,
        "seed": options.seed,
        "minutes": round((time.monotonic() - began) / 60, 1),
        "clocks_turned": ringer.turned,
        "seconds_to_healthy": round(healthy, 1),
        "seconds_to_drain": round(drained, 1),
        "seconds_to_drain_limit": LIMIT_SECONDS,
    }
    verdict = judged(administrator, cast, ledger, load, mailbox.by_id(), shooter, counts)
    if done < options.rounds:
        verdict.violations.append(f"only {done} of {options.rounds} rounds were done in time")
    if drained > LIMIT_SECONDS:
        verdict.violations.append(f"not all was delivered within {LIMIT_SECONDS:.0f} s")
    compared = portal.command("check_need_to_know")
    if compared.returncode:
        verdict.violations.append(f"check_need_to_know: {compared.stderr.strip()}")
    administrator.close()
    return verdict


def _note(place: Path, rows: Sequence[Shot] | Sequence[Mail]) -> None:
    """Write rows beside the ledger, for whoever looks into a run afterwards."""
    place.write_text("".join(json.dumps(asdict(row)) + "\n" for row in rows), encoding="utf-8")


def _cast(portal: Portal) -> Any:
    """The mission, written with the portal's own code as its own role."""
    portal.adopt()
    from bench.faults.mission import cast_make

    return cast_make()


def _rounds(portal: Portal, shooter: Shooter, ledger: Ledger, mailbox: Mailbox, options: Options) -> int:
    """How many rounds were done; fewer than wanted when they take far too long."""
    until = time.monotonic() + 60 + options.rounds * ROUND_SECONDS
    for number in range(1, options.rounds + 1):
        # WHY: now and then a longer pause, in which what was cut off gets further before the next kill.
        time.sleep(shooter.order.uniform(0, options.pause * (3 if number % 8 == 0 else 1)))
        _breathe(ledger)
        if not portal.alive():
            raise RuntimeError(f"the supervisor ended: see {portal.output}")
        if time.monotonic() > until:
            return number - 1
        shooter.round()
        if number % 10 == 0 or number == options.rounds:
            say(
                f"round {number}: {len(shooter.shots)} kills, {len(ledger.entries)} writes acknowledged,"
                f" {len(mailbox.mails)} mails"
            )
    return options.rounds


def _breathe(ledger: Ledger) -> None:
    """After a lull, leave the portal alone until it has acknowledged something: what is down cannot lose anything."""
    until = time.monotonic() + _BREATHER_SECONDS
    while time.monotonic() - ledger.last > _LULL_SECONDS and time.monotonic() < until:
        time.sleep(0.2)


def _until_healthy(portal: Portal) -> float:
    """The moment at which it is fit for work, in seconds since the epoch; or at which nobody waits any longer."""
    until = time.monotonic() + _HEALTHY_IN_SECONDS
    while not portal.healthy() and time.monotonic() < until:
        time.sleep(0.1)
    return time.time()


def _until_quiet(administrator: Administrator, load: Load) -> float:
    """Seconds until nothing waits to be told or sent any more; a little more than the limit when that is never."""
    began = time.monotonic()
    load.join()
    while time.monotonic() - began <= LIMIT_SECONDS:
        if administrator.patiently(_QUIET) == [(0, 0, 0, 0)]:
            break
        time.sleep(0.25)
    return time.monotonic() - began
