"""The message in the Common Alerting Protocol 1.2: valid by its schema, never public, and marked as all that leaves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import xmlschema
from defusedxml.ElementTree import fromstring
from django.test import Client
from django.urls import reverse

from apps.announcements.cap import MEDIA_TYPE, NAMESPACE
from apps.announcements.models import Announcement
from apps.mission.models import Mission, Organisation, SharingProtocol
from apps.mission.vocabulary import EngagementStance
from apps.need_to_know.grants import grant_give
from apps.need_to_know.reads import reads_of
from apps.records.label_reading import label_read
from tests.factories.announcements import bring_to, emergency_file, notice_file, now, take
from tests.factories.staff import Staff
from tests.unit.announcements.test_lifecycle import in_state

SCHEMA = Path(__file__).resolve().parents[4] / "shared" / "data" / "schemas" / "CAP-v1.2.xsd"
_PREFIX = f"{{{NAMESPACE}}}"


def client_of(staff: Staff, who: str) -> Client:
    """A browser in which that person is signed in."""
    client = Client()
    client.force_login(staff.people[who], backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def fetched(staff: Staff, announcement: Announcement, who: str = "req") -> Any:
    """The answer."""
    address = reverse("announcements:cap", kwargs={"uuid": announcement.uuid})
    return client_of(staff, who).get(address)


def message(staff: Staff, announcement: Announcement, who: str = "req") -> Any:
    """The message, parsed."""
    answer = fetched(staff, announcement, who)
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"].startswith(MEDIA_TYPE)
    return fromstring(answer.content)


def said(root: Any, path: str) -> str | None:
    """The text of an element."""
    found: str | None = root.findtext("/".join(_PREFIX + part for part in path.split("/")))
    return found


@pytest.fixture(scope="session")
def schema() -> xmlschema.XMLSchema:
    """The schema of CAP 1.2."""
    if not SCHEMA.exists():
        pytest.skip(
            f"CAP-v1.2.xsd is not beside the project ({SCHEMA.parent}): messages are NOT judged by it"
        )
    return xmlschema.XMLSchema(str(SCHEMA), allow="local", defuse="always")


@pytest.mark.parametrize("state", ["issued", "amended", "cancelled", "expired", "bare notice", "private"])
def test_every_message_is_valid_by_the_schema(staff: Staff, schema: xmlschema.XMLSchema, state: str) -> None:
    if state == "amended":
        announcement = take(staff, emergency_file(staff), "joc", "issue")
        announcement = take(staff, announcement, "joc", "amend", message="Second & <third> \x0b line")
    elif state == "bare notice":
        announcement = take(staff, notice_file(staff, area=None), "joc", "issue")
    elif state == "private":
        announcement = take(staff, notice_file(staff, scope="private"), "joc", "issue", scope="private")
    else:
        announcement = in_state(staff, state)
    answer = fetched(staff, announcement, "joc")
    schema.validate(answer.content.decode())


def test_it_says_what_the_announcement_says(staff: Staff) -> None:
    Mission.objects.filter(pk=staff.mission.pk).update(time_zone="Africa/Juba")
    announcement = take(staff, emergency_file(staff), "joc", "issue")
    root = message(staff, announcement)
    expected = {
        "identifier": f"{announcement.uuid}.1", "sender": "staff@127.0.0.1", "status": "Actual",
        "msgType": "Alert", "scope": "Restricted", "info/language": "en", "info/category": "Security",
        "info/event": "Emergency", "info/urgency": "Immediate", "info/severity": "Severe",
        "info/certainty": "Observed", "info/headline": announcement.title,
        "info/description": announcement.message, "info/instruction": announcement.instruction,
        "info/senderName": "Force Headquarters", "info/area/areaDesc": "First County",
        "info/area/geocode/valueName": "P-code", "info/area/geocode/value": "TT0101",
    }  # fmt: skip
    assert {path: said(root, path) for path in expected} == expected
    assert said(root, "references") is None
    assert said(root, "note") is None
    for path in ("sent", "info/effective", "info/expires"):
        assert (said(root, path) or "").endswith("+02:00"), path


def test_a_time_in_utc_has_an_offset_too(staff: Staff) -> None:
    root = message(staff, take(staff, emergency_file(staff), "joc", "issue"))
    assert (said(root, "sent") or "").endswith("-00:00")


def test_a_notice_without_codes_says_that_nothing_is_known(staff: Staff) -> None:
    root = message(staff, take(staff, notice_file(staff, area=None), "joc", "issue"))
    found = [
        said(root, f"info/{name}") for name in ("category", "urgency", "severity", "certainty", "expires")
    ]
    assert found == ["Other", "Unknown", "Unknown", "Unknown", None]
    assert said(root, "info/area/areaDesc") == "Mission staff"
    assert said(root, "info/area/geocode/value") is None


def test_later_messages_refer_to_all_before_them(staff: Staff) -> None:
    announcement = take(staff, emergency_file(staff), "joc", "issue")
    first = message(staff, announcement)
    take(staff, announcement, "joc", "amend", message="Second")
    second = message(staff, announcement)
    names = [
        ",".join(str(said(m, part)) for part in ("sender", "identifier", "sent")) for m in (first, second)
    ]
    assert said(second, "msgType") == "Update"
    assert said(second, "references") == names[0]
    assert said(second, "info/description") == "Second"
    take(staff, announcement, "joc", "cancel")
    third = message(staff, announcement)
    assert said(third, "msgType") == "Cancel"
    assert said(third, "references") == " ".join(names)
    assert (said(third, "note") or "").startswith("Cancelled: note")
    assert len({said(m, "identifier") for m in (first, second, third)}) == 3


def test_what_is_over_says_so(staff: Staff) -> None:
    root = message(staff, in_state(staff, "expired"))
    assert said(root, "msgType") == "Alert"
    assert (said(root, "note") or "").startswith("It is over")


def test_an_exercise_is_no_reality(staff: Staff) -> None:
    Mission.objects.filter(pk=staff.mission.pk).update(is_exercise=True)
    root = message(staff, take(staff, emergency_file(staff), "joc", "issue"))
    assert said(root, "status") == "Exercise"
    assert "EXERCISE" in (said(root, "restriction") or "")


@pytest.mark.parametrize("scope", ["mission", "organisation", "private"])
def test_it_is_never_public(staff: Staff, scope: str) -> None:
    announcement = take(staff, notice_file(staff, classification=1), "joc", "issue", scope=scope)
    root = message(staff, announcement, "joc")
    if scope == "private":
        assert said(root, "scope") == "Private"
        assert said(root, "addresses") == '"Post joc, Force Headquarters"'
    else:
        assert said(root, "scope") == "Restricted"
        assert "CONFIDENTIAL" in (said(root, "restriction") or "")


def test_a_private_one_names_no_organisation_that_its_reader_may_not_know(staff: Staff) -> None:
    announcement = notice_file(staff, by="cmc", scope="private")
    announcement = take(staff, announcement, "cmc", "issue", scope="private")
    with staff.acting("cmc") as actor:
        for to in ("req_elsewhere", "unit"):
            grant_give(actor, record=now(announcement), to=staff.positions[to], reason="x")
    Organisation.objects.filter(pk=staff.organisations["other_ngo"].pk).update(
        engagement_stance=EngagementStance.UNLISTED
    )
    named = said(message(staff, announcement, "unit"), "addresses") or ""
    assert '"Post cmc, Agency House"' in named
    assert '"Post unit, First Battalion"' in named
    assert "Second House" not in named
    assert "req_elsewhere" not in named


def test_i19_the_message_carries_its_marking(staff: Staff) -> None:
    announcement = take(staff, notice_file(staff, classification=1), "joc", "issue")
    answer = fetched(staff, announcement, "cim")
    assert answer["X-Label-Classification"] == "CONFIDENTIAL"
    assert answer["X-Label-Reference"] == announcement.reference
    assert f"CONFIDENTIAL {announcement.reference} CAP.xml" in answer["Content-Disposition"]
    assert answer["Content-Disposition"].startswith("attachment")
    root = fromstring(answer.content)
    given = {
        each.findtext(f"{_PREFIX}valueName"): each.findtext(f"{_PREFIX}value")
        for each in root.iter(f"{_PREFIX}parameter")
    }
    found = label_read(given["Marking"])
    assert found is not None
    assert found.classification == 1
    assert "Holder cim" in given["Recipient"]


def test_i13_fetching_a_restricted_one_is_logged_as_a_file(staff: Staff) -> None:
    announcement = take(staff, notice_file(staff, classification=1), "joc", "issue")
    assert fetched(staff, announcement, "cim").status_code == 200
    with staff.acting("joc"):
        assert [(r.person, r.channel) for r in reads_of(announcement)] == [(staff.people["cim"], "file")]


def test_a_mission_may_ask_what_for(staff: Staff) -> None:
    SharingProtocol.objects.create(
        mission=staff.mission, version="1", title="P", state="in_force", ask_purpose=True,
        breach_position=staff.positions["joc"],
    )  # fmt: skip
    announcement = take(staff, notice_file(staff, classification=1), "joc", "issue")
    assert fetched(staff, announcement, "cim").status_code == 422
    address = reverse("announcements:cap", kwargs={"uuid": announcement.uuid})
    answer = client_of(staff, "cim").post(address, {"purpose": "To warn the convoy"})
    assert answer.status_code == 200
    with staff.acting("joc"):
        assert reads_of(announcement).first().purpose == "To warn the convoy"  # type: ignore[union-attr]
    program = reverse("api:announcement:cap", kwargs={"uuid": announcement.uuid})
    assert client_of(staff, "cim").get(program).status_code == 400
    assert client_of(staff, "cim").get(f"{program}?purpose=To+warn").status_code == 200


def test_there_is_none_before_it_is_issued_and_none_of_what_is_hidden(staff: Staff) -> None:
    for state in ("draft", "discarded"):
        announcement = bring_to(staff, emergency_file(staff), state)
        assert fetched(staff, announcement, "joc").status_code == 409
        assert fetched(staff, announcement, "req").status_code == 404
    hidden = take(staff, emergency_file(staff, classification=1), "joc", "issue")
    assert fetched(staff, hidden, "req").status_code == 404


def test_a_program_fetches_the_same(staff: Staff, schema: xmlschema.XMLSchema) -> None:
    announcement = take(staff, emergency_file(staff), "joc", "issue")
    address = reverse("api:announcement:cap", kwargs={"uuid": announcement.uuid})
    for accepted in ("application/cap+xml", "*/*", "application/json"):
        answer = client_of(staff, "req").get(address, headers={"accept": accepted})
        assert (answer.status_code, answer["Content-Type"].split(";")[0]) == (200, MEDIA_TYPE)
        schema.validate(answer.content.decode())
    draft = emergency_file(staff)
    refused = client_of(staff, "joc").get(
        reverse("api:announcement:cap", kwargs={"uuid": draft.uuid}), headers={"accept": MEDIA_TYPE}
    )
    assert (refused.status_code, refused["Content-Type"]) == (409, "application/problem+json")
    assert refused.json()["type"].endswith("not-possible")
