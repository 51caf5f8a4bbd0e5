"""The life of an aid request, as data: states, steps, by whom, by when, and who is drawn in."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.aid_requests import effects, rules
from apps.aid_requests.forms import steps as forms
from apps.aid_requests.vocabulary import DecisionOutcome
from apps.mission.vocabulary import Role
from apps.records.workflow import Automatic, Duty, Outcome, State, Transition, Workflow

REQ, CLU, CMC, CIM = Role.REQUESTER, Role.CLUSTER, Role.CMCOORD, Role.CIMIC
JOC, SEC, DEC, UNIT = Role.JOC, Role.SECURITY, Role.DECIDER, Role.UNIT

# Before anything moves, a request expires when its moment has passed; what moves already goes on.
EXPIRING = (
    "submitted", "returned", "validated", "endorsed", "under_assessment", "info_requested", "for_decision",
    "counter_offered", "approved", "tasked",
)  # fmt: skip
OPEN = ("draft", *EXPIRING, "in_execution", "suspended", "delivered")

STATES = (
    State(
        "draft", _("Draft"), REQ, editable=True,
        help=_("Only your position works on it. Submit it when all answers are there."),
    ),
    State(
        "submitted", _("Submitted"), CLU, {1: 2, 2: 12, 3: 48},
        help=_("The cluster coordinator checks that the need is real and not met by others."),
    ),
    State(
        "returned", _("Returned"), REQ, {1: 4, 2: 48, 3: 120}, editable=True, track=False,
        help=_("Something must be mended. Change it, then submit it again."),
    ),
    State(
        "validated", _("Validated"), CMC, {1: 2, 2: 12, 3: 48},
        help=_("The CMCoord officer checks last resort, distinction and the limit in time."),
    ),
    State(
        "endorsed", _("Endorsed"), CMC, {1: 1, 2: 8, 3: 24},
        help=_("The humanitarian side stands behind it. It goes to the mission next."),
    ),
    State(
        "under_assessment", _("Under assessment"), CIM, {1: 4, 2: 24, 3: 72},
        help=_("The CIMIC officer looks at capacity and risk and prepares the decision."),
    ),
    State(
        "info_requested", _("Question to the requester"), REQ, {1: 2, 2: 24, 3: 72}, track=False,
        help=_("The assessment goes on when the question is answered."),
    ),
    State(
        "for_decision", _("For decision"), DEC, {1: 4, 2: 24, 3: 72},
        help=_("The decision authority for this kind of support decides."),
    ),
    State(
        "counter_offered", _("Counter-offer"), REQ, {1: 4, 2: 24, 3: 72}, track=False,
        help=_("Something else was offered. The requester accepts or refuses."),
    ),
    State(
        "approved", _("Approved"), JOC, {1: 2, 2: 12, 3: 48},
        help=_("The joint operations centre tasks a unit."),
    ),
    State(
        "tasked", _("Tasked"), UNIT, {1: 2, 2: 12, 3: 24},
        help=_("The unit accepts the task, or says that it cannot."),
    ),
    State(
        "in_execution", _("In execution"), UNIT, {1: 24, 2: 168, 3: 336},
        help=_("The unit carries out the task and reports when it is done."),
    ),
    State(
        "suspended", _("Suspended"), JOC, {1: 4, 2: 24, 3: 72}, track=False,
        help=_("Execution has stopped for now. The joint operations centre resumes it."),
    ),
    State(
        "delivered", _("Delivered"), REQ, {1: 72, 2: 120, 3: 168},
        help=_("The unit says that it is done. The requester confirms, or disputes it."),
    ),
    State("closed", _("Closed"), outcome=Outcome.SUCCESS, help=_("Delivered and confirmed.")),
    State(
        "closed_unconfirmed", _("Closed without confirmation"), outcome=Outcome.SUCCESS, track=False,
        help=_("Delivered, but never confirmed by the requester. Feedback may still be given."),
    ),
    State(
        "closed_civil", _("Met by civilian means"), outcome=Outcome.SUCCESS, track=False,
        help=_("No military support was needed. This is the best outcome."),
    ),
    State(
        "declined", _("Declined"), outcome=Outcome.FAILURE, track=False,
        help=_("The reason stands in the decision."),
    ),
    State(
        "withdrawn", _("Withdrawn"), outcome=Outcome.FAILURE, track=False,
        help=_("The requester took it back."),
    ),
    State(
        "expired", _("Expired"), outcome=Outcome.FAILURE, track=False,
        help=_("It was not met by the moment it was needed. Only a new decision can move that."),
    ),
)  # fmt: skip

_REQUEST = (
    Transition(
        "submit", _("Submit"), ("draft",), "submitted", (REQ,), Duty.REQUESTER, guard=effects.is_complete,
        effect=effects.draw_in_assessors, style="primary",
        help=_("Sends it to the cluster coordinator and the CMCoord officer. You cannot change it then."),
    ),
    Transition(
        "resubmit", _("Submit again"), ("returned",), "submitted", (REQ,), Duty.REQUESTER,
        guard=effects.is_complete, effect=effects.draw_in_assessors, style="primary",
        help=_("Sends the mended request back to those who returned it."),
    ),
    Transition(
        "answer", _("Answer the question"), ("info_requested",), "under_assessment", (REQ,), Duty.REQUESTER,
        form=lambda: forms.AnswerForm, effect=effects.answers, style="primary",
        help=_("Gives the CIMIC officer what was asked for, and the assessment goes on."),
    ),
)  # fmt: skip

_VALIDATION = (
    Transition(
        "validate", _("Validate the need"), ("submitted",), "validated", (CLU,), Duty.VALIDATOR,
        form=lambda: forms.ValidationForm, effect=effects.VALIDATE, offered=effects.is_humanitarian,
        style="primary",
        help=_("Says that the need is real, met by nobody else, and important to the cluster."),
    ),
    Transition(
        "endorse_emergency", _("Endorse as an emergency"), ("submitted",), "endorsed", (CMC,), Duty.VALIDATOR,
        form=lambda: forms.EndorsementForm, effect=effects.ENDORSE, offered=effects.is_emergency,
        style="primary",
        help=_("Skips the cluster coordinator because lives are at risk. They must validate it afterwards."),
    ),
    Transition(
        "return", _("Return to the requester"), ("submitted",), "returned", (CLU, CMC), Duty.VALIDATOR,
        note_required=True, offered=effects.is_humanitarian,
        help=_("Asks the requester to mend something. Say what."),
    ),
    Transition(
        "met_by_civilian", _("Met by civilian means"), ("validated",), "closed_civil", (CLU, CMC),
        Duty.VALIDATOR, form=lambda: forms.ProvisionForm, effect=effects.names_provider,
        help=_("Closes the request as a success: a civilian provider meets the need."),
    ),
    Transition(
        "endorse", _("Endorse"), ("validated",), "endorsed", (CMC,), Duty.VALIDATOR,
        form=lambda: forms.EndorsementForm, effect=effects.ENDORSE, style="primary",
        help=_("Says that it is the last resort, keeps the sides distinct, and is limited in time."),
    ),
    Transition(
        "transmit", _("Send to the mission"), ("endorsed",), "under_assessment", (CMC,), Duty.VALIDATOR,
        style="primary",
        help=_("Sends it to the CIMIC officer and the joint operations centre. They read it from then on."),
    ),
    Transition(
        "validate_afterwards", _("Validate afterwards"),
        ("endorsed", "under_assessment", "info_requested", "for_decision", "counter_offered", "approved",
         "tasked", "in_execution", "suspended", "delivered", "closed", "closed_unconfirmed"),
        "", (CLU,), Duty.VALIDATOR, form=lambda: forms.ValidationForm, effect=effects.VALIDATE,
        offered=effects.awaits_validation, style="primary",
        help=_("The emergency went ahead without you. Say now that the need was real."),
    ),
    Transition(
        "object_afterwards", _("Object afterwards"),
        ("endorsed", "under_assessment", "info_requested", "for_decision", "counter_offered", "approved",
         "tasked"),
        "for_decision", (CLU,), Duty.VALIDATOR, note_required=True, offered=effects.awaits_validation,
        style="danger", help=_("The need is not as stated. The decision authority decides anew."),
    ),
    Transition(
        "object_in_execution", _("Object afterwards"), ("in_execution",), "suspended", (CLU,), Duty.VALIDATOR,
        note_required=True, offered=effects.awaits_validation, style="danger",
        help=_("The need is not as stated. Execution stops until the joint operations centre resumes it."),
    ),
)  # fmt: skip

_ASSESSMENT = (
    Transition(
        "take_up", _("Take into assessment"), ("submitted",), "under_assessment", (CIM, JOC),
        offered=effects.is_mission_support, style="primary",
        help=_("Mission support goes to assessment without the humanitarian tests."),
    ),
    Transition(
        "hand_back", _("Return to the requester"), ("submitted",), "returned", (CIM, JOC), note_required=True,
        offered=effects.is_mission_support, help=_("Asks the requester to mend something. Say what."),
    ),
    Transition(
        "query", _("Ask the requester"), ("under_assessment",), "info_requested", (CIM,),
        form=lambda: forms.QueryForm, effect=effects.ASK,
        help=_("The assessment waits until the requester has answered."),
    ),
    Transition(
        "ask_security", _("Ask the security adviser"), ("under_assessment",), "", (CIM,),
        effect=effects.draw_in_security, offered=effects.needs_other_opinion,
        help=_("The security adviser reads the request from then on and gives an opinion."),
    ),
    Transition(
        "give_opinion", _("Give a security opinion"), ("under_assessment",), "", (SEC,),
        form=lambda: forms.OpinionForm, effect=effects.ADVISE_SECURITY, style="primary",
        help=_("Says whether the risk is acceptable. An armed escort is not recommended without it."),
    ),
    Transition(
        "recommend", _("Recommend"), ("under_assessment",), "for_decision", (CIM,),
        form=lambda: forms.RecommendationForm, guard=effects.has_opinion, effect=effects.RECOMMEND,
        style="primary", help=_("Puts the request before the decision authority with your recommendation."),
    ),
)  # fmt: skip

_DECISION = (
    Transition(
        "approve", _("Approve"), ("for_decision",), "approved", (DEC,), Duty.DECIDER,
        form=lambda: forms.ApprovalForm, effect=effects.decides(DecisionOutcome.APPROVED),
        help=_("Approves as asked. Criteria that are not met are listed on the decision."),
    ),
    Transition(
        "approve_conditions", _("Approve with conditions"), ("for_decision",), "approved", (DEC,),
        Duty.DECIDER, form=lambda: forms.ConditionsForm,
        effect=effects.decides(DecisionOutcome.CONDITIONS, "conditions"),
        help=_("Approves under conditions that the unit and the requester must keep."),
    ),
    Transition(
        "counter_offer", _("Offer something else"), ("for_decision",), "counter_offered", (DEC,),
        Duty.DECIDER, form=lambda: forms.CounterOfferForm,
        effect=effects.decides(DecisionOutcome.COUNTER_OFFER, "counter_offer"),
        help=_("Offers what is possible instead. The requester accepts or refuses."),
    ),
    Transition(
        "decline", _("Decline"), ("for_decision",), "declined", (DEC,), Duty.DECIDER,
        form=lambda: forms.DeclineForm,
        effect=effects.decides(DecisionOutcome.DECLINED, "reason", "explanation"),
        style="danger", help=_("Ends the request with a reason that the requester reads."),
    ),
    Transition(
        "extend", _("Extend the deadline"), ("for_decision", "approved", "tasked"), "", (DEC,), Duty.DECIDER,
        form=lambda: forms.ExtendForm,
        effect=effects.decides(DecisionOutcome.EXTENDED, "extended_until", "explanation"),
        help=_("A decision of its own: the support may come later than asked."),
    ),
    Transition(
        "concur", _("Concur with the offer"), ("counter_offered",), "", (CMC,), Duty.VALIDATOR,
        note_required=True, offered=effects.awaits_concurrence, style="primary",
        help=_("The offer changes humanitarian conditions. Say why it can still be accepted."),
    ),
    Transition(
        "accept_offer", _("Accept the offer"), ("counter_offered",), "approved", (REQ,), Duty.REQUESTER,
        guard=effects.has_concurrence, style="primary",
        help=_("The offer replaces what you asked for, and a unit is tasked with it."),
    ),
    Transition(
        "refuse_offer", _("Refuse the offer"), ("counter_offered",), "withdrawn", (REQ,), Duty.REQUESTER,
        note_required=True, style="danger", help=_("Ends the request. Say why the offer does not help."),
    ),
)  # fmt: skip

_EXECUTION = (
    Transition(
        "task", _("Task a unit"), ("approved",), "tasked", (JOC,), form=lambda: forms.TaskingForm,
        effect=effects.tasks_unit, style="primary",
        help=_("Gives a unit the order. It reads the request from then on."),
    ),
    Transition(
        "accept", _("Accept the task"), ("tasked",), "in_execution", (UNIT,), style="primary",
        help=_("Your unit carries out the task as ordered."),
    ),
    Transition(
        "unable", _("Unable"), ("tasked", "in_execution"), "for_decision", (UNIT,), note_required=True,
        style="danger", help=_("Your unit cannot carry out the task. The decision authority decides anew."),
    ),
    Transition(
        "report_done", _("Report done"), ("in_execution",), "delivered", (UNIT,), note_required=True,
        style="primary", help=_("Say what was done and when. The requester confirms it."),
    ),
    Transition(
        "suspend", _("Suspend"), ("in_execution",), "suspended", (JOC,), note_required=True,
        help=_("Execution stops for now. Say why."),
    ),
    Transition(
        "resume", _("Resume"), ("suspended",), "in_execution", (JOC,), note_required=True, style="primary",
        help=_("Execution goes on. Say what has changed."),
    ),
)  # fmt: skip

_END = (
    Transition(
        "confirm", _("Confirm and give feedback"), ("delivered", "closed_unconfirmed"), "closed", (REQ,),
        Duty.REQUESTER, form=lambda: forms.FeedbackForm, effect=effects.GIVE_FEEDBACK, style="primary",
        help=_("Says how far the need was met, and closes the request."),
    ),
    Transition(
        "dispute", _("Dispute"), ("delivered",), "for_decision", (REQ,), Duty.REQUESTER, note_required=True,
        style="danger", help=_("It was not done as reported. The decision authority decides anew."),
    ),
    Transition(
        "ask_extension", _("Ask for a later deadline"), ("for_decision", "approved", "tasked"), "", (REQ,),
        Duty.REQUESTER, form=lambda: forms.ExtensionForm, effect=effects.wishes_extension,
        help=_("The decision authority decides on it. Without a new decision the deadline stays."),
    ),
    Transition(
        "reopen", _("Ask for a later deadline"), ("expired",), "for_decision", (REQ,), Duty.REQUESTER,
        form=lambda: forms.ExtensionForm, effect=effects.wishes_extension, offered=effects.was_assessed,
        style="primary", help=_("Puts the expired request before the decision authority again."),
    ),
    Transition(
        "withdraw", _("Withdraw"), OPEN, "withdrawn", (REQ,), Duty.REQUESTER, note_required=True,
        style="danger", help=_("Ends the request. Say why, so that others learn from it."),
    ),
    Transition("expire", _("Expired"), EXPIRING, "expired", guard=effects.is_over),
    Transition("auto_close", _("Closed by the clock"), ("delivered",), "closed_unconfirmed"),
    Transition("move_deadline", _("Deadline moved"), (*EXPIRING, "delivered"), ""),
)  # fmt: skip

WORKFLOW = Workflow(
    initial="draft",
    states=STATES,
    transitions=(*_REQUEST, *_VALIDATION, *_ASSESSMENT, *_DECISION, *_EXECUTION, *_END),
    automatic={
        **{state: (Automatic("expire", rules.expires_at),) for state in EXPIRING if state != "for_decision"},
        "for_decision": (Automatic("expire", rules.expires_undecided_at),),
        "delivered": (Automatic("auto_close", rules.closes_at),),
    },
    draws_in={
        "submitted": (CLU, CMC),
        "under_assessment": (CIM, JOC, SEC),
        "for_decision": (DEC,),
        "tasked": (UNIT,),
    },
    resets_clock="move_deadline",
)
