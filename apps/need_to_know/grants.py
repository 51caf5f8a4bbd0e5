"""Giving, taking back and listing grants on a record. Audiences follow by trigger in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.mission.models import Organisation, Position
from apps.need_to_know.models import (
    RecordGroupObjectPermission,
    RecordUserObjectPermission,
    Right,
)
from apps.records import clock
from apps.records.actors import Actor
from apps.records.errors import NotPermitted
from apps.records.events import publish
from apps.records.models import Record


@dataclass(frozen=True)
class Given:
    """A grant as people see it: to whom, what, by whom, why, until when. `key` names it in forms and the API."""

    key: str
    to: str
    kind: str
    right: Right
    granted_by: str
    granted_at: datetime
    reason: str
    expires_at: datetime | None

    @property
    def expired(self) -> bool:
        """Whether its time is over; such a grant opens nothing any more."""
        return self.expires_at is not None and self.expires_at <= clock.now()


def may_share(actor: Actor, record: Record, right: Right = Right.VIEW) -> bool:
    """Whether the actor may give and take back grants of `right`; the database answers, and enforces the same.

    So if, and only if, the actor reads the record and is in the position that filed it, in a position of the
    originating organisation that is its release authority, or holds the right to manage it. Whoever holds the
    right to share gives reading and nothing more.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT need_to_know_may_give(%s, %s)", [record.pk, permission_of(right).pk])
        return bool(cursor.fetchone()[0])


def grant_give(
    actor: Actor,
    *,
    record: Record,
    to: Position | Organisation | User,
    right: Right | str = Right.VIEW,
    reason: str,
    until: datetime | None = None,
) -> None:
    """Give a right on a record to a position, organisation or person of the same mission.

    Giving it again renews it with the new reason and end. Raises NotPermitted; ValidationError by field.
    """
    if not may_share(actor, record, Right(right)):
        raise NotPermitted
    errors: dict[str, list[str]] = {}
    if not reason.strip():
        errors["reason"] = [_("Say why they need to know.")]
    if until is not None and until <= clock.now():
        errors["until"] = [_("The end lies in the past.")]
    if not _in_mission(actor, to):
        errors["to"] = [_("Choose somebody of this mission.")]
    if errors:
        raise ValidationError(errors)
    permission = permission_of(Right(right))
    said = {"reason": reason.strip(), "expires_at": until}
    if isinstance(to, User):
        RecordUserObjectPermission.objects.update_or_create(
            user=to, permission=permission, content_object_id=record.pk, defaults=said
        )
    else:
        RecordGroupObjectPermission.objects.update_or_create(
            group_id=to.group_id, permission=permission, content_object_id=record.pk, defaults=said
        )
    publish(record, "record.grant")


def _in_mission(actor: Actor, to: Position | Organisation | User) -> bool:
    if isinstance(to, User):
        return to.holdings.filter(position__mission=actor.mission).exists()
    return to.mission_id == actor.mission.pk


def grant_revoke(actor: Actor, *, record: Record, key: str) -> None:
    """Take a grant back; it opens nothing from the next transaction on. Unknown keys are no error."""
    kind, _sep, number = key.partition("-")
    kinds: dict[str, Any] = {"g": RecordGroupObjectPermission, "u": RecordUserObjectPermission}
    model = kinds.get(kind)
    if model is None or not number.isdigit():
        return
    grant = (
        model._default_manager.filter(pk=int(number), content_object_id=record.pk)
        .select_related("permission")
        .first()
    )
    if not may_share(actor, record, Right(grant.permission.codename) if grant else Right.VIEW):
        raise NotPermitted
    if grant is not None:
        grant.delete()
        publish(record, "record.revoke")


def grants_of(record: Record) -> list[Given]:
    """All grants on a record, the newest first, with the names of whoever they name; four queries at most."""
    groups = list(
        RecordGroupObjectPermission.objects.filter(content_object_id=record.pk).select_related(
            "permission", "granted_by"
        )
    )
    people = list(
        RecordUserObjectPermission.objects.filter(content_object_id=record.pk).select_related(
            "permission", "granted_by", "user"
        )
    )
    names = principal_names([g.group_id for g in groups])
    found = [_given("g", g, *names.get(g.group_id, (_("restricted"), "restricted"))) for g in groups]
    found += [_given("u", g, g.user.name, "person") for g in people]
    return sorted(found, key=lambda given: given.granted_at, reverse=True)


def _given(
    prefix: str, grant: RecordGroupObjectPermission | RecordUserObjectPermission, to: str, kind: str
) -> Given:
    return Given(
        key=f"{prefix}-{grant.pk}",
        to=to,
        kind=kind,
        right=Right(grant.permission.codename),
        granted_by=grant.granted_by.name if grant.granted_by else "",
        granted_at=grant.granted_at,
        reason=grant.reason,
        expires_at=grant.expires_at,
    )


def principal_names(groups: list[int]) -> dict[int, tuple[str, str]]:
    """Auth group id -> (name, kind) of the position, organisation or mission it stands for; three queries."""
    from apps.mission.models import Mission

    found: dict[int, tuple[str, str]] = {}
    for position in Position.objects.filter(group_id__in=groups).select_related("organisation"):
        found[position.group_id] = (f"{position.title}, {position.organisation}", "position")
    for organisation in Organisation.objects.filter(group_id__in=groups):
        found[organisation.group_id] = (organisation.name, "organisation")
    for mission in Mission.objects.filter(group_id__in=groups):
        found[mission.group_id] = (mission.name, "mission")
    return found


_permissions: dict[Right, Permission] = {}


def permission_of(right: Right) -> Permission:
    """guardian's permission on Record for a right."""
    if right not in _permissions:
        _permissions[right] = Permission.objects.get(
            codename=right.value, content_type__app_label="records", content_type__model="record"
        )
    return _permissions[right]
