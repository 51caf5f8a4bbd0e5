"""An organisation that is not to be listed, through every address: nobody who may not know of it can tell that it is.

The world in which it is on the register, unlisted, is compared with the one before: lists, counts, exports, pickers,
proposals, maps, histories and the API answer the same, and none of its words is anywhere.
"""

from __future__ import annotations

from typing import Any

import pytest

from apps.records.models import Record, RecordLink
from apps.records.services import comment_add, link_add, record_file
from apps.records.transitions import transition
from apps.stakeholders.models import Contact, Person, Presence, Relation, Stakeholder
from tests.cast.world import World
from tests.contract.addresses import addresses, foreign, parameters, url
from tests.contract.calling import body, client_of, text_of
from tests.contract.test_two_worlds import everything

# WHY: every list of every type, for three people, twice.
pytestmark = pytest.mark.timeout(400)

CLOSED_OUT = ("outsider", "uncompartmented", "decider")
NAME = "Quietwater House"


def registered(world: World) -> Stakeholder:
    """A file that the whole mission reads, with rows of every kind, a relation, a link and a comment."""
    cast, canaries = world.cast, world.canaries
    kept = Stakeholder(
        title=f"{NAME} {canaries.token('Quiet: title')}",
        kind="437",
        side="host_state",
        acronym=canaries.token("Quiet: acronym"),
        scope="mission",
        purpose=canaries.token("Quiet: purpose"),
        engagement=canaries.token("Quiet: engagement"),
        other_names=canaries.token("Quiet: other names"),
    )
    with world.acting("owner") as actor:
        record_file(actor, record=kept)
        transition(actor, record=kept, name="register", data={"scope": "mission"})
        area, sector = cast.mission.areas.get(), cast.mission.sectors.get()
        Contact.objects.create(stakeholder=kept, function=canaries.token("Quiet: function"), area=area)
        Person.objects.create(
            stakeholder=kept, name=canaries.token("Quiet: person"), consent="everybody",
            consent_on="2026-01-01", consent_until="2999-01-01",
        )  # fmt: skip
        Presence.objects.create(
            stakeholder=kept, area=area, sector=sector, activity=canaries.token("Quiet: activity"),
            latitude="1.5", longitude="2.5",
        )  # fmt: skip
        seen = Stakeholder.objects.get(pk=world.trios["stakeholder"].open.pk)
        Relation.objects.create(source=kept, target=seen, kind="partner_of", author=actor.user)
        link_add(actor, source=kept, target=seen, relation="related")
        comment_add(actor, record=kept, text=canaries.token("Quiet: comment"))
    return kept


def unlisted(world: World, kept: Stakeholder) -> None:
    """Its own keeper says that it is not to be listed."""
    with world.acting("owner") as actor:
        fresh = Stakeholder.objects.get(pk=kept.pk)
        data = {"stance": "unlisted", "note": world.canaries.token("Quiet: reason")}
        transition(actor, record=fresh, name="stance", data=data)
    for name in (kept.reference, str(kept.uuid), NAME):
        world.canaries.known(name, f"Quiet: {name}")


def named_after(world: World, client: Any, kept: Stakeholder) -> dict[str, str]:
    """Answers to questions that name it: pickers, search, references, filters, its own addresses."""
    asked = [
        f"/stakeholders/like/?of=into&into={NAME[:5]}", f"/stakeholders/like/?of=target&target={NAME}&engaged=1",
        f"/stakeholders/?q={NAME}", f"/search/?q={NAME}", f"/r/{kept.reference}/", f"/api/v1/search/?q={NAME}",
        f"/api/v1/stakeholders/?q={NAME}", f"/stakeholders/export/?q={NAME}", "/stakeholders/?kind=437",
    ]  # fmt: skip
    return {where: text_of(client.get(where)) for where in asked}


def test_the_unlisted_is_nowhere_for_whoever_may_not_know_it(rolled_back: World) -> None:
    before = {who: everything(rolled_back, who) for who in CLOSED_OUT[:2]}
    kept = registered(rolled_back)
    unlisted(rolled_back, kept)
    for who in CLOSED_OUT[:2]:
        after = everything(rolled_back, who)
        assert {name for name in after if before[who].get(name) != after[name]} == set(), who


@pytest.mark.parametrize("who", CLOSED_OUT)
def test_no_question_that_names_it_is_answered(rolled_back: World, who: str) -> None:
    kept = registered(rolled_back)
    client = client_of(rolled_back, who)
    assert any(NAME in said for said in named_after(rolled_back, client, kept).values()), "it was listed"
    unlisted(rolled_back, kept)
    for where, said in named_after(rolled_back, client, kept).items():
        told = said.replace(NAME, "") if NAME in where else said
        assert not rolled_back.canaries.found_in(told.replace(kept.reference, "")), where


@pytest.mark.parametrize("who", CLOSED_OUT)
def test_its_own_addresses_are_missing(rolled_back: World, who: str) -> None:
    kept = registered(rolled_back)
    unlisted(rolled_back, kept)
    client, trio = client_of(rolled_back, who), rolled_back.trios["stakeholder"]
    for address in addresses():
        if not address.of_record or foreign(address) or address.record_type is not trio.declared:
            continue
        values = parameters(address, trio, kept, rolled_back.attachments)
        assert client.get(url(address, values)).status_code in (404, 405), address.name


@pytest.mark.parametrize("who", CLOSED_OUT)
def test_what_it_was_connected_with_forgets_it(rolled_back: World, who: str) -> None:
    kept = registered(rolled_back)
    unlisted(rolled_back, kept)
    client, seen = client_of(rolled_back, who), rolled_back.trios["stakeholder"].open
    for page in ("detail", "history", "print"):
        said = body(client.get(seen.record_type.url(seen, page))).decode()
        assert not rolled_back.canaries.found_in(said), page
    with rolled_back.acting(who):
        assert not RecordLink.objects.filter(source_id=kept.pk).exists()
        assert not Relation.objects.filter(source_id=kept.pk).exists()
        for model in (Contact, Person, Presence):
            assert not model.objects.filter(stakeholder_id=kept.pk).exists()


def test_whoever_engages_it_finds_it(rolled_back: World) -> None:
    """The comparisons above would see an organisation that shows (I16)."""
    kept = registered(rolled_back)
    unlisted(rolled_back, kept)
    for who in ("owner", "addressee", "uncleared"):
        with rolled_back.acting(who) as actor:
            entitled = who == "owner" or actor.has_role("CMC")
            assert Record.objects.filter(pk=kept.pk).exists() is entitled, who
    client = client_of(rolled_back, "addressee")
    assert any(NAME in said for said in named_after(rolled_back, client, kept).values())
