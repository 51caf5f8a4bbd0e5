"""The life of an announcement, as data: drafted, in force, amended by new editions, and over."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.announcements import effects, forms
from apps.mission.vocabulary import Role
from apps.records.workflow import Automatic, Outcome, State, Transition, Workflow

ISSUER = Role.REQUESTER

STATES = (
    State(
        "draft", _("Draft"), ISSUER, editable=True,
        help=_("Nobody is told yet. Whoever its label lets in can open it."),
    ),
    State("issued", _("In force"), help=_("Everybody who can read it is told.")),
    State(
        "expired", _("Over"), outcome=Outcome.SUCCESS, track=False,
        help=_("The time for which it held is over."),
    ),
    State(
        "cancelled", _("Cancelled"), outcome=Outcome.FAILURE, track=False,
        help=_("It does not hold any more. The reason stands in the timeline."),
    ),
    State("discarded", _("Discarded"), outcome=Outcome.FAILURE, track=False, help=_("It was never issued.")),
)  # fmt: skip

_STEPS = (
    Transition(
        "issue", _("Issue"), ("draft",), "issued", (ISSUER,), form=lambda: forms.IssueForm,
        guard=effects.is_complete, effect=effects.issues, style="primary",
        help=_("Puts it in force and tells everybody who can read it then. An emergency reaches them at once."),
    ),
    Transition(
        "amend", _("Amend"), ("issued",), "", (ISSUER,), form=lambda: forms.AmendForm, effect=effects.amends,
        offered=effects.is_live,
        help=_("A new edition replaces this one. Its readers are told, and say again that they have read it."),
    ),
    Transition(
        "cancel", _("Cancel the announcement"), ("issued",), "cancelled", (ISSUER,), note_required=True,
        offered=effects.is_live, style="danger",
        help=_("It holds no longer, and its readers are told so at once. Say why."),
    ),
    Transition(
        "discard", _("Discard"), ("draft",), "discarded", (ISSUER,), note_required=True, style="danger",
        help=_("Ends the draft; nobody is told. Say why."),
    ),
    Transition("expire", _("Its time is over"), ("issued",), "expired"),
)  # fmt: skip

WORKFLOW = Workflow(
    initial="draft",
    states=STATES,
    transitions=_STEPS,
    automatic={"issued": (Automatic("expire", lambda announcement: announcement.expires_at),)},
)
