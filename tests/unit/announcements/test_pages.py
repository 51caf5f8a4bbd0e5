"""The pages and the API of announcements: issuing, reading, saying so, and who has not."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.announcements.models import Acknowledgement, Announcement
from apps.announcements.workflow import STATES
from apps.records.transitions import open_to
from tests.factories.announcements import CODES, emergency_file, notice_file, now, read_it, take
from tests.factories.staff import Staff
from tests.unit.announcements.test_cap import client_of
from tests.unit.announcements.test_lifecycle import in_state

BUTTON = "I have read this"


def page(client: Client, announcement: Announcement, name: str = "detail") -> str:
    """The text of one of its pages."""
    answer = client.get(reverse(f"announcements:{name}", kwargs={"uuid": announcement.uuid}))
    assert answer.status_code == 200, answer.status_code
    return html.unescape(answer.content.decode())


@pytest.mark.parametrize("state", [s.code for s in STATES])
def test_its_pages_open_in_every_state_with_each_step_on_offer(staff: Staff, state: str) -> None:
    announcement = in_state(staff, state)
    for name in ("detail", "history", "print", "share", "acknowledgements"):
        page(client_of(staff, "joc"), announcement, name)
    for who in ("joc", "joc_night"):
        with staff.acting(who) as actor:
            names = [offer.step.name for offer in open_to(actor, now(announcement))]
        for name in names:
            address = reverse("announcements:transition", kwargs={"uuid": announcement.uuid, "name": name})
            assert client_of(staff, who).get(address).status_code == 200, (who, name)


def test_an_emergency_is_written_and_issued_on_pages(staff: Staff) -> None:
    client = client_of(staff, "joc")
    sent = {
        "kind": "emergency", "title": "Flood at the river port", "message": "Water rises.", "instruction": "Leave.",
        "area": staff.area.pk, "priority": "", "classification": 0, "sensitivity": 1, "scope": "organisation",
    }  # fmt: skip
    answer = client.post(reverse("announcements:new"), sent)
    assert answer.status_code == 302
    second = answer.url
    assert second.endswith("/edit/urgency/")
    ends = (timezone.now() + timedelta(hours=200)).strftime("%Y-%m-%dT%H:%M")
    with staff.acting("joc"):
        announcement = Announcement.objects.get()
    assert announcement.priority == 1
    refused = client.post(second, {**CODES, "expires_at": ends, "version": announcement.version})
    assert refused.status_code == 422
    assert "at most 72 hours" in html.unescape(refused.content.decode())
    ends = (timezone.now() + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")
    assert (
        client.post(second, {**CODES, "expires_at": ends, "version": announcement.version}).status_code == 302
    )
    with staff.acting("joc"):
        announcement = Announcement.objects.get()
    issuing = reverse("announcements:transition", kwargs={"uuid": announcement.uuid, "name": "issue"})
    shown = html.unescape(client.get(issuing).content.decode())
    # Before anything is issued it says who will be told, new readers by name.
    assert "Would newly read it:" in shown
    assert re.search(r'value="mission"[^>]*checked', shown)
    assert client.post(issuing, {"scope": "mission", "version": announcement.version}).status_code == 302
    with staff.acting("req"):
        assert now(announcement).state == "issued"


def test_the_preview_of_issuing_answers_each_choice(staff: Staff) -> None:
    announcement = emergency_file(staff)
    client = client_of(staff, "joc")
    form = client.get(
        reverse("announcements:transition", kwargs={"uuid": announcement.uuid, "name": "issue"})
    ).content.decode()
    hidden = dict(re.findall(r'type="hidden" name="(classification|sensitivity)" value="(\d)"', form))
    address = f"{reverse('announcements:preview')}?record={announcement.uuid}"
    told = {
        scope: html.unescape(client.post(address, {**hidden, "scope": scope}).content.decode())
        for scope in ("private", "mission")
    }
    assert "Relief House" in told["mission"]
    assert "Relief House" not in told["private"]


def test_a_role_without_emergencies_is_offered_notices_alone(staff: Staff) -> None:
    form = client_of(staff, "cim").get(reverse("announcements:new")).content.decode()
    assert 'value="notice"' in form
    assert 'value="emergency"' not in form
    assert client_of(staff, "req").get(reverse("announcements:new")).status_code == 403
    sent = {"kind": "emergency", "title": "x", "classification": 0, "sensitivity": 1, "scope": "organisation"}
    assert client_of(staff, "cim").post(reverse("announcements:new"), sent).status_code == 422


def test_a_new_edition_is_written_on_the_page_of_the_step(staff: Staff) -> None:
    announcement = take(staff, emergency_file(staff), "joc", "issue")
    client = client_of(staff, "joc_night")
    address = reverse("announcements:transition", kwargs={"uuid": announcement.uuid, "name": "amend"})
    form = html.unescape(client.get(address).content.decode())
    assert announcement.message in form
    with staff.acting("joc"):
        version = now(announcement).version
    sent = {"message": "Second", "instruction": "", **CODES, "severity": "", "version": version}
    refused = client.post(address, sent | {"expires_at": ""})
    assert refused.status_code == 422
    ends = (timezone.now() + timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M")
    assert client.post(address, sent | {"severity": "Minor", "expires_at": ends}).status_code == 302
    with staff.acting("req"):
        found = now(announcement)
        assert (found.message, found.instruction, found.severity, found.edition) == ("Second", "", "Minor", 2)
    shown = page(client_of(staff, "req"), announcement)
    assert announcement.message in shown, "the earlier edition is kept"


# ---------------------------------------------------------------- I have read this
def test_the_button_works_once_and_twice_and_without_scripts(staff: Staff) -> None:
    announcement = take(staff, emergency_file(staff), "joc", "issue")
    client = client_of(staff, "req")
    shown = page(client, announcement)
    assert BUTTON in shown
    action = re.search(r'<form method="post" action="([^"]+/acknowledge/)"', shown)
    edition = re.search(r'name="edition" value="(\d+)"', shown)
    assert action
    assert edition
    for _ in range(2):
        answer = client.post(action[1], {"edition": edition[1]})
        assert (answer.status_code, answer.url) == (302, announcement.get_absolute_url())
    shown = page(client, announcement)
    assert BUTTON not in shown
    assert "You have said that you read this." in shown
    with staff.acting("joc"):
        assert Acknowledgement.objects.count() == 1


def test_what_was_shown_is_what_is_acknowledged(staff: Staff) -> None:
    announcement = take(staff, emergency_file(staff), "joc", "issue")
    take(staff, announcement, "joc", "amend", message="Second")
    address = reverse("announcements:acknowledge", kwargs={"uuid": announcement.uuid})
    client = client_of(staff, "req")
    refused = client.post(address, {"edition": "1"})
    assert refused.status_code == 409
    assert "A new edition is in force" in refused.content.decode()
    assert client.post(address).status_code == 409
    assert client.post(address, {"edition": "9" * 30}).status_code == 409
    assert client.post(address, {"edition": "2"}).status_code == 302
    assert client.get(address).status_code == 405


def test_the_button_is_for_those_who_are_asked(staff: Staff) -> None:
    announcement = take(staff, emergency_file(staff), "joc", "issue")
    assert BUTTON not in page(client_of(staff, "joc"), announcement)
    assert BUTTON in page(client_of(staff, "joc_night"), announcement)
    plain = take(staff, notice_file(staff), "joc", "issue")
    assert BUTTON not in page(client_of(staff, "req"), plain)
    hidden = take(staff, emergency_file(staff, classification=1), "joc", "issue")
    address = reverse("announcements:acknowledge", kwargs={"uuid": hidden.uuid})
    assert client_of(staff, "req").post(address, {"edition": "1"}).status_code == 404


def test_the_desk_asks_for_it(staff: Staff) -> None:
    announcement = take(staff, emergency_file(staff), "joc", "issue")
    desk = html.unescape(client_of(staff, "req").get("/").content.decode())
    assert announcement.title in desk
    assert "Say that you have read it" in desk
    read_it(staff, announcement, "req")
    desk = html.unescape(client_of(staff, "req").get("/").content.decode())
    assert "Say that you have read it" not in desk


# ---------------------------------------------------------------- who has not
def test_the_originator_sees_who_has_not(staff: Staff) -> None:
    announcement = take(staff, emergency_file(staff), "joc", "issue")
    read_it(staff, announcement, "req")
    shown = page(client_of(staff, "joc"), announcement, "acknowledgements")
    assert "Holder req_colleague" in shown
    assert "Holder req " not in shown
    assert reverse("announcements:acknowledgements", kwargs={"uuid": announcement.uuid}) in page(
        client_of(staff, "joc"), announcement
    )
    ngo = staff.organisations["ngo"].uuid
    address = reverse("announcements:acknowledgements", kwargs={"uuid": announcement.uuid})
    only = client_of(staff, "joc").get(f"{address}?organisation={ngo}").content.decode()
    assert "Holder req_colleague" in only
    assert "Holder clu" not in only
    for broken in ("?organisation=x", "?after=x", "?after=%00"):
        assert client_of(staff, "joc").get(address + broken).status_code == 200
    for who in ("req", "joc_night", "cmc"):
        assert client_of(staff, who).get(address).status_code == 403


def test_people_are_shown_by_pages(staff: Staff) -> None:
    for number in range(60):
        staff.post(f"extra{number:02}", "support")
    announcement = take(staff, emergency_file(staff), "joc", "issue")
    client = client_of(staff, "joc")
    address = reverse("announcements:acknowledgements", kwargs={"uuid": announcement.uuid})
    names: list[str] = []
    while address:
        shown = html.unescape(client.get(address).content.decode())
        names += re.findall(r'class="primary"><bdi[^>]*>(Holder \w+)</bdi>', shown)
        following = re.search(r'href="([^"]+)">Next', shown)
        address = following[1] if following else ""
    assert len(names) == len(set(names)) > 60


def test_a_program_reads_and_says_so(staff: Staff) -> None:
    announcement = take(staff, emergency_file(staff), "joc", "issue")
    address = reverse("api:announcement:acknowledgements", kwargs={"uuid": announcement.uuid})
    client = client_of(staff, "req")
    done = client.post(address, {"edition": 1}, "application/json")
    assert (done.status_code, done.json()["edition"]) == (201, 1)
    again = client.post(address, {"edition": 1}, "application/json")
    assert again.json() == done.json()
    assert client.post(address, {}, "application/json").status_code == 400
    assert client.post(address, {"edition": 2}, "application/json").status_code == 409
    assert client.get(address).status_code == 403
    told = client_of(staff, "joc").get(address).json()
    assert (told["edition"], told["acknowledged"]) == (1, 2)
    assert told["not_acknowledged"] == len(told["results"])
    assert {"name": "Holder clu", "position": "Post clu", "organisation": "Agency House"} in told["results"]
    by_name = {
        each["name"]: (each["acknowledged"], each["not_acknowledged"]) for each in told["organisations"]
    }
    assert by_name["Relief House"] == (1, 1)
    ngo = staff.organisations["ngo"].uuid
    only = client_of(staff, "joc").get(f"{address}?organisation={ngo}").json()
    assert [each["name"] for each in only["results"]] == ["Holder req_colleague"]
    for wrong in ("?organisation=x", "?after=x", "?nonsense=1"):
        assert client_of(staff, "joc").get(address + wrong).status_code == 400
    hidden = take(staff, emergency_file(staff, classification=1), "joc", "issue")
    closed = reverse("api:announcement:acknowledgements", kwargs={"uuid": hidden.uuid})
    assert client.post(closed, {"edition": 1}, "application/json").status_code == 404


def test_a_program_files_issues_and_amends(staff: Staff) -> None:
    client = client_of(staff, "joc")
    ends = (timezone.now() + timedelta(hours=5)).isoformat()
    sent = {
        "kind": "emergency", "title": "Fire", "message": "The store burns.", **CODES, "expires_at": ends,
        "scope": "mission",
    }  # fmt: skip
    filed = client.post(reverse("api:announcement:list"), sent, "application/json")
    assert filed.status_code == 201, filed.content
    assert (filed.json()["priority"], filed.json()["needs_acknowledgement"], filed.json()["edition"]) == (
        1,
        True,
        0,
    )

    def step(name: str, **data: object) -> int:
        address = reverse("api:announcement:transition", kwargs={"uuid": filed.json()["id"], "name": name})
        return client.post(address, data, "application/json").status_code

    assert step("issue") == 200
    # What a program leaves out of a new edition stays as it is.
    assert step("amend", message="The store has burnt down.") == 200
    assert step("amend", severity="None") == 400
    found = client.get(filed.json()["url"]).json()
    assert (found["message"], found["severity"], found["edition"]) == (
        "The store has burnt down.",
        "Severe",
        2,
    )
    assert [each["number"] for each in found["editions"]] == [1, 2]
    no_right = client_of(staff, "cim").post(reverse("api:announcement:list"), sent, "application/json")
    assert (no_right.status_code, set(no_right.json()["errors"])) == (400, {"kind"})


def test_pages_cost_the_same_however_many_have_read_it(staff: Staff) -> None:
    announcement = take(staff, emergency_file(staff), "joc", "issue")
    client = client_of(staff, "joc")
    asked = []
    for _ in range(2):
        for name in ("detail", "acknowledgements"):
            page(client, announcement, name)
            with CaptureQueriesContext(connection) as captured:
                page(client, announcement, name)
            asked.append(len(captured))
        read_it(staff, announcement, "req", "clu", "sec", "unit", "cmc")
    assert asked[:2] == asked[2:]
