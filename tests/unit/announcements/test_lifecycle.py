"""An announcement from draft to its end: who may what, what each edition says, and what the database holds to."""

from __future__ import annotations

from datetime import timedelta
from time import sleep
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.db import transaction as database
from django.utils import timezone

from apps.announcements.models import Announcement, Edition
from apps.announcements.record import AnnouncementType
from apps.announcements.workflow import STATES
from apps.mission.models import Mission, Organisation
from apps.mission.vocabulary import EngagementStance
from apps.need_to_know.checking import content_differences
from apps.records.errors import Incomplete, NotPermitted
from apps.records.models import Change, Event, Record
from apps.records.services import record_file, record_update
from apps.records.transitions import open_to, transition
from tests.factories.announcements import (
    bring_to,
    emergency_file,
    notice_file,
    now,
    take,
    time_over,
)
from tests.factories.staff import Staff

EVERYBODY = ("joc", "joc_night", "cim", "sec", "dec", "rel_force", "cmc", "req", "clu", "unit")
ISSUED = {"amend", "cancel"}
# State -> who is offered which steps, of an emergency that the JOC filed.
OFFERED: dict[str, dict[str, set[str]]] = {
    "draft": {"joc": {"issue", "discard"}},
    "issued": {"joc": ISSUED, "joc_night": ISSUED, "sec": ISSUED, "dec": ISSUED},
    "cancelled": {},
    "expired": {},
    "discarded": {},
}


def mission_sets(staff: Staff, **changes: Any) -> None:
    """The mission's own rules, from now on."""
    Mission.objects.filter(pk=staff.mission.pk).update(**changes)
    staff.mission = Mission.objects.get(pk=staff.mission.pk)


def in_state(staff: Staff, state: str) -> Announcement:
    """An emergency of the JOC in a state."""
    if state != "expired":
        return bring_to(staff, emergency_file(staff), state)
    soon = timezone.now() + timedelta(seconds=1)
    announcement = take(staff, emergency_file(staff, expires_at=soon), "joc", "issue")
    sleep(max(0.0, (soon - timezone.now()).total_seconds()) + 0.05)
    time_over(announcement, staff)
    with staff.acting("joc"):
        return now(announcement)


@pytest.mark.parametrize("state", [s.code for s in STATES])
def test_each_step_is_offered_to_its_roles_and_to_nobody_else(staff: Staff, state: str) -> None:
    announcement = in_state(staff, state)
    assert announcement.state == state
    offered: dict[str, set[str]] = {}
    for who in EVERYBODY:
        with staff.acting(who) as actor:
            found = Announcement.objects.filter(pk=announcement.pk).first()
            names = {offer.step.name for offer in open_to(actor, found)} if found else set()
            if names:
                offered[who] = names
    assert offered == OFFERED[state]
    assert content_differences() == []


def test_an_emergency_is_p1_asks_for_acknowledgement_and_reaches_people_at_once(staff: Staff) -> None:
    announcement = emergency_file(staff, priority=3, needs_acknowledgement=False)
    assert (announcement.priority, announcement.needs_acknowledgement) == (1, True)
    assert AnnouncementType.is_emergency(announcement)
    assert not AnnouncementType.is_emergency(notice_file(staff, priority=3))
    announcement = take(staff, announcement, "joc", "issue")
    assert announcement.auto_at == announcement.expires_at
    assert announcement.auto_step == "expire"
    with staff.acting("joc"):
        assert [e.verb for e in Event.objects.filter(record=announcement)] == [
            "announcement.file", "announcement.issue",
        ]  # fmt: skip
    assert AnnouncementType.broadcasts == {"issue", "amend", "cancel"}


# ---------------------------------------------------------------- who announces
@pytest.mark.parametrize("who", ["joc", "sec", "dec", "cmc"])
def test_emergencies_are_issued_by_their_roles(staff: Staff, who: str) -> None:
    assert take(staff, emergency_file(staff, by=who), who, "issue").state == "issued"


def test_a_role_that_issues_notices_alone_is_told_so_at_the_field(staff: Staff) -> None:
    assert take(staff, notice_file(staff, by="cim"), "cim", "issue").state == "issued"
    with pytest.raises(ValidationError, match="does not issue emergencies") as caught:
        emergency_file(staff, by="cim")
    assert set(caught.value.message_dict) == {"kind"}
    assert "JOC duty officer" in caught.value.message_dict["kind"][0]
    notice = notice_file(staff, by="cim")
    with staff.acting("cim") as actor, pytest.raises(ValidationError, match="does not issue emergencies"):
        record_update(actor, record=now(notice), changes={"kind": "emergency"})


