"""The life of an action point: who takes which step, what the database refuses, evidence, and whom it is given."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.utils import timezone

from apps.action_points.models import ActionPoint
from apps.action_points.record import ActionPointType
from apps.action_points.services import action_point_draft, action_point_file
from apps.action_points.workflow import WORKFLOW
from apps.mission.models import Position
from apps.mission.vocabulary import Role
from apps.records.errors import DutyConflict, IllegalTransition, Incomplete, NotPermitted
from apps.records.models import Addressee, Attachment, Change, Record, Step
from apps.records.services import record_update
from apps.records.transitions import addressees_add, open_to
from apps.records.waiting import needs_me
from tests.factories.action_points import attach, claimed, opened, point_file, take
from tests.factories.staff import Staff

KEEPER, OWNER, VERIFIER, OUTSIDER = "cim", "unit", "joc", "req_elsewhere"
OWED = ("open", "in_progress", "returned")
# step -> (states it leaves, state it reaches ("" stays), who takes it)
TABLE: dict[str, tuple[tuple[str, ...], str, str]] = {
    "open": (("draft",), "open", KEEPER),
    "start": (("open",), "in_progress", OWNER),
    "claim": (OWED, "done_claimed", OWNER),
    "verify": (("done_claimed",), "verified", VERIFIER),
    "return": (("done_claimed",), "returned", VERIFIER),
    "reassign": (OWED, "open", KEEPER),
    "extend": (OWED, "", KEEPER),
    "name_verifier": ((*OWED, "done_claimed"), "", KEEPER),
    "cancel": (("draft", *OWED, "done_claimed"), "cancelled", KEEPER),
}
ROAD: dict[str, tuple[tuple[str, str], ...]] = {
    "draft": (),
    "open": ((KEEPER, "open"),),
    "in_progress": ((KEEPER, "open"), (OWNER, "start")),
    "done_claimed": ((KEEPER, "open"), (OWNER, "claim")),
    "returned": ((KEEPER, "open"), (OWNER, "claim"), (VERIFIER, "return")),
    "verified": ((KEEPER, "open"), (OWNER, "claim"), (VERIFIER, "verify")),
    "cancelled": ((KEEPER, "cancel"),),
}


def brought_to(staff: Staff, state: str) -> ActionPoint:
    """One in that state, that the JOC verifies and everybody reads."""
    point = point_file(staff, verifier=staff.positions[VERIFIER], scope="mission")
    for by, name in ROAD[state]:
        point = take(staff, point, by, name)
    return point


def data_of(staff: Staff, name: str) -> dict[str, Any]:
    """What a step is given."""
    return {
        "reassign": {"owner": staff.positions["unit_other"]},
        "extend": {"due": timezone.now() + timedelta(days=9)},
        "name_verifier": {"verifier": staff.positions["sec"]},
    }.get(name, {})


def test_the_table_is_the_declared_one() -> None:
    assert {t.name: (set(t.sources), t.target) for t in WORKFLOW.transitions} == {
        name: (set(sources), target) for name, (sources, target, _by) in TABLE.items()
    }


@pytest.mark.parametrize("state", ROAD)
def test_from_every_state_each_takes_their_steps_and_nobody_else_any(staff: Staff, state: str) -> None:
    point = brought_to(staff, state)
    assert point.state == state
    for name, (sources, target, fit) in TABLE.items():
        for by in (KEEPER, OWNER, VERIFIER, OUTSIDER):
            allowed = state in sources and by == fit
            with staff.acting(by) as actor:
                offered = {o.step.name for o in open_to(actor, ActionPoint.objects.get(pk=point.pk))}
            assert (name in offered) == allowed, (name, by)
            with transaction.atomic():
                if allowed:
                    moved = take(staff, point, by, name, **data_of(staff, name))
                    assert moved.state == (target or state)
                else:
                    with pytest.raises((IllegalTransition, NotPermitted)):
                        take(staff, point, by, name, **data_of(staff, name))
                transaction.set_rollback(True)


@pytest.mark.parametrize("name", ["claim", "return", "reassign", "extend", "cancel"])
def test_these_steps_say_why(staff: Staff, name: str) -> None:
    sources, _target, by = TABLE[name]
    point = brought_to(staff, sources[-1] if name != "cancel" else "open")
    with pytest.raises(Incomplete) as refused:
        take(staff, point, by, name, note="  ", **data_of(staff, name))
    assert list(refused.value.errors) == ["note"]


# ---------------------------------------------------------------- another person verifies it
def test_whoever_called_it_done_does_not_verify_it_in_another_position(staff: Staff) -> None:
    """One person, owner in one position and filer in the other: refused in Python and in the database."""
    staff.also_holds("cim", "unit")
    point = take(staff, opened(staff), "cim", "claim")
    with staff.acting("cim") as actor:
        offered = {o.step.name for o in open_to(actor, ActionPoint.objects.get(pk=point.pk))}
        assert "return" in offered
        assert "verify" not in offered
    with pytest.raises(DutyConflict, match="Another person does this"):
        take(staff, point, "cim", "verify")
    with staff.acting("cim"):
        with pytest.raises(DatabaseError) as refused, transaction.atomic():
            Step.objects.create(
                record_id=point.pk, name="verify", from_state="done_claimed", to_state="verified",
                position=staff.positions["cim"],
            )  # fmt: skip
        assert getattr(refused.value.__cause__, "pgcode", "") == "CP003"
        assert ActionPoint.objects.get(pk=point.pk).state == "done_claimed"
    # The colleague in the owner's position called nothing done: once the filer's post has another holder, they verify.
    staff.also_holds("joc", "cim")
    assert take(staff, point, "joc", "verify").state == "verified"


def test_after_it_was_sent_back_it_counts_who_called_it_done_last(staff: Staff) -> None:
    staff.also_holds("cim", "unit")
    point = take(staff, opened(staff), "cim", "claim")
    point = take(staff, point, "cim", "return")
    point = take(staff, point, "unit", "claim")
    assert take(staff, point, "cim", "verify").state == "verified"


def test_whoever_gives_it_to_themselves_names_another_who_verifies_it(staff: Staff) -> None:
    point = point_file(staff, owner="cim")
    with pytest.raises(Incomplete) as refused:
        take(staff, point, "cim", "open")
    assert list(refused.value.errors) == ["verifier"]
    with staff.acting("cim") as actor:
        with pytest.raises(ValidationError) as same:
            record_update(
                actor,
                record=ActionPoint.objects.get(pk=point.pk),
                changes={"verifier": staff.positions["cim"]},
            )
        assert list(same.value.message_dict) == ["verifier"]
        record_update(
            actor, record=ActionPoint.objects.get(pk=point.pk), changes={"verifier": staff.positions["joc"]}
        )
    assert take(staff, point, "cim", "open").state == "open"
    given = opened(staff)
    with pytest.raises(ValidationError) as mine:
        take(staff, given, "cim", "reassign", owner=staff.positions["cim"])
    assert list(mine.value.message_dict) == ["owner"]


# ---------------------------------------------------------------- evidence
def test_at_p1_it_is_done_with_evidence(staff: Staff) -> None:
    point = point_file(staff, priority=1)
    attach(staff, point, "cim")  # before its owner had it: shows nothing
    point = take(staff, point, "cim", "open")
    with pytest.raises(Incomplete) as refused:
        take(staff, point, "unit", "claim")
    assert list(refused.value.errors) == ["evidence"]
    with pytest.raises(ValidationError) as empty:
        take(staff, point, "unit", "claim", evidence=SimpleUploadedFile("x.txt", b""))
    assert list(empty.value.message_dict) == ["evidence"]
    with transaction.atomic():
        attach(staff, point, "unit")
        assert take(staff, point, "unit", "claim").state == "done_claimed"
        transaction.set_rollback(True)
    done = take(staff, point, "unit", "claim", evidence=SimpleUploadedFile("bridge.txt", b"It holds."))
    assert done.state == "done_claimed"
    with staff.acting("cim"):
        assert set(Attachment.objects.filter(record=done).values_list("name", flat=True)) == {
            "shown.txt",
            "bridge.txt",
        }


def test_the_mission_says_which_priorities_need_evidence(staff: Staff) -> None:
    staff.mission.evidence_priorities = [2]
    staff.mission.save()
    assert claimed(staff, priority=1).state == "done_claimed"
    with pytest.raises(Incomplete):
        claimed(staff, priority=2)


def test_evidence_of_the_owner_before_is_not_the_new_owner_s(staff: Staff) -> None:
    point = opened(staff, priority=1)
    attach(staff, point, "unit")
    point = take(staff, point, "cim", "reassign", owner=staff.positions["unit_other"])
    with pytest.raises(Incomplete):
        take(staff, point, "unit_other", "claim")


# ---------------------------------------------------------------- whom it is given
def test_its_owner_reads_it_when_it_is_opened_whatever_their_roles(staff: Staff) -> None:
    nobody = staff.post("plain", "other_ngo")
    assert nobody.roles.count() == 0
    point = point_file(staff, owner="plain", verifier=staff.positions["sec"], scope="private")
    for name in ("plain", "sec"):
        with staff.acting(name):
            assert not ActionPoint.objects.filter(pk=point.pk).exists()
    point = take(staff, point, "cim", "open")
    for name in ("plain", "sec"):
        with staff.acting(name):
            assert ActionPoint.objects.filter(pk=point.pk).exists()
    with staff.acting("plain") as actor:
        assert [needed.record.pk for needed in needs_me(actor)] == [point.pk]
        assert needs_me(actor)[0].due_at == point.needed_by
    with staff.acting(OUTSIDER):
        assert not ActionPoint.objects.filter(pk=point.pk).exists()


def test_the_database_draws_in_nobody_whom_it_does_not_name(staff: Staff) -> None:
    staff.post("plain", "other_ngo")
    staff.post("adm", "support", Role.ADMIN)
    point = opened(staff)
    with staff.acting("cim"):
        record = ActionPoint.objects.get(pk=point.pk)
        with pytest.raises(DatabaseError), transaction.atomic():
            addressees_add(record, Position.objects.filter(pk=staff.positions["plain"].pk), Role.UNIT)
        # Nor an administrator, though it were named: they read no content.
        ActionPoint.objects.filter(pk=point.pk).update(owner=staff.positions["adm"])
        with pytest.raises(DatabaseError), transaction.atomic():
            addressees_add(record, Position.objects.filter(pk=staff.positions["adm"].pk), Role.UNIT)


@pytest.mark.parametrize("name", ["adm", "gone", "foreign"])
def test_it_is_given_to_nobody_who_cannot_have_it(staff: Staff, name: str) -> None:
    if name == "foreign":
        from tests.factories.staff import staff_make

        position = staff_make("elsewhere").positions["unit"]
    else:
        position = staff.post(name, "support", *((Role.ADMIN,) if name == "adm" else ()))
        position.is_active = name != "gone"
        position.save()
    with pytest.raises(ValidationError) as refused, staff.acting("cim") as actor:
        action_point_file(actor, title="x", owner=position, due=timezone.now() + timedelta(days=1))
    assert list(refused.value.message_dict) == ["owner"]


def test_an_owner_who_is_not_cleared_is_refused_at_the_field(staff: Staff) -> None:
    Position.objects.filter(pk=staff.positions["cim"].pk).update(clearance=1)
    point = point_file(staff, classification=1)
    with pytest.raises(Incomplete) as refused:
        take(staff, point, "cim", "open")
    assert list(refused.value.errors) == ["owner"]
    Position.objects.filter(pk=staff.positions["unit"].pk).update(clearance=1)
    point = take(staff, point, "cim", "open")
    with pytest.raises(ValidationError) as other:
        take(staff, point, "cim", "reassign", owner=staff.positions["unit_other"])
    assert list(other.value.message_dict) == ["owner"]
    with pytest.raises(ValidationError) as third:
        take(staff, point, "cim", "name_verifier", verifier=staff.positions["joc"])
    assert list(third.value.message_dict) == ["verifier"]


def test_given_to_somebody_else_it_keeps_its_history(staff: Staff) -> None:
    point = take(staff, opened(staff, scope="private"), "unit", "start")
    moved = take(
        staff, point, "cim", "reassign", "The unit rotates out.", owner=staff.positions["unit_other"]
    )
    assert (moved.state, moved.owner_id) == ("open", staff.positions["unit_other"].pk)
    with staff.acting("unit") as actor:
        # Whoever owned it reads on, and does nothing more.
        assert open_to(actor, ActionPoint.objects.get(pk=point.pk)) == []
        assert needs_me(actor) == []
    with staff.acting("unit_other") as actor:
        assert [needed.record.pk for needed in needs_me(actor)] == [point.pk]
        step = Step.objects.get(record_id=point.pk, name="reassign")
        assert step.note == "The unit rotates out."
        changed = [
            c.fields["owner_id"] for c in Change.objects.filter(record_id=point.pk) if "owner_id" in c.fields
        ]
        assert changed == [[staff.positions["unit"].pk, staff.positions["unit_other"].pk]]
        drawn = set(Addressee.objects.filter(record_id=point.pk).values_list("position_id", flat=True))
        assert {staff.positions["unit"].pk, staff.positions["unit_other"].pk} <= drawn


# ---------------------------------------------------------------- until when
def test_it_waits_for_its_owner_until_it_is_due_and_for_its_verifier_by_lead_time(staff: Staff) -> None:
    point = opened(staff)
    assert point.due_at == point.needed_by
    later = timezone.now() + timedelta(days=20)
    point = take(staff, point, "cim", "extend", "Rain.", due=later)
    assert (point.needed_by, point.due_at, point.state) == (later, later, "open")
    for wrong in (None, timezone.now() - timedelta(minutes=1)):
        with pytest.raises(ValidationError) as refused:
            take(staff, point, "cim", "extend", "Rain.", due=wrong)
        assert list(refused.value.message_dict) == ["due"]
    point = take(staff, point, "unit", "claim")
    assert timedelta(hours=119) < point.due_at - timezone.now() < timedelta(hours=121)
    point = take(staff, point, "cim", "return")
    assert point.due_at == later


def test_it_is_not_opened_when_its_moment_is_over_or_something_is_missing(staff: Staff) -> None:
    late = point_file(staff, needed_by=timezone.now() - timedelta(hours=1))
    with pytest.raises(Incomplete) as refused:
        take(staff, late, "cim", "open")
    assert list(refused.value.errors) == ["needed_by"]
    with staff.acting("cim") as actor:
        empty = action_point_draft(actor, record=ActionPoint(title="Only this"))
    with pytest.raises(Incomplete) as bare:
        take(staff, empty, "cim", "open")
    assert set(bare.value.errors) == {"owner", "needed_by", "priority"}


def test_rooms_above_file_and_open_in_one_go(staff: Staff) -> None:
    group = Group.objects.create(name="a working group")
    due = timezone.now() + timedelta(days=2)
    with staff.acting("cim") as actor:
        made = action_point_file(
            actor, title="Confirm the bridge", owner=staff.positions["unit"], due=due, details="Both lanes.",
            scope="private",
        )  # fmt: skip
        assert (made.state, made.priority, made.due_at, made.scope) == ("open", 3, due, "private")
        with pytest.raises(NotPermitted):
            action_point_file(actor, title="x", owner=staff.positions["unit"], due=due, body=group)
        # Nothing is half-written where it cannot be opened.
        before = Record.objects.count()
        with pytest.raises(Incomplete):
            action_point_file(actor, title="x", owner=staff.positions["unit"], due=timezone.now())
        assert Record.objects.count() == before
    assert ActionPointType.releasable is False
