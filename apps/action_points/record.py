"""The declaration of action points: columns, filters, sections. Pages and API are made of it."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.action_points import positions, rules, selectors
from apps.action_points.forms import ActionPointForm
from apps.action_points.models import ActionPoint
from apps.action_points.positions import KEEPER, OWNER, VERIFIER
from apps.action_points.workflow import WORKFLOW
from apps.mission.models import Position
from apps.mission.vocabulary import Priority, Role
from apps.records import clock
from apps.records.actors import Actor
from apps.records.groups import NavGroup
from apps.records.models import Record
from apps.records.registry import Column, Filter, RecordType, Searched, Section, register
from apps.records.workflow import Text


@register
class ActionPointType(RecordType):
    """Action points."""

    key = "action_point"
    model = ActionPoint
    plural = "action-points"
    url_namespace = "action_points"
    reference_prefix = "ACT"
    label = _("action point")
    label_plural = _("action points")
    icon = "check-circle"
    nav_group = NavGroup.COORDINATION
    daily_for = (Role.CLUSTER, Role.UNIT, Role.DECIDER)
    workflow = WORKFLOW
    form_class = ActionPointForm
    releasable = False
    role_names = {KEEPER: _("Whoever filed it"), OWNER: _("Owner"), VERIFIER: _("Whoever verifies it")}
    field_names = {"title": _("what is to be done"), "needed_by": _("due")}
    columns = (
        Column("reference", _("Reference"), "reference", "reference"),
        Column("title", _("What is to be done"), "title", sort="title"),
        Column("owner", _("Owner"), "as_action_point__owner", "position"),
        Column("needed_by", _("Due"), "needed_by", "due", sort="needed_by"),
        Column("priority", _("Priority"), "priority", "priority", sort="priority"),
        Column("state", _("State"), "state", "state", sort="state"),
        Column("area", _("Area"), "area", "area", wide=True),
        Column("created", _("Filed"), "created_at", "datetime", sort="created_at", wide=True),
        Column("updated", _("Last changed"), "updated_at", "datetime", sort="updated_at", wide=True),
        Column("label", _("Label"), "classification", "label"),
    )
    filters = (
        Filter("mine", _("Mine"), "as_action_point", "check", where=selectors.mine),
        Filter("ours", _("My organisation’s"), "as_action_point", "check", where=selectors.my_organisations),
        Filter("group", _("My group’s"), "as_action_point", "check", where=selectors.my_groups),
        Filter("overdue", _("Overdue"), "needed_by", "check", where=selectors.overdue),
        Filter("state", _("State"), "state", "state"),
        Filter("priority", _("Priority"), "priority", "multichoice", [(p.value, p.name) for p in Priority]),
        Filter("filed", _("Filed by my positions"), "author_position", "mine"),
        Filter("area", _("Area"), "area", "area"),
        Filter("sector", _("Sector"), "sector", "sector"),
        Filter("needed_by", _("Due"), "needed_by", "date_range"),
    )
    sections = (
        Section(
            "task", _("What is to be done"),
            ("title", "details", "owner", "verifier", "needed_by", "priority", "area", "sector"),
            help=_("One thing, one owner, one moment. Another person verifies it."),
        ),
    )  # fmt: skip
    search = (Searched(("details",)),)

    @classmethod
    def related(cls) -> tuple[str, ...]:
        """Structure that pages of one read."""
        return (*super().related(), "owner", "verifier")

    @classmethod
    def role_positions(cls, record: Any, role: Role) -> QuerySet[Position]:
        """Who exercises a role on it."""
        return positions.role_positions(record, role)

    @classmethod
    def could_exercise(cls, actor: Actor, role: Role) -> bool:
        """Any position may file, own or verify one, whatever its roles."""
        return role in (KEEPER, OWNER, VERIFIER)

    @classmethod
    def missing(cls, record: Any) -> dict[str, list[Text]]:
        """What must be answered before it is opened."""
        return rules.missing(record)

    @classmethod
    def awaiting(cls, actor: Actor, role: Role) -> Q | None:
        """Condition under which one waits for the actor's positions of a role."""
        return selectors.awaiting(actor, role)

    @classmethod
    def runs(cls, record: Record) -> bool:
        """Its due moment runs while its owner owes it."""
        return record.state in rules.OWED

    @classmethod
    def is_overdue(cls, record: Record) -> bool:
        """Whether its owner owes it past its due moment."""
        return cls.runs(record) and record.needed_by is not None and record.needed_by < clock.now()
