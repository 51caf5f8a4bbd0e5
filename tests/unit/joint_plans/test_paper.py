"""A plan on paper: all of its parts that whoever draws it out reads, on a sheet that is labelled for them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from apps.joint_plans import paper
from apps.joint_plans.models import Indicator
from apps.joint_plans.parts import part_add, reading_add
from apps.joint_plans.vocabulary import PartKind
from apps.mission.models import Position
from tests.factories.paper import pdf_text, squeezed
from tests.factories.plans import (
    active,
    activity_make,
    assumption_make,
    now,
    part_make,
    plan_file,
    take,
    today,
)
from tests.factories.staff import Staff


def drawn(staff: Staff, name: str, plan: Any, what: str) -> str:
    """The print or the PDF as text without spaces."""
    client = Client()
    client.force_login(staff.people[name], backend=settings.AUTHENTICATION_BACKENDS[0])
    answer = client.get(f"/joint-plans/{plan.uuid}/{what}/")
    assert answer.status_code == 200, answer.content[:300]
    data = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return squeezed(pdf_text(data) if what == "pdf" else data.decode())


@pytest.mark.parametrize("what", ["print", "pdf"])
def test_paper_holds_the_parts_that_its_reader_has(staff: Staff, what: str) -> None:
    Position.objects.filter(mission=staff.mission).update(clearance=1)
    plan = plan_file(staff)
    with staff.acting("cim"):
        contingent = staff.organisations["contingent"].group_id
        open_one = activity_make(staff, plan)
        secret = activity_make(staff, plan, opens_to="named", readers=[contingent])
        rain = assumption_make(staff, plan)
        annex = part_make(staff, plan, PartKind.ANNEX, classification=1)
    plan = take(staff, plan, "cim", "circulate")
    named, reader = drawn(staff, "unit", plan, what), drawn(staff, "req", plan, what)
    for part in (open_one, rain):
        for told in (part.title, part.details, part.code):
            assert squeezed(told) in reader, told
    assert squeezed(rain.then) in reader
    for told in (secret.title, secret.details, secret.code):
        assert squeezed(told) in named, told
        assert squeezed(told) not in reader, told
    assert squeezed(annex.title) in named
    assert "Whoreadsit" in named


def test_the_sheet_is_labelled_for_the_highest_part_that_stands_on_it(staff: Staff) -> None:
    Position.objects.filter(mission=staff.mission).update(clearance=1)
    plan = plan_file(staff, scope="mission")
    with staff.acting("cim"):
        assert (paper.printed(plan).classification, paper.printed(plan).scope) == (0, "mission")
        part_make(staff, plan, PartKind.RISK, classification=1, opens_to="contributors")
        assert (paper.printed(plan).classification, paper.printed(plan).scope) == (1, "organisation")
        assert plan.classification == 0, "the plan itself stays as it is"
    plan = take(staff, plan, "cim", "circulate")
    with staff.acting("clu"):
        assert paper.printed(plan).classification == 0, "nothing tells of what one does not read"


def test_too_many_for_paper_say_so(staff: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper, "PRINTED_MOST", 1)
    plan = plan_file(staff)
    with staff.acting("cim") as actor:
        activity_make(staff, plan)
        shown = next(each for each in paper.sections(actor, plan) if each["key"] == PartKind.ACTIVITY)
        assert len(shown["tables"][0]["rows"]) == 1
        assert shown["fields"][0]["label"] == "Not complete"


def test_an_indicator_says_what_it_showed_last(staff: Staff) -> None:
    plan = take(staff, active(staff), "cim", "review", note="The count is new")
    with staff.acting("cim") as actor:
        row = Indicator(
            plan=now(plan), of_plan=now(plan), kind=PartKind.INDICATOR, title="Families", unit="families"
        )
        indicator = part_add(actor, part=row)
        for day, value in ((2, "310"), (1, "655"), (3, "40")):
            reading_add(actor, indicator=indicator, on=today() - timedelta(days=day), value=Decimal(value))
        shown = next(each for each in paper.sections(actor, plan) if each["key"] == PartKind.INDICATOR)
        assert [cell for row in shown["tables"][0]["rows"] for cell in row if "655" in cell]
        assert not [
            cell for row in shown["tables"][0]["rows"] for cell in row if "310" in cell or "40 " in cell
        ]
