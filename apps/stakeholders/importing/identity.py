"""What makes a row of presence the same row again, in a table and on the register. Nothing is read or written here."""

from __future__ import annotations

import hashlib

from apps.stakeholders.models import Presence

from .matching import folded


def presence_key(*, role: str, sector: str, activity: str, area: str, place: str, start: str) -> str:
    """What identifies a row among those of its organisation; codes for sector and area, the day in ISO form."""
    parts = (role, sector.upper(), folded(activity), area.upper(), folded(place), start)
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def key_of(presence: Presence) -> str:
    """The key of a row as it stands, for `Presence.source_key`; reads its area and sector."""
    return presence_key(
        role=presence.role,
        sector=presence.sector.code if presence.sector else "",
        activity=presence.activity,
        area=presence.area.pcode,
        place=presence.place,
        start=presence.start.isoformat() if presence.start else "",
    )
