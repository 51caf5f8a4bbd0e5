"""Filing by API: a part of the label that is left out is the mission's default for the type."""

from __future__ import annotations

from collections.abc import Callable

from apps.mission.models import SharingProtocol
from apps.mission.protocols import protocol_put_in_force
from tests.unit.api.conftest import LIST, Caller, Town

_GIVEN = {"title": "Trucks across the river", "kind": "mcda", "priority": 2}


def test_what_is_left_out_is_the_default_and_what_is_given_stays(
    town: Town, call: Callable[[str], Caller]
) -> None:
    caller = call("requester")

    def filed(**more: object) -> tuple[int, int, str]:
        answer = caller.post(LIST, {**_GIVEN, **more})
        assert answer.status_code == 201, answer.content
        shown = answer.json()
        return shown["classification"], shown["sensitivity"], shown["scope"]

    assert filed() == (0, 1, "organisation")
    protocol = SharingProtocol.objects.create(mission=town.mission, version="1.0", title="Sharing")
    protocol.default_labels.create(
        record_type="aid_request", classification=1, sensitivity=2, scope="private"
    )
    protocol_put_in_force(protocol)
    assert filed() == (1, 2, "private")
    assert filed(sensitivity=3) == (1, 3, "private")
    assert filed(classification=0, sensitivity=1, scope="mission") == (0, 1, "mission")


def test_changing_a_record_brings_no_default_back(town: Town, call: Callable[[str], Caller]) -> None:
    caller = call("requester")
    shown = caller.post(LIST, {**_GIVEN, "scope": "mission"}).json()
    protocol = SharingProtocol.objects.create(mission=town.mission, version="1.0", title="Sharing")
    protocol.default_labels.create(
        record_type="aid_request", classification=1, sensitivity=2, scope="private"
    )
    protocol_put_in_force(protocol)
    answer = caller.patch(shown["url"], {"title": "Other trucks"}, If_Match=f'"{shown["version"]}"')
    assert answer.status_code == 200, answer.content
    assert (answer.json()["classification"], answer.json()["scope"]) == (0, "mission")
