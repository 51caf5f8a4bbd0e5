"""A release from draft to its end: who may what, new versions, and what its pages show."""

from __future__ import annotations

import html
import time
from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.db import transaction as database
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.aid_requests.models import AidRequest
from apps.mission.vocabulary import Role
from apps.need_to_know.acting import acting_as_clock
from apps.need_to_know.audience import audience_of
from apps.need_to_know.checking import content_differences
from apps.need_to_know.grants import grant_give
from apps.records.errors import Incomplete, NotPermitted
from apps.records.models import Record
from apps.records.services import record_file, record_update
from apps.records.transitions import open_to, transition
from apps.records.waiting import needs_me
from apps.releases.models import Derivation, Release
from apps.releases.selectors import release_of
from apps.releases.services import release_draft
from apps.releases.workflow import WORKFLOW
from tests.factories.aid_requests import request_file
from tests.factories.releases import LOWER, now, release_from, signed_release, step
from tests.factories.staff import Staff

EVERYBODY = ("req", "req_colleague", "req_elsewhere", "rel", "rel_elsewhere", "cmc", "joc", "unit", "aud")
OFFERED: dict[str, dict[str, set[str]]] = {
    "draft": {"submit": {"req"}, "discard": {"req"}},
    "for_signature": {"return": {"rel"}, "sign": {"rel"}, "discard": {"req"}},
    "returned": {"resubmit": {"req"}, "discard": {"req"}},
    "released": {"sign_again": {"rel"}, "withdraw": {"rel"}},
    "withdrawn": {},
}
ROAD = (("req", "submit"), ("rel", "return"), ("req", "resubmit"), ("rel", "sign"), ("rel", "withdraw"))


