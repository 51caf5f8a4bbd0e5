"""What leaves the portal by a page or the API: files with their marking, and whether to ask what for.

Not here: what a marking says (`apps.records.marking`); lists as files (`exporting`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import FileResponse

from apps.mission.models import SharingProtocol
from apps.need_to_know.known import unknown_organisation_ids
from apps.records import attachments
from apps.records.actors import Actor
from apps.records.file_marking import marked
from apps.records.marking import Marking, marking_of
from apps.records.models import Attachment, Record
from apps.records.reading import is_restricted

#: The longest purpose taken, in characters.
PURPOSE_MOST = 300


def must_say_what_for(actor: Actor, records: Sequence[Record]) -> bool:
    """Whether the mission's protocol asks what these records are needed for: some are restricted, and it says so."""
    if not any(is_restricted(record.classification, record.sensitivity) for record in records):
        return False
    protocol = SharingProtocol.objects.in_force(actor.mission)
    return protocol is not None and protocol.ask_purpose


def marking_for(
    actor: Actor, records: Sequence[Record], *, reference: str = "", attachment: Attachment | None = None
) -> Marking:
    """The marking of what holds these records, with the names that the actor may know."""
    hidden = unknown_organisation_ids(actor)
    return marking_of(actor, records, reference=reference, attachment=attachment, unknown=hidden)


def file_answer(actor: Actor, record: Record, found: Attachment) -> FileResponse:
    """A file of a record, to be saved and not shown, with its marking in name, headers and, where it can, inside.

    Raises FileNotFoundError when the stored file is gone.
    """
    marking = marking_for(actor, [record], attachment=found)
    content = marked(attachments.path_of(str(found.key)), found.name, marking)
    response = FileResponse(
        content, as_attachment=True, filename=marking.file_name(found.name), content_type=found.media_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    put_headers(response, marking)
    return response


def put_headers(response: Any, marking: Marking) -> None:
    """The marking on an answer, for programs."""
    for name, said in marking.headers().items():
        response[name] = said
