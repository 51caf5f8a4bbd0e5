"""Reads of the register under the row rule: who is meant by a name, and how one is engaged."""

from __future__ import annotations

import re
from datetime import date

from django.db import connection
from django.db.models import Q, QuerySet

from apps.mission.vocabulary import EngagementStance
from apps.records.actors import Actor
from apps.stakeholders.models import Stakeholder

OFFERED = 12
LEAST = 2
#: States in which a file counts as being on the register.
LIVE = ("registered", "dormant")
_REFERENCE = re.compile(r"\b([A-Z]{2,5}-\d{4}-\d{4,9})\b", re.IGNORECASE)


def registered(actor: Actor) -> QuerySet[Stakeholder]:
    """Files on the register that the actor may know of."""
    return Stakeholder.objects.filter(mission=actor.mission, type="stakeholder", state__in=LIVE)


def named(stakeholder: Stakeholder) -> str:
    """A stakeholder as pickers offer it: its name and, to tell it from another, its reference."""
    return f"{stakeholder.title} ({stakeholder.reference})"


def engageable(actor: Actor) -> QuerySet[Stakeholder]:
    """Those of them that the actor may engage: pickers of liaison offer no others."""
    found = registered(actor)
    if engages(actor):
        return found
    mine = Q(author_position_id__in=actor.position_ids) | Q(
        organisation_id__in=[position.organisation_id for position in actor.positions]
    )
    civilian = {position.organisation.side for position in actor.positions} & {"humanitarian", "development"}
    stances = [EngagementStance.DIRECT, *([EngagementStance.VIA_OCHA] if civilian else [])]
    return found.filter(Q(stance__in=stances) | mine)


def engages(actor: Actor) -> bool:
    """Whether the actor is a CMCoord officer, who engages every organisation."""
    return actor.has_role("CMC")


def candidates(actor: Actor, words: str, *, engaged: bool = False) -> list[Stakeholder]:
    """Those whose names have all these words, at most OFFERED; nobody for less than LEAST letters."""
    if len(words.strip()) < LEAST or "\0" in words:
        return []
    wanted = Q()
    for word in words.replace(",", " ").replace("(", " ").replace(")", " ").split()[:8]:
        wanted &= (
            Q(title__icontains=word)
            | Q(acronym__icontains=word)
            | Q(other_names__icontains=word)
            | Q(reference__iexact=word)
        )
    rows = engageable(actor) if engaged else registered(actor)
    return list(rows.filter(wanted).order_by("title", "pk")[:OFFERED])


def meant(actor: Actor, text: str, *, engaged: bool = False) -> list[Stakeholder]:
    """Whom a text means: one by its reference or its whole name; else all that it could mean."""
    rows = engageable(actor) if engaged else registered(actor)
    if found := _REFERENCE.findall(text):
        one = rows.filter(reference=found[-1].upper()).first()
        if one is not None:
            return [one]
    offered = candidates(actor, text, engaged=engaged)
    folded = text.strip().casefold()
    exact = [each for each in offered if folded in {name.casefold() for name in each.names}]
    return exact or offered


def reaches(stakeholder: Stakeholder) -> bool:
    """Whether the actor may have its contacts, as the database decides."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT stakeholders_reaches(%s)", [stakeholder.pk])
        return bool(cursor.fetchone()[0])


def ineligible_units(*, kind: str, area_id: int | None, day: date) -> frozenset[int]:
    """Ids of the mission's organisations that a caveat keeps from such a task; for those who task, one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT organisation_id FROM stakeholders_ineligible(%s, %s, %s)", [kind, area_id, day]
        )
        return frozenset(row[0] for row in cursor.fetchall())
