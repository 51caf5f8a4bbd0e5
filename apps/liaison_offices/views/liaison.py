"""Pages beside the records: the matrix, a link between two organisations, whom to call in an area."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.liaison_offices import calling, matrix, selectors, shown
from apps.liaison_offices.link_forms import LinkForm
from apps.liaison_offices.models import LiaisonLink
from apps.liaison_offices.services import link_save
from apps.pages.views.base import SignedInPage
from apps.records.errors import NotPermitted


class MatrixPage(SignedInPage):
    """Who speaks to whom, and where nobody does."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The grid, and below it every link, those with problems first."""
        found = matrix.read(self.actor, request.GET)
        return render(request, "liaison_offices/matrix.html", shown.matrix_page(self.actor, found))


class WhoToCall(SignedInPage):
    """Whom to call in an area."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Offices, organisations, what was agreed and what is open there."""
        context = calling.in_area(self.actor, request.GET.get("area", "")[:20].replace("\0", ""))
        return render(request, "liaison_offices/who_to_call.html", context)


class LinkNew(SignedInPage):
    """A new link."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """An empty form; the ends may be proposed in the address by reference."""
        if not selectors.writes_links(self.actor):
            return self.page(LinkForm(actor=self.actor), 403, closed=True)
        initial = {name: request.GET.get(name, "")[:230].replace("\0", "") for name in ("a", "b")}
        return self.page(LinkForm(actor=self.actor, initial=initial))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Store it."""
        return self.stored(LinkForm(request.POST, actor=self.actor))

    def stored(self, form: LinkForm) -> HttpResponse:
        """Store what is valid; refusals stand at the field."""
        if not form.is_valid():
            return self.page(form, 422)
        link = form.save(commit=False)
        if link.pk is None:
            link.a, link.b = form.cleaned_data["a"], form.cleaned_data["b"]
        try:
            link_save(self.actor, link=link)
        except NotPermitted:
            form.add_error(
                None,
                _(
                    "You link organisations whose record you keep; CMCoord and CIMIC officers link others too."
                ),
            )
            return self.page(form, 403)
        if form.warning:
            messages.warning(
                self.request, _("Saved, against the rule: %(reason)s") % {"reason": form.warning}
            )
        else:
            messages.success(self.request, _("Saved."))
        return redirect("liaison_offices:between", pair=link.uuid)

    def page(self, form: LinkForm, status: int = 200, *, closed: bool = False) -> HttpResponse:
        """Draw the form."""
        link = form.instance
        known = link.pk is not None
        context: dict[str, Any] = {
            "form": form,
            "lines": form.lines(),
            "closed": closed,
            "page_title": _("Liaison link") if known else _("New liaison link"),
            "ends": [
                {"name": end.title, "url": end.record_type.url(end)}
                for end in ((link.a, link.b) if known else ())
            ],
            "last": link.last_contact_on if known else None,
            "cancel_url": reverse("liaison_offices:matrix"),
        }
        return render(self.request, "liaison_offices/link.html", context, status=status)


class LinkEdit(LinkNew):
    """One link; changed by whoever may, read by everybody who knows both ends."""

    def link_or_404(self, pair: UUID) -> LiaisonLink:
        """The link, or Http404."""
        found = (
            LiaisonLink.objects.filter(uuid=pair, a__mission=self.actor.mission)
            .select_related("a", "b")
            .first()
        )
        if found is None:
            raise Http404
        return found

    def get(self, request: HttpRequest, pair: UUID) -> HttpResponse:  # type: ignore[override]
        """The form, filled in."""
        return self.page(LinkForm(actor=self.actor, instance=self.link_or_404(pair)))

    def post(self, request: HttpRequest, pair: UUID) -> HttpResponse:  # type: ignore[override]
        """Store what changed."""
        return self.stored(LinkForm(request.POST, actor=self.actor, instance=self.link_or_404(pair)))
