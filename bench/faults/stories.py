"""What happens to a request: filed, then step after step by the people whose duty it is, or left waiting on the way."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

LIST = "/api/v1/aid-requests/"
COMMENT = "comment"
# For whom a request waits in each state, by the words of the field; a table of this proof's own.
AWAITED = {
    "submitted": ("cluster",), "returned": ("requester",), "validated": ("cmcoord",), "endorsed": ("cmcoord",),
    "under_assessment": ("cimic",), "info_requested": ("requester",), "for_decision": ("decider",),
    "approved": ("joc",), "tasked": ("unit",), "in_execution": ("unit",), "delivered": ("requester",),
}  # fmt: skip


@dataclass(frozen=True)
class Write:
    """One write: by whom, the step's name (or a comment), its body, and the state that the record has then."""

    person: str
    name: str
    state: str
    body: dict[str, Any]


@dataclass(frozen=True)
class Story:
    """A request with its filing and what follows. `filer` files it; `parked` says that it ends waiting."""

    filer: str
    filing: dict[str, Any]
    writes: tuple[Write, ...]
    parked: bool


def ahead(days: float) -> str:
    """A moment ahead, as JSON."""
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


def request(order: random.Random, filer: str, title: str) -> dict[str, Any]:
    """Everything that a request of some kind must answer."""
    filed = {
        "title": title,
        "kind": "mission_support" if filer == "support" else order.choice(("engineering", "mcda", "medical")),
        "priority": order.choice((1, 2, 3)),
        "area": "SS0102",
        "need_statement": "Seed for 900 households before the rains.",
        "needed_by": ahead(30),
        "contact_name": "Warehouse keeper",
        "contact_phone": "+211 000 000",
    }
    if filer == "support":
        return filed
    return filed | {
        "sector": "LOG",
        "people_targeted": 5400,
        "consequence_if_not_met": "The planting season is lost.",
        "end_date": ahead(60)[:10],
        "last_resort_justification": "River and air were tried.",
        "distinction_measures": "Marked trucks, own crew.",
        "cost_basis": "no_cost",
        "alternatives": [{"option": "civilian-truck", "result": "not_safe", "evidence": "Two refusals."}],
    }


def stories(order: random.Random, unit: str, filers: tuple[str, ...], named: str) -> Iterator[Story]:
    """Stories without end; titles begin with `named` and are all different."""
    number = 0
    while True:
        number += 1
        filer = order.choice(filers)
        writes = list(_writes(order, filer, unit))
        parked = order.random() < 0.4
        if parked:
            # Where it stays, it waits for exactly one position, and its clock is this proof's to turn.
            stops = [n for n, each in enumerate(writes) if each.state in _PARKED and n > 0]
            writes = writes[: order.choice(stops) + 1]
        yield Story(
            filer, request(order, filer, f"{named}-{number} seed and tools"), tuple(_commented(order, writes)),
            parked,
        )  # fmt: skip


_PARKED = ("validated", "endorsed", "for_decision", "approved", "tasked", "in_execution", "delivered")


def _commented(order: random.Random, writes: list[Write]) -> Iterator[Write]:
    for write in writes:
        yield write
        if order.random() < 0.15:
            text = {"text": f"A remark after {write.name}."}
            yield Write(write.person, COMMENT, write.state, text)


def _writes(order: random.Random, filer: str, unit: str) -> Iterator[Write]:
    yield Write(filer, "submit", "submitted", {})
    if filer == "support":
        yield Write("cimic", "take_up", "under_assessment", {})
    else:
        yield from _humanitarian(order, filer)
    if order.random() < 0.3:
        yield Write("cimic", "query", "info_requested", {"question": "How heavy is the load?"})
        yield Write(filer, "answer", "under_assessment", {"answer": "Twenty tonnes."})
    yield Write(
        "cimic", "recommend", "for_decision",
        {"advice": "approve", "capacity": "One platoon", "reasons": "Within means."},
    )  # fmt: skip
    if order.random() < 0.2:
        declined = {"reason": "safety", "explanation": "The road is mined."}
        yield Write("decider", "decline", "declined", declined)
        return
    yield Write("decider", "approve", "approved", {"explanation": "As asked."})
    yield Write(
        "joc", "task", "tasked",
        {"order_ref": "FRAGO 12", "unit": unit, "task": "Carry seed.", "report_by": ahead(20)},
    )  # fmt: skip
    yield Write("unit", "accept", "in_execution", {})
    yield Write("unit", "report_done", "delivered", {"note": "All arrived."})
    if order.random() < 0.2:
        yield Write(filer, "dispute", "for_decision", {"note": "Half of it is missing."})
        yield Write(
            "decider", "decline", "declined", {"reason": "safety", "explanation": "It was delivered."}
        )
        return
    yield Write(filer, "confirm", "closed", {"need_met": "full", "timeliness": "on_time", "conduct": "good"})


def _humanitarian(order: random.Random, filer: str) -> Iterator[Write]:
    if order.random() < 0.2:
        yield Write("cmcoord", "return", "returned", {"note": "Which road?"})
        yield Write(filer, "resubmit", "submitted", {})
    yield Write(
        "cluster", "validate", "validated",
        {"need_is_real": True, "not_duplicate": True, "cluster_priority": 2},
    )  # fmt: skip
    yield Write(
        "cmcoord", "endorse", "endorsed", {"last_resort": True, "distinction": True, "time_bound": True}
    )
    yield Write("cmcoord", "transmit", "under_assessment", {})
