"""Who acts: the value that services receive.

How an actor is established is `need_to_know`'s matter, not this module's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.aggregates import JSONBAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import JSONField, OuterRef, Q, Value
from django.db.models.functions import JSONObject

from apps.mission.vocabulary import Role

if TYPE_CHECKING:
    from apps.accounts.models import User
    from apps.mission.models import Mission, Position


class NoActor(Exception):
    """Records were touched, or a service called, without an actor."""


@dataclass(frozen=True)
class Actor:
    """A person in a mission, with the positions held now; or the portal's own clock, which has no person.

    `principals` are auth group ids (organisation, position, mission …) and the negative of the person's id.
    `barred` are the kinds of protected data that the sides of these positions never read; `audits` says whether one
    of them is an auditor's, who reads logs and no content. `kept` holds what is asked once for an actor.
    """

    mission: Mission
    user: User | None
    principals: tuple[int, ...] = ()
    clearance: int = 0
    compartments: tuple[int, ...] = ()
    position_ids: tuple[int, ...] = ()
    barred: tuple[int, ...] = ()
    audits: bool = False
    kept: dict[str, Any] = field(default_factory=dict, repr=False, compare=False, hash=False)

    @property
    def is_clock(self) -> bool:
        """Whether this is the portal acting because a time came, without a person."""
        return self.user is None

    @property
    def user_id(self) -> int | None:
        """The person's id; None for the clock."""
        return self.user.pk if self.user else None

    @cached_property
    def positions(self) -> list[Position]:
        """The positions held now, with organisation, area, roles and mandates to file; one query, once per actor."""
        from apps.mission.models import FilingMandate, Position, PositionRole

        mandates = (
            FilingMandate.objects.in_force().filter(position=OuterRef("pk")).order_by("organisation_id")
        )

        found: list[Position] = list(
            Position.objects.filter(pk__in=self.position_ids)
            .select_related("organisation", "area")
            .annotate(
                role_rows=JSONBAgg(
                    JSONObject(id="roles__id", role="roles__role", sector_id="roles__sector_id"),
                    filter=Q(roles__isnull=False),
                    default=Value([], JSONField()),
                ),
                mandated_ids=ArraySubquery(mandates.values("organisation_id").distinct()),
            )
            .order_by("title")
        )
        for position in found:
            roles = PositionRole.objects.filter(position=position)
            roles._result_cache = [PositionRole(position=position, **row) for row in position.role_rows]  # type: ignore[attr-defined]
            position._prefetched_objects_cache = {"roles": roles}  # type: ignore[attr-defined]
        return found

    def positions_with(self, role: Role | str) -> list[Position]:
        """Positions held now that carry `role`."""
        return [p for p in self.positions if any(held.role == role for held in p.roles.all())]

    def has_role(self, role: Role | str) -> bool:
        """Whether any position held now carries `role`."""
        return bool(self.positions_with(role))
