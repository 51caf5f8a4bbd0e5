"""Guards and effects of the steps: what must hold before one, and which row it writes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from apps.aid_requests import rules
from apps.aid_requests.eligibility import barred_organisations
from apps.aid_requests.models import (
    AidRequest,
    CivilianProvision,
    Decision,
    Endorsement,
    Extension,
    Feedback,
    InformationAnswer,
    InformationQuery,
    Recommendation,
    SecurityOpinion,
    Tasking,
    Validation,
)
from apps.aid_requests.vocabulary import DecisionOutcome
from apps.mission.models import Position
from apps.mission.vocabulary import Role
from apps.records import clock
from apps.records.actors import Actor
from apps.records.errors import Incomplete, NotPermitted
from apps.records.transitions import addressees_add

Effect = Callable[[Actor, AidRequest, dict[str, Any]], None]


def is_complete(actor: Actor, request: AidRequest) -> None:
    """Incomplete, by field, unless everything is answered that this kind must answer."""
    if errors := rules.missing(request):
        raise Incomplete({name: [str(text) for text in texts] for name, texts in errors.items()})


def has_opinion(actor: Actor, request: AidRequest) -> None:
    """Incomplete for an escort on which the security adviser has not spoken."""
    if request.kind in rules.SECURITY_FIRST and not request.securityopinion_rows.exists():
        raise Incomplete({"__all__": [_("The security adviser has not given an opinion yet.")]})


def has_concurrence(actor: Actor, request: AidRequest) -> None:
    """Incomplete while the CMCoord officer must still concur with changed conditions."""
    if awaits_concurrence(actor, request):
        raise Incomplete(
            {
                "__all__": [
                    _("The offer changes humanitarian conditions. The CMCoord officer must concur first.")
                ]
            }
        )


def awaits_concurrence(actor: Actor | None, request: AidRequest) -> bool:
    """Whether a counter-offer touches humanitarian conditions and awaits the CMCoord officer."""
    offer = rules.last_decision(request)
    if request.is_mission_support or offer is None or not offer.changes_conditions:
        return False
    return not request.workflow_steps.filter(name="concur", at__gte=offer.at).exists()


def is_over(actor: Actor, request: AidRequest) -> None:
    """NotPermitted unless the request is really over: its deadline may have moved since the clock was set."""
    undecided = request.state == "for_decision"
    moment = rules.expires_undecided_at(request) if undecided else rules.expires_at(request)
    if moment is None or moment > clock.now():
        raise NotPermitted(_("The deadline was moved."))


def is_humanitarian(actor: Actor, request: AidRequest) -> bool:
    """Whether the humanitarian tests apply."""
    return not request.is_mission_support


def is_mission_support(actor: Actor, request: AidRequest) -> bool:
    """Whether the mission asks for itself."""
    return request.is_mission_support


def is_emergency(actor: Actor, request: AidRequest) -> bool:
    """Whether the emergency path is open: life-saving, and said so by the requester."""
    return request.is_emergency and request.priority == 1 and not request.is_mission_support


def awaits_validation(actor: Actor, request: AidRequest) -> bool:
    """Whether an emergency still waits to be validated afterwards."""
    return rules.validation_due(request) is not None


def was_assessed(actor: Actor, request: AidRequest) -> bool:
    """Whether a decision authority has had the request before it: otherwise it must begin anew."""
    return request.recommendation_rows.exists()


def needs_other_opinion(actor: Actor, request: AidRequest) -> bool:
    """Whether the security adviser is not drawn in yet."""
    return not request.addressees.filter(role=Role.SECURITY).exists()


def draw_in_assessors(actor: Actor, request: AidRequest, data: dict[str, Any]) -> None:
    """Mission support goes to its assessors at once: no cluster and no CMCoord officer handles it."""
    if request.is_mission_support:
        for role in (Role.CIMIC, Role.JOC):
            addressees_add(request, request.record_type.role_positions(request, role), role)


def draw_in_security(actor: Actor, request: AidRequest, data: dict[str, Any]) -> None:
    """The mission's security advisers read the request from now on."""
    advisers = Position.objects.filter(
        mission_id=request.mission_id, is_active=True, roles__role=Role.SECURITY
    ).distinct()
    addressees_add(request, advisers, Role.SECURITY)


