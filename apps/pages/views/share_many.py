"""Sharing all that a list shows under its filters with one reader, after a page that says how many that is."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.mission.models import Holding
from apps.need_to_know.grants import grant_give_many
from apps.pages import errors
from apps.pages.listing import PLACE, Listing
from apps.pages.sharing_forms import ShareManyForm
from apps.pages.views.base import TypePage, list_url
from apps.records.errors import NotPermitted, RecordError

MOST = 10_000


class ShareMany(TypePage):
    """One grant to read for each record of the filtered list: all of them, or none."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """The form."""
        listing = self.listing()
        return self.page(listing, ShareManyForm(actor=self.actor))

    def listing(self) -> Listing:
        """The list that the address describes."""
        query = self.request.GET.copy()
        query.pop(PLACE, None)
        return Listing(self.actor, self.record_type, query)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """First the page that says what would happen; with `sure` set to the same number, do it."""
        listing, form = self.listing(), ShareManyForm(request.POST, actor=self.actor)
        number = self.number(listing)
        if not form.is_valid() or not 0 < number <= MOST:
            return self.page(listing, form, 422)
        given = form.cleaned_data
        if given["sure"] != number:
            return self.page(listing, form, sure=True)
        try:
            done = grant_give_many(
                self.actor,
                records=listing.filtered,
                to=given["to"],
                reason=given["reason"],
                until=given["end"],
            )
        except NotPermitted:
            form.add_error(
                None,
                _(
                    "At least one of these records is not yours to share, so none was shared. Narrow the list."
                ),
            )
            return self.page(listing, form, 403)
        except (RecordError, ValidationError) as error:
            errors.put(form, error, self.record_type)
            return self.page(listing, form, errors.status_of(error))
        said = ngettext(
            "%(number)s record shared with %(name)s.", "%(number)s records shared with %(name)s.", done
        )
        widget: Any = form.fields["to"].widget
        messages.success(
            request, said % {"number": number_format(done, force_grouping=True), "name": widget.shown}
        )
        return redirect(self.back(listing))

    def number(self, listing: Listing) -> int:
        """How many records the list holds, at most one more than can be shared at once."""
        return int(listing.filtered.order_by()[: MOST + 1].values("pk").count())

    def back(self, listing: Listing) -> str:
        """The list again."""
        return f"{list_url(self.record_type)}{listing.url()}"

    def page(
        self, listing: Listing, form: ShareManyForm, status: int = 200, *, sure: bool = False
    ) -> HttpResponse:
        """Draw the form, or the page that asks whether to do it."""
        number = self.number(listing)
        shown = number_format(min(number, MOST), force_grouping=True)
        widget: Any = form.fields["to"].widget
        if sure:
            data = self.request.POST.copy()
            data["sure"] = str(number)
            form.data = data
        context = {
            "title": self.record_type.label_plural,
            "form": form,
            "sure": sure,
            "name": widget.shown,
            "end": form.cleaned_data.get("end") if sure else None,
            "reason": form.cleaned_data.get("reason") if sure else "",
            "holders": self.holders(form) if sure else None,
            "number": number,
            "count_text": ngettext("%(number)s record", "%(number)s records", number) % {"number": shown},
            "too_many": number > MOST,
            "most": number_format(MOST, force_grouping=True),
            "summary": listing.described(),
            "action": self.request.get_full_path(),
            "cancel_url": self.back(listing),
        }
        return render(self.request, "pages/share_many.html", context, status=status)

    def holders(self, form: ShareManyForm) -> int:
        """How many people stand behind the reader now."""
        to = form.cleaned_data["to"]
        held = Holding.objects.current().filter(
            position__is_active=True, position__mission=self.actor.mission
        )
        by_position, by_organisation = (
            held.filter(position__group_id=to.group_id), held.filter(position__organisation__group_id=to.group_id)
        )  # fmt: skip
        return (by_position | by_organisation).values("person_id").distinct().count()
