"""Guards and effects of the steps of an announcement: what must hold before one, and which edition it writes."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

from apps.announcements import rules
from apps.announcements.models import Announcement, Edition
from apps.announcements.models.told import TOLD
from apps.mission.vocabulary import Role, Scope
from apps.records import clock
from apps.records.actors import Actor
from apps.records.errors import Incomplete
from apps.records.transitions import exercised_by


def is_complete(actor: Actor, announcement: Announcement) -> None:
    """Incomplete, by field, unless all is answered."""
    if errors := rules.missing(announcement):
        raise Incomplete({name: [str(text) for text in texts] for name, texts in errors.items()})


def is_live(actor: Actor, announcement: Announcement) -> bool:
    """Whether its time is not over: what is over is neither amended nor cancelled."""
    return announcement.expires_at is None or announcement.expires_at > clock.now()


def issues(actor: Actor, announcement: Announcement, data: dict[str, Any]) -> None:
    """Tell whoever was chosen, under its first edition. A draft's audience is its author's to choose."""
    scope = data.get("scope") or announcement.scope
    if scope not in Scope.values:
        raise ValidationError({"scope": [scope]})
    if scope != announcement.scope:
        announcement.scope = scope
        announcement.save()
    edition_write(actor, announcement, {})


def amends(actor: Actor, announcement: Announcement, data: dict[str, Any]) -> None:
    """A new edition: what is given, and the present text where nothing is. Incomplete by field."""
    edition_write(actor, announcement, data)


def edition_write(actor: Actor, announcement: Announcement, data: dict[str, Any]) -> Edition:
    """Write the next edition, which puts it in force."""
    told = {name: data.get(name, getattr(announcement, name)) for name in TOLD}
    edition = Edition(
        announcement=announcement, position=exercised_by(actor, announcement, Role.REQUESTER), **told
    )
    wrong = rules.told_wrong(edition, is_emergency=announcement.is_emergency, mission=announcement.mission)
    if wrong:
        raise Incomplete({name: [str(text) for text in texts] for name, texts in wrong.items()})
    edition.full_clean(
        exclude=["announcement", "position", "actor"], validate_unique=False, validate_constraints=False
    )
    edition.save()
    announcement.refresh_from_db()
    return edition
