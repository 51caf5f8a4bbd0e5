"""The search page: records of all types that the reader may read, newest first, with where they say the words."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from apps.need_to_know.known import known_name
from apps.pages import values
from apps.pages.cursors import Place
from apps.pages.excerpts import Wanted, excerpts
from apps.pages.listing import PLACE
from apps.pages.searching import QUERY_MOST, Search, reference_in, referenced
from apps.pages.views.base import SignedInPage
from apps.records import exercises
from apps.records.actors import Actor
from apps.records.models import Record
from apps.records.registry import all_types, by_key

WORDS, TYPE = "q", "type"


def _types() -> list[tuple[str, Any]]:
    return [("", _("All")), *((t.key, capfirst(str(t.label_plural))) for t in all_types())]


class SearchForm(forms.Form):
    """Words, or a reference; and one type, or all."""

    q = forms.CharField(
        label=_("Words or reference"),
        max_length=QUERY_MOST,
        required=False,
        help_text=_("In titles, texts and comments; the last word may be its first letters."),
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "autocomplete": "off",
                "data-search": "",
                "aria-keyshortcuts": "Control+K",
            }
        ),
    )
    type = forms.ChoiceField(label=_("Type"), choices=_types, required=False)


class SearchPage(SignedInPage):
    """What is found; a whole reference leads straight to its record."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """The page. A hidden record's reference finds what that of no record finds: nothing, and the same offer."""
        form = SearchForm(request.GET)
        given = form.cleaned_data if form.is_valid() else {}
        words, of_type = given.get(WORDS, ""), given.get(TYPE, "")
        reference = reference_in(words)
        if reference and (record := referenced(self.actor, reference)):
            return redirect(record.get_absolute_url())
        context: dict[str, Any] = {"form": form, "words": words}
        if words:
            search = Search(
                self.actor, words, by_key(of_type) if of_type else None, request.GET.get(PLACE, "")
            )
            context |= _results(search, of_type) | {"ask_url": _ask_url(reference)}
        return render(request, "pages/search.html", context)


def _results(search: Search, of_type: str) -> dict[str, Any]:
    """What was found, as `pages/search.html` draws it."""
    page, wanted = search.page, Wanted(search.words)
    said = excerpts(page.rows, search.words)

    def url(place: Place | None) -> str:
        asked = {WORDS: search.words, TYPE: of_type, PLACE: place.text(search.order) if place else ""}
        return "?" + urlencode({name: value for name, value in asked.items() if value})

    return {
        "entries": [_entry(search.actor, record, wanted, said.get(record.pk, [])) for record in page.rows],
        "count_text": search.count_text,
        "newer_url": "" if page.is_first else url(page.newer),
        "older_url": url(page.older) if page.older else "",
    }


def _entry(actor: Actor, record: Record, wanted: Wanted, excerpt: Any) -> dict[str, Any]:
    declared = record.record_type
    return {
        "type_label": capfirst(str(declared.label)),
        "reference": record.reference,
        "title": wanted.marked(record.title),
        "exercise": exercises.stands_apart(actor, record),
        "url": declared.url(record),
        "state": values.state_of(declared, record.state),
        "priority": record.priority,
        "organisation": known_name(actor, record.originator),
        "at": record.created_at,
        "excerpt": excerpt,
    }


def _ask_url(reference: str) -> str:
    """Where to ask for access to the record of a reference; empty without a reference."""
    if not reference:
        return ""
    try:
        return f"{reverse('access:ask')}?{urlencode({'reference': reference})}"
    except NoReverseMatch:
        return ""
