"""The list of a record type, its export, and the audience preview of its forms."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.need_to_know.grants import may_share
from apps.need_to_know.models import Right
from apps.pages import exporting, naming, readers, values
from apps.pages.forms import LabelForm
from apps.pages.listing import ALL, KIND, PLACE, SORT, Listing
from apps.pages.models import SavedView
from apps.pages.share_panel import Standing
from apps.pages.sharing_forms import GrantForm, right_words
from apps.pages.views.base import TypePage, list_url
from apps.pages.views.outgoing import OutgoingPage
from apps.records.models import Record
from apps.records.originators import FiledAs, ways_to_file
from apps.records.services import is_editor

MORE = "more"
_SELDOM = frozenset({"area", "sector", "organisation", "date_range"})


class RecordList(TypePage):
    """The list people work from: columns, order, filters in the address, saved views, pages by place."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """The list; without a query string the person's own start view, if there is one."""
        declared = self.record_type
        views = list(
            SavedView.objects.filter(
                owner_id=self.actor.user_id, mission=self.actor.mission, record_type=declared.key
            )
        )
        if not request.GET and not request.htmx:  # type: ignore[attr-defined]
            start = next((view for view in views if view.is_default), None)
            if start is not None and start.query:
                return redirect(f"{list_url(declared)}?{start.query}")
        listing = Listing(self.actor, declared, request.GET)
        return render(request, "pages/list.html", self.context(listing, views))

    def context(self, listing: Listing, views: list[SavedView]) -> dict[str, Any]:
        """What `pages/list.html` draws."""
        declared, base = self.record_type, list_url(self.record_type)
        may_file = declared.may_file(self.actor)
        new = {
            "label": _("New"),
            "url": reverse(f"{declared.url_namespace}:new"),
            "icon": "plus",
            "style": "primary",
        }
        page, kept = listing.page, listing.kept_query()
        filter_form = listing.filterset.form
        if listing.query.get(SORT):
            filter_form.fields[SORT] = forms.CharField(widget=forms.HiddenInput, required=False)
        export = reverse(f"{declared.url_namespace}:export")
        fields = self._filter_fields(listing, filter_form)
        whole = len(fields) == len(filter_form.visible_fields())
        return {
            "title": declared.label_plural,
            "exercise": listing.is_of_exercises,
            "exercises_url": self._exercises_url(listing),
            "actions": [new] if may_file else [],
            "saved_views": self._views(views, kept),
            "save_view_url": f"{reverse('pages:view-new', args=[declared.plural])}?{kept}" if kept else "",
            "filter_form": filter_form,
            "filter_fields": fields,
            "more_filters_url": "" if whole else f"{base}?{'&'.join(filter(None, [kept, f'{MORE}=1']))}",
            "active_filters": listing.described(),
            "clear_url": f"{base}?{ALL}=1" if kept else "",
            "count_text": listing.count_text,
            "exports": [
                {"label": label, "url": f"{export}{listing.url(format=kind)}"}
                for kind, label in self.formats()
            ],
            "share_many_url": self._share_many_url(listing),
            "table": self._table(listing),
            "newer_url": self._newer(listing),
            "older_url": listing.place_url(page.older) if page.older else "",
            "empty": {
                "title": _("Nothing here that you can read"),
                "text": _("What you file, and what others share with you, appears here."),
                "action": new if may_file else None,
            },
        }

    def _exercises_url(self, listing: Listing) -> str:
        """Where the exercises stand that this list leaves out; empty where it leaves out none."""
        return f"{list_url(self.record_type)}?{KIND}={listing.leaves_out[0]}" if listing.leaves_out else ""

    def formats(self) -> list[tuple[str, str]]:
        """(format, words) of the files that the list is given out as."""
        return [("csv", _("CSV file")), ("xlsx", _("Excel workbook"))]

    def _share_many_url(self, listing: Listing) -> str:
        """Where all that the list shows is shared at once; empty when there is nothing, or nothing of theirs."""
        own = {position.organisation_id for position in self.actor.positions}
        if not any(record.originator_id in own for record in listing.page.rows):
            return ""
        return f"{reverse(f'{self.record_type.url_namespace}:share-many')}{listing.url()}"

    def _filter_fields(self, listing: Listing, form: Any) -> list[Any]:
        """The fields of the filters: those with long choices, and spans of days, only when asked for or in use.

        WHY: choices of areas and organisations weigh as much as the rows.
        """
        seldom = tuple(each.key for each in self.record_type.filters if each.kind in _SELDOM)
        fields = list(form.visible_fields())
        if MORE in listing.query or any(name.startswith(seldom) for name in listing.active):
            return fields
        return [field for field in fields if not field.name.startswith(seldom)]

    def _newer(self, listing: Listing) -> str:
        if listing.page.is_first:
            return ""
        return listing.place_url(listing.page.newer)

    def _views(self, views: list[SavedView], kept: str) -> list[dict[str, Any]]:
        base = list_url(self.record_type)
        made = [
            {
                "name": view.name,
                "url": f"{base}?{view.query}",
                "current": view.query == kept,
                "delete_url": reverse("pages:view-delete", args=[view.uuid]),
            }
            for view in views
        ]
        if made:
            made.insert(0, {"name": _("All"), "url": f"{base}?{ALL}=1", "current": not kept})
        return made

    def _table(self, listing: Listing) -> dict[str, Any]:
        declared = self.record_type
        primary = next((c.key for c in declared.columns if c.field == "title"), declared.columns[0].key)
        columns = []
        for column in declared.columns:
            sorted_ = None
            if column.sort and listing.sort.removeprefix("-") == column.sort:
                sorted_ = "descending" if listing.sort.startswith("-") else "ascending"
            columns.append(
                {
                    "key": column.key,
                    "label": column.label,
                    "kind": column.kind,
                    "primary": column.key == primary,
                    "wide": column.wide,
                    "sort_url": listing.sort_url(column) if column.sort else "",
                    "sorted": sorted_,
                }
            )
        rows = [
            {
                "url": declared.url(record),
                "cells": [
                    {**values.cell(declared, column, record, self.actor), "column": shown}
                    for column, shown in zip(declared.columns, columns, strict=True)
                ],
            }
            for record in listing.page.rows
        ]
        return {"columns": columns, "rows": rows}


