"""The life of a request for information, as data: asked, drafted, released, and found enough or not."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.information_requests import effects, forms
from apps.mission.vocabulary import Role
from apps.records.workflow import Duty, Outcome, State, Transition, Workflow

REQ, DESK, DRAFTER, REL = Role.REQUESTER, Role.JOC, Role.UNIT, Role.RELEASE
OPEN = ("draft", "asked", "accepted", "assigned", "drafted", "answered")

STATES = (
    State(
        "draft", _("Draft"), REQ, editable=True,
        help=_("Only your position works on it. Ask when it says all that is needed."),
    ),
    State(
        "asked", _("Asked"), DESK, {1: 2, 2: 12, 3: 48},
        help=_("The organisation asked accepts or declines it."),
    ),
    State(
        "accepted", _("Accepted"), DESK, {1: 2, 2: 12, 3: 24}, help=_("Next, a position is told to draft."),
    ),
    State(
        "assigned", _("Assigned"), DRAFTER, {1: 12, 2: 48, 3: 120},
        help=_("The answer is being written, as a release."),
    ),
    State(
        "drafted", _("Release decision"), REL, {1: 4, 2: 24, 3: 72},
        help=_("The release authority signs the answer under a label that the asker may read."),
    ),
    State(
        "answered", _("Answered"), REQ, {1: 72, 2: 120, 3: 168},
        help=_("The asker says whether it is enough."),
    ),
    State("satisfied", _("Satisfied"), outcome=Outcome.SUCCESS, help=_("The asker has what was needed.")),
    State(
        "unsatisfied", _("Not satisfied"), outcome=Outcome.FAILURE, track=False,
        help=_("The answer was not enough. It may be asked again."),
    ),
    State(
        "declined", _("Declined"), outcome=Outcome.FAILURE, track=False,
        help=_("The reason stands in the timeline."),
    ),
    State(
        "withdrawn", _("Withdrawn"), outcome=Outcome.FAILURE, track=False, help=_("The asker took it back."),
    ),
)  # fmt: skip

_ASKING = (
    Transition(
        "ask", _("Ask"), ("draft",), "asked", (REQ,), Duty.REQUESTER, guard=effects.is_complete,
        effect=effects.asks, style="primary", help=_("Sends it to the organisation asked, which reads it then."),
    ),
    Transition(
        "ask_again", _("Ask again"), ("unsatisfied",), "asked", (REQ,), Duty.REQUESTER, note_required=True,
        style="primary", help=_("Say what the answer left open."),
    ),
    Transition(
        "satisfied", _("It is enough"), ("answered",), "satisfied", (REQ,), Duty.REQUESTER, style="primary",
        help=_("Closes the request."),
    ),
    Transition(
        "unsatisfied", _("It is not enough"), ("answered",), "unsatisfied", (REQ,), Duty.REQUESTER,
        note_required=True, help=_("Say what is missing. You can ask again afterwards."),
    ),
    Transition(
        "withdraw", _("Withdraw"), OPEN, "withdrawn", (REQ,), Duty.REQUESTER, note_required=True,
        style="danger", help=_("Ends the request. Say why."),
    ),
)  # fmt: skip

_ANSWERING = (
    Transition(
        "accept", _("Accept"), ("asked",), "accepted", (DESK,), offered=effects.is_anothers, style="primary",
        help=_("Your organisation will answer it."),
    ),
    Transition(
        "decline", _("Decline"), ("asked", "accepted", "assigned", "drafted"), "declined", (DESK,),
        note_required=True, offered=effects.is_anothers, style="danger",
        help=_("Ends the request with a reason that the asker reads."),
    ),
    Transition(
        "assign", _("Assign"), ("accepted",), "assigned", (DESK,), form=lambda: forms.AssignForm,
        effect=effects.assigns, style="primary", help=_("Tells a position to draft the answer."),
    ),
    Transition(
        "reassign", _("Assign to somebody else"), ("assigned",), "", (DESK,), form=lambda: forms.AssignForm,
        effect=effects.assigns, help=_("Another position drafts from now on; the clock goes on."),
    ),
    Transition(
        "put_forward", _("Put the answer forward"), ("assigned",), "drafted", (DRAFTER,), Duty.VALIDATOR,
        form=lambda: forms.PutForwardForm, effect=effects.puts_forward, style="primary",
        help=_("Sends the answer to its release authority. You cannot change it then."),
    ),
    Transition(
        "answer", _("Answer with the release"), ("drafted",), "answered", (REL,), Duty.DECIDER,
        effect=effects.gives, style="primary",
        help=_("The asker reads the signed release from then on, and nothing of what it is drawn from."),
    ),
    Transition(
        "send_back", _("Ask for another answer"), ("drafted",), "assigned", (REL,), Duty.DECIDER,
        note_required=True, help=_("This cannot be released. Say what could be."),
    ),
)  # fmt: skip

WORKFLOW = Workflow(
    initial="draft",
    states=STATES,
    transitions=(*_ASKING, *_ANSWERING),
    draws_in={"asked": (DESK,), "drafted": (REL,)},
)
