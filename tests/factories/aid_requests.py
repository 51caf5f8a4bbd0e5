"""Requests that are complete for their kind, and the way from a draft to any state, step by step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from apps.aid_requests.models import AidRequest, CargoLine, CivilianAlternative
from apps.mission.vocabulary import RequestKind
from apps.records.services import record_file
from apps.records.transitions import transition
from tests.factories.canary import canary
from tests.factories.staff import Staff

_CRITERIA = ("humanitarian_need", "authorities", "security", "sustainability")
_TEXTS = (
    "need_statement", "consequence_if_not_met", "last_resort_justification", "distinction_measures",
    "contact_name",
)  # fmt: skip
_ESCORT_TEXTS = (
    "escort_route", "escort_crew", "escort_alternatives", "common_position", "discontinuation_plan",
)  # fmt: skip


def complete_values(staff: Staff, kind: str, **changes: Any) -> dict[str, Any]:
    """Every answer that a request of `kind` must give, with a canary in each text."""
    values: dict[str, Any] = {name: canary(name) for name in _TEXTS}
    values |= {
        "title": canary("title"), "kind": kind, "priority": 2, "sector": staff.sector, "area": staff.area,
        "needed_by": timezone.now() + timedelta(days=10), "people_targeted": 1200,
        "end_date": (timezone.now() + timedelta(days=20)).date(), "cost_basis": "no_cost",
        "contact_phone": "+211 900 000 000",
        "origin_area": staff.area, "origin_place": canary("origin"),
        "destination_place": canary("destination"),
        "ready_to_load": timezone.now() + timedelta(days=5),
    }  # fmt: skip
    if kind == RequestKind.ESCORT:
        values |= {name: canary(name) for name in _ESCORT_TEXTS} | {"escort_vehicles": 4}
        values |= {f"{name}_text": canary(name) for name in _CRITERIA}
        values |= {f"{name}_met": name != "authorities" for name in _CRITERIA}
    if kind == RequestKind.UAV:
        values |= {name: canary(name) for name in ("uav_humanitarian_use", "uav_release_decision")}
    return values | changes


def request_file(
    staff: Staff, *, by: str = "req", kind: str = RequestKind.MCDA, **changes: Any
) -> AidRequest:
    """A complete draft, with cargo and an alternative; committed unless inside a transaction."""
    with staff.acting(by) as actor:
        request: AidRequest = record_file(actor, record=AidRequest(**complete_values(staff, kind, **changes)))
        CargoLine.objects.create(
            request=request, item=canary("item"), quantity=Decimal("12.5"), weight_mt=Decimal("3.2")
        )
        if kind != RequestKind.MISSION_SUPPORT:
            CivilianAlternative.objects.create(
                request=request,
                option=staff.terms["alternative"],
                result="too_late",
                evidence=canary("evidence"),
            )
    return request


def fresh(request: AidRequest) -> AidRequest:
    """The request as the database has it now; call it while acting."""
    return AidRequest.objects.get(pk=request.pk)


def data_for(staff: Staff, name: str) -> dict[str, Any]:
    """Cleaned data with which the step `name` succeeds."""
    later = timezone.now() + timedelta(days=40)
    made: dict[str, Callable[[], dict[str, Any]]] = {
        "validate": lambda: {"need_is_real": True, "not_duplicate": True, "cluster_priority": 2},
        "endorse": lambda: {"last_resort": True, "distinction": True, "time_bound": True},
        "met_by_civilian": lambda: {"provider_name": canary("provider"), "remarks": canary("remarks")},
        "query": lambda: {"question": canary("question")},
        "answer": lambda: {"answer": canary("answer")},
        "give_opinion": lambda: {"outcome": "with_measures", "reasons": canary("reasons")},
        "recommend": lambda: {
            "advice": "approve", "capacity": canary("capacity"), "reasons": canary("reasons"),
        },
        "approve": lambda: {"explanation": canary("explanation")},
        "approve_conditions": lambda: {"conditions": canary("conditions")},
        "counter_offer": lambda: {"counter_offer": canary("offer"), "changes_conditions": True},
        "decline": lambda: {"reason": staff.terms["decline_reason"], "explanation": canary("explanation")},
        "extend": lambda: {"extended_until": later, "explanation": canary("explanation")},
        "task": lambda: {
            "order_ref": canary("order"), "unit": staff.positions["unit"], "task": canary("task"),
            "report_by": later,
        },
        "confirm": lambda: {"need_met": "full", "timeliness": "on_time", "conduct": "good"},
        "ask_extension": lambda: {"until": later, "reasons": canary("reasons")},
    }  # fmt: skip
    made["endorse_emergency"] = made["endorse"]
    made["validate_afterwards"] = made["validate"]
    made["reopen"] = made["ask_extension"]
    return made[name]() if name in made else {}


def take(staff: Staff, request: AidRequest, by: str, name: str, **changes: Any) -> AidRequest:
    """Take a step as the holder of a post, with data that suffices; the request as it is afterwards."""
    with staff.acting(by) as actor:
        now = fresh(request)
        transition(actor, record=now, name=name, data=data_for(staff, name) | changes, note=canary("note"))
        return fresh(request)


# The usual way: who takes which step, and the state reached.
MAIN_ROAD: tuple[tuple[str, str, str], ...] = (
    ("req", "submit", "submitted"),
    ("clu", "validate", "validated"),
    ("cmc", "endorse", "endorsed"),
    ("cmc", "transmit", "under_assessment"),
    ("sec", "give_opinion", "under_assessment"),
    ("cim", "recommend", "for_decision"),
    ("dec", "approve", "approved"),
    ("joc", "task", "tasked"),
    ("unit", "accept", "in_execution"),
    ("unit", "report_done", "delivered"),
    ("req", "confirm", "closed"),
)
# Off the road: the state it leaves the road at, then the steps.
SIDE_ROADS: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "returned": ("submitted", (("cmc", "return"),)),
    "closed_civil": ("validated", (("clu", "met_by_civilian"),)),
    "info_requested": ("under_assessment", (("cim", "query"),)),
    "counter_offered": ("for_decision", (("dec", "counter_offer"),)),
    "declined": ("for_decision", (("dec", "decline"),)),
    "suspended": ("in_execution", (("joc", "suspend"),)),
    "withdrawn": ("submitted", (("req", "withdraw"),)),
}


def bring_to(staff: Staff, request: AidRequest, state: str) -> AidRequest:
    """Take a draft to a state by its usual way."""
    leaves, steps = SIDE_ROADS.get(state, (state, ()))
    last = max((n for n, (_by, _name, reached) in enumerate(MAIN_ROAD) if reached == leaves), default=-1)
    for by, name, _reached in MAIN_ROAD[: last + 1]:
        if name != "give_opinion" or request.kind == RequestKind.ESCORT:
            request = take(staff, request, by, name)
    for by, name in steps:
        request = take(staff, request, by, name)
    return request
