"""Records of every declared type: one that the whole mission reads, and hidden ones with canaries in every text."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.utils import timezone

from apps.joint_plans.models import Resource
from apps.mission.vocabulary import Classification, Role
from apps.need_to_know.access_requests import access_ask
from apps.need_to_know.acting import acting_as
from apps.need_to_know.grants import grant_give, grant_revoke, grants_of
from apps.notifications.calendar_feeds import feed_make
from apps.records.attachments import attachment_add
from apps.records.models import Record, RecordLink
from apps.records.registry import RecordType, all_types
from apps.records.services import comment_add, link_add, record_file
from apps.records.transitions import addressees_add
from tests.cast.canaries import Canaries
from tests.cast.people import Cast, cast_make
from tests.cast.rows import WRITTEN_OTHERWISE, door, is_record, models_under_records, path_to_record, row_make
from tests.cast.told import told_make


@dataclass
class Trio:
    """Records of one type: `open` is read by the mission and linked to `hidden`; `secret` is the owner's alone."""

    declared: type[RecordType]
    open: Record
    hidden: Record
    secret: Record
    asked: UUID  # a request for access to `secret`
    use: UUID  # an emergency access to `secret`, over and reviewed
    told: UUID  # what the outsider was told of `hidden`, as if they had read it then
    row: UUID  # a row of presence under `hidden`, where its type has such rows
    item: UUID  # a part of `hidden` that has a page of its own, where its type has such parts
    promise: UUID  # what is asked for, for a part of `hidden`, where it is a plan
    resource: UUID  # something that the owner's organisation gives, which everybody learns of

    @property
    def unseen(self) -> list[Record]:
        """The records that the outsider may not know of."""
        return [self.hidden, self.secret]


@dataclass
class World:
    """The cast, a trio for each record type, and the canaries of what is hidden."""

    cast: Cast
    url: str  # the administrator's address of the database, for what only the door may do
    canaries: Canaries = field(default_factory=Canaries)
    trios: dict[str, Trio] = field(default_factory=dict)
    attachments: dict[int, UUID] = field(default_factory=dict)  # of each record, by its key
    feeds: dict[str, str] = field(default_factory=dict)  # the token of a calendar, by the person's name

    def acting(self, name: str) -> Any:
        """acting_as() that member of the cast, in the mission (or in the stranger's own)."""
        mission = self.cast.other_mission if name == "stranger" else self.cast.mission
        return acting_as(self.cast.people[name], mission)


def world_make(url: str) -> World:
    """Store everybody and everything; commits."""
    world = World(cast=cast_make(), url=url)
    with world.acting("owner"):
        resource = resource_make(world.cast)
    for declared in all_types():
        world.trios[declared.key] = _trio(world, declared, resource)
    _connect(world)
    for name in world.cast.people:
        if name != "nobody":
            with world.acting(name) as actor:
                world.feeds[name] = feed_make(actor, name="Open")[1]
    return world


def resource_make(cast: Cast) -> UUID:
    """Something that the owner's organisation gives, which everybody learns of; call it while acting."""
    keeper = cast.positions["owner"]
    return Resource.objects.create(
        mission=cast.mission, organisation=keeper.organisation, keeper=keeper, capability="Open", kind="lift"
    ).uuid


def _connect(world: World) -> None:
    """A row of every table that connects two records, between hidden ones of different types where there are."""
    hidden = [trio.hidden for trio in world.trios.values()] + [trio.secret for trio in world.trios.values()]
    with door(world.url, world.cast.people["owner"].pk, world.cast.mission.pk) as cursor:
        for model in models_under_records():
            if len(path_to_record(model)) < 2 or model is RecordLink:
                continue
            ends: dict[str, Record] = {}
            for key in path_to_record(model):
                fit = [r for r in hidden if isinstance(r, key.remote_field.model) and r not in ends.values()]
                ends[key.name] = fit[0]
            row_make(cursor, model, next(iter(ends.values())), world.canaries, ends)


def draft(world: World, declared: type[RecordType], name: str, **label: Any) -> Any:
    """An unsaved record of a type, with a canary in every text that people write."""
    record = declared.model(title=f"{name} {world.canaries.token(f'{name}: title')}", **label)
    if declared.kinds is not None:
        record.kind = declared.kinds.values[0]
    for column in declared.model._meta.local_fields:
        text = (
            isinstance(column, models.CharField | models.TextField) and not column.choices and column.editable
        )
        if text and not column.primary_key:
            token = world.canaries.token(f"{name}: {column.name}")
            value = f"{token}@canary.invalid" if isinstance(column, models.EmailField) else token
            setattr(record, column.name, value[: column.max_length or 400])
    return record


