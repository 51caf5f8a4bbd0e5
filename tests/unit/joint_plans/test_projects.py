"""A project is a plan: what the review committee must be told, who checks, when money is paid, what is protected."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from apps.joint_plans.models import (
    CriterionAnswer,
    DuplicationCheck,
    Funding,
    Instalment,
    JointPlan,
    MonitoringVisit,
    Project,
    ProjectCriterion,
    ProjectRule,
)
from apps.joint_plans.projects import rules, services
from apps.records.errors import DutyConflict, Incomplete, NotPermitted
from apps.records.models import Change, Step
from apps.records.transitions import refusals
from tests.factories.plans import agreed, now, take, today
from tests.factories.projects import (
    TAKE_PART,
    approved,
    before_committee,
    check,
    consulted,
    pay,
    project_file,
    running,
    visit,
)
from tests.factories.staff import Staff


def refused_step(
    staff: Staff,
    plan: JointPlan,
    by: str,
    name: str,
    source: str,
    target: str,
    note: str = "",
    post: str = "",
) -> str:
    """The database's own code for a step that passes the services by."""
    with staff.acting(by):
        try:
            with transaction.atomic():
                Step.objects.create(
                    record_id=plan.pk, name=name, from_state=source, to_state=target,
                    position=staff.positions[post or by], actor_id=staff.people[by].pk,
                )  # fmt: skip
        except DatabaseError as error:
            return str(error.__cause__.pgcode)  # type: ignore[union-attr]
    return ""


def test_a_mission_begins_with_criteria_and_a_rule_that_it_may_change(staff: Staff) -> None:
    rows = ProjectCriterion.objects.filter(mission=staff.mission, kind="qip")
    assert rows.count() == 10
    assert ProjectRule.objects.get(mission=staff.mission, kind="qip").cap == 50_000


def test_what_a_project_must_say_before_it_circulates(staff: Staff) -> None:
    plan = project_file(staff, parts={"req": "contributor"})
    with staff.acting("cim"):
        Instalment.objects.filter(plan=plan).delete()
        Funding.objects.filter(plan=plan).delete()
        Project.objects.filter(plan=plan).delete()
    with pytest.raises(Incomplete) as refused:
        take(staff, plan, "cim", "circulate")
    assert set(refused.value.errors) == {"project", "funding", "contributors"}


def test_before_the_committee_every_criterion_is_answered_and_this_version_checked(staff: Staff) -> None:
    plan = consulted(staff, answers=False)
    with pytest.raises(Incomplete) as refused:
        take(staff, plan, "cim", "put_forward")
    assert set(refused.value.errors) == {"criteria", "duplication_checks"}
    assert "It is urgent." in refused.value.errors["criteria"][0]
    assert refused_step(staff, plan, "cim", "put_forward", "consultation", "for_endorsement") == "CP006"
    with staff.acting("cim") as actor:
        said = {each.pk: ("partly", "In part") for each in rules.criteria_of(plan)}
        services.criteria_answer(actor, plan=plan, said=said)
    check(staff, plan)
    assert take(staff, plan, "cim", "put_forward").state == "for_endorsement"


def test_the_military_side_alone_is_not_enough_and_an_earlier_version_is_not_this_one(staff: Staff) -> None:
    staff.post("cim_other", "force", "CIM")
    plan = consulted(staff, parts={**TAKE_PART, "cim_other": "informed"})
    check(staff, plan, by="cim_other")
    with pytest.raises(Incomplete) as refused:
        take(staff, plan, "cim", "put_forward")
    assert set(refused.value.errors) == {"duplication_checks"}
    check(staff, plan)
    with staff.acting("cim"):
        assert {row.side for row in DuplicationCheck.objects.filter(plan=plan)} == {"cimic", "humanitarian"}
        row = Project.objects.get(plan=plan)
        row.place = "The next village"
        row.save()
    with pytest.raises(Incomplete) as refused:
        take(staff, plan, "cim", "put_forward")
    assert set(refused.value.errors) == {"note"}, "what is built has changed, and nobody was asked"
    plan = take(staff, plan, "cim", "circulate_again")
    with pytest.raises(Incomplete) as refused:
        take(staff, plan, "cim", "put_forward", note="They were asked")
    assert set(refused.value.errors) == {"duplication_checks"}


def test_who_checks(staff: Staff) -> None:
    plan = consulted(staff)
    with pytest.raises((NotPermitted, DutyConflict)):
        check(staff, plan, by="cim")
    for post in ("req", "unit"):
        with pytest.raises(NotPermitted):
            check(staff, plan, by=post)
    for post in ("cim", "req"):
        with staff.acting(post) as actor, pytest.raises(NotPermitted), refusals():
            DuplicationCheck.objects.create(
                plan=plan, result="none", looked_at="All", position=staff.positions[post], author=actor.user
            )
    check(staff, plan)
    with staff.acting("cmc"), pytest.raises(NotPermitted), refusals():
        DuplicationCheck.objects.filter(plan=plan).update(result="duplicate")
    with pytest.raises(NotPermitted):
        check(staff, agreed(staff, parts=TAKE_PART))


