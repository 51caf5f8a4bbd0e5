"""Whom to call: functions as far as the stance lets, people as far as they agreed, caveats for the cleared."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from apps.mission.models import DataType, Position
from apps.mission.vocabulary import Side
from apps.records.models import Change
from apps.stakeholders import selectors
from apps.stakeholders.models import Caveat, Contact, Person, Stakeholder
from tests.factories.staff import Staff
from tests.factories.stakeholders import stakeholder_registered


def contact(staff: Staff, stakeholder: Stakeholder, by: str) -> Contact:
    with staff.acting(by):
        return Contact.objects.create(stakeholder=stakeholder, function="Duty officer", phone="+1 555 0100")


def person(staff: Staff, stakeholder: Stakeholder, by: str, **said: Any) -> Person:
    with staff.acting(by):
        made = Person(stakeholder=stakeholder, name="Ada Deng", **said)
        made.full_clean()
        made.save()
        return made


def sees(staff: Staff, who: str, model: Any) -> bool:
    with staff.acting(who):
        return bool(model.objects.exists())


@pytest.mark.parametrize(
    ("stance", "reached_by"),
    [
        ("direct", {"cim", "joc", "req_elsewhere", "req_mission", "cmc", "clu"}),
        ("via_ocha", {"req_elsewhere", "cmc", "clu"}),
        ("listed", {"cmc", "clu"}),
    ],
)
def test_contacts_go_as_far_as_the_stance(staff: Staff, stance: str, reached_by: set[str]) -> None:
    filed = stakeholder_registered(staff, by="clu", stance=stance)
    contact(staff, filed, "clu")
    readers = {"cim", "joc", "req_elsewhere", "req_mission", "cmc", "clu"}
    assert {who for who in readers if sees(staff, who, Contact)} == reached_by
    for who in readers:
        with staff.acting(who):
            assert selectors.reaches(filed) is (who in reached_by)


def test_its_own_people_reach_it_whatever_its_stance(staff: Staff) -> None:
    ngo = staff.organisations["ngo"]
    type(ngo).objects.filter(pk=ngo.pk).update(engagement_stance="listed")
    filed = stakeholder_registered(staff, by="clu", organisation=ngo)
    contact(staff, filed, "clu")
    assert sees(staff, "req", Contact)
    assert not sees(staff, "req_elsewhere", Contact)


@pytest.mark.parametrize(
    ("consent", "read_by"),
    [
        ("not_asked", {"cim"}),
        ("civilian", {"cim", "req", "clu"}),
        ("everybody", {"cim", "req", "clu", "joc", "unit"}),
    ],
)
def test_a_person_is_shown_as_far_as_they_agreed(staff: Staff, consent: str, read_by: set[str]) -> None:
    filed = stakeholder_registered(staff, by="cim", side="host_state", kind="435")
    person(staff, filed, "cim", consent=consent, consent_on=timezone.localdate())
    assert {w for w in ("cim", "req", "clu", "joc", "unit") if sees(staff, w, Person)} == read_by


def test_a_word_that_is_over_shows_nobody(staff: Staff) -> None:
    filed = stakeholder_registered(staff, by="cim", side="host_state", kind="435")
    long_ago = timezone.localdate() - timedelta(days=500)
    shown = person(staff, filed, "cim", consent="everybody", consent_on=long_ago)
    assert shown.consent_until == long_ago + timedelta(days=365), "a year, where no end was said"
    assert sees(staff, "cim", Person)
    assert not sees(staff, "req", Person)


@pytest.mark.parametrize("said", [{"consent_on": None}, {"consent_on": date(2999, 1, 1)}])
def test_consent_without_a_day_is_none(staff: Staff, said: dict[str, Any]) -> None:
    filed = stakeholder_registered(staff, by="cim")
    with pytest.raises(ValidationError) as refused:
        person(staff, filed, "cim", consent="everybody", **said)
    assert "consent_on" in refused.value.message_dict


def test_uniformed_readers_never_see_people_of_humanitarian_organisations(staff: Staff) -> None:
    filed = stakeholder_registered(staff, by="clu", side="humanitarian")
    person(staff, filed, "clu", consent="everybody", consent_on=timezone.localdate())
    assert sees(staff, "req_elsewhere", Person)
    assert not any(sees(staff, who, Person) for who in ("cim", "joc", "unit", "dec"))


def test_a_side_that_is_barred_from_staff_lists_sees_none(staff: Staff) -> None:
    staff_lists = DataType.objects.filter(mission=staff.mission, code="staff")
    assert staff_lists.update(barred_sides=[Side.MISSION_MILITARY, Side.MISSION_CIVIL])
    filed = stakeholder_registered(staff, by="clu", side="humanitarian")
    person(staff, filed, "clu", consent="everybody", consent_on=timezone.localdate())
    assert not sees(staff, "req_mission", Person)
    assert sees(staff, "req_elsewhere", Person)


def test_history_says_that_contacts_changed_and_nothing_more(staff: Staff) -> None:
    filed = stakeholder_registered(staff, by="cim", side="host_state", kind="435")
    contact(staff, filed, "cim")
    person(staff, filed, "cim")
    with staff.acting("req"):
        told = list(Change.objects.filter(record_id=filed.pk).values("table", "fields"))
    parts = {"stakeholders_contact", "stakeholders_person"}
    assert {row["table"] for row in told} >= parts
    assert all(row["fields"] == {"*": [None, None]} for row in told if row["table"] in parts)
    assert "555" not in str(told)
    assert "Ada" not in str(told)


def test_a_caveat_is_read_by_those_who_are_cleared(staff: Staff) -> None:
    filed = stakeholder_registered(staff, by="cim", side="mission_military", kind="contingent")
    Position.objects.filter(pk__in=[staff.positions[p].pk for p in ("cim", "dec")]).update(clearance=1)
    with staff.acting("cim"):
        Caveat.objects.create(stakeholder=filed, kind="armed_escort", reason="No escorts by night")
    assert sees(staff, "dec", Caveat)
    assert not sees(staff, "joc", Caveat), "reads the record and is not cleared"


@pytest.mark.parametrize(
    ("kind", "changes", "barred"),
    [
        ("armed_escort", {}, True),
        ("engineering", {}, False),
        ("engineering", {"kind": "any"}, True),
        ("armed_escort", {"valid_to": date(2020, 1, 1)}, False),
        ("armed_escort", {"valid_from": date(2999, 1, 1)}, False),
    ],
)
def test_a_unit_under_a_caveat_is_not_eligible(
    staff: Staff, kind: str, changes: dict[str, Any], barred: bool
) -> None:
    contingent = staff.organisations["contingent"]
    filed = stakeholder_registered(
        staff, by="cim", side="mission_military", kind="contingent", organisation=contingent, scope="private"
    )
    Position.objects.filter(pk=staff.positions["cim"].pk).update(clearance=1)
    with staff.acting("cim"):
        Caveat.objects.create(
            **{"stakeholder": filed, "kind": "armed_escort", "reason": "Orders from home"} | changes
        )
    with staff.acting("joc"):
        found = selectors.ineligible_units(kind=kind, area_id=staff.area.pk, day=timezone.localdate())
        assert found == (frozenset({contingent.pk}) if barred else frozenset())
        assert not Caveat.objects.exists(), "whoever tasks need not read why"
    with staff.acting("req"):
        assert not selectors.ineligible_units(kind=kind, area_id=None, day=timezone.localdate())


def test_a_caveat_of_the_contributing_country_holds_for_its_units(staff: Staff) -> None:
    country = type(staff.organisations["force"]).objects.create(
        mission=staff.mission, name="Contributing country", org_type="435", side=Side.OTHER
    )
    contingent = staff.organisations["contingent"]
    type(contingent).objects.filter(pk=contingent.pk).update(parent=country)
    filed = stakeholder_registered(staff, by="cim", side="other", kind="435", organisation=country)
    Position.objects.filter(pk=staff.positions["cim"].pk).update(clearance=1)
    with staff.acting("cim"):
        Caveat.objects.create(
            stakeholder=filed, kind="any", area=staff.area.parent, reason="Not in that state"
        )
    with staff.acting("joc"):
        inside = selectors.ineligible_units(kind="medical", area_id=staff.area.pk, day=timezone.localdate())
        assert inside == {contingent.pk, country.pk}
        assert not selectors.ineligible_units(kind="medical", area_id=None, day=timezone.localdate())
