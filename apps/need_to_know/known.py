"""Which organisations an actor may know of by name. Pickers, previews, maps and exports ask here."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from apps.mission.models import Organisation
from apps.mission.vocabulary import EngagementStance, Role
from apps.records.actors import Actor


def known_organisations(actor: Actor) -> QuerySet[Organisation]:
    """The mission's organisations that the actor may know of.

    An organisation that is not to be listed is known to its own people and to CMCoord officers, who engage it.
    """
    of_mission = Organisation.objects.filter(mission=actor.mission)
    if actor.has_role(Role.CMCOORD):
        return of_mission
    own = [position.organisation_id for position in actor.positions]
    return of_mission.filter(~Q(engagement_stance=EngagementStance.UNLISTED) | Q(pk__in=own))


def unknown_organisation_ids(actor: Actor) -> frozenset[int]:
    """Ids of the mission's organisations whose names the actor may not know; one query."""
    unlisted = Organisation.objects.filter(mission=actor.mission).exclude(
        pk__in=known_organisations(actor).values("pk")
    )
    return frozenset(unlisted.values_list("pk", flat=True))
