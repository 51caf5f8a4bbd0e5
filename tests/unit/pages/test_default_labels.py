"""A new record begins with the label that the mission's protocol in force has for its type."""

from __future__ import annotations

from typing import Any

import pytest

from apps.mission.models import Position, SharingProtocol
from apps.mission.protocols import protocol_put_in_force
from tests.cast.people import Cast
from tests.unit.pages.conftest import Signed

NEW = "/aid-requests/new/"


@pytest.fixture
def protocol(cast: Cast) -> SharingProtocol:
    """A draft with a label for aid requests."""
    made = SharingProtocol.objects.create(mission=cast.mission, version="1.0", title="Sharing")
    made.default_labels.create(record_type="aid_request", classification=1, sensitivity=3, scope="private")
    return made


def chosen(signed: Signed, who: str = "owner") -> dict[str, Any]:
    """The label that the empty form shows."""
    label = signed(who).get(NEW).context["label_form"]
    return {name: label[name].value() for name in ("classification", "sensitivity", "scope")}


def test_the_form_begins_with_the_label_of_the_protocol_in_force(
    signed: Signed, protocol: SharingProtocol
) -> None:
    plain = {"classification": 0, "sensitivity": 1, "scope": "organisation"}
    assert chosen(signed) == plain, "a draft changes nothing"
    protocol_put_in_force(protocol)
    assert chosen(signed) == {"classification": 1, "sensitivity": 3, "scope": "private"}
    later = SharingProtocol.objects.create(mission=protocol.mission, version="2.0", title="Sharing")
    protocol_put_in_force(later)
    assert chosen(signed) == plain, "a protocol without a label for the type"


def test_who_is_not_cleared_begins_below(cast: Cast, signed: Signed, protocol: SharingProtocol) -> None:
    protocol_put_in_force(protocol)
    Position.objects.filter(pk=cast.positions["owner"].pk).update(clearance=0)
    assert chosen(signed) == {"classification": 0, "sensitivity": 3, "scope": "private"}


def test_another_missions_protocol_says_nothing_here(
    cast: Cast, signed: Signed, protocol: SharingProtocol
) -> None:
    SharingProtocol.objects.filter(pk=protocol.pk).update(mission=cast.other_mission)
    protocol.refresh_from_db()
    protocol_put_in_force(protocol)
    assert chosen(signed)["scope"] == "organisation"
