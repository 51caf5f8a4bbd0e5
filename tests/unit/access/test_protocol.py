"""The information sharing protocol as everybody in the mission reads it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.access.views.protocol import grid
from apps.mission.models import DataType, Organisation, SharingProtocol
from tests.factories.staff import Staff
from tests.unit.access.conftest import Signed


@pytest.fixture
def protocol(staff: Staff) -> SharingProtocol:
    """One in force, an older one, and a draft."""
    made = SharingProtocol.objects.create(
        mission=staff.mission, version="2", title="How we share", state="in_force", scope="All of the mission.",
        endorsed_by="The country team", review_on=timezone.now().date() - timedelta(days=1),
        breach_procedure="Tell it at once.", breach_position=staff.positions["cmc"], break_glass_minutes=90,
        review_days=5, request_days=10, decimals=[5, 3, 1, -1],
    )  # fmt: skip
    SharingProtocol.objects.create(mission=staff.mission, version="1", title="The first", state="superseded")
    SharingProtocol.objects.create(mission=staff.mission, version="3", title="A draft", state="draft")
    source = DataType.objects.get(mission=staff.mission, code="source")
    made.lines.create(
        data_type=source, classification=1, sensitivity=3, permitted="Protection cluster leads",
        channel="By hand",
    )  # fmt: skip
    made.default_labels.create(record_type="aid_request", classification=1, sensitivity=2, scope="mission")
    return made


@pytest.mark.parametrize("person", ["req", "joc", "aud"])
def test_everybody_reads_it(protocol: SharingProtocol, signed: Signed, person: str) -> None:
    client = signed(person)
    page = client.get("/protocol/").content.decode()
    for said in (
        "How we share", "All of the mission.", "The country team", "Its review is overdue.", "Tell it at once.",
        "Post cmc", "Holder cmc", "cmc@staff.invalid", "Identities of sources", "Protection cluster leads",
        "By hand", "Mission, military", "Aid request", "not shown", "to about 11 km", "within 10 days",
        "at most 90 minutes", "within 5 days",
    ):  # fmt: skip
        assert said in page
    assert "A draft" not in page
    assert 'href="/protocol/"' in client.get("/").content.decode()


def test_older_versions_stay_readable_and_drafts_are_not(
    staff: Staff, protocol: SharingProtocol, signed: Signed
) -> None:
    client = signed("req")
    versions = {each.version: each.uuid for each in SharingProtocol.objects.filter(mission=staff.mission)}
    assert f"/protocol/{versions['1']}/" in client.get("/protocol/").content.decode()
    assert b"The first" in client.get(f"/protocol/{versions['1']}/").content
    assert client.get(f"/protocol/{versions['3']}/").status_code == 404


def test_whom_to_tell_is_restricted_where_the_organisation_is_not_to_be_listed(
    staff: Staff, protocol: SharingProtocol, signed: Signed
) -> None:
    Organisation.objects.filter(pk=staff.organisations["agency"].pk).update(engagement_stance="unlisted")
    page = signed("req").get("/protocol/").content.decode()
    assert "Holder cmc" not in page
    assert "restricted" in page


def test_without_a_protocol_the_page_says_so(signed: Signed) -> None:
    assert b"No information sharing protocol is in force" in signed("req").get("/protocol/").content


@pytest.mark.parametrize(
    ("decimals", "said"),
    [
        (5, "to about 1 m"),
        (3, "to about 111 m"),
        (2, "to about 1 km"),
        (0, "to about 111 km"),
        (-1, "not shown"),
    ],
)
def test_rounding_is_told_as_a_distance(decimals: int, said: str) -> None:
    assert grid(decimals) == said
