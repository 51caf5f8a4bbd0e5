"""A record's timeline in words: steps, changes with before and after, comments, files, grants. No queries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import models
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.mission.models import Organisation, Position
from apps.need_to_know.grant_history import did
from apps.need_to_know.models import Right
from apps.pages import values
from apps.pages.names import Names
from apps.records.models import Attachment, Change, Comment, Record, Step, Withheld
from apps.records.originators import is_on_behalf
from apps.records.registry import RecordType

_TOGETHER = timedelta(seconds=2)
#: Stands for all fields of rows under a record that not every reader of the record reads.
WHOLE = "*"
_GRANTS = {"need_to_know_recorduserobjectpermission", "need_to_know_recordgroupobjectpermission"}


def wanted(record_type: type[RecordType], rows: Sequence[models.Model], names: Names) -> None:
    """Note the structure that the entries name."""
    for row in rows:
        names.want_row(row)
        if isinstance(row, Comment):
            names.want(Position, row.mentions)
        if isinstance(row, Change) and row.table in _GRANTS:
            names.want(Group, row.fields.get("group_id", ()))
            names.want(User, row.fields.get("user_id", ()))
        elif isinstance(row, Change):
            model = _model(record_type, row.table)
            if model is not None:
                for side in (0, 1):
                    values.wants(model, [(name, pair[side]) for name, pair in row.fields.items()], names)


def entries(
    record_type: type[RecordType], record: Record, rows: Sequence[models.Model], names: Names
) -> list[dict[str, Any]]:
    """What `pages/_timeline_entry.html` draws, newest first; changes made by a step stand with that step."""
    made: list[dict[str, Any]] = []
    pending: list[Change] = []
    for row in rows:
        if isinstance(row, Change):
            if pending and row.transaction != pending[-1].transaction:
                made += _changes(record, pending, names)
                pending = []
            pending.append(row)
            continue
        if isinstance(row, Step) and pending and _belong(row, pending):
            made.append(_step(record_type, row, names) | {"changes": _differences(record, pending, names)})
            pending = []
            continue
        made += _changes(record, pending, names)
        pending = []
        made.append(_entry(record_type, record, row, names))
    return made + _changes(record, pending, names)


def _belong(step: Step, changes: Sequence[Change]) -> bool:
    return all(
        change.actor_id == step.actor_id
        and abs(change.at - step.at) <= _TOGETHER
        and change.table not in _GRANTS
        for change in changes
    )


def _entry(record_type: type[RecordType], record: Record, row: models.Model, names: Names) -> dict[str, Any]:
    if isinstance(row, Step):
        return _step(record_type, row, names)
    if isinstance(row, Comment):
        return {
            "id": f"comment-{row.uuid}",
            "at": row.at,
            "who": names.person(row.author_id, row.position_id),
            "text": _("commented"),
            "icon": "comment",
            "note": row.text,
            "attention": _attention(row, names),
        }
    assert isinstance(row, Attachment)
    return {
        "id": f"attachment-{row.uuid}",
        "at": row.at,
        "who": names.person(row.author_id),
        "text": _("attached a file"),
        "icon": "attachment",
        "note": row.description,
        "attachment": {
            "name": row.name,
            "url": record_type.url(record, "attachment", attachment=row.uuid),
        },
    }


def _attention(comment: Comment, names: Names) -> str:
    """For whose attention a comment was written; whom the reader may not know stays unnamed."""
    said = (names.text(Position, position) for position in comment.mentions)
    return "; ".join(dict.fromkeys(name for name in said if name))


def _step(record_type: type[RecordType], step: Step, names: Names) -> dict[str, Any]:
    moved = step.from_state != step.to_state
    state = values.state_of(record_type, step.to_state)
    return {
        "id": f"step-{step.uuid}",
        "at": step.at,
        "who": names.person(step.actor_id, step.position_id)
        if step.actor_id
        else {"name": _("The portal’s clock")},
        "text": step_text(record_type, step.name),
        "icon": "circle-dot" if moved else "check",
        "tone": "step",
        "note": step.note,
        "state": state if moved else None,
    }


def step_text(record_type: type[RecordType], name: str) -> str:
    """A step in the words of its button; filing has none."""
    if name == "file":
        return _("started it")
    try:
        return _("chose “%(step)s”") % {"step": record_type.workflow.transition(name).label}
    except KeyError:
        return name


def _changes(record: Record, rows: Sequence[Change], names: Names) -> list[dict[str, Any]]:
    """One entry for what one person changed in one go; grants apart, in their own words."""
    made = [_grant(row, names) for row in rows if row.table in _GRANTS]
    fields = [row for row in rows if row.table not in _GRANTS]
    differences = _differences(record, fields, names)
    if differences:
        made.append(
            {
                "id": f"change-{fields[0].at.timestamp():.6f}",
                "at": fields[0].at,
                "who": names.person(fields[0].actor_id)
                if fields[0].actor_id
                else {"name": _("The portal’s clock")},
                "text": _("changed"),
                "icon": "pencil",
                "changes": differences,
            }
        )
    return made


def _differences(record: Record, rows: Sequence[Change], names: Names) -> list[dict[str, Any]]:
    made = []
    record_type = record.record_type
    for row in reversed(rows):
        if row.table == Withheld._meta.db_table:
            made += _withheld(record, row)
            continue
        model = _model(record_type, row.table)
        if model is None:
            continue
        part = _part(record_type, row.table)
        if WHOLE in row.fields:
            made.append({"field": part, "before": "", "after": _("changed, without its values")})
            continue
        for name, (before, after) in row.fields.items():
            column = values.field_of(model, name)
            if column is None or _silent(column):
                continue
            label = values.capital(column.verbose_name)
            made.append(
                {
                    "field": f"{part}: {label}" if part else label,
                    "before": values.spoken(column, before, names, record_type),
                    "after": values.spoken(column, after, names, record_type),
                }
            )
    return [each for each in made if each["before"] != each["after"]]


def _withheld(record: Record, row: Change) -> list[dict[str, Any]]:
    """That fields under a rule changed, for whom they open; what they held is not in the history."""
    columns = [values.field_of(record.record_type.model, name) for name in row.fields]
    return [
        {
            "field": values.capital(column.verbose_name),
            "before": "",
            "after": _("changed, without its values"),
        }
        for column in columns
        if column is not None and column.name not in record.withheld_fields
    ]


def _silent(column: models.Field[Any, Any]) -> bool:
    """Columns that say nothing to people: the link to the record itself, and opaque ids."""
    return isinstance(column, models.UUIDField) or (
        column.is_relation
        and isinstance(column.related_model, type)
        and issubclass(column.related_model, Record)
    )


def _grant(row: Change, names: Names) -> dict[str, Any]:
    gone = row.operation == "delete"
    side = 0 if gone else 1
    given = {name: pair[side] for name, pair in row.fields.items()}
    right = _right(given.get("permission_id"))
    to = names.text(User, given.get("user_id")) or names.text(Group, given.get("group_id"))
    said = {"to": to or _("restricted"), "right": right}
    text = {
        "given": _("shared it with %(to)s (%(right)s)"),
        "revoked": _("took it back from %(to)s (%(right)s)"),
        "shortened": _("shortened a grant"),
        "renewed": _("renewed a grant"),
    }[did(row)]
    return {
        "id": f"grant-{row.at.timestamp():.6f}",
        "at": row.at,
        "who": names.person(row.actor_id),
        "text": text % said if "%(to)s" in text else text,
        "icon": "lock" if gone else "share",
        "note": given.get("reason") or "",
    }


_rights: dict[int, str] = {}


def _right(permission_id: int | None) -> str:
    """The words for a stored right; read once in the life of the process."""
    if permission_id is None:
        return ""
    if not _rights:
        codes = [right.value for right in Right]
        _rights.update(Permission.objects.filter(codename__in=codes).values_list("pk", "codename"))
    code = _rights.get(permission_id)
    return str(Right(code).label) if code else ""


def _model(record_type: type[RecordType], table: str) -> type[models.Model] | None:
    known: list[type[models.Model]] = [Record, *record_type.tables()]
    for model in known:
        if model._meta.db_table == table:
            return model
    return None


def _part(record_type: type[RecordType], table: str) -> str:
    for child in record_type.children():
        if child.model._meta.db_table == table:
            return str(child.label)
    return ""


def filed_by(record: Record, names: Names) -> dict[str, Any]:
    """Who filed the record, as a person is shown."""
    names.want(Position, [record.author_position_id])
    return names.person(record.author_id, record.author_position_id)


def filed_for(record: Record, names: Names) -> dict[str, Any] | None:
    """The organisation for which another's position filed the record, as an organisation is shown; None for its own."""
    if not is_on_behalf(record):
        return None
    names.want(Organisation, [record.originator_id])
    names.load()
    if names.is_hidden(Organisation, record.originator_id):
        return {"restricted": True}
    name, acronym = names.pair(Organisation, record.originator_id) or ("", "")
    return {"name": name, "acronym": acronym}
