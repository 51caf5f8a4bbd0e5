"""Starting and editing a record in steps:
drafts that save themselves, lost races told, double submits harmless.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.pages import errors, once, readers, saving
from apps.pages.asides import asides_of
from apps.pages.forms import LABEL_STEP, LabelForm, PositionForm, step_form
from apps.pages.names import Names
from apps.pages.saving import StepForms, form_steps
from apps.pages.views.base import RecordPage, TypePage, head, list_url
from apps.records import clock
from apps.records.default_labels import default_label
from apps.records.errors import NotPermitted, RecordError, StaleRecord
from apps.records.models import Record
from apps.records.originators import FiledAs, ways_to_file
from apps.records.registry import Section
from apps.records.services import may_edit, record_file
from apps.records.transitions import open_to


def is_autosave(request: HttpRequest) -> bool:
    """Whether the form saves itself, as opposed to somebody pressing a button."""
    return request.headers.get("X-Autosave") == "1"


def saved_answer(
    record: Record, *, url: str = "", fields: dict[str, Any] | None = None, wrong: Any = None
) -> JsonResponse:
    """What a form that saved itself is told: 200, or 422 when some answers could not be kept."""
    answer = {
        "saved": True,
        "at": clock.now().isoformat(),
        "version": record.version,
        "fields": {"version": record.version, **(fields or {})},
        "errors": wrong or {},
    }
    if url:
        answer["url"] = url
    return JsonResponse(answer, status=errors.UNPROCESSABLE if wrong else 200)


def refusal(status: int, wrong: dict[str, Any]) -> JsonResponse:
    """What a form that saved itself is told when nothing was saved."""
    return JsonResponse({"saved": False, "errors": wrong}, status=status)


class RecordNew(TypePage):
    """The first step of a new record, with its label, so that it is in force from the first moment."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page; who may not start a record of this type is told so."""
        try:
            return super().dispatch(request, *args, **kwargs)
        except NotPermitted as refusal:
            said = None if refusal.message == NotPermitted.message else refusal.message
            context = {
                "message": said
                or _("None of your positions may start this. Ask a position that does to file it.")
            }
            return render(request, "pages/not_filed.html", context, status=403)

    def get(self, request: HttpRequest) -> HttpResponse:
        """An empty form."""
        return self.page(once.key_for(self.actor), *self.forms(None))

    def forms(self, data: Any) -> tuple[Any, LabelForm, PositionForm | None]:
        """The first step's form, the label's,
        and the choice of position for whoever has several that may file.
        """
        declared = self.record_type
        if not declared.may_file(self.actor):
            raise NotPermitted
        proposed = self.proposed()
        first = form_steps(declared, proposed)[0]
        form = step_form(declared, first, self.actor, data=data, instance=proposed)
        label = self.label_form(data, proposed)
        ways = self.ways()
        asked = len(ways) > 1 or (declared.files_on_behalf and any(way.on_behalf for way in ways))
        return form, label, PositionForm(data, ways=ways) if asked else None

    def proposed(self) -> Any:
        """The record as the empty form shows it; whoever starts one from something else fills more of it in."""
        declared = self.record_type
        return declared.model(
            mission=self.actor.mission, type=declared.key, state=declared.workflow.initial,
            **default_label(self.actor, declared.key),
        )  # fmt: skip

    def label_form(self, data: Any, record: Any) -> LabelForm:
        """The form of its label."""
        return LabelForm(data, actor=self.actor, record=record)

    def intro(self) -> str:
        """What stands above the form."""
        return ""

    def file(self, record: Any, filed_as: FiledAs) -> Any:
        """Store it; raises what `record_file` raises."""
        return record_file(
            self.actor, record=record, position=filed_as.position, originator=filed_as.originator
        )

    def ways(self) -> list[FiledAs]:
        """In which positions, and for which organisations, the person may file this type."""
        return ways_to_file(self.actor, self.record_type)

    def page(
        self, key: str, form: Any, label: LabelForm, position: PositionForm | None, status: int = 200
    ) -> HttpResponse:
        """Draw the form."""
        declared, actor = self.record_type, self.actor
        record = form.instance
        forms = [form, label, *([position] if position else [])]
        steps = [
            {"key": s.key, "label": s.label, "url": "", "status": "current" if not n else "todo"}
            for n, s in enumerate(form_steps(declared, record))
        ]
        sets = [{"lines": form.in_lines()}]
        if position:
            sets.insert(0, {"fields": list(position.visible_fields())})
        context = {
            "title": _("New: %(type)s") % {"type": declared.label},
            "intro": self.intro(),
            "steps": [
                *steps,
                {"key": LABEL_STEP, "label": _("Label and submit"), "url": "", "status": "todo"},
            ],
            "step_number": 1,
            "step_count": len(steps) + 1,
            "form": form,
            "fieldsets": sets,
            "forms": forms[1:],
            "has_errors": any(each.errors for each in forms if each.is_bound),
            "label_form": label,
            "audience": readers.proposed(
                actor, record=None, filed_as=self.chosen(position), scope=record.scope,
                classification=record.classification, compartments=list(record.compartments),
                data_types=list(record.data_types),
            ),
            "audience_preview_url": reverse(f"{declared.url_namespace}:preview"),
            "idempotency_key": key,
            "autosave": {"key": f"{declared.key}:new:{actor.user_id}"},
            "cancel_url": list_url(declared),
        }  # fmt: skip
        return render(self.request, "pages/form.html", context, status=status)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """File the draft, once however often the form is sent."""
        key = request.POST.get("idempotency_key", "")
        form, label, position = self.forms(request.POST)
        once_key = once.read(self.actor, key)
        if (known := once.made_by(self.actor, once_key)) is not None:
            return self.done(known, form)
        valid = form.is_valid() & label.is_valid() & (position is None or position.is_valid())
        wrong = {**form.errors, **label.errors, **(position.errors if position else {})}
        # WHY: a form that saves itself keeps what can be kept, as soon as there is a title to know it by.
        if not valid and not (is_autosave(request) and form.cleaned_data.get("title") and label.is_valid()):
            return refusal(422, wrong) if is_autosave(request) else self.page(key, form, label, position, 422)
        record = form.instance
        for name, value in label.cleaned_data.items():
            setattr(record, name, value)
        try:
            uuid = once.once(
                self.actor,
                once_key,
                lambda: self.file(record, self.chosen(position)),
            )
        except (RecordError, ValidationError) as error:
            errors.put(form, error, self.record_type)
            status = errors.status_of(error)
            return (
                refusal(status, form.errors)
                if is_autosave(request)
                else self.page(key, form, label, position, status)
            )
        return self.done(uuid, form, {} if valid else wrong)

    def chosen(self, position: PositionForm | None) -> FiledAs:
        """The way chosen; the first one where nothing sound was chosen yet."""
        if position is not None and position.is_bound and position.is_valid():
            chosen = position.chosen()
            if chosen is not None:
                return chosen
        return self.ways()[0]

    def done(self, uuid: UUID, form: Any, wrong: Any = None) -> HttpResponseBase:
        """On to the draft's own pages; to the list when the person reads it no longer."""
        record: Any = self.record_type.model._default_manager.filter(uuid=uuid).first()
        if record is None:
            return redirect(list_url(self.record_type))
        steps = form_steps(self.record_type, record)
        first = self.record_type.url(record, "edit", step=steps[0].key)
        if is_autosave(self.request):
            return saved_answer(record, url=first, wrong=wrong)
        if "close" in self.request.POST:
            return redirect(self.record_type.url(record))
        following = steps[1].key if len(steps) > 1 else LABEL_STEP
        return redirect(self.record_type.url(record, "edit", step=following))


