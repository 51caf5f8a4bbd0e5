"""Who speaks to whom and where nobody does: stale, without cover, against the rule; and the page with sixty."""

from __future__ import annotations

import gzip
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.liaison_offices import matrix
from apps.liaison_offices.models import LiaisonLink, LiaisonRule
from apps.mission.models import Area, Holding
from apps.records import clock
from apps.stakeholders.models import Presence
from tests.factories.liaison import engagement_reported, link_make, today
from tests.factories.staff import Staff
from tests.factories.stakeholders import stakeholder_file, stakeholder_registered
from tests.factories.stakeholders import take as stakeholder_take

PAGE = "/liaison-offices/matrix/"
WEIGHT_MOST = 45_000


def force_file(staff: Staff, **changes: Any) -> Any:
    values = {"side": "mission_military", "kind": "component", "organisation": staff.organisations["force"]}
    return stakeholder_registered(staff, **values | changes)


def found(staff: Staff, reader: str = "cim", **query: str) -> matrix.Matrix:
    with staff.acting(reader) as actor:
        return matrix.read(actor, query)


def problems(staff: Staff, link: LiaisonLink) -> set[str]:
    lines = {line.link.pk: line for line in found(staff).lines}
    return {key for key, _text in lines[link.pk].problems}


def test_a_link_that_is_held_and_fresh_has_no_problem(staff: Staff) -> None:
    force, ngo = force_file(staff), stakeholder_registered(staff)
    link = link_make(staff, force, ngo)
    engagement_reported(staff, ngo)
    assert problems(staff, link) == set()


def test_a_link_without_contact_for_too_long_is_stale_by_its_level_or_its_own_days(staff: Staff) -> None:
    force, ngo = force_file(staff), stakeholder_registered(staff)
    link = link_make(staff, force, ngo)
    own = link_make(staff, force, ngo, level="tactical", frequency_days=90)
    engagement_reported(staff, ngo, held_on=today() - timedelta(days=31))
    assert problems(staff, link) == {"stale"}
    assert problems(staff, own) == set()


def test_a_link_is_without_cover_when_nobody_holds_primary_or_alternate(staff: Staff) -> None:
    force, ngo = force_file(staff), stakeholder_registered(staff)
    link = link_make(staff, force, ngo, alternate=staff.positions["joc"])
    nobody = link_make(staff, force, ngo, level="tactical", primary=None)
    assert problems(staff, link) == set()
    assert problems(staff, nobody) == {"uncovered"}
    alone = link_make(staff, force, ngo, level="strategic", primary=staff.positions["unit"])
    Holding.objects.filter(position=staff.positions["unit"]).update(until=clock.now() - timedelta(hours=1))
    assert problems(staff, alone) == {"uncovered"}


def test_a_discouraged_mode_is_saved_and_shown_with_the_rules_reason(staff: Staff, client: Client) -> None:
    force, ngo = force_file(staff), stakeholder_registered(staff)
    client.force_login(staff.people["cim"])
    data = {"a": force.reference, "b": ngo.reference, "level": "operational", "mode": "co_location"}
    saved = client.post(
        "/liaison-offices/between/new/", data | {"primary": staff.positions["cim"].pk}, follow=True
    )
    assert "against the rule" in saved.content.decode()
    page = client.get(PAGE).content.decode()
    assert "blurs the distinction" in page


def test_a_barred_mode_is_refused_at_the_field_and_what_was_typed_stays(staff: Staff, client: Client) -> None:
    LiaisonRule.objects.filter(mission=staff.mission).update(barred=["co_location"], discouraged=[])
    force, ngo = force_file(staff), stakeholder_registered(staff)
    client.force_login(staff.people["cim"])
    data = {
        "a": force.reference,
        "b": ngo.reference,
        "level": "operational",
        "mode": "co_location",
        "note": "Kept",
    }
    refused = client.post("/liaison-offices/between/new/", data)
    assert refused.status_code == 422
    assert "mode" in refused.context["form"].errors
    assert "Kept" in refused.content.decode()


def test_through_ocha_is_refused_at_the_field_for_the_mission(staff: Staff, client: Client) -> None:
    force, ngo = force_file(staff), stakeholder_registered(staff, stance="via_ocha")
    client.force_login(staff.people["cmc"])
    data = {"a": force.reference, "b": ngo.reference, "level": "operational", "mode": "interlocutor"}
    refused = client.post("/liaison-offices/between/new/", data)
    assert refused.status_code == 422
    assert "mode" in refused.context["form"].errors
    assert (
        client.post(
            "/liaison-offices/between/new/", data | {"primary": staff.positions["cmc"].pk}
        ).status_code
        == 302
    )