def test_who_checked_does_not_endorse(staff: Staff) -> None:
    staff.also_holds("cmc", "dec")
    plan = before_committee(staff)
    with pytest.raises(DutyConflict):
        take(staff, plan, "cmc", "endorse", amount_approved=Decimal(1000))
    with staff.acting("cmc"):
        Funding.objects.filter(plan=plan).update(amount_approved=40_000)
    assert refused_step(staff, plan, "cmc", "endorse", "for_endorsement", "endorsed", post="dec") == "CP003"


def test_a_duplicate_is_endorsed_with_a_reason_alone(staff: Staff) -> None:
    plan = before_committee(staff, result="duplicate")
    with pytest.raises(Incomplete) as refused:
        take(staff, plan, "dec", "endorse", amount_approved=Decimal(40_000))
    assert set(refused.value.errors) == {"note"}
    with staff.acting("dec"):
        Funding.objects.filter(plan=plan).update(amount_approved=40_000)
    assert refused_step(staff, plan, "dec", "endorse", "for_endorsement", "endorsed") == "CP006"
    plan = take(
        staff, plan, "dec", "endorse", note="The other school is for boys", amount_approved=Decimal(40_000)
    )
    assert plan.state == "endorsed"


def test_above_the_cap_it_is_refused_in_the_rules_words(staff: Staff) -> None:
    plan = check(staff, consulted(staff, asked="50000.01"))
    with pytest.raises(Incomplete) as refused:
        take(staff, plan, "cim", "put_forward")
    assert "at most 50,000 USD" in refused.value.errors["funding"][0]
    assert refused_step(staff, plan, "cim", "put_forward", "consultation", "for_endorsement") == "CP006"
    ProjectRule.objects.filter(mission=staff.mission).update(cap=60_000)
    plan = take(staff, plan, "cim", "put_forward")
    with pytest.raises(Incomplete) as refused:
        take(staff, plan, "dec", "endorse", amount_approved=Decimal(60_001))
    assert set(refused.value.errors) == {"amount_approved"}


def test_it_lasts_no_longer_than_the_mission_says(staff: Staff) -> None:
    plan = check(staff, consulted(staff, ends_on=today() + timedelta(days=200)))
    with pytest.raises(Incomplete) as refused:
        take(staff, plan, "cim", "put_forward")
    assert "at most 3 months" in refused.value.errors["ends_on"][0]


def test_the_committee_approves_and_nobody_else_does(staff: Staff) -> None:
    plan = before_committee(staff)
    for post in ("cim", "cmc", "req"):
        with staff.acting(post), refusals_or_nothing():
            Funding.objects.filter(plan=plan).update(amount_approved=1)
    with staff.acting("dec"):
        assert Funding.objects.get(plan=plan).amount_approved is None
        with pytest.raises(NotPermitted), refusals():
            Funding.objects.filter(plan=plan).update(amount_asked=1)
    with pytest.raises(Incomplete):
        take(staff, plan, "dec", "endorse")
    with pytest.raises(Incomplete) as refused:
        take(staff, plan, "dec", "endorse", amount_approved=Decimal(30_000))
    assert set(refused.value.errors) == {"amount_approved"}, "the instalments come to 40,000"


class refusals_or_nothing:
    """What is not permitted either is refused or changes nothing."""

    def __enter__(self) -> None:
        self.inner = transaction.atomic()
        self.inner.__enter__()

    def __exit__(self, kind: Any, error: Any, trace: Any) -> bool:
        self.inner.__exit__(kind, error, trace)
        return kind is not None and issubclass(kind, DatabaseError)


def test_instalments_are_paid_in_order_after_endorsement_and_a_visit(staff: Staff) -> None:
    plan = before_committee(staff)
    with pytest.raises(NotPermitted):
        pay(staff, plan, 1)
    plan = take(staff, plan, "dec", "endorse", amount_approved=Decimal(40_000))
    with pytest.raises(ValidationError):
        pay(staff, plan, 2)
    with staff.acting("cim"), pytest.raises(NotPermitted), refusals():
        Instalment.objects.filter(plan=plan, number=2).update(paid_on=today())
    pay(staff, plan, 1, today() - timedelta(days=3))
    with pytest.raises(ValidationError) as refused:
        pay(staff, plan, 2)
    assert "visited" in str(refused.value)
    visit(staff, plan, on=today() - timedelta(days=5))
    with staff.acting("cim"), pytest.raises(NotPermitted), refusals():
        Instalment.objects.filter(plan=plan, number=2).update(paid_on=today())
    visit(staff, plan)
    pay(staff, plan, 2)
    with staff.acting("cim"):
        assert Instalment.objects.filter(plan=plan, paid_on=None).count() == 0
        with pytest.raises(NotPermitted), refusals():
            Instalment.objects.filter(plan=plan, number=1).update(paid_on=None)


