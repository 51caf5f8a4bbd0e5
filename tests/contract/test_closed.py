"""Closed items inside an open meeting, members that are not shown, decisions of closed items: through every address.

The whole mission reads the meeting and the group's record. What is closed in them is found by those entitled, and by
nobody else in any page, file, print, history, search or answer of the API.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.mission.models import Position
from apps.records.models import Record
from apps.records.services import record_file
from apps.records.transitions import transition
from apps.working_groups.calling import meeting_call
from apps.working_groups.deciding import decision_record
from apps.working_groups.models import (
    AgendaItem,
    Amendment,
    Attendance,
    Correction,
    Decision,
    Meeting,
    Member,
    Outcome,
    WorkingGroup,
)
from tests.cast.world import World
from tests.contract.addresses import addresses, foreign, parameters, url
from tests.contract.calling import client_of, text_of
from tests.contract.test_two_worlds import everything

pytestmark = pytest.mark.timeout(400)

#: Read the meeting and the group's record, and belong to neither: closed out of everything.
CLOSED_OUT = ("outsider", "decider")
#: Sees who belongs, but is admitted to no closed item.
OBSERVER = "addressee"
#: A member: admitted.
MEMBER = "granted"


@dataclass
class Scene:
    """What was set up, with canaries in all that is closed."""

    group: WorkingGroup
    meeting: Meeting
    item: AgendaItem
    decision: Decision
    closed: tuple[str, ...]
    members: tuple[str, ...]


def set_up(world: World, *, until: str = "circulated") -> Scene:
    """A group whose members are not shown, and a meeting of it that the whole mission reads."""
    token, cast = world.canaries.token, world.cast
    with world.acting("owner") as actor:
        group: WorkingGroup = record_file(
            actor,
            record=WorkingGroup(
                title="Seen group", kind="joint", purpose="Seen", chair=cast.positions["owner"], scope="mission",
                membership="members",
            ),
        )  # fmt: skip
        Member.objects.create(group=group, position=cast.positions[MEMBER])
        Member.objects.create(group=group, position=cast.positions[OBSERVER], standing="observer")
        transition(actor, record=group, name="establish", data={})
        begins = timezone.now().replace(microsecond=0) + timedelta(days=2)
        meeting = meeting_call(
            actor,
            group=group,
            title="Seen meeting",
            starts=begins,
            ends=begins + timedelta(hours=1),
            scope="mission",
        )
        Attendance.objects.create(
            meeting=meeting, name=token("Members: guest"), substitute=token("Members: substitute")
        )
        AgendaItem.objects.create(meeting=meeting, order=10, title="Seen item", minute="Seen minute")
        item = AgendaItem.objects.create(
            meeting=meeting, order=20, session="closed", title=token("Closed: title"), details=token("Closed: details"),
            minute=token("Closed: minute"), reply=token("Closed: reply"),
        )  # fmt: skip
        decision = decision_record(
            actor, meeting=meeting, item=item, title=token("Closed: decision"), text=token("Closed: decided"),
            made_by=token("Closed: made by"),
        )  # fmt: skip
        for name in ("start", "end", "circulate"):
            transition(actor, record=meeting, name=name, data={})
        Correction.objects.create(
            meeting=meeting, item=item, text=token("Closed: correction"), author=actor.user,
            position=cast.positions["owner"],
        )  # fmt: skip
        if until == "adopted":
            Correction.objects.filter(meeting=meeting).update(state="taken", reply=token("Closed: answer"))
            transition(actor, record=meeting, name="adopt", data={})
            Amendment.objects.create(
                meeting=meeting, item=item, text=token("Closed: amendment"), reason=token("Closed: reason"),
                author=actor.user,
            )  # fmt: skip
        for name, value in (
            ("reference", decision.reference),
            ("uuid", str(decision.uuid)),
            ("item", str(item.uuid)),
        ):
            world.canaries.known(value, f"Closed: {name}")
    return Scene(group, meeting, item, decision, ("Closed",), ("Members",))


def answers(world: World, who: str, *records: Record, lists: bool = False) -> dict[str, str]:
    """What every address of these records says to somebody; with `lists`, all that names no record as well."""
    client = client_of(world, who)
    said: dict[str, str] = {}
    for record in records:
        declared = record.record_type
        trio = world.trios[declared.key]
        for address in addresses():
            if not address.of_record or foreign(address) or address.record_type is not declared:
                continue
            values = parameters(address, trio, record, world.attachments)
            said[f"{declared.key} {address.name}"] = text_of(client.get(url(address, values)))
    for name, seen in everything(world, who).items() if lists else ():
        said[name] = seen[2].decode("utf-8", "replace") + str(seen[1])
    return said


def found(world: World, said: dict[str, str], kinds: tuple[str, ...]) -> dict[str, set[str]]:
    """Where tokens of these kinds stand."""
    places = {
        name: {p for p in world.canaries.found_in(text) if p.startswith(kinds)} for name, text in said.items()
    }
    return {name: tokens for name, tokens in places.items() if tokens}


@pytest.mark.parametrize(("who", "state"), [("outsider", "adopted"), ("decider", "circulated")])
def test_nobody_else_finds_anything_closed(rolled_back: World, who: str, state: str) -> None:
    scene = set_up(rolled_back, until=state)
    said = answers(rolled_back, who, scene.meeting, scene.group, lists=who == "outsider")
    assert any("Seen minute" in text for text in said.values()), "they read the meeting"
    assert found(rolled_back, said, scene.closed + scene.members) == {}


def test_an_observer_sees_who_comes_and_nothing_closed(rolled_back: World) -> None:
    scene = set_up(rolled_back)
    said = answers(rolled_back, OBSERVER, scene.meeting)
    assert found(rolled_back, said, scene.closed) == {}
    assert found(rolled_back, said, scene.members)


def test_a_member_finds_it(rolled_back: World) -> None:
    """The comparisons above would see what shows (I16)."""
    scene = set_up(rolled_back, until="adopted")
    said = answers(rolled_back, MEMBER, scene.meeting, scene.decision)
    tokens = {token for places in found(rolled_back, said, scene.closed).values() for token in places}
    missed = {
        f"Closed: {name}" for name in ("title", "minute", "decision", "decided", "amendment", "correction")
    } - tokens
    assert missed == set()


@pytest.mark.parametrize("who", CLOSED_OUT)
def test_members_are_named_nowhere_because_they_belong(rolled_back: World, who: str) -> None:
    made = Position.objects.create(
        mission=rolled_back.cast.mission, organisation=rolled_back.cast.organisations["outside"],
        title=rolled_back.canaries.token("Belongs: title"),
    )  # fmt: skip
    scene = set_up(rolled_back)
    with rolled_back.acting("owner"):
        Member.objects.create(group=scene.group, position=made)
        Attendance.objects.create(meeting=scene.meeting, position=made)
    client = client_of(rolled_back, who)
    for record in (scene.group, scene.meeting):
        for name in ("detail", "history", "print", "reads", "share"):
            said = text_of(client.get(record.record_type.url(record, name)))
            assert not {p for p in rolled_back.canaries.found_in(said) if p.startswith("Belongs")}, name
        said = text_of(client.get(f"/api/v1/{record.record_type.plural}/{record.uuid}/"))
        assert not {p for p in rolled_back.canaries.found_in(said) if p.startswith("Belongs")}
    assert "Belongs: title" in rolled_back.canaries.found_in(
        text_of(client_of(rolled_back, "owner").get(scene.group.record_type.url(scene.group)))
    )


@pytest.mark.parametrize("who", CLOSED_OUT)
def test_the_database_shows_none_of_it(rolled_back: World, who: str) -> None:
    scene = set_up(rolled_back)
    with rolled_back.acting(who):
        assert not Decision.objects.filter(pk=scene.decision.pk).exists()
        assert not Outcome.objects.filter(meeting=scene.meeting).exists()
        assert AgendaItem.objects.filter(meeting=scene.meeting).count() == 1
        assert not Correction.objects.filter(meeting=scene.meeting).exists()
        assert not Member.objects.filter(group=scene.group).exists()
        assert not Attendance.objects.filter(meeting=scene.meeting).exists()
        with pytest.raises(AgendaItem.DoesNotExist):
            scene.item.refresh_from_db()
