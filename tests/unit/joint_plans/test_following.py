"""Branches and sequels: what goes over is what the actor reads of the plan, and opens to no more readers than there."""

from __future__ import annotations

import html
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from apps.joint_plans.following import BRANCH, SEQUEL, plan_follow
from apps.joint_plans.models import Assumption, Contributor, Indicator, JointPlan, Part, Risk
from apps.joint_plans.vocabulary import PartKind
from apps.mission.models import Position, PositionRole
from apps.mission.vocabulary import Role
from apps.pages.forms import LinkForm
from apps.pages.onward import ways_from
from apps.records.errors import NotPermitted
from apps.records.models import Record, RecordLink
from apps.records.services import link_add, record_update
from apps.records.transitions import refusals
from tests.factories.plans import (
    assumption_make,
    circulated,
    completed,
    now,
    part_make,
    plan_file,
    take,
    today,
)
from tests.factories.staff import Staff

#: One that contributes may itself file plans.
PARTS = {"req": "contributor", "unit": "contributor", "clu": "informed"}


@pytest.fixture
def plan(staff: Staff) -> JointPlan:
    """One that circulates, with a part of each kind, some of them narrow."""
    made = plan_file(staff, parts=PARTS, sector=staff.sector)
    groups = {name: staff.organisations[name].group_id for name in ("ngo", "contingent")}
    with staff.acting("cim"):
        objective = Part.objects.get(plan=made, kind=PartKind.OBJECTIVE)
        secret = part_make(staff, made, PartKind.OBJECTIVE, opens_to="planners")
        part_make(staff, made, PartKind.INSTRUCTION, opens_to="contributors")
        part_make(staff, made, PartKind.INSTRUCTION, opens_to="named", readers=[groups["contingent"]])
        part_make(staff, made, PartKind.INSTRUCTION, opens_to="named", readers=list(groups.values()))
        part_make(staff, made, PartKind.ANNEX)
        part_make(staff, made, PartKind.INSTRUCTION, is_removed=True)
        assumption_make(staff, made, holds_until=today() + timedelta(days=40))
        for goal in (objective, secret):
            Indicator.objects.create(
                plan=made, of_plan=made, kind=PartKind.INDICATOR, title=f"For {goal.title}"[:200], objective=goal,
                unit="people", target=100,
            )  # fmt: skip
        Risk.objects.create(
            plan=made, of_plan=made, kind=PartKind.RISK, title="Floods", likelihood=3, impact=4,
            mitigation="Boats", owner=staff.positions["unit"], opens_to="contributors",
        )  # fmt: skip
    return take(staff, made, "cim", "circulate")


def follow(staff: Staff, plan: JointPlan, by: str = "cim", relation: str = SEQUEL, **more: Any) -> JointPlan:
    """Plan on, as the holder of a post."""
    with staff.acting(by) as actor:
        return plan_follow(actor, plan=now(plan), relation=relation, **more)


def test_a_branch_keeps_the_dates_and_a_sequel_has_none(staff: Staff, plan: JointPlan) -> None:
    branch, sequel = follow(staff, plan, relation=BRANCH), follow(staff, plan)
    with staff.acting("cim"):
        for made, relation in ((branch, BRANCH), (sequel, SEQUEL)):
            assert (made.state, made.edition, made.kind, made.purpose) == (
                "draft",
                0,
                plan.kind,
                plan.purpose,
            )
            assert (made.area_id, made.sector_id) == (plan.area_id, plan.sector_id)
            assert RecordLink.objects.get(source=made).target_id == plan.pk
            assert RecordLink.objects.get(source=made).relation == relation
            assert {(r.position_id, r.standing, r.asked) for r in Contributor.objects.filter(plan=made)} == {
                (staff.positions[post].pk, standing, 0) for post, standing in PARTS.items()
            }
        assert (branch.starts_on, branch.ends_on) == (plan.starts_on, plan.ends_on)
        assert (sequel.starts_on, sequel.ends_on, sequel.review_on) == (None, None, None)
        assert Assumption.objects.get(plan=branch).holds_until == today() + timedelta(days=40)
        assert Assumption.objects.get(plan=sequel).holds_until is None
        assert Assumption.objects.get(plan=sequel).then == Assumption.objects.get(plan=plan).then


