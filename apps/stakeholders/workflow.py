"""The life of a stakeholder's file, as data: drafted, on the register, dormant, merged into another."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.mission.vocabulary import Role
from apps.records.workflow import Outcome, State, Transition, Workflow
from apps.stakeholders import effects, forms

KEEPER, OFFICER = Role.REQUESTER, Role.CMCOORD

STATES = (
    State(
        "draft", _("Draft"), KEEPER, editable=True,
        help=_("Not on the register yet. Whoever its label lets in can open it."),
    ),
    State(
        "registered", pgettext_lazy("organisation", "Registered"), editable=True,
        help=_("Kept up to date by whoever filed it."),
    ),
    State(
        "dormant", _("Not active"), editable=True, track=False,
        help=_("The organisation is not active here at present."),
    ),
    State(
        "merged", _("Merged"), outcome=Outcome.SUCCESS, track=False,
        help=_("Everything was taken over by another record of the same organisation."),
    ),
    State("discarded", _("Discarded"), outcome=Outcome.FAILURE, track=False, help=_("It was never registered.")),
)  # fmt: skip

_STEPS = (
    Transition(
        "register", _("Put on the register"), ("draft",), "registered", (KEEPER,), form=lambda: forms.RegisterForm,
        guard=effects.is_complete, effect=effects.registers, style="primary",
        help=_("From now on it is found, offered in pickers and counted, for everybody who can read it."),
    ),
    Transition(
        "stance", _("Say how it is engaged"), ("registered", "dormant"), "", (OFFICER, KEEPER),
        form=lambda: forms.StanceForm, effect=effects.says_stance, offered=effects.may_say,
        help=_(
            "The organisation’s own wish. “Not to be listed” takes it off every list and page of those who are neither "
            "CMCoord officers nor its keepers, and ends what was shared with them."
        ),
    ),
    Transition(
        "rest", _("Mark as not active"), ("registered",), "dormant", (KEEPER,), note_required=True,
        offered=effects.is_kept,
        help=_("It stays on the register, marked. Say since when and why."),
    ),
    Transition(
        "resume", _("Mark as active"), ("dormant",), "registered", (KEEPER,), offered=effects.is_kept,
        help=_("It is active here again."),
    ),
    Transition(
        "merge", _("Merge into another record"), ("registered", "dormant"), "merged", (KEEPER,),
        form=lambda: forms.MergeForm, effect=effects.merges, offered=effects.is_kept, style="danger",
        help=_("For two records of one organisation that are both yours to change. The history of both stays."),
    ),
    Transition(
        "discard", _("Discard"), ("draft",), "discarded", (KEEPER,), note_required=True, style="danger",
        help=_("Ends the draft. Say why."),
    ),
)  # fmt: skip

WORKFLOW = Workflow(initial="draft", states=STATES, transitions=_STEPS)