def test_instalments_come_to_no_more_than_was_approved(staff: Staff) -> None:
    plan = take(staff, running(staff), "cim", "review", note="Prices have risen")
    with staff.acting("cim"):
        with pytest.raises(NotPermitted), refusals():
            Instalment.objects.filter(plan=plan, number=2).update(amount=20_001)
        with pytest.raises(NotPermitted), refusals():
            Instalment.objects.create(plan=plan, number=3, amount=1)
        Instalment.objects.filter(plan=plan, number=2).update(amount=19_000)
        Instalment.objects.create(plan=plan, number=3, amount=1000)


def test_it_is_closed_with_all_paid_and_a_final_report(staff: Staff) -> None:
    plan = running(staff)
    pay(staff, plan, 1)
    plan = take(staff, plan, "cim", "complete", note="It stands")
    with pytest.raises(Incomplete) as refused:
        take(staff, plan, "cim", "archive", lessons="Ask sooner", nothing_new=True)
    assert set(refused.value.errors) == {"instalments", "final_report"}
    assert refused_step(staff, plan, "cim", "archive", "completed", "archived") == "CP006"
    with staff.acting("cim") as actor:
        row = Instalment.objects.select_related("plan").get(plan=plan, number=2)
        services.instalment_drop(actor, instalment=row, because="Cheaper than was thought")
        built = Project.objects.select_related("plan").get(plan=plan)
        services.final_report_write(actor, project=built, text="Six rooms")
        with pytest.raises(NotPermitted), refusals():
            Project.objects.filter(plan=plan).update(place="Elsewhere")
    assert take(staff, plan, "cim", "archive", lessons="Ask sooner", nothing_new=True).state == "archived"


def test_amounts_are_read_by_those_to_whom_they_open(staff: Staff) -> None:
    everybody = consulted(staff)
    narrow = consulted(staff, opens_to="contributors")
    narrowest = consulted(staff, opens_to="planners")
    staff.post("reader", "other_ngo", "REQ")
    with staff.acting("req"):
        for plan, number in ((everybody, 1), (narrow, 1), (narrowest, 0)):
            assert Funding.objects.filter(plan=plan).count() == number
            assert Instalment.objects.filter(plan=plan).count() == 2 * number
            assert Project.objects.filter(plan=plan).exists(), (
                "what is built is read by every reader of the plan"
            )
    with staff.acting("req_elsewhere"):
        assert not Funding.objects.exists()
        assert not Project.objects.exists()
    narrowest = take(staff, check(staff, narrowest), "cim", "put_forward")
    with staff.acting("dec"):
        assert Funding.objects.get(plan=narrowest).amount_asked == 40_000
    with staff.acting("req"):
        said = " ".join(str(c.fields) for c in Change.objects.filter(record_id=narrowest.pk))
        assert "40000" not in said
        assert "amount" not in said


def test_what_is_agreed_stays_and_criteria_keep_their_words(staff: Staff) -> None:
    plan = approved(staff)
    first = ProjectCriterion.objects.filter(mission=staff.mission, kind="qip").first()
    ProjectCriterion.objects.filter(pk=first.pk).update(text="Otherwise")  # type: ignore[union-attr]
    with staff.acting("cim"):
        assert CriterionAnswer.objects.get(plan=plan, criterion=first).asked != "Otherwise"
        with pytest.raises(NotPermitted), refusals():
            CriterionAnswer.objects.filter(plan=plan).update(met="no")
        with pytest.raises(NotPermitted), refusals():
            Funding.objects.filter(plan=plan).update(partner_name="Otherwise")


def test_a_protected_object_has_a_civilian_partner(staff: Staff) -> None:
    plan = project_file(staff, built="clinic")
    contingent = staff.organisations["contingent"]
    with staff.acting("cim") as actor:
        row = Funding.objects.get(plan=plan)
        row.partner = contingent
        with pytest.raises(ValidationError) as refused:
            rules.funding_check(actor, plan, row)
        assert set(refused.value.message_dict) == {"partner"}
        with pytest.raises(NotPermitted), refusals():
            row.save()
        Project.objects.filter(plan=plan).update(dual_use="road")
        row.save()
        with pytest.raises(NotPermitted), refusals():
            Project.objects.filter(plan=plan).update(dual_use="school")


def test_whoever_takes_part_notes_a_visit_and_nobody_rewrites_it(staff: Staff) -> None:
    plan = running(staff)
    visit(staff, plan, by="unit")
    visit(staff, plan, by="cim")
    with pytest.raises(ValidationError):
        visit(staff, plan, on=today() + timedelta(days=1))
    with pytest.raises(NotPermitted):
        visit(staff, plan, by="dec")
    with staff.acting("cim"), pytest.raises(NotPermitted), refusals():
        MonitoringVisit.objects.filter(plan=plan).update(percent=100)
    with staff.acting("req"):
        assert MonitoringVisit.objects.filter(plan=now(plan)).count() == 2
