"""What became of the grants on a record: given, renewed, shortened, taken back; by whom and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import Permission
from django.utils.dateparse import parse_datetime

from apps.accounts.models import User
from apps.need_to_know.known import unknown_organisation_ids, unknown_people
from apps.need_to_know.models import RecordGroupObjectPermission, RecordUserObjectPermission, Right
from apps.need_to_know.principals import principals_named
from apps.records.actors import Actor
from apps.records.models import Change, Record

_GROUP = RecordGroupObjectPermission._meta.db_table
_PERSON = RecordUserObjectPermission._meta.db_table
MOST = 200


@dataclass(frozen=True)
class GrantChange:
    """One change: `did` is given, renewed, shortened or revoked; `to` is empty for whom the actor may not know."""

    at: datetime
    by: str
    did: str
    to: str
    kind: str
    right: Right | None
    reason: str
    until: datetime | None


def grant_history(actor: Actor, record: Record) -> list[GrantChange]:
    """The changes of grants on a record that is no draft, the newest first; at most 200. Six queries at most."""
    rows = list(
        Change.objects.filter(record_id=record.pk, table__in=(_GROUP, _PERSON))
        .select_related("actor").order_by("-at", "-id")[:MOST]
    )  # fmt: skip
    by_row = _identities(record, rows)
    groups = {who for table, who, _right in by_row.values() if table == _GROUP and who}
    people = {who for table, who, _right in by_row.values() if table == _PERSON and who}
    named = principals_named(groups)
    names = dict(User.objects.filter(pk__in=people).values_list("pk", "name"))
    rights = {p.pk: Right(p.codename) for p in Permission.objects.filter(codename__in=Right.values)}
    unknown = unknown_organisation_ids(actor)
    hidden = unknown_people(actor, people | {row.actor_id for row in rows}) if unknown else set()
    found = []
    for row in rows:
        table, who, permission = by_row[row.table, row.row]
        to, kind = "", "restricted"
        if table == _PERSON and who in names and who not in hidden:
            to, kind = names[who], "person"
        elif table == _GROUP and who in named and named[who].organisation_id not in unknown:
            to, kind = named[who].name, named[who].kind
        found.append(
            GrantChange(
                at=row.at,
                by=row.actor.name if row.actor and row.actor_id not in hidden else "",
                did=did(row),
                to=to,
                kind=kind,
                right=rights.get(permission or 0),
                reason=_last(row.fields, "reason") or "",
                until=_moment(_last(row.fields, "expires_at")),
            )
        )
    return found


def _identities(
    record: Record, rows: list[Change]
) -> dict[tuple[str, str], tuple[str, int | None, int | None]]:
    """(table, row) -> (table, principal or person, permission): an update does not repeat them, its insert does."""
    known: dict[tuple[str, str], tuple[str, int | None, int | None]] = {}
    asked = {(row.table, row.row) for row in rows}
    whole = Change.objects.filter(
        record_id=record.pk, table__in=(_GROUP, _PERSON), operation__in=("insert", "delete")
    )
    for row in whole.filter(row__in={number for _table, number in asked}):
        column = "group_id" if row.table == _GROUP else "user_id"
        if (who := _either(row.fields, column)) is not None:
            known[row.table, row.row] = (row.table, who, _either(row.fields, "permission_id"))
    current: list[tuple[str, Any, str]] = [
        (_GROUP, RecordGroupObjectPermission, "group_id"), (_PERSON, RecordUserObjectPermission, "user_id"),
    ]  # fmt: skip
    for table, model, column in current:
        wanted = [int(number) for of_table, number in asked - known.keys() if of_table == table]
        for pk, who, permission in model._default_manager.filter(pk__in=wanted).values_list(
            "pk", column, "permission_id"
        ):
            known[table, str(pk)] = (table, who, permission)
    return {key: known.get(key, (key[0], None, None)) for key in asked}


def did(row: Change) -> str:
    """What a change did to its grant: given, renewed, shortened or revoked."""
    if row.operation == "insert":
        return "given"
    if row.operation == "delete":
        return "revoked"
    before, after = (_moment(value) for value in row.fields.get("expires_at", [None, None]))
    ends_sooner = after is not None and (before is None or after < before)
    return (
        "shortened"
        if "expires_at" in row.fields and ends_sooner and "reason" not in row.fields
        else "renewed"
    )


def _either(fields: dict[str, Any], name: str) -> int | None:
    found: int | None = _last(fields, name)
    return found


def _last(fields: dict[str, Any], name: str) -> Any:
    before, after = fields.get(name, [None, None])
    return after if after is not None else before


def _moment(value: Any) -> datetime | None:
    return parse_datetime(value) if isinstance(value, str) else None
