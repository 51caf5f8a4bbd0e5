"""The pages and the API of a request for information: asking, drafting the answer, and who is told what."""

from __future__ import annotations

import html
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.aid_requests.models import AidRequest
from apps.information_requests.models import InformationRequest
from apps.information_requests.workflow import STATES
from apps.records.errors import Incomplete
from apps.records.transitions import open_to
from apps.releases.models import Derivation, Release
from tests.factories.information_requests import answer_write, bring_to, now, question_file, take
from tests.factories.releases import step
from tests.factories.staff import Staff


def client_of(staff: Staff, who: str) -> Client:
    """A browser in which that person is signed in."""
    client = Client()
    client.force_login(staff.people[who], backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.mark.parametrize("state", [s.code for s in STATES])
def test_its_pages_open_in_every_state_with_each_step_on_offer(
    staff: Staff, secret: AidRequest, state: str
) -> None:
    request = bring_to(staff, question_file(staff), state, source=secret)
    kwargs = {"uuid": request.uuid}
    for page in ("detail", "history", "print", "share"):
        address = reverse(f"information_requests:{page}", kwargs=kwargs)
        assert client_of(staff, "req").get(address).status_code == 200
    for who in ("req", "joc", "cim", "rel_force"):
        with staff.acting(who) as actor:
            found = InformationRequest.objects.filter(pk=request.pk).first()
            names = [offer.step.name for offer in open_to(actor, found)] if found else []
        for name in names:
            address = reverse("information_requests:transition", kwargs={**kwargs, "name": name})
            assert client_of(staff, who).get(address).status_code == 200, (who, name)


def test_a_question_is_asked_on_the_page_of_the_missions_desk(staff: Staff) -> None:
    client = client_of(staff, "req")
    form = client.get(reverse("information_requests:new")).content.decode()
    assert "Force Headquarters" in form
    assert "Second House" not in form
    sent = {
        "title": "Road to Bor", "question": "Is it open?", "purpose": "To plan", "priority": 2,
        "needed_by": (timezone.now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M"),
        "classification": 0, "sensitivity": 1, "scope": "organisation", "close": "1",
    }  # fmt: skip
    assert client.post(reverse("information_requests:new"), sent).status_code == 302
    with staff.acting("req"):
        assert InformationRequest.objects.get().title == "Road to Bor"


def test_the_answer_is_written_on_a_page_of_its_own(staff: Staff, secret: AidRequest) -> None:
    request = bring_to(staff, question_file(staff), "assigned")
    address = reverse("information_requests:answer", kwargs={"uuid": request.uuid})
    page = reverse("information_requests:detail", kwargs={"uuid": request.uuid})
    assert address in client_of(staff, "cim").get(page).content.decode()
    assert address not in client_of(staff, "joc").get(page).content.decode()
    assert client_of(staff, "joc").get(address).status_code == 403
    assert client_of(staff, "unit").get(address).status_code == 404
    client = client_of(staff, "cim")
    assert request.question in html.unescape(client.get(address).content.decode())
    sent = {"title": "Told", "summary": "Yes", "classification": 0, "sensitivity": 1, "scope": "organisation"}
    refused = client.post(address, sent | {"source": "RFA-2026-00000"})
    assert refused.status_code == 422
    assert "no such record that you can open" in refused.content.decode()
    assert client.post(address, sent | {"source": "\0"}).status_code == 422
    assert client.post(address, sent | {"source": secret.reference.lower()}).status_code == 302
    with staff.acting("cim"):
        release = Release.objects.get()
        assert Derivation.objects.get(derived_id=release.pk).source_id == secret.pk
        assert (release.classification, release.author_position) == (1, staff.positions["cim"])


def test_no_page_of_the_asker_names_what_the_answer_is_drawn_from(staff: Staff, secret: AidRequest) -> None:
    request = bring_to(staff, question_file(staff), "answered", source=secret)
    with staff.acting("req"):
        answer = Release.objects.get()
    client = client_of(staff, "req")
    addresses = [
        *(
            reverse(f"information_requests:{page}", kwargs={"uuid": request.uuid})
            for page in ("detail", "history", "print", "share")
        ),
        *(
            reverse(f"releases:{page}", kwargs={"uuid": answer.uuid})
            for page in ("detail", "history", "print", "share")
        ),
        reverse("releases:list"),
        reverse("api:release:detail", kwargs={"uuid": answer.uuid}),
        reverse("api:release:sources", kwargs={"uuid": answer.uuid}),
        reverse("api:release:links", kwargs={"uuid": answer.uuid}),
        reverse("api:release:timeline", kwargs={"uuid": answer.uuid}),
        reverse("api:information_request:links", kwargs={"uuid": request.uuid}),
    ]
    for address in addresses:
        response = client.get(address)
        text = html.unescape(response.content.decode())
        assert response.status_code == 200, address
        assert secret.reference not in text, address
        assert secret.title not in text, address
    page = html.unescape(client.get(addresses[0]).content.decode())
    assert answer.reference in page
    assert "is answered by" in page


def test_a_program_asks_and_answers(staff: Staff) -> None:
    request = question_file(staff)
    address = reverse("api:information_request:transition", kwargs={"uuid": request.uuid, "name": "ask"})
    assert client_of(staff, "req").post(address, {}, "application/json").status_code in (200, 201)
    request = bring_to(staff, request, "assigned")
    release = answer_write(staff, request)
    other = reverse(
        "api:information_request:transition", kwargs={"uuid": request.uuid, "name": "put_forward"}
    )
    done = client_of(staff, "cim").post(other, {"release": release.reference}, "application/json")
    assert done.status_code in (200, 201), done.content
    signing = reverse("api:release:transition", kwargs={"uuid": release.uuid, "name": "sign"})
    label = {"classification": 0, "sensitivity": 1, "scope": "organisation"}
    done = client_of(staff, "rel_force").post(signing, label, "application/json")
    assert done.status_code in (200, 201), done.content
    with staff.acting("req"):
        assert now(request).state == "answered"


def test_a_release_that_lapsed_or_was_withdrawn_answers_nothing(staff: Staff) -> None:
    request = bring_to(staff, question_file(staff), "assigned")
    release = answer_write(staff, request)
    step(staff, release, "cim", "discard")
    with pytest.raises(Incomplete):
        take(staff, request, "cim", "put_forward")
