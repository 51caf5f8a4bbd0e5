"""Following and muting: what a record offers, what is stored, what is refused, and who is told then."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from apps.mission.models import Area, Organisation
from apps.mission.vocabulary import EngagementStance
from apps.notifications import services
from apps.notifications.models import Subscription
from apps.notifications.relay import relay_drain
from apps.notifications.subscriptions import followed, key_of
from apps.notifications.vocabulary import Reason
from apps.records.models import Record
from apps.records.services import comment_add
from tests.factories.aid_requests import request_file
from tests.factories.staff import Staff
from tests.unit.notifications.conftest import Signed, forget, reasons
from tests.unit.notifications.telling import confidential, take_back

PREFERENCES = "/notifications/preferences/"


def page_of(record: Record) -> str:
    """Where a record is followed."""
    return f"/notifications/follow/{record.uuid}/"


def wish(client: Any, record: Record, scope: str, what: str) -> int:
    """Press a button of that page; the status."""
    return int(client.post(page_of(record), {"scope": scope, "wish": what}).status_code)


def kept(staff: Staff, name: str) -> list[tuple[str, bool]]:
    """What somebody follows or mutes: (scope, muted)."""
    with staff.acting(name) as actor:
        return sorted((each.scope, each.muted) for each in followed(actor))


def test_a_record_offers_itself_its_type_its_area_and_its_organisation(staff: Staff, signed: Signed) -> None:
    record, client = request_file(staff, scope="mission"), signed("joc")
    assert f'href="{page_of(record)}"' in client.get(record.get_absolute_url()).content.decode()
    text = client.get(page_of(record)).content.decode()
    assert re.findall(r'name="scope" value="(\w+)"', text) == ["record", "type", "area", "organisation"]
    for words in ("Relief House", "First County (TT0101)", record.reference):
        assert words in text
    for scope in ("record", "type", "area", "organisation"):
        assert wish(client, record, scope, "follow") == 302
    assert kept(staff, "joc") == [
        ("area", False),
        ("organisation", False),
        ("record", False),
        ("type", False),
    ]
    assert wish(client, record, "type", "mute") == 302
    assert wish(client, record, "area", "stop") == 302
    assert wish(client, record, "area", "stop") == 302
    assert kept(staff, "joc") == [("organisation", False), ("record", False), ("type", True)]
    assert kept(staff, "cim") == []


@pytest.mark.parametrize(
    "data", [{}, {"scope": "record"}, {"scope": "record", "wish": "x"}, {"scope": "x", "wish": "follow"}]
)
def test_a_wrong_wish_is_refused(staff: Staff, signed: Signed, data: dict[str, str]) -> None:
    record = request_file(staff, scope="mission")
    assert signed("joc").post(page_of(record), data).status_code == 422
    assert kept(staff, "joc") == []


def test_a_hidden_record_offers_nothing(staff: Staff, signed: Signed) -> None:
    record, client = request_file(staff, scope="private"), signed("joc")
    assert client.get(page_of(record)).status_code == 404
    assert wish(client, record, "record", "follow") == 404
    assert wish(client, record, "type", "follow") == 404
    with staff.acting("joc"), pytest.raises(Exception, match="row-level security"):
        Subscription.objects.create(mission=staff.mission, person=staff.people["joc"], record_id=record.pk)


def test_an_organisation_whose_name_may_not_be_known_is_not_offered(staff: Staff, signed: Signed) -> None:
    record, client = request_file(staff, scope="mission"), signed("joc")
    wish(client, record, "organisation", "follow")
    rows = Organisation.objects.filter(pk=staff.organisations["ngo"].pk)
    rows.update(engagement_stance=EngagementStance.UNLISTED)
    text = client.get(page_of(record)).content.decode()
    assert 'value="organisation"' not in text
    assert wish(client, record, "organisation", "follow") == 422
    assert "Relief House" not in client.get(PREFERENCES).content.decode()


def test_the_list_of_it_ends_each_even_what_may_not_be_read_any_more(staff: Staff, signed: Signed) -> None:
    record, client = confidential(staff), signed("joc")
    wish(client, record, "record", "follow")
    assert record.title in client.get(PREFERENCES).content.decode()
    take_back(staff, record)
    text = client.get(PREFERENCES).content.decode()
    assert "No longer available" in text
    for word in (record.title, record.reference, str(record.uuid)):
        assert word not in text
    (path,) = re.findall(r'action="(/notifications/followed/[^"]+)"', text)
    assert signed("cim").post(path).status_code == 404
    assert client.post(path).status_code == 302
    assert kept(staff, "joc") == []
    assert client.post(path).status_code == 404


def test_keys_tell_nothing_of_numbers(staff: Staff) -> None:
    with staff.acting("joc") as actor:
        made = services.subscription_set(actor, to={"record_type": "aid_request"}, muted=False)
    assert re.fullmatch(r"[0-9a-f]{32}", key_of(made))
    assert str(made.pk) != key_of(made)


def test_there_is_an_end_to_it(staff: Staff, signed: Signed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "FOLLOWED_MOST", 2)
    record, client = request_file(staff, scope="mission"), signed("joc")
    assert wish(client, record, "record", "follow") == 302
    assert wish(client, record, "type", "follow") == 302
    answer = client.post(page_of(record), {"scope": "area", "wish": "follow"})
    assert answer.status_code == 422
    assert "Stop one first." in answer.content.decode()
    # What is there already can still be changed.
    assert wish(client, record, "type", "mute") == 302
    with staff.acting("joc") as actor, pytest.raises(ValidationError):
        services.subscription_set(actor, to={"area_id": staff.area.pk}, muted=False)


def test_nobody_follows_for_somebody_else(staff: Staff) -> None:
    with staff.acting("joc"), pytest.raises(Exception, match="row-level security"):
        Subscription.objects.create(
            mission=staff.mission, person=staff.people["cim"], record_type="aid_request"
        )


def test_followers_are_told_and_what_was_chosen_for_the_record_itself_goes_first(
    staff: Staff, signed: Signed
) -> None:
    record, other = (request_file(staff, scope="mission") for _ in range(2))
    state = Area.objects.get(pk=staff.area.parent_id)
    with staff.acting("joc") as actor:
        services.subscription_set(actor, to={"area_id": state.pk}, muted=False)
    with staff.acting("cim") as actor:
        services.subscription_set(actor, to={"record_type": "aid_request"}, muted=True)
        services.subscription_set(actor, to={"record_id": record.pk}, muted=False)
    with staff.acting("sec") as actor:
        services.subscription_set(actor, to={"record_type": "aid_request"}, muted=False)
        services.subscription_set(actor, to={"record_id": record.pk}, muted=True)
    forget()
    for each in (record, other):
        with staff.acting("req") as actor:
            comment_add(actor, record=each, text="News.")
    relay_drain()
    told = {name: reasons(staff, name)[Reason.FOLLOW] for name in ("joc", "cim", "sec")}
    assert told == {"joc": 2, "cim": 1, "sec": 1}
