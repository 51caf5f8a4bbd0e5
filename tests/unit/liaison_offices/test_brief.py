"""What an organisation's page says before one calls: whom to ring, what was last agreed, what is open."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client

from apps.liaison_offices.models import Channel, FollowUp
from tests.factories.liaison import engagement_file, engagement_reported, link_make, office_open, take, today
from tests.factories.staff import Staff
from tests.factories.stakeholders import stakeholder_registered


def test_the_page_of_an_organisation_says_whom_to_ring_what_was_agreed_and_what_is_open(
    staff: Staff, client: Client
) -> None:
    force, ngo = stakeholder_registered(staff), stakeholder_registered(staff)
    office = office_open(staff)
    link_make(staff, force, ngo, office=office)
    held = engagement_reported(staff, ngo)
    ahead = take(staff, engagement_file(staff, ngo, held_on=None, agreed=""), "cim", "plan")
    with staff.acting("cim"):
        Channel.objects.create(office=office, kind="phone", number="+211 900 000 777")
        FollowUp.objects.create(
            engagement=held, what="Send the road report", owner=staff.positions["joc"],
            due=today() + timedelta(days=3),
        )  # fmt: skip
    client.force_login(staff.people["req"])
    page = client.get(f"/stakeholders/{ngo.uuid}/").content.decode()
    for said in (
        "+211 900 000 777",
        office.title,
        "Holder cim",
        held.agreed,
        "Send the road report",
        ahead.title,
    ):
        assert said in page


def test_whoever_may_not_know_of_an_engagement_is_told_the_day_and_nothing_else(
    staff: Staff, client: Client
) -> None:
    force, ngo = stakeholder_registered(staff), stakeholder_registered(staff)
    link_make(staff, force, ngo)
    held = engagement_reported(staff, force, ngo, scope="private")
    client.force_login(staff.people["req"])
    page = client.get(f"/stakeholders/{ngo.uuid}/").content.decode()
    assert (today() - timedelta(days=2)).isoformat() in page
    for kept in (held.title, held.agreed, held.reference):
        assert kept not in page


def test_an_organisation_that_nobody_speaks_to_has_no_such_part(staff: Staff, client: Client) -> None:
    ngo = stakeholder_registered(staff)
    client.force_login(staff.people["req"])
    assert 'id="liaison"' not in client.get(f"/stakeholders/{ngo.uuid}/").content.decode()
