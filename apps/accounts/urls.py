"""Addresses of a person's own account. They stand before allauth's, which they partly close."""

from __future__ import annotations

from django.urls import path
from django.views.generic import RedirectView

from apps.accounts import views

urlpatterns = [
    path("", views.Account.as_view(), name="account"),
    path("tokens/new/", views.token_new, name="account_token_new"),
    path("tokens/<slug:digest>/revoke/", views.token_delete, name="account_token_revoke"),
    path("sessions/end/", views.sign_out_elsewhere, name="account_sessions_end"),
    path("language/", views.language, name="set_language"),
    # SECURITY: an address added here could reset the password; addresses are given by administrators.
    path("email/", RedirectView.as_view(pattern_name="account"), name="account_email_closed"),
]
