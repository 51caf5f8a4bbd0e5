"""Who a request comes from, and how that person reads: tokens of the API, language and time zone.

Not here: in which mission and position the person acts; that is `apps.need_to_know`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from knox.auth import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed

from apps.accounts.services import known_language, known_zone

Respond = Callable[[HttpRequest], HttpResponse]

API_PREFIX = "/api/"


class PresentedToken(TokenAuthentication):
    """Looks at the token shown and at no other; knox would read all the person's tokens for each call."""

    def _cleanup_token(self, auth_token: Any) -> bool:
        """Whether the token is over; it is then deleted."""
        if auth_token.expiry is None or auth_token.expiry >= timezone.now():
            return False
        auth_token.delete()
        return True


class TokenMiddleware:
    """Signs `Authorization: Token …` in, under /api/ alone, and tells so in `request.token_auth`.

    A token that is wrong, expired or of somebody who may not sign in leaves the request anonymous, whatever
    session it carries, with the reason in `request.token_error`; answering 401 is the API's matter.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response
        self.scheme = PresentedToken()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Sign the bearer of a token in for this request."""
        request.token_auth = False  # type: ignore[attr-defined]
        request.token_error = ""  # type: ignore[attr-defined]
        if request.path_info.startswith(API_PREFIX) and "Authorization" in request.headers:
            self._sign_in(request)
        return self.get_response(request)

    def _sign_in(self, request: HttpRequest) -> None:
        try:
            found = self.scheme.authenticate(request)
        except (AuthenticationFailed, UnicodeDecodeError) as error:
            # SECURITY: a request that shows a token stands or falls with it; no session helps.
            request.user = AnonymousUser()
            request.token_error = str(getattr(error, "detail", "")) or "Invalid token."  # type: ignore[attr-defined]
            return
        if found is not None:
            request.user = found[0]
            request.token_auth = True  # type: ignore[attr-defined]


class PreferencesMiddleware:
    """Shows each person's language and time zone; without one, what LocaleMiddleware chose, in UTC.

    A program that signs in by token may ask for another language with Accept-Language.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the person's language and zone."""
        person = request.user
        if not person.is_authenticated:
            return self.get_response(request)
        by_token = getattr(request, "token_auth", False)
        if not (by_token and "Accept-Language" in request.headers):
            translation.activate(known_language(person.language))
            request.LANGUAGE_CODE = translation.get_language()
        with timezone.override(known_zone(person.time_zone)):
            return self.get_response(request)
