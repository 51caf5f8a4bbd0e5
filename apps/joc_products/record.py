"""The declaration of JOC products: columns, filters, sections. Pages and API are made of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.joc_products import positions, rules
from apps.joc_products.forms import JocProductForm
from apps.joc_products.models import Contribution, JocProduct
from apps.joc_products.vocabulary import Kind
from apps.joc_products.workflow import WORKFLOW
from apps.mission.models import Position
from apps.mission.vocabulary import Role
from apps.records.actors import Actor
from apps.records.groups import NavGroup
from apps.records.models import Record
from apps.records.registry import Child, Column, Filter, Pending, RecordType, Searched, Section, register
from apps.records.workflow import Text


def _in_draft(actor: Actor, product: Any) -> bool:
    return bool(product.state == "draft")


@register
class JocProductType(RecordType):
    """JOC products."""

    key = "joc_product"
    model = JocProduct
    plural = "joc-products"
    url_namespace = "joc_products"
    reference_prefix = "JOC"
    label = _("JOC product")
    label_plural = _("JOC products")
    icon = "flag"
    nav_group = NavGroup.REPORTS
    daily_for = (Role.JOC,)
    workflow = WORKFLOW
    kinds = Kind
    form_class = JocProductForm
    filed_by = (Role.JOC,)
    releasable = True
    broadcasts = frozenset({"release", "release_own", "withdraw"})
    role_names = {
        Role.JOC: _("JOC"),
        Role.REQUESTER: _("Contributor"),
        Role.UNIT: _("Contributor who is awaited"),
    }
    columns = (
        Column("reference", _("Reference"), "reference", "reference"),
        Column("title", _("Title"), "title", sort="title"),
        Column("kind", _("Kind"), "kind"),
        Column("state", _("State"), "state", "state", sort="state"),
        Column("due", _("Due"), "due_at", "due", sort="due_at"),
        Column("needed_by", _("Needed by"), "needed_by", "datetime", sort="needed_by"),
        Column("area", _("Area"), "area", "area", wide=True),
        Column("originator", _("From"), "originator", "organisation", wide=True),
        Column("created", _("Filed"), "created_at", "datetime", sort="created_at", wide=True),
        Column("updated", _("Last changed"), "updated_at", "datetime", sort="updated_at", wide=True),
        Column("label", _("Label"), "classification", "label"),
    )
    filters = (
        Filter("state", _("State"), "state", "state"),
        Filter("kind", _("Kind"), "kind", "choice", Kind.choices),
        Filter("area", _("Area"), "area", "area"),
        Filter("originator", _("From"), "originator", "organisation"),
        Filter("needed_by", _("Needed by"), "needed_by", "date_range"),
        Filter("mine", _("Filed by my positions"), "author_position", "mine"),
    )
    sections = (
        Section(
            "product", _("The product"),
            ("template", "title", "incident_at", "period_from", "period_to", "contributions_due", "needed_by", "area",
             "priority"),
            help=_("What you leave empty is filled in as the template has it."),
        ),
        Section(
            "asked", _("Who is asked for what"),
            children=(
                Child(
                    "asked", _("Sections"), Contribution,
                    ("number", "heading", "guidance", "position", "is_required"), "product",
                    empty_text=_("No sections yet. Choose a template, or add them here."),
                    check=rules.asked_check, open_to=_in_draft,
                ),
            ),
            when=lambda product: product.state == "draft",
            help=_("Without a position, the JOC writes the section itself. Positions that are asked read the product."),
        ),
        Section(
            "contributions", _("Sections"),
            children=(
                Child(
                    "contributions", _("Sections"), Contribution,
                    ("number", "heading", "position", "state", "text", "is_late", "given_at", "edited_at", "version",
                     "uuid"),
                    "product", editable=False,
                ),
            ),
            step=False,
        ),
    )  # fmt: skip
    search = (Searched(("searched",), "contributions"),)

    @classmethod
    def related(cls) -> tuple[str, ...]:
        """Structure that pages of a product read."""
        return (*super().related(), "template", "template__mission")

    @classmethod
    def role_positions(cls, record: Any, role: Role) -> QuerySet[Position]:
        """Who exercises a role on the product."""
        return positions.role_positions(record, role)

    @classmethod
    def could_exercise(cls, actor: Actor, role: Role) -> bool:
        """Any position may be asked for a section, and compiles what it has filed."""
        return role in (Role.JOC, Role.REQUESTER, Role.UNIT) or super().could_exercise(actor, role)

    @classmethod
    def drawn_as(cls, position: Position, role: Role) -> Role:
        """The role itself where the position holds it, else one that it does hold and reads records by."""
        held = [each.role for each in position.roles.all() if each.role not in rules.NO_CONTENT]
        return role if role in held or not held else Role(held[0])

    @classmethod
    def missing(cls, record: Any) -> dict[str, list[Text]]:
        """What must be answered before it leaves its draft."""
        return rules.missing(record)

    @classmethod
    def awaited(cls, record: Any) -> tuple[Role, ...]:
        """While it collects: those who are asked; when all has come, the JOC, which closes the collection."""
        if record.state != "collecting":
            return super().awaited(record)
        waits = positions.awaited().filter(product_id=record.pk).exists()
        return (Role.UNIT,) if waits else (Role.JOC,)

    @classmethod
    def pending(cls, record: Any) -> list[Pending]:
        """What was not received is still awaited while the JOC compiles."""
        if record.state != "compiling" or record.contributions_due is None:
            return []
        if not positions.awaited().filter(product_id=record.pk).exists():
            return []
        return [Pending(Role.UNIT, _("section not received"), record.contributions_due)]

    @classmethod
    def awaited_roles(cls) -> frozenset[Role]:
        """Contributors, the JOC, release authorities."""
        return frozenset({Role.UNIT, Role.JOC, Role.RELEASE})

    @classmethod
    def awaiting(cls, actor: Actor, role: Role) -> Q | None:
        """Condition under which products wait for the actor's positions of a role."""
        mine = actor.position_ids
        if role == Role.UNIT:
            asked = positions.awaited().filter(position_id__in=mine)
            return Q(state__in=positions.COLLECTS, pk__in=asked.values("product_id"))
        if role == Role.JOC:
            all_in = ~Exists(positions.awaited().filter(product_id=OuterRef("pk")))
            compiles = Q(state__in=("compiling", "returned")) | Q(state="collecting") & Q(all_in)
            return Q(author_position_id__in=mine) & compiles
        ours = [position.organisation_id for position in actor.positions_with(role)]
        return Q(state="for_release", originator_id__in=ours)

    @classmethod
    def due_for(cls, records: Sequence[Record], role: Role) -> dict[int, datetime | None]:
        """Until when: for contributors, what they were told; one query."""
        if role != Role.UNIT:
            return super().due_for(records, role)
        rows = JocProduct.objects.filter(pk__in=[record.pk for record in records])
        return dict(rows.values_list("pk", "contributions_due"))
