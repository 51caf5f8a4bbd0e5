"""Whose attention a comment draws: who is offered, who is refused, who is named to whom, and who is told."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import ValidationError
from knox.models import AuthToken

from apps.aid_requests.models import AidRequest
from apps.mission.models import Organisation
from apps.mission.vocabulary import EngagementStance
from apps.need_to_know.mentions import mentionable
from apps.notifications.relay import relay_drain
from apps.notifications.vocabulary import Reason
from apps.records.services import comment_add
from tests.factories.aid_requests import bring_to, request_file
from tests.factories.staff import Staff
from tests.unit.notifications.conftest import Signed, forget, reasons

NOBODY = "7d6c8a52-0000-4000-8000-000000000001"


@pytest.fixture
def submitted(staff: Staff) -> AidRequest:
    """A request that waits for the cluster coordinator, with the CMCoord officer's comment on it."""
    made = bring_to(staff, request_file(staff, scope="organisation"), "validated")
    with staff.acting("cmc") as actor:
        comment_add(actor, record=made, text="Which road?")
    forget()
    return made


def offered(staff: Staff, name: str, record: AidRequest) -> set[str]:
    """The posts that a holder is offered."""
    known = {position.pk: post for post, position in staff.positions.items()}
    with staff.acting(name) as actor:
        return {known[position.pk] for position in mentionable(actor, record)}


def hide(staff: Staff, organisation: str) -> None:
    """Let an organisation not be listed."""
    rows = Organisation.objects.filter(pk=staff.organisations[organisation].pk)
    rows.update(engagement_stance=EngagementStance.UNLISTED)


def test_those_who_take_part_and_read_it_are_offered(staff: Staff, submitted: AidRequest) -> None:
    assert offered(staff, "req", submitted) == {"clu", "cmc"}
    assert offered(staff, "clu", submitted) == {"req", "cmc"}
    # A colleague reads it and takes no part: they may mention, and are not offered.
    assert offered(staff, "req_colleague", submitted) == {"req", "clu", "cmc"}


def test_whose_name_may_not_be_known_is_not_offered(staff: Staff, submitted: AidRequest) -> None:
    hide(staff, "ngo")
    assert offered(staff, "clu", submitted) == {"cmc"}
    assert offered(staff, "cmc", submitted) == {"req", "clu"}


def test_nobody_else_can_be_mentioned(staff: Staff, submitted: AidRequest) -> None:
    for name in ("req", "joc", "req_colleague"):
        with staff.acting("req") as actor, pytest.raises(ValidationError) as refusal:
            comment_add(actor, record=submitted, text="x", mentions=[staff.positions[name]])
        assert list(refusal.value.message_dict) == ["mentions"]


def test_whoever_is_mentioned_is_told_so_and_at_once(staff: Staff, submitted: AidRequest) -> None:
    with staff.acting("req") as actor:
        comment_add(actor, record=submitted, text="By the eastern road.", mentions=[staff.positions["cmc"]])
    relay_drain()
    assert reasons(staff, "cmc")[Reason.MENTION] == 1
    assert reasons(staff, "clu")[Reason.MENTION] == 0


def test_the_page_offers_and_takes_them(staff: Staff, submitted: AidRequest, signed: Signed) -> None:
    client, url = signed("req"), submitted.get_absolute_url()
    text = client.get(url).content.decode()
    boxes = set(re.findall(r'name="mentions" value="([^"]+)"', text))
    assert boxes == {str(staff.positions[name].uuid) for name in ("clu", "cmc")}
    assert '<details class="attention">' in text
    wanted = str(staff.positions["cmc"].uuid)
    assert client.post(f"{url}comments/", {"text": "By the east.", "mentions": [wanted]}).status_code == 302
    with staff.acting("req"):
        assert submitted.comments.get(text="By the east.").mentions == [staff.positions["cmc"].pk]
    said = re.sub(r"<[^>]+>|\s+", " ", client.get(url).content.decode())
    assert re.search(r"for the attention of\s+Post cmc, Agency House", re.sub(r"\s+", " ", said))
    plain = signed("joc").get(url)
    assert plain.status_code == 404


@pytest.mark.parametrize("wanted", ["joc", NOBODY, "x"])
def test_a_wrong_choice_comes_back_at_its_field_with_the_text(
    staff: Staff, submitted: AidRequest, signed: Signed, wanted: str
) -> None:
    value = str(staff.positions[wanted].uuid) if wanted in staff.positions else wanted
    client, url = signed("req"), submitted.get_absolute_url()
    answer = client.post(f"{url}comments/", {"text": "Keep this.", "mentions": [value]})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Keep this." in text
    assert '<details class="attention" open>' in text
    with staff.acting("req"):
        assert not submitted.comments.filter(text="Keep this.").exists()


def test_a_name_that_may_not_be_known_stays_restricted(
    staff: Staff, submitted: AidRequest, signed: Signed
) -> None:
    with staff.acting("cmc") as actor:
        comment_add(
            actor, record=submitted, text="Look.", mentions=[staff.positions["req"], staff.positions["clu"]]
        )
    hide(staff, "ngo")
    text = re.sub(r"<[^>]+>|\s+", " ", signed("clu").get(submitted.get_absolute_url()).content.decode())
    assert re.search(r"for the attention of\s+restricted; Post clu", re.sub(r"\s+", " ", text))
    assert "Post req," not in text


def test_a_draft_that_nobody_else_reads_offers_nobody(staff: Staff, signed: Signed) -> None:
    draft = request_file(staff, scope="private")
    assert offered(staff, "req", draft) == set()
    assert 'class="attention"' not in signed("req").get(draft.get_absolute_url()).content.decode()


def test_programs_mention_by_id(staff: Staff, submitted: AidRequest, signed: Signed) -> None:
    _key, token = AuthToken.objects.create(user=staff.people["req"])
    headers = {"Authorization": f"Token {token}"}
    url = f"/api/v1/aid-requests/{submitted.uuid}/comments/"
    client = signed("req")
    client.logout()
    wanted = str(staff.positions["cmc"].uuid)
    made = client.post(
        url, {"text": "By the west.", "mentions": [wanted]}, content_type="application/json", headers=headers
    )
    assert made.status_code == 201, made.content
    assert made.json()["mentions"] == [wanted]
    for wrong in ([NOBODY], [str(staff.positions["joc"].uuid)], ["x"], "x"):
        answer = client.post(
            url, {"text": "x", "mentions": wrong}, content_type="application/json", headers=headers
        )
        assert answer.status_code == 400
        assert any(name.startswith("mentions") for name in answer.json()["errors"]), answer.json()
    shown = client.get(url, headers=headers).json()["results"]
    assert [each["mentions"] for each in shown] == [[], [wanted]]
    hide(staff, "agency")
    assert [each["mentions"] for each in client.get(url, headers=headers).json()["results"]] == [[], []]
