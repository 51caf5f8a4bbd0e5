"""A person's own account: preferences, and tokens for programs."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone, translation
from knox.models import AuthToken

from apps.accounts.middleware import PreferencesMiddleware, TokenMiddleware
from apps.accounts.models import User
from apps.accounts.services import token_create

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann() -> User:
    return User.objects.create_user("ann@ngo.example", "a long enough password", name="Ann Lado")


@pytest.fixture
def signed_in(client: Client, ann: User) -> Client:
    client.force_login(ann, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def ask(path: str, user: object = None, **headers: str) -> tuple[HttpRequest, dict[str, str]]:
    """The request as a view sees it, and the language and zone in which it would answer."""
    seen: dict[str, str] = {}

    def view(request: HttpRequest) -> HttpResponse:
        seen.update(language=translation.get_language() or "", zone=timezone.get_current_timezone_name())
        return HttpResponse()

    request = RequestFactory().get(path, headers=headers)
    request.user = user or AnonymousUser()
    with translation.override("fr"):
        TokenMiddleware(PreferencesMiddleware(view))(request)
    return request, seen


def test_a_token_signs_in_under_api_only(ann: User) -> None:
    _, secret = token_create(ann)
    request, _ = ask("/api/v1/me/", authorization=f"Token {secret}")
    assert request.user == ann
    assert request.token_auth is True
    page, _ = ask("/accounts/", authorization=f"Token {secret}")
    assert page.user.is_anonymous
    assert page.token_auth is False


def test_a_wrong_token_is_anonymous_even_beside_a_session(ann: User) -> None:
    for header in ("Token nonsense", "Token", "Token a b", "Token \xff\xfe"):
        request, _ = ask("/api/v1/me/", ann, authorization=header)
        assert request.user.is_anonymous, header
        assert request.token_error, header


def test_another_scheme_is_not_a_token(ann: User) -> None:
    request, _ = ask("/api/v1/me/", ann, authorization="Basic YTpi")
    assert request.user == ann
    assert not request.token_error


def test_expired_tokens_and_those_of_leavers_are_refused(ann: User) -> None:
    token, secret = token_create(ann)
    AuthToken.objects.filter(pk=token.pk).update(expiry=timezone.now() - timedelta(seconds=1))
    assert ask("/api/v1/", authorization=f"Token {secret}")[0].user.is_anonymous
    _, secret = token_create(ann)
    User.objects.update(is_active=False)
    assert ask("/api/v1/", authorization=f"Token {secret}")[0].user.is_anonymous


def test_each_person_reads_in_their_language_and_zone(ann: User) -> None:
    ann.language, ann.time_zone = "ar", "Africa/Juba"
    assert ask("/accounts/", ann)[1] == {"language": "ar", "zone": "Africa/Juba"}
    assert ask("/accounts/")[1] == {"language": "fr", "zone": "UTC"}
    assert timezone.get_current_timezone_name() == "UTC"


def test_a_dropped_zone_or_language_does_not_break_a_page(ann: User) -> None:
    ann.language, ann.time_zone = "xx", "Atlantis/Capital"
    assert ask("/accounts/", ann)[1] == {"language": "en", "zone": "UTC"}


def test_a_program_may_ask_for_its_language(ann: User) -> None:
    User.objects.update(language="ar")
    _, secret = token_create(ann)
    bearer = f"Token {secret}"
    assert ask("/api/v1/", authorization=bearer)[1]["language"] == "ar"
    assert ask("/api/v1/", authorization=bearer, accept_language="fr")[1]["language"] == "fr"


def test_the_language_menu_is_remembered(signed_in: Client, ann: User) -> None:
    signed_in.post(reverse("set_language"), {"language": "es", "next": reverse("account")})
    ann.refresh_from_db()
    assert ann.language == "es"
    signed_in.post(reverse("set_language"), {"language": "tlh"})
    ann.refresh_from_db()
    assert ann.language == "es"


def test_account_page_saves_preferences_and_nothing_else(signed_in: Client, ann: User) -> None:
    form = {
        "name": "Ann Keji",
        "language": "fr",
        "time_zone": "Africa/Juba",
        "is_staff": "on",
        "email": "x@y.z",
    }
    assert signed_in.post(reverse("account"), form).status_code == 302
    ann.refresh_from_db()
    assert (ann.name, ann.language, ann.time_zone) == ("Ann Keji", "fr", "Africa/Juba")
    assert (ann.is_staff, ann.email) == (False, "ann@ngo.example")


@pytest.mark.parametrize(
    ("field", "value"), [("name", ""), ("name", "x" * 151), ("language", "tlh"), ("time_zone", "Mars/Base")]
)
def test_bad_preferences_are_answered_at_the_field(signed_in: Client, field: str, value: str) -> None:
    good = {"name": "Ann", "language": "en", "time_zone": "UTC"}
    answer = signed_in.post(reverse("account"), {**good, field: value})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]


def test_a_secret_is_shown_once(signed_in: Client, ann: User) -> None:
    page = signed_in.post(reverse("account_token_new"))
    secret = page.context["secret"]
    assert secret in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    token = AuthToken.objects.get()
    assert secret not in signed_in.get(reverse("account")).content.decode()
    assert secret not in token.digest


def test_only_the_owner_revokes_a_token(signed_in: Client, ann: User) -> None:
    other = User.objects.create_user("bol@un.example", None, name="Bol")
    mine, _ = token_create(ann)
    theirs, _ = token_create(other)
    assert signed_in.post(reverse("account_token_revoke", args=[theirs.digest])).status_code == 404
    assert signed_in.post(reverse("account_token_revoke", args=[mine.digest])).status_code == 302
    assert list(AuthToken.objects.all()) == [theirs]


def test_token_command_prints_a_token_that_works(ann: User) -> None:
    out = io.StringIO()
    call_command("token", "ANN@ngo.example", stdout=out, stderr=io.StringIO())
    assert ask("/api/v1/", authorization=f"Token {out.getvalue().strip()}")[0].user == ann


def test_token_command_refuses_nobody_and_leavers(ann: User) -> None:
    with pytest.raises(CommandError, match="Nobody may sign in"):
        call_command("token", "nobody@ngo.example")
    User.objects.update(is_active=False)
    with pytest.raises(CommandError, match="Nobody may sign in"):
        call_command("token", "ann@ngo.example")
