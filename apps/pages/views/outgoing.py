"""Pages that give something out to be kept: prints, exports, files. They may have to ask what for."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from apps.pages.leaving import PURPOSE_MOST, must_say_what_for
from apps.pages.views.base import TypePage
from apps.records.models import Record


class PurposeForm(forms.Form):
    """What somebody prints, exports or downloads something restricted for."""

    purpose = forms.CharField(
        label=_("What do you need it for?"), max_length=PURPOSE_MOST,
        help_text=_("The originator reads this in the log of who read the record."),
    )  # fmt: skip


class OutgoingPage(TypePage):
    """A page that gives something out; when it asks what for, the answer comes by POST to the same address."""

    http_method_names = ["get", "post", "head", "options"]

    def question(self, records: Sequence[Record], back_url: str) -> HttpResponse | None:
        """The page that asks what for; None when nobody asks, or when it was said: then the log will have it."""
        if not must_say_what_for(self.actor, records):
            return None
        form = PurposeForm(self.request.POST if self.request.method == "POST" else None)
        if form.is_valid():
            self.request.read_purpose = form.cleaned_data["purpose"]  # type: ignore[attr-defined]
            return None
        context = {"form": form, "back_url": back_url, "action": self.request.get_full_path()}
        # WHY: nothing was shown yet, so nothing is logged: only answers that succeed are.
        return render(self.request, "pages/purpose.html", context, status=422)
