"""The home page and the mission switcher."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from apps.desk import selectors
from apps.desk.selectors import Work
from apps.mission.vocabulary import Role
from apps.need_to_know.middleware import SESSION_KEY
from apps.pages import values
from apps.pages.views.base import SignedInPage, list_url
from apps.records.models import Record
from apps.records.registry import all_types
from apps.records.waiting import Needed


class Desk(SignedInPage):
    """What waits for me, and until when; then my own work; then what changed."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page."""
        actor = self.actor
        context = {
            "person": actor.user.name if actor.user else "",
            "waiting": _waiting(selectors.waiting(actor)),
            "returned": _section("returned", selectors.returned(actor), asks=True),
            "drafts": _section(
                "drafts", selectors.drafts(actor), clock=False, more="?mine=on&sort=-updated_at"
            ),
            "mine": _section("mine", selectors.of_my_organisation(actor), more="?state=open"),
            "recent": _section(
                "recent", selectors.changed_lately(actor), clock=False, more="?sort=-updated_at"
            ),
            "new_actions": [
                {
                    "label": _("New: %(type)s") % {"type": declared.label},
                    "url": reverse(f"{declared.url_namespace}:new"),
                    "icon": "plus",
                    "style": "primary",
                }
                for declared in all_types()
                if declared.may_file(actor)
            ],
        }
        return render(request, "pages/desk.html", context)


def _waiting(needed: list[Needed]) -> dict[str, Any]:
    """What waits for me, with its own clock for each role."""
    entries = []
    for each in needed[: selectors.SHOWN]:
        item = _item(each.record, asks=True, clock=False)
        item["text"] = _asked(each.record, each.role) or item["text"]
        entries.append(item | ({"clock": {"at": each.due_at}} if each.due_at else {}))
    more = len(needed) > selectors.SHOWN
    count = number_format(len(entries), force_grouping=True)
    return {"key": "waiting", "entries": entries, "count_text": f"{count}+" if more else count}


def _section(
    key: str, work: Work, *, asks: bool = False, clock: bool = True, more: str = ""
) -> dict[str, Any]:
    """A section as `pages/_desk_section.html` draws it."""
    types = all_types()
    number = number_format(len(work.records), force_grouping=True)
    return {
        "key": key,
        "entries": [_item(record, asks=asks, clock=clock) for record in work.records],
        "count_text": f"{number}+" if work.more else number,
        "more_url": f"{list_url(types[0])}{more}" if more and work.more and types else "",
    }


def _item(record: Record, *, asks: bool, clock: bool) -> dict[str, Any]:
    declared = record.record_type
    state = declared.workflow.state(record.state)
    return {
        "reference": record.reference,
        "title": record.title,
        "url": declared.url(record),
        "state": values.state_of(declared, record.state),
        "text": _asked(record) if asks else "",
        "clock": {"at": record.due_at}
        if clock and record.due_at and not values.is_done(declared, state.code)
        else None,
        "at": record.updated_at,
        "priority": record.priority,
        "organisation": str(record.originator),
        "kind_label": values.kind_label(declared, record.kind),
    }


def _asked(record: Record, role: Role | None = None) -> str:
    """The plain next steps of a role (or of whom the state waits for), in the words of their buttons."""
    workflow = record.record_type.workflow
    wanted = role or workflow.state(record.state).waits_for
    steps = [s for s in workflow.from_state(record.state) if wanted in s.roles and s.style == "primary"]
    # WHY: it waits for this role; where all its steps have conditions, one of these is what it waits for.
    steps = [s for s in steps if s.offered is None] or steps
    return " / ".join(str(step.label) for step in steps)


class ChooseMission(SignedInPage):
    """Works in another mission from now on, if the person holds a position there."""

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        """Remember it and go to the desk; a mission without a position of theirs is not there."""
        if all(mission.code != code for mission in request.missions):  # type: ignore[attr-defined]
            raise Http404
        request.session[SESSION_KEY] = code
        return redirect("desk:home")
