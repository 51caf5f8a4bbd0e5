"""The declaration of announcements: columns, filters, sections. Pages and API are made of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.announcements import positions, rules
from apps.announcements.forms import AnnouncementForm
from apps.announcements.models import Announcement, Edition
from apps.announcements.selectors import unread_by
from apps.announcements.vocabulary import Kind
from apps.announcements.workflow import WORKFLOW
from apps.mission.models import Position
from apps.mission.vocabulary import Priority, Role
from apps.records.actors import Actor
from apps.records.groups import NavGroup
from apps.records.models import Record
from apps.records.registry import Child, Column, Filter, RecordType, Searched, Section, register
from apps.records.workflow import Text


@register
class AnnouncementType(RecordType):
    """Announcements."""

    key = "announcement"
    model = Announcement
    plural = "announcements"
    url_namespace = "announcements"
    reference_prefix = "ANN"
    label = _("announcement")
    label_plural = _("announcements")
    icon = "bell"
    nav_group = NavGroup.REPORTS
    daily_for = (Role.JOC, Role.SECURITY)
    workflow = WORKFLOW
    kinds = Kind
    form_class = AnnouncementForm
    releasable = False
    role_names = {Role.REQUESTER: _("Issuer")}
    broadcasts = frozenset({"issue", "amend", "cancel"})
    asks = {"issued": _("Say that you have read it")}
    columns = (
        Column("reference", _("Reference"), "reference", "reference"),
        Column("title", _("Title"), "title", sort="title"),
        Column("kind", _("Kind"), "kind"),
        Column("priority", _("Priority"), "priority", "priority", sort="priority"),
        Column("state", _("State"), "state", "state", sort="state"),
        Column("area", _("Area"), "area", "area"),
        Column("originator", _("Issued by"), "originator", "organisation"),
        Column("until", _("Holds until"), "auto_at", "datetime"),
        Column("created", _("Filed"), "created_at", "datetime", sort="created_at", wide=True),
        Column("updated", _("Last changed"), "updated_at", "datetime", sort="updated_at", wide=True),
        Column("label", _("Label"), "classification", "label"),
    )
    filters = (
        Filter("state", _("State"), "state", "state"),
        Filter("kind", _("Kind"), "kind", "choice", Kind.choices),
        Filter("priority", _("Priority"), "priority", "multichoice", [(p.value, p.name) for p in Priority]),
        Filter("area", _("Area"), "area", "area"),
        Filter("originator", _("Issued by"), "originator", "organisation"),
        Filter("mine", _("Filed by my positions"), "author_position", "mine"),
    )
    sections = (
        Section(
            "told", _("The announcement"),
            ("kind", "title", "message", "instruction", "area", "priority", "needs_acknowledgement"),
            help=_("Plain words, the most important first. It is read on a telephone, under stress."),
        ),
        Section(
            "urgency", _("How urgent, and until when"),
            ("category", "urgency", "severity", "certainty", "effective_at", "expires_at"),
            help=_("An emergency answers all of it; for a notice you may leave it empty."),
        ),
        Section(
            "editions", _("Editions"), ("edition",), when=lambda announcement: announcement.edition > 1,
            children=(
                Child(
                    "editions", _("Editions"), Edition,
                    ("number", "message", "instruction", "urgency", "severity", "certainty", "expires_at",
                     "position", "at"),
                    "announcement", editable=False,
                ),
            ),
            step=False,
        ),
    )  # fmt: skip
    search = (Searched(("message", "instruction")),)

    @classmethod
    def files_as(cls, actor: Actor) -> list[Position]:
        """Positions that announce something in this mission, as its rules have it."""
        return positions.files_as(actor)

    @classmethod
    def role_positions(cls, record: Any, role: Role) -> QuerySet[Position]:
        """Who exercises a role on the announcement."""
        return positions.role_positions(record, role)

    @classmethod
    def is_emergency(cls, record: Any) -> bool:
        """An emergency reaches people at once."""
        return bool(record.kind == Kind.EMERGENCY)

    @classmethod
    def broadcast_text(cls, record: Any) -> str:
        """What is told, and what to do."""
        return "\n\n".join(part for part in (record.message, record.instruction) if part)

    @classmethod
    def missing(cls, record: Any) -> dict[str, list[Text]]:
        """What must be answered before it is issued."""
        return rules.missing(record)

    @classmethod
    def could_exercise(cls, actor: Actor, role: Role) -> bool:
        """Every reader is asked to say that they have read it, whatever their roles."""
        return role == Role.REQUESTER

    @classmethod
    def awaiting(cls, actor: Actor, role: Role) -> Q | None:
        """Announcements in force that the actor has not said to have read, where that is asked for."""
        return Q(pk__in=unread_by(actor).values("pk")) if role == Role.REQUESTER else None

    @classmethod
    def due_for(cls, records: Sequence[Record], role: Role) -> dict[int, datetime | None]:
        """It is of use until it ends."""
        return {record.pk: record.auto_at for record in records}
