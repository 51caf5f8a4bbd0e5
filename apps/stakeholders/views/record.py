"""Pages of stakeholders: the portal's own record pages bound to this type, proposals of names, and relations."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.pages import views
from apps.pages.listing import Listing
from apps.pages.names import Names
from apps.pages.views.base import RecordPage, SignedInPage, head, list_url
from apps.records.errors import NotPermitted
from apps.records.registry import RecordType
from apps.records.services import is_editor
from apps.stakeholders import briefing, files, selectors
from apps.stakeholders.organisations_export import organisations_table
from apps.stakeholders.record import StakeholderType
from apps.stakeholders.relating import RelationForm, relation_add, relation_remove


class StakeholderList(views.RecordList):
    """The register as people work from it."""

    record_type: ClassVar[type[RecordType]] = StakeholderType

    def context(self, listing: Any, saved: Any) -> dict[str, Any]:
        """With the way to bring a table, for whoever may file, and to who does what, where."""
        made = super().context(listing, saved)
        if made["actions"]:
            way = {"label": _("Import a table"), "url": reverse("stakeholders:import"), "icon": "upload"}
            made["actions"] = [way, *made["actions"]]
        where = {
            "label": _("Who does what, where"),
            "url": reverse("stakeholders:presence"),
            "icon": "map-pin",
        }
        made["actions"] = [where, *made["actions"]]
        return made

    def formats(self) -> list[tuple[str, str]]:
        """The usual files, and one with HXL hashtags."""
        return [*super().formats(), ("hxl", _("CSV file with HXL hashtags"))]


class StakeholderNew(views.RecordNew):
    """Starting a file."""

    record_type: ClassVar[type[RecordType]] = StakeholderType


class StakeholderEdit(views.RecordEdit):
    """One step of the form."""

    record_type: ClassVar[type[RecordType]] = StakeholderType


class StakeholderTransition(views.RecordTransition):
    """A step of the workflow."""

    record_type: ClassVar[type[RecordType]] = StakeholderType


class StakeholderHistory(views.RecordHistory):
    """All that happened."""

    record_type: ClassVar[type[RecordType]] = StakeholderType


class StakeholderShare(views.RecordShare):
    """Who reads it, and who is given the right."""

    record_type: ClassVar[type[RecordType]] = StakeholderType


class StakeholderShareMany(views.ShareMany):
    """Sharing all that the list shows."""

    record_type: ClassVar[type[RecordType]] = StakeholderType


class StakeholderReads(views.RecordReads):
    """Who read it."""

    record_type: ClassVar[type[RecordType]] = StakeholderType


class StakeholderStill(views.RecordStill):
    """Whether an open page may still show it."""

    record_type: ClassVar[type[RecordType]] = StakeholderType


class StakeholderPrint(views.RecordPrint):
    """The print view."""

    record_type: ClassVar[type[RecordType]] = StakeholderType


class StakeholderPdf(views.RecordPdf):
    """The print as a file."""

    record_type: ClassVar[type[RecordType]] = StakeholderType


class StakeholderExport(views.RecordExport):
    """The list as a file; `format=hxl` tags it with HXL hashtags."""

    record_type: ClassVar[type[RecordType]] = StakeholderType

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """The file, once it was said what for where the mission asks that."""
        if request.GET.get("format") != "hxl":
            return super().get(request)
        query = request.GET.copy()
        query.pop("format")
        table = organisations_table(self.actor, Listing(self.actor, self.record_type, query))
        asked = self.question(list(table.rows), list_url(self.record_type))
        return asked or files.answer(table, "hxl")

    post = get


class StakeholderAudiencePreview(views.AudiencePreview):
    """Who would read it under a label not saved yet."""

    record_type: ClassVar[type[RecordType]] = StakeholderType


class StakeholderCommentAdd(views.CommentAdd):
    """A comment."""

    record_type: ClassVar[type[RecordType]] = StakeholderType


class StakeholderAttachmentAdd(views.AttachmentAdd):
    """A file, added."""

    record_type: ClassVar[type[RecordType]] = StakeholderType


class StakeholderAttachmentDownload(views.AttachmentDownload):
    """A file, read."""

    record_type: ClassVar[type[RecordType]] = StakeholderType


class StakeholderLinkAdd(views.LinkAdd):
    """A link to another record."""

    record_type: ClassVar[type[RecordType]] = StakeholderType


class StakeholderDetail(views.RecordDetail):
    """The page that says what to know before one calls them."""

    record_type: ClassVar[type[RecordType]] = StakeholderType

    def more(self, record: Any, contents: Any, names: Names) -> dict[str, Any]:
        """How it is engaged, by whom, what was last agreed and what is open; and its relations."""
        return briefing.page_context(self.actor, record, contents, names, edits=is_editor(self.actor, record))

    def template(self) -> str:
        """The generic page with the brief above everything else."""
        return "stakeholders/detail.html"


class NamesLike(SignedInPage):
    """Proposals for a field in which a stakeholder is named: options of a datalist."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Those like what is typed into the field that `of` names; with `engaged`, only whom the person may engage."""
        typed = request.GET.get(request.GET.get("of", ""), "")
        found = selectors.candidates(self.actor, typed[:200], engaged="engaged" in request.GET)
        offered = [{"label": selectors.named(each), "kind": each.get_kind_label()} for each in found]
        return render(request, "pages/_names_like.html", {"found": offered})


class RelationAdd(RecordPage):
    """What the organisation is to another."""

    record_type: ClassVar[type[RecordType]] = StakeholderType

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """The form."""
        record = self.kept(uuid)
        if isinstance(record, HttpResponse):
            return record
        return self.page(record, RelationForm(actor=self.actor, record=record))

    def kept(self, uuid: UUID) -> Any:
        """The record, or the page that says that it is not theirs to change."""
        record = self.record_or_404(uuid)
        if not is_editor(self.actor, record):
            return self.refused(record, NotPermitted(), 403)
        return record

    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Add it, or take one back, and go back to the record."""
        record = self.kept(uuid)
        if isinstance(record, HttpResponse):
            return record
        if kind := request.POST.get("remove"):
            relation_remove(self.actor, record=record, kind=kind, target=request.POST.get("target", ""))
            return redirect(f"{StakeholderType.url(record)}#relations")
        form = RelationForm(request.POST, actor=self.actor, record=record)
        if not form.is_valid():
            return self.page(record, form, 422)
        relation_add(
            self.actor, source=record, target=form.cleaned_data["target"], kind=form.cleaned_data["kind"]
        )
        return redirect(f"{StakeholderType.url(record)}#relations")

    def page(self, record: Any, form: RelationForm, status: int = 200) -> HttpResponse:
        """Draw the form."""
        context = {
            **head(StakeholderType, record, Names(self.actor), tabs=False),
            "form": form,
            "page_title": _("Relation to another organisation"),
            "submit": _("Add the relation"),
            "cancel_url": StakeholderType.url(record),
        }
        return render(self.request, "stakeholders/small_form.html", context, status=status)
