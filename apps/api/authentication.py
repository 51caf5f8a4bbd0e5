"""Who calls: the person that the portal's middleware has signed in, by token or session."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request


class PortalAuthentication(SessionAuthentication):
    """Takes over the person whom `accounts` signed in before the request began to act.

    A token needs no CSRF token; a session does. A token that is not valid is 401 even beside a valid session.
    """

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        """(person, None), or None for an anonymous call; AuthenticationFailed for a bad token."""
        inner: Any = request._request
        if getattr(inner, "token_error", None):
            raise AuthenticationFailed(_("This token is not valid, or no longer."))
        user = inner.user
        if not user.is_authenticated:
            return None
        if not getattr(inner, "token_auth", False):
            self.enforce_csrf(inner)
        return user, None

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return 'Token realm="CIMIC Portal"'


class PortalScheme(OpenApiAuthenticationExtension):
    """The same, as the OpenAPI document says it."""

    target_class = "apps.api.authentication.PortalAuthentication"
    name = ["token", "session"]

    def get_security_definition(self, auto_schema: Any) -> list[dict[str, str]]:
        """Token in a header, or the session's cookie."""
        from django.conf import settings

        return [
            {
                "type": "apiKey", "in": "header", "name": "Authorization",
                "description": "`Authorization: Token <token>`",
            },
            {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME},
        ]  # fmt: skip