def test_parts_go_over_as_narrow_as_they_are(staff: Staff, plan: JointPlan) -> None:
    sequel = follow(staff, plan)

    def of(which: JointPlan) -> set[tuple[Any, ...]]:
        rows = Part.objects.filter(plan=which, is_removed=False).exclude(kind__in=("activity", "annex"))
        return {(r.kind, r.title, r.details, r.opens_to, tuple(r.readers), r.classification) for r in rows}

    with staff.acting("cim"):
        assert of(sequel) == of(plan)
        assert not Part.objects.filter(plan=sequel, kind__in=("activity", "annex")).exists()
        risk = Risk.objects.get(plan=sequel)
        assert (risk.likelihood, risk.impact, risk.mitigation) == (3, 4, "Boats")
        assert risk.owner_id == staff.positions["unit"].pk
        for indicator in Indicator.objects.filter(plan=sequel):
            assert indicator.objective is not None
            assert indicator.objective.plan_id == sequel.pk
            assert indicator.title == f"For {indicator.objective.title}"[:200]


def test_nothing_hidden_from_whoever_plans_on_goes_over(staff: Staff, plan: JointPlan) -> None:
    with staff.acting("req"):
        readable = set(Part.objects.filter(plan=plan).values_list("title", flat=True))
    sequel = follow(staff, plan, by="req")
    with staff.acting("cim"):
        hidden = set(Part.objects.filter(plan=plan).values_list("title", flat=True)) - readable
    assert len(hidden) == 2
    with staff.acting("req"):
        over = list(Part.objects.filter(plan=sequel))
        assert over
        assert not {part.title for part in over} & hidden
        unseen = [i for i in Indicator.objects.filter(plan=sequel) if i.objective_id is None]
        assert len(unseen) == 1, "the objective that they do not read is not named"
    assert sequel.scope == "private", "“my organisation” would be another one"
    with staff.acting("cim"):
        assert not Record.objects.filter(pk=sequel.pk).exists()


def test_a_contributor_that_cannot_be_asked_is_left_out_and_reads_no_part(
    staff: Staff, plan: JointPlan
) -> None:
    Position.objects.filter(pk=staff.positions["unit"].pk).update(is_active=False)
    sequel = follow(staff, plan)
    gone = staff.organisations["contingent"]
    with staff.acting("cim"):
        assert not Contributor.objects.filter(plan=sequel, organisation=gone).exists()
        named = Part.objects.filter(plan=sequel, opens_to="named")
        assert sorted(len(part.readers) for part in named) == [0, 1]
        assert not any(gone.group_id in part.readers for part in named)


def test_what_does_not_hold_any_more_is_not_assumed_again(staff: Staff, plan: JointPlan) -> None:
    with staff.acting("cim"):
        Assumption.objects.filter(plan=plan).update(assumed="tripped")
    with staff.acting("cim"):
        before = Assumption.objects.count()
    follow(staff, plan, relation=BRANCH)
    with staff.acting("cim"):
        assert Assumption.objects.count() == before


def test_a_watched_record_goes_over_to_whoever_reads_it(staff: Staff) -> None:
    watched = plan_file(staff, scope="private")
    plan = plan_file(staff, parts={"req": "contributor"})
    with staff.acting("cim"):
        assumption_make(
            staff,
            plan,
            watched=Record.objects.get(pk=watched.pk).uuid,
            watch="fails",
            breaks_in=["withdrawn"],
        )
    plan = take(staff, plan, "cim", "circulate")
    with staff.acting("cim"):
        uuid = Record.objects.get(pk=watched.pk).uuid
    ours, theirs = follow(staff, plan, relation=BRANCH), follow(staff, plan, by="req", relation=BRANCH)
    with staff.acting("cim"):
        assert Assumption.objects.get(plan=ours).watched == uuid
    with staff.acting("req"):
        row = Assumption.objects.get(plan=theirs)
        assert (row.watched, row.watch, row.breaks_in) == (None, "", [])


def test_its_label_is_no_lower(staff: Staff) -> None:
    plan = circulated(staff, sensitivity=3, scope="organisation")
    sequel = follow(staff, plan)
    assert (sequel.sensitivity, sequel.scope) == (3, "organisation")
    with staff.acting("cim") as actor:
        wide = JointPlan(title="Wide", kind="return", sensitivity=1, scope="mission")
        before = JointPlan.objects.count()
        with pytest.raises(ValidationError) as refused:
            plan_follow(actor, plan=now(plan), relation=SEQUEL, record=wide)
        assert set(refused.value.message_dict) == {"sensitivity", "scope"}
        assert JointPlan.objects.count() == before
    theirs = follow(staff, plan, by="req")
    with staff.acting("req") as actor:
        with pytest.raises(NotPermitted):
            record_update(actor, record=now(theirs), changes={"sensitivity": 1})
        with pytest.raises(DatabaseError), transaction.atomic():
            Record.objects.filter(pk=theirs.pk).update(scope="mission")


