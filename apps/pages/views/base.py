"""What all pages of records share: who acts, which record, how a refusal is answered.

Domain apps bind the views.
"""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views import View
from django.views.decorators.cache import never_cache

from apps.mission.models import Compartment, DataType
from apps.need_to_know.known import is_unknown
from apps.need_to_know.middleware import actor_of
from apps.pages import values
from apps.pages.names import Names
from apps.records import exercises
from apps.records.actors import Actor, NoActor
from apps.records.errors import RecordError
from apps.records.models import Record
from apps.records.registry import RecordType
from apps.records.services import originates
from apps.records.withheld import with_withheld, withheld_fill


@method_decorator(never_cache, name="dispatch")
class SignedInPage(View):
    """A page for somebody who is signed in and holds a position; it tells everybody else what they lack."""

    actor: Actor

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Sign-in first, then a position, then the page."""
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        try:
            self.actor = actor_of(request)
        except NoActor:
            return render(request, "pages/no_position.html", status=403)
        return super().dispatch(request, *args, **kwargs)


class TypePage(SignedInPage):
    """A page of one record type; `record_type` is bound where the address is declared."""

    record_type: ClassVar[type[RecordType]] = RecordType


class RecordPage(TypePage):
    """A page of one record. What the reader may not know of is missing: the same 404, at the same cost."""

    def record_or_404(self, uuid: UUID) -> Any:
        """The record with its type's columns, structure and what it withholds from others, or Http404."""
        declared = self.record_type
        try:
            rows = declared.model._default_manager.select_related(*declared.related())
            found = with_withheld(rows, declared).get(uuid=uuid, mission=self.actor.mission)
        except ObjectDoesNotExist:
            raise Http404 from None
        self.request.exercise = exercises.stands_apart(self.actor, found)  # type: ignore[attr-defined]
        return withheld_fill(found)

    def refused(self, record: Record, error: RecordError, status: int) -> HttpResponse:
        """The page that says why something was not done, for somebody who may read the record."""
        context = {**head(self.record_type, record, Names(self.actor)), "message": error.message}
        return render(self.request, "pages/refused.html", context, status=status)


def head(
    record_type: type[RecordType], record: Any, names: Names, *, current: str = "", tabs: bool = True
) -> dict[str, Any]:
    """The head of a record's pages: marking, reference, title, state, and the ways to its other pages."""
    names.want(Compartment, record.compartments)
    names.want(DataType, record.data_types)
    names.load()
    made: dict[str, Any] = {
        "record": {
            "reference": record.reference,
            "title": record.title,
            "type_label": record_type.label_plural,
            "url": record_type.url(record),
            "list_url": list_url(record_type),
            "uuid": record.uuid,
        },
        "label": {
            "classification": record.classification,
            "sensitivity": record.sensitivity,
            "compartments": values.compartment_names(record.compartments, names),
        },
        "state": values.state_of(record_type, record.state),
        "overdue": record_type.is_overdue(record),
        "exercise": exercises.stands_apart(names.actor, record),
        "meta": meta(record_type, record, names.actor),
    }
    if record.data_types:
        held = ", ".join(names.text(DataType, each) for each in record.data_types)
        made["meta"].append({"label": _("Holds"), "value": held, "kind": "text"})
    if tabs:
        pages = [
            ("detail", _("Record")),
            ("history", _("History")),
            ("share", _("Sharing")),
            *([("reads", _("Who read this"))] if originates(names.actor, record) else []),
            ("print", _("Print")),
            ("pdf", _("PDF")),
        ]
        made["still_url"] = record_type.url(record, "still")
        made["tabs"] = [
            {"label": label, "url": record_type.url(record, page), "current": page == current}
            for page, label in pages
        ]
    return made


def meta(record_type: type[RecordType], record: Any, actor: Actor) -> list[dict[str, Any]]:
    """What stands under the title: kind, priority, originator as the reader may know it, needed by."""
    made: list[dict[str, Any]] = []
    if record.kind:
        made.append(
            {"label": _("Kind"), "value": values.kind_label(record_type, record.kind), "kind": "text"}
        )
    if record.priority:
        made.append({"label": _("Priority"), "value": record.priority, "kind": "priority"})
    kind = "restricted" if is_unknown(actor, record.originator) else "organisation"
    made.append({"label": pgettext("organisation", "From"), "value": record.originator, "kind": kind})
    if record.needed_by:
        named = record_type.field_names.get("needed_by") or _("Needed by")
        made.append({"label": values.capital(named), "value": record.needed_by, "kind": "datetime"})
    return made


def list_url(record_type: type[RecordType]) -> str:
    """The address of the type's list."""
    return reverse(f"{record_type.url_namespace}:list")
