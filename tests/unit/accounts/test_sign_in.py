"""Signing in: throttled by account, silent about who exists, ended everywhere by the person's own wish."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User

PASSWORD = "a long enough password"
LOGIN = "/accounts/login/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_earlier_failures() -> None:
    cache.clear()


def person(email: str = "ann@ngo.example", **fields: object) -> User:
    return User.objects.create_user(email, PASSWORD, name="Ann Lado", **fields)


def sign_in(client: Client, email: str, password: str = PASSWORD, address: str = "10.1.1.1"):
    return client.post(LOGIN, {"login": email, "password": password}, REMOTE_ADDR=address)


def test_signs_in_by_address_whatever_its_case(client: Client) -> None:
    person()
    assert sign_in(client, "Ann@NGO.example").status_code == 302


def test_thirty_people_behind_one_address_mistype_once_and_are_not_locked() -> None:
    for number in range(30):
        person(f"p{number}@base.example")
    for number in range(30):
        assert sign_in(Client(), f"p{number}@base.example", "wrong").status_code == 200
    for number in range(30):
        assert sign_in(Client(), f"p{number}@base.example").status_code == 302


def test_one_account_is_locked_after_five_failures_from_anywhere() -> None:
    person()
    person("other@ngo.example")
    for number in range(5):
        sign_in(Client(), "ann@ngo.example", "wrong", f"10.9.0.{number}")
    locked = sign_in(Client(), "ann@ngo.example", address="10.9.0.99")
    assert locked.status_code == 200
    assert "Too many failed" in locked.content.decode()
    assert sign_in(Client(), "other@ngo.example").status_code == 302


def _plain(body: bytes) -> str:
    return re.sub(r'(csrfmiddlewaretoken" value|X-CSRFToken": )[^>]*', "", body.decode())


def test_unknown_wrong_and_locked_out_people_get_the_same_answer() -> None:
    person()
    person("gone@ngo.example", is_active=False)
    answers = {
        _plain(sign_in(Client(), email, "wrong").content).replace(email, "")
        for email in ("ann@ngo.example", "gone@ngo.example", "nobody@ngo.example")
    }
    assert len(answers) == 1


def test_asking_for_a_password_tells_nobody_who_exists(client: Client) -> None:
    person()
    answers = [
        client.post("/accounts/password/reset/", {"email": email}, follow=True)
        for email in ("ann@ngo.example", "nobody@ngo.example")
    ]
    assert {_plain(answer.content) for answer in answers} == {_plain(answers[0].content)}
    assert [message.to for message in mail.outbox] == [["ann@ngo.example"]]


def test_nobody_signs_up(client: Client) -> None:
    fields = {"email": "x@y.example", "password1": PASSWORD, "password2": PASSWORD}
    client.post("/accounts/signup/", fields)
    assert not User.objects.exists()


def test_signing_out_elsewhere_ends_the_other_session_and_keeps_this_one() -> None:
    here, there = Client(), Client()
    person()
    sign_in(here, "ann@ngo.example")
    sign_in(there, "ann@ngo.example")
    assert there.get(reverse("account")).status_code == 200
    assert here.post(reverse("account_sessions_end")).status_code == 302
    assert here.get(reverse("account")).status_code == 200
    assert there.get(reverse("account")).status_code == 302


def test_a_deactivated_person_is_signed_out_at_the_next_request(client: Client) -> None:
    someone = person()
    client.force_login(someone, backend="allauth.account.auth_backends.AuthenticationBackend")
    User.objects.update(is_active=False)
    assert client.get(reverse("account")).status_code == 302


def test_no_address_can_be_added(client: Client) -> None:
    client.force_login(person(), backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.post("/accounts/email/", {"email": "mine@evil.example", "action_add": ""})
    assert answer.status_code == 302
    assert answer["Location"] == reverse("account")
    assert not mail.outbox
