"""The declarations of liaison offices and engagements: columns, filters, sections. Pages and API are made of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.liaison_offices import following, positions, rules
from apps.liaison_offices.forms import EngagementForm, OfficeForm
from apps.liaison_offices.models import (
    Channel,
    Engagement,
    FollowUp,
    LiaisonOffice,
    Officer,
    Responsibility,
    Shift,
)
from apps.liaison_offices.vocabulary import EngagementKind
from apps.liaison_offices.workflow import ENGAGEMENT, OFFICE
from apps.mission.models import Position
from apps.mission.vocabulary import Role
from apps.records.actors import Actor
from apps.records.field_rules import PARTIES, CoordinateRule, FieldRule
from apps.records.groups import NavGroup
from apps.records.models import Record
from apps.records.registry import Child, Column, Filter, Pending, RecordType, Searched, Section, register
from apps.records.workflow import Text
from apps.stakeholders.positions import files_as


class _Kept(RecordType):
    """What both have in common: they are kept by the position that filed them."""

    releasable = False

    @classmethod
    def files_as(cls, actor: Actor) -> list[Position]:
        """Positions that keep files in this mission, as its rules have it."""
        return files_as(actor)

    @classmethod
    def role_positions(cls, record: Any, role: Role) -> QuerySet[Position]:
        """Who exercises a role on it."""
        return positions.role_positions(record, role)

    @classmethod
    def could_exercise(cls, actor: Actor, role: Role) -> bool:
        """Its keeper, and who owns a follow-up, are positions whatever their roles."""
        return role in (Role.REQUESTER, Role.UNIT)


_END = (
    Column("area", _("Area"), "area", "area"),
    Column("originator", _("Kept by"), "originator", "organisation"),
    Column("created", _("Filed"), "created_at", "datetime", sort="created_at", wide=True),
    Column("updated", _("Last changed"), "updated_at", "datetime", sort="updated_at", wide=True),
    Column("label", _("Label"), "classification", "label"),
)


@register
class LiaisonOfficeType(_Kept):
    """Liaison offices. The originator runs the office."""

    key = "liaison_office"
    model = LiaisonOffice
    plural = "liaison-offices"
    url_namespace = "liaison_offices"
    reference_prefix = "LNO"
    label = _("liaison office")
    label_plural = _("liaison offices")
    icon = "home"
    nav_group = NavGroup.LIAISON
    workflow = OFFICE
    form_class = OfficeForm
    role_names = {Role.REQUESTER: _("Keeper of the record")}
    field_rules = (CoordinateRule("latitude", "longitude"),)
    columns = (
        Column("reference", _("Reference"), "reference", "reference"),
        Column("title", _("Name"), "title", sort="title"),
        Column("state", _("State"), "state", "state", sort="state"),
        *_END,
    )
    filters = (
        Filter("state", _("State"), "state", "state"),
        Filter("area", _("Area"), "area", "area"),
        Filter("originator", _("Kept by"), "originator", "organisation"),
        Filter("mine", _("Kept by my positions"), "author_position", "mine"),
    )
    sections = (
        Section(
            "place", _("Where it is"),
            ("title", "area", "address", "latitude", "longitude", "hours", "time_zone"),
            children=(
                Child(
                    "responsibilities", _("Areas of responsibility"), Responsibility, ("area",), "office",
                    empty_text=_("No area is named."),
                ),
            ),
        ),
        Section(
            "reaching", _("How it is reached"), ("by_day", "by_night"),
            children=(
                Child(
                    "channels", _("Channels"), Channel, ("kind", "number", "hours"), "office",
                    empty_text=_("No channel is named."),
                ),
            ),
            help=_("The first telephone is the one that others are told to ring."),
        ),
        Section(
            "officers", _("Who serves there"),
            children=(
                Child(
                    "officers", _("Liaison officers"), Officer,
                    ("position", "function", "languages", "starts", "until"), "office",
                    empty_text=_("No position is named."),
                ),
            ),
        ),
        Section(
            "roster", _("Duty roster"), ("covers", "covers_from", "covers_until"),
            children=(
                Child(
                    "shifts", _("Shifts"), Shift, ("position", "starts", "ends"), "office", max_rows=100,
                    empty_text=_("No shift is planned."),
                ),
            ),
        ),
    )  # fmt: skip
    search = (Searched(("address", "hours", "by_day", "by_night")), Searched(("number",), "channels"))

    @classmethod
    def missing(cls, record: Any) -> dict[str, list[Text]]:
        """What must be answered before it opens."""
        return rules.office_missing(record)


@register
class EngagementType(_Kept):
    """The liaison log and key-leader engagement."""

    key = "engagement"
    model = Engagement
    plural = "engagements"
    url_namespace = "engagements"
    reference_prefix = "ENG"
    label = _("engagement")
    label_plural = _("engagements")
    icon = "comment"
    nav_group = NavGroup.LIAISON
    daily_for = (Role.CMCOORD, Role.CIMIC)
    workflow = ENGAGEMENT
    kinds = EngagementKind
    form_class = EngagementForm
    role_names = {Role.REQUESTER: _("Keeper of the record"), Role.UNIT: _("Owner of a follow-up")}
    field_rules = (
        FieldRule(("talking_points", "plan", "red_lines", "said", "assessment"), opens_to=PARTIES),
    )
    columns = (
        Column("reference", _("Reference"), "reference", "reference"),
        Column("title", _("Title"), "title", sort="title"),
        Column("kind", _("Kind"), "kind"),
        Column("state", _("State"), "state", "state", sort="state"),
        *_END,
    )
    filters = (
        Filter("state", _("State"), "state", "state"),
        Filter("kind", _("Kind"), "kind", "choice", EngagementKind.choices),
        Filter("area", _("Area"), "area", "area"),
        Filter("originator", _("Kept by"), "originator", "organisation"),
        Filter("mine", _("Kept by my positions"), "author_position", "mine"),
    )
    sections = (
        Section(
            "planning", _("What is planned"),
            ("title", "kind", "area", "sector", "planned_for", "objective", "cultural_notes", "talking_points",
             "plan", "red_lines"),
            help=_("For a contact that has been made already, title and kind are enough here."),
        ),
        Section(
            "reporting", _("What came of it"),
            ("held_on", "place", "participants", "agreed", "said", "assessment"),
            help=_("What was agreed is for every reader. What was said, and what you make of it, is not."),
        ),
        Section(
            "following", _("What follows"),
            children=(
                Child(
                    "follow_ups", _("Follow-ups"), FollowUp, ("what", "owner", "due", "state", "note"),
                    "engagement", empty_text=_("Nothing follows from it."), check=following.owner_check,
                ),
            ),
            help=_("Its owner is reminded if they can read the record: share it with them."),
        ),
    )  # fmt: skip
    search = (
        Searched(("agreed", "objective", "place")), Searched(("cultural_notes",)), Searched(("what",), "follow_ups"),
    )  # fmt: skip

    @classmethod
    def missing(cls, record: Any) -> dict[str, list[Text]]:
        """What must be answered before it is planned."""
        return rules.planned_missing(record)

    @classmethod
    def awaited_roles(cls) -> frozenset[Role]:
        """Its keeper, and owners of follow-ups."""
        return frozenset({Role.REQUESTER, Role.UNIT})

    @classmethod
    def pending(cls, record: Any) -> list[Pending]:
        """Open follow-ups, until the first is due."""
        return following.pending(record)

    @classmethod
    def awaiting(cls, actor: Actor, role: Role) -> Q | None:
        """What was planned waits for its keeper; open follow-ups for their owners."""
        return following.awaiting(actor, role)

    @classmethod
    def due_for(cls, records: Sequence[Record], role: Role) -> dict[int, datetime | None]:
        """Until when: of follow-ups, the first that is open."""
        return following.due_for(records, role)