def filed(world: World, actor: Any, declared: type[RecordType], name: str, **label: Any) -> Any:
    """File such a draft; a column whose rules refuse a bare token stays empty."""
    record = draft(world, declared, name, **label)
    try:
        return record_file(actor, record=record)
    except ValidationError as refusal:
        fresh = draft(world, declared, name, **label)
        for column in refusal.message_dict:
            setattr(fresh, column, declared.model._meta.get_field(column).get_default())
        return record_file(actor, record=fresh)


def _trio(world: World, declared: type[RecordType], resource: UUID) -> Trio:
    cast = world.cast
    with world.acting("owner") as actor:
        seen = filed(world, actor, declared, "Open", scope="mission")
        # What the open record says may be read by all: its tokens are no canaries.
        for token in [t for t, place in world.canaries.tokens.items() if place.startswith("Open")]:
            del world.canaries.tokens[token]
        hidden = filed(
            world, actor, declared, "Hidden", scope="organisation", classification=Classification.CONFIDENTIAL,
            compartments=[cast.compartment.pk],
        )  # fmt: skip
        secret = filed(
            world, actor, declared, "Secret", scope="private", classification=Classification.CONFIDENTIAL,
            compartments=[cast.compartment.pk],
        )  # fmt: skip
        for record in (hidden, secret):
            comment_add(actor, record=record, text=world.canaries.token(f"{record.title}: comment"))
        for record in (seen, hidden, secret):
            _attach(world, actor, record)
        link_add(actor, source=seen, target=hidden, relation="related")
        link_add(actor, source=secret, target=seen, relation="related")
        for name in ("addressee", "uncleared", "uncompartmented"):
            position = cast.positions[name]
            role = Role(position.roles.get().role)
            addressees_add(hidden, type(position).objects.filter(pk=position.pk), role)
        for name, until in (("granted", None), ("lent", 1), ("expired", 1), ("revoked", None)):
            grant_give(
                actor, record=hidden, to=cast.people[name], reason=world.canaries.token(f"Hidden: grant to {name}"),
                until=timezone.now() + timedelta(days=until) if until else None,
            )  # fmt: skip
        grant_give(
            actor, record=hidden, to=cast.positions["colleague"], right="share_record",
            reason=world.canaries.token("Hidden: grant to a position"),
        )  # fmt: skip
        key = next(g.key for g in grants_of(hidden) if g.to == cast.people["revoked"].name)
        grant_revoke(actor, record=hidden, key=key)
    _furnish(world, declared, [hidden, secret])
    return Trio(
        declared, seen, hidden, secret, *_trust(world, hidden, secret),
        _row_of(world, hidden, "stakeholders_presence", "stakeholder_id"),
        _row_of(world, hidden, *ITEMS.get(declared.key, NO_ITEMS)),
        _row_of(world, hidden, "joint_plans_promise", "plan_id"), resource,
    )  # fmt: skip


#: Types with parts that have pages of their own: their table and the column that names the record.
ITEMS = {
    "meeting": ("working_groups_agendaitem", "meeting_id"),
    "joint_plan": ("joint_plans_part", "plan_id"),
}
NO_ITEMS = ("stakeholders_presence", "stakeholder_id")
NEVER_WAS = UUID("7d6c8a52-0000-4000-8000-000000000001")


def _row_of(world: World, hidden: Record, table: str, column: str) -> UUID:
    """What names the first row of a table under the record; one that never was for a record without any."""
    with door(world.url) as cursor:
        cursor.execute(f"SELECT uuid FROM {table} WHERE {column} = %s ORDER BY id", [hidden.pk])
        found = cursor.fetchone()
    return UUID(str(found[0])) if found else NEVER_WAS


