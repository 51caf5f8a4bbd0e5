"""The proof of `manage.py faults` can fail: each check finds what is lost, doubled or wrong in a small world."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bench.faults import checks
from bench.faults.cast import PEOPLE, Cast
from bench.faults.load import Entry, Ledger
from bench.faults.mailbox import Mail
from bench.faults.reading import Event, Message, Notification, Record, Step, Wait
from bench.faults.shooting import SENDER, WEB, Shot

START = datetime(2026, 11, 2, 8, tzinfo=UTC)
RECORD, UUID, TITLE = 1, "u-1", "Seed"
NUMBERS = {name: number for number, name in enumerate(PEOPLE, 1)}
REQUESTER, COLLEAGUE = NUMBERS["requester"], NUMBERS["colleague"]
CLUSTER, CMCOORD = NUMBERS["cluster"], NUMBERS["cmcoord"]
SUBMITTED, VALIDATED = 11, 12  # events


@pytest.fixture
def cast() -> Cast:
    """Everybody; people and their positions have the same numbers."""
    return Cast(1, people=dict(NUMBERS), positions=dict(NUMBERS))


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """A request that was filed, submitted and validated."""
    made = Ledger(tmp_path / "ledger")
    for name, state in (("file", "draft"), ("submit", "submitted"), ("validate", "validated")):
        made.note(Entry(UUID, name, "requester", state, TITLE, "", 0.0, 0.1, 1))
    made.filed.add(TITLE)
    return made


@pytest.fixture
def world() -> Any:
    """The same request as the database has it, with everybody told and mailed."""

    def after(minutes: int) -> datetime:
        return START + timedelta(minutes=minutes)

    told = [
        Notification(1, SUBMITTED, CLUSTER, "needs_me", ""), Notification(2, SUBMITTED, CMCOORD, "part", "daily"),
        Notification(3, VALIDATED, CMCOORD, "needs_me", ""), Notification(4, VALIDATED, REQUESTER, "part", ""),
    ]  # fmt: skip
    made = SimpleNamespace(
        records=[Record(RECORD, UUID, TITLE, "validated", REQUESTER, 1)],
        steps=defaultdict(
            list,
            {
                RECORD: [
                    Step(RECORD, "file", "draft", after(0)), Step(RECORD, "submit", "submitted", after(1)),
                    Step(RECORD, "validate", "validated", after(2)),
                ]
            },
        ),
        events=defaultdict(
            list,
            {
                RECORD: [
                    Event(10, RECORD, "aid_request.file", REQUESTER, after(0)),
                    Event(SUBMITTED, RECORD, "aid_request.submit", REQUESTER, after(1)),
                    Event(VALIDATED, RECORD, "aid_request.validate", CLUSTER, after(2)),
                ]
            },
        ),
        comments=set(),
        addressees=defaultdict(list, {RECORD: [(CLUSTER, after(1)), (CMCOORD, after(1))]}),
        notifications=told,
        told=defaultdict(dict),
        messages=[message(number) for number in (1, 3, 4)],
        waits=defaultdict(list, {RECORD: [Wait(RECORD, "state:CMC", 0)]}),
        requesting=defaultdict(set, {1: {REQUESTER, COLLEAGUE}}),
        outbox=0,
    )  # fmt: skip
    for each in told:
        made.told[each.event][each.person] = each
    return made


def message(number: int, state: str = "sent") -> Message:
    """The mail of a notification; its UUID says which."""
    return Message(f"{number:032x}", number, number, f"{number}@x.invalid", "email", state, "", START, START)


def mails(*numbers: int) -> dict[str, list[Mail]]:
    """What the mailbox has of these messages."""
    return {f"<{n}@portal>": [Mail(100.0, f"{n}@x.invalid", f"<{n}@portal>", f"{n:032x}")] for n in numbers}


def test_a_whole_world_passes(world: Any, cast: Cast, ledger: Ledger) -> None:
    found = [
        *checks.writes_lost(world, ledger), *checks.writes_twice(world, ledger),
        *checks.notifications_lost(world, cast), *checks.notifications_twice(world),
        *checks.clocks_wrong(world, ledger), *checks.mails_lost(world, cast, mails(1, 3, 4)),
        *checks.mails_wrong(world, mails(1, 3, 4)),
    ]  # fmt: skip
    assert found == []


def test_acknowledged_writes_that_are_missing_are_found(world: Any, ledger: Ledger) -> None:
    ledger.note(Entry(UUID, "comment", "cluster", "validated", TITLE, "c-1", 0.0, 0.1, 1))
    assert len(list(checks.writes_lost(world, ledger))) == 1
    world.steps[RECORD].pop()
    assert len(list(checks.writes_lost(world, ledger))) == 2
    world.records.clear()
    assert "the record is missing" in next(checks.writes_lost(world, ledger))


def test_writes_that_were_made_twice_are_found(world: Any, ledger: Ledger) -> None:
    world.steps[RECORD].append(world.steps[RECORD][-1])
    assert any("4 are there" in line for line in checks.writes_twice(world, ledger))
    world.records.append(Record(2, "u-2", TITLE, "draft", REQUESTER, 1))
    assert any("filed 2 times" in line for line in checks.writes_twice(world, ledger))


def test_a_write_without_an_answer_may_be_there_or_not(world: Any, ledger: Ledger) -> None:
    ledger.unfinished.add(TITLE)
    assert list(checks.writes_lost(world, ledger)) == []
    world.steps[RECORD].append(Step(RECORD, "endorse", "endorsed", START))
    world.events[RECORD].append(Event(13, RECORD, "aid_request.endorse", CMCOORD, START))
    assert list(checks.writes_lost(world, ledger)) == []
    assert list(checks.writes_twice(world, ledger)) == []


@pytest.mark.parametrize(
    ("event", "person"), [(SUBMITTED, CLUSTER), (SUBMITTED, CMCOORD), (VALIDATED, REQUESTER)]
)
def test_whoever_was_not_told_is_found(world: Any, cast: Cast, event: int, person: int) -> None:
    del world.told[event][person]
    assert len(list(checks.notifications_lost(world, cast))) == 1


def test_on_whom_it_waits_now_must_know_that_it_does(world: Any, cast: Cast) -> None:
    world.told[VALIDATED][CMCOORD] = Notification(3, VALIDATED, CMCOORD, "part", "")
    assert "needs cmcoord" in next(checks.notifications_lost(world, cast))


def test_rows_left_in_the_outbox_are_found(world: Any, cast: Cast) -> None:
    world.outbox = 3
    assert list(checks.notifications_lost(world, cast)) == ["3 rows are left in the outbox"]


def test_who_was_told_twice_is_found(world: Any) -> None:
    world.notifications.append(Notification(9, VALIDATED, CMCOORD, "part", ""))
    assert len(list(checks.notifications_twice(world))) == 1
    world.messages.append(message(3))
    assert len(list(checks.notifications_twice(world))) == 2


@pytest.mark.parametrize(("rang", "wrong"), [(0, True), (1, False), (2, True)])
def test_each_level_of_a_clock_rings_once(
    world: Any, cast: Cast, ledger: Ledger, rang: int, wrong: bool
) -> None:
    ledger.parked.add(UUID)
    world.waits[RECORD] = [Wait(RECORD, "state:CMC", 1)]
    for number in range(rang):
        world.events[RECORD].append(Event(20 + number, RECORD, "clock.reminder", None, START))
    assert bool(list(checks.clocks_wrong(world, ledger))) is wrong
    missed = [line for line in checks.notifications_lost(world, cast) if "clock.reminder" in line]
    assert len(missed) == rang, "nobody was told that it rang"


def test_mail_that_is_missing_waiting_dead_or_with_another_is_found(world: Any, cast: Cast) -> None:
    def lost(arrived: dict[str, list[Mail]]) -> int:
        return len(list(checks.mails_lost(world, cast, arrived)))

    assert lost(mails(1, 3)) == 1
    assert lost({**mails(1, 3), "<4>": [Mail(1.0, "1@x.invalid", "<4>", f"{4:032x}")]}) == 1
    for state in ("queued", "dead"):
        world.messages[2] = message(4, state)
        assert lost(mails(1, 3)) == 1
    world.messages.pop()
    assert lost(mails(1, 3)) == 1, "whoever filed it is mailed of every step"


def test_mail_of_nothing_and_mail_under_two_ids_is_found(world: Any) -> None:
    assert len(list(checks.mails_wrong(world, mails(1, 3, 4, 5)))) == 1
    again = {"<other>": [Mail(1.0, "1@x.invalid", "<other>", f"{1:032x}")]}
    assert len(list(checks.mails_wrong(world, {**mails(1, 3, 4), **again}))) == 1


def test_a_mail_that_comes_twice_needs_a_kill_beside_it() -> None:
    def taken(*moments: float) -> dict[str, list[Mail]]:
        return {"<a@b>": [Mail(moment, "x@y.invalid", "<a@b>", "a") for moment in moments]}

    def unexplained(*shots: Shot) -> int:
        return len(checks.offered_again(taken(100.0, 104.0), list(shots))[1])

    assert checks.offered_again(taken(100.0), []) == ([], [])
    assert len(checks.offered_again(taken(100.0, 104.0), [Shot(100.1, SENDER, 1)])[0]) == 1
    assert unexplained(Shot(100.1, SENDER, 1)) == 0
    assert unexplained() == 1
    assert unexplained(Shot(100.1, WEB, 1)) == 1, "web sends no mail"
    assert unexplained(Shot(90.0, SENDER, 1)) == 1, "that was before"
