"""The parts of a record's page: where it stands, its sections, what hangs on it. Reads only; no HTTP."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from apps.mission.models import Compartment, DataType
from apps.pages import timeline, values
from apps.pages.contents import Contents
from apps.pages.names import Names
from apps.records.actors import Actor
from apps.records.connections import connection_of
from apps.records.models import Attachment, Record, Step
from apps.records.models.attached import RecordLink
from apps.records.registry import Child, RecordType, Section, by_key
from apps.records.transitions import Offer
from apps.records.waiting import Post, Waiting
from apps.records.workflow import Outcome, Transition


def shown_sections(record_type: type[RecordType], record: Any) -> list[Section]:
    """Sections that apply to the record."""
    return [s for s in record_type.sections if s.when is None or s.when(record)]


def want_names(record_type: type[RecordType], record: Any, contents: Contents, names: Names) -> None:
    """Note all structure that the page will name, so that one query answers."""
    names.want_row(record)
    names.want(Compartment, record.compartments)
    names.want(DataType, record.data_types)
    for rows in contents.children.values():
        for row in rows:
            names.want_row(row)
    for attachment in contents.attachments:
        names.want_row(attachment)
        names.want(DataType, attachment.data_types)
    timeline.wanted(record_type, contents.timeline, names)


def sections(
    record_type: type[RecordType], record: Any, contents: Contents, names: Names, *, editable: bool = False
) -> list[dict[str, Any]]:
    """Sections as `pages/_field_table.html` draws them;
    those that workflow writes appear once there is something.
    """
    made = []
    for section in shown_sections(record_type, record):
        tables = [
            table(record_type, child, contents.children.get(child.key, []), names)
            for child in section.children
            if child.editable or _has_begun(child, contents.children.get(child.key, []))
        ]
        if not section.step and not section.fields and not tables:
            continue
        shown: dict[str, Any] = {
            "key": section.key,
            "title": section.label,
            "fields": _answered(
                [
                    values.shown(record, name, names, record_type)
                    for name in section.fields
                    if name not in record.withheld_fields
                ]
            ),
            "tables": tables,
        }
        if section.fields and not shown["fields"] and not tables:
            continue  # SECURITY: the heading of what is withheld would tell of it
        if editable and section.step:
            shown["edit_url"] = record_type.url(record, "edit", step=section.key)
        made.append(shown)
    return made


def _has_begun(child: Child, rows: Iterable[models.Model]) -> bool:
    """Whether what steps write has begun: some row says more than what the database puts there by itself."""
    fields: list[Any] = [child.model._meta.get_field(name) for name in child.fields]
    said = [each.attname for each in fields if not each.has_db_default()]
    return any(getattr(row, name) not in (None, "", []) for row in rows for name in said)


def _answered(fields: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Fields with an answer, then one line that names all those without: a reader scans what is there."""
    empty = [field for field in fields if field["value"] in (None, "", [])]
    made = [field for field in fields if field not in empty]
    if empty:
        made.append(
            {"label": _("Not answered"), "value": ", ".join(f["label"] for f in empty), "kind": "text"}
        )
    return made


def table(
    record_type: type[RecordType], child: Child, rows: Iterable[models.Model], names: Names
) -> dict[str, Any]:
    """Rows of a child table in words, without the columns that no row fills."""
    columns: list[Any] = [child.model._meta.get_field(name) for name in child.fields]
    said = [
        [values.spoken(column, getattr(row, column.attname), names, record_type) for column in columns]
        for row in rows
    ]
    filled = [number for number in range(len(columns)) if any(row[number] for row in said)]
    return {
        "caption": child.label,
        "columns": [values.capital(columns[number].verbose_name) for number in filled],
        "rows": [[row[number] or "–" for number in filled] for row in said],
        "empty": child.empty_text,
    }


def track(record_type: type[RecordType], record: Record, steps: Iterable[Step]) -> list[dict[str, Any]]:
    """The line of states: done, now, to come; a record that ended elsewhere shows where it ended.

    States passed are those that its steps reached; later ones of the line are still to come while it is open.
    """
    workflow = record_type.workflow
    reached = {step.to_state: step.at for step in sorted(steps, key=lambda s: s.at)}
    now = workflow.state(record.state)
    line = [s for s in workflow.states if s.track]
    place = line.index(now) if now in line else None
    made = []
    for number, state in enumerate(line):
        if state == now:
            status = (
                "failed"
                if now.outcome is Outcome.FAILURE
                else "done"
                if now.outcome is Outcome.SUCCESS
                else "current"
            )
        elif state.code in reached and (place is None or number < place):
            status = "done"
        elif (
            now.outcome is not Outcome.OPEN
            or (state.outcome is not Outcome.OPEN and state.outcome is Outcome.FAILURE)
            or (place is not None and number < place)
        ):
            continue
        else:
            status = "todo"
        made.append({"label": state.label, "status": status, "at": reached.get(state.code)})
    if place is None:
        status = {Outcome.SUCCESS: "done", Outcome.FAILURE: "failed"}.get(now.outcome, "current")
        done = [step for step in made if step["status"] == "done"]
        later = [step for step in made if step["status"] != "done"]
        made = [*done, {"label": now.label, "status": status, "at": reached.get(now.code)}, *later]
    return made


