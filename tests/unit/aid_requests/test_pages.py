"""The pages that are a request's own: its form, its steps and the decision sheet, in every state."""

from __future__ import annotations

import html

import pytest
from django.test import Client
from django.urls import reverse

from apps.aid_requests.workflow import WORKFLOW
from apps.mission.vocabulary import RequestKind
from apps.records.transitions import open_to
from tests.factories.aid_requests import bring_to, fresh, request_file
from tests.factories.staff import Staff

STATES = [s.code for s in WORKFLOW.states if s.code not in ("expired", "closed_unconfirmed")]


def client_of(staff: Staff, who: str) -> Client:
    """A browser in which that person is signed in."""
    client = Client()
    client.force_login(staff.people[who], backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.mark.parametrize("state", STATES)
def test_a_requests_pages_open_in_every_state_with_each_step_on_offer(staff: Staff, state: str) -> None:
    request = bring_to(staff, request_file(staff, kind=RequestKind.ESCORT), state)
    kwargs = {"uuid": request.uuid}
    for page in ("detail", "decision-sheet"):
        assert client_of(staff, "req").get(reverse(f"aid_requests:{page}", kwargs=kwargs)).status_code == 200
    for who in ("req", "clu", "cmc", "cim", "dec", "joc", "unit"):
        with staff.acting(who) as actor:
            record = type(request).objects.filter(pk=request.pk).first()
            names = [offer.step.name for offer in open_to(actor, record)] if record else []
        if record is None:
            assert (
                client_of(staff, who).get(reverse("aid_requests:decision-sheet", kwargs=kwargs)).status_code
                == 404
            )
        for name in names:
            address = reverse("aid_requests:transition", kwargs={**kwargs, "name": name})
            assert client_of(staff, who).get(address).status_code == 200, (who, name)


def test_the_decision_sheet_shows_criteria_that_were_not_met_and_the_conditions(staff: Staff) -> None:
    request = bring_to(staff, request_file(staff, kind=RequestKind.ESCORT), "approved")
    address = reverse("aid_requests:decision-sheet", kwargs={"uuid": request.uuid})
    text = html.unescape(client_of(staff, "dec").get(address).content.decode())
    with staff.acting("dec"):
        request = fresh(request)
        decision = request.decision_rows.get()
        assert decision.explanation in text
        for said in (
            request.authorities_text,
            request.need_statement,
            request.securityopinion_rows.get().reasons,
        ):
            assert said in text
        assert "Responsible authorities" in text
        assert request.recommendation_rows.get().reasons in text


def test_an_undecided_request_says_so_on_its_sheet(staff: Staff) -> None:
    request = bring_to(staff, request_file(staff), "submitted")
    text = client_of(staff, "req").get(
        reverse("aid_requests:decision-sheet", kwargs={"uuid": request.uuid})
    ).content.decode()  # fmt: skip
    assert "Nothing has been decided yet." in text
    assert "Criteria for the use" not in text


def test_each_step_of_the_form_opens_for_the_author_of_a_draft(staff: Staff) -> None:
    request = request_file(staff, kind=RequestKind.ESCORT)
    client = client_of(staff, "req")
    for step in ("need", "place", "cargo", "last_resort", "escort", "contact", "label"):
        address = reverse("aid_requests:edit", kwargs={"uuid": request.uuid, "step": step})
        assert client.get(address).status_code == 200, step
    imagery = reverse("aid_requests:edit", kwargs={"uuid": request.uuid, "step": "uav"})
    assert client.get(imagery).status_code == 404


def test_whoever_decides_on_an_escort_sees_which_criteria_are_not_met(staff: Staff) -> None:
    for kind, wanted in ((RequestKind.ESCORT, True), (RequestKind.MCDA, False)):
        unmet = {"authorities_met": False} if wanted else {}
        request = bring_to(staff, request_file(staff, kind=kind, **unmet), "for_decision")
        address = reverse("aid_requests:transition", kwargs={"uuid": request.uuid, "name": "approve"})
        text = html.unescape(client_of(staff, "dec").get(address).content.decode())
        assert ("Responsible authorities" in text) == wanted
        assert text.count("Not met") == int(wanted)
        if wanted:
            with staff.acting("dec"):
                assert fresh(request).authorities_text in text
