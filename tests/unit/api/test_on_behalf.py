"""Filing for another organisation through the API: the same rule, refused by field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from apps.mission.models import FilingMandate, Organisation, Position
from tests.unit.api.conftest import LIST, PROBLEM, Caller, Town, tag

Call = Callable[[str], Caller]
TITLE = {"title": "Trucks across the river", "kind": "lift", "scope": "organisation"}


def organisation(name: str = "Relief North") -> Organisation:
    return Organisation.objects.get(name=name)


@pytest.fixture
def mandate(call: Call, town: Town) -> FilingMandate:
    """The unit's position, which is nobody's focal point, files for Relief North."""
    return FilingMandate.objects.create(
        mission=town.mission, position=town.positions["unit"], organisation=organisation(),
        starts=timezone.now() - timedelta(days=1), agreed_with="Its director",
    )  # fmt: skip


def file(call: Call, who: str = "unit", **more: Any) -> Any:
    return call(who).post(LIST, {**TITLE, "originator": str(organisation().uuid), **more})


def refused(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 400, answer.content
    assert answer["Content-Type"] == PROBLEM
    found: dict[str, Any] = answer.json()["errors"]
    return found


def test_a_request_is_filed_for_the_organisation_named(
    call: Call, town: Town, mandate: FilingMandate
) -> None:
    answer = file(call)
    assert answer.status_code == 201, answer.content
    said = answer.json()
    assert said["originator"] == {"id": str(organisation().uuid), "name": "Relief North", "acronym": ""}
    assert said["filed_as"] == str(town.positions["unit"].uuid)
    assert call("requester").get(said["url"]).json()["originator"]["name"] == "Relief North"
    assert call("other_requester").get(said["url"]).status_code == 404


def test_position_and_organisation_may_both_be_named(call: Call, town: Town, mandate: FilingMandate) -> None:
    assert file(call, filed_as=str(town.positions["unit"].uuid)).status_code == 201


def test_without_a_mandate_the_field_says_so(call: Call, town: Town) -> None:
    assert list(refused(file(call, "other_requester"))) == ["originator"]
    assert call("other_requester").post(LIST, TITLE).json()["originator"]["name"] == "Relief South"


def test_a_mandate_that_is_over_files_nothing(call: Call, town: Town, mandate: FilingMandate) -> None:
    FilingMandate.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert file(call).status_code == 403, "the position files nothing at all any more"
    assert call("requester").get(LIST).json()["results"] == []


def test_whoever_files_for_others_alone_says_for_whom(call: Call, mandate: FilingMandate) -> None:
    assert list(refused(call("unit").post(LIST, TITLE))) == ["originator"]


@pytest.mark.parametrize("value", ["nonsense", 5, ["x"], {"id": "x"}, {}, "0" * 36, None])
def test_a_wrong_organisation_is_an_error_at_the_field(
    call: Call, mandate: FilingMandate, value: Any
) -> None:
    assert list(refused(call("unit").post(LIST, {**TITLE, "originator": value}))) == ["originator"]


def test_ones_own_organisation_needs_no_mandate(call: Call) -> None:
    assert file(call, "requester").status_code == 201


def test_the_originator_is_not_changed_afterwards(call: Call, draft: dict[str, Any]) -> None:
    south = str(organisation("Relief South").uuid)
    answer = call("requester").patch(draft["url"], {"originator": south}, If_Match=tag(draft))
    assert list(refused(answer)) == ["originator"]
    same = call("requester").patch(draft["url"], {"originator": draft["originator"]}, If_Match=tag(draft))
    assert same.status_code == 200, same.content


def test_an_unlisted_organisation_is_as_unknown_as_none(call: Call, mandate: FilingMandate) -> None:
    Organisation.objects.filter(pk=organisation().pk).update(engagement_stance="unlisted")
    hidden = refused(file(call, "other_requester"))
    missing = refused(
        call("other_requester").post(LIST, {**TITLE, "originator": "0" * 8 + "-0000" * 3 + "-" + "0" * 12})
    )
    assert hidden == missing
    said = file(call, scope="mission").json()
    assert said["originator"]["name"] == "Relief North", "who files for it knows it"
    for who, name in (
        ("requester", "Relief North"),
        ("cmcoord", "Relief North"),
        ("other_requester", "restricted"),
    ):
        seen = call(who).get(said["url"])
        assert seen.json()["originator"]["name"] == name, who
        assert ("Relief North" in call(who).get(LIST).content.decode()) == (name == "Relief North"), who
    hidden_one = call("other_requester").get(said["url"]).json()["originator"]
    assert hidden_one == {"id": None, "name": "restricted", "acronym": ""}


def test_the_preview_counts_the_other_organisation(call: Call, mandate: FilingMandate) -> None:
    said = file(call, scope="private").json()
    preview = call("unit").post(f"{said['url']}audience-preview/", {"scope": "organisation"})
    assert {each["organisation"] for each in preview.json()["organisations"]} == {
        "Relief North",
        "Engineer Company 2",
    }


def test_types_that_are_nobody_elses_to_say_take_no_originator(call: Call, mandate: FilingMandate) -> None:
    schema = call("requester").get("/api/v1/schema/?format=json").json()["components"]["schemas"]
    assert "originator" in schema["AidRequestRequest"]["properties"]
    assert "originator" not in schema["ReleaseRequest"]["properties"]
    assert "originator" not in schema["AidRequestRequest"].get("required", [])
    assert schema["AidRequest"]["properties"]["originator"]["type"] == "object"


def test_a_closed_position_files_for_nobody(call: Call, town: Town, mandate: FilingMandate) -> None:
    Position.objects.filter(pk=town.positions["unit"].pk).update(is_active=False)
    assert file(call).status_code == 403
