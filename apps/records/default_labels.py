"""The label that a new record begins with, as the mission's information sharing protocol has it."""

from __future__ import annotations

from typing import Any

from apps.mission.models import DefaultLabel, SharingProtocol
from apps.records.actors import Actor


def default_label(actor: Actor, type_key: str) -> dict[str, Any]:
    """Classification, sensitivity and scope for a new record of that type; empty where the protocol has none.

    One query. The classification is at most the actor's clearance, because nobody files what they may not read.
    """
    found = (
        DefaultLabel.objects.filter(
            protocol__mission=actor.mission,
            protocol__state=SharingProtocol.State.IN_FORCE,
            record_type=type_key,
        )
        .values("classification", "sensitivity", "scope")
        .first()
    )
    if found is None:
        return {}
    return {**found, "classification": min(found["classification"], actor.clearance)}
