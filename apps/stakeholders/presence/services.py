"""Writing presence: one row at a time, by whoever keeps the stakeholder's record."""

from __future__ import annotations

from apps.records.actors import Actor
from apps.records.errors import NotPermitted
from apps.records.services import is_editor
from apps.records.transitions import refusals
from apps.stakeholders.importing.identity import key_of
from apps.stakeholders.models import Presence, Stakeholder
from apps.stakeholders.selectors import LIVE

OPEN = ("draft", *LIVE)


def may_write(actor: Actor, stakeholder: Stakeholder) -> bool:
    """Whether the actor may change where the organisation works: its keepers, until the record has ended."""
    return stakeholder.state in OPEN and is_editor(actor, stakeholder)


def presence_save(actor: Actor, *, stakeholder: Stakeholder, presence: Presence) -> Presence:
    """Store a row, new or changed. NotPermitted where it is not theirs; ValidationError by field for a bad value."""
    if not may_write(actor, stakeholder):
        raise NotPermitted
    presence.stakeholder = stakeholder
    presence.full_clean(exclude=["stakeholder"], validate_unique=False, validate_constraints=False)
    presence.source_key = key_of(presence)
    with refusals():
        presence.save()
        presence.refresh_from_db()
    return presence


def presence_remove(actor: Actor, *, presence: Presence) -> None:
    """Take a row away. NotPermitted where it is not theirs."""
    if not may_write(actor, presence.stakeholder):
        raise NotPermitted
    presence.delete()