def test_the_link_is_written_for_good_between_plans_alone(staff: Staff, plan: JointPlan) -> None:
    sequel, other = follow(staff, plan), plan_file(staff, scope="mission")
    assert not {BRANCH, SEQUEL} & {code for code, _label in LinkForm().fields["relation"].choices}  # type: ignore[attr-defined]
    with staff.acting("cim") as actor:
        assert RecordLink.objects.filter(source=sequel).delete()[0] == 0
        for source, target in ((other, now(plan)), (now(plan), sequel)):
            with pytest.raises(NotPermitted), refusals():
                link_add(actor, source=source, target=target, relation=BRANCH)


def test_one_plans_on_from_what_circulated_and_as_somebody_who_files_plans(
    staff: Staff, plan: JointPlan
) -> None:
    draft = plan_file(staff)
    with pytest.raises(NotPermitted):
        follow(staff, draft)
    with pytest.raises(NotPermitted):
        follow(staff, plan, by="unit")
    with pytest.raises(NotPermitted):
        follow(staff, plan, relation="replaces")
    done = completed(staff)
    with pytest.raises(NotPermitted):
        follow(staff, done, relation=BRANCH)
    assert follow(staff, done).state == "draft"
    addresses = [reverse(f"joint_plans:{name}", args=[plan.uuid]) for name in ("branch", "sequel")]
    for post, is_open in (("cim", True), ("req", True), ("unit", False)):
        with staff.acting(post) as actor:
            urls = [way.url for way in ways_from(actor, Record.objects.get(pk=plan.pk))]
        assert [address in urls for address in addresses] == [is_open, is_open]


def client_of(staff: Staff, name: str) -> Client:
    """Somebody at their browser."""
    made = Client()
    made.force_login(staff.people[name], backend=settings.AUTHENTICATION_BACKENDS[0])
    return made


def test_its_page_shows_what_goes_over_and_files_it(staff: Staff, plan: JointPlan) -> None:
    address = reverse("joint_plans:sequel", args=[plan.uuid])
    client = client_of(staff, "cim")
    page = html.unescape(client.get(address).content.decode())
    assert f"A sequel to {plan.reference}" in page
    assert plan.purpose in page
    sent = {
        "title": "The next season",
        "kind": "return",
        "purpose": "Again",
        "sensitivity": 0,
        "classification": 0,
    }
    refused = client.post(address, {**sent, "scope": "mission"})
    assert refused.status_code == 422
    assert "Do not go below it." in html.unescape(refused.content.decode())
    done = client.post(address, {**sent, "sensitivity": plan.sensitivity, "scope": "organisation"})
    assert done.status_code == 302
    with staff.acting("cim"):
        made = JointPlan.objects.get(title="The next season")
        assert made.purpose == "Again"
        assert Part.objects.filter(plan=made).exists()
    ends = ((plan, "has as a sequel", made.reference), (made, "is a sequel to", plan.reference))
    for which, word, other in ends:
        shown = client.get(reverse("joint_plans:detail", args=[which.uuid])).content.decode()
        assert word in shown
        assert other in shown
    shown = client_of(staff, "req").get(reverse("joint_plans:detail", args=[plan.uuid])).content.decode()
    assert "has as a sequel" not in shown
    assert made.reference not in shown
    stranger = client_of(staff, "req_elsewhere")
    for unknown in (plan.uuid, uuid4()):
        assert stranger.get(reverse("joint_plans:sequel", args=[unknown])).status_code == 404
    assert client_of(staff, "unit").get(address).status_code == 403


def test_a_release_authority_of_both_may_open_it_further(staff: Staff) -> None:
    plan = circulated(staff)
    sequel = follow(staff, plan)
    PositionRole.objects.create(position=staff.positions["joc"], role=Role.RELEASE)
    with staff.acting("cim") as actor, pytest.raises(NotPermitted):
        record_update(actor, record=now(sequel), changes={"scope": "mission"})
    staff.also_holds("cim", "joc")
    with staff.acting("cim") as actor:
        assert record_update(actor, record=now(sequel), changes={"scope": "mission"}).scope == "mission"