@pytest.mark.parametrize("who", ["req", "clu", "unit", "rel_force"])
def test_other_roles_file_none(staff: Staff, who: str) -> None:
    with pytest.raises(NotPermitted):
        notice_file(staff, by=who)
    with staff.acting(who) as actor:
        assert not AnnouncementType.may_file(actor)


def test_a_mission_sets_who_announces(staff: Staff) -> None:
    mission_sets(staff, notice_roles=["CLU"], broadcast_roles=["SEC"], broadcast_hours=2)
    assert take(staff, notice_file(staff, by="clu"), "clu", "issue").state == "issued"
    with pytest.raises(NotPermitted):
        notice_file(staff, by="joc")
    with pytest.raises(Incomplete) as caught:
        take(staff, emergency_file(staff, by="sec"), "sec", "issue")
    assert "at most 2 hours" in caught.value.errors["expires_at"][0]
    short = timezone.now() + timedelta(hours=1)
    assert take(staff, emergency_file(staff, by="sec", expires_at=short), "sec", "issue").state == "issued"


def test_a_draft_is_refused_when_its_position_may_not_issue_it_any_more(staff: Staff) -> None:
    announcement = emergency_file(staff)
    mission_sets(staff, broadcast_roles=["SEC"])
    with pytest.raises(Incomplete) as caught:
        take(staff, announcement, "joc", "issue")
    assert set(caught.value.errors) == {"kind"}


# ---------------------------------------------------------------- what is needed
def test_what_is_missing_is_named_by_field(staff: Staff) -> None:
    with pytest.raises(Incomplete) as caught:
        take(staff, notice_file(staff, message="", kind=""), "joc", "issue")
    assert set(caught.value.errors) == {"message", "kind"}
    empty: dict[str, Any] = dict.fromkeys(("category", "urgency", "severity", "certainty"), "")
    with pytest.raises(Incomplete) as caught:
        take(staff, emergency_file(staff, **empty, expires_at=None), "joc", "issue")
    assert set(caught.value.errors) == {"category", "urgency", "severity", "certainty", "expires_at"}


@pytest.mark.parametrize(("hours", "said"), [(-1, "over"), (73, "at most 72 hours")])
def test_an_emergency_ends_neither_in_the_past_nor_too_late(staff: Staff, hours: int, said: str) -> None:
    ends = timezone.now() + timedelta(hours=hours)
    with pytest.raises(Incomplete) as caught:
        take(staff, emergency_file(staff, expires_at=ends), "joc", "issue")
    assert said in caught.value.errors["expires_at"][0]


def test_it_does_not_end_before_it_begins(staff: Staff) -> None:
    begins = timezone.now() + timedelta(hours=5)
    with pytest.raises(ValidationError, match="before the moment"):
        notice_file(staff, effective_at=begins, expires_at=begins - timedelta(hours=1))


# ---------------------------------------------------------------- who is told
def test_a_draft_is_told_to_nobody(staff: Staff) -> None:
    announcement = emergency_file(staff)
    for who in ("req", "clu", "unit", "cmc"):
        with staff.acting(who):
            assert not Record.objects.filter(pk=announcement.pk).exists()
    take(staff, announcement, "joc", "issue")
    for who in ("req", "clu", "unit", "cmc"):
        with staff.acting(who):
            assert Record.objects.filter(pk=announcement.pk).exists()


def test_an_audience_that_nobody_chose_anew_stays(staff: Staff) -> None:
    announcement = notice_file(staff)
    with staff.acting("joc") as actor:
        transition(actor, record=now(announcement), name="issue")
    with staff.acting("sec"):
        assert now(announcement).scope == "organisation"
    with staff.acting("req"):
        assert not Record.objects.filter(pk=announcement.pk).exists()


def test_above_ones_clearance_it_does_not_exist(staff: Staff) -> None:
    announcement = take(staff, emergency_file(staff, classification=1), "joc", "issue")
    with staff.acting("cim"):
        assert now(announcement).state == "issued"
    for who in ("req", "cmc", "unit"):
        with staff.acting(who):
            assert not Record.objects.filter(pk=announcement.pk).exists()
            assert not Edition.objects.filter(announcement_id=announcement.pk).exists()


