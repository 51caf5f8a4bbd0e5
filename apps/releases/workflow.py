"""The life of a release, as data: drafted, signed under a label, and out until it is replaced or taken back."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.mission.vocabulary import Role
from apps.records.workflow import Automatic, Duty, Outcome, State, Transition, Workflow
from apps.releases import effects, forms

REQ, REL = Role.REQUESTER, Role.RELEASE

STATES = (
    State(
        "draft", _("Draft"), REQ, editable=True,
        help=_("Write only what may be told. The label stays that of the source until somebody signs."),
    ),
    State(
        "for_signature", _("For signature"), REL, {1: 4, 2: 24, 3: 72},
        help=_("The release authority of the originating organisation decides under which label it goes out."),
    ),
    State(
        "returned", _("Returned"), REQ, {1: 4, 2: 24, 3: 72}, editable=True, track=False,
        help=_("Something must be mended. Change it, then put it forward again."),
    ),
    State(
        "released", _("Released"), outcome=Outcome.SUCCESS,
        help=_("Signed, and read by whoever its own label lets in."),
    ),
    State(
        "superseded", _("Superseded"), outcome=Outcome.SUCCESS, track=False,
        help=_("A new version has replaced it."),
    ),
    State(
        "lapsed", _("No longer valid"), outcome=Outcome.SUCCESS, track=False,
        help=_("The time for which it was valid is over."),
    ),
    State(
        "withdrawn", _("Withdrawn"), outcome=Outcome.FAILURE, track=False,
        help=_("Taken back. Do not rely on it any more."),
    ),
)  # fmt: skip

_STEPS = (
    Transition(
        "submit", _("Put forward for signature"), ("draft",), "for_signature", (REQ,), Duty.REQUESTER,
        guard=effects.is_complete, style="primary",
        help=_("Sends it to the release authority of the originating organisation."),
    ),
    Transition(
        "resubmit", _("Put forward again"), ("returned",), "for_signature", (REQ,), Duty.REQUESTER,
        guard=effects.is_complete, style="primary", help=_("Sends the mended draft back for signature."),
    ),
    Transition(
        "return", _("Return to the drafter"), ("for_signature",), "returned", (REL,), Duty.DECIDER,
        note_required=True, offered=effects.is_anothers, help=_("Asks the drafter to mend something. Say what."),
    ),
    Transition(
        "sign", _("Sign and release"), ("for_signature",), "released", (REL,), Duty.DECIDER,
        form=lambda: forms.SignForm, guard=effects.is_complete, effect=effects.signs,
        offered=effects.is_anothers, style="primary",
        help=_("Puts the label in force that you choose here, and lets in whoever it names."),
    ),
    Transition(
        "sign_own", _("Sign and release"), ("draft", "returned", "for_signature"), "released", (REL,),
        form=lambda: forms.SignForm, guard=effects.is_complete, effect=effects.signs, offered=effects.is_own,
        style="primary", help=_("You drafted it and are its release authority: you answer for both."),
    ),
    Transition(
        "sign_again", _("Review the label"), ("released",), "", (REL,), form=lambda: forms.SignForm,
        effect=effects.signs, help=_("Confirms the label or changes it. Every signature keeps its reason."),
    ),
    Transition(
        "supersede", _("Replaced by a new version"), ("released",), "superseded", (REL,),
        offered=effects.has_newer, help=_("The new version is out; this one is kept for the record."),
    ),
    Transition(
        "withdraw", _("Withdraw"), ("released",), "withdrawn", (REL,), note_required=True, style="danger",
        help=_("Takes it back: its readers are told not to rely on it. Say why."),
    ),
    Transition(
        "discard", _("Discard"), ("draft", "returned", "for_signature"), "withdrawn", (REQ,), Duty.REQUESTER,
        note_required=True, style="danger", help=_("Ends the draft. Say why."),
    ),
    Transition("lapse", _("Validity ended"), ("released",), "lapsed"),
)  # fmt: skip

WORKFLOW = Workflow(
    initial="draft",
    states=STATES,
    transitions=_STEPS,
    automatic={"released": (Automatic("lapse", lambda release: release.valid_until),)},
    draws_in={"for_signature": (REL,)},
)
