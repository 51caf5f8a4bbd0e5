"""Addresses of the pages room itself: a record by its reference, a person's saved views."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from apps.pages import naming
from apps.pages.forms import SavedViewForm
from apps.pages.listing import Listing
from apps.pages.models import SavedView
from apps.pages.views.base import SignedInPage, list_url
from apps.records.models import Record
from apps.records.registry import RecordType, all_types, by_key

VIEWS_MOST = 50


class ByReference(SignedInPage):
    """Opens a record by its reference; a hidden one and a missing one are the same 404."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        """On to the record."""
        found = Record.objects.filter(mission=self.actor.mission, reference=reference.strip().upper()).first()
        if found is None:
            raise Http404
        return redirect(found.get_absolute_url())


class NamesLike(SignedInPage):
    """Proposals for a field in which somebody is named: options of a datalist."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Names like what is typed; `kind` says of which kinds, all of them without it."""
        typed = next((request.GET[name] for name in ("to", "reader") if name in request.GET), "")
        wanted = frozenset(request.GET.getlist("kind")) or naming.all_kinds()
        found = naming.candidates(self.actor, typed[:200], wanted)
        return render(request, "pages/_names_like.html", {"found": found})


class SavedViewNew(SignedInPage):
    """Keeps the filters and the order of a list under a name, for the person alone."""

    def get(self, request: HttpRequest, plural: str) -> HttpResponse:
        """The form."""
        return self.page(self.type_or_404(plural), SavedViewForm())

    def type_or_404(self, plural: str) -> type[RecordType]:
        """The record type with that path."""
        found = next((t for t in all_types() if t.plural == plural), None)
        if found is None:
            raise Http404
        return found

    def post(self, request: HttpRequest, plural: str) -> HttpResponse:
        """Save it; a known name keeps its newest filters."""
        declared = self.type_or_404(plural)
        form = SavedViewForm(request.POST)
        if not form.is_valid():
            return self.page(declared, form, 422)
        mine = self.mine().filter(record_type=declared.key)
        query = Listing(self.actor, declared, request.GET).kept_query()
        if mine.count() >= VIEWS_MOST or len(query) > 2000:
            form.add_error(None, _("This is too much to keep. Delete a view first, or use fewer filters."))
            return self.page(declared, form, 422)
        try:
            with transaction.atomic():
                if form.cleaned_data["is_default"]:
                    mine.filter(is_default=True).update(is_default=False)
                mine.update_or_create(
                    name=form.cleaned_data["name"],
                    defaults={"query": query, "is_default": form.cleaned_data["is_default"]},
                    create_defaults={
                        "mission": self.actor.mission,
                        "owner": self.actor.user,
                        "record_type": declared.key,
                        "query": query,
                        "is_default": form.cleaned_data["is_default"],
                    },
                )
        except IntegrityError:
            form.add_error("name", _("This was saved in another window at the same time. Try again."))
            return self.page(declared, form, 409)
        return redirect(f"{list_url(declared)}?{query}")

    def mine(self) -> Any:
        """The person's own views in this mission."""
        return SavedView.objects.filter(owner_id=self.actor.user_id, mission=self.actor.mission)

    def page(self, declared: type[RecordType], form: SavedViewForm, status: int = 200) -> HttpResponse:
        """Draw the form."""
        listing = Listing(self.actor, declared, self.request.GET)
        context = {
            "form": form,
            "summary": [{"label": each["label"], "value": each["value"]} for each in listing.described()],
            "cancel_url": f"{list_url(declared)}?{listing.kept_query()}",
        }
        return render(self.request, "pages/saved_view.html", context, status=status)


class SavedViewDelete(SignedInPage):
    """Forgets one of the person's own views."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Forget it and show the whole list."""
        view = SavedView.objects.filter(owner_id=self.actor.user_id, uuid=uuid).first()
        if view is None:
            raise Http404
        declared = by_key(view.record_type)
        view.delete()
        return redirect(f"{list_url(declared)}?all=1")
