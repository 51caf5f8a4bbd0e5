"""All the counts and violations of a run, and how they are printed."""

from __future__ import annotations

import json
import statistics
from dataclasses import dataclass, field
from typing import Any

from bench.faults import checks
from bench.faults.cast import Cast
from bench.faults.load import Ledger, Load
from bench.faults.mailbox import Mail
from bench.faults.portal import Administrator
from bench.faults.reading import World
from bench.faults.shooting import Shooter

_SHOWN_MOST = 20


@dataclass
class Verdict:
    """Counts by name, everything that must not be, and the mails that were offered again."""

    counts: dict[str, Any]
    violations: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def print(self) -> None:
        """A table for people, what is wrong, and one line of JSON for programs."""
        for name, value in self.counts.items():
            shown = ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else value
            print(f"{name.replace('_', ' '):<34} {shown}")
        for line in self.remarks[:_SHOWN_MOST]:
            print("offered again", line)
        for line in self.violations[:_SHOWN_MOST]:
            print("VIOLATION", line)
        if len(self.violations) > _SHOWN_MOST:
            print(f"… and {len(self.violations) - _SHOWN_MOST} more")
        print(json.dumps(self.counts | {"violations": len(self.violations)}), flush=True)


def judged(
    administrator: Administrator,
    cast: Cast,
    ledger: Ledger,
    load: Load,
    mails: dict[str, list[Mail]],
    shooter: Shooter,
    counts: dict[str, Any],
) -> Verdict:
    """Compare database, ledger and mailbox."""
    world = World(administrator)
    again, unexplained = checks.offered_again(mails, shooter.shots)
    lost = {
        "writes": list(checks.writes_lost(world, ledger)),
        "notifications": list(checks.notifications_lost(world, cast)),
        "clocks": list(checks.clocks_wrong(world, ledger)),
        "mails": list(checks.mails_lost(world, cast, mails)),
    }
    twice = {
        "writes": list(checks.writes_twice(world, ledger)),
        "notifications": list(checks.notifications_twice(world)),
        "mails": [*checks.mails_wrong(world, mails), *unexplained],
    }
    found = Verdict(counts, remarks=again)
    found.counts |= {
        "kills": shooter.counts(),
        "kills_in_all": len(shooter.shots),
        "writes_acknowledged": len(ledger.entries),
        "retries": sum(entry.attempts - 1 for entry in ledger.entries),
        "sent_again_on_purpose": ledger.repeated,
        "writes_given_up": load.gave_up,
        "writes_refused": len(ledger.refusals),
        "longest_outage_seconds": round(max((entry.seconds for entry in ledger.entries), default=0), 1),
        "records": len(world.records),
        "steps": sum(map(len, world.steps.values())),
        "events": sum(map(len, world.events.values())),
        "clock_events": sum(e.verb.startswith("clock.") for told in world.events.values() for e in told),
        "notifications": len(world.notifications),
        "messages": _by_state(world),
        "mails_accepted": sum(map(len, mails.values())),
        "mails_distinct": len(mails),
        "mails_offered_again_same_message_id": len(again),
        "mails_then_found_settled": len(checks.dropped_after_all(world, mails)),
        "seconds_from_event_to_told": _spread(_until_told(world)),
        "seconds_from_event_to_mail": _spread(_until_mailed(world, mails)),
        "lost": {what: len(lines) for what, lines in lost.items()},
        "twice": {what: len(lines) for what, lines in twice.items()},
        "told_whoever_may_not_read": len(world.unreadable),
    }
    found.violations += [line for lines in (*lost.values(), *twice.values()) for line in lines]
    found.violations += [f"notification {number} is of nobody who reads" for number in world.unreadable]
    found.violations += ledger.refusals
    return found


def _by_state(world: World) -> dict[str, int]:
    states: dict[str, int] = {}
    for message in world.messages:
        name = f"{message.state} {message.code}".strip()
        states[name] = states.get(name, 0) + 1
    return states


def _until_told(world: World) -> list[float]:
    """For each event that anybody was mailed of: the seconds until it was told."""
    at = {event.id: event.at for events in world.events.values() for event in events}
    of = {notification.id: notification.event for notification in world.notifications}
    told = {of[m.notification]: m.created_at for m in world.messages if m.notification in of}
    return [(moment - at[event]).total_seconds() for event, moment in told.items()]


def _until_mailed(world: World, mails: dict[str, list[Mail]]) -> list[float]:
    at = {event.id: event.at for events in world.events.values() for event in events}
    of = {notification.id: notification.event for notification in world.notifications}
    arrived = {taken[0].of: taken[0].at for taken in mails.values()}
    return [
        arrived[m.of] - at[of[m.notification]].timestamp()
        for m in world.messages
        if m.of in arrived and m.notification in of
    ]


def _spread(seconds: list[float]) -> dict[str, float]:
    """Median, 95th of a hundred, and most."""
    if not seconds:
        return {}
    ordered = sorted(seconds)
    return {
        "median": round(statistics.median(ordered), 2),
        "p95": round(ordered[int(0.95 * (len(ordered) - 1))], 2),
        "most": round(ordered[-1], 1),
    }
