"""How an organisation wishes to be engaged, kept by the database: who says so, and who is closed out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from apps.mission.models import Organisation, PositionRole
from apps.mission.vocabulary import Role
from apps.need_to_know.grants import grant_give
from apps.records.errors import NotPermitted
from apps.records.models import Record
from apps.stakeholders import selectors
from apps.stakeholders.models import Stakeholder, StanceWord
from tests.factories.staff import Staff
from tests.factories.stakeholders import now, stakeholder_file, stakeholder_registered, take

SAID = {"note": "Asked by its head of office"}
AGAIN = {"note": "Agreed to be listed again"}


def knows(staff: Staff, who: str, stakeholder: Stakeholder) -> bool:
    """Whether they find it by list, name and picker; all three agree."""
    with staff.acting(who) as actor:
        listed = Record.objects.filter(pk=stakeholder.pk).exists()
        offered = stakeholder.pk in {s.pk for s in selectors.candidates(actor, stakeholder.title)}
        assert listed == offered
        return listed


def unlisted(staff: Staff, stakeholder: Stakeholder) -> Stakeholder:
    return take(staff, stakeholder, "cmc", "stance", stance="unlisted", **SAID)


def test_one_that_asks_not_to_be_listed_is_gone_for_all_but_those_who_engage_it(staff: Staff) -> None:
    filed = stakeholder_registered(staff, by="cim")
    assert all(knows(staff, who, filed) for who in ("req", "joc", "unit", "cmc", "cim"))
    assert unlisted(staff, filed).stance == "unlisted"
    assert knows(staff, "cim", filed), "its keeper"
    assert knows(staff, "cmc", filed)
    assert not any(knows(staff, who, filed) for who in ("req", "joc", "unit", "clu", "dec"))


def test_grants_end_when_one_is_not_to_be_listed(staff: Staff) -> None:
    filed = stakeholder_registered(staff, by="cim", scope="organisation")
    with staff.acting("cim") as actor:
        later = timezone.now() + timedelta(days=3)
        grant_give(actor, record=now(filed), to=staff.positions["req"], reason="for a visit", until=None)
        grant_give(actor, record=now(filed), to=staff.people["unit"], reason="for a visit", until=later)
        grant_give(actor, record=now(filed), to=staff.positions["cmc"], reason="for a visit", until=None)
    assert knows(staff, "req", filed)
    assert knows(staff, "unit", filed)
    unlisted(staff, filed)
    assert not knows(staff, "req", filed)
    assert not knows(staff, "unit", filed)


def test_a_later_officer_reads_the_unlisted_and_a_former_one_does_not(staff: Staff) -> None:
    filed = unlisted(staff, stakeholder_registered(staff, by="cim"))
    assert not knows(staff, "req_elsewhere", filed)
    role = PositionRole.objects.create(position=staff.positions["req_elsewhere"], role=Role.CMCOORD)
    assert knows(staff, "req_elsewhere", filed)
    role.delete()
    assert not knows(staff, "req_elsewhere", filed)


def test_it_is_listed_again_by_a_word_but_shown_by_its_keeper_alone(staff: Staff) -> None:
    filed = unlisted(staff, stakeholder_registered(staff, by="cim"))
    take(staff, filed, "cmc", "stance", stance="direct", **AGAIN)
    assert not knows(staff, "req", filed), "nobody widens by changing a stance"
    assert knows(staff, "cmc", filed), "whoever was drawn in goes on reading it"
    assert knows(staff, "cim", filed)


def test_the_audience_of_the_unlisted_cannot_be_widened(staff: Staff) -> None:
    filed = unlisted(staff, stakeholder_registered(staff, by="cim"))
    for scope in ("mission", "organisation"):
        with staff.acting("cim"), pytest.raises(DatabaseError), transaction.atomic():
            Record.objects.filter(pk=filed.pk).update(scope=scope)


def test_a_file_of_the_unlisted_is_not_begun_for_the_whole_mission(staff: Staff) -> None:
    with pytest.raises(ValidationError) as refused:
        stakeholder_file(staff, stance="unlisted", scope="mission")
    assert "scope" in refused.value.message_dict
    with pytest.raises(NotPermitted):
        stakeholder_file(staff, stance="unlisted", scope="organisation")
    filed = stakeholder_file(staff, stance="unlisted", scope="private")
    take(staff, filed, "cim", "register")
    assert knows(staff, "cmc", filed)
    assert not knows(staff, "joc", filed), "a colleague of its keeper"


def test_its_own_organisation_keeps_an_unlisted_file_among_its_people(staff: Staff) -> None:
    ngo = staff.organisations["ngo"]
    filed = stakeholder_registered(staff, by="req", organisation=ngo)
    take(staff, filed, "req", "stance", stance="unlisted", **SAID)
    assert Organisation.objects.get(pk=ngo.pk).engagement_stance == "unlisted"
    with staff.acting("req"):
        assert now(filed).scope == "private"
    with staff.acting("req"):
        Record.objects.filter(pk=filed.pk).update(scope="organisation")
    assert knows(staff, "req_colleague", filed)
    assert not knows(staff, "cim", filed)


def test_the_structure_and_every_file_have_one_stance(staff: Staff) -> None:
    ngo = staff.organisations["ngo"]
    first = stakeholder_registered(staff, by="cim", organisation=ngo)
    second = stakeholder_registered(staff, by="clu", organisation=ngo)
    take(staff, first, "cmc", "stance", stance="via_ocha", **SAID)
    with staff.acting("clu"):
        assert now(second).stance == "via_ocha"
    assert Organisation.objects.get(pk=ngo.pk).engagement_stance == "via_ocha"
    Organisation.objects.filter(pk=ngo.pk).update(engagement_stance="unlisted")
    assert not knows(staff, "joc", first)
    assert not knows(staff, "req_elsewhere", second)


def test_the_keeper_says_it_only_of_whom_nobody_else_can_speak_for(staff: Staff) -> None:
    outside = stakeholder_registered(staff, by="cim")
    assert take(staff, outside, "cim", "stance", stance="listed", **SAID).stance == "listed"
    inside = stakeholder_registered(staff, by="cim", organisation=staff.organisations["ngo"])
    with pytest.raises(NotPermitted):
        take(staff, inside, "cim", "stance", stance="listed", **SAID)


def test_no_code_changes_a_stance_without_a_word(staff: Staff) -> None:
    filed = stakeholder_registered(staff, by="cim")
    with staff.acting("cim"), pytest.raises(DatabaseError), transaction.atomic():
        Stakeholder.objects.filter(pk=filed.pk).update(
            stance="direct" if filed.stance != "direct" else "listed"
        )
    with staff.acting("joc") as actor, pytest.raises(DatabaseError), transaction.atomic():
        StanceWord.objects.create(
            stakeholder_id=filed.pk, stance="unlisted", reason="x", position=staff.positions["joc"],
            actor_id=actor.user_id,
        )  # fmt: skip
    with staff.acting("cmc"), pytest.raises(DatabaseError), transaction.atomic():
        StanceWord.objects.update(reason="changed")


def test_the_word_stays_on_the_record(staff: Staff) -> None:
    filed = stakeholder_registered(staff, by="cim")
    take(staff, filed, "cmc", "stance", stance="via_ocha", **SAID)
    with staff.acting("cim"):
        word = StanceWord.objects.get(stakeholder=filed)
    assert (word.stance, word.reason, word.position) == ("via_ocha", SAID["note"], staff.positions["cmc"])
    assert word.actor == staff.people["cmc"]


def test_the_audience_agrees_with_its_sources(staff: Staff) -> None:
    unlisted(staff, stakeholder_registered(staff, by="cim"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM need_to_know_differences()")
        assert cursor.fetchall() == []


@pytest.mark.parametrize(("stance", "offered"), [("direct", True), ("via_ocha", False), ("listed", False)])
def test_pickers_of_liaison_offer_only_whom_one_may_engage(staff: Staff, stance: str, offered: bool) -> None:
    filed = stakeholder_registered(staff, by="clu", stance=stance)
    with staff.acting("cim") as actor:
        assert bool(selectors.candidates(actor, filed.title, engaged=True)) is offered
        assert selectors.candidates(actor, filed.title), "it is listed"
    with staff.acting("cmc") as actor:
        assert selectors.candidates(actor, filed.title, engaged=True)
