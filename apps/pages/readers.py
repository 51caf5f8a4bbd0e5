"""The audience of a record or of a proposal, as `pages/_audience.html` shows it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from apps.mission.models import Organisation, Position
from apps.need_to_know.audience import Audience, Reader, audience_of, audience_preview, readers_of
from apps.records.actors import Actor
from apps.records.models import Record

_TITLES_MOST = 4


def described(audience: Audience, before: Audience | None = None) -> dict[str, Any]:
    """Numbers, organisations with their positions, who is shut out by the label;
    against `before`, who is new or gone.
    """
    groups = [
        {"name": name, "people": len(people), "why": _titles(people)}
        for name, people in audience.organisations.items()
    ]
    made: dict[str, Any] = {
        "people": audience.people,
        "organisations": len(groups),
        "groups": groups,
        "warnings": [
            _("%(position)s is named but not cleared for this label and will not read it.")
            % {"position": line}
            for line in audience.shut_out
        ],
    }
    if before is not None:
        now, then = _by_person(audience.readers), _by_person(before.readers)
        made["added"] = [_line(now[key]) for key in now if key not in then]
        made["removed"] = [_line(then[key]) for key in then if key not in now]
    return made


def _titles(people: Iterable[Reader]) -> str:
    titles = list(dict.fromkeys(reader.position for reader in people))
    more = len(titles) - _TITLES_MOST
    said = ", ".join(titles[:_TITLES_MOST])
    return _("%(titles)s and %(number)d more") % {"titles": said, "number": more} if more > 0 else said


def _by_person(readers: Iterable[Reader]) -> dict[int, Reader]:
    return {reader.user_id: reader for reader in readers}


def _line(reader: Reader) -> str:
    return f"{reader.name} ({reader.organisation})"


def now(record: Record) -> dict[str, Any]:
    """Who reads the record now."""
    return described(audience_of(record))


def proposed(
    actor: Actor,
    *,
    record: Record | None,
    position: Position,
    scope: str,
    classification: int,
    compartments: list[int],
    data_types: list[int],
) -> dict[str, Any]:
    """Who would read under another label; for a record that exists, against who reads it now."""
    organisation: Organisation = record.originator if record else position.organisation
    audience = audience_preview(
        actor,
        record=record,
        scope=scope,
        classification=classification,
        compartments=compartments,
        data_types=data_types,
        originator_group=organisation.group_id,
        author_group=position.group_id,
    )
    return described(audience, audience_of(record) if record else None)


def with_more(record: Record, principals: Iterable[int]) -> dict[str, Any]:
    """Who would read the record if these principals were added, against who reads it now."""
    before = audience_of(record)
    after = readers_of(
        record.mission_id,
        [*record.audience, *principals],
        record.classification,
        list(record.compartments),
        [],
        data_types=list(record.data_types),
    )
    kept = {reader.user_id for reader in after.readers}
    # WHY: readers by time-boxed grants stay readers whatever is added.
    after.readers.extend(reader for reader in before.readers if reader.user_id not in kept)
    return described(after, before)