class RecordEdit(RecordPage):
    """One step of a record's form;
    the last one is the label, with what is still missing and the way to submit.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The step, for those who may edit now."""
        try:
            return super().dispatch(request, *args, **kwargs)
        except NotPermitted:
            record = self.record_or_404(kwargs["uuid"])
            error = NotPermitted(
                _("You cannot edit this: its state is closed to editing, or others hold the right to.")
            )
            if is_autosave(request):
                return refusal(409, {"__all__": [str(error.message)]})
            return self.refused(record, error, 403)

    def prepare(self, uuid: UUID, step: str) -> tuple[Any, Section | None]:
        """The record and the step, None for the label's."""
        record = self.record_or_404(uuid)
        if not may_edit(self.actor, record):
            raise NotPermitted
        section = next((s for s in form_steps(self.record_type, record) if s.key == step), None)
        if section is None and step != LABEL_STEP:
            raise Http404
        return record, section

    def get(self, request: HttpRequest, uuid: UUID, step: str) -> HttpResponseBase:
        """The step's form as the record stands."""
        record, section = self.prepare(uuid, step)
        return self.page(record, section, StepForms(self.actor, self.record_type, section, record))

    def post(self, request: HttpRequest, uuid: UUID, step: str) -> HttpResponseBase:
        """Save the step: as a whole by button, as far as it is sound when it saves itself."""
        record, section = self.prepare(uuid, step)
        forms = StepForms(self.actor, self.record_type, section, record, data=request.POST)
        if is_autosave(request):
            return self.autosave(record, forms)
        if forms.adds_row:
            return self.page(record, section, forms)
        if not forms.is_valid():
            return self.page(record, section, forms, 422)
        version = record.version
        try:
            forms.save(self.version())
        except (RecordError, ValidationError) as error:
            forms.refuse(error)
            # WHY: after a lost race the new version goes into the form: sending it again is a decision.
            shown = self.record_or_404(uuid).version if isinstance(error, StaleRecord) else version
            return self.page(record, section, forms, errors.status_of(error), version=shown)
        return self.onward(record, step)

    def version(self) -> int:
        """The version that the form was made from. Raises StaleRecord when it does not say."""
        given = self.request.POST.get("version", "")
        if not given.isdecimal() or len(given) > 9:
            raise StaleRecord
        return int(given)

    def autosave(self, record: Any, forms: StepForms) -> JsonResponse:
        """Keep every sound answer; name the others."""
        try:
            fields, wrong = forms.save_sound(self.version())
        except (RecordError, ValidationError) as error:
            return refusal(errors.status_of(error), errors.errors_of(error))
        return saved_answer(record, fields=fields, wrong=wrong)

    def onward(self, record: Any, step: str) -> HttpResponse:
        """The next step, the record, or the transition that was asked for."""
        declared, post = self.record_type, self.request.POST
        wanted = post.get("transition")
        if wanted and any(offer.step.name == wanted for offer in open_to(self.actor, record)):
            return redirect(declared.url(record, "transition", name=wanted))
        if "close" in post or (step == LABEL_STEP and "next" not in post):
            return redirect(declared.url(record))
        keys = [*(s.key for s in form_steps(declared, record)), LABEL_STEP]
        following = keys[keys.index(step) + 1] if step in keys[:-1] else keys[-1]
        if step == LABEL_STEP:
            return redirect(declared.url(record))
        return redirect(declared.url(record, "edit", step=following))

    def page(
        self,
        record: Any,
        section: Section | None,
        forms: StepForms,
        status: int = 200,
        version: int | None = None,
    ) -> HttpResponse:
        """Draw the step."""
        declared, names = self.record_type, Names(self.actor)
        sections = form_steps(declared, record)
        missing = declared.missing(record)
        number = len(sections) + 1 if section is None else sections.index(section) + 1
        context: dict[str, Any] = {
            **head(declared, record, names, tabs=False),
            "title": section.label if section else _("Label and submit"),
            "intro": section.help if section else "",
            "steps": saving.progress(declared, record, sections, section, missing),
            "step_number": number,
            "step_count": len(sections) + 1,
            "version": record.version if version is None else version,
            "autosave": {"key": f"{declared.key}:{record.uuid}:{self.actor.user_id}"},
            "cancel_url": declared.url(record),
            "asides": asides_of(self.actor, record) if record.state == declared.workflow.initial else [],
            **forms.context(missing),
        }
        if section is None:
            context |= self.label_context(record, forms, missing)
        return render(self.request, "pages/form.html", context, status=status)

    def label_context(self, record: Any, forms: StepForms, missing: dict[str, Any]) -> dict[str, Any]:
        """The label's form, who would read, what is still missing,
        and the buttons that take the draft onward.
        """
        declared = self.record_type
        offers = [o.step for o in open_to(self.actor, record) if o.step.style == "primary"]
        buttons = [
            *(
                {"name": "transition", "value": s.name, "label": s.label, "style": "primary"}
                for s in offers
                if not missing
            ),
            {
                "name": "close",
                "label": _("Save and close"),
                "style": "" if offers and not missing else "primary",
            },
        ]
        return {
            "label_form": forms.form,
            "form": None,
            "forms": [forms.form],
            "audience": readers.now(self.actor, record),
            "audience_preview_url": f"{reverse(f'{declared.url_namespace}:preview')}?record={record.uuid}",
            "fieldsets": [{"title": _("Before it is submitted"), "template": "pages/_checks.html"}],
            "checks": saving.checks(declared, record, missing),
            "buttons": buttons,
        }
