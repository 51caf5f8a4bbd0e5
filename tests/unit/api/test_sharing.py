"""Sharing through the API: keys, renewing, shortening, giving up, the history of grants, the log of reads, names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from apps.mission.models import Organisation, PositionRole
from tests.unit.api.conftest import Caller, Town, tag

Call = Callable[[str], Caller]


def soon(**span: float) -> str:
    """A moment from now."""
    return (timezone.now() + timedelta(**span)).isoformat()


def test_a_grant_is_renewed_shortened_and_given_up(call: Call, draft: dict[str, Any], town: Town) -> None:
    me, url = call("requester"), f"{draft['url']}grants/"
    to = str(town.positions["cimic"].uuid)
    first = me.post(url, {"position": to, "reason": "advice", "until": soon(days=2)}).json()["results"]
    again = me.post(url, {"position": to, "reason": "more advice", "until": soon(days=4)}).json()["results"]
    assert [grant["key"] for grant in again] == [grant["key"] for grant in first]
    assert again[0]["reason"] == "more advice"
    key = again[0]["key"]
    shorter = me.patch(f"{url}?key={key}", {"until": soon(hours=1)})
    assert shorter.status_code == 200, shorter.content
    assert shorter.json()["results"][0]["expires_at"] < again[0]["expires_at"]
    for body, name in (({"until": soon(days=9)}, "until"), ({"until": "2020-01-01T00:00:00Z"}, "until"), ({}, "until"),
                       ({"until": soon(hours=1), "right": "view"}, "right")):  # fmt: skip
        assert name in me.patch(f"{url}?key={key}", body).json()["errors"]
    assert "key" in me.patch(f"{url}?key=nothing", {"until": soon(hours=1)}).json()["errors"]
    theirs = call("cimic").get(url).json()["results"][0]
    assert theirs["mine"] is True
    assert call("cimic").patch(f"{url}?key={key}", {"until": soon(minutes=5)}).status_code == 403
    assert call("cimic").send("DELETE", f"{url}?key={key}").status_code == 200
    assert me.get(url).json()["results"] == []
    assert call("cimic").get(draft["url"]).status_code == 404


def test_rights_to_share_on_stay_with_the_originator(call: Call, draft: dict[str, Any], town: Town) -> None:
    me, url = call("requester"), f"{draft['url']}grants/"
    to = str(town.positions["cimic"].uuid)
    for right in ("share", "manage"):
        refused = me.post(url, {"position": to, "reason": "advice", "right": right})
        assert (refused.status_code, list(refused.json()["errors"])) == (400, ["position"])


def test_i09_only_the_release_authority_gives(call: Call, draft: dict[str, Any], town: Town) -> None:
    authority = town.positions["other_requester"]
    PositionRole.objects.create(position=authority, role="REL")
    me, url, to = call("requester"), f"{draft['url']}grants/", str(town.positions["cimic"].uuid)
    assert me.post(url, {"position": to, "reason": "advice"}).status_code == 201
    own = town.positions["requester"].organisation
    type(authority).objects.filter(pk=authority.pk).update(organisation=own)
    assert me.get(url).json()["may_share"] is False
    assert me.post(url, {"position": to, "reason": "advice"}).status_code == 403


def test_the_history_of_grants(call: Call, draft: dict[str, Any], town: Town) -> None:
    me, url, to = call("requester"), f"{draft['url']}grants/", str(town.positions["cimic"].uuid)
    withdrawn = me.post(f"{draft['url']}transitions/withdraw/", {"note": "Enough"}, If_Match=tag(draft))
    assert withdrawn.status_code == 200, withdrawn.content
    given = me.post(url, {"position": to, "reason": "advice", "until": soon(days=2)}).json()["results"][0]
    me.patch(f"{url}?key={given['key']}", {"until": soon(hours=1)})
    me.send("DELETE", f"{url}?key={given['key']}")
    told = me.get(f"{url}history/").json()["results"]
    assert [each["did"] for each in told] == ["revoked", "shortened", "given"]
    assert {each["to"] for each in told} == {"CIM of Force Headquarters, Force Headquarters"}
    assert told[-1]["reason"] == "advice"
    assert call("cimic").get(f"{url}history/").status_code == 404


def test_i13_the_originator_reads_the_log_of_reads(call: Call, town: Town, draft: dict[str, Any]) -> None:
    me = call("requester")
    raised = me.patch(draft["url"], {"classification": 1}, If_Match=tag(draft))
    assert raised.status_code == 200, raised.content
    to = str(town.positions["cimic"].uuid)
    me.post(f"{draft['url']}grants/", {"position": to, "reason": "advice", "until": soon(days=2)})
    assert call("cimic").get(draft["url"]).status_code == 200
    connection.check_constraints()
    log = me.get(f"{draft['url']}reads/").json()
    theirs = [row for row in log["results"] if row["who"]["name"] == "Cimic"]
    assert theirs
    assert (theirs[0]["channel"], theirs[0]["via"]) == ("api", "lent")
    assert [row["number"] for row in log["results"]] == sorted(
        (row["number"] for row in log["results"]), reverse=True
    )
    assert log["next"] is None
    first = log["results"][-1]["number"]
    assert me.get(f"{draft['url']}reads/?before={first}").json()["results"] == []
    assert "before" in me.get(f"{draft['url']}reads/?before=x").json()["errors"]
    assert call("cimic").get(f"{draft['url']}reads/").status_code == 404


def test_i05_names_that_may_not_be_known_are_nowhere(call: Call, draft: dict[str, Any], town: Town) -> None:
    me, organisation = call("requester"), town.positions["security"].organisation
    me.post(f"{draft['url']}grants/", {"position": str(town.positions["security"].uuid), "reason": "advice"})
    assert call("security").post(f"{draft['url']}comments/", {"text": "Noted"}).status_code == 201
    Organisation.objects.filter(pk=organisation.pk).update(engagement_stance="unlisted")
    preview = me.post(f"{draft['url']}audience-preview/", {"scope": "mission"}).json()
    assert (preview["unnamed_people"], preview["unnamed_positions"]) == (1, 1)
    named = sum(len(group["readers"]) for group in preview["organisations"])
    assert preview["people"] == named + 1
    for address in ("grants/", "grants/history/", "comments/", "timeline/", "audience-preview/"):
        send = me.post if address.startswith("audience") else me.get
        said = send(f"{draft['url']}{address}").content.decode()
        assert "Safety Office" not in said, address
        assert '"Security"' not in said, address
    assert me.get(f"{draft['url']}comments/").json()["results"][0]["author"] == "restricted"
    for address in ("/api/v1/organisations/", "/api/v1/positions/"):
        assert "Safety Office" not in me.get(address).content.decode()
        assert "Safety Office" in call("security").get(address).content.decode()
        assert "Safety Office" in call("cmcoord").get(address).content.decode()
    again = {"position": str(town.positions["security"].uuid), "reason": "advice"}
    assert "position" in me.post(f"{draft['url']}grants/", again).json()["errors"]
    person = {"person": "security@town.invalid", "reason": "advice"}
    assert "person" in me.post(f"{draft['url']}grants/", person).json()["errors"]


def test_i20_a_preview_says_who_never_reads_what_it_holds(call: Call, draft: dict[str, Any]) -> None:
    held = {"scope": "mission", "data_types": ["beneficiary"]}
    found = call("requester").post(f"{draft['url']}audience-preview/", held).json()
    assert any("Force Headquarters" in line for line in found["barred"])
    assert "Force Headquarters" not in {group["organisation"] for group in found["organisations"]}
