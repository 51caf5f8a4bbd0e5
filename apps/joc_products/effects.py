"""Guards and effects of the steps of a product: what must hold before one, and which row it writes.

The database holds to the same: whoever is asked writes their own section, and the JOC all of them when it compiles.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from apps.joc_products import rules
from apps.joc_products.models import Contribution, JocProduct
from apps.joc_products.positions import COLLECTS, awaited
from apps.joc_products.vocabulary import SectionState
from apps.mission.models import Position
from apps.records import clock
from apps.records.actors import Actor
from apps.records.errors import Incomplete, NotPermitted, StaleRecord
from apps.records.services import is_editor
from apps.records.transitions import transition
from apps.records.workflow import Text

Errors = dict[str, list[Text]]


def _complete(errors: Errors) -> None:
    if errors:
        raise Incomplete({name: [str(text) for text in texts] for name, texts in errors.items()})


def may_ask(actor: Actor, product: JocProduct) -> None:
    """Incomplete, by field, unless contributors can be asked."""
    _complete(rules.not_askable(product))


def may_compile(actor: Actor, product: JocProduct) -> None:
    """Incomplete, by field, unless all is answered."""
    _complete(rules.missing(product))


def may_submit(actor: Actor, product: JocProduct) -> None:
    """Incomplete unless it can be released as it stands."""
    _complete(rules.missing(product) | rules.not_releasable(product))


# ---------------------------------------------------------------- sections
def writable(actor: Actor, product: JocProduct) -> QuerySet[Contribution]:
    """Sections that are the actor's to write now: those they are asked for; the JOC's own, for whoever compiles."""
    rows = Contribution.objects.filter(product_id=product.pk)
    if product.state not in COLLECTS:
        return rows.none()
    mine = Q(position_id__in=actor.position_ids, edited_at__isnull=True)
    if is_editor(actor, product):
        mine |= Q(position__isnull=True)
    return rows.filter(mine)


def has_section(actor: Actor, product: JocProduct) -> bool:
    """Whether there is one."""
    return writable(actor, product).exists()


def compiled(actor: Actor, product: JocProduct) -> QuerySet[Contribution]:
    """Sections that whoever compiles may edit now: all of them."""
    rows = Contribution.objects.filter(product_id=product.pk)
    return rows if is_editor(actor, product) else rows.none()


def _row(rows: QuerySet[Contribution], data: dict[str, Any]) -> Contribution:
    """The section named, as the actor saw it. StaleRecord where somebody has written there since."""
    row = rows.filter(uuid=data["section"]).first()
    if row is None:
        raise NotPermitted(_("This section is not yours to write now."))
    seen = data.get("section_version")
    if seen is None and (row.text or row.state == SectionState.NOTHING):
        raise Incomplete({"section_version": [_("Say which version of the section you have read.")]})
    if seen not in (None, row.version):
        raise StaleRecord(
            _("Somebody has written in this section in the meantime. What it says now stands below.")
        )
    return row


def contributes(actor: Actor, product: JocProduct, data: dict[str, Any]) -> None:
    """Write a section, or that there is nothing to report."""
    row = _row(writable(actor, product), data)
    row.text = data.get("text", "").strip()
    row.state = SectionState.NOTHING if data.get("nothing") else SectionState.GIVEN
    row.save(update_fields=["text", "state"])


def edits(actor: Actor, product: JocProduct, data: dict[str, Any]) -> None:
    """Compile a section: what was given stays on record for the JOC and whoever gave it."""
    row = _row(compiled(actor, product), data)
    row.text = data.get("text", "").strip()
    row.save(update_fields=["text"])


# ---------------------------------------------------------------- collecting
def has_awaited(actor: Actor, product: JocProduct) -> bool:
    """Whether a section is still awaited."""
    return awaited().filter(product_id=product.pk).exists()


def asks_another(actor: Actor, product: JocProduct, data: dict[str, Any]) -> None:
    """Another position is asked for a section that has not come."""
    row = awaited().filter(product_id=product.pk, uuid=data["section"]).first()
    position: Position = data["position"]
    if row is None:
        raise NotPermitted
    row.position = position
    rules.asked_check(actor, product, row)
    if not rules.position_clears(position.pk, product):
        raise ValidationError({"position": _("This position may not read the product’s label.")})
    row.save(update_fields=["position"])


def extends(actor: Actor, product: JocProduct, data: dict[str, Any]) -> None:
    """Contributors have until another moment; it may be moved past the release, which moves with it."""
    until: datetime = data["contributions_due"]
    if until <= clock.now():
        raise ValidationError({"contributions_due": _("This moment is over. Choose one that lies ahead.")})
    product.contributions_due = until
    if product.needed_by is not None and product.needed_by < until:
        product.needed_by = until
    product.save()


# ---------------------------------------------------------------- the release
def is_own(actor: Actor, product: JocProduct) -> bool:
    """Whether the actor filed it or put it forward."""
    return (
        product.author_id == actor.user_id
        or product.workflow_steps.filter(actor_id=actor.user_id, duty="requester").exists()
    )


def is_anothers(actor: Actor, product: JocProduct) -> bool:
    """Whether others did."""
    return not is_own(actor, product)


def is_replaced(actor: Actor, product: JocProduct) -> bool:
    """Whether a correction of it is out, or being released at this moment."""
    if product.replaced_by is not None:
        return True
    return product.corrected_by.filter(product__state="released").exists()


def releases(actor: Actor, product: JocProduct, data: dict[str, Any]) -> None:
    """What it corrects is superseded in the same transaction."""
    may_submit(actor, product)
    for correction in product.corrects.all():
        old = JocProduct.objects.filter(pk=correction.corrected_id, state="released").first()
        if old is not None:
            old.replaced_by = product
            note = _("Corrected by %(reference)s") % {"reference": product.reference}
            transition(actor, record=old, name="supersede", note=note)
