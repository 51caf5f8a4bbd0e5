"""The mission's rules on who leads which group: set by administrators, told at the office, kept by the database."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.mission.vocabulary import Role
from apps.records.errors import Incomplete
from apps.records.models import Record
from apps.working_groups.models import LeadRule, WorkingGroup
from apps.working_groups.record import WorkingGroupType
from tests.factories.groups import group_active, group_draft, step
from tests.factories.staff import Staff

NEW = reverse("working_groups:new")
REASON = "Humanitarian actors chair it: Protocol, part four."


@pytest.fixture
def admin(staff: Staff, client: Client) -> Client:
    # WHY: the mission is shared by all tests; what this one adds to it is undone and must not be remembered.
    made = dataclasses.replace(staff, people=dict(staff.people), positions=dict(staff.positions))
    made.post("adm", "support", Role.ADMIN)
    User.objects.filter(pk=made.people["adm"].pk).update(is_staff=True)
    client.force_login(User.objects.get(pk=made.people["adm"].pk))
    return client


@pytest.fixture
def rule(staff: Staff) -> LeadRule:
    """The military chairs no access group, with words that a test can look for."""
    LeadRule.objects.filter(mission=staff.mission, kind="access").delete()
    return LeadRule.objects.create(
        mission=staff.mission, kind="access", office="chair", sides=["mission_military"], reason=REASON
    )


def as_post(staff: Staff, name: str) -> Client:
    """A browser in which the holder of a post is signed in."""
    found = Client()
    found.force_login(staff.people[name])
    return found


def sent(staff: Staff, chair: str, **changes: Any) -> dict[str, Any]:
    """The first step of a new group."""
    return {
        "title": "Access", "kind": "access", "composition": "mixed", "purpose": "Roads",
        "chair": str(staff.positions[chair].pk), "classification": "0", "sensitivity": "0", "scope": "mission",
    } | changes  # fmt: skip


# ---------------------------------------------------------------- the set-up page
def test_a_mission_begins_with_rules_on_humanitarian_groups(staff: Staff) -> None:
    rules = LeadRule.objects.filter(mission=staff.mission)
    assert {(r.kind, r.office) for r in rules} == {
        (kind, office) for kind in ("cmcoord", "access") for office in ("chair", "co_chair", "secretariat")
    }
    assert all("mission_military" in r.sides and r.reason for r in rules)


def test_an_administrator_writes_changes_and_removes_a_rule(staff: Staff, admin: Client) -> None:
    data = {
        "mission": staff.mission.pk, "kind": "logistics", "office": "chair", "sides": ["mission_police"],
        "types": ["contingent"], "reason": REASON,
    }  # fmt: skip
    assert admin.post(reverse("admin:working_groups_leadrule_add"), data).status_code == 302
    made = LeadRule.objects.get(mission=staff.mission, kind="logistics")
    assert (made.sides, made.types, made.reason) == (["mission_police"], ["contingent"], REASON)
    change = reverse("admin:working_groups_leadrule_change", args=[made.pk])
    assert REASON in admin.get(change).content.decode()
    assert admin.post(change, data | {"sides": []}).status_code == 302
    made.refresh_from_db()
    assert made.sides == []
    assert admin.post(change, data | {"reason": ""}).status_code == 200, "a rule says why"
    removed = admin.post(reverse("admin:working_groups_leadrule_delete", args=[made.pk]), {"post": "yes"})
    assert removed.status_code == 302
    assert not LeadRule.objects.filter(pk=made.pk).exists()


def test_there_is_one_rule_for_a_kind_and_an_office(staff: Staff, admin: Client, rule: LeadRule) -> None:
    data = {"mission": staff.mission.pk, "kind": "access", "office": "chair", "reason": "Another"}
    answer = admin.post(reverse("admin:working_groups_leadrule_add"), data)
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors
    assert LeadRule.objects.filter(mission=staff.mission, kind="access", office="chair").count() == 1


def test_nobody_else_writes_rules(staff: Staff, rule: LeadRule) -> None:
    address = reverse("admin:working_groups_leadrule_change", args=[rule.pk])
    assert as_post(staff, "cmc").get(address).status_code in (302, 403, 404)


# ---------------------------------------------------------------- what is told where
def test_the_form_of_a_new_group_names_the_rule_at_the_chair(staff: Staff, rule: LeadRule) -> None:
    browser = as_post(staff, "cmc")
    refused = browser.post(NEW, sent(staff, "joc"))
    assert refused.status_code == 422
    assert REASON in str(refused.context["form"].errors["chair"])
    page = refused.content.decode()
    assert REASON in page
    assert "Roads" in page, "what was typed stays"
    with staff.acting("cmc"):
        assert not WorkingGroup.objects.exists()
    assert browser.post(NEW, sent(staff, "clu")).status_code == 302
    with staff.acting("cmc"):
        assert WorkingGroup.objects.get().chair == staff.positions["clu"]


def test_a_draft_that_changes_its_kind_is_checked_again(staff: Staff, rule: LeadRule) -> None:
    group = group_draft(staff, kind="joint", chair=staff.positions["joc"])
    address = WorkingGroupType.url(group, "edit", step="group")
    refused = as_post(staff, "cmc").post(address, sent(staff, "joc", version=group.version))
    assert refused.status_code == 422
    assert REASON in str(refused.context["form"].errors["chair"])
    with staff.acting("cmc"):
        assert WorkingGroup.objects.get(pk=group.pk).kind == "joint"


def test_appointing_names_the_rule_at_the_office(staff: Staff, rule: LeadRule) -> None:
    group = group_active(staff, kind="access")
    address = WorkingGroupType.url(group, "transition", name="appoint")
    data = {"chair": str(staff.positions["joc"].pk), "version": group.version}
    refused = as_post(staff, "cmc").post(address, data)
    assert refused.status_code == 422
    assert REASON in str(refused.context["form"].errors["chair"])
    with staff.acting("cmc"):
        assert WorkingGroup.objects.get(pk=group.pk).chair == staff.positions["cmc"]


def test_the_api_names_the_rule_at_the_chair(staff: Staff, rule: LeadRule) -> None:
    group = group_active(staff, kind="access")
    refused = as_post(staff, "cmc").post(
        f"/api/v1/working-groups/{group.uuid}/transitions/appoint/",
        {"chair": str(staff.positions["joc"].uuid)},
        content_type="application/json",
    )
    assert refused.status_code == 400
    assert REASON in refused.json()["errors"]["chair"][0]
    with staff.acting("cmc"):
        assert WorkingGroup.objects.get(pk=group.pk).chair == staff.positions["cmc"]


def test_a_rule_made_after_the_draft_stops_its_being_set_up(staff: Staff) -> None:
    group = group_draft(staff, kind="logistics", chair=staff.positions["joc"])
    LeadRule.objects.create(
        mission=staff.mission, kind="logistics", office="chair", sides=["mission_military"], reason=REASON
    )
    with pytest.raises(Incomplete) as refused:
        step(staff, group, "cmc", "establish")
    assert REASON in str(refused.value.errors["chair"])


# ---------------------------------------------------------------- by hand
def test_past_all_code_the_database_refuses(staff: Staff, rule: LeadRule) -> None:
    group = group_draft(staff, kind="access")
    other = group_draft(staff, kind="joint", chair=staff.positions["joc"])
    with staff.acting("cmc"):
        with pytest.raises(DatabaseError, match="kept from leading"), transaction.atomic():
            WorkingGroup.objects.filter(pk=group.pk).update(chair=staff.positions["joc"])
        with pytest.raises(DatabaseError, match="kept from leading"), transaction.atomic():
            Record.objects.filter(pk=other.pk).update(kind="access")
        WorkingGroup.objects.filter(pk=group.pk).update(chair=staff.positions["clu"])
        assert WorkingGroup.objects.get(pk=group.pk).chair == staff.positions["clu"]
