"""The life of a joint plan as data (field guide (b), Plan): agreed by version, endorsed, reopened when facts change."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.joint_plans import effects, forms
from apps.joint_plans.positions import CONTRIBUTOR, ENDORSER, INFORMED, KEEPER
from apps.joint_plans.projects import services as project_services
from apps.mission.vocabulary import Role
from apps.records.workflow import Automatic, Duty, Outcome, State, Transition, Workflow


def _begins(plan: Any) -> datetime | None:
    """The beginning of its first day, in the mission's zone."""
    if plan.starts_on is None:
        return None
    return datetime.combine(plan.starts_on, time(0), ZoneInfo(plan.mission.time_zone))


def _trips(plan: Any) -> datetime | None:
    moment: datetime | None = plan.trips_at
    return moment


STATES = (
    State("draft", _("Draft"), KEEPER, editable=True, help=_("Only those who write it read it.")),
    State(
        "consultation", _("Consultation"), CONTRIBUTOR, {1: 24, 2: 72, 3: 168}, editable=True,
        help=_("Every contributing organisation says whether it concurs with the version that circulates."),
    ),
    State(
        "for_endorsement", _("For endorsement"), ENDORSER, {1: 24, 2: 48, 3: 120},
        help=_("Whoever endorses plans of this kind decides on the version that circulated."),
    ),
    State(
        "endorsed", pgettext_lazy("plan", "Endorsed"), KEEPER, until=_begins,
        help=_("Agreed. It begins on its first day, by itself or by hand."),
    ),
    State("active", pgettext_lazy("plan", "Active"), KEEPER, until=_trips, help=_("It is carried out and watched.")),
    State(
        "under_review", _("Under review"), KEEPER, {1: 12, 2: 48, 3: 120}, editable=True, track=False,
        help=_("Something that was assumed does not hold any more, or its review is due. It is kept or revised."),
    ),
    State(
        "suspended", pgettext_lazy("plan", "Suspended"), KEEPER, track=False,
        help=_("Nothing of it is carried out until it is resumed."),
    ),
    State(
        "completed", _("After-action review"), KEEPER, {1: 168, 2: 336, 3: 720},
        help=_("It is carried out. What was learnt is written down before it is archived."),
    ),
    State(
        "archived", _("Archived"), outcome=Outcome.SUCCESS,
        help=_("It is over, and what was learnt is written down."),
    ),
    State(
        "withdrawn", pgettext_lazy("plan", "Withdrawn"), outcome=Outcome.FAILURE, track=False,
        help=_("It is not carried out any more. The timeline says why."),
    ),
)  # fmt: skip

_AGREEING = (
    Transition(
        "circulate", _("Circulate"), ("draft",), "consultation", (KEEPER,), guard=effects.may_circulate,
        form=lambda: forms.CirculateForm, effect=effects.circulates, style="primary",
        help=_("Makes version 1, which every contributing organisation reads, and asks for their concurrence."),
    ),
    Transition(
        "circulate_again", _("Circulate the changes"), ("consultation",), "", (KEEPER,), guard=effects.has_changes,
        form=lambda: forms.CirculateForm, effect=effects.circulates, offered=effects.is_pending,
        help=_("Makes a new version. Whoever reads something that changed is asked again; other answers hold."),
    ),
    Transition(
        "answer", _("Say whether you concur"), ("consultation",), "", (CONTRIBUTOR,), form=lambda: forms.AnswerForm,
        effect=effects.answers, offered=effects.is_asked, style="primary",
        help=_("For your organisation, to the version that circulates. Every reader of the plan reads it."),
    ),
    Transition(
        "check_duplication", _("Say whether others do the same"), ("consultation",), "",
        (Role.CMCOORD, Role.CLUSTER, Role.CIMIC), Duty.VALIDATOR, form=lambda: forms.DuplicationForm,
        effect=project_services.duplication_checked, offered=effects.is_checked_for,
        help=_("Before the review committee sees a project. Whoever checks does not endorse."),
    ),
    Transition(
        "put_forward", _("Put forward for endorsement"), ("consultation",), "for_endorsement", (KEEPER,),
        guard=effects.may_put_forward, form=lambda: forms.PutForwardForm, effect=effects.puts_forward,
        help=_("Whoever endorses it sees who concurs and who does not."),
    ),
    Transition(
        "send_back", _("Send back"), ("for_endorsement",), "consultation", (ENDORSER,), note_required=True,
        help=_("Something must change. Say what."),
    ),
    Transition(
        "endorse", _("Endorse"), ("for_endorsement",), "endorsed", (ENDORSER,), Duty.DECIDER,
        form=lambda: forms.EndorseForm, effect=effects.endorses, style="primary",
        help=_("This version is agreed from now on, and stays as it is."),
    ),
)  # fmt: skip

_RUNNING = (
    Transition("begin", _("It begins"), ("endorsed",), "active"),
    Transition(
        "activate", _("Begin now"), ("endorsed",), "active", (KEEPER,), help=_("Before its first day."),
    ),
    Transition("trip", _("Reopened by what was assumed"), ("endorsed", "active"), "under_review"),
    Transition(
        "review", _("Review it"), ("endorsed", "active"), "under_review", (KEEPER,), note_required=True,
        help=_("Opens the plan for changes. Contributors are told. Say why."),
    ),
    Transition(
        "keep", _("Keep it as it is"), ("under_review",), "active", (KEEPER,), guard=effects.may_keep,
        form=lambda: forms.KeepForm, effect=effects.keeps, note_required=True,
        help=_("The plan was reviewed and holds. Say why, and when it is reviewed next."),
    ),
    Transition(
        "revise", _("Circulate the revised plan"), ("under_review",), "consultation", (KEEPER,),
        guard=effects.may_revise, form=lambda: forms.CirculateForm, effect=effects.circulates, style="primary",
        help=_("Makes a new version. Whoever reads something that changed is asked whether they concur."),
    ),
    Transition(
        "suspend", _("Suspend"), ("endorsed", "active", "under_review"), "suspended", (KEEPER,), note_required=True,
        help=_("Nothing of it is carried out for now. Say why, and what it waits for."),
    ),
    Transition(
        "resume", _("Resume"), ("suspended",), "active", (KEEPER,), note_required=True,
        help=_("It goes on as it was agreed. What it assumed is looked at again."),
    ),
    Transition(
        "complete", _("It is carried out"), ("active", "under_review"), "completed", (KEEPER,), note_required=True,
        help=_("Say what was reached and what was not. The after-action review comes next."),
    ),
    Transition(
        "archive", _("Close the after-action review"), ("completed",), "archived", (KEEPER,), guard=effects.may_archive,
        form=lambda: forms.AfterActionForm, effect=effects.archives, style="primary",
        help=_("What was learnt, for whoever plans the next one."),
    ),
    Transition(
        "withdraw", _("Withdraw"),
        ("draft", "consultation", "for_endorsement", "endorsed", "active", "under_review", "suspended"),
        "withdrawn", (KEEPER,), note_required=True, style="danger", help=_("It is not carried out any more. Say why."),
    ),
)  # fmt: skip

WORKFLOW = Workflow(
    initial="draft",
    states=STATES,
    transitions=(*_AGREEING, *_RUNNING),
    automatic={
        "endorsed": (Automatic("begin", _begins), Automatic("trip", _trips)),
        "active": (Automatic("trip", _trips),),
    },
    draws_in={"consultation": (CONTRIBUTOR, INFORMED), "for_endorsement": (ENDORSER,)},
)
