"""The declaration of releases: columns, filters, sections. Pages and API are made of it."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.mission.models import Position
from apps.mission.vocabulary import Role
from apps.records.actors import Actor
from apps.records.groups import NavGroup
from apps.records.models import Addressee
from apps.records.registry import Child, Column, Filter, RecordType, Searched, Section, register
from apps.records.workflow import Text
from apps.releases import effects, positions
from apps.releases.forms import ReleaseForm
from apps.releases.models import Derivation, Release, Signature
from apps.releases.workflow import WORKFLOW


@register
class ReleaseType(RecordType):
    """Releases."""

    key = "release"
    model = Release
    plural = "releases"
    url_namespace = "releases"
    reference_prefix = "REL"
    label = _("release")
    label_plural = _("releases")
    icon = "share"
    nav_group = NavGroup.REPORTS
    daily_for = (Role.RELEASE,)
    workflow = WORKFLOW
    form_class = ReleaseForm
    role_names = {Role.REQUESTER: _("Drafter")}
    columns = (
        Column("reference", _("Reference"), "reference", "reference"),
        Column("title", _("Title"), "title", sort="title"),
        Column("state", _("State"), "state", "state", sort="state"),
        Column("area", _("Area"), "area", "area", wide=True),
        Column("originator", _("Originator"), "originator", "organisation"),
        Column("due", _("Due"), "due_at", "due", sort="due_at"),
        Column("created", _("Filed"), "created_at", "datetime", sort="created_at", wide=True),
        Column("updated", _("Last changed"), "updated_at", "datetime", sort="updated_at"),
        Column("label", _("Label"), "classification", "label"),
    )
    filters = (
        Filter("state", _("State"), "state", "state"),
        Filter("sector", _("Sector"), "sector", "sector"),
        Filter("area", _("Area"), "area", "area"),
        Filter("originator", _("Originator"), "originator", "organisation"),
        Filter("mine", _("Drafted by my positions"), "author_position", "mine"),
    )
    sections = (
        Section(
            "summary", _("What may be told"),
            ("title", "summary", "handling", "valid_until", "sector", "area", "priority"),
            help=_("A tear-line: the part of a restricted record that others may have."),
        ),
        Section(
            "signatures", _("Signatures"),
            children=(
                Child(
                    "signatures", _("Signatures"), Signature,
                    ("classification", "sensitivity", "scope", "reason", "position", "at"), "release",
                    editable=False,
                ),
            ),
            step=False,
        ),
    )  # fmt: skip
    search = (Searched(("summary", "handling")),)

    @classmethod
    def role_positions(cls, record: Any, role: Role) -> QuerySet[Position]:
        """Who exercises a role on the release."""
        return positions.role_positions(record, role)

    @classmethod
    def missing(cls, record: Any) -> dict[str, list[Text]]:
        """What must be answered before it is put forward."""
        return effects.missing(record)

    @classmethod
    def awaiting(cls, actor: Actor, role: Role) -> Q | None:
        """Condition under which releases wait for the actor's positions of a role."""
        if role == Role.REQUESTER:
            return Q(state="returned", author_position_id__in=actor.position_ids)
        mine = [position.pk for position in actor.positions_with(role)]
        drawn_in = Addressee.objects.filter(position_id__in=mine).values("record_id")
        ours = [position.organisation_id for position in actor.positions_with(role)]
        raised = Derivation.objects.filter(derived_id=OuterRef("pk"), raised_at__isnull=False)
        return Q(state="for_signature", pk__in=drawn_in) | Q(state="released", originator_id__in=ours) & Q(
            Exists(raised)
        )

    @classmethod
    def could_exercise(cls, actor: Actor, role: Role) -> bool:
        """Whoever drafts is asked back, whatever their roles."""
        return role == Role.REQUESTER or super().could_exercise(actor, role)