def test_a_hidden_organisation_is_found_by_no_field_and_confirmed_by_no_message(
    staff: Staff, client: Client
) -> None:
    seen = stakeholder_registered(staff, by="clu")
    hidden = stakeholder_registered(staff, by="clu", scope="organisation")
    client.force_login(staff.people["cim"])
    said = []
    for named in (hidden.reference, "STK-2026-99999"):
        data = {"a": seen.reference, "b": named, "level": "operational", "mode": "exchange"}
        answer = client.post("/liaison-offices/between/new/", data)
        assert answer.status_code == 422
        said.append(answer.context["form"].errors["b"])
    assert said[0] == said[1]


def test_a_link_whose_end_is_not_to_be_known_is_missing(staff: Staff, client: Client) -> None:
    a = stakeholder_registered(staff)
    b = stakeholder_take(staff, stakeholder_file(staff, scope="private"), "cim", "register", scope="private")
    link = link_make(staff, a, b)
    client.force_login(staff.people["req"])
    assert client.get(f"/liaison-offices/between/{link.uuid}/").status_code == 404
    page = client.get(PAGE).content.decode()
    assert b.title not in page
    assert str(link.uuid) not in page
    client.force_login(staff.people["cim"])
    assert client.get(f"/liaison-offices/between/{link.uuid}/").status_code == 200


def test_a_required_pair_that_works_in_one_area_without_a_link_is_a_gap(staff: Staff) -> None:
    LiaisonRule.objects.filter(mission=staff.mission).update(required=True)
    force, ngo, quiet = (
        force_file(staff),
        stakeholder_registered(staff),
        stakeholder_registered(staff, stance="listed"),
    )
    with staff.acting("cim"):
        for each in (force, ngo, quiet):
            Presence.objects.create(stakeholder=each, area=staff.area, status="ongoing")
    pairs = [{gap.a.pk, gap.b.pk} for gap in found(staff).gaps]
    assert pairs == [{force.pk, ngo.pk}]
    link_make(staff, force, ngo)
    assert found(staff).gaps == []


def test_filters_narrow_by_area_with_those_within_side_level_and_problems(staff: Staff) -> None:
    force, ngo = force_file(staff), stakeholder_registered(staff)
    elsewhere = Area.objects.create(mission=staff.mission, pcode="TT02", name="Second State", level=1)
    here = link_make(staff, force, ngo, area=staff.area)
    there = link_make(staff, force, ngo, area=elsewhere)
    everywhere = link_make(staff, force, ngo, level="tactical", primary=None)

    def kept(**query: str) -> set[int]:
        return {line.link.pk for line in found(staff, **query).lines}

    assert kept(area="TT01") == {here.pk, everywhere.pk}
    assert kept(area="TT02") == {there.pk, everywhere.pk}
    assert kept(level="tactical") == {everywhere.pk}
    assert kept(problems="1") == {everywhere.pk}
    assert kept(side="humanitarian") == {here.pk, there.pk, everywhere.pk}
    assert kept(side="development") == set()
    assert kept(side="nonsense", level="x") == {here.pk, there.pk, everywhere.pk}


@pytest.fixture
def sixty(staff: Staff) -> Staff:
    """Sixty organisations and four hundred links."""
    sides = ("humanitarian", "mission_military", "development", "mission_civil")
    files = [
        stakeholder_registered(
            staff, side=sides[number % 4], title=f"Organisation of some length {number:02}"
        )
        for number in range(60)
    ]
    with staff.acting("cim") as actor:
        assert actor.user is not None
        pairs = [(a, b) for i, a in enumerate(files) for b in files[:i]][::4][:400]
        LiaisonLink.objects.bulk_create(
            [
                LiaisonLink(
                    a=a, b=b, level="operational", mode="exchange", author=actor.user,
                    primary=staff.positions["cim"] if number % 3 else None,
                )
                for number, (a, b) in enumerate(pairs)
            ]
        )  # fmt: skip
        assert LiaisonLink.objects.count() == 400
    return staff


def test_sixty_organisations_weigh_little_and_cost_no_more_queries_than_two(
    sixty: Staff, client: Client
) -> None:
    client.force_login(sixty.people["joc"])
    client.get(PAGE)
    with CaptureQueriesContext(connection) as many:
        page = client.get(PAGE)
    weight = len(gzip.compress(page.content, 6))
    assert page.content.count(b'aria-label="Organisation') == 400
    assert weight <= WEIGHT_MOST, weight
    with sixty.acting("cim"):
        LiaisonLink.objects.exclude(pk=LiaisonLink.objects.order_by("pk")[0].pk).update(is_active=False)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        client.get(PAGE)
    assert len(many) <= len(few), (len(many), len(few))
