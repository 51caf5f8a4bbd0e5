"""Writing what follows a product: the next one of its kind, and a corrected edition. Steps are in `workflow.py`.

Nothing here runs by itself: a record has an author, so that somebody presses the button.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from apps.joc_products import times
from apps.joc_products.models import Correction, JocProduct
from apps.mission.models import Position
from apps.mission.vocabulary import Role
from apps.records import clock
from apps.records.actors import Actor
from apps.records.errors import IllegalTransition, Incomplete, NotPermitted
from apps.records.models import RecordLink
from apps.records.services import link_add, record_file
from apps.records.transitions import record_lock, refusals, transition

_CARRIED = (
    "area",
    "sector",
    "priority",
    "classification",
    "sensitivity",
    "compartments",
    "data_types",
    "scope",
)


def position_for(actor: Actor, product: JocProduct) -> Position | None:
    """The actor's position that files what follows it: a JOC's of the originating organisation; None for none."""
    ours = [p for p in actor.positions_with(Role.JOC) if p.organisation_id == product.originator_id]
    filed = [p for p in ours if p.pk == product.author_position_id]
    return next(iter([*filed, *ours]), None)


def has_next(product: JocProduct) -> bool:
    """Whether another of its kind follows it: it is periodic and out."""
    template = product.template
    return bool(
        product.state == "released"
        and template is not None
        and template.is_periodic
        and template.is_active
        and product.period_to
        and product.needed_by
    )


def _position(actor: Actor, product: JocProduct) -> Position:
    position = position_for(actor, product)
    if position is None:
        raise NotPermitted
    return position


def _like(product: JocProduct, title: str) -> JocProduct:
    carried = {name: getattr(product, name) for name in _CARRIED}
    return JocProduct(template=product.template, title=title, **carried)


def next_file(actor: Actor, *, product: JocProduct) -> JocProduct:
    """File the product that follows and ask its contributors; filed already, it is that one.

    Where they cannot be asked yet, it stays a draft. Raises NotPermitted, IllegalTransition.
    """
    position = _position(actor, product)
    if not has_next(product):
        raise IllegalTransition(_("The next one is filed from a periodic report that is out."))
    template = product.template
    assert template is not None
    assert product.period_to is not None
    assert product.needed_by is not None
    with refusals():
        record_lock(product.pk)
        known = JocProduct.objects.filter(
            template=template, originator_id=product.originator_id, period_from=product.period_to
        ).exclude(state="withdrawn")
        if (found := known.first()) is not None:
            return found
        zone = ZoneInfo(product.mission.time_zone)
        when = times.after(
            template, zone, clock.now(), period_to=product.period_to, needed_by=product.needed_by
        )
        assert when.period_to is not None
        record = _like(product, f"{template.name} {when.period_to:%Y-%m-%d}")
        record.period_from, record.period_to = when.period_from, when.period_to
        record.contributions_due, record.needed_by = when.contributions_due, when.needed_by
        filed: JocProduct = record_file(actor, record=record, position=position)
        link_add(actor, source=filed, target=product, relation=RecordLink.Relation.FOLLOWS)
    try:
        with refusals():
            transition(actor, record=filed, name="ask")
    except Incomplete:
        return JocProduct.objects.get(pk=filed.pk)
    return filed


def correction_file(actor: Actor, *, product: JocProduct) -> JocProduct:
    """File a corrected edition of a product that is out, with all that it says; one that is under way is that one.

    Raises NotPermitted, IllegalTransition.
    """
    position = _position(actor, product)
    if product.state != "released":
        raise IllegalTransition(_("Only a product that is out is corrected."))
    assert actor.user is not None
    with refusals():
        record_lock(product.pk)
        known = JocProduct.objects.filter(corrects__corrected_id=product.pk).exclude(state="withdrawn")
        if (found := known.first()) is not None:
            return found
        record = _like(product, product.title)
        record.period_from, record.period_to = product.period_from, product.period_to
        record.incident_at, record.needed_by = product.incident_at, clock.now() + clock.hours(1)
        record.contributions_due = record.needed_by
        filed: JocProduct = record_file(actor, record=record, position=position)
        Correction.objects.create(product=filed, corrected=product, author=actor.user)
        filed.refresh_from_db()
    return filed
