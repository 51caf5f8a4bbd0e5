"""The rules of an aid request that are no workflow: what must be answered, and until when it lives."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.aid_requests.vocabulary import Criterion
from apps.mission.vocabulary import RequestKind
from apps.records import clock
from apps.records.withheld import is_answered
from apps.records.workflow import Text

if TYPE_CHECKING:
    from apps.aid_requests.models import AidRequest, Decision, Extension

# Kinds that move something from one place to another, and kinds whose cargo must be listed.
MOVING = frozenset({RequestKind.ESCORT, RequestKind.LIFT})
LADEN = frozenset({RequestKind.LIFT, RequestKind.STORAGE})
# Kinds that nobody recommends before the security adviser has spoken.
SECURITY_FIRST = frozenset({RequestKind.ESCORT})

_EVERY = {
    "title": _("Give the request a title."),
    "kind": _("Choose the kind of support."),
    "priority": _("Choose the priority."),
    "area": _("Choose the area of the destination, or of the place of work."),
    "need_statement": _("Say what is needed, and for whom."),
    "needed_by": _("Say by when it is needed."),
    "contact_name": _("Name a contact on the ground."),
}
_HUMANITARIAN = {
    "sector": _("Choose the sector whose cluster coordinator validates the need."),
    "people_targeted": _("Say how many people benefit."),
    "consequence_if_not_met": _("Say what happens if the need is not met."),
    "end_date": _("Say when the support ends: it is limited in time."),
    "last_resort_justification": _("Say why military support is the last resort."),
    "distinction_measures": _("Say how the difference between humanitarian and military stays visible."),
    "cost_basis": _("Say who pays."),
}
_MOVING = {
    "origin_area": _("Choose the area of origin."),
    "origin_place": _("Name the place of origin."),
    "destination_place": _("Name the place of destination."),
    "ready_to_load": _("Say when the cargo is ready to load."),
}
_ESCORT = {
    "escort_route": _("Describe the route."),
    "escort_vehicles": _("Say how many vehicles are to be escorted."),
    "escort_crew": _("Name the nationalities of the crew."),
    "escort_alternatives": _("Say which alternatives to an armed escort were considered."),
    "common_position": _("State the common humanitarian position."),
    "discontinuation_plan": _("Say how the use of escorts ends."),
}
_UAV = {
    "uav_humanitarian_use": _("Say what the imagery is used for."),
    "uav_release_decision": _("Say who decided on the release of the imagery, and what."),
}


def required(kind: str) -> dict[str, Text]:
    """Fields that a request of that kind must answer, with what to say when they are empty."""
    wanted: dict[str, Text] = dict(_EVERY)
    if kind == RequestKind.MISSION_SUPPORT:
        return wanted
    wanted |= _HUMANITARIAN
    if kind in MOVING:
        wanted |= _MOVING
    if kind == RequestKind.ESCORT:
        wanted |= _ESCORT
        for criterion in Criterion:
            wanted[f"{criterion.value}_text"] = _("Answer this criterion in words.")
    if kind == RequestKind.UAV:
        wanted |= _UAV
    return wanted


def missing(request: AidRequest) -> dict[str, list[Text]]:
    """Field, or key of child rows, -> what must be answered before submission. At most two queries."""
    found: dict[str, list[Text]] = {}
    for name, message in required(request.kind).items():
        if not is_answered(request, name):
            found[name] = [message]
    if request.needed_by and request.needed_by <= clock.now():
        found["needed_by"] = [_("This moment is over. Say by when it is needed now.")]
    reached = is_answered(request, "contact_phone") or is_answered(request, "contact_email")
    if "contact_name" not in found and not reached:
        found["contact_phone"] = [_("Give a telephone number or an e-mail address of the contact.")]
    if request.is_escort:
        for criterion, _text, met in request.criteria():
            if met is None:
                found[f"{criterion.value}_met"] = [_("Say whether this criterion is met.")]
    if not request.is_mission_support and not request.alternatives.exists():
        found["alternatives"] = [
            _("Name at least one civilian alternative that was tried, and what came of it.")
        ]
    if request.kind in LADEN and not request.cargo.exists():
        found["cargo"] = [_("List the cargo.")]
    return found


def expires_at(request: AidRequest) -> datetime | None:
    """When an unmet request expires: its needed-by, or the later moment that a decision granted."""
    granted = last_extension(request)
    return granted.extended_until if granted else request.needed_by


def expires_undecided_at(request: AidRequest) -> datetime | None:
    """As `expires_at`, while a decision is awaited: a wish for a later deadline holds until then.

    None once a unit has begun: what was disputed, or broken off, ends by a decision and never by the clock.
    """
    if request.workflow_steps.filter(name="accept").exists():
        return None
    moment, wish = expires_at(request), last_wish(request)
    return max(moment, wish.until) if moment and wish else moment


def later_error(request: AidRequest, moment: datetime) -> str | None:
    """What is wrong with a new deadline: it lies ahead, and after the present one. None when right."""
    present = expires_at(request)
    if moment <= clock.now() or (present and moment <= present):
        return gettext("Choose a moment that lies ahead and is later than the present deadline.")
    return None


def deadline_error(request: AidRequest, moment: datetime | None) -> str | None:
    """What is wrong with the deadline of a decision. Without a new one, the present one must lie ahead."""
    if moment is not None:
        return later_error(request, moment)
    present = expires_at(request)
    if present and present <= clock.now():
        return gettext("The deadline is over. Say until when the support may come.")
    return None


def last_extension(request: AidRequest) -> Decision | None:
    """The latest decision that moved the deadline."""
    return request.decision_rows.filter(extended_until__isnull=False).order_by("-at", "-id").first()


def last_wish(request: AidRequest) -> Extension | None:
    """The latest wish for a later deadline, answered or not."""
    return request.extension_rows.order_by("-at", "-id").first()


def wish_is_open(request: AidRequest) -> bool:
    """Whether a wish for a later deadline has not been answered by any decision since."""
    wish = last_wish(request)
    return wish is not None and not request.decision_rows.filter(at__gt=wish.at).exists()


def last_decision(request: AidRequest) -> Decision | None:
    """The latest decision that was no mere extension."""
    return request.decision_rows.exclude(outcome="extended").order_by("-at", "-id").first()


def closes_at(request: AidRequest) -> datetime:
    """When a delivered request closes by itself: counted from its delivery."""
    delivered = request.state_since if request.state == "delivered" else clock.now()
    return delivered + clock.hours(24 * request.mission.auto_close_days)


def validation_due(request: AidRequest) -> datetime | None:
    """Until when an emergency that skipped the cluster must be validated; None when settled."""
    if not request.is_emergency:
        return None
    taken = {
        step.name: step.at
        for step in request.workflow_steps.filter(name__in=(EMERGENCY, *SETTLES_EMERGENCY)).order_by("at")
    }
    if EMERGENCY not in taken or any(name in taken for name in SETTLES_EMERGENCY):
        return None
    return taken[EMERGENCY] + clock.hours(request.mission.emergency_validation_hours)


EMERGENCY = "endorse_emergency"
SETTLES_EMERGENCY = ("validate_afterwards", "object_afterwards", "object_in_execution")
