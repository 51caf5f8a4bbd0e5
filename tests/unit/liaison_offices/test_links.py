"""Who speaks to whom: what is seen from both ends, what forbids a link, and the day of the last contact."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.liaison_offices.models import Counterpart, LiaisonLink, LiaisonRule
from apps.mission.models import Mission
from apps.records.errors import NotPermitted
from tests.factories.liaison import engagement_file, engagement_reported, link_make, office_open, take, today
from tests.factories.staff import Staff
from tests.factories.stakeholders import now, stakeholder_file, stakeholder_registered
from tests.factories.stakeholders import take as stakeholder_take


def test_a_link_is_seen_by_whoever_sees_both_ends_and_by_nobody_else(staff: Staff) -> None:
    ours = stakeholder_registered(staff, side="mission_military", kind="component")
    theirs = stakeholder_registered(staff, by="cim", scope="organisation")
    made = link_make(staff, ours, theirs)
    with staff.acting("joc"):
        assert LiaisonLink.objects.filter(pk=made.pk).exists()
    with staff.acting("req"):
        assert not LiaisonLink.objects.exists()


def test_a_hidden_office_takes_no_link_away(staff: Staff) -> None:
    a, b = stakeholder_registered(staff), stakeholder_registered(staff)
    office = office_open(staff, scope="private")
    made = link_make(staff, a, b, office=office)
    with staff.acting("req"):
        seen = LiaisonLink.objects.get(pk=made.pk)
        assert seen.office_id == office.pk
        assert not type(office).objects.filter(pk=seen.office_id).exists()


def test_who_keeps_neither_end_and_engages_nobody_links_nothing(staff: Staff) -> None:
    a, b = stakeholder_registered(staff), stakeholder_registered(staff)
    with pytest.raises(NotPermitted):
        link_make(staff, a, b, by="unit")
    assert link_make(staff, a, b, by="cmc").pk


@pytest.mark.parametrize("stance", ["listed", "unlisted"])
def test_an_organisation_that_is_not_to_be_engaged_is_linked_with_nobody(staff: Staff, stance: str) -> None:
    a = stakeholder_registered(staff)
    b = stakeholder_take(staff, stakeholder_file(staff, stance=stance, scope="private"), "cim", "register")
    with pytest.raises(NotPermitted):
        link_make(staff, a, b)


def test_through_ocha_means_through_a_cmcoord_officer_as_interlocutor(staff: Staff) -> None:
    force = stakeholder_registered(staff, side="mission_military", kind="component")
    ngo = stakeholder_registered(staff, stance="via_ocha")
    for wrong in ({"mode": "interlocutor"}, {"mode": "exchange", "primary": staff.positions["cmc"]}):
        with pytest.raises(NotPermitted):
            link_make(staff, force, ngo, **wrong)
    assert link_make(staff, force, ngo, mode="interlocutor", primary=staff.positions["cmc"]).pk


def test_a_mode_that_the_mission_bars_is_refused_by_the_database_in_its_area_alone(staff: Staff) -> None:
    assert staff.area.parent is not None
    LiaisonRule.objects.create(
        mission=staff.mission, side_a="mission_military", side_b="humanitarian", area=staff.area.parent,
        barred=["exchange"], reason="Not there",
    )  # fmt: skip
    force = stakeholder_registered(staff, side="mission_military", kind="component")
    ngo = stakeholder_registered(staff)
    with pytest.raises(NotPermitted):
        link_make(staff, force, ngo, area=staff.area)
    assert link_make(staff, ngo, force).pk


def test_a_mission_begins_with_a_rule_against_co_location(staff: Staff) -> None:
    rule = LiaisonRule.objects.get(mission=staff.mission)
    assert (rule.side_a, rule.side_b, rule.discouraged) == (
        "humanitarian",
        "mission_military",
        ["co_location"],
    )
    assert Mission.objects.count() == LiaisonRule.objects.count()


def test_reporting_sets_the_day_of_the_last_contact_for_readers_who_do_not_know_of_the_report(
    staff: Staff,
) -> None:
    force = stakeholder_registered(
        staff, side="mission_military", kind="component", organisation=staff.organisations["force"]
    )
    ngo, other = stakeholder_registered(staff), stakeholder_registered(staff)
    link, untouched = link_make(staff, force, ngo), link_make(staff, force, other)
    filed = engagement_file(staff, ngo, scope="private")
    with staff.acting("req"):
        assert LiaisonLink.objects.get(pk=link.pk).last_contact_on is None
    take(staff, filed, "cim", "report")
    with staff.acting("req"):
        assert LiaisonLink.objects.get(pk=link.pk).last_contact_on == today() - timedelta(days=2)
        assert LiaisonLink.objects.get(pk=untouched.pk).last_contact_on is None
        assert not Counterpart.objects.exists()


def test_nobody_writes_the_day_of_the_last_contact(staff: Staff) -> None:
    a, b = stakeholder_registered(staff), stakeholder_registered(staff)
    link = link_make(staff, a, b, last_contact_on=today())
    assert link.last_contact_on is None
    with staff.acting("cim"), pytest.raises(Exception, match="not theirs"):
        LiaisonLink.objects.filter(pk=link.pk).update(last_contact_on=today())


def test_links_and_engagements_follow_to_the_record_that_stays(staff: Staff) -> None:
    gone, stays, far = (stakeholder_registered(staff) for _each in range(3))
    link = link_make(staff, gone, far)
    held = engagement_reported(staff, gone)
    with staff.acting("cim"):
        into = now(stays)
    stakeholder_take(staff, gone, "cim", "merge", into=into)
    with staff.acting("cim"):
        moved = LiaisonLink.objects.get(pk=link.pk)
        assert (moved.a_id, moved.b_id) == (stays.pk, far.pk)
        assert [c.stakeholder_id for c in Counterpart.objects.filter(engagement=held)] == [stays.pk]
