"""A record's own pages: the record, one step of its workflow, its history, its print."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from apps.need_to_know.audience import audience_of
from apps.need_to_know.known import unknown_organisation_ids
from apps.need_to_know.mentions import mentionable
from apps.pages import errors, readers, record_page, saving, timeline, values
from apps.pages.asides import asides_of
from apps.pages.contents import Contents, contents_of, timeline_of
from apps.pages.forms import AttachmentForm, CommentForm, LinkForm, with_note
from apps.pages.leaving import marking_for
from apps.pages.names import Names
from apps.pages.onward import ways_from
from apps.pages.views.base import RecordPage, head
from apps.pages.views.outgoing import OutgoingPage
from apps.records import attachments, clock
from apps.records.errors import IllegalTransition, Incomplete, NotPermitted, RecordError, StaleRecord
from apps.records.models import Record, Step
from apps.records.services import may_edit
from apps.records.transitions import drawn_in, due_moment, may_take, open_to, transition
from apps.records.waiting import waiting_for
from apps.records.workflow import Transition

_SENT_TWICE = timedelta(minutes=2)


class RecordDetail(RecordPage):
    """The record, where it stands, what can be done, what hangs on it, what happened."""

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """The page."""
        return self.page(self.record_or_404(uuid))

    def page(self, record: Any, *, status: int = 200, forms: dict[str, Any] | None = None) -> HttpResponse:
        """Draw the record; `forms` are bound ones that were refused: comment, attach or link."""
        declared, actor, names = self.record_type, self.actor, Names(self.actor)
        contents = contents_of(declared, record.pk)
        offers = open_to(actor, record)
        edits = may_edit(actor, record)
        record_page.want_names(declared, record, contents, names)
        names.load()
        steps = [row for row in contents.timeline if isinstance(row, Step)]
        given = forms or {}
        waiting, seen = waiting_for(record), audience_of(record).as_seen_by(actor)
        comment = given.get("comment") or CommentForm()
        comment.offer(mentionable(actor, record, seen=seen, waiting=waiting))
        context = {
            **head(declared, record, names, current="detail"),
            **record_page.now_panel(declared, record, waiting, unknown_organisation_ids(actor)),
            "steps": record_page.track(declared, record, steps),
            "transitions": record_page.my_steps(declared, record, offers),
            "others": record_page.others_steps(declared, record, offers),
            "version": record.version,
            "edit_url": self._edit_url(record) if edits else "",
            "sections": record_page.sections(declared, record, contents, names, editable=edits),
            "attachments": record_page.attachments(declared, record, contents.attachments, names),
            "attach": {
                "url": declared.url(record, "attach"),
                "form": given.get("attach") or AttachmentForm(data_types=contents.data_types),
                "limit": attachments.limits_text(),
            },
            "links": record_page.links(contents),
            "link": {"url": declared.url(record, "link"), "form": given.get("link") or LinkForm()},
            "timeline": timeline.entries(declared, record, contents.timeline, names),
            "timeline_older_url": declared.url(record, "history") if contents.older else "",
            "comment": {"url": declared.url(record, "comment"), "form": comment},
            "audience": readers.described(seen),
            "share_url": declared.url(record, "share"),
            "ways": ways_from(actor, record),
            "asides": asides_of(actor, record),
            "facts": record_page.facts(declared, record, names, actor),
            "object": record,
        }
        context |= self.more(record, contents, names)
        context["sections"] = self.arranged(record, context)
        return render(self.request, self.template(), context, status=status)

    def arranged(self, record: Any, context: dict[str, Any]) -> list[dict[str, Any]]:
        """The sections in the order of the page; a domain app may put its own among them."""
        found: list[dict[str, Any]] = context["sections"]
        return found

    def template(self) -> str:
        """The template; a domain app may extend the generic one."""
        return "pages/detail.html"

    def more(self, record: Any, contents: Any, names: Names) -> dict[str, Any]:
        """What a domain app adds to the context."""
        return {}

    def _edit_url(self, record: Any) -> str:
        first = next(s for s in record_page.shown_sections(self.record_type, record) if s.step)
        return self.record_type.url(record, "edit", step=first.key)


class RecordTransition(RecordPage):
    """One step of the workflow: what it does, who sees it next, what must be given with it."""

    def step_or_404(self, name: str) -> Transition:
        """The step with that name; steps that the clock takes have no page."""
        try:
            step = self.record_type.workflow.transition(name)
        except KeyError:
            raise Http404 from None
        if step.by_clock:
            raise Http404
        return step

    def get(self, request: HttpRequest, uuid: UUID, name: str) -> HttpResponse:
        """The page of the step, if it is open to the person now."""
        record, step = self.record_or_404(uuid), self.step_or_404(name)
        error = self.closed(record, step)
        if error is not None:
            return self.refused(record, error, errors.status_of(error))
        return self.page(record, step, self.form(record, step, None))

    def closed(self, record: Any, step: Transition) -> RecordError | None:
        """Why the step is not open to the person; None when it is."""
        if record.state not in step.sources:
            return IllegalTransition()
        if may_take(self.actor, record, step) is None:
            return NotPermitted(
                _("This step is taken by: %(roles)s.")
                % {"roles": ", ".join(values.role_label(role, self.record_type) for role in step.roles)}
            )
        return None

    def form(self, record: Any, step: Transition, data: Any) -> Any:
        """The step's form, with a note."""
        made: Any = with_note(step.form() if step.form else None, required=step.note_required)
        return made(
            data, self.request.FILES or None if data is not None else None, actor=self.actor, record=record
        )

    def post(self, request: HttpRequest, uuid: UUID, name: str) -> HttpResponse:
        """Take the step; a refusal comes back on the page with what was typed."""
        record, step = self.record_or_404(uuid), self.step_or_404(name)
        form = self.form(record, step, request.POST)
        error = self.closed(record, step)
        if error is not None:
            if self.sent_twice(record, step):
                return redirect(self.record_type.url(record))
            return self.page(record, step, form, error=error)
        if not form.is_valid():
            return self.page(record, step, form, 422)
        data = dict(form.cleaned_data)
        note = (
            data.get("note", "")
            if "note" in getattr(step.form() if step.form else None, "base_fields", {})
            else data.pop("note", "")
        )
        try:
            transition(
                self.actor,
                record=record,
                name=name,
                data=data,
                note=note or "",
                expected_version=self.expected(step),
            )
        except (RecordError, ValidationError) as refusal:
            return self.page(self.record_or_404(uuid), step, form, error=refusal)
        messages.success(request, _("Done: %(step)s.") % {"step": step.label})
        return redirect(self.onward(record))

    def expected(self, step: Transition) -> int | None:
        """The version of the record that the form was made from; StaleRecord when it does not say.

        None for a step that looks at the version of a row of its own.
        """
        version = self.request.POST.get("version", "")
        if not version.isdecimal() or len(version) > 9:
            raise StaleRecord
        return int(version)

    def onward(self, record: Any) -> str:
        """Where to go afterwards: the record, or the desk when it is no longer mine to read."""
        still = Record.objects.filter(pk=record.pk).exists()
        return self.record_type.url(record) if still else "/"

    def sent_twice(self, record: Any, step: Transition) -> bool:
        """Whether the same person took this very step a moment ago: a form sent twice, not a second wish."""
        last = record.workflow_steps.order_by("-at", "-id").first()
        return (
            last is not None
            and last.name == step.name
            and last.actor_id == self.actor.user_id
            and clock.now() - last.at < _SENT_TWICE
        )

    def page(
        self, record: Any, step: Transition, form: Any, status: int = 200,
        *, error: RecordError | ValidationError | None = None,
    ) -> HttpResponse:  # fmt: skip
        """Draw the step."""
        declared, names = self.record_type, Names(self.actor)
        problems: list[dict[str, Any]] = []
        if error is not None:
            form.is_valid()
            status = errors.status_of(error)
            if isinstance(error, Incomplete) and may_edit(self.actor, record):
                elsewhere = {name: texts for name, texts in error.errors.items() if name not in form.fields}
                error = Incomplete(
                    {name: texts for name, texts in error.errors.items() if name in form.fields}
                )
                problems = [
                    {"text": f"{each['text']}: {each['note']}", "url": each["url"]}
                    for each in saving.checks(declared, record, elsewhere)
                    if elsewhere
                ]
            errors.put(form, error, declared)
        workflow = declared.workflow
        target = workflow.state(step.target or record.state)
        drawn = [
            group
            for _role, positions in drawn_in(record, record.state, target.code)
            for group in positions.values_list("group_id", flat=True)
        ]
        due = due_moment(record, target) if target.code != record.state else record.due_at
        context = {
            **head(declared, record, names, tabs=False),
            "transition": {
                "name": step.name,
                "label": step.label,
                "style": step.style,
                "explanation": step.help,
                "to": values.state_of(declared, target.code) if target.code != record.state else None,
                "next": values.role_label(target.waits_for, declared) if target.waits_for else "",
                "clock": {"at": due} if due and target.waits_for else None,
            },
            "checks": [
                {"text": test, "met": met, "note": said} for test, met, said in declared.weighed(record, step)
            ],
            "form": form,
            "problems": problems,
            "multipart": form.is_multipart(),
            "audience": readers.with_more(self.actor, record, drawn),
            "version": record.version,
            "cancel_url": declared.url(record),
            "object": record,
        }
        context |= self.more(record, step)
        return render(self.request, self.template(), context, status=status)

    def template(self) -> str:
        """The template; a domain app may extend the generic one."""
        return "pages/transition.html"

    def more(self, record: Any, step: Transition) -> dict[str, Any]:
        """What a domain app adds to the context."""
        return {}


