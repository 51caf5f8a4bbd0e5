"""Guards and effects of the steps of offices and engagements."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from apps.liaison_offices import rules
from apps.liaison_offices.models import Counterpart, Engagement, FollowUp, LiaisonOffice
from apps.liaison_offices.vocabulary import FollowUpState
from apps.records.actors import Actor
from apps.records.errors import Incomplete, NotPermitted


def _complete(missing: dict[str, Any]) -> None:
    if missing:
        raise Incomplete({name: [str(text) for text in texts] for name, texts in missing.items()})


def may_open(actor: Actor, office: LiaisonOffice) -> None:
    """Incomplete, by field, unless all is answered."""
    _complete(rules.office_missing(office))


def may_plan(actor: Actor, engagement: Engagement) -> None:
    """Incomplete, by field, unless all is answered."""
    _complete(rules.planned_missing(engagement))


def may_report(actor: Actor, engagement: Engagement) -> None:
    """Incomplete, by field, unless all is answered and somebody is named with whom it was held."""
    missing = rules.reported_missing(engagement)
    if not Counterpart.objects.filter(engagement=engagement).exists():
        missing["counterparts"] = [_("Name with whom it was held, on its page.")]
    _complete(missing)


def all_settled(actor: Actor, engagement: Engagement) -> None:
    """Incomplete while a follow-up is open."""
    if open_of(engagement).exists():
        raise Incomplete({"follow_ups": [_("Follow-ups are still open. Settle each of them first.")]})


def open_of(engagement: Engagement) -> Any:
    """Follow-ups still to be done."""
    return FollowUp.objects.filter(engagement_id=engagement.pk, state=FollowUpState.OPEN)


def settleable(actor: Actor, engagement: Engagement) -> Any:
    """Open follow-ups that the actor may settle: their own; all, for the keeper of the record."""
    found = open_of(engagement)
    if engagement.author_position_id in actor.position_ids:
        return found
    return found.filter(owner_id__in=actor.position_ids)


def has_settleable(actor: Actor, engagement: Engagement) -> bool:
    """Whether there is one."""
    return bool(settleable(actor, engagement).exists())


def settles(actor: Actor, engagement: Engagement, data: dict[str, Any]) -> None:
    """Settle one: done, or dropped with a word why. The database lets an owner change that much."""
    row = settleable(actor, engagement).filter(uuid=data["follow_up"]).first()
    if row is None:
        raise NotPermitted
    row.state, row.note = data["outcome"], data.get("note", "")[:500]
    row.save(update_fields=["state", "note"])
