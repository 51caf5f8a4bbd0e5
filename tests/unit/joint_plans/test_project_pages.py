"""The pages of a project as people use them, and what leaves the portal of an object that is protected."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from apps.joint_plans.models import CriterionAnswer, Instalment, JointPlan, MonitoringVisit, Project
from apps.joint_plans.projects.looking import around
from apps.joint_plans.projects.rules import criteria_of
from apps.joint_plans.projects.shown import project_page
from apps.stakeholders.models import Stakeholder
from tests.factories.canary import canary
from tests.factories.plans import now, plan_file, take, today
from tests.factories.projects import approved, before_committee, consulted, project_file, running
from tests.factories.staff import Staff
from tests.factories.stakeholders import present, stakeholder_registered
from tests.unit.joint_plans.test_pages import browser, text, url

NOTE = "Protected object: not to be shown as a military one"


def said_of(staff: Staff, by: str, plan: JointPlan) -> dict[str, str]:
    """What each door says of the plan."""
    client = browser(staff, by)
    book = load_workbook(
        io.BytesIO(b"".join(client.get("/joint-plans/export/?format=xlsx").streaming_content))
    )
    paper = client.get(url(plan, "pdf/"))
    content = b"".join(paper.streaming_content) if paper.streaming else paper.content
    return {
        "page": text(client.get(url(plan))),
        "print": text(client.get(url(plan, "print/"))),
        "pdf": " ".join(
            " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split()
        ),
        "csv": b"".join(client.get("/joint-plans/export/?format=csv").streaming_content).decode(),
        "xlsx": "\n".join(str(cell.value) for sheet in book for row in sheet for cell in row if cell.value),
        "api": text(client.get(f"/api/v1/joint-plans/{plan.uuid}/")),
    }


@pytest.mark.parametrize(("built", "word"), [("school", "School"), ("worship", "Place of worship")])
def test_a_protected_object_is_civilian_at_every_door(staff: Staff, built: str, word: str) -> None:
    plan = before_committee(staff, built=built)
    for by in ("cim", "req", "dec"):
        said = said_of(staff, by, plan)
        for door in ("page", "print", "pdf", "csv", "xlsx"):
            assert NOTE in said[door], (by, door)
            assert word in said[door], (by, door)
        assert '"caution":"protected"' in said["api"].replace(" ", "")
        assert f'"dual_use":"{built}"' in said["api"].replace(" ", "")
        recipient = {"cim": "Post cim, Force Headquarters", "dec": "Post dec, Force Headquarters"}.get(
            by, "\0"
        )
        for door in ("csv", "xlsx"):
            # WHY: a marking names who draws the file out: that is of the person and not of the object.
            whole = said[door].replace(recipient, "")
            assert not [unit for unit in ("First Battalion", "Force Headquarters") if unit in whole], (
                by,
                door,
            )


def test_an_object_that_is_not_protected_has_no_note(staff: Staff) -> None:
    plan = before_committee(staff, built="road")
    said = said_of(staff, "req", plan)
    assert not [door for door, whole in said.items() if NOTE in whole]
    assert "Force Headquarters" in said["csv"]


def test_amounts_leave_by_no_door_to_those_to_whom_they_do_not_open(staff: Staff) -> None:
    plan = before_committee(staff, opens_to="planners", asked="48765")
    for door, whole in said_of(staff, "req", plan).items():
        assert amounts(whole) == set(), door
    assert "48765" in amounts(said_of(staff, "dec", plan)["page"])


def amounts(whole: str) -> set[str]:
    """Amounts of the project that stand by themselves: an address drawn by lot may have any five digits in a row."""
    return set(re.findall(r"(?<![\w-])(?:48765|20000)(?![\w-])", whole.replace(",", "")))


def test_criteria_are_answered_on_a_page(staff: Staff) -> None:
    plan = project_file(staff, answers=False)
    client = browser(staff, "cim")
    with staff.acting("cim") as actor:
        criteria = criteria_of(plan)
        assert project_page(actor, plan)["project"]["unanswered"] == len(criteria) == 10
    page = text(client.get(url(plan, "project/criteria/")))
    assert all(each.text in page for each in criteria)
    first, second = criteria[:2]
    wrong = client.post(
        url(plan, "project/criteria/"), {f"met-{first.uuid}": "perhaps", f"why-{first.uuid}": "My words"}
    )
    assert wrong.status_code == 422
    assert "My words" in text(wrong)
    done = client.post(
        url(plan, "project/criteria/"), {f"met-{first.uuid}": "no", f"met-{second.uuid}": "yes"}
    )
    assert done.status_code == 302
    with staff.acting("cim"):
        assert sorted(CriterionAnswer.objects.filter(plan=plan).values_list("met", flat=True)) == [
            "no",
            "yes",
        ]
    circulated = take(staff, plan, "cim", "circulate")
    assert browser(staff, "req").get(url(circulated, "project/criteria/")).status_code == 403


def test_the_generic_form_writes_a_project_and_refuses_at_the_field(staff: Staff) -> None:
    plan = plan_file(staff, kind="qip", parts={})
    client = browser(staff, "cim")
    with staff.acting("cim"):
        version = now(plan).version
    base = {
        "version": version, "project-TOTAL_FORMS": "1", "project-INITIAL_FORMS": "0", "project-0-dual_use": "school",
        "project-0-place": "Old town", "project-0-do_no_harm": "None", "project-0-sustainability": "The council",
    }  # fmt: skip
    assert client.post(url(plan, "edit/project/"), base | {"project-0-place": ""}).status_code == 422
    assert client.post(url(plan, "edit/project/"), base).status_code == 302
    with staff.acting("cim"):
        assert Project.objects.get(plan=plan).is_protected_object
        version = now(plan).version
    money: dict[str, Any] = {
        "version": version, "funding-TOTAL_FORMS": "1", "funding-INITIAL_FORMS": "0", "funding-0-amount_asked": "50001",
        "funding-0-opens_to": "all", "instalments-TOTAL_FORMS": "0", "instalments-INITIAL_FORMS": "0",
    }  # fmt: skip
    refused = client.post(url(plan, "edit/money/"), money)
    assert refused.status_code == 422
    assert "at most 50,000 USD" in text(refused)
    by_unit = money | {
        "funding-0-amount_asked": "9000",
        "funding-0-partner": staff.organisations["contingent"].pk,
    }
    assert client.post(url(plan, "edit/money/"), by_unit).status_code == 422
    assert (
        client.post(url(plan, "edit/money/"), money | {"funding-0-amount_asked": "9000"}).status_code == 302
    )


def test_plans_of_other_kinds_have_no_such_pages(staff: Staff) -> None:
    plan = plan_file(staff)
    client = browser(staff, "cim")
    for rest in ("criteria", "duplication", "visits/new", "report"):
        assert client.get(url(plan, f"project/{rest}/")).status_code == 404
    assert "Do no harm" not in text(client.get(url(plan)))


def test_payments_visits_and_the_report_are_noted_on_pages(staff: Staff) -> None:
    plan = approved(staff)
    client = browser(staff, "cim")
    with staff.acting("cim"):
        first, second = Instalment.objects.filter(plan=plan).order_by("number")
    pay = url(plan, f"project/instalments/{first.uuid}/")
    assert client.get(pay).status_code == 200
    assert client.post(pay, {}).status_code == 422
    assert client.post(pay, {"paid_on": f"{today():%Y-%m-%d}", "reference": "PV 7"}).status_code == 302
    early = client.post(
        url(plan, f"project/instalments/{second.uuid}/"),
        {"paid_on": f"{today():%Y-%m-%d}", "reference": "PV 8"},
    )
    assert early.status_code == 422
    assert "Nobody has visited" in text(early)
    assert "PV 8" in text(early)
    plan = take(staff, plan, "cim", "activate")
    visit = url(plan, "project/visits/new/")
    unit = browser(staff, "unit")
    sent = {"on": f"{today():%Y-%m-%d}", "percent": "50", "finding": "Walls stand"}
    assert unit.get(visit).status_code == 200
    assert unit.post(visit, sent | {"percent": "140"}).status_code == 422
    assert unit.post(visit, sent | {"on": f"{today() + timedelta(days=2):%Y-%m-%d}"}).status_code == 422
    assert unit.post(visit, sent).status_code == 302
    assert client.post(url(plan, "project/report/"), {"final_report": " "}).status_code == 422
    assert client.post(url(plan, "project/report/"), {"final_report": "Six rooms"}).status_code == 302
    assert "Six rooms" in text(client.get(url(plan)))
    with staff.acting("cim"):
        assert MonitoringVisit.objects.get(plan=plan).percent == 50
    for rest in ("report/", f"instalments/{first.uuid}/"):
        assert unit.get(url(plan, f"project/{rest}")).status_code == 403


def test_a_hidden_instalment_is_a_missing_one(staff: Staff) -> None:
    plan = running(staff, opens_to="planners")
    with staff.acting("cim"):
        hidden = Instalment.objects.filter(plan=plan).first()
    assert hidden is not None
    client = browser(staff, "req")
    answers = [
        client.get(url(plan, f"project/instalments/{uuid}/")).status_code
        for uuid in (hidden.uuid, "7d6c8a52-0000-4000-8000-000000000001")
    ]
    assert answers == [404, 404]


def test_whoever_checks_sees_who_else_is_there_and_no_more_than_they_read(staff: Staff) -> None:
    mine, elsewhere, over = canary("activity"), canary("elsewhere"), canary("over")
    known = stakeholder_registered(staff, scope="mission")
    inside = {"area": staff.area, "sector": staff.sector}
    present(staff, known, activity=mine, **inside)
    present(staff, known, activity=elsewhere, area=staff.area.parent, sector=staff.sector)
    present(staff, known, activity=over, end=today() + timedelta(days=1), **inside)
    other = plan_file(staff, by="req_elsewhere", parts={}, sector=staff.sector)
    plan = consulted(staff)
    own = plan_file(staff)
    practised = plan_file(staff, kind="exercise")
    page = text(browser(staff, "cim").get(url(plan, "project/duplication/")))
    assert own.reference in page
    assert practised.reference not in page, "what is practised builds nothing"
    assert other.reference not in page
    assert plan.reference not in page.split("Activities of other plans")[1]
    assert "check_duplication" not in page
    page = text(browser(staff, "cmc").get(url(plan, "project/duplication/")))
    assert own.reference not in page
    assert "check_duplication" in page
    assert mine in page
    assert elsewhere not in page, "a wider area says nothing of the district"
    assert over not in page, "it ends before the project begins"
    secret = stakeholder_registered(staff, scope="organisation")
    hidden = present(staff, secret, **inside).activity
    for by, number in (("cim", 2), ("req", 1)):
        with staff.acting(by) as actor:
            assert Stakeholder.objects.filter(pk=secret.pk).exists() is (number == 2)
            assert len(around(actor, now(plan)).presence) == number
    assert hidden in text(browser(staff, "cim").get(url(plan, "project/duplication/")))
    assert hidden not in text(browser(staff, "req").get(url(plan, "project/duplication/")))


def test_what_is_not_decided_or_written_yet_has_no_table(staff: Staff) -> None:
    plan = consulted(staff)
    page = text(browser(staff, "cim").get(url(plan)))
    for heading in ("Approved", "Final report"):
        assert heading not in re.findall(r"<caption[^>]*>([^<]*)</caption>", page), heading
    page = text(browser(staff, "cim").get(url(approved(staff))))
    assert "Approved" in re.findall(r"<caption[^>]*>([^<]*)</caption>", page)