def _trust(world: World, hidden: Record, secret: Record) -> tuple[UUID, UUID, UUID]:
    """A request for access, an emergency access and reads of the hidden records, with canaries in every text.

    Returns what names the request, the emergency access and what the outsider was told of `hidden`.
    """
    cast = world.cast
    with world.acting("lent") as actor:
        asked = access_ask(
            actor, reference=secret.reference, wanted="full", until=timezone.now() + timedelta(days=2),
            purpose=world.canaries.token("Secret: purpose of a request"),
        )  # fmt: skip
    with door(world.url, cast.people["owner"].pk, cast.mission.pk) as cursor:
        for record, person in ((hidden, "owner"), (secret, "owner")):
            cursor.execute(
                "SELECT need_to_know_log(ARRAY[%s]::bigint[], ARRAY[0]::smallint[], 'page', 'somewhere', %s)",
                [record.pk, world.canaries.token(f"{record.title}: purpose of a read by {person}")],
            )
        cursor.execute(
            "INSERT INTO need_to_know_emergencyaccess (uuid, mission_id, record_id, reference, person_id, position_id,"
            " reason, at, expires_at, review_due_at, verdict, review_note)"
            " VALUES (gen_random_uuid(), %s, %s, %s, %s, %s,"
            " %s, now() - interval '2 days', now() - interval '47 hours', now() + interval '5 days', 'justified', %s)"
            " RETURNING uuid",
            [
                cast.mission.pk, secret.pk, secret.reference, cast.people["lent"].pk, cast.positions["lent"].pk,
                world.canaries.token("Secret: reason of an emergency"),
                world.canaries.token("Secret: note of a review"),
            ],
        )  # fmt: skip
        use = UUID(str(cursor.fetchone()[0]))
        return asked.uuid, use, told_make(cursor, cast, hidden, secret)


def _attach(world: World, actor: Any, record: Record) -> None:
    """A text file whose name, description and content are canaries, unless everybody reads the record."""
    words = [
        "open" if record.scope == "mission" else world.canaries.token(f"{record.title}: attachment {part}")
        for part in ("name", "description", "content")
    ]
    made = attachment_add(
        actor, record=record, name=f"{words[0]}.txt", description=words[1],
        content=SimpleUploadedFile(f"{words[0]}.txt", words[2].encode()),
    )  # fmt: skip
    world.attachments[record.pk] = made.uuid


def _furnish(world: World, declared: type[RecordType], unseen: list[Record]) -> None:
    """What services cannot make in a test: rows of every table, a past, a grant whose time is over."""
    owner = world.cast.people["owner"]
    with door(world.url, owner.pk, world.cast.mission.pk) as cursor:
        cursor.execute(
            "UPDATE need_to_know_recorduserobjectpermission SET expires_at = now() - interval '1 hour'"
            " WHERE user_id = %s",
            [world.cast.people["expired"].pk],
        )
        state = next(s for s in declared.workflow.states if s.code != declared.workflow.initial).code
        for record in unseen:
            cursor.execute("UPDATE records_record SET state = %s WHERE id = %s", [state, record.pk])
            if declared.key == "meeting":
                # WHY: what has no time stands in no calendar, and there would be nothing to leak.
                cursor.execute(
                    "UPDATE records_record SET needed_by = now() + interval '2 days' WHERE id = %s",
                    [record.pk],
                )
            cursor.execute(
                "UPDATE records_record SET title = title || ' ' || %s WHERE id = %s",
                [world.canaries.token(f"{record.title}: second title"), record.pk],
            )
            cursor.execute(
                "UPDATE records_step SET note = %s WHERE record_id = %s",
                [world.canaries.token(f"{record.title}: note of a step"), record.pk],
            )
            for model in models_under_records():
                mine = not path_to_record(model) or any(
                    isinstance(record, key.remote_field.model) for key in path_to_record(model)
                )
                grants = model._meta.app_label == "need_to_know"
                links = len(path_to_record(model)) > 1
                if (
                    is_record(model)
                    or not mine
                    or grants
                    or links
                    or model._meta.db_table in WRITTEN_OTHERWISE
                ):
                    continue
                row_make(cursor, model, record, world.canaries)
            if declared.key == "joint_plan":
                # WHY: the kind with most pages of its own; rows of all kinds hang on the one part.
                cursor.execute(
                    "UPDATE joint_plans_part SET kind = 'activity' WHERE plan_id = %s", [record.pk]
                )
    for record in unseen:
        world.canaries.known(record.reference, f"{record.title}: reference")
        world.canaries.known(str(record.uuid), f"{record.title}: uuid")
