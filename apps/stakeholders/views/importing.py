"""Pages of imports: bring a table, see how far it is, look through what it would do, and have it imported."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.mission.vocabulary import Scope, Sensitivity
from apps.pages import errors, readers
from apps.pages.forms import LABEL, LabelForm, PositionForm
from apps.pages.views.base import SignedInPage, list_url
from apps.records.default_labels import default_label
from apps.records.errors import IllegalTransition, RecordError
from apps.records.originators import FiledAs
from apps.stakeholders.importing import progress, runs, shown
from apps.stakeholders.importing.forms import AnswersForm, UploadForm
from apps.stakeholders.importing.marks import Label
from apps.stakeholders.models import ImportRow, ImportRun, Stakeholder
from apps.stakeholders.record import StakeholderType
from apps.stakeholders.vocabulary import ImportState, RowOutcome

_SHOWN = 50
_WAYS = ("answers", "confirm", "discard", "again", "progress")
_WORKING = (ImportState.READING, ImportState.APPLYING)


class ImportPage(SignedInPage):
    """What all of these pages share: only who may begin files imports them, and a run is its person's alone."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page; a run whose state has moved on meanwhile is shown as it is."""
        try:
            return super().dispatch(request, *args, **kwargs)
        except IllegalTransition:
            return redirect("stakeholders:import-run", kwargs["run"])

    def run_or_404(self, run: UUID) -> ImportRun:
        """One's own run; anybody else's is none."""
        try:
            found: ImportRun = runs.runs_of(self.actor).select_related("position__organisation").get(uuid=run)
        except ObjectDoesNotExist:
            raise Http404 from None
        return found

    def ways(self) -> list[FiledAs]:
        """In which positions the person may begin files."""
        return [FiledAs(position, position.organisation) for position in StakeholderType.files_as(self.actor)]