# ---------------------------------------------------------------- editions
def test_an_amendment_is_a_new_edition_and_the_old_one_is_kept(staff: Staff) -> None:
    announcement = take(staff, emergency_file(staff), "joc", "issue")
    first, later = announcement.message, announcement.expires_at + timedelta(hours=3)
    announcement = take(staff, announcement, "joc_night", "amend", message="Second", expires_at=later)
    assert (announcement.message, announcement.edition, announcement.state) == ("Second", 2, "issued")
    assert announcement.instruction.startswith("instruction")
    assert announcement.auto_at == later
    with staff.acting("req"):
        editions = list(Edition.objects.filter(announcement_id=announcement.pk))
        assert [(e.number, e.message) for e in editions] == [(1, first), (2, "Second")]
        assert [e.position for e in editions] == [staff.positions["joc"], staff.positions["joc_night"]]
        changed = Change.objects.get(record_id=announcement.pk, table="announcements_announcement")
        assert changed.fields["message"] == [first, "Second"]
        assert changed.actor == staff.people["joc_night"]


def test_an_amendment_must_say_what_an_issue_must(staff: Staff) -> None:
    announcement = take(staff, emergency_file(staff), "joc", "issue")
    with pytest.raises(Incomplete) as caught:
        take(staff, announcement, "joc", "amend", message=" ", severity="", expires_at=None)
    assert set(caught.value.errors) == {"message", "severity", "expires_at"}
    with staff.acting("joc"):
        assert now(announcement).edition == 1


@pytest.mark.parametrize("who", ["cim", "cmc", "req", "rel_force"])
def test_others_neither_amend_nor_cancel(staff: Staff, who: str) -> None:
    announcement = take(staff, emergency_file(staff), "joc", "issue")
    for name in ("amend", "cancel"):
        with pytest.raises(NotPermitted):
            take(staff, announcement, who, name)


def test_the_database_takes_no_text_but_by_an_edition_of_its_issuer(staff: Staff) -> None:
    announcement = take(staff, emergency_file(staff), "joc", "issue")
    with staff.acting("joc"):
        Announcement.objects.filter(pk=announcement.pk).update(edition=9)
        assert now(announcement).edition == 1
        for change in ({"message": "quietly"}, {"needs_acknowledgement": False}):
            with pytest.raises(DatabaseError), database.atomic():
                Announcement.objects.filter(pk=announcement.pk).update(**change)
    for who in ("cmc", "req", "rel_force"):
        position = staff.positions["joc" if who == "rel_force" else who]
        with staff.acting(who), pytest.raises(DatabaseError), database.atomic():
            Edition.objects.create(announcement=now(announcement), message="mine", position=position)
    with staff.acting("joc"):
        made = Edition.objects.create(
            announcement=now(announcement), number=77, message="Third", position=staff.positions["joc"]
        )
        made.refresh_from_db()
        assert (made.number, made.actor) == (2, staff.people["joc"])
        for write in (
            lambda: Edition.objects.filter(pk=made.pk).update(message="x"),
            lambda: Edition.objects.filter(pk=made.pk).delete(),
        ):
            with pytest.raises(DatabaseError), database.atomic():
                write()


def test_a_draft_is_issued_by_the_position_that_filed_it(staff: Staff) -> None:
    announcement = emergency_file(staff)
    with pytest.raises(NotPermitted):
        take(staff, announcement, "joc_night", "issue")
    with staff.acting("joc_night"), pytest.raises(DatabaseError), database.atomic():
        Edition.objects.create(
            announcement=now(announcement), message="x", position=staff.positions["joc_night"]
        )


# ---------------------------------------------------------------- its end
def test_cancelling_needs_a_reason(staff: Staff) -> None:
    announcement = take(staff, notice_file(staff), "joc", "issue")
    with staff.acting("joc") as actor, pytest.raises(Incomplete):
        transition(actor, record=now(announcement), name="cancel")
    announcement = take(staff, announcement, "joc", "cancel")
    assert (announcement.state, announcement.auto_at) == ("cancelled", None)


def test_a_notice_may_hold_for_good(staff: Staff) -> None:
    assert take(staff, notice_file(staff), "joc", "issue").auto_at is None


def test_refusals_name_only_roles(staff: Staff) -> None:
    """No organisation that is not to be listed shows in what a refused reader is told."""
    Organisation.objects.filter(pk=staff.organisations["force"].pk).update(
        engagement_stance=EngagementStance.UNLISTED
    )
    with pytest.raises(ValidationError) as caught, staff.acting("cim") as actor:
        record_file(actor, record=Announcement(kind="emergency", title="x"))
    assert "Force" not in str(caught.value)