def writes(model: type[models.Model], role: Role, **fixed: Any) -> Effect:
    """An effect that writes one row of `model` in the actor's position of `role`.

    The row is checked as a whole, so that every caller meets the same rules: ValidationError by field.
    """

    def effect(actor: Actor, request: AidRequest, data: dict[str, Any]) -> None:
        known = {field.name for field in model._meta.concrete_fields}
        values = {name: value for name, value in data.items() if name in known}
        row = model(
            **{**values, **fixed, "request": request, "position": acting_position(actor, request, role)}
        )
        row.full_clean(exclude=["request", "position", "actor"], validate_unique=False)
        row.save()

    return effect


def acting_position(actor: Actor, request: AidRequest, role: Role) -> Position | None:
    """The position in which the actor exercises `role` on the request."""
    held = request.record_type.role_positions(request, role).filter(pk__in=actor.position_ids)
    return held.first()


def decides(outcome: DecisionOutcome, *required: str) -> Effect:
    """An effect that writes a decision with the criteria not met now; `required` fields must be given."""

    def effect(actor: Actor, request: AidRequest, data: dict[str, Any]) -> None:
        errors: dict[str, Any] = {
            name: _("This must be answered.") for name in required if not data.get(name)
        }
        keeps_going = outcome is not DecisionOutcome.DECLINED
        if keeps_going and (error := rules.deadline_error(request, data.get("extended_until"))):
            errors.setdefault("extended_until", error)
        if errors:
            raise ValidationError(errors)
        unmet = [criterion.value for criterion in request.unmet_criteria()]
        writes(Decision, Role.DECIDER, outcome=outcome, unmet_criteria=unmet)(actor, request, data)

    return effect


def tasks_unit(actor: Actor, request: AidRequest, data: dict[str, Any]) -> None:
    """The order, to a position that executes, with a moment to report by that lies ahead."""
    unit, report_by = data.get("unit"), data.get("report_by")
    errors: dict[str, Any] = {}
    if (
        unit is None
        or not unit.roles.filter(role=Role.UNIT).exists()
        or unit.mission_id != request.mission_id
    ):
        errors["unit"] = _("Choose a unit of this mission.")
    elif unit.organisation_id in barred_organisations(request):
        errors["unit"] = _("A caveat keeps this unit from such a task. Choose another one.")
    if report_by is None or report_by <= clock.now():
        errors["report_by"] = _("Choose a moment that lies ahead.")
    if errors:
        raise ValidationError(errors)
    writes(Tasking, Role.JOC)(actor, request, data)


def answers(actor: Actor, request: AidRequest, data: dict[str, Any]) -> None:
    """The answer, tied to the question asked last."""
    asked = request.informationquery_rows.order_by("-at", "-id").first()
    writes(InformationAnswer, Role.REQUESTER, query=asked)(actor, request, data)


def wishes_extension(actor: Actor, request: AidRequest, data: dict[str, Any]) -> None:
    """A wish for a later deadline, which must really be later."""
    if data.get("until") and (error := rules.later_error(request, data["until"])):
        raise ValidationError({"until": error})
    writes(Extension, Role.REQUESTER)(actor, request, data)


VALIDATE = writes(Validation, Role.CLUSTER)
ENDORSE = writes(Endorsement, Role.CMCOORD)
ADVISE_SECURITY = writes(SecurityOpinion, Role.SECURITY)
RECOMMEND = writes(Recommendation, Role.CIMIC)
ASK = writes(InformationQuery, Role.CIMIC)
GIVE_FEEDBACK = writes(Feedback, Role.REQUESTER)


def names_provider(actor: Actor, request: AidRequest, data: dict[str, Any]) -> None:
    """Who meets the need by civilian means, in the position of whoever says so."""
    role = Role.CLUSTER if acting_position(actor, request, Role.CLUSTER) else Role.CMCOORD
    writes(CivilianProvision, role)(actor, request, data)
