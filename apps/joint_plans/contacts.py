"""Whom to ask: positions by name, and the mission's CMCoord officers where nobody may be named. Reads only."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext as _

from apps.mission.models import Position
from apps.need_to_know.known import unknown
from apps.records.actors import Actor
from apps.stakeholders.presence.overlaps import officers


def contacts(actor: Actor, ids: Collection[int | None]) -> dict[int | None, list[Position]]:
    """Position id -> whom to ask: that position, or the CMCoord officers where it is not the actor's to know.

    None stands for a position that the database did not name. One query, two where officers are needed.
    """
    wanted = {pk for pk in ids if pk is not None}
    rows = Position.objects.filter(pk__in=wanted, mission=actor.mission, is_active=True)
    found: dict[int | None, list[Position]] = {
        row.pk: [row] for row in rows.exclude(unknown(actor, "organisation")).select_related("organisation")
    }
    if missing := [pk for pk in ids if pk not in found]:
        asked = officers(actor)
        found |= dict.fromkeys(missing, asked)
    return found


def in_words(positions: Collection[Position]) -> str:
    """Their names, as texts that say with whom to coordinate give them."""
    named = [f"{each.title} ({each.organisation.acronym or each.organisation.name})" for each in positions]
    return ", ".join(named) or _("a CMCoord officer")
