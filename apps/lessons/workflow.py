"""The life of a lesson as data: written, validated by another person, shared until a newer one takes its place."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.lessons import effects, forms
from apps.lessons.positions import KEEPER, RELEASER, VALIDATOR
from apps.records.workflow import Duty, Outcome, State, Transition, Workflow

STATES = (
    State(
        "draft", _("Draft"), KEEPER, editable=True,
        help=_("Put it forward when it says what happened and what to do next time."),
    ),
    State(
        "proposed", _("To be validated"), VALIDATOR, {1: 72, 2: 168, 3: 336},
        help=_("Another person than its author says whether it is so."),
    ),
    State(
        "returned", _("Returned"), KEEPER, {1: 72, 2: 168, 3: 336}, editable=True, track=False,
        help=_("Something must be mended. Change it, then put it forward again."),
    ),
    State(
        "shared", pgettext_lazy("lesson", "Shared"), outcome=Outcome.SUCCESS,
        help=_("Validated. Whoever reads it finds it on records like those it is for."),
    ),
    State(
        "superseded", _("Superseded"), outcome=Outcome.SUCCESS, track=False,
        help=_("A newer lesson has taken its place."),
    ),
    State(
        "withdrawn", pgettext_lazy("lesson", "Withdrawn"), outcome=Outcome.FAILURE, track=False,
        help=_("It does not hold. The timeline says why."),
    ),
)  # fmt: skip

WORKFLOW = Workflow(
    initial="draft",
    states=STATES,
    transitions=(
        Transition(
            "propose", _("Put forward"), ("draft", "returned"), "proposed", (KEEPER,), Duty.REQUESTER,
            guard=effects.is_complete, form=lambda: forms.ProposeForm, effect=effects.proposes, style="primary",
            help=_("The position that you name reads it and says whether it is so."),
        ),
        Transition(
            "return", _("Send back"), ("proposed",), "returned", (VALIDATOR,), Duty.DECIDER, note_required=True,
            help=_("Something must be mended. Say what."),
        ),
        Transition(
            "share", _("Validate and share"), ("proposed",), "shared", (VALIDATOR,), Duty.DECIDER,
            style="primary",
            help=_("It is so. From now on its readers find it on similar records. Who reads it stays as it is."),
        ),
        Transition(
            "open", _("Say anew who reads it"), ("shared",), "", (RELEASER,), note_required=True,
            form=lambda: forms.OpenForm, effect=effects.opens,
            help=_("For whoever releases what this organisation files. The record that taught it stays closed."),
        ),
        Transition(
            "supersede", _("Mark as superseded"), ("shared",), "superseded", (KEEPER,), note_required=True,
            form=lambda: forms.SupersedeForm, effect=effects.supersedes,
            help=_("It is not shown on similar records any more. Say why."),
        ),
        Transition(
            "withdraw", _("Withdraw"), ("draft", "proposed", "returned", "shared"), "withdrawn", (KEEPER,),
            note_required=True, style="danger", help=_("It does not hold. Say why."),
        ),
    ),
    draws_in={"proposed": (VALIDATOR,)},
)  # fmt: skip
