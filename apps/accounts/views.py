"""The pages of a person's own account. Signing in and the second factor are allauth's."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django.views.generic import UpdateView
from django.views.i18n import set_language
from knox.models import AuthToken

from apps.accounts import services
from apps.accounts.forms import AccountForm
from apps.accounts.models import User


class Account(LoginRequiredMixin, UpdateView):
    """Name, language, time zone; tokens; sessions."""

    form_class = AccountForm
    template_name = "accounts/account.html"
    success_url = reverse_lazy("account")

    def get_object(self, queryset: Any = None) -> User:
        """The signed-in person, read anew so that an invalid form does not change the page's head."""
        return User.objects.get(pk=cast("int", self.request.user.pk))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The person's tokens that still hold."""
        tokens = AuthToken.objects.filter(user_id=self.request.user.pk, expiry__gt=timezone.now())
        return super().get_context_data(tokens=tokens.order_by("-created"), **kwargs)

    def form_valid(self, form: ModelForm[User]) -> HttpResponse:
        """Save, and answer in the language just chosen."""
        form.save()
        translation.activate(services.known_language(form.instance.language))
        messages.success(self.request, _("Your account has been changed."))
        return redirect(self.get_success_url())

    def form_invalid(self, form: ModelForm[User]) -> HttpResponse:
        """The form with its messages, as 422."""
        return self.render_to_response(self.get_context_data(form=form), status=422)


@login_required
@never_cache
@require_POST
def token_new(request: HttpRequest) -> HttpResponse:
    """Make a token and show its secret this once."""
    assert isinstance(request.user, User)
    token, secret = services.token_create(request.user)
    return render(request, "accounts/token.html", {"token": token, "secret": secret})


@login_required
@require_POST
def token_delete(request: HttpRequest, digest: str) -> HttpResponse:
    """Revoke one of the person's own tokens; anybody else's does not exist."""
    assert isinstance(request.user, User)
    if services.token_revoke(request.user, digest) is None:
        raise Http404
    messages.success(request, _("The token has been revoked. Programs that use it are signed out."))
    return redirect("account")


@login_required
@require_POST
def sign_out_elsewhere(request: HttpRequest) -> HttpResponse:
    """End every other session of this person."""
    assert isinstance(request.user, User)
    services.sessions_end(request.user, keep=request)
    messages.success(request, _("You are signed out on every other device."))
    return redirect("account")


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Change the language, for good if the person is signed in, and return to the page."""
    code = request.POST.get("language", "")
    if request.user.is_authenticated and translation.check_for_language(code):
        User.objects.filter(pk=request.user.pk).update(language=services.known_language(code))
    return set_language(request)
