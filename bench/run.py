"""Runs the questions interleaved, round after round, and sums them up as medians and ratios.

Ratios and bounds are of the time that the database takes; the Python around it is the same on all sides, and told.
"""

from __future__ import annotations

import io
import random
import statistics
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.core.management import call_command
from django.db import connections

from apps.accounts.models import User
from apps.mission.models import Mission
from apps.need_to_know.acting import acting_as
from apps.records.models import Record
from bench import shapes, writes
from bench.sizes import READERS, Profile, Sizes
from bench.structure import MISSION
from cimic_portal.embedded import provision

SLOW_MS = 250  # what guardian takes longer for is asked of it once only
FASTER = 50  # than guardian where that is slowest


def everything(
    owner: Any, owner_url: str, sizes: Sizes, rounds: int, check: bool, say: Callable[[str], None]
) -> dict[str, Any]:
    """Reads and writes at these sizes; the cursor's session is the owner's."""
    _open_unfiltered(owner_url)
    try:
        with shapes.long_pages():
            read = reads(sizes, rounds, say)
        written = {"writes": writes.writes(owner.cursor(), rounds, say)}
        return {**read, **written, **(checked(say) if check else {})}
    finally:
        connections[shapes.UNFILTERED].close()
        del connections[shapes.UNFILTERED]
        del connections.settings[shapes.UNFILTERED]


def _open_unfiltered(owner_url: str) -> None:
    """A connection like the application's, as the role for which the row rule does not hold."""
    ours = connections.settings["default"]
    with provision.connected(owner_url) as cursor:
        connected = cursor.connection.info
        user, password = connected.user, connected.password
    connections.settings[shapes.UNFILTERED] = {
        **ours,
        "USER": user,
        "PASSWORD": password or "",
        "OPTIONS": {**ours["OPTIONS"], "options": f"{ours['OPTIONS']['options']} -c role={provision.DOOR}"},
    }


def checked(say: Callable[[str], None]) -> dict[str, Any]:
    """Seconds that `check_need_to_know` takes; an error if anything differs."""
    say("checking")
    start = time.perf_counter()
    call_command("check_need_to_know", stdout=io.StringIO())
    return {"check_need_to_know_s": round(time.perf_counter() - start, 1)}


class Clock:
    """Milliseconds of one call: all of it, and what of it was spent waiting for the database."""

    def __init__(self) -> None:
        self.all = self.database = 0.0

    def __call__(self, work: Callable[[], Any]) -> Clock:
        """Measure one call."""
        with ExitStack() as stack:
            for alias in ("default", shapes.UNFILTERED):
                stack.enter_context(connections[alias].execute_wrapper(self._query))
            start = time.perf_counter()
            work()
            self.all = (time.perf_counter() - start) * 1000
        return self

    def _query(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        start = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.database += (time.perf_counter() - start) * 1000


class Reader:
    """A profile with its questions and what was measured of them."""

    def __init__(self, profile: Profile, sizes: Sizes) -> None:
        self.profile = profile
        self.user = User.objects.get(pk=READERS[profile])
        self.mission = Mission.objects.get(pk=MISSION)
        self.acting: list[float] = []
        self.times: dict[str, list[tuple[Clock, Clock]]] = defaultdict(list)
        self.guardian: dict[str, list[float]] = defaultdict(list)
        with acting_as(self.user, self.mission) as actor:
            self.readable = Record.objects.count()
            wanted = sizes.readable(profile)
            if self.readable != wanted:
                raise RuntimeError(f"{profile}: {self.readable} records are readable, not {wanted}")
            self.bounds = {s.name: s for s in shapes.shapes(actor, profile, self.readable)}

    def round(self, number: int, order: random.Random) -> None:
        """Ask everything once, in any order; the first round warms up."""
        start = time.perf_counter()
        with acting_as(self.user, self.mission):
            acting = (time.perf_counter() - start) * 1000
            for shape in order.sample(list(self.bounds.values()), len(self.bounds)):
                self._ask(shape, number, order)
        if number:
            self.acting.append(acting)

    def _ask(self, shape: shapes.Shape, number: int, order: random.Random) -> None:
        known = self.guardian[shape.name]
        ways = {"guarded": shape.guarded, "plain": shape.plain}
        if not known or known[0] < SLOW_MS:
            ways["guardian"] = shape.guardian
        took = {way: Clock()(ways[way]) for way in order.sample(sorted(ways), len(ways))}
        if number:
            self.times[shape.name].append((took["guarded"], took["plain"]))
        if "guardian" in took:
            known.append(took["guardian"].database)

    def summary(self) -> dict[str, Any]:
        """Medians by question."""
        return {
            "readable": self.readable,
            "acting_ms": round(statistics.median(self.acting), 2),
            "questions": {name: self._summed(shape) for name, shape in self.bounds.items()},
        }

    def _summed(self, shape: shapes.Shape) -> dict[str, Any]:
        pairs = self.times[shape.name]
        ms = statistics.median(guarded.database for guarded, _plain in pairs)
        ratio = statistics.median(guarded.database / plain.database for guarded, plain in pairs)
        guardian = statistics.median(self.guardian[shape.name])
        return {
            "ms": round(ms, 2),
            "unfiltered_ms": round(statistics.median(plain.database for _guarded, plain in pairs), 2),
            "ratio": round(ratio, 2),
            "met": ratio <= shape.times or ms <= shape.or_ms,
            "with_python_ms": round(statistics.median(guarded.all for guarded, _plain in pairs), 2),
            "unfiltered_with_python_ms": round(statistics.median(plain.all for _guarded, plain in pairs), 2),
            "guardian_ms": round(guardian, 2),
            "guardian_ratio": round(guardian / ms, 1),
        }


def reads(sizes: Sizes, rounds: int, say: Callable[[str], None]) -> dict[str, Any]:
    """For every reader and question: medians, and the ratio to the same question unfiltered in the same round."""
    order = random.Random(sizes.seed)
    say("finding places")
    readers = [Reader(profile, sizes) for profile in Profile]
    for number in range(rounds + 1):
        say(f"round {number} of {rounds}")
        for reader in order.sample(readers, len(readers)):
            reader.round(number, order)
    found = {str(reader.profile): reader.summary() for reader in readers}
    missed = [
        f"{profile}: {name}" for profile, said in found.items()
        for name, each in said["questions"].items() if not each["met"]
    ]  # fmt: skip
    most = max(
        (each for said in found.values() for each in said["questions"].values()),
        key=lambda each: each["guardian_ms"],
    )
    return {
        "readers": found,
        "bounds_missed": missed,
        "guardian_slowest": {**most, "met": most["guardian_ratio"] >= FASTER},
    }