def client_of(staff: Staff, who: str) -> Client:
    """A browser in which that person is signed in."""
    client = Client()
    client.force_login(staff.people[who], backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def offered(staff: Staff, release: Release) -> dict[str, set[str]]:
    """Step -> who may take it now."""
    found: dict[str, set[str]] = {}
    for who in EVERYBODY:
        with staff.acting(who) as actor:
            seen = Release.objects.filter(pk=release.pk).first()
            for offer in open_to(actor, seen) if seen else []:
                found.setdefault(offer.step.name, set()).add(who)
    return found


def test_each_step_is_open_to_its_roles_and_to_nobody_else(staff: Staff, source: AidRequest) -> None:
    release = release_from(staff, source)
    for by, name in ROAD:
        assert offered(staff, release) == OFFERED[release.state]
        data = LOWER | {"reason": "x"} if name == "sign" else {}
        release = step(staff, release, by, name, **data)
    assert offered(staff, release) == OFFERED["withdrawn"]
    assert content_differences() == []


def test_a_release_authority_signs_its_own_draft(staff: Staff, source: AidRequest) -> None:
    with staff.acting("rel") as actor:
        found = Record.objects.get(pk=source.pk)
        release = release_draft(actor, source=found, release=Release(title="own", summary="told"))
        assert {o.step.name for o in open_to(actor, release)} == {"submit", "sign_own", "discard"}
    assert step(staff, release, "rel", "sign_own", **LOWER, reason="x").state == "released"


def test_a_drafter_who_is_no_release_authority_signs_nothing(staff: Staff, source: AidRequest) -> None:
    release = step(staff, release_from(staff, source), "req", "submit")
    for name in ("sign", "sign_own"):
        with pytest.raises(NotPermitted):
            step(staff, release, "req", name, **LOWER, reason="x")


def test_without_a_release_authority_the_filing_position_speaks(staff: Staff) -> None:
    source = request_file(staff, by="req_mission", kind="mission_support", classification=1, scope="mission")
    with staff.acting("cim") as actor, pytest.raises(NotPermitted, match="no release authority"):
        release_draft(actor, source=Record.objects.get(pk=source.pk), release=Release(title="x", summary="y"))
    release = release_from(staff, source, by="req_mission")
    assert step(staff, release, "req_mission", "sign_own", **LOWER, reason="x").state == "released"


def test_a_reader_elsewhere_only_proposes(staff: Staff, source: AidRequest) -> None:
    with staff.acting("rel") as actor:
        found = AidRequest.objects.get(pk=source.pk)
        grant_give(actor, record=found, to=staff.positions["cmc"], reason="works on it")
    release = release_from(staff, source, by="cmc")
    assert release.originator_id == staff.organisations["ngo"].pk
    release = step(staff, release, "cmc", "submit")
    assert offered(staff, release) == {"return": {"rel"}, "sign": {"rel"}, "discard": {"cmc"}}
    with staff.acting("rel") as actor:
        assert release.pk in [each.record.pk for each in needs_me(actor)]
        names = {reader.name for reader in audience_of(now(release)).readers}
        assert names == {"Holder req", "Holder req_colleague", "Holder rel", "Holder cmc"}


def test_nothing_is_put_forward_that_says_nothing(staff: Staff, source: AidRequest) -> None:
    release = release_from(staff, source, summary=" ", valid_until=timezone.now() - timedelta(days=1))
    with pytest.raises(Incomplete) as caught:
        step(staff, release, "req", "submit")
    assert set(caught.value.errors) == {"summary", "valid_until"}


def test_a_new_version_replaces_the_old_one_when_it_is_signed(staff: Staff, source: AidRequest) -> None:
    old = signed_release(staff, source)
    new = release_from(staff, old)
    with staff.acting("req"):
        drawn = {(d.source_id, d.relation) for d in Derivation.objects.filter(derived_id=new.pk)}
        assert drawn == {(old.pk, "version"), (source.pk, "source")}
        assert now(new).classification == 1
        assert release_of(Record.objects.get(pk=source.pk)) == old
    new = step(staff, new, "req", "submit")
    step(staff, new, "rel", "sign", **LOWER, reason="Nothing new in it that must stay back")
    with staff.acting("req"):
        assert (now(old).state, now(new).state) == ("superseded", "released")
        assert release_of(Record.objects.get(pk=source.pk)) == new
    with staff.acting("unit"):
        assert release_of(Record.objects.filter(pk=source.pk).first() or Record(pk=source.pk)) is None


def test_validity_ends_by_the_clock(staff: Staff, source: AidRequest) -> None:
    release = release_from(staff, source, valid_until=timezone.now() + timedelta(seconds=2))
    release = step(staff, release, "req", "submit")
    release = step(staff, release, "rel", "sign", **LOWER, reason="x")
    assert release.auto_step == "lapse"
    with pytest.raises(DatabaseError), database.atomic(), acting_as_clock(release.pk):
        pass
    time.sleep(2)
    with acting_as_clock(release.pk) as actor:
        transition(actor, record=now(release), name="lapse")
    with staff.acting("req"):
        assert now(release).state == "lapsed"


def test_a_raised_source_waits_for_the_release_authority(staff: Staff) -> None:
    source = request_file(staff, classification=0, scope="mission")
    release = signed_release(staff, source)
    with staff.acting("req") as actor:
        record_update(
            actor,
            record=AidRequest.objects.get(pk=source.pk),
            changes={"classification": 1, "scope": "organisation"},
        )
    with staff.acting("rel") as actor:
        assert release.pk in [each.record.pk for each in needs_me(actor)]
    address = reverse("releases:detail", kwargs={"uuid": release.uuid})
    assert "labelled higher since" in client_of(staff, "rel").get(address).content.decode()
    assert "labelled higher since" not in client_of(staff, "unit").get(address).content.decode()


def test_pages_name_the_source_to_those_alone_who_may_open_it(staff: Staff, source: AidRequest) -> None:
    release = signed_release(staff, source)
    address = reverse("releases:detail", kwargs={"uuid": release.uuid})
    ours = html.unescape(client_of(staff, "req").get(address).content.decode())
    theirs = html.unescape(client_of(staff, "unit").get(address).content.decode())
    assert source.reference in ours
    assert "is drawn from" in ours
    for told in (source.reference, source.title, str(source.uuid), "is drawn from"):
        assert told not in theirs
    page = client_of(staff, "req").get(reverse("aid_requests:detail", kwargs={"uuid": source.uuid}))
    assert release.reference in page.content.decode()
    for name in ("history", "print"):
        text = client_of(staff, "unit").get(reverse(f"releases:{name}", kwargs={"uuid": release.uuid}))
        assert text.status_code == 200
        assert source.reference not in text.content.decode()


def test_drafting_begins_on_the_sources_page(staff: Staff, source: AidRequest) -> None:
    client = client_of(staff, "req")
    page = client.get(reverse("aid_requests:detail", kwargs={"uuid": source.uuid})).content.decode()
    address = reverse("releases:draw", kwargs={"uuid": source.uuid})
    assert address in page
    form = client.get(address)
    assert source.reference in form.content.decode()
    sent = {
        "title": "Told",
        "summary": "What may be told",
        "classification": 0,
        "sensitivity": 2,
        "scope": "organisation",
    }
    refused = client.post(address, sent)
    assert refused.status_code == 422
    assert "below what it is drawn from" in refused.content.decode()
    done = client.post(address, sent | {"classification": 1})
    assert done.status_code == 302
    with staff.acting("req"):
        assert Derivation.objects.get().source_id == source.pk
    assert client_of(staff, "unit").get(address).status_code == 404


def test_one_more_source_is_named_on_the_page(staff: Staff, source: AidRequest) -> None:
    release = release_from(staff, source)
    other = request_file(staff, classification=1, sensitivity=3)
    client = client_of(staff, "req")
    address = reverse("releases:source", kwargs={"uuid": release.uuid})
    assert client.post(address, {"source": "RFA-2026-00000"}).status_code == 422
    assert client.post(address, {"source": other.reference.lower()}).status_code == 302
    with staff.acting("req"):
        assert Derivation.objects.filter(derived_id=release.pk).count() == 2
        assert now(release).sensitivity == 3


def test_signing_on_the_page_applies_the_label(staff: Staff, source: AidRequest) -> None:
    release = step(staff, release_from(staff, source), "req", "submit")
    client = client_of(staff, "rel")
    address = reverse("releases:transition", kwargs={"uuid": release.uuid, "name": "sign"})
    assert client.get(address).status_code == 200
    sent = {"classification": 0, "sensitivity": 1, "scope": "mission", "version": release.version}
    preview = f"{reverse('releases:preview')}?record={release.uuid}"
    assert preview in client.get(address).content.decode()
    proposed = client.post(preview, sent).content.decode()
    assert "First Battalion" in proposed
    assert client.post(address, sent).status_code == 422
    assert client.post(address, sent | {"reason": "Names taken out"}).status_code == 302
    with staff.acting("unit"):
        assert now(release).classification == 0


def test_a_release_needs_no_source(staff: Staff) -> None:
    with staff.acting("req") as actor:
        release = record_file(
            actor, record=Release(title="Roads", summary="The road is open", scope="mission")
        )
    release = step(staff, release, "req", "submit")
    assert step(staff, release, "rel", "sign", **LOWER).state == "released"


def test_every_role_of_the_workflow_is_exercised_by_somebody() -> None:
    assert {role for t in WORKFLOW.transitions for role in t.roles} == {Role.REQUESTER, Role.RELEASE}


def test_a_program_draws_on_a_record_by_its_id(staff: Staff, source: AidRequest) -> None:
    with staff.acting("req") as actor:
        release = record_file(
            actor, record=Release(title="Roads", summary="The road is open", scope="mission")
        )
    client = client_of(staff, "req")
    address = reverse("api:release:sources", kwargs={"uuid": release.uuid})
    done = client.post(address, {"record": str(source.uuid)}, "application/json")
    assert done.status_code == 201, done.content
    assert done.json()["reference"] == source.reference
    assert [each["record"] for each in client.get(address).json()["results"]] == [str(source.uuid)]
    links = client.get(reverse("api:release:links", kwargs={"uuid": release.uuid})).json()["results"]
    assert [(each["relation"], each["forward"]) for each in links] == [("release", True)]
    with staff.acting("req"):
        assert now(release).classification == 1
    missing = client.post(address, {"record": "00000000-0000-4000-8000-000000000000"}, "application/json")
    assert missing.status_code == 400
