"""Guards and effects of the steps: what must hold before one, and what it writes."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from apps.action_points import rules
from apps.action_points.models import ActionPoint
from apps.action_points.positions import OWNER, VERIFIER
from apps.mission.models import Position
from apps.need_to_know.clearance import position_clears
from apps.records import clock
from apps.records.actors import Actor
from apps.records.attachments import attachment_add
from apps.records.errors import Incomplete
from apps.records.transitions import addressees_add


def is_complete(actor: Actor, point: ActionPoint) -> None:
    """Incomplete, by field, unless all is answered and its owner may read it."""
    found = rules.missing(point) | rules.people_refused(point)
    if found:
        raise Incomplete({name: [str(text) for text in texts] for name, texts in found.items()})


def claims(actor: Actor, point: ActionPoint, data: dict[str, Any]) -> None:
    """Keep the evidence that came with it; Incomplete at `evidence` where there must be some and is none."""
    file = data.get("evidence")
    if file is not None:
        try:
            attachment_add(actor, record=point, name=file.name, content=file)
        except ValidationError as refused:
            raise ValidationError({"evidence": refused.messages}) from None
    elif rules.needs_evidence(point) and not rules.has_evidence(point):
        raise Incomplete(
            {"evidence": [_("At this priority it is done with evidence. Attach a file that shows it.")]}
        )


def reassigns(actor: Actor, point: ActionPoint, data: dict[str, Any]) -> None:
    """Its new owner reads it from now on; whoever owned it before reads on."""
    owner, due = data.get("owner"), data.get("due")
    if owner is None or owner.pk == point.owner_id:
        raise ValidationError({"owner": [_("Choose another position.")]})
    if due is None and point.needed_by is not None and point.needed_by <= clock.now():
        raise ValidationError({"due": [rules.OVER]})
    point.owner = owner
    if point.verifier_id is None and owner.pk == point.author_position_id:
        raise ValidationError({"owner": [_("You verify it. Name somebody else for that first.")]})
    if due is not None:
        _new_due(point, due)
    _give(point, "owner", owner)
    point.save(update_fields=["owner", "needed_by"])
    addressees_add(point, Position.objects.filter(pk=owner.pk), OWNER)


def names_verifier(actor: Actor, point: ActionPoint, data: dict[str, Any]) -> None:
    """Another position verifies it, and reads it from now on."""
    verifier = data.get("verifier")
    if verifier is None or verifier.pk == point.verifier_id:
        raise ValidationError({"verifier": [_("Choose another position.")]})
    point.verifier = verifier
    _give(point, "verifier", verifier)
    point.save(update_fields=["verifier"])
    addressees_add(point, Position.objects.filter(pk=verifier.pk), VERIFIER)


def extends(actor: Actor, point: ActionPoint, data: dict[str, Any]) -> None:
    """It is due at another moment; reminders and the chain of command follow it."""
    _new_due(point, data.get("due"))
    point.save(update_fields=["needed_by"])


def _new_due(point: ActionPoint, due: Any) -> None:
    if due is None or due <= clock.now():
        raise ValidationError({"due": [rules.OVER]})
    point.needed_by = due


def _give(point: ActionPoint, name: str, position: Position) -> None:
    """ValidationError at that field for a position that cannot be given it."""
    if refused := rules.people_refused(point).get(name):
        raise ValidationError({name: refused})
    if not position_clears(position.pk, point):
        raise ValidationError({name: [rules.NOT_CLEARED]})
