"""The life of a JOC product, as data: set up, collected, compiled, released; corrected only by a new edition."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.joc_products import effects, forms
from apps.mission.vocabulary import Role
from apps.records.workflow import Automatic, Duty, Outcome, State, Transition, Workflow

JOC, CONTRIBUTOR, AWAITED, REL = Role.JOC, Role.REQUESTER, Role.UNIT, Role.RELEASE


def _release_due(product: Any) -> datetime | None:
    due: datetime | None = product.needed_by
    return due


STATES = (
    State(
        "draft", _("Draft"), JOC, editable=True,
        help=_("The JOC sets it up: the period, the sections, who is asked, and by when."),
    ),
    State(
        "collecting", _("Collecting"), AWAITED, until=lambda product: product.contributions_due,
        help=_("Contributors write their sections. At the deadline the collection closes by itself."),
    ),
    State(
        "compiling", _("Compiling"), JOC, editable=True, until=_release_due,
        help=_("The JOC edits the sections. One that has not come may still be written."),
    ),
    State(
        "for_release", pgettext_lazy("product", "Release decision"), REL, until=_release_due,
        help=_("A release authority of the originating organisation releases it, or returns it."),
    ),
    State(
        "returned", _("Returned"), JOC, editable=True, track=False, until=_release_due,
        help=_("Something must be mended. Change it, then put it forward again."),
    ),
    State(
        "released", _("Released"), outcome=Outcome.SUCCESS,
        help=_("It is out. A mistake is mended by a corrected edition, never in silence."),
    ),
    State(
        "superseded", _("Superseded"), outcome=Outcome.SUCCESS, track=False,
        help=_("A corrected edition has replaced it."),
    ),
    State(
        "withdrawn", _("Withdrawn"), outcome=Outcome.FAILURE, track=False,
        help=_("Do not rely on it. The reason stands in the timeline."),
    ),
)  # fmt: skip

_COLLECTION = (
    Transition(
        "ask", _("Ask for contributions"), ("draft",), "collecting", (JOC,), guard=effects.may_ask, style="primary",
        help=_("Every position that is asked reads the product from then on, and is told."),
    ),
    Transition(
        "compile", _("Write it without asking"), ("draft",), "compiling", (JOC,), guard=effects.may_compile,
        help=_("For a report that the JOC writes alone, and for a correction."),
    ),
    Transition(
        "contribute", _("Write your section"), ("collecting", "compiling"), "", (CONTRIBUTOR, JOC),
        form=lambda: forms.ContributeForm, effect=effects.contributes, offered=effects.has_section,
        style="primary", help=_("Your section alone. You can change it until the JOC has taken it up."),
    ),
    Transition(
        "ask_another", _("Ask somebody else"), ("collecting",), "", (JOC,), form=lambda: forms.AskAnotherForm,
        effect=effects.asks_another, offered=effects.has_awaited,
        help=_("For a section that has not come yet."),
    ),
    Transition(
        "extend", _("Set a new deadline"), ("collecting", "compiling"), "collecting", (JOC,),
        form=lambda: forms.ExtendForm, effect=effects.extends,
        help=_("Contributors have until then. A collection that was closed is opened again."),
    ),
    Transition(
        "close", _("Close the collection"), ("collecting",), "compiling", (JOC,),
        help=_("What has not come is marked as not received. It may still be written until you take it up."),
    ),
    Transition("close_by_clock", _("Contributions were due"), ("collecting",), "compiling"),
    Transition(
        "edit", _("Edit a section"), ("compiling", "returned"), "", (JOC,), form=lambda: forms.CompileForm,
        effect=effects.edits, help=_("What was given is kept for you and for whoever gave it."),
    ),
)  # fmt: skip

_RELEASE = (
    Transition(
        "submit", _("Put forward for release"), ("compiling", "returned"), "for_release", (JOC,), Duty.REQUESTER,
        guard=effects.may_submit, style="primary",
        help=_("Sends it to the release authority of your organisation. Sections are closed then."),
    ),
    Transition(
        "return", _("Return to the JOC"), ("for_release",), "returned", (REL,), note_required=True,
        help=_("Something must be mended. Say what."),
    ),
    Transition(
        "release", _("Release"), ("for_release",), "released", (REL,), Duty.DECIDER, effect=effects.releases,
        offered=effects.is_anothers, style="primary",
        help=_("Opens every section to all who read the product, and tells them."),
    ),
    Transition(
        "release_own", _("Release"), ("for_release",), "released", (REL,), effect=effects.releases,
        offered=effects.is_own, style="primary",
        help=_("You compiled it and are its release authority: you answer for both."),
    ),
    Transition(
        "supersede", _("Replaced by a corrected edition"), ("released",), "superseded", (REL,),
        offered=effects.is_replaced, help=_("The corrected edition is out; this one is kept for the record."),
    ),
    Transition(
        "withdraw", _("Withdraw"), ("released",), "withdrawn", (REL,), note_required=True, style="danger",
        help=_("Takes it back: its readers are told not to rely on it. Say why."),
    ),
    Transition(
        "discard", _("Discard"), ("draft", "collecting", "compiling", "returned"), "withdrawn", (JOC,),
        note_required=True, style="danger", help=_("Ends it before it is out. Say why."),
    ),
)  # fmt: skip

WORKFLOW = Workflow(
    initial="draft",
    states=STATES,
    transitions=(*_COLLECTION, *_RELEASE),
    automatic={"collecting": (Automatic("close_by_clock", lambda product: product.contributions_due),)},
    draws_in={"collecting": (AWAITED,), "for_release": (REL,)},
)
