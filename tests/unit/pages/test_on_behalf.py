"""Filing for another organisation on pages: the choice, the preview before saving, and what the record's page says."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from apps.aid_requests.models import AidRequest
from apps.mission.models import FilingMandate, Holding, Organisation, PositionRole
from apps.need_to_know.acting import acting_as
from apps.need_to_know.audience import audience_of
from apps.records.models import Record
from tests.cast.people import Cast
from tests.unit.pages.conftest import Signed

LABEL = {"classification": "0", "sensitivity": "1", "scope": "organisation"}
NEW_PAGE, PREVIEW = "/aid-requests/new/", "/aid-requests/preview/"


@pytest.fixture
def mandate(cast: Cast) -> FilingMandate:
    """The outsider, of another organisation and no focal point of anybody, files for the asker's organisation."""
    return FilingMandate.objects.create(
        mission=cast.mission, position=cast.positions["outsider"], organisation=cast.organisations["asker"],
        starts=timezone.now() - timedelta(days=1), agreed_with="Its director",
    )  # fmt: skip


def code(cast: Cast, who: str = "outsider", of: str = "asker") -> str:
    return f"{cast.positions[who].uuid}:{cast.organisations[of].uuid}"


def new(cast: Cast, **more: Any) -> dict[str, Any]:
    return {"title": "Lift of seed", "kind": "lift", "priority": "3", "position": code(cast), **LABEL, **more}


def filed(cast: Cast, who: str = "outsider") -> AidRequest:
    with acting_as(cast.people[who], cast.mission):
        return AidRequest.objects.select_related("originator", "author_position").get()


def words(answer: Any) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def test_the_form_offers_the_organisations_one_files_for(
    signed: Signed, cast: Cast, mandate: FilingMandate
) -> None:
    page = signed("outsider").get(NEW_PAGE)
    assert page.status_code == 200
    assert "Post of outsider, for Organisation asker" in words(page)
    assert code(cast) in page.content.decode()


def test_one_without_a_mandate_is_offered_nothing(signed: Signed, cast: Cast) -> None:
    assert signed("outsider").get(NEW_PAGE).status_code == 403
    assert "File this as" not in words(signed("owner").get(NEW_PAGE))


def test_ones_own_organisation_comes_first(signed: Signed, cast: Cast, mandate: FilingMandate) -> None:
    PositionRole.objects.create(position=cast.positions["outsider"], role="REQ")
    offered = re.findall(r'<option value="([0-9a-f:-]+)"', signed("outsider").get(NEW_PAGE).content.decode())
    assert [each for each in offered if each.startswith(str(cast.positions["outsider"].uuid))] == [
        str(cast.positions["outsider"].uuid),
        code(cast),
    ]


def test_what_is_filed_so_is_that_organisations(signed: Signed, cast: Cast, mandate: FilingMandate) -> None:
    answer = signed("outsider").post(NEW_PAGE, new(cast))
    assert answer.status_code == 302, words(answer)
    request = filed(cast)
    assert request.originator == cast.organisations["asker"]
    assert request.author_position == cast.positions["outsider"]
    page = words(signed("owner").get(f"/aid-requests/{request.uuid}/"))
    assert "Filed by Outsider Person , Post of outsider ( Organisation outside ) On behalf of" in page
    assert "On behalf of Organisation asker" in page


def test_a_record_of_ones_own_says_nothing_of_others(signed: Signed, cast: Cast) -> None:
    assert signed("owner").post(NEW_PAGE, {**new(cast), "position": ""}).status_code == 302
    request = filed(cast, "owner")
    assert "On behalf of" not in words(signed("owner").get(f"/aid-requests/{request.uuid}/"))


@pytest.mark.parametrize("scope", ["private", "organisation", "mission"])
def test_the_preview_before_saving_is_who_reads_it_afterwards(
    signed: Signed, cast: Cast, mandate: FilingMandate, scope: str
) -> None:
    client = signed("outsider")
    shown = client.post(PREVIEW, new(cast, scope=scope)).context["audience"]
    assert client.post(NEW_PAGE, new(cast, scope=scope)).status_code == 302
    request = filed(cast)
    with acting_as(cast.people["outsider"], cast.mission):
        real = audience_of(request)
    assert shown["people"] == real.people
    assert {group["name"] for group in shown["groups"]} == set(real.organisations)
    if scope == "organisation":
        assert set(real.organisations) == {"Organisation asker", "Organisation outside"}


