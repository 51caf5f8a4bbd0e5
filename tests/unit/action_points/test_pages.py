"""The pages, the API and the set-up of action points: every step in every state, and what is refused at its field."""

from __future__ import annotations

import html
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.action_points.models import ActionPoint
from apps.mission.models import Mission
from apps.mission.vocabulary import Role
from apps.records.models import Attachment
from apps.records.transitions import open_to
from tests.factories.action_points import opened, take
from tests.factories.staff import Staff
from tests.unit.action_points.conftest import Signed
from tests.unit.action_points.test_lifecycle import KEEPER, OWNER, ROAD, VERIFIER, brought_to

LIST = "/api/v1/action-points/"


@pytest.mark.parametrize("state", ROAD)
def test_its_pages_open_in_every_state_with_each_step_on_offer(
    staff: Staff, signed: Signed, state: str
) -> None:
    point = brought_to(staff, state)
    for page in ("detail", "history", "print", "share"):
        assert signed(KEEPER).get(reverse(f"action_points:{page}", args=[point.uuid])).status_code == 200
    for who in (KEEPER, OWNER, VERIFIER):
        with staff.acting(who) as actor:
            names = [offer.step.name for offer in open_to(actor, ActionPoint.objects.get(pk=point.pk))]
        for name in names:
            address = reverse("action_points:transition", args=[point.uuid, name])
            assert signed(who).get(address).status_code == 200, (who, name)


def test_evidence_comes_with_the_step_and_is_asked_for_at_its_field(staff: Staff, signed: Signed) -> None:
    point = opened(staff, priority=1)
    address = reverse("action_points:transition", args=[point.uuid, "claim"])
    client = signed("unit")
    page = client.get(address).content.decode()
    assert 'enctype="multipart/form-data"' in page
    assert "It is needed at this priority." in page
    refused = client.post(address, {"note": "We built it.", "version": point.version})
    assert refused.status_code == 422
    said = html.unescape(refused.content.decode())
    assert "Attach a file that shows it." in said
    assert "We built it." in said
    assert 'href="#id_evidence"' in said
    done = client.post(
        address,
        {"note": "We built it.", "version": point.version, "evidence": SimpleUploadedFile("b.txt", b"See.")},
    )
    assert done.status_code == 302
    with staff.acting("unit"):
        assert ActionPoint.objects.get(pk=point.pk).state == "done_claimed"
        assert Attachment.objects.get(record_id=point.pk).name == "b.txt"


def test_whoever_claimed_it_sees_no_button_and_is_told_why(staff: Staff, signed: Signed) -> None:
    staff.also_holds("cim", "unit")
    point = take(staff, opened(staff), "cim", "claim")
    address = reverse("action_points:transition", args=[point.uuid, "verify"])
    assert (
        address not in signed("cim").get(reverse("action_points:detail", args=[point.uuid])).content.decode()
    )
    refused = signed("cim").post(address, {"note": "", "version": point.version})
    assert refused.status_code == 403
    assert "Another person does this." in refused.content.decode()


def sent(client: Client, method: str, address: str, data: dict[str, Any], **headers: str) -> Any:
    return getattr(client, method)(
        address, json.dumps(data), content_type="application/json", headers=headers
    )


def test_programs_file_give_and_claim_it(staff: Staff, client: Client) -> None:
    client.force_login(staff.people["cim"])
    due = (timezone.now() + timedelta(days=2)).isoformat()
    made = sent(
        client, "post", LIST,
        {"title": "Ask", "owner": str(staff.positions["unit"].uuid), "needed_by": due, "priority": 1,
         "verifier": str(staff.positions["joc"].uuid)},
    )  # fmt: skip
    assert made.status_code == 201, made.content
    said = made.json()
    assert said["owner"] == str(staff.positions["unit"].uuid)
    assert said["verifier"] == str(staff.positions["joc"].uuid)
    address = f"{LIST}{said['id']}/"
    changed = sent(
        client,
        "patch",
        address,
        {"owner": str(staff.positions["unit_other"].uuid)},
        **{"If-Match": made["ETag"]},
    )
    assert changed.status_code == 200, changed.content
    assert changed.json()["owner"] == str(staff.positions["unit_other"].uuid)
    same = sent(
        client, "patch", address, {"owner": str(staff.positions["joc"].uuid)}, **{"If-Match": changed["ETag"]}
    )
    assert (same.status_code, list(same.json()["errors"])) == (400, ["verifier"])
    assert sent(client, "post", f"{address}transitions/open/", {}).status_code == 200
    client.force_login(staff.people["unit_other"])
    offers = client.get(f"{address}transitions/").json()["results"]
    claim = next(each for each in offers if each["name"] == "claim")
    assert [field["name"] for field in claim["fields"]] == ["note"]
    refused = sent(client, "post", f"{address}transitions/claim/", {"note": "Done."})
    assert refused.status_code == 422
    assert list(refused.json()["errors"]) == ["evidence"]
    file = {"file": SimpleUploadedFile("b.txt", b"See.")}
    assert client.post(f"{address}attachments/", file).status_code == 201
    assert sent(client, "post", f"{address}transitions/claim/", {"note": "Done."}).status_code == 200
    client.force_login(staff.people["cim"])
    assert [row["id"] for row in client.get(f"{LIST}?filed=true").json()["results"]] == [said["id"]]
    assert client.get(f"{LIST}?mine=true").json()["results"] == []


def test_the_form_asks_for_its_due_moment(staff: Staff, signed: Signed) -> None:
    page = signed("cim").get(reverse("action_points:new")).content.decode()
    assert "Needed by" not in page
    assert 'name="needed_by"' in page
    point = opened(staff)
    page = signed("cim").get(reverse("action_points:detail", args=[point.uuid])).content.decode()
    assert "Needed by" not in page


def test_an_administrator_sets_which_priorities_need_evidence(staff: Staff, signed: Signed) -> None:
    staff.post("adm", "support", Role.ADMIN)
    User.objects.filter(pk=staff.people["adm"].pk).update(is_staff=True)
    address = reverse("admin:mission_mission_change", args=[staff.mission.pk])
    page = signed("adm").get(address)
    assert page.status_code == 200
    form = page.context["adminform"].form
    assert form.initial["evidence_priorities"] == [1]
    data = {name: form.initial.get(name, "") for name in form.fields} | {"evidence_priorities": ["1", "2"]}
    data = {name: value for name, value in data.items() if value is not None}
    answer = signed("adm").post(address, data)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    assert Mission.objects.get(pk=staff.mission.pk).evidence_priorities == [1, 2]
