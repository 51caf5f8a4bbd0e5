"""Whose a session is, and which records that person may still read: asked again and again while a stream is open.

The answers are those that a page would get at that moment, and asking changes nothing: no session is written, no
read is logged, and nobody counts as active.
"""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest
from django.urls import Resolver404, resolve

from apps.need_to_know.acting import acting_as
from apps.need_to_know.middleware import chosen_mission
from apps.pages.views import RecordStill
from apps.records.actors import NoActor
from apps.records.models import Record
from cimic_portal.middleware import SessionLifetimeMiddleware

if TYPE_CHECKING:
    from django.contrib.sessions.backends.base import SessionBase

    _Store = SessionBase
else:
    _Store = import_module(settings.SESSION_ENGINE).SessionStore


class ReadOnlySession(_Store):
    """The session as it is stored. What Django would change at sign-in or sign-out stays as it is."""

    @property
    def key_salt(self) -> str:
        """What the stored data are signed with: it has the name of the store's own class in it."""
        return str(_Store(self.session_key).key_salt)

    def flush(self) -> None:
        """Forget it here alone."""
        self.clear()

    def cycle_key(self) -> None:
        """Keep the key: only a page can hand out another one."""

    def save(self, must_create: bool = False) -> None:
        """Write nothing."""


@dataclass(frozen=True, slots=True)
class Found:
    """The person whose session it is, None if it is nobody's (any more), and which of the asked paths are gone."""

    person: int | None
    gone: frozenset[str] = frozenset()


def look(session_key: str, stills: Collection[str]) -> Found:
    """Ask who is signed in by that session, and which of these still pages (by path) would answer 404 now."""
    request = HttpRequest()
    session: Any = ReadOnlySession(session_key)
    request.session = session
    request.user = get_user(request)
    if not request.user.is_authenticated or _is_over(session):
        return Found(None)
    return Found(request.user.pk, frozenset(stills) - _readable(request, stills) if stills else frozenset())


def _is_over(session: SessionBase) -> bool:
    now, end = int(time.time()), SessionLifetimeMiddleware
    return end.is_over(session.get(end.BEGAN, now), session.get(end.SEEN, now), now)


def _readable(request: HttpRequest, stills: Collection[str]) -> set[str]:
    """Those paths whose record the person reads in the mission of the session."""
    named = {path: found for path in stills if (found := _named(path)) is not None}
    mission = chosen_mission(request)
    if mission is None or not named:
        return set()
    try:
        with acting_as(request.user, mission) as actor:  # type: ignore[arg-type]
            wanted = Record.objects.filter(
                uuid__in={uuid for _, uuid in named.values()}, mission=actor.mission
            )
            there = set(wanted.values_list("type", "uuid"))
    except NoActor:
        return set()
    return {path for path, one in named.items() if one in there}


def _named(path: str) -> tuple[str, UUID] | None:
    """The record (type, UUID) that a still page is of; None for any other address."""
    try:
        match = resolve(path)
    except Resolver404:
        return None
    view = getattr(match.func, "view_class", None)
    if view is None or not issubclass(view, RecordStill):
        return None
    return view.record_type.key, match.kwargs["uuid"]
