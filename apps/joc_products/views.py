"""Pages of JOC products: the portal's own record pages bound to this type; writing a section; what follows one."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from apps.joc_products import services, shown
from apps.joc_products.record import JocProductType
from apps.pages import errors, values, views
from apps.pages.contents import Contents
from apps.pages.names import Names
from apps.pages.views.base import RecordPage
from apps.records.errors import RecordError, StaleRecord
from apps.records.registry import RecordType
from apps.records.workflow import Transition

OF_SECTIONS = ("contribute", "edit")


class JocProductList(views.RecordList):
    """The list people work from."""

    record_type: ClassVar[type[RecordType]] = JocProductType


class JocProductNew(views.RecordNew):
    """Starting a product."""

    record_type: ClassVar[type[RecordType]] = JocProductType


class JocProductEdit(views.RecordEdit):
    """One step of the form."""

    record_type: ClassVar[type[RecordType]] = JocProductType


class JocProductHistory(views.RecordHistory):
    """All that happened."""

    record_type: ClassVar[type[RecordType]] = JocProductType


class JocProductShare(views.RecordShare):
    """Who reads it, and who is given the right."""

    record_type: ClassVar[type[RecordType]] = JocProductType


class JocProductShareMany(views.ShareMany):
    """Sharing all that the list shows."""

    record_type: ClassVar[type[RecordType]] = JocProductType


class JocProductReads(views.RecordReads):
    """Who read it."""

    record_type: ClassVar[type[RecordType]] = JocProductType


class JocProductStill(views.RecordStill):
    """Whether an open page may still show it."""

    record_type: ClassVar[type[RecordType]] = JocProductType


class JocProductExport(views.RecordExport):
    """The list as a file."""

    record_type: ClassVar[type[RecordType]] = JocProductType


class JocProductAudiencePreview(views.AudiencePreview):
    """Who would read it under a label not saved yet."""

    record_type: ClassVar[type[RecordType]] = JocProductType


class JocProductCommentAdd(views.CommentAdd):
    """A comment."""

    record_type: ClassVar[type[RecordType]] = JocProductType


class JocProductAttachmentAdd(views.AttachmentAdd):
    """A file, added."""

    record_type: ClassVar[type[RecordType]] = JocProductType


class JocProductAttachmentDownload(views.AttachmentDownload):
    """A file, read."""

    record_type: ClassVar[type[RecordType]] = JocProductType


class JocProductLinkAdd(views.LinkAdd):
    """A link to another record."""

    record_type: ClassVar[type[RecordType]] = JocProductType


class JocProductDetail(views.RecordDetail):
    """The product: its sections in their order, the reader's own first."""

    record_type: ClassVar[type[RecordType]] = JocProductType

    def more(self, record: Any, contents: Any, names: Names) -> dict[str, Any]:
        """The report's sections, and what can be filed from it."""
        made = shown.page(self.actor, self.record_type, record, contents, names)
        if record.state == "released" and services.position_for(self.actor, record) is not None:
            made["correct_url"] = self.record_type.url(record, "correct")
            if services.has_next(record):
                made["next_url"] = self.record_type.url(record, "next")
        if record.edition > 1:
            text = _("This is a corrected edition: number %(edition)d.") % {"edition": record.edition}
            made["alerts"] = [{"tone": "", "text": text}]
        if record.state == "superseded":
            text = _("A corrected edition has replaced this. It stands among the linked records.")
            made["alerts"] = [{"tone": "bad", "text": text}]
        return made

    def template(self) -> str:
        """The generic page with the sections of the report."""
        return "joc_products/detail.html"


class JocProductPrint(views.RecordPrint):
    """The report on paper."""

    record_type: ClassVar[type[RecordType]] = JocProductType
    template_name = "joc_products/print.html"

    def more(self, record: Any, contents: Contents, names: Names) -> dict[str, Any]:
        """What it says, and of which period."""
        kept = ("incident_at", "period_from", "period_to", "area")
        return {
            "heading": values.kind_label(self.record_type, record.kind),
            "facts": [
                values.shown(record, name, names, self.record_type)
                for name in kept
                if getattr(record, name) is not None
            ],
            "rows": shown.printed(record, contents),
            "edition": record.edition,
        }


class JocProductPdf(views.RecordPdf):
    """The record as PDF."""

    record_type: ClassVar[type[RecordType]] = JocProductType


class JocProductTransition(views.RecordTransition):
    """A step of the workflow. Writing a section looks at that section's version and not at the product's."""

    record_type: ClassVar[type[RecordType]] = JocProductType

    def get(self, request: HttpRequest, uuid: UUID, name: str) -> HttpResponse:
        """The page; where one of several sections must be chosen first, the product's page shows them."""
        if name in OF_SECTIONS:
            record, step = self.record_or_404(uuid), self.step_or_404(name)
            if self.closed(record, step) is None and self.form(record, step, None).row is None:
                return redirect(self.record_type.url(record) + "#contributions")
        return super().get(request, uuid, name)

    def form(self, record: Any, step: Transition, data: Any) -> Any:
        """The step's form; of a section, the one that the address names."""
        if step.name not in OF_SECTIONS or data is not None:
            return super().form(record, step, data)
        assert step.form is not None
        made: Any = step.form()
        return made(actor=self.actor, record=record, section=self.request.GET.get("section", ""))

    def expected(self, step: Transition) -> int | None:
        """Two who write different sections at once do not meet."""
        return None if step.name in OF_SECTIONS else super().expected(step)

    def page(
        self, record: Any, step: Transition, form: Any, status: int = 200,
        *, error: RecordError | ValidationError | None = None,
    ) -> HttpResponse:  # fmt: skip
        """Draw the step; after a lost race with the section as it stands, and what was typed."""
        self.section: dict[str, Any] = {}
        if step.name in OF_SECTIONS:
            if isinstance(error, StaleRecord) and form.row is not None:
                form.row.refresh_from_db()
                form.read_again()
            self.section = shown.section(self.actor, form.row, stands=isinstance(error, StaleRecord))
        return super().page(record, step, form, status, error=error)

    def template(self) -> str:
        """The generic page with what belongs in the section."""
        return "joc_products/transition.html"

    def more(self, record: Any, step: Transition) -> dict[str, Any]:
        """The section's heading, guidance, and what was given for it."""
        return self.section


class _Following(RecordPage):
    """A button on a product that is out."""

    record_type: ClassVar[type[RecordType]] = JocProductType
    http_method_names = ["post"]

    def file(self, record: Any) -> Any:
        """File what follows, once however often the button is pressed."""
        raise NotImplementedError

    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """File it and go there."""
        record = self.record_or_404(uuid)
        try:
            made = self.file(record)
        except RecordError as error:
            return self.refused(record, error, errors.status_of(error))
        if made.state == "collecting":
            messages.success(request, _("Filed, and its contributors are asked."))
        else:
            messages.success(request, _("Filed as a draft. Look at its deadlines and sections, then go on."))
        return redirect(self.record_type.url(made))


class JocProductNext(_Following):
    """The next one of its kind."""

    def file(self, record: Any) -> Any:
        """The same template, the period that follows, the same contributors."""
        return services.next_file(self.actor, product=record)


class JocProductCorrect(_Following):
    """A corrected edition."""

    def file(self, record: Any) -> Any:
        """With all that it says."""
        return services.correction_file(self.actor, product=record)
