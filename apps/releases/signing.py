"""What others do in the moment in which a release is signed: rooms above this one register it."""

from __future__ import annotations

from collections.abc import Callable

from apps.records.actors import Actor
from apps.releases.models import Release

Listener = Callable[[Actor, Release], None]
_listeners: list[Listener] = []


def when_signed(listener: Listener) -> Listener:
    """Call this, in the same transaction, after a release has gone out; an error takes the signature back."""
    _listeners.append(listener)
    return listener


def signed(actor: Actor, release: Release) -> None:
    """Tell all of them."""
    for listener in _listeners:
        listener(actor, release)
