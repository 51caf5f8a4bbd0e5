"""How one wants to be told: what comes when, when nothing comes, who has one's work meanwhile, what one follows."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.notifications.chain import Chain
from apps.notifications.devices import push_context
from apps.notifications.forms import AWAY, DIGESTS, QUIET, PreferenceForm
from apps.notifications.models import BouncedAddress
from apps.notifications.preferences import CHOSEN, defaults_for
from apps.notifications.services import preference_of, preference_save, subscription_end
from apps.notifications.subscriptions import by_key, followed
from apps.pages import errors
from apps.pages.names import Names
from apps.pages.views.base import SignedInPage


class Preferences(SignedInPage):
    """One page for all of it."""

    def form(self, data: Any = None) -> PreferenceForm:
        """The form, as things stand."""
        person = self.person()
        usual = defaults_for([person.pk], self.actor.mission.pk)[person.pk]
        return PreferenceForm(data, instance=preference_of(person), usual=usual)

    def person(self) -> User:
        """Whose they are."""
        assert self.actor.user is not None
        return self.actor.user

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page."""
        return self.page(self.form())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Save them; what is wrong is said at its field."""
        form = self.form(request.POST)
        if not form.is_valid():
            return self.page(form, 422)
        try:
            preference_save(self.actor, changes=form.cleaned_data)
        except ValidationError as refusal:
            for name, texts in errors.errors_of(refusal).items():
                form.add_error(name if name in form.fields else None, texts)
            return self.page(form, 422)
        messages.success(request, _("Your choice is in force."))
        return redirect("notifications:preferences")

    def page(self, form: PreferenceForm, status: int = 200) -> HttpResponse:
        """Draw it."""
        person = self.person()
        bounced = BouncedAddress.objects.filter(person=person, email=person.email).first()
        context = {
            "form": form,
            "kinds": [form[kind.value] for kind in CHOSEN],
            "digests": [form[name] for name in DIGESTS],
            "quiet": [form[name] for name in QUIET],
            "away": [form[name] for name in AWAY],
            "standing_in": self.standing_in(),
            "followed": followed(self.actor),
            "bounced": bounced,
            **push_context(self.request),
        }
        return render(self.request, "notifications/preferences.html", context, status=status)

    def standing_in(self) -> list[dict[str, Any]]:
        """Who has the work of each of one's positions while one is away: by name, as far as one may know it."""
        positions, me = self.actor.positions, self.person().pk
        chain = Chain([position.pk for position in positions], away={me})
        found = {position.pk: chain.acting_for(position.pk).now for position in positions}
        names = Names(self.actor)
        names.want(User, {person for people in found.values() for person in people})
        names.load()
        return [
            {"position": position, "people": [names.person(person) for person in sorted(found[position.pk])]}
            for position in positions
        ]


class Unfollow(SignedInPage):
    """Ends one of one's own subscriptions."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, subscription: str) -> HttpResponse:
        """End it."""
        found = by_key(self.actor, subscription)
        if found is None:
            raise Http404
        subscription_end(self.actor, subscription=found)
        messages.success(request, _("You are told as before."))
        return redirect("notifications:preferences")
