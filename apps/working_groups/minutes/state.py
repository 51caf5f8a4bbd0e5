"""How the minutes stand, for open pages that ask again and again: cheap, and nothing of it counts as a read.

WHY: the page was logged as read when it was opened, and every save is; what stands open is told what is new in it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import F, Value
from django.db.models.fields import TextField
from django.db.models.functions import MD5, Cast, Concat, Left

from apps.records.actors import Actor
from apps.records.models import Record
from apps.working_groups.minutes.saving import NOT_TREATED, WRITTEN_IN
from apps.working_groups.models import AgendaItem, Meeting

SUMMARY = "summary"
_LENGTH = 12


def _tag(key: Any, text: str) -> Any:
    """Names a text of a thing; computed where the text lies, so that what is known is not sent."""
    return Left(MD5(Concat(key, Value(" "), F(text), output_field=TextField())), _LENGTH)


def tags(meeting_id: int) -> dict[str, str]:
    """What is written -> the tag of its text: items that the actor may know of, and the summary."""
    items = AgendaItem.objects.filter(meeting_id=meeting_id).exclude(state__in=NOT_TREATED)
    found = {
        str(uuid): tag
        for uuid, tag in items.annotate(tag=_tag(Cast(F("uuid"), TextField()), "minute")).values_list(
            "uuid", "tag"
        )
    }
    whole = Meeting.objects.filter(pk=meeting_id).annotate(tag=_tag(Value(SUMMARY), SUMMARY))
    found[SUMMARY] = whole.values_list("tag", flat=True).get()
    return found


def asked(actor: Actor, uuid: UUID) -> Record | None:
    """What there is to know of a meeting without opening it; None for whoever may not know of it."""
    columns = ("pk", "state", "editors")
    row = Meeting.objects.filter(uuid=uuid, mission=actor.mission).values_list(*columns).first()
    return None if row is None else Record(**dict(zip(columns, row, strict=True)))


def tag_of(key: str, text: str) -> str:
    """The tag that the database gives a text."""
    return hashlib.md5(f"{key} {text}".encode(), usedforsecurity=False).hexdigest()[:_LENGTH]


def news(record: Record, known: Collection[str]) -> dict[str, Any] | None:
    """What the asking page does not know: texts by what they are of, and the state; None when it knows all.

    `known` are tags of texts, and the state. Whether the actor keeps the meeting is for the caller to ask.
    """
    now = tags(record.pk)
    fresh = [key for key, tag in now.items() if tag not in known]
    if not fresh and record.state in known:
        return None
    texts = dict(
        AgendaItem.objects.filter(uuid__in=[key for key in fresh if key != SUMMARY]).values_list(
            "uuid", "minute"
        )
    )
    said = {str(uuid): text for uuid, text in texts.items()}
    if SUMMARY in fresh:
        said[SUMMARY] = Meeting.objects.filter(pk=record.pk).values_list(SUMMARY, flat=True).get()
    return {
        "state": record.state,
        "open": record.state in WRITTEN_IN,
        "texts": {key: {"text": said[key], "tag": now[key]} for key in fresh if key in said},
    }