def now_panel(
    record_type: type[RecordType], record: Record, waiting: Waiting, unknown: Collection[int]
) -> dict[str, Any]:
    """Who acts next and by when; or how it ended. `unknown` are organisations whose names the reader may not know."""
    state = record_type.workflow.state(record.state)
    if state.outcome is not Outcome.OPEN:
        tone = "success" if state.outcome is Outcome.SUCCESS else "stopped"
        return {"end": {"text": state.label, "tone": tone}}
    first = [each for each in waiting.awaited if not each.text]
    posts = [post for each in first for post in each.posts]
    who = [
        _holder(person.name, post, unknown) | {"is_acting": person.is_acting}
        for post in posts
        for person in post.holders
    ]
    who += [
        _holder(post.title, post, unknown) | {"position": _("nobody holds this position now")}
        for post in posts
        if not post.holders and not post.substitutes
    ]
    roles = ", ".join(values.role_label(each.role, record_type) for each in first)
    return {
        "now": {
            "text": _("Waiting for: %(role)s") % {"role": roles} if roles else state.label,
            "who": who,
            "substitutes": [
                _holder(person.name, post, unknown) for post in posts for person in post.substitutes
            ],
            "clock": {"at": record.due_at} if record.due_at else None,
            "explanation": state.help,
            "tone": "",
        },
        "clocks": [
            {"what": f"{values.role_label(each.role, record_type)}: {each.text}", "at": each.due_at}
            for each in waiting.awaited
            if each.text
        ],
    }


def _holder(name: str, post: Post, unknown: Collection[int]) -> dict[str, Any]:
    if post.organisation_id in unknown:
        return {"restricted": True}
    return {"name": name, "position": post.title, "organisation": post.organisation}


def asks_first(record_type: type[RecordType], step: Transition) -> bool:
    """Whether a step has a page of its own:
    something to fill in, something hard to undo, or new readers drawn in.
    """
    draws = record_type.workflow.draws_in.get(step.target, ())
    return bool(step.form or step.note_required or step.style == "danger" or draws)


def my_steps(record_type: type[RecordType], record: Record, offers: Iterable[Offer]) -> list[dict[str, Any]]:
    """Buttons for the steps open to me, the primary ones first."""
    order = {"primary": 0, "secondary": 1, "danger": 2}
    made = [
        {
            "name": offer.step.name,
            "label": offer.step.label,
            "url": record_type.url(record, "transition", name=offer.step.name),
            "style": offer.step.style,
            "needs_form": asks_first(record_type, offer.step),
            "explanation": offer.step.help,
        }
        for offer in offers
    ]
    return sorted(made, key=lambda button: order.get(str(button["style"]), 1))


def others_steps(record_type: type[RecordType], record: Record, offers: Iterable[Offer]) -> list[str]:
    """What others can do now, in words."""
    mine = {offer.step.name for offer in offers}
    return [
        _("%(role)s can choose “%(step)s”.")
        % {
            "role": " / ".join(values.role_label(role, record_type) for role in step.roles),
            "step": step.label,
        }
        for step in record_type.workflow.from_state(record.state)
        if step.name not in mine and not step.by_clock and step.offered is None
    ]


def attachments(
    record_type: type[RecordType], record: Record, rows: Iterable[Attachment], names: Names
) -> list[dict[str, Any]]:
    """Files of the record."""
    return [
        {
            "name": row.name,
            "url": record_type.url(record, "attachment", attachment=row.uuid),
            "size": row.size,
            "at": row.at,
            "by": names.person(row.author_id),
            "note": row.description,
            "holds": [names.text(DataType, each) for each in row.data_types],
        }
        for row in rows
    ]


def links(contents: Contents) -> list[dict[str, Any]]:
    """Links to records that the reader may know of; what two ways of linking say alike is said once."""
    reverse = {
        RecordLink.Relation.FOLLOWS: _("is followed by"),
        RecordLink.Relation.REPLACES: _("is replaced by"),
        RecordLink.Relation.AROSE_FROM: _("led to"),
        RecordLink.Relation.BRANCH_OF: _("has as a branch"),
        RecordLink.Relation.SEQUEL_TO: _("has as a sequel"),
    }
    made = []
    said: set[tuple[str, str]] = set()
    for link in contents.links:
        declared = by_key(link.type)
        label: Any
        if (connection := connection_of(link.relation)) is not None:
            label = connection.forward if link.forward else connection.backward
        else:
            relation = RecordLink.Relation(link.relation)
            label = relation.label if link.forward else reverse.get(relation, relation.label)
        if (str(label), link.reference) in said:
            continue
        said.add((str(label), link.reference))
        made.append(
            {
                "relation": link.relation,
                "label": label,
                "reference": link.reference,
                "title": link.title,
                "url": declared.url(Record(uuid=link.uuid, type=link.type)),
                "state": values.state_of(declared, link.state),
            }
        )
    return made


def facts(record_type: type[RecordType], record: Any, names: Names, actor: Actor) -> list[dict[str, Any]]:
    """The side column: who filed it, when, when it changed."""
    return [
        {"label": _("Filed by"), "value": timeline.filed_by(record, names), "kind": "person"},
        *filed_for(record, names),
        {"label": _("Filed"), "value": record.created_at, "kind": "datetime"},
        {"label": _("Last changed"), "value": record.updated_at, "kind": "datetime"},
        {"label": _("Audience"), "value": record.get_scope_display(), "kind": "text"},
    ]


def filed_for(record: Any, names: Names) -> list[dict[str, Any]]:
    """On behalf of which organisation it was filed; nothing where it was filed for the position's own."""
    found = timeline.filed_for(record, names)
    if found is None:
        return []
    kind = "restricted" if found.get("restricted") else "organisation"
    return [{"label": _("On behalf of"), "value": found, "kind": kind}]
