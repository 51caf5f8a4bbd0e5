"""How sign-in differs from allauth's own: accounts are given by administrators, and mail is the portal's."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Nobody opens an account; subjects carry no site name that the deployment has not set."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: a mission's administrator invites people."""
        return False

    def format_email_subject(self, subject: str) -> str:
        """The subject with the portal's name in front."""
        return f"[CIMIC Portal] {subject}"
