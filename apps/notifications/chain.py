"""Who stands in a position now, who stands in for them, and who stands above: structure alone, no record."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Q

from apps.mission.models import Holding, Position
from apps.mission.vocabulary import Capacity
from apps.notifications.models import Preference
from apps.records import clock

DEPTH_MOST = 12


def people_of(positions: Iterable[int | None]) -> set[int]:
    """Everybody in these positions now, in whatever capacity."""
    wanted = {position for position in positions if position is not None}
    if not wanted:
        return set()
    held = Holding.objects.current().filter(position_id__in=wanted, position__is_active=True)
    return set(held.values_list("person_id", flat=True))


#: Of some people, those who read the record.
Reading = Callable[[Iterable[int]], set[int]]


@dataclass(frozen=True)
class Acting:
    """Who does a position's work now, nobody perhaps; and who holds it but is absent."""

    now: set[int] = field(default_factory=set)
    absent: set[int] = field(default_factory=set)


class Chain:
    """Some positions with all that stand above them; four queries, however many they are.

    A holder is absent while a substitute stands in for them, or while they say that they are away. Where nobody is
    present and nobody stands in, the work goes to whoever is present next above and reads the record; `reading` says
    who of these people do (all, unless it is given). `away` counts as absent besides.
    """

    def __init__(self, positions: Iterable[int], *, away: Iterable[int] = (), reading: Reading = set) -> None:
        self._reading = reading
        self.above_of: dict[int, int | None] = {}
        wanted = set(positions)
        for _level in range(DEPTH_MOST):
            found = dict(Position.objects.filter(pk__in=wanted).values_list("pk", "reports_to_id"))
            self.above_of |= found
            wanted = {above for above in found.values() if above is not None} - self.above_of.keys()
            if not wanted:
                break
        self._held: dict[int, list[tuple[int, str]]] = {}
        held = Holding.objects.current().filter(position_id__in=self.above_of, position__is_active=True)
        for position, person, capacity in held.values_list("position_id", "person_id", "capacity"):
            self._held.setdefault(position, []).append((person, capacity))
        now = clock.now()
        people = {person for held_by in self._held.values() for person, _capacity in held_by}
        absent = Preference.objects.filter(
            Q(away_from__isnull=True) | Q(away_from__lte=now), person_id__in=people, away_until__gt=now
        )
        self._away = {*away, *(absent.values_list("person_id", flat=True) if people else ())}

    def acting_for(self, position: int) -> Acting:
        """Who does the work of a position now."""
        acting = self._here(position)
        for above in self._up(position):
            if acting.now:
                break
            acting = Acting(self._here(above).now & self._readers, acting.absent)
        return acting

    @cached_property
    def _readers(self) -> set[int]:
        """Of everybody in these positions and above, those who read the record."""
        people = {person for position in self.above_of for person in self._here(position).now}
        return self._reading(people) if people else set()

    def _here(self, position: int) -> Acting:
        held = self._held.get(position, [])
        standing_in = {p for p, capacity in held if capacity == Capacity.SUBSTITUTE} - self._away
        acting = {p for p, capacity in held if capacity == Capacity.ACTING} - self._away
        holders = {p for p, capacity in held if capacity == Capacity.HOLDER}
        present = set() if standing_in else holders - self._away
        now = standing_in | acting | present
        return Acting(now, {p for p, _capacity in held} - now)

    def _up(self, position: int) -> list[int]:
        found: list[int] = []
        above = self.above_of.get(position)
        while above is not None and above not in found and len(found) < DEPTH_MOST:
            found.append(above)
            above = self.above_of.get(above)
        return found

    def above(self, level: int) -> set[int]:
        """People `level` steps above these positions, counting only steps on which somebody reads the record.

        Need to know goes before the chain of command: whoever may not read it is passed over.
        """
        if level < 1:
            return set()
        below = set(self.above_of.values())
        first = [position for position in self.above_of if position not in below] or list(self.above_of)
        found: set[int] = set()
        for position in first:
            steps = [self._here(above).now & self._readers for above in self._up(position)]
            steps = [each for each in steps if each]
            found |= steps[level - 1] if len(steps) >= level else set()
        return found
