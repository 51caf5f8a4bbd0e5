"""What a product must say before its sections are asked for and before it is put forward; who can be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from apps.joc_products import times
from apps.joc_products.vocabulary import SectionState
from apps.mission.models import Position
from apps.mission.vocabulary import Role
from apps.need_to_know.clearance import position_clears
from apps.need_to_know.known import unknown
from apps.records import clock
from apps.records.actors import Actor
from apps.records.workflow import Text

if TYPE_CHECKING:
    from apps.joc_products.models import Contribution, JocProduct

#: Roles by which nobody is drawn in: they read no content.
NO_CONTENT = (Role.ADMIN, Role.AUDITOR)
_MOMENTS = ("period_from", "period_to", "contributions_due", "needed_by")


def position_refusal(position: Position) -> str:
    """Why a position cannot be asked for a section; empty where it can. One query."""
    if not position.is_active:
        return _now("This position is not in use.")
    if not position.roles.exclude(role__in=NO_CONTENT).exists():
        return _now("This position has no role in which it reads records. Give it one first.")
    return ""


def asked_check(actor: Actor, product: JocProduct, row: Contribution) -> None:
    """ValidationError at `position` for another mission's, one that cannot be asked, or is not the actor's to know."""
    if row.position_id is None:
        return
    known = Position.objects.filter(pk=row.position_id, mission=actor.mission)
    found = known.exclude(unknown(actor, "organisation")).first()
    refusal = _now("Choose a position of this mission.") if found is None else position_refusal(found)
    if refusal:
        raise ValidationError({"position": [refusal]})


def completed(product: JocProduct) -> None:
    """Fill in, on the product itself, what its template says and nobody has answered."""
    template = product.template
    if template is None:
        return
    product.kind = template.kind
    if template.is_periodic:
        found = times.on_period(template, ZoneInfo(template.mission.time_zone), clock.now())
        if product.period_to is not None and product.period_from is None:
            product.period_from = times.moved(template.kind, product.period_to, -1)
        product.incident_at = None
    elif product.incident_at is not None:
        found = times.on_incident(template, product.incident_at)
    else:
        return
    for name in _MOMENTS:
        if getattr(product, name) is None:
            setattr(product, name, getattr(found, name))


def contradictions(product: JocProduct) -> dict[str, Text]:
    """Field -> what cannot be."""
    found: dict[str, Text] = {}
    template = product.template
    if template is not None and product.mission_id not in (None, template.mission_id):
        found["template"] = _("Choose a template of this mission.")
    if product.pk is not None and template is not None:
        stored = type(product).objects.filter(pk=product.pk).values_list("template_id", flat=True).first()
        if stored not in (None, template.pk):
            found["template"] = _("The template stays as it was chosen. Discard this and start another.")
    if product.period_from and product.period_to and product.period_to <= product.period_from:
        found["period_to"] = _("The period must end after it begins.")
    if product.incident_at and product.incident_at > clock.now():
        found["incident_at"] = _("This lies ahead. Say when it happened.")
    due, release = product.contributions_due, product.needed_by
    if due and release and due > release:
        found["contributions_due"] = _("Contributions are due before the release.")
    return found


def missing(product: JocProduct) -> dict[str, list[Text]]:
    """Field -> what must be answered before the product leaves its draft."""
    found: dict[str, list[Text]] = {}
    if product.template is None:
        found["template"] = [_("Choose the template.")]
    elif product.template.is_periodic:
        if product.period_from is None:
            found["period_from"] = [_("Say where the period begins.")]
        if product.period_to is None:
            found["period_to"] = [_("Say where the period ends.")]
    elif product.incident_at is None:
        found["incident_at"] = [_("Say when it happened.")]
    if product.needed_by is None:
        found["needed_by"] = [_("Say when it is to be released.")]
    return found


def not_askable(product: JocProduct) -> dict[str, list[Text]]:
    """Field -> what must be answered before contributors are asked."""
    found = missing(product)
    if product.contributions_due is None:
        found["contributions_due"] = [_("Say until when contributions are due.")]
    elif product.contributions_due <= clock.now():
        found["contributions_due"] = [_("This moment is over. Choose one that lies ahead.")]
    asked = [row for row in product.contributions.select_related("position") if row.position is not None]
    if not asked:
        found["asked"] = [_("Nobody is asked. Name a position for a section, or write it without asking.")]
    for row in asked:
        assert row.position is not None
        refusal = position_refusal(row.position)
        if not refusal and not position_clears(row.position.pk, product):
            refusal = _now("This position may not read the product’s label.")
        if refusal:
            found.setdefault("asked", []).append(f"{row.position.title}: {refusal}")
    return found


def not_releasable(product: JocProduct) -> dict[str, list[Text]]:
    """What must be there before it is put forward: words in every section that is needed, and a release authority."""
    from apps.joc_products.positions import release_authorities

    rows = list(product.contributions.all())
    found: dict[str, list[Text]] = {}
    empty = [
        row.heading
        for row in rows
        if row.is_required and not row.text.strip() and row.state != SectionState.NOTHING
    ]
    if empty:
        said = _now("Still empty: %(headings)s. Write them, or that nothing was received.")
        found["contributions"] = [said % {"headings": ", ".join(empty)}]
    elif not any(row.text.strip() or row.state == SectionState.NOTHING for row in rows):
        found["contributions"] = [_("Nothing is written yet.")]
    if not release_authorities(product).exists():
        found["__all__"] = [
            _("Your organisation names no release authority. An administrator gives a position that role.")
        ]
    return found
