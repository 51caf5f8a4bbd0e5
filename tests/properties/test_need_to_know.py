"""Whatever is given, taken, relabelled or reshuffled: preview = readers in fact = plain rule = feed = search."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.mission.models import (
    DataType,
    FilingMandate,
    Handover,
    Holding,
    Organisation,
    Position,
    PositionRole,
)
from apps.need_to_know.acting import acting_as
from apps.need_to_know.audience import audience_of, audience_preview
from apps.need_to_know.break_glass import break_glass, break_glass_review, uses_to_review
from apps.need_to_know.checking import content_differences
from apps.need_to_know.grants import permission_of
from apps.need_to_know.models import RecordGroupObjectPermission, RecordUserObjectPermission, Right
from apps.need_to_know.selectors import newest_ids, search_ids
from apps.records.actors import NoActor
from apps.records.errors import NotPermitted
from apps.records.models import Record
from apps.records.registry import all_types
from apps.records.services import record_file, record_update
from apps.records.transitions import addressees_add
from tests.cast.people import ROLES, Cast
from tests.properties.rule import Emergency, Grant, Model, Post, Thing

PEOPLE = [name for name in ROLES if name != "former"]
OTHERS = [name for name in PEOPLE if name != "owner"]
ORGANISATIONS = sorted({organisation for organisation, *_rest in ROLES.values()})
_to = st.one_of(
    st.sampled_from([f"person:{name}" for name in OTHERS]),
    st.sampled_from([f"post:{name}" for name in OTHERS]),
    st.sampled_from([f"organisation:{name}" for name in ORGANISATIONS]),
)
_post = st.sampled_from(OTHERS)
OPERATIONS = st.one_of(
    st.tuples(
        st.just("label"),
        st.sampled_from(["private", "organisation", "mission"]),
        st.integers(0, 1),
        st.booleans(),
        st.booleans(),
    ),
    st.tuples(
        st.just("grant"), _to, st.sampled_from(list(Right)), st.sampled_from(["for good", "live", "over"])
    ),
    st.tuples(st.just("revoke"), st.integers(0, 5)),
    st.tuples(st.just("address"), _post),
    st.tuples(st.just("hold"), _post, _post),
    st.tuples(st.just("leave"), _post, _post),
    st.tuples(st.just("post"), _post, st.integers(0, 2), st.booleans(), st.booleans()),
    st.tuples(st.just("emergency"), _post),
    st.tuples(st.just("review"), st.booleans()),
    st.tuples(st.just("handover"), _post, _post),
    st.tuples(st.just("role"), _post, st.sampled_from(["REQ", "ADM", "AUD", "SEC"])),
)


class Stage:
    """The portal and the plain model, moved by the same operations.

    The owner files for their own organisation or, `on_behalf`, for one that has nobody here but them.
    """

    def __init__(self, cast: Cast, *, on_behalf: bool = False) -> None:
        self.cast = cast
        self.originator = self._absent() if on_behalf else cast.organisations["asker"]
        posts = {
            name: Post(org, {role}, clearance, holds) for name, (org, role, clearance, holds) in ROLES.items()
        }
        thing = Thing(author_post="owner", originator="absent" if on_behalf else ROLES["owner"][0])
        self.model = Model(posts, {(name, name) for name in PEOPLE}, thing, military={"force"})
        Position.objects.filter(mission=cast.mission).update(breaks_glass=True)
        self.protected = DataType.objects.get(mission=cast.mission, code="beneficiary")
        Holding.objects.filter(person=cast.people["former"]).delete()
        self.declared = next(each for each in all_types() if each.files_on_behalf or not on_behalf)
        with self.acting("owner") as actor:
            self.record = record_file(
                actor, record=self.declared.model(title="A thing", scope="private"),
                position=cast.positions["owner"], originator=self.originator,
            )  # fmt: skip

    def _absent(self) -> Organisation:
        found = Organisation.objects.create(
            mission=self.cast.mission, name="Absent", org_type="437", side="humanitarian"
        )
        FilingMandate.objects.create(
            mission=self.cast.mission, position=self.cast.positions["owner"], organisation=found,
            starts=timezone.now() - timedelta(days=1), agreed_with="Its director",
        )  # fmt: skip
        return found

    def acting(self, name: str) -> Any:
        return acting_as(self.cast.people[name], self.cast.mission)

    # ------------------------------------------------------------ operations
    def label(self, scope: str, classification: int, compartment: bool, protected: bool) -> None:
        """Relabel; the preview of it must name exactly those who then read."""
        wanted = {
            "scope": scope, "classification": classification,
            "compartments": [self.cast.compartment.pk] if compartment else [],
            "data_types": [self.protected.pk] if protected else [],
        }  # fmt: skip
        with self.acting("owner") as actor:
            record = self.declared.model.objects.get(pk=self.record.pk)
            preview = audience_preview(
                actor, record=record, originator_group=self.originator.group_id,
                author_group=self.cast.positions["owner"].group_id, **wanted,
            )  # fmt: skip
            record_update(actor, record=record, changes=wanted)
        thing = self.model.thing
        thing.scope, thing.classification, thing.compartment = scope, classification, compartment
        thing.protected = protected
        assert {reader.user_id for reader in preview.readers} == self.expected()

    def grant(self, to: str, right: Right, time: str) -> None:
        now = timezone.now()
        until = {"for good": None, "live": now + timedelta(hours=1), "over": now - timedelta(hours=1)}[time]
        kind, _sep, name = to.partition(":")
        said = {"permission": permission_of(right), "content_object_id": self.record.pk}
        try:
            with self.acting("owner"), transaction.atomic():
                if kind == "person":
                    RecordUserObjectPermission.objects.update_or_create(
                        user=self.cast.people[name], **said, defaults={"expires_at": until}
                    )
                else:
                    owner = self.cast.positions[name] if kind == "post" else self.cast.organisations[name]
                    RecordGroupObjectPermission.objects.update_or_create(
                        group_id=owner.group_id, **said, defaults={"expires_at": until}
                    )
        except DatabaseError:
            assert right in (Right.SHARE, Right.MANAGE)
            assert not self.of_originator(kind, name)
            return
        assert right in (Right.VIEW, Right.CHANGE) or self.of_originator(kind, name)
        kept = [g for g in self.model.thing.grants if (g.to, g.right) != (to, right)]
        self.model.thing.grants = [*kept, Grant(to, right in (Right.CHANGE, Right.MANAGE), until, right)]

    def of_originator(self, kind: str, name: str) -> bool:
        """Whether it is one of the originator's own people: only they share on."""
        owner = self.model.thing.originator
        if kind == "person":
            return any(
                self.model.posts[post].organisation == owner
                for who, post in self.model.holdings
                if who == name
            )
        return name == owner if kind == "organisation" else self.model.posts[name].organisation == owner

    def revoke(self, index: int) -> None:
        if not self.model.thing.grants:
            return
        grant = self.model.thing.grants.pop(index % len(self.model.thing.grants))
        kind, _sep, name = grant.to.partition(":")
        said = {"permission": permission_of(grant.right), "content_object_id": self.record.pk}
        with self.acting("owner"):
            if kind == "person":
                RecordUserObjectPermission.objects.filter(user=self.cast.people[name], **said).delete()
            else:
                owner = self.cast.positions[name] if kind == "post" else self.cast.organisations[name]
                RecordGroupObjectPermission.objects.filter(group_id=owner.group_id, **said).delete()

    def address(self, post: str) -> None:
        position = self.cast.positions[post]
        role = PositionRole.objects.get(position=position).role
        with self.acting("owner"):
            addressees_add(self.record, type(position).objects.filter(pk=position.pk), role)
        self.model.thing.addressees.add(post)

    def hold(self, person: str, post: str) -> None:
        if (person, post) not in self.model.holdings:
            Holding.objects.create(
                person=self.cast.people[person], position=self.cast.positions[post],
                starts=timezone.now() - timedelta(minutes=1),
            )  # fmt: skip
        self.model.holdings.add((person, post))

    def leave(self, person: str, post: str) -> None:
        Holding.objects.filter(person=self.cast.people[person], position=self.cast.positions[post]).update(
            starts=timezone.now() - timedelta(days=9), until=timezone.now() - timedelta(seconds=1)
        )
        self.model.holdings.discard((person, post))

    def emergency(self, name: str) -> None:
        """Break the glass in one's own post; a second time only after a review."""
        waiting = any(e.person == name and not e.reviewed for e in self.model.thing.emergencies)
        holds = (name, name) in self.model.holdings and self.model.posts[name].active
        barred = self.model.thing.protected and any(
            who == name and self.model.posts[post].active and self.model.posts[post].organisation == "force"
            for who, post in self.model.holdings
        )
        try:
            with self.acting(name) as actor:
                use = break_glass(
                    actor, reference=self.record.reference, position=self.cast.positions[name],
                    reason="Lives are at risk.", minutes=60,
                )  # fmt: skip
        except ValidationError:
            assert waiting
        except (NoActor, NotPermitted):
            assert not holds
        else:
            assert holds
            assert not waiting
            assert (use is None) == barred
            if use is not None:
                self.model.thing.emergencies.append(Emergency(name, name, use.expires_at))

    def review(self, justified: bool) -> None:
        """The owner reviews what waits for it."""
        with self.acting("owner") as actor:
            waiting = list(uses_to_review(actor))
            assert len(waiting) == sum(not e.reviewed for e in self.model.thing.emergencies)
            for use in waiting:
                break_glass_review(actor, use=use, justified=justified, note="Looked at.")
        for emergency in self.model.thing.emergencies:
            emergency.reviewed = True

    def handover(self, leaver: str, successor: str) -> None:
        """The leaver's own post passes on; what was given to the leaver in person ends."""
        if leaver == successor or (leaver, leaver) not in self.model.holdings:
            return
        position, now = self.cast.positions[leaver], timezone.now()
        Handover.objects.create(
            position=position, leaver=self.cast.people[leaver], successor=self.cast.people[successor], at=now,
            made_by=self.cast.people["administrator"],
        )  # fmt: skip
        self.leave(leaver, leaver)
        self.hold(successor, leaver)
        self.model.thing.grants = [g for g in self.model.thing.grants if g.to != f"person:{leaver}"]

    def post(self, name: str, clearance: int, holds: bool, active: bool) -> None:
        position = self.cast.positions[name]
        type(position).objects.filter(pk=position.pk).update(clearance=clearance, is_active=active)
        (position.compartments.add if holds else position.compartments.remove)(self.cast.compartment)
        post = self.model.posts[name]
        post.clearance, post.holds_compartment, post.active = clearance, holds, active

    def role(self, name: str, role: str) -> None:
        PositionRole.objects.filter(position=self.cast.positions[name]).update(role=role)
        self.model.posts[name].roles = {role}

    # ------------------------------------------------------------ the four answers
    def expected(self) -> set[int]:
        now = timezone.now()
        return {self.cast.people[name].pk for name in PEOPLE if self.model.may_read(name, now)}

    def in_fact(self) -> tuple[set[int], set[int], set[int]]:
        """Who finds the record, whose feed brings it, and who finds it by a word."""
        found, fed, searching = set(), set(), set()
        for name in PEOPLE:
            try:
                with self.acting(name):
                    if Record.objects.filter(pk=self.record.pk).exists():
                        found.add(self.cast.people[name].pk)
                    if self.record.pk in newest_ids(self.declared.key):
                        fed.add(self.cast.people[name].pk)
                    if self.record.pk in search_ids("thing"):
                        searching.add(self.cast.people[name].pk)
            except NoActor:
                continue
        return found, fed, searching

    def agree(self) -> None:
        expected = self.expected()
        with self.acting("owner"):
            named = {reader.user_id for reader in audience_of(Record.objects.get(pk=self.record.pk)).readers}
        found, fed, searching = self.in_fact()
        assert {"rule": found, "feed": fed, "search": searching, "preview": named} == dict.fromkeys(
            ("rule", "feed", "search", "preview"), expected
        )
        assert content_differences() == []


@settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(operations=st.lists(OPERATIONS, min_size=2, max_size=10), on_behalf=st.booleans())
def test_i17_i11_everybody_agrees_on_who_reads(
    cast: Cast, operations: list[tuple[Any, ...]], on_behalf: bool
) -> None:
    with transaction.atomic():
        stage = Stage(cast, on_behalf=on_behalf)
        stage.agree()
        for name, *arguments in operations:
            getattr(stage, name)(*arguments)
        stage.agree()
        transaction.set_rollback(True)
