"""The audience of a record or of a proposal, as `pages/_audience.html` shows it to somebody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.need_to_know.audience import Audience, Reader, ShutOut, audience_of, audience_preview
from apps.records.actors import Actor
from apps.records.models import Record
from apps.records.originators import FiledAs

_TITLES_MOST = 4
_PEOPLE_MOST = 40


def described(audience: Audience, before: Audience | None = None) -> dict[str, Any]:
    """Numbers in words, organisations with their positions, who is shut out and why;
    against `before`, who is new or gone.
    """
    groups = [
        {
            "name": name,
            "people": len(people),
            "why": _listed(reader.position for reader in people),
            "emergency": [reader.name for reader in people if reader.emergency],
        }
        for name, people in audience.organisations.items()
    ]
    made: dict[str, Any] = {
        "text": summary(audience),
        "people": audience.people,
        "organisations": len(groups) + audience.unnamed_organisations,
        "groups": groups,
        "warnings": _warnings(audience.shut_out),
    }
    if before is not None:
        now, then = _by_person(audience.readers), _by_person(before.readers)
        made["added"] = _few([_line(now[key]) for key in now if key not in then])
        made["removed"] = _few([_line(then[key]) for key in then if key not in now])
        if (more := audience.unnamed_people - before.unnamed_people) > 0:
            made["added"].append(_people_unnamed(more))
        elif more < 0:
            made["removed"].append(_people_unnamed(-more))
    return made


def summary(audience: Audience) -> str:
    """“14 people can read this in 3 organisations; 2 positions you may not see”."""
    people = audience.people
    organisations = len(audience.organisations) + audience.unnamed_organisations
    said = ngettext("%(people)s person can read this", "%(people)s people can read this", people)
    said = said % {"people": number_format(people, force_grouping=True)}
    if organisations:
        where = ngettext(
            "in %(organisations)s organisation", "in %(organisations)s organisations", organisations
        )
        said += " " + where % {"organisations": number_format(organisations, force_grouping=True)}
    if not (hidden := audience.unnamed_positions):
        return said
    more = ngettext("%(number)s position you may not see", "%(number)s positions you may not see", hidden)
    return f"{said}; {_counted(more, hidden)}"


def _counted(text: str, number: int) -> str:
    return text % {"number": number_format(number, force_grouping=True)}


def _people_unnamed(number: int) -> str:
    said = ngettext("%(number)s person you may not see", "%(number)s people you may not see", number)
    return _counted(said, number)


def _warnings(shut_out: Sequence[ShutOut]) -> list[str]:
    """Who is named and does not read it, by the reason."""
    barred = list(dict.fromkeys(str(each) for each in shut_out if each.barred))
    uncleared = list(dict.fromkeys(str(each) for each in shut_out if not each.barred))
    made = []
    if uncleared:
        made.append(
            _("Named but not cleared for this label, so will not read it: %(positions)s.")
            % {"positions": _listed(uncleared, "; ")}
        )
    if barred:
        made.append(
            _("On a side that never reads the data it holds, whatever is granted: %(positions)s.")
            % {"positions": _listed(barred, "; ")}
        )
    return made


def _listed(parts: Iterable[str], between: str = ", ") -> str:
    """At most _TITLES_MOST of the parts, and how many more."""
    different = list(dict.fromkeys(parts))
    more = len(different) - _TITLES_MOST
    said = between.join(different[:_TITLES_MOST])
    return _("%(titles)s and %(number)d more") % {"titles": said, "number": more} if more > 0 else said


def _few(lines: list[str]) -> list[str]:
    """At most _PEOPLE_MOST of the people, and how many more: a whole mission is no list to read."""
    more = len(lines) - _PEOPLE_MOST
    if more <= 0:
        return lines
    said = ngettext("%(number)s more person", "%(number)s more people", more)
    return [*lines[:_PEOPLE_MOST], _counted(said, more)]


def _by_person(readers: Iterable[Reader]) -> dict[int, Reader]:
    return {reader.user_id: reader for reader in readers}


def _line(reader: Reader) -> str:
    return f"{reader.name} ({reader.organisation})"


def now(actor: Actor, record: Record) -> dict[str, Any]:
    """Who reads the record now."""
    return described(audience_of(record).as_seen_by(actor))


def proposed(
    actor: Actor,
    *,
    record: Record | None,
    filed_as: FiledAs,
    scope: str,
    classification: int,
    compartments: list[int],
    data_types: list[int],
    also: Iterable[int] = (),
) -> dict[str, Any]:
    """Who would read under another label what is filed so; for a record that exists, against who reads it now.

    `also` are principals for whom it is meant beside the label's.
    """
    audience = audience_preview(
        actor,
        record=record,
        scope=scope,
        classification=classification,
        compartments=compartments,
        data_types=data_types,
        originator_group=filed_as.originator.group_id,
        author_group=filed_as.position.group_id,
        also=also,
    ).as_seen_by(actor)
    return described(audience, audience_of(record).as_seen_by(actor) if record else None)


def with_more(
    actor: Actor, record: Record, principals: Iterable[int], *, until: datetime | None = None
) -> dict[str, Any]:
    """Who would read the record if these principals were named too, against who reads it now.

    `until` is when their right to read ends by itself; None when it does not.
    """
    before = audience_of(record).as_seen_by(actor)
    made = described(audience_of(record, principals).as_seen_by(actor), before)
    made["until"] = until if made["added"] else None
    return made
