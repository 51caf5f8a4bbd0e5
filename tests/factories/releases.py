"""Releases at any point of their life, drawn from a record."""

from __future__ import annotations

from typing import Any

from apps.records.models import Record
from apps.records.transitions import transition
from apps.releases.models import Release
from apps.releases.services import release_draft
from tests.factories.canary import canary
from tests.factories.staff import Staff

LOWER = {"classification": 0, "sensitivity": 1, "compartments": [], "data_types": [], "scope": "mission"}


def release_from(staff: Staff, source: Record, *, by: str = "req", **changes: Any) -> Release:
    """A complete draft, drawn from a record that `by` reads."""
    with staff.acting(by) as actor:
        values: dict[str, Any] = {"title": canary("release"), "summary": canary("summary")}
        return release_draft(
            actor, source=Record.objects.get(pk=source.pk), release=Release(**values | changes)
        )


def now(release: Release) -> Release:
    """The release as the database has it; call it while acting."""
    return Release.objects.get(pk=release.pk)


def step(staff: Staff, release: Release, by: str, name: str, **data: Any) -> Release:
    """Take a step as the holder of a post."""
    with staff.acting(by) as actor:
        transition(actor, record=now(release), name=name, data=data, note=canary("note"))
        return now(release)


def signed_release(staff: Staff, source: Record, **label: Any) -> Release:
    """Drafted by the filer, signed by the release authority under a lower label."""
    release = step(staff, release_from(staff, source), "req", "submit")
    data = LOWER | {"reason": canary("reason")} | label
    return step(staff, release, "rel", "sign", **data)