def test_the_first_preview_is_of_the_first_choice(signed: Signed, cast: Cast, mandate: FilingMandate) -> None:
    first = signed("outsider").get(NEW_PAGE).context["audience"]
    same = signed("outsider").post(PREVIEW, new(cast)).context["audience"]
    assert first["people"] == same["people"] > 1


def test_choosing_another_organisation_asks_for_the_preview_anew(
    signed: Signed, cast: Cast, mandate: FilingMandate
) -> None:
    page = signed("outsider").get(NEW_PAGE).content.decode()
    assert 'id="id_position"' in page
    assert re.search(r'hx-trigger="[^"]*change[^",]*from:#id_position', page)


@pytest.mark.parametrize("case", ["another's", "nonsense", "not mandated", "over"])
def test_a_choice_that_is_not_offered_files_nothing(
    signed: Signed, cast: Cast, mandate: FilingMandate, case: str
) -> None:
    wanted = {
        "another's": code(cast, "granted"), "nonsense": "x:y", "not mandated": code(cast, of="coordinator"),
        "over": code(cast),
    }[case]  # fmt: skip
    client = signed("outsider")
    if case == "over":
        PositionRole.objects.create(position=cast.positions["outsider"], role="REQ")
        FilingMandate.objects.update(until=timezone.now() - timedelta(seconds=1))
        FilingMandate.objects.create(
            mission=cast.mission, position=cast.positions["outsider"], organisation=cast.organisations["force"],
            starts=timezone.now() - timedelta(days=1), agreed_with="Its chief",
        )  # fmt: skip
    answer = client.post(NEW_PAGE, new(cast, position=wanted))
    assert answer.status_code == 422
    assert answer.context["has_errors"]
    with acting_as(cast.people["outsider"], cast.mission):
        assert not Record.objects.filter(type="aid_request").exists()


def test_the_share_panel_says_whose_word_counts(signed: Signed, cast: Cast, mandate: FilingMandate) -> None:
    signed("outsider").post(NEW_PAGE, new(cast))
    request = filed(cast)
    share = f"/aid-requests/{request.uuid}/share/"
    page = words(signed("outsider").get(share))
    assert "its own positions widen who reads what others filed for it" in page
    assert "Post of owner, Organisation asker" in page
    assert signed("outsider").get(share).context["grant_form"] is None
    assert signed("owner").get(share).context["grant_form"] is not None
    PositionRole.objects.create(position=cast.positions["owner"], role="REL")
    assert "Only the release authority of Organisation asker widens" in words(signed("owner").get(share))
    assert signed("colleague").get(share).context["grant_form"] is None


def test_submitting_shows_beforehand_that_the_organisation_is_drawn_in(
    signed: Signed, cast: Cast, mandate: FilingMandate
) -> None:
    client = signed("outsider")
    client.post(NEW_PAGE, new(cast, scope="private"))
    request = filed(cast)
    page = client.get(f"/aid-requests/{request.uuid}/transitions/submit/")
    assert any("Owner Person" in line for line in page.context["audience"]["added"])


def test_an_unlisted_organisation_is_offered_to_its_mandate_holder_and_named_to_nobody_more(
    signed: Signed, cast: Cast, mandate: FilingMandate
) -> None:
    Organisation.objects.filter(pk=cast.organisations["asker"].pk).update(engagement_stance="unlisted")
    assert "Post of outsider, for Organisation asker" in words(signed("outsider").get(NEW_PAGE))
    assert signed("outsider").post(NEW_PAGE, new(cast, scope="mission")).status_code == 302
    request = filed(cast)
    address = f"/aid-requests/{request.uuid}/"
    assert "On behalf of Organisation asker" in words(signed("outsider").get(address))
    for page in (address, f"{address}share/", f"{address}history/", f"{address}print/", "/aid-requests/"):
        other = words(signed("granted").get(page))
        assert request.reference in other, page
        assert "Organisation asker" not in other, page
    assert "On behalf of restricted" in words(signed("granted").get(address))


def test_a_mandate_goes_with_the_position_and_not_with_the_person(
    signed: Signed, cast: Cast, mandate: FilingMandate
) -> None:
    Holding.objects.filter(position=cast.positions["outsider"]).update(until=timezone.now())
    Holding.objects.create(
        position=cast.positions["outsider"], person=cast.people["nobody"], starts=timezone.now()
    )
    assert "Post of outsider, for Organisation asker" in words(signed("nobody").get(NEW_PAGE))
