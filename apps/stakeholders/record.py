"""The declaration of stakeholders: columns, filters, sections. Pages and API are made of it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from apps.mission.models import Position
from apps.mission.vocabulary import EngagementStance, OrganisationType, Role
from apps.records.actors import Actor
from apps.records.field_rules import PARTIES, FieldRule
from apps.records.groups import NavGroup
from apps.records.registry import Child, Column, Filter, RecordType, Searched, Section, register
from apps.records.workflow import Text
from apps.stakeholders import positions, rules
from apps.stakeholders.forms import StakeholderForm
from apps.stakeholders.models import Caveat, Contact, Mandate, Person, Stakeholder, StanceWord
from apps.stakeholders.workflow import WORKFLOW


@register
class StakeholderType(RecordType):
    """Stakeholders. Their kind is the type of organisation."""

    key = "stakeholder"
    model = Stakeholder
    plural = "stakeholders"
    url_namespace = "stakeholders"
    reference_prefix = "STK"
    label = _("stakeholder")
    label_plural = _("stakeholders")
    icon = "users"
    nav_group = NavGroup.LIAISON
    workflow = WORKFLOW
    kinds = OrganisationType
    form_class = StakeholderForm
    releasable = False
    role_names = {Role.REQUESTER: _("Keeper of the record")}
    field_rules = (FieldRule(("sensitivities",), opens_to=PARTIES),)
    columns = (
        Column("reference", _("Reference"), "reference", "reference"),
        Column("title", _("Name"), "title", sort="title"),
        Column("kind", _("Type"), "kind"),
        Column("state", _("State"), "state", "state", sort="state"),
        Column("area", _("Area"), "area", "area"),
        Column("sector", _("Sector"), "sector"),
        Column("originator", _("Kept by"), "originator", "organisation"),
        Column("created", _("Filed"), "created_at", "datetime", sort="created_at", wide=True),
        Column("updated", _("Last changed"), "updated_at", "datetime", sort="updated_at", wide=True),
        Column("label", _("Label"), "classification", "label"),
    )
    filters = (
        Filter("state", _("State"), "state", "state"),
        Filter("kind", _("Type"), "kind", "choice", OrganisationType.choices),
        Filter("sector", _("Sector"), "sector", "sector"),
        Filter("area", _("Area"), "area", "area"),
        Filter("originator", _("Kept by"), "originator", "organisation"),
        Filter("mine", _("Kept by my positions"), "author_position", "mine"),
    )
    sections = (
        Section(
            "identity", _("Who it is"),
            ("title", "acronym", "other_names", "kind", "side", "organisation", "stance", "area", "sector",
             "active_from", "active_to"),
            help=_("Whoever meets this organisation for the first time reads this."),
        ),
        Section(
            "engaging", _("How to engage it"), ("purpose", "engagement", "culture", "sensitivities"),
            help=_("What you would tell your successor before the first call."),
        ),
        Section(
            "contacts", _("Whom to call"),
            children=(
                Child(
                    "contacts", _("Contacts"), Contact,
                    ("function", "area", "phone", "email", "channel", "hours", "is_first"), "stakeholder",
                    empty_text=_("No contact that you may use."),
                ),
                Child(
                    "people", _("People"), Person,
                    ("name", "function", "phone", "email", "languages", "consent", "consent_on", "consent_until"),
                    "stakeholder", empty_text=_("Nobody who agreed to be shown to you."), open_to=rules.handles_people,
                ),
            ),
            help=_(
                "Functions first: they outlast people. A person is shown only as far as they agreed; without their "
                "word, to nobody but you."
            ),
        ),
        Section(
            "mandate", _("Mandate and caveats"),
            children=(
                Child(
                    "mandates", _("Mandates"), Mandate, ("text", "source", "valid_from", "valid_to"), "stakeholder",
                    empty_text=_("No mandate noted."),
                ),
                Child(
                    "caveats", _("Caveats"), Caveat,
                    ("kind", "area", "reason", "classification", "valid_from", "valid_to"), "stakeholder",
                    empty_text=_("No caveat that you may read."), check=rules.caveat_check,
                ),
            ),
            help=_(
                "A caveat keeps a unit, and all that is part of it, from being tasked. Others learn that it is not "
                "eligible; only those who are cleared learn why."
            ),
        ),
        Section(
            "stances", _("Who said how it is engaged"),
            children=(
                Child(
                    "stance_words", _("Words on the stance"), StanceWord, ("stance", "reason", "position", "at"),
                    "stakeholder", editable=False,
                ),
            ),
            step=False,
        ),
    )  # fmt: skip
    search = (
        Searched(("acronym", "other_names")),
        Searched(("purpose", "engagement", "culture")),
        Searched(("text", "source"), "mandates"),
    )

    @classmethod
    def related(cls) -> tuple[str, ...]:
        """Structure that pages of a file read."""
        return (*super().related(), "organisation")

    @classmethod
    def files_as(cls, actor: Actor) -> list[Position]:
        """Positions that keep files in this mission, as its rules have it."""
        return positions.files_as(actor)

    @classmethod
    def role_positions(cls, record: Any, role: Role) -> QuerySet[Position]:
        """Who exercises a role on the file."""
        return positions.role_positions(record, role)

    @classmethod
    def could_exercise(cls, actor: Actor, role: Role) -> bool:
        """Its keeper is a position, whatever its roles."""
        return role == Role.REQUESTER or super().could_exercise(actor, role)

    @classmethod
    def leaving(cls, records: QuerySet[Any]) -> QuerySet[Any]:
        """Organisations that are only listed stay out of files: a file is read where no stance is."""
        listed = Stakeholder.objects.filter(stance=EngagementStance.LISTED)
        return records.exclude(pk__in=listed.values("pk"))

    @classmethod
    def missing(cls, record: Any) -> dict[str, list[Text]]:
        """What must be answered before it stands on the register."""
        return rules.missing(record)
