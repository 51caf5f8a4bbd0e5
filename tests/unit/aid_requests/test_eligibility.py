"""A unit under a caveat is not tasked; whoever tasks learns that, and only the cleared learn why."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from apps.aid_requests.record import AidRequestType
from apps.mission.models import Position
from apps.mission.vocabulary import RequestKind
from apps.records.transitions import transition
from apps.stakeholders.models import Caveat
from tests.factories.aid_requests import bring_to, data_for, fresh, request_file
from tests.factories.staff import Staff
from tests.factories.stakeholders import stakeholder_registered

REASON = "Orders from home: no such task after dark"


@pytest.fixture
def approved(staff: Staff) -> Any:
    """An approved request for engineering, and a caveat of the one contingent that rules it out."""
    Position.objects.filter(pk__in=[staff.positions[post].pk for post in ("cim", "dec")]).update(clearance=1)
    filed = stakeholder_registered(
        staff, by="cim", scope="organisation", side="mission_military", kind="contingent",
        organisation=staff.organisations["contingent"],
    )  # fmt: skip
    with staff.acting("cim"):
        Caveat.objects.create(
            stakeholder=filed, kind="engineering", reason=REASON, valid_from=timezone.localdate()
        )
    return bring_to(staff, request_file(staff, kind=RequestKind.ENGINEERING), "approved")


def test_the_unit_is_refused_at_its_field(staff: Staff, approved: Any) -> None:
    with staff.acting("joc") as actor, pytest.raises(ValidationError) as refused:
        transition(actor, record=fresh(approved), name="task", data=data_for(staff, "task"))
    assert "unit" in refused.value.message_dict
    assert REASON not in str(refused.value)


def test_a_task_that_no_caveat_rules_out_is_given(staff: Staff, approved: Any) -> None:
    other = bring_to(staff, request_file(staff, kind=RequestKind.MEDICAL), "approved")
    with staff.acting("joc") as actor:
        transition(actor, record=fresh(other), name="task", data=data_for(staff, "task"))
        assert fresh(other).state == "tasked"


def test_the_page_of_the_step_says_who_is_not_eligible(staff: Staff, approved: Any) -> None:
    client = Client()
    client.force_login(staff.people["joc"])
    page = client.get(AidRequestType.url(approved, "transition", name="task")).content.decode()
    assert "not eligible" in page
    assert REASON not in page


def test_whoever_is_cleared_reads_why(staff: Staff, approved: Any) -> None:
    step = AidRequestType.workflow.transition("task")
    with staff.acting("cim"):
        assert [(met, why) for _text, met, why in AidRequestType.weighed(fresh(approved), step)] == [
            (False, REASON)
        ]
    with staff.acting("joc"):
        assert [(met, why) for _text, met, why in AidRequestType.weighed(fresh(approved), step)] == [
            (False, "")
        ]
