"""Doors of the database: for whom a draft is called, who leads, who is invited. Each does so much and no more."""

from __future__ import annotations

from typing import Any

from django.db import connection

from apps.mission.models import Position
from apps.records.actors import Actor
from apps.records.errors import NotPermitted
from apps.records.transitions import refusals
from apps.working_groups.models import Meeting


def _asked(sql: str, values: list[Any]) -> None:
    with refusals(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        if cursor.fetchone()[0] is not True:
            raise NotPermitted


def convene(actor: Actor, *, record: Any, part: str = "all") -> None:
    """Open a draft to its group (`all`), to its members (`members`) or to those whom the item admits (`item`).

    Whoever leads the group, or chairs the meeting and keeps its minutes, may change it from now on. NotPermitted
    unless it is a draft of the actor's own, for a group that they lead; an item is the one that it came of.
    """
    _asked("SELECT working_groups_convene(%s, %s)", [record.pk, part])
    record.refresh_from_db()


def appointed(actor: Actor, *, record: Any) -> None:
    """Rights follow those who lead now. NotPermitted for whoever may not change the record."""
    _asked("SELECT working_groups_appointed(%s)", [record.pk])
    record.refresh_from_db()


def invite(actor: Actor, *, meeting: Meeting, position: Position) -> None:
    """Let a position read a meeting to which it is invited. NotPermitted for whoever does not keep the meeting."""
    _asked("SELECT working_groups_invite(%s, %s)", [meeting.pk, position.pk])
