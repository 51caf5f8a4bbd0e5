"""The log of reads of restricted records: writing it after a request, and reading it as originator or auditor."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.need_to_know.models import Channel, ReadLog
from apps.records.models import Record

# Last part of a URL's name -> channel; what is not named is a page, and everything under /api/ is a program.
_CHANNELS: dict[str, Channel] = {
    "list": Channel.LIST,
    "home": Channel.DESK,
    "desk": Channel.DESK,
    "search": Channel.SEARCH,
    "history": Channel.HISTORY,
    "print": Channel.PRINT,
    "pdf": Channel.PRINT,
    "decision-sheet": Channel.PRINT,
    "export": Channel.EXPORT,
    "timeline-print": Channel.PRINT,
    "timeline-export": Channel.EXPORT,
    "attachment": Channel.FILE,
    "cap": Channel.FILE,
}


def channel_of(request: HttpRequest) -> tuple[Channel, str]:
    """(channel, name of the address) of a request."""
    match = request.resolver_match
    name = match.view_name if match else ""
    if request.path.startswith("/api/"):
        return Channel.API, name
    return _CHANNELS.get(name.rpartition(":")[2].replace("_", "-"), Channel.PAGE), name


def reads_log(request: HttpRequest, labels: Mapping[int, int]) -> None:
    """Log that the request's actor was shown these records; the database leaves out what is not restricted.

    `labels` says of each the highest classification of what was shown of its rows, 0 where these say nothing.
    `request.read_purpose`, where the reader was asked for one, goes into the log.
    """
    channel, surface = channel_of(request)
    purpose = str(getattr(request, "read_purpose", "") or "")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT need_to_know_log(%s, %s::smallint[], %s, %s, %s)",
            [
                [pk for pk, _label in sorted(labels.items())],
                [label for _pk, label in sorted(labels.items())],
                channel.value,
                surface,
                purpose,
            ],
        )


def reads_of(record: Record) -> QuerySet[ReadLog]:
    """Who read a record, the newest first; empty for anybody but its originator and auditors."""
    return ReadLog.objects.filter(record_id=record.pk).select_related("person", "position__organisation")


def reads_of_mission(mission_id: int) -> QuerySet[ReadLog]:
    """All logged reads of a mission, the newest first, for its auditors (an originator gets their own records')."""
    return ReadLog.objects.filter(mission_id=mission_id).select_related("person", "position__organisation")
