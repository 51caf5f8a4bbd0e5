"""Requests for information at any point of their life."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from apps.information_requests.answering import answer_draft
from apps.information_requests.models import InformationRequest
from apps.records.models import Record
from apps.records.services import record_file
from apps.records.transitions import transition
from apps.releases.models import Release
from tests.factories.canary import canary
from tests.factories.releases import LOWER, step
from tests.factories.staff import Staff


def question_file(staff: Staff, *, by: str = "req", **changes: Any) -> InformationRequest:
    """A complete draft."""
    values: dict[str, Any] = {
        "title": canary("title"), "question": canary("question"), "purpose": canary("purpose"), "priority": 2,
        "needed_by": timezone.now() + timedelta(days=5), "area": staff.area,
    }  # fmt: skip
    with staff.acting(by) as actor:
        filed: InformationRequest = record_file(actor, record=InformationRequest(**values | changes))
        return filed


def now(request: InformationRequest) -> InformationRequest:
    """The request as the database has it; call it while acting."""
    return InformationRequest.objects.get(pk=request.pk)


def take(staff: Staff, request: InformationRequest, by: str, name: str, **data: Any) -> InformationRequest:
    """Take a step as the holder of a post, with data that suffices."""
    if name in ("assign", "reassign"):
        data.setdefault("drafter", staff.positions["cim"])
    with staff.acting(by) as actor:
        transition(actor, record=now(request), name=name, data=data, note=canary("note"))
        return now(request)


def answer_write(
    staff: Staff, request: InformationRequest, *, by: str = "cim", source: Record | None = None
) -> Release:
    """The drafter writes the release that is to answer."""
    with staff.acting(by) as actor:
        found = None if source is None else Record.objects.get(pk=source.pk)
        release = Release(title=canary("answer"), summary=canary("summary"))
        return answer_draft(actor, request=now(request), release=release, source=found)


# The usual way: who takes which step, and the state reached. The answer is written before it is put forward.
ROAD = (
    ("req", "ask", "asked"),
    ("joc", "accept", "accepted"),
    ("joc", "assign", "assigned"),
    ("cim", "put_forward", "drafted"),
    ("rel_force", "sign", "answered"),
    ("req", "satisfied", "satisfied"),
)
SIDE = {
    "unsatisfied": ("answered", ("req", "unsatisfied")),
    "declined": ("asked", ("joc", "decline")),
    "withdrawn": ("asked", ("req", "withdraw")),
}


def bring_to(
    staff: Staff, request: InformationRequest, state: str, *, source: Record | None = None
) -> InformationRequest:
    """Take a request onward to a state by its usual way."""
    leaves, more = SIDE.get(state, (state, None))
    reached = ["draft", *(target for _by, _name, target in ROAD)]
    with staff.acting("req"):
        begins = reached.index(now(request).state)
    release: Release | None = None
    for by, name, _target in ROAD[begins : reached.index(leaves)]:
        if name == "put_forward":
            release = answer_write(staff, request, source=source)
        if name == "sign":
            if release is None:
                with staff.acting(by):
                    release = Release.objects.get(answers_to__request_id=request.pk)
            step(staff, release, by, "sign", **LOWER | {"reason": canary("reason"), "scope": "organisation"})
        else:
            request = take(staff, request, by, name)
    if more is not None:
        request = take(staff, request, *more)
    with staff.acting("req"):
        return now(request)
