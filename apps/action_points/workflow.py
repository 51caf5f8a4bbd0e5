"""The life of an action point as data: given to its owner, called done, verified by another. Overdue is no state."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.action_points import effects, forms, rules
from apps.action_points.positions import KEEPER, OWNER, VERIFIER
from apps.records.workflow import Outcome, State, Transition, Workflow


def _due(point: Any) -> datetime | None:
    """The moment until which its owner has it."""
    due: datetime | None = point.needed_by
    return due


STATES = (
    State("draft", _("Draft"), KEEPER, editable=True, help=_("Open it when it says who does what until when.")),
    State(
        "open", pgettext_lazy("action point", "Open"), OWNER, until=_due,
        help=_("Its owner has it and has not begun yet."),
    ),
    State("in_progress", _("In progress"), OWNER, until=_due, help=_("Its owner is at work on it.")),
    State(
        "returned", _("Sent back"), OWNER, until=_due, track=False,
        help=_("It was found not to be done. The timeline says what is missing."),
    ),
    State(
        "done_claimed", _("Said to be done"), VERIFIER, {1: 24, 2: 72, 3: 120},
        help=_("Another person than the one who says so verifies it."),
    ),
    State("verified", _("Verified"), outcome=Outcome.SUCCESS, help=_("It is done, and somebody else saw it.")),
    State(
        "cancelled", pgettext_lazy("action point", "Cancelled"), outcome=Outcome.FAILURE, track=False,
        help=_("It is not to be done any more. The timeline says why."),
    ),
)  # fmt: skip

_DOING = (
    Transition(
        "open", _("Open it"), ("draft",), "open", (KEEPER,), guard=effects.is_complete, style="primary",
        help=_("Its owner and whoever verifies it read it from now on, and its clock runs."),
    ),
    Transition(
        "start", _("Begin"), ("open",), "in_progress", (OWNER,), help=_("Says that you are at work on it."),
    ),
    Transition(
        "claim", _("It is done"), rules.OWED, "done_claimed", (OWNER,), note_required=True,
        form=lambda: forms.ClaimForm, effect=effects.claims, style="primary",
        help=_("Say what was done. Another person verifies it then."),
    ),
    Transition(
        "verify", _("Verify"), ("done_claimed",), "verified", (VERIFIER,), other_than="claim",
        style="primary", help=_("You saw that it is done. Closes it."),
    ),
    Transition(
        "return", _("Send back"), ("done_claimed",), "returned", (VERIFIER,), note_required=True,
        help=_("It is not done yet. Say what is missing."),
    ),
)  # fmt: skip

_KEEPING = (
    Transition(
        "reassign", _("Give it to somebody else"), rules.OWED, "open", (KEEPER,), note_required=True,
        form=lambda: forms.ReassignForm, effect=effects.reassigns,
        help=_("Another position does it from now on. Whoever owned it before can still read it."),
    ),
    Transition(
        "extend", _("Change the due date"), rules.OWED, "", (KEEPER,), note_required=True,
        form=lambda: forms.ExtendForm, effect=effects.extends, help=_("Say why it may take until then."),
    ),
    Transition(
        "name_verifier", _("Name who verifies it"), (*rules.OWED, "done_claimed"), "", (KEEPER,),
        form=lambda: forms.VerifierForm, effect=effects.names_verifier,
        help=_("That position reads it from now on."),
    ),
    Transition(
        "cancel", _("Cancel"), ("draft", *rules.OWED, "done_claimed"), "cancelled", (KEEPER,),
        note_required=True, style="danger", help=_("It is not to be done any more. Say why."),
    ),
)  # fmt: skip

WORKFLOW = Workflow(
    initial="draft",
    states=STATES,
    transitions=(*_DOING, *_KEEPING),
    draws_in={"open": (OWNER, VERIFIER)},
)
