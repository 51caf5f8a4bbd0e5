"""What to know before one calls an organisation: parts of its page, some of them from rooms above this one.

Reads only; the row rule has decided what there is to read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from apps.mission.vocabulary import EngagementStance
from apps.pages import record_page
from apps.pages.contents import Contents
from apps.pages.names import Names
from apps.records.actors import Actor
from apps.records.models import Record
from apps.records.registry import by_key
from apps.records.workflow import Text
from apps.stakeholders import rules, selectors
from apps.stakeholders.models import Stakeholder
from apps.stakeholders.vocabulary import PREFIX, RELATED, RelationKind

TONES = {
    EngagementStance.DIRECT: "good", EngagementStance.VIA_OCHA: "waiting", EngagementStance.LISTED: "warn",
    EngagementStance.UNLISTED: "bad",
}  # fmt: skip


@dataclass(frozen=True)
class Part:
    """A part of the brief: a heading and a template of the room that adds it, with what the template draws.

    Parts stand by `order`: whom one spoke to before where it works.
    """

    key: str
    title: Text
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    order: int = 50


Find = Callable[[Actor, Stakeholder], Part | None]
_finders: list[Find] = []


def register_part(find: Find) -> Find:
    """Add a part of every stakeholder's page; None where there is nothing to say."""
    _finders.append(find)
    return find


def page_context(
    actor: Actor, record: Stakeholder, contents: Contents, names: Names, *, edits: bool
) -> dict[str, Any]:
    """What `stakeholders/detail.html` draws beyond the record's page."""
    found = (find(actor, record) for find in _finders)
    return {
        "engaging": {
            "stance": record.get_stance_display(),
            "text": rules.ENGAGED[record.stance],
            "tone": TONES[EngagementStance(record.stance)],
            "how": record.engagement,
            "first": _first(contents),
            "reaches": selectors.reaches(record),
        },
        "parts": sorted((part for part in found if part is not None), key=lambda part: part.order),
        "relations": relations(contents),
        "links": [each for each in record_page.links(contents) if not each["relation"].startswith(PREFIX)],
        "relate_url": record.record_type.url(record, "relate") if edits else "",
        "alerts": alerts(record),
    }


def _first(contents: Any) -> list[Any]:
    """The contacts to call first: those marked so, or else the first one."""
    rows = contents.children.get("contacts", [])
    return [row for row in rows if row.is_first] or rows[:1]


def relations(contents: Contents) -> list[dict[str, Any]]:
    """What it is to others, and others to it, in words; both ends are known to the reader, or there is no row."""
    made = []
    for link in contents.links:
        kind = link.relation.removeprefix(PREFIX)
        if kind == link.relation:
            continue
        other = by_key(link.type)
        made.append(
            {
                "kind": kind,
                "uuid": link.uuid,
                "text": RELATED[RelationKind(kind)][0 if link.forward else 1],
                "name": link.title,
                "url": other.url(Record(uuid=link.uuid, type=link.type)),
                "mine": link.forward and kind != RelationKind.MERGED_INTO,
            }
        )
    return made


def alerts(record: Stakeholder) -> list[dict[str, str]]:
    """What must be seen before the text."""
    if record.state == "merged":
        return [{"tone": "warn", "text": _("Another record of the same organisation took this one over.")}]
    if record.state == "dormant":
        return [{"tone": "warn", "text": _("It is not active here at present.")}]
    return []
