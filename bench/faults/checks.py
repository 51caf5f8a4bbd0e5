"""The proof: what must be true of the database, the ledger and the mailbox once all is quiet.

Whom an event had to be told to is worked out here anew, from positions and addressees, and not by the portal's code.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise

from bench.faults import shooting
from bench.faults.cast import MAILED_PART, PEOPLE, Cast
from bench.faults.load import Ledger
from bench.faults.mailbox import Mail
from bench.faults.reading import Event, Message, Notification, Record, Step, World
from bench.faults.shooting import Shot
from bench.faults.stories import AWAITED, COMMENT

#: Kills that can undo a transaction whose mail the mail server has taken already.
UNDOING = {
    shooting.WORKER, shooting.CHILD, shooting.RELAY, shooting.SENDER, shooting.POSTGRESQL, shooting.BACKEND,
    shooting.VALKEY,
}  # fmt: skip
_BEFORE_SECONDS, _AFTER_SECONDS = 1.0, 10.0
_RINGS = ("clock.reminder", "clock.overdue", "clock.escalated")


def writes_lost(world: World, ledger: Ledger) -> Iterator[str]:
    """An acknowledged write that is not there, or not there as it was acknowledged."""
    known = {record.uuid: record for record in world.records}
    told: dict[str, list[str]] = defaultdict(list)
    unfinished = {entry.record for entry in ledger.entries if entry.title in ledger.unfinished}
    for entry in ledger.entries:
        if entry.record not in known:
            yield f"{entry.title}: the record is missing"
        elif entry.name == COMMENT:
            if entry.comment not in world.comments:
                yield f"{entry.title}: a comment is missing"
        else:
            told[entry.record].append(entry.name)
    last = {entry.record: entry.state for entry in ledger.entries}
    for uuid, names in told.items():
        record = known.get(uuid)
        if record is None:
            continue
        taken = [step.name for step in world.steps[record.id]]
        spare = 1 if uuid in unfinished else 0
        if taken[: len(names)] != names:
            yield f"{record.title}: acknowledged were {names}, there are {taken}"
        if not spare and record.state != last[uuid]:
            yield f"{record.title} is {record.state}, not {last[uuid]}"


def writes_twice(world: World, ledger: Ledger) -> Iterator[str]:
    """A record, step, comment or event that is there more often than it was asked for."""
    for title, number in Counter(record.title for record in world.records).items():
        if number > 1:
            yield f"{title} was filed {number} times"
        if title not in ledger.filed:
            yield f"{title} was never sent"
    steps = Counter(entry.record for entry in ledger.entries if entry.name != COMMENT)
    comments = {entry.comment for entry in ledger.entries if entry.name == COMMENT}
    for record in world.records:
        spare = 1 if record.title in ledger.unfinished else 0
        taken = world.steps[record.id]
        if len(taken) > steps[record.uuid] + spare:
            yield f"{record.title}: {steps[record.uuid]} steps were acknowledged, {len(taken)} are there"
        verbs = Counter(event.verb for event in world.events[record.id])
        for name, number in Counter(step.name for step in taken).items():
            if verbs[f"aid_request.{name}"] != number:
                yield f"{record.title}: {number} steps {name}, {verbs[f'aid_request.{name}']} events of them"
    if len(world.comments - comments) > len(ledger.unfinished):
        yield f"{len(world.comments - comments)} comments more than acknowledged"


def notifications_lost(world: World, cast: Cast) -> Iterator[str]:
    """Somebody whom an event had to be told to, and who was not told."""
    if world.outbox:
        yield f"{world.outbox} rows are left in the outbox"
    for record in world.records:
        for event in world.events[record.id]:
            for person in sorted(_concerned(world, cast, record, event) - world.told[event.id].keys()):
                yield f"{record.title}: {event.verb} ({event.id}) was not told to {_name(cast, person)}"
        yield from _last_step(world, cast, record)


def _concerned(world: World, cast: Cast, record: Record, event: Event) -> set[int]:
    """Whoever filed the request or was drawn into it by then, but who did it; of a clock: on whom it waits."""
    if event.verb.endswith(".file"):
        return set()
    if event.verb in _RINGS:
        positions = awaited(world, cast, record, world.steps[record.id][-1])
    else:
        drawn = {position for position, since in world.addressees[record.id] if since <= event.at}
        positions = {record.position, *drawn}
    people = {person for position in positions for person in cast.holders(position)}
    return people - {event.actor}


def awaited(world: World, cast: Cast, record: Record, step: Step) -> set[int]:
    """The positions for which a request waits after that step."""
    names: tuple[str, ...] = AWAITED.get(step.to_state, ())
    if step.to_state == "submitted" and record.position == cast.positions["support"]:
        names = ("cimic", "joc")
    if names == ("requester",):
        return {record.position} | world.requesting[record.organisation]
    return {cast.positions[name] for name in names}


def _last_step(world: World, cast: Cast, record: Record) -> Iterator[str]:
    """Nothing came after the last step: those on whom the request waits now were told that it needs them."""
    steps = world.steps[record.id]
    if len(steps) < 2:
        return
    event = next(e for e in reversed(world.events[record.id]) if e.verb == f"aid_request.{steps[-1].name}")
    before = awaited(world, cast, record, steps[-2])
    for position in awaited(world, cast, record, steps[-1]) - before:
        for person in cast.holders(position) - {event.actor}:
            told = world.told[event.id].get(person)
            if told is not None and told.reason != "needs_me":
                yield f"{record.title} needs {_name(cast, person)}, who was told {told.reason} of {event.verb}"


def clocks_wrong(world: World, ledger: Ledger) -> Iterator[str]:
    """A clock of a parked request of which a level did not ring, rang twice, or rang out of turn."""
    for record in world.records:
        rang = [event.verb for event in world.events[record.id] if event.verb in _RINGS]
        level = sum(wait.level for wait in world.waits[record.id]) if record.uuid in ledger.parked else 0
        wanted = [_RINGS[min(number, 2)] for number in range(level)]
        if rang != wanted:
            yield f"{record.title}: clocks are at level {level}, and rang {rang}"


def notifications_twice(world: World) -> Iterator[str]:
    """A person told twice of an event, or a notification with two messages by one way."""
    for (event, person), number in Counter((n.event, n.person) for n in world.notifications).items():
        if number > 1:
            yield f"person {person} was told {number} times of event {event}"
    ways = Counter((m.notification, m.channel) for m in world.messages if m.notification is not None)
    for (notification, channel), number in ways.items():
        if number > 1:
            yield f"notification {notification} has {number} messages by {channel}"


def mails_lost(world: World, cast: Cast, mails: dict[str, list[Mail]]) -> Iterator[str]:
    """A message that is not out, one that is said to be out and is not, and a notification that has none."""
    arrived = {mail.of: mail for taken in mails.values() for mail in taken}
    mailed = {message.notification for message in world.messages if message.channel == "email"}
    for notification in world.notifications:
        if notification.id not in mailed and _must_be_mailed(cast, notification):
            yield f"notification {notification.id} ({notification.reason}) has no mail"
    for message in world.messages:
        mail = arrived.get(message.of)
        if message.state in ("queued", "dead"):
            yield f"message {message.of} is {message.state} {message.code}"
        elif message.channel == "email" and message.state == "sent":
            if mail is None:
                yield f"message {message.of} is said to be sent, and never arrived"
            elif mail.recipient != message.email:
                yield f"message {message.of} went to {mail.recipient}, not to {message.email}"


def _must_be_mailed(cast: Cast, notification: Notification) -> bool:
    if notification.digest:
        return False
    holds = {role for name, (_of, role, _above) in PEOPLE.items() if cast.people[name] == notification.person}
    return notification.reason == "needs_me" or (notification.reason == "part" and bool(MAILED_PART & holds))


def mails_wrong(world: World, mails: dict[str, list[Mail]]) -> Iterator[str]:
    """Mail of nothing, and one message under two Message-IDs, which a mailbox would show twice."""
    known = {message.of for message in world.messages if message.channel == "email"}
    under: dict[str, set[str]] = defaultdict(set)
    for message_id, taken in mails.items():
        under[taken[0].of].add(message_id)
        if taken[0].of not in known:
            yield f"mail {message_id} to {taken[0].recipient} is of no message"
        if len({mail.recipient for mail in taken}) > 1:
            yield f"mail {message_id} went to several people"
    yield from (f"message {of} went out under {len(ids)} ids" for of, ids in under.items() if len(ids) > 1)


def offered_again(mails: dict[str, list[Mail]], shots: list[Shot]) -> tuple[list[str], list[str]]:
    """(mails offered again under the same Message-ID, with the kills about it; those that no kill explains).

    The window: the mail server has taken the mail, and a kill comes before the transaction that notes it is committed.
    """
    explained, unexplained = [], []
    for message_id, taken in mails.items():
        for first, again in pairwise(taken):
            near = [
                shot for shot in shots
                if first.at - _BEFORE_SECONDS <= shot.at <= min(again.at, first.at + _AFTER_SECONDS)
            ]  # fmt: skip
            after = f"{message_id} was taken again after {again.at - first.at:.1f} s"
            if any(shot.what in UNDOING for shot in near):
                fell = ", ".join(f"{shot.what} {shot.at - first.at:+.2f} s" for shot in near)
                explained.append(f"{after}; killed: {fell}")
            else:
                unexplained.append(f"{after}, and nothing that sends or stores was killed")
    return explained, unexplained


def dropped_after_all(world: World, mails: dict[str, list[Mail]]) -> list[Message]:
    """Messages whose mail arrived, and that were found settled when they were about to be offered again."""
    arrived = {mail.of for taken in mails.values() for mail in taken}
    return [m for m in world.messages if m.channel == "email" and m.state == "dropped" and m.of in arrived]


def _name(cast: Cast, person: int) -> str:
    return next((name for name, number in cast.people.items() if number == person), str(person))
