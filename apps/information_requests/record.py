"""The declaration of requests for information: columns, filters, sections. Pages and API are made of it."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.information_requests import positions, rules
from apps.information_requests.forms import InformationRequestForm
from apps.information_requests.models import Answer, Assignment, InformationRequest
from apps.information_requests.workflow import WORKFLOW
from apps.mission.models import Position
from apps.mission.vocabulary import Priority, Role
from apps.records.actors import Actor
from apps.records.groups import NavGroup
from apps.records.models import Addressee
from apps.records.registry import Child, Column, Filter, RecordType, Searched, Section, register
from apps.records.workflow import Text


@register
class InformationRequestType(RecordType):
    """Requests for information."""

    key = "information_request"
    model = InformationRequest
    plural = "information-requests"
    url_namespace = "information_requests"
    reference_prefix = "RFI"
    label = _("request for information")
    label_plural = _("requests for information")
    icon = "info"
    nav_group = NavGroup.REQUESTS
    daily_for = (Role.REQUESTER, Role.CMCOORD, Role.CIMIC)
    workflow = WORKFLOW
    form_class = InformationRequestForm
    releasable = False
    role_names = {
        Role.REQUESTER: _("Asker"),
        Role.JOC: _("Desk of the organisation asked"),
        Role.UNIT: _("Drafter of the answer"),
    }
    files_on_behalf = True
    columns = (
        Column("reference", _("Reference"), "reference", "reference"),
        Column("title", _("Title"), "title", sort="title"),
        Column("priority", _("Priority"), "priority", "priority", sort="priority"),
        Column("state", _("State"), "state", "state", sort="state"),
        Column("area", _("Area"), "area", "area"),
        Column("originator", _("Asker"), "originator", "organisation"),
        Column("needed_by", _("Needed by"), "needed_by", "datetime", sort="needed_by"),
        Column("due", _("Due"), "due_at", "due", sort="due_at"),
        Column("created", _("Filed"), "created_at", "datetime", sort="created_at", wide=True),
        Column("updated", _("Last changed"), "updated_at", "datetime", sort="updated_at", wide=True),
        Column("label", _("Label"), "classification", "label"),
    )
    filters = (
        Filter("state", _("State"), "state", "state"),
        Filter("priority", _("Priority"), "priority", "multichoice", [(p.value, p.name) for p in Priority]),
        Filter("sector", _("Sector"), "sector", "sector"),
        Filter("area", _("Area"), "area", "area"),
        Filter("originator", _("Asker"), "originator", "organisation"),
        Filter("needed_by", _("Needed by"), "needed_by", "date_range"),
        Filter("mine", _("Asked by my positions"), "author_position", "mine"),
    )
    sections = (
        Section(
            "question", _("The question"),
            ("title", "question", "purpose", "asked_of", "priority", "needed_by", "area", "sector"),
            help=_("It is answered by a release: what may be told, under a label that you may read."),
        ),
        Section(
            "assignment", _("Assignment"),
            children=(
                Child(
                    "assignments", _("Assignments"), Assignment,
                    ("drafter", "instructions", "position", "at"), editable=False,
                ),
            ),
            step=False,
        ),
    )  # fmt: skip
    search = (Searched(("question", "purpose")), Searched(("instructions",), "assignments"))

    @classmethod
    def related(cls) -> tuple[str, ...]:
        """Structure that pages of a request read."""
        return (*super().related(), "asked_of")

    @classmethod
    def role_positions(cls, record: Any, role: Role) -> QuerySet[Position]:
        """Who exercises a role on the request."""
        return positions.role_positions(record, role)

    @classmethod
    def missing(cls, record: Any) -> dict[str, list[Text]]:
        """What must be answered before it is asked."""
        return rules.missing(record)

    @classmethod
    def could_exercise(cls, actor: Actor, role: Role) -> bool:
        """Anybody may ask and be told to draft; desks are of several roles."""
        if role in (Role.REQUESTER, Role.UNIT):
            return True
        if role == Role.JOC:
            return any(actor.has_role(each) for each in positions.INTAKE)
        return super().could_exercise(actor, role)

    @classmethod
    def drawn_as(cls, position: Position, role: Role) -> Role:
        """The role itself where the position holds it, else one that it does hold."""
        held = [each.role for each in position.roles.all()]
        return role if role in held or not held else Role(held[0])

    @classmethod
    def awaiting(cls, actor: Actor, role: Role) -> Q | None:
        """Condition under which requests wait for the actor's positions of a role."""
        mine = actor.position_ids
        drawn_in = Q(pk__in=Addressee.objects.filter(position_id__in=mine).values("record_id"))
        if role == Role.REQUESTER:
            ours = [position.organisation_id for position in actor.positions_with(role)]
            return Q(state="answered") & (Q(author_position_id__in=mine) | Q(originator_id__in=ours))
        if role == Role.JOC:
            return Q(state__in=("asked", "accepted")) & drawn_in
        if role == Role.UNIT:
            newer = Assignment.objects.filter(request_id=OuterRef("request_id"), pk__gt=OuterRef("pk"))
            latest = Assignment.objects.filter(~Exists(newer), drafter_id__in=mine)
            return Q(state="assigned", pk__in=latest.values("request_id"))
        # A release that is not signed yet waits for its authority itself; only one that is out is answered with here.
        out = Answer.objects.filter(request_id=OuterRef("pk"), release__state="released")
        return Q(state="drafted") & drawn_in & Q(Exists(out))
