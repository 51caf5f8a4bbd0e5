"""The share panel: every button, every refusal at its field, and who may press what."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.mission.models import PositionRole
from apps.need_to_know.acting import acting_as
from apps.need_to_know.grants import grant_give, grants_of
from apps.need_to_know.models import AccessRequest, Right
from apps.records import clock
from tests.cast.people import Cast
from tests.unit.pages.conftest import Ended, File, Signed
from tests.unit.pages.panel import code, key_of, share_url, text


@pytest.fixture
def authority(cast: Cast) -> str:
    """The colleague is the release authority of the asking organisation."""
    PositionRole.objects.create(position=cast.positions["colleague"], role="REL")
    return "colleague"


def test_a_grant_lasts_two_days_unless_said_otherwise(signed: Signed, file: File, cast: Cast) -> None:
    request = file()
    given = signed("owner").post(
        share_url(request), {"to": code(cast, "outsider"), "right": "view_record", "reason": "Roads"}
    )
    assert given.status_code == 302
    with acting_as(cast.people["owner"], cast.mission):
        (grant,) = grants_of(request)
    assert grant.expires_at is not None
    assert abs(grant.expires_at - clock.now() - timedelta(days=2)) < timedelta(minutes=1)
    page = text(signed("outsider").get(share_url(request)))
    assert "Roads" in page
    assert "Give up" in page


@pytest.mark.parametrize(
    ("sent", "hours"), [({"lasts": "1w"}, 168), ({"lasts": "open"}, None), ({"lasts": "today"}, 24)]
)
def test_the_usual_spans(
    signed: Signed, file: File, cast: Cast, sent: dict[str, str], hours: int | None
) -> None:
    request = file()
    form = {"to": code(cast, "outsider"), "right": "view_record", "reason": "Roads", **sent}
    assert signed("owner").post(share_url(request), form).status_code == 302
    with acting_as(cast.people["owner"], cast.mission):
        (grant,) = grants_of(request)
    if hours is None:
        assert grant.expires_at is None
    else:
        assert grant.expires_at is not None
        assert timedelta(0) < grant.expires_at - clock.now() <= timedelta(hours=hours)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"to": ""}, "This field is required"),
        ({"to": "person:999999"}, "Nobody of this mission is named so"),
        ({"to": "Post of"}, "Choose whom you mean"),
        ({"reason": " "}, "This field is required"),
        ({"lasts": "at"}, "Say the day and the time."),
        ({"lasts": "at", "until": "2020-01-01T10:00"}, "The end lies in the past."),
        ({"lasts": "2d", "until": "2031-01-01T10:00"}, "You also wrote a moment"),
        ({"right": "manage_record"}, "Only people of the originator may share this on."),
        ({"right": "own"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    signed: Signed, file: File, cast: Cast, sent: dict[str, str], said: str
) -> None:
    request = file()
    good = {"to": code(cast, "outsider"), "right": "view_record", "reason": "Roads", "lasts": "2d"}
    answer = signed("owner").post(share_url(request), {**good, **sent})
    assert answer.status_code == 422
    assert said in text(answer)
    with acting_as(cast.people["owner"], cast.mission):
        assert grants_of(request) == []


def test_somebody_is_named_by_words_and_chosen_when_they_are_not_enough(
    signed: Signed, file: File, cast: Cast
) -> None:
    request, owner = file(), signed("owner")
    options = owner.get("/names/", {"to": "outsider"}).content.decode()
    assert '<option value="Post of outsider, Organisation outside">position</option>' in options
    assert "Outsider Person (Post of outsider, Organisation outside)" in options
    assert owner.get("/names/", {"to": "o"}).content.strip() == b""
    assert "Person" not in owner.get("/names/", {"to": "outsider", "kind": "position"}).content.decode()
    form = {"right": "view_record", "reason": "Roads"}
    several = owner.post(share_url(request), {**form, "to": "Organisation"})
    assert several.status_code == 422
    chosen = re.search(r'name="to_one" value="(organisation:[0-9a-f-]+)"', several.content.decode())
    assert chosen is not None
    assert (
        owner.post(share_url(request), {**form, "to": "Organisation", "to_one": chosen[1]}).status_code == 302
    )
    exact = {**form, "to": "post of outsider, organisation outside"}
    assert owner.post(share_url(request), exact).status_code == 302
    with acting_as(cast.people["owner"], cast.mission):
        assert {grant.kind for grant in grants_of(request)} == {"organisation", "position"}


def test_a_grant_is_renewed_shortened_and_taken_back(signed: Signed, file: File, cast: Cast) -> None:
    request = file(title="Shared thing", classification=0)
    owner, url = signed("owner"), share_url(request)
    owner.post(url, {"to": code(cast, "outsider"), "right": "view_record", "reason": "Roads"})
    key = key_of(cast, request)
    form = owner.get(f"{url}?renew={key}")
    assert "Renew the grant to Post of outsider" in text(form)
    assert owner.post(f"{url}?renew={key}", {"reason": "", "lasts": "1w"}).status_code == 422
    renewed = {"reason": "Bridges too", "lasts": "1w"}
    assert owner.post(f"{url}?renew={key}", renewed).status_code == 302
    with acting_as(cast.people["owner"], cast.mission):
        (grant,) = grants_of(request)
    assert (grant.key, grant.reason) == (key, "Bridges too")
    later = timezone.localtime(clock.now() + timedelta(days=20)).strftime("%Y-%m-%dT%H:%M")
    lengthened = owner.post(f"{url}?shorten={key}", {"lasts": "at", "until": later})
    assert lengthened.status_code == 422
    assert "This is later than it ends now." in text(lengthened)
    assert owner.post(f"{url}?shorten={key}", {"lasts": "today"}).status_code == 302
    assert (
        owner.post(f"{url}?shorten={'0' * 8}-0000-4000-8000-000000000000", {"lasts": "today"}).status_code
        == 404
    )
    assert owner.post(f"{url}?revoke={key}").status_code == 302
    assert signed("outsider").get(url).status_code == 404


def test_what_became_of_grants_stands_below(signed: Signed, file: File, cast: Cast, ended: Ended) -> None:
    request = ended(file())
    owner, url = signed("owner"), share_url(request)
    owner.post(url, {"to": code(cast, "outsider"), "right": "view_record", "reason": "Roads"})
    key = key_of(cast, request)
    owner.post(f"{url}?renew={key}", {"reason": "Bridges too", "lasts": "1w"})
    owner.post(f"{url}?shorten={key}", {"lasts": "today"})
    owner.post(f"{url}?revoke={key}")
    page = text(owner.get(url))
    story = page[page.index("What was shared, and taken back") :]
    assert re.search(r"Taken back Post of outsider.*Shortened.*Renewed.*Given Post of outsider", story)
    assert "Bridges too" in story


def test_my_own_grant_can_be_given_up(signed: Signed, file: File, cast: Cast) -> None:
    request, url = file(), ""
    url = share_url(request)
    signed("owner").post(
        url, {"to": f"person:{cast.people['outsider'].pk}", "right": "view_record", "reason": "Roads"}
    )
    outsider = signed("outsider")
    key = key_of(cast, request)
    assert "Take back" not in text(outsider.get(url))
    assert outsider.post(f"{url}?renew={key}", {"reason": "More", "lasts": "1w"}).status_code == 403
    assert outsider.post(f"{url}?shorten={key}", {"lasts": "today"}).status_code == 403
    done = outsider.post(f"{url}?revoke={key}")
    assert (done.status_code, done["Location"]) == (302, "/")
    assert outsider.get(url).status_code == 404


def test_i09_only_the_release_authority_widens_and_others_propose(
    signed: Signed, file: File, cast: Cast, authority: str
) -> None:
    request = file(scope="organisation")
    owner, url = signed("owner"), share_url(request)
    page = text(owner.get(url))
    assert "Only the release authority of Organisation asker widens who reads this." in page
    assert "Post of colleague, Organisation asker" in page
    grant = {"to": code(cast, "outsider"), "right": "view_record", "reason": "Roads"}
    assert owner.post(url, grant).status_code == 403
    assert owner.post(f"{url}?ask=1", {"reader": "", "purpose": ""}).status_code == 422
    asked = {"reader": code(cast, "outsider"), "purpose": "They repair the road", "lasts": "1w"}
    assert owner.post(f"{url}?ask=1", asked).status_code == 302
    with acting_as(cast.people["owner"], cast.mission):
        made = AccessRequest.objects.get()
    assert (made.reference, made.reader_id) == (request.reference, cast.positions["outsider"].pk)
    waiting = text(signed(authority).get(url))
    assert "Asking for access" in waiting
    assert "They repair the road" in waiting
    assert "They repair the road" not in text(owner.get(url))
    assert signed(authority).post(url, grant).status_code == 302
    key = key_of(cast, request)
    assert "Shorten" in text(owner.get(url))
    assert owner.post(f"{url}?renew={key}", {"reason": "More", "lasts": "1w"}).status_code == 403
    assert owner.post(f"{url}?revoke={key}").status_code == 302


def test_whoever_may_share_on_gives_reading_and_no_more(
    signed: Signed, file: File, cast: Cast, authority: str
) -> None:
    request, url = file(), ""
    url = share_url(request)
    with acting_as(cast.people[authority], cast.mission) as actor:
        grant_give(actor, record=request, to=cast.positions["owner"], right=Right.SHARE, reason="Liaison")
    page = signed("owner").get(url).content.decode()
    assert 'value="view_record"' in page
    assert 'value="manage_record"' not in page
    form = {"to": code(cast, "outsider"), "reason": "Roads"}
    assert signed("owner").post(url, {**form, "right": "change_record"}).status_code == 422
    assert signed("owner").post(url, {**form, "right": "view_record"}).status_code == 302


def test_i15_the_panel_names_who_manages(signed: Signed, file: File, cast: Cast, authority: str) -> None:
    page = text(signed("owner").get(share_url(file())))
    managers = page[page.index("Who manages it") :]
    assert "Post of owner, Organisation asker – filed it" in managers
    assert "Post of colleague, Organisation asker – release authority" in managers
