"""Whose attention a comment may draw. Who reads a record, and who may be named, a room above this one says."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from apps.mission.models import Position
from apps.records.actors import Actor
from apps.records.models import Record

#: The most positions that are offered, and that one comment may name.
OFFERED_MOST = 30

Find = Callable[[Actor, Record], Collection[int]]
_finder: list[Find] = []


def offered_by(find: Find) -> Find:
    """Name the function that says, by id, to which positions a comment of the actor's may be addressed."""
    _finder[:] = [find]
    return find


def mentions_checked(actor: Actor, record: Record, positions: Iterable[Position]) -> list[int]:
    """The ids of these positions, each once. ValidationError at `mentions` for any that is not offered."""
    wanted = list(dict.fromkeys(position.pk for position in positions))
    if not wanted:
        return []
    offered = set(_finder[0](actor, record)) if _finder else set()
    if len(wanted) > OFFERED_MOST or not set(wanted) <= offered:
        raise ValidationError({"mentions": [_("Choose among those who take part and can read this now.")]})
    return wanted
