"""Which organisations, and whose names, an actor may know of. Pickers, previews, histories and exports ask here."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.mission.models import FilingMandate, Holding, Organisation, Position, PositionRole
from apps.mission.vocabulary import EngagementStance, Role
from apps.records import clock
from apps.records.actors import Actor


def unknown(actor: Actor, organisation: str = "") -> Q:
    """Condition on rows: the actor may not know the organisation at that path (empty: the rows themselves).

    An organisation that is not to be listed is known to its own people, to CMCoord officers, who engage it, and to
    positions that file for it, or did.
    """
    at = f"{organisation}__" if organisation else ""
    # WHY: asked within the query at hand, so that naming costs none of its own.
    own = Position.objects.filter(pk__in=actor.position_ids).values("organisation_id")
    files = FilingMandate.objects.filter(position_id__in=actor.position_ids, starts__lte=clock.now())
    engages = PositionRole.objects.filter(position_id__in=actor.position_ids, role=Role.CMCOORD)
    unlisted = Q(**{f"{at}engagement_stance": EngagementStance.UNLISTED})
    others = ~Q(**{f"{at}pk__in": own}) & ~Q(**{f"{at}pk__in": files.values("organisation_id")})
    return unlisted & others & ~Q(Exists(engages))


def unknown_person(actor: Actor, person: str = "pk") -> Q:
    """Condition on rows: the person at that path stands in this mission for such organisations and for no other."""
    held = Holding.objects.current().filter(person_id=OuterRef(person), position__mission=actor.mission)
    hidden = unknown(actor, "position__organisation")
    return Q(Exists(held.filter(hidden))) & ~Q(Exists(held.exclude(hidden)))


def known_organisations(actor: Actor) -> QuerySet[Organisation]:
    """The mission's organisations that the actor may know of."""
    return Organisation.objects.filter(mission=actor.mission).exclude(unknown(actor))


def unknown_organisation_ids(actor: Actor) -> frozenset[int]:
    """Ids of the mission's organisations whose names the actor may not know; one query, once for an actor."""
    found: frozenset[int] | None = actor.kept.get("unknown organisations")
    if found is None:
        hidden = Organisation.objects.filter(unknown(actor), mission=actor.mission)
        found = actor.kept["unknown organisations"] = frozenset(hidden.values_list("pk", flat=True))
    return found


def is_unknown(actor: Actor, organisation: Organisation) -> bool:
    """Whether the actor may not know that organisation by name; no query for those that are listed."""
    if organisation.engagement_stance != EngagementStance.UNLISTED:
        return False
    return organisation.pk in unknown_organisation_ids(actor)


def known_name(actor: Actor, organisation: Organisation) -> str:
    """What an organisation is called, or “restricted” where the actor may not know it."""
    return _("restricted") if is_unknown(actor, organisation) else str(organisation)


def unknown_people(actor: Actor, people: Iterable[int | None]) -> set[int]:
    """Those of these people whose names the actor may not know; one query, none for nobody."""
    wanted = {person for person in people if person is not None}
    if not wanted:
        return set()
    return set(User.objects.filter(unknown_person(actor), pk__in=wanted).values_list("pk", flat=True))