class ImportNew(ImportPage):
    """Bringing a table, and the runs that one keeps."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form."""
        return self.page(UploadForm(), self.label_form(None), self.position_form(None))

    def label_form(self, data: Any) -> LabelForm:
        """The label of what is made; begins with the mission's own default, or else the most careful."""
        careful = {
            "classification": self.actor.clearance, "sensitivity": Sensitivity.SEVERE, "scope": Scope.PRIVATE,
        }  # fmt: skip
        default = default_label(self.actor, StakeholderType.key) or careful
        record = Stakeholder(mission=self.actor.mission, type=StakeholderType.key, state="draft", **default)
        return LabelForm(data, actor=self.actor, record=record)

    def position_form(self, data: Any) -> PositionForm | None:
        """The choice of position, for whoever has several."""
        ways = self.ways()
        return PositionForm(data, ways=ways) if len(ways) > 1 else None

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the table and have it read."""
        ways = self.ways()
        form = UploadForm(request.POST, request.FILES)
        label, position = self.label_form(request.POST), self.position_form(request.POST)
        sound = [each.is_valid() for each in (form, label, position) if each is not None]
        if not ways or not all(sound):
            return self.page(form, label, position, 422)
        chosen = (position.chosen() if position else None) or ways[0]
        given = {name: label.cleaned_data[name] for name in LABEL if name in label.cleaned_data}
        try:
            run = runs.run_start(
                self.actor, name=form.cleaned_data["file"].name, content=form.content, position=chosen.position,
                label=Label(**given), kind=form.cleaned_data["kind"], side=form.cleaned_data["side"],
                source=form.cleaned_data["source"], lists=form.cleaned_data["lists"],
            )  # fmt: skip
        except (RecordError, ValidationError) as refusal:
            for name, texts in errors.errors_of(refusal).items():
                target: Any = label if name in label.fields else form
                for text in texts:
                    target.add_error(name if name in target.fields else None, text)
            return self.page(form, label, position, 422)
        return redirect("stakeholders:import-run", run.uuid)

    def page(
        self, form: UploadForm, label: LabelForm, position: PositionForm | None, status: int = 200
    ) -> HttpResponse:
        """Draw it; who may begin no files is told so."""
        if not (ways := self.ways()):
            said = _(
                "None of your positions keeps files on organisations. Ask a position that does to import it."
            )
            return render(self.request, "pages/not_filed.html", {"message": said}, status=403)
        context = {
            "form": form,
            "position_form": position,
            "label_form": label,
            "forms": [each for each in (position, label) if each is not None],
            "has_errors": status != 200,
            "audience": self.audience(label, ways[0]),
            "audience_preview_url": reverse("stakeholders:preview"),
            "runs": [_listed(run) for run in runs.runs_of(self.actor)[: runs.MOST_RUNS]],
            "kept_days": 7,
            "list_url": list_url(StakeholderType),
        }  # fmt: skip
        return render(self.request, "stakeholders/import.html", context, status=status)

    def audience(self, label: LabelForm, way: FiledAs) -> dict[str, Any]:
        """Who would read it under the label that the form shows."""
        value = {name: label[name].value() for name in label.fields}
        try:
            level = int(value["classification"])
            parts = {
                name: [int(pk) for pk in value.get(name) or ()] for name in ("compartments", "data_types")
            }
        except (TypeError, ValueError):
            level, parts = self.actor.clearance, {"compartments": [], "data_types": []}
        scope = value["scope"] if value["scope"] in Scope.values else Scope.PRIVATE
        return readers.proposed(
            self.actor, record=None, filed_as=way, scope=str(scope), classification=level, **parts
        )


_TONES = {
    ImportState.READING: "waiting", ImportState.READY: "active", ImportState.APPLYING: "waiting",
    ImportState.APPLIED: "success", ImportState.REFUSED: "danger", ImportState.FAILED: "danger",
}  # fmt: skip


def _url(run: ImportRun, name: str = "import-run") -> str:
    return reverse(f"stakeholders:{name}", args=[run.uuid])


def _listed(run: ImportRun) -> dict[str, Any]:
    return {
        "name": run.name,
        "url": _url(run),
        "at": run.created_at,
        "state": run.get_state_display(),
        "tone": _TONES[ImportState(run.state)],
        "counts": shown.said_of_counts(run.counts) if run.counts else "",
    }


class ImportShow(ImportPage):
    """One run: how far it is, what it would do, or what it did."""

    def get(self, request: HttpRequest, run: UUID) -> HttpResponse:
        """The page."""
        return self.page(self.run_or_404(run))

    def page(
        self, run: ImportRun, *, answers: AnswersForm | None = None, problem: str = "", status: int = 200
    ) -> HttpResponse:
        """Draw it as its state has it."""
        state = ImportState(run.state)
        context: dict[str, Any] = {
            "run": run,
            "url": _url(run),
            "state": {"label": state.label, "tone": _TONES[state]},
            "back_url": reverse("stakeholders:import"),
            "urls": {name: _url(run, f"import-{name}") for name in _WAYS},
            "problem": problem,
        }  # fmt: skip
        if state in _WORKING:
            runs.run_nudge(self.actor, run=run)
            context |= _progress(run)
        if state in (ImportState.READY, ImportState.APPLIED):
            context |= self.preview(run, answers)
        return render(self.request, "stakeholders/import_run.html", context, status=status)

    def preview(self, run: ImportRun, answers: AnswersForm | None) -> dict[str, Any]:
        """Counts, columns, questions, readers and rows."""
        counts, layout = run.counts, run.layout
        ready = run.state == ImportState.READY
        questions = layout.get("questions", []) if ready else []
        writes = counts.get("created", 0) + counts.get("updated", 0)
        return {
            "kind": run.get_kind_display(),
            "is_presence": run.kind == "presence",
            "said": shown.said_of_counts(counts),
            "outcomes": self.outcomes(counts),
            "outcome": self.outcome(),
            "columns": shown.columns_shown(layout.get("columns", {})),
            "unused": layout.get("unused", []),
            "notes": layout.get("notes", []),
            "changed": layout.get("changed", False) and ready,
            "organisations": counts.get("organisations", 0),
            "waiting": counts.get("waiting", 0),
            "answers": (answers or AnswersForm(questions=questions, answers=run.answers))
            if questions
            else None,
            "writes": writes,
            "nothing": ready and not writes,
            "refused": counts.get("refused", 0),
            "before": self.before(run) if ready else None,
            "label": layout.get("label"),
            "audience": self.audience(run) if ready and counts.get("organisations") else None,
            **self.rows(run),
        }

    def outcome(self) -> str:
        """The outcome by which rows are filtered; empty for all."""
        wanted = self.request.GET.get("outcome", "")
        return wanted if wanted in RowOutcome.values else ""

    def outcomes(self, counts: dict[str, int]) -> list[dict[str, Any]]:
        """The filters, with how many rows each has."""
        every = sum(counts.get(outcome.value, 0) for outcome in RowOutcome)
        made = [{"label": _("All"), "number": every, "query": "?", "current": not self.outcome()}]
        made += [
            {"label": outcome.label, "number": counts.get(outcome.value, 0), "query": f"?outcome={outcome.value}",
             "current": self.outcome() == outcome.value}
            for outcome in RowOutcome
        ]  # fmt: skip
        return made

    def before(self, run: ImportRun) -> ImportRun | None:
        """The last time that the person imported this very file."""
        done: ImportRun | None = (
            runs.runs_of(self.actor)
            .filter(sha256=run.sha256, state=ImportState.APPLIED)
            .exclude(pk=run.pk)
            .first()
        )
        return done

    def audience(self, run: ImportRun) -> dict[str, Any]:
        """Who will read what is begun."""
        label = run.layout["label"]
        return readers.proposed(
            self.actor, record=None, filed_as=FiledAs(run.position, run.position.organisation), scope=label["scope"],
            classification=label["classification"], compartments=label["compartments"], data_types=label["data_types"],
        )  # fmt: skip

    def rows(self, run: ImportRun) -> dict[str, Any]:
        """One page of rows, by their numbers."""
        found = ImportRow.objects.filter(run_id=run.pk)
        query = ""
        if outcome := self.outcome():
            found, query = found.filter(outcome=outcome), f"outcome={outcome}&"
        after = self.request.GET.get("after", "")
        if after.isdecimal() and len(after) < 10:
            found = found.filter(number__gt=int(after))
        page = list(found.order_by("number")[: _SHOWN + 1])
        more, page = len(page) > _SHOWN, page[:_SHOWN]
        words = shown.Words(self.actor.mission, page)
        return {
            "rows": [shown.row_shown(row, words) for row in page],
            "first_url": f"?{query}#rows" if after else "",
            "next_url": f"?{query}after={page[-1].number}#rows" if more else "",
        }


class ImportProgress(ImportPage):
    """How far a run is: the fragment that its page asks for again and again."""

    def get(self, request: HttpRequest, run: UUID) -> HttpResponse:
        """The bar; once there is more to show, the word to draw the page anew."""
        found = self.run_or_404(run)
        if found.state not in _WORKING:
            response = HttpResponse(status=200)
            response["HX-Refresh"] = "true"
            return response
        runs.run_nudge(self.actor, run=found)
        context = {"run": found, "urls": {"progress": _url(found, "import-progress")}, **_progress(found)}
        return render(request, "stakeholders/import_progress.html", context)


def _progress(run: ImportRun) -> dict[str, Any]:
    done, about = progress.told(run.uuid)
    return {"done": done, "about": about, "working": run.state in _WORKING}


class ImportAnswers(ImportShow):
    """The answers to what was asked."""

    def get(self, request: HttpRequest, run: UUID) -> HttpResponse:
        """Back to the run."""
        return redirect(_url(self.run_or_404(run)))

    def post(self, request: HttpRequest, run: UUID) -> HttpResponse:
        """Keep them, and have the table read again."""
        found = self.run_or_404(run)
        form = AnswersForm(request.POST, questions=found.layout.get("questions", []), answers=found.answers)
        if not form.is_valid():
            return self.page(found, answers=form, status=422)
        runs.run_answer(self.actor, run=found, answers=form.answers())
        return redirect(_url(found))


class ImportConfirm(ImportShow):
    """The word to import."""

    def get(self, request: HttpRequest, run: UUID) -> HttpResponse:
        """Back to the run."""
        return redirect(_url(self.run_or_404(run)))

    def post(self, request: HttpRequest, run: UUID) -> HttpResponse:
        """Have it imported; rows that are refused need the word that the others shall be."""
        found = self.run_or_404(run)
        try:
            runs.run_confirm(self.actor, run=found, others=request.POST.get("others") == "on")
        except ValidationError as refusal:
            return self.page(found, problem=" ".join(refusal.messages), status=422)
        return redirect(_url(found))


class ImportDiscard(ImportPage):
    """Removing a run with its file."""

    def get(self, request: HttpRequest, run: UUID) -> HttpResponse:
        """Back to the run."""
        return redirect(_url(self.run_or_404(run)))

    def post(self, request: HttpRequest, run: UUID) -> HttpResponse:
        """Remove it; what was imported stays."""
        runs.run_discard(self.actor, run=self.run_or_404(run))
        messages.success(request, _("The table was removed."))
        return redirect("stakeholders:import")


class ImportAgain(ImportPage):
    """Reading a table again whose reading or import failed."""

    def get(self, request: HttpRequest, run: UUID) -> HttpResponse:
        """Back to the run."""
        return redirect(_url(self.run_or_404(run)))

    def post(self, request: HttpRequest, run: UUID) -> HttpResponse:
        """Have it read."""
        found = self.run_or_404(run)
        runs.run_again(self.actor, run=found)
        return redirect(_url(found))