class RecordExport(OutgoingPage):
    """What the list shows under its filters, as a file that carries its marking."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """A CSV file, or an Excel workbook for `format=xlsx`."""
        query = request.GET.copy()
        wanted = query.pop("format", ["csv"])[-1]
        query.pop(PLACE, None)
        export = exporting.export_of(self.actor, Listing(self.actor, self.record_type, query))
        asked = self.question(export.rows, list_url(self.record_type))
        return asked or exporting.answer(export, as_workbook=wanted == "xlsx")

    post = get


class AudiencePreview(TypePage):
    """Who would read a record under the label, or with the grant, that a form proposes. Nothing is saved."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """The fragment `_audience.html`; the record, if any, is named by `record` in the address."""
        record = self._record(request.GET.get("record", ""))
        # SECURITY: labels and names tried out one by one would tell any reader what others are cleared for.
        if record is not None and not (is_editor(self.actor, record) or may_share(self.actor, record)):
            return HttpResponse(status=403)
        if "to" in request.POST and record is not None:
            return self._fragment(request, self._with_grant(record))
        return self._fragment(request, self._with_label(record))

    def _record(self, uuid: str) -> Record | None:
        try:
            return (
                Record.objects.select_related("originator", "author_position", "mission")
                .filter(uuid=UUID(uuid), type=self.record_type.key)
                .first()
            )
        except ValueError:
            return None

    def _with_label(self, record: Record | None) -> dict[str, Any]:
        filed_as = FiledAs(record.author_position, record.originator) if record else self._way()
        proposed = record or Record(mission=self.actor.mission)
        form = LabelForm(self.request.POST, actor=self.actor, record=proposed)
        if filed_as is None or not form.is_valid():
            return {"audience_error": _("Choose a label to see who will read this.")}
        label = form.cleaned_data
        return {
            "audience": readers.proposed(
                self.actor,
                record=record,
                filed_as=filed_as,
                scope=label["scope"],
                classification=label["classification"],
                compartments=label.get("compartments", []),
                data_types=label.get("data_types", []),
            )
        }

    def _way(self) -> FiledAs | None:
        """The way that the form names; else the first one."""
        wanted = self.request.POST.get("position", "")
        ways = ways_to_file(self.actor, self.record_type)
        named = next((way for way in ways if way.code == wanted), None)
        return named or next(iter(ways), None)

    def _with_grant(self, record: Record) -> dict[str, Any]:
        """With whoever the form names; right and end as far as they are sound already."""
        standing = Standing(self.actor, record)
        form = GrantForm(self.request.POST, actor=self.actor, record=record, rights=standing.rights)
        form.is_valid()
        given = form.cleaned_data
        to, end = given.get("to"), given.get("end")
        more = [] if to is None else [naming.principal_of(to)]
        found = readers.with_more(self.actor, record, more, until=end)
        if to is not None and given.get("right"):
            found["notes"] = [
                _("%(name)s: may %(right)s.")
                % {
                    "name": form.fields["to"].widget.shown,
                    "right": right_words(record)[Right(given["right"])],
                }
            ]
        return {"audience": found}

    def _fragment(self, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
        return render(request, "pages/_audience.html", context)
