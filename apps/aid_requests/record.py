"""The declaration of aid requests: columns, filters, sections. Pages and API are made of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.aid_requests import awaiting, effects, eligibility, positions, rules
from apps.aid_requests.forms.request import AidRequestForm
from apps.aid_requests.models import (
    AidRequest,
    CargoLine,
    CivilianAlternative,
    CivilianProvision,
    Decision,
    Endorsement,
    Extension,
    Feedback,
    HostClearance,
    InformationAnswer,
    InformationQuery,
    Recommendation,
    SecurityOpinion,
    Tasking,
    Validation,
)
from apps.aid_requests.vocabulary import Criterion
from apps.aid_requests.workflow import WORKFLOW
from apps.mission.models import Position
from apps.mission.vocabulary import Priority, RequestKind, Role
from apps.records.actors import Actor
from apps.records.field_rules import CoordinateRule, FieldRule
from apps.records.groups import NavGroup
from apps.records.models import Record
from apps.records.registry import Child, Column, Filter, Pending, RecordType, Searched, Section, register
from apps.records.workflow import Text, Transition


def _written(key: str, label: Text, model: Any, *fields: str) -> Child:
    """Rows that the workflow writes, with who and when."""
    return Child(key, label, model, (*fields, "position", "at"), editable=False)


#: Fields of the four criteria of an escort: for each the text and whether it is met.
CRITERIA_FIELDS = tuple(name for c in Criterion for name in (f"{c.value}_text", f"{c.value}_met"))

FORM_SECTIONS = (
    Section(
        "need", _("What is needed"),
        ("title", "kind", "priority", "is_emergency", "sector", "need_statement", "people_targeted",
         "population_group", "consequence_if_not_met"),
    ),
    Section(
        "place", _("Where and when"),
        ("area", "destination_place", "destination_latitude", "destination_longitude", "origin_area",
         "origin_place", "origin_latitude", "origin_longitude", "ready_to_load", "needed_by", "duration",
         "duration_unit", "end_date"),
    ),
    Section(
        "cargo", _("Cargo"),
        children=(
            Child(
                "cargo", _("Cargo"), CargoLine,
                ("item", "quantity", "unit", "weight_mt", "volume_m3", "hazardous", "hazard_class",
                 "cold_chain"),
                empty_text=_("No cargo."),
            ),
        ),
        help=_("One line for each item; weight and volume are those of the whole line."),
    ),
    Section(
        "last_resort", _("Alternatives and last resort"),
        ("last_resort_justification", "distinction_marking", "distinction_seating", "distinction_no_weapons",
         "distinction_measures"),
        children=(
            Child(
                "alternatives", _("Civilian alternatives tried"), CivilianAlternative,
                ("option", "result", "evidence"), empty_text=_("No alternative was named."),
            ),
        ),
        when=lambda request: not request.is_mission_support,
        help=_("Military support is the last resort, keeps both sides apart, and is limited in time."),
    ),
    Section(
        "escort", _("Armed escort"),
        ("escort_route", "escort_vehicles", "escort_vehicle_types", "escort_crew", "escort_alternatives",
         *CRITERIA_FIELDS, "common_position", "discontinuation_plan"),
        when=lambda request: request.is_escort,
        help=_("The four criteria are those of the guidelines on armed escorts. A criterion that is not met "
               "does not stop the request: it is shown on the decision."),
    ),
    Section(
        "uav", _("Imagery"), ("uav_humanitarian_use", "uav_release_decision"),
        when=lambda request: request.is_uav,
    ),
    Section(
        "contact", _("Arrangements"),
        ("contact_name", "contact_phone", "contact_email", "cost_basis", "srm_reference"),
        children=(
            Child(
                "clearances", _("Clearances of the host state"), HostClearance,
                ("authority", "reference", "valid_from", "valid_to"), empty_text=_("No clearance was named."),
            ),
        ),
    ),
)  # fmt: skip

WRITTEN_SECTIONS = (
    Section(
        "humanitarian_side", _("Validation and endorsement"),
        children=(
            _written("validations", _("Validation"), Validation, "cluster_priority", "remarks"),
            _written("endorsements", _("Endorsement"), Endorsement, "remarks"),
            _written(
                "provisions", _("Met by civilian means"), CivilianProvision, "provider", "provider_name",
                "remarks",
            ),
        ),
        step=False,
    ),
    Section(
        "assessment", _("Assessment"),
        children=(
            _written("queries", _("Questions"), InformationQuery, "question"),
            _written("answers", _("Answers"), InformationAnswer, "answer"),
            _written(
                "opinions", _("Security opinion"), SecurityOpinion, "outcome", "reasons", "srm_reference"
            ),
            _written("recommendations", _("Recommendation"), Recommendation, "advice", "capacity", "reasons"),
        ),
        step=False,
    ),
    Section(
        "decision", _("Decision"),
        children=(
            _written(
                "decisions", _("Decisions"), Decision, "outcome", "reason", "explanation", "conditions",
                "counter_offer", "extended_until", "unmet_criteria",
            ),
            _written("extensions", _("Wishes for a later deadline"), Extension, "until", "reasons"),
        ),
        step=False,
    ),
    Section(
        "tasking", _("Tasking"),
        children=(
            _written(
                "taskings", _("Orders"), Tasking, "order_ref", "unit", "task", "coordinating_instructions",
                "report_by",
            ),
        ),
        step=False,
    ),
    Section(
        "feedback", _("Feedback"),
        children=(
            _written(
                "feedback", _("Feedback"), Feedback, "need_met", "timeliness", "conduct",
                "neutrality_concern", "remarks",
            ),
        ),
        step=False,
    ),
)  # fmt: skip


SEARCHED = (
    Searched(
        ("need_statement", "consequence_if_not_met", "origin_place", "destination_place",
         "last_resort_justification", "distinction_measures", "escort_route", "escort_vehicle_types",
         "escort_crew", "escort_alternatives", "humanitarian_need_text", "authorities_text", "security_text",
         "sustainability_text", "common_position", "discontinuation_plan", "uav_humanitarian_use",
         "uav_release_decision", "srm_reference"),
    ),
    Searched(("item",), "cargo"),
    Searched(("evidence",), "alternatives"),
    Searched(("authority", "reference"), "clearances"),
    Searched(("explanation", "conditions", "counter_offer"), "decisions"),
    Searched(("order_ref", "task", "coordinating_instructions"), "taskings"),
    Searched(("reasons", "capacity"), "recommendations"),
    Searched(("reasons", "srm_reference"), "opinions"),
    Searched(("remarks",), "validations"),
    Searched(("remarks",), "endorsements"),
    Searched(("provider_name", "remarks"), "provisions"),
    Searched(("question",), "queries"),
    Searched(("answer",), "answers"),
    Searched(("reasons",), "extensions"),
    Searched(("remarks",), "feedback"),
)  # fmt: skip


@register
class AidRequestType(RecordType):
    """Aid requests."""

    key = "aid_request"
    model = AidRequest
    plural = "aid-requests"
    url_namespace = "aid_requests"
    reference_prefix = "RFA"
    label = _("aid request")
    label_plural = _("aid requests")
    icon = "handshake"
    nav_group = NavGroup.REQUESTS
    daily_for = (Role.REQUESTER,)
    workflow = WORKFLOW
    kinds = RequestKind
    form_class = AidRequestForm
    filed_by = (Role.REQUESTER,)
    files_on_behalf = True
    columns = (
        Column("reference", _("Reference"), "reference", "reference"),
        Column("title", _("Title"), "title", sort="title"),
        Column("kind", _("Kind"), "kind", sort="kind", wide=True),
        Column("priority", _("Priority"), "priority", "priority", sort="priority"),
        Column("state", _("State"), "state", "state", sort="state"),
        Column("area", _("Area"), "area", "area"),
        Column("originator", _("Requester"), "originator", "organisation"),
        Column("sector", _("Sector"), "sector__code", wide=True),
        Column("needed_by", _("Needed by"), "needed_by", "datetime", sort="needed_by"),
        Column("due", _("Due"), "due_at", "due", sort="due_at"),
        Column("created", _("Filed"), "created_at", "datetime", sort="created_at", wide=True),
        Column("updated", _("Last changed"), "updated_at", "datetime", sort="updated_at", wide=True),
        Column("label", _("Label"), "classification", "label"),
    )
    filters = (
        Filter("state", _("State"), "state", "state"),
        Filter("kind", _("Kind"), "kind", "choice", RequestKind),
        Filter("priority", _("Priority"), "priority", "multichoice", [(p.value, p.name) for p in Priority]),
        Filter("sector", _("Sector"), "sector", "sector"),
        Filter("area", _("Area"), "area", "area"),
        Filter("originator", _("Requester"), "originator", "organisation"),
        Filter("needed_by", _("Needed by"), "needed_by", "date_range"),
        Filter("mine", _("Filed by my positions"), "author_position", "mine"),
    )
    sections = (*FORM_SECTIONS, *WRITTEN_SECTIONS)
    search = SEARCHED
    field_rules = (
        FieldRule(("contact_name", "contact_phone", "contact_email")),
        CoordinateRule("origin_latitude", "origin_longitude"),
        CoordinateRule("destination_latitude", "destination_longitude"),
    )

    @classmethod
    def related(cls) -> tuple[str, ...]:
        """Structure that pages of a request read."""
        return (*super().related(), "origin_area", "population_group")

    @classmethod
    def role_positions(cls, record: Any, role: Role) -> QuerySet[Position]:
        """Who exercises a role on the request."""
        return positions.role_positions(record, role)

    @classmethod
    def missing(cls, record: Any) -> dict[str, list[Text]]:
        """What must be answered before it is submitted."""
        return rules.missing(record)

    @classmethod
    def awaited(cls, record: Any) -> tuple[Role, ...]:
        """Mission support goes straight to those who assess it."""
        if record.is_mission_support and record.state == "submitted":
            return (Role.CIMIC, Role.JOC)
        return super().awaited(record)

    @classmethod
    def pending(cls, record: Any) -> list[Pending]:
        """A late validation, a security opinion, a concurrence, or a wish for a later deadline."""
        found = []
        if due := rules.validation_due(record):
            found.append(Pending(Role.CLUSTER, _("validation afterwards, of an emergency"), due))
        if record.state == "under_assessment" and not record.securityopinion_rows.exists():
            found.append(Pending(Role.SECURITY, _("security opinion"), record.due_at))
        if record.state == "counter_offered" and effects.awaits_concurrence(None, record):
            found.append(Pending(Role.CMCOORD, _("concurrence with changed conditions"), record.due_at))
        if record.state in ("approved", "tasked") and rules.wish_is_open(record):
            found.append(Pending(Role.DECIDER, _("decision on a later deadline"), rules.expires_at(record)))
        return found

    @classmethod
    def weighed(cls, record: Any, step: Transition) -> list[tuple[Text, bool | None, str]]:
        """The four criteria of an escort, before those who weigh it; for a task, who is not eligible."""
        if step.name == "task":
            return eligibility.weighed(record)
        if not record.is_escort or not {Role.DECIDER, Role.CIMIC, Role.CMCOORD} & set(step.roles):
            return []
        return [(criterion.label, met, text) for criterion, text, met in record.criteria()]

    @classmethod
    def awaited_roles(cls) -> frozenset[Role]:
        """Whom a request may ever wait for."""
        return super().awaited_roles() | {Role.SECURITY}

    @classmethod
    def could_exercise(cls, actor: Actor, role: Role) -> bool:
        """Whoever filed for another organisation is asked back too, whatever their roles."""
        return role == Role.REQUESTER or super().could_exercise(actor, role)

    @classmethod
    def awaiting(cls, actor: Actor, role: Role) -> Q | None:
        """Condition under which requests wait for the actor's positions of a role."""
        states = [
            s.code for s in cls.workflow.states if s.waits_for == role and s.code != cls.workflow.initial
        ]
        return awaiting.awaiting(actor, role, states)

    @classmethod
    def due_for(cls, records: Sequence[Record], role: Role) -> dict[int, datetime | None]:
        """Until when they wait for that role."""
        return awaiting.due_for(records, role)