class RecordHistory(RecordPage):
    """Everything that happened, newest first, by pages that begin at a moment."""

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """The page; `before` is a moment in ISO form, a broken one is the present."""
        record, names = self.record_or_404(uuid), Names(self.actor)
        before = _moment(request.GET.get("before", ""))
        found = timeline_of(record.pk, before=before)
        timeline.wanted(self.record_type, found.timeline, names)
        names.load()
        here = self.record_type.url(record, "history")
        context = {
            **head(self.record_type, record, names, current="history"),
            "entries": timeline.entries(self.record_type, record, found.timeline, names),
            "newer_url": here if before else "",
            "older_url": f"{here}?before={found.older:%Y-%m-%dT%H:%M:%S.%fZ}" if found.older else "",
        }
        return render(request, "pages/history.html", context)


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


class RecordPrint(RecordPage, OutgoingPage):
    """The record on paper: its marking on every sheet, with who printed it and when."""

    template_name = "pages/print.html"

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponseBase:
        """The page."""
        record = self.record_or_404(uuid)
        return self.question([record], self.record_type.url(record)) or self.answer(record)

    post = get

    def answer(self, record: Any) -> HttpResponseBase:
        """What is given out once nothing is left to ask."""
        return render(self.request, self.template_name, self.context_of(record))

    def context_of(self, record: Any) -> dict[str, Any]:
        """Everything on it; a domain's own sheet takes from this what it prints."""
        names = Names(self.actor)
        contents = contents_of(self.record_type, record.pk)
        record_page.want_names(self.record_type, record, contents, names)
        names.load()
        steps = [row for row in contents.timeline if isinstance(row, Step)]
        return {
            **head(self.record_type, record, names, tabs=False),
            "steps": record_page.track(self.record_type, record, steps),
            "sections": record_page.sections(self.record_type, record, contents, names),
            "links": record_page.links(contents),
            "attachments": record_page.attachments(self.record_type, record, contents.attachments, names),
            "timeline": timeline.entries(self.record_type, record, contents.timeline, names),
            "has_older": contents.older is not None,
            "type_name": self.record_type.label,
            "mission_name": self.actor.mission.name,
            "pdf_url": self.record_type.url(record, "pdf"),
            "marking": marking_for(self.actor, [record]),
            "back_url": self.record_type.url(record),
            **self.more(record, contents, names),
        }

    def more(self, record: Any, contents: Contents, names: Names) -> dict[str, Any]:
        """What a domain app adds to its sheet."""
        return {}
