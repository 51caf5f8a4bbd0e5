"""The lives of an office and of an engagement, as data."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.liaison_offices import effects, forms
from apps.mission.vocabulary import Role
from apps.records.workflow import Outcome, State, Transition, Workflow

KEEPER, OWNER = Role.REQUESTER, Role.UNIT

OFFICE = Workflow(
    initial="draft",
    states=(
        State("draft", _("Draft"), KEEPER, editable=True, help=_("It is not open yet.")),
        State(
            "open", pgettext_lazy("office", "Open"), editable=True,
            help=_("Its roster and channels are kept up to date by whoever filed it."),
        ),
        State(
            "closed", pgettext_lazy("office", "Closed"), outcome=Outcome.SUCCESS,
            help=_("Nobody serves there any more."),
        ),
        State("discarded", _("Discarded"), outcome=Outcome.FAILURE, track=False, help=_("It never opened.")),
    ),
    transitions=(
        Transition(
            "open", _("Open the office"), ("draft",), "open", (KEEPER,), guard=effects.may_open, style="primary",
            help=_("From now on it is found under “Whom to call”, by everybody who can read it."),
        ),
        Transition(
            "close", _("Close the office"), ("open",), "closed", (KEEPER,), note_required=True, style="danger",
            help=_("Nobody serves there any more. Say since when, and who takes over."),
        ),
        Transition(
            "reopen", _("Open it again"), ("closed",), "open", (KEEPER,), guard=effects.may_open,
            help=_("Somebody serves there again."),
        ),
        Transition(
            "discard", _("Discard"), ("draft",), "discarded", (KEEPER,), note_required=True, style="danger",
            help=_("Ends the draft. Say why."),
        ),
    ),
)  # fmt: skip

ENGAGEMENT = Workflow(
    initial="draft",
    states=(
        State("draft", _("Draft"), KEEPER, editable=True, help=_("Being prepared.")),
        State(
            "planned", pgettext_lazy("engagement", "Planned"), KEEPER, editable=True,
            help=_("It is to be held, and reported then by whoever planned it."),
        ),
        State(
            "reported", pgettext_lazy("engagement", "Reported"), editable=True,
            help=_("What was agreed is open to every reader; follow-ups wait for their owners."),
        ),
        State(
            "closed", pgettext_lazy("engagement", "Closed"), outcome=Outcome.SUCCESS,
            help=_("Every follow-up is done or dropped."),
        ),
        State(
            "cancelled", pgettext_lazy("engagement", "Cancelled"), outcome=Outcome.FAILURE, track=False,
            help=_("It was not held."),
        ),
    ),
    transitions=(
        Transition(
            "plan", _("Plan it"), ("draft",), "planned", (KEEPER,), guard=effects.may_plan,
            help=_("Puts it among what is planned, for everybody who can read it."),
        ),
        Transition(
            "report", _("Report it"), ("draft", "planned"), "reported", (KEEPER,), guard=effects.may_report,
            style="primary",
            help=_("Says that it was held. The day of the last contact of those who took part is set."),
        ),
        Transition(
            "settle", _("Settle a follow-up"), ("reported",), "", (OWNER, KEEPER),
            form=lambda: forms.SettleForm, effect=effects.settles, offered=effects.has_settleable,
            style="primary", help=_("Says that it was done, or dropped and why."),
        ),
        Transition(
            "close", _("Close"), ("reported",), "closed", (KEEPER,), guard=effects.all_settled,
            help=_("Nothing is open any more."),
        ),
        Transition(
            "reopen", _("Open again"), ("closed",), "reported", (KEEPER,), note_required=True,
            help=_("Something is still to be done. Say what."),
        ),
        Transition(
            "cancel", _("Cancel"), ("draft", "planned"), "cancelled", (KEEPER,), note_required=True,
            style="danger", help=_("It is not held. Say why."),
        ),
    ),
)  # fmt: skip
