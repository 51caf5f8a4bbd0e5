"""Giving, taking back and listing grants on a record. Audiences follow by trigger in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import Permission
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from apps.accounts.models import User
from apps.mission.models import Holding, Organisation, Position, PrincipalOwner
from apps.need_to_know.known import unknown_organisation_ids, unknown_people
from apps.need_to_know.models import (
    RecordGroupObjectPermission,
    RecordUserObjectPermission,
    Right,
)
from apps.need_to_know.principals import Principal, principals_named
from apps.records import clock
from apps.records.actors import Actor
from apps.records.errors import NotPermitted
from apps.records.events import publish, publish_many
from apps.records.models import Record
from apps.records.originators import voices
from apps.records.services import originates
from apps.records.transitions import refusals

Reader = Position | Organisation | PrincipalOwner | User
PASSED_ON = frozenset({Right.SHARE, Right.MANAGE})  # rights that widen: for the originator's own people


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
    mine: bool = False

    @property
    def expired(self) -> bool:
        """Whether its time is over; such a grant opens nothing any more."""
        return self.expires_at is not None and self.expires_at <= clock.now()


def may_share(actor: Actor, record: Record, right: Right = Right.VIEW) -> bool:
    """Whether the actor may give grants of `right`; the database answers, and enforces the same.

    So if, and only if, the actor reads the record and is a release authority of the originating organisation (where
    it names none: holds the position that filed the record), or is one of its people and holds the right to manage
    it. Those of its people who hold the right to share give reading and nothing more.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT need_to_know_may_give(%s, %s)", [record.pk, permission_of(right).pk])
        return bool(cursor.fetchone()[0])


def grant_give(
    actor: Actor,
    *,
    record: Record,
    to: Reader,
    right: Right | str = Right.VIEW,
    reason: str,
    until: datetime | None = None,
) -> None:
    """Give a right on a record to a position, organisation, person or any other principal of the same mission.

    Giving it again renews it with the new reason and end. Rights to share and to manage stay with the originator's
    own people. Raises NotPermitted; ValidationError by field.
    """
    right = Right(right)
    if not may_share(actor, record, right):
        raise NotPermitted
    said = _said(actor, record, to, right, reason, until)
    permission = permission_of(right)
    with refusals():
        if isinstance(to, User):
            RecordUserObjectPermission.objects.update_or_create(
                user=to, permission=permission, content_object_id=record.pk, defaults=said
            )
        else:
            RecordGroupObjectPermission.objects.update_or_create(
                group_id=to.group_id, permission=permission, content_object_id=record.pk, defaults=said
            )
        publish(record, "record.grant")


def _said(
    actor: Actor, record: Record | None, to: Reader, right: Right, reason: str, until: datetime | None
) -> dict[str, Any]:
    """What the grant says, checked; ValidationError by field."""
    errors: dict[str, list[str]] = {}
    said: dict[str, Any] = {}
    try:
        said = _reason_and_end(reason, until)
    except ValidationError as error:
        errors = error.message_dict
    if not _in_mission(actor, to):
        errors["to"] = [_("Choose somebody of this mission.")]
    elif record is not None and right in PASSED_ON and not _of_originator(record, to):
        errors["to"] = [_("Only people of the originator may share this on. Others can read or change it.")]
    if errors:
        raise ValidationError(errors)
    return said


def _reason_and_end(reason: str, until: datetime | None) -> dict[str, Any]:
    errors: dict[str, list[str]] = {}
    if not reason.strip():
        errors["reason"] = [_("Say why they need to know.")]
    if until is not None and until <= clock.now():
        errors["until"] = [_("The end lies in the past.")]
    if errors:
        raise ValidationError(errors)
    return {"reason": reason.strip(), "expires_at": until}


def _in_mission(actor: Actor, to: Reader) -> bool:
    if isinstance(to, User):
        return to.holdings.filter(position__mission=actor.mission).exists()
    return getattr(to, "mission_id", None) == actor.mission.pk


def _of_originator(record: Record, to: Reader) -> bool:
    if isinstance(to, User):
        return Holding.objects.current().filter(
            person=to, position__organisation_id=record.originator_id
        ).exists()  # fmt: skip
    if isinstance(to, Organisation):
        return to.pk == record.originator_id
    return isinstance(to, Position) and to.organisation_id == record.originator_id


def grant_give_many(
    actor: Actor,
    *,
    records: QuerySet[Record],
    to: Position | Organisation | PrincipalOwner,
    reason: str,
    until: datetime | None = None,
) -> int:
    """Give one principal the right to read many records at once; how many of them were given.

    All or nothing: NotPermitted when one of them is not the actor's to share. ValidationError by field.
    """
    said = _said(actor, None, to, Right.VIEW, reason, until)
    ids = list(records.order_by("pk").values_list("pk", flat=True))
    table = RecordGroupObjectPermission._meta.db_table
    with refusals(), connection.cursor() as cursor:
        # WHY: one statement in the database, where each row meets the same policies and triggers as a single grant.
        cursor.execute(
            f"INSERT INTO {table} (permission_id, group_id, content_object_id, uuid, granted_at, reason,"  # noqa: S608
            " expires_at) SELECT %s, %s, id, gen_random_uuid(), now(), %s, %s FROM unnest(%s::bigint[]) id"
            " ON CONFLICT (group_id, permission_id, content_object_id)"
            " DO UPDATE SET reason = excluded.reason, expires_at = excluded.expires_at",
            [permission_of(Right.VIEW).pk, to.group_id, said["reason"], said["expires_at"], ids],
        )
        publish_many(ids, "record.grant_many")
    return len(ids)


def release_authority_show(actor: Actor, *, record: Record) -> None:
    """Let those who decide for the originator read a record that the actor filed, so that they can be asked to share.

    That is no release: it stays in the organisation. Does nothing where they read the record already.
    """
    readers = set(record.audience)
    for position in voices(record).select_related("organisation"):
        if not {position.group_id, position.organisation.group_id} & readers:
            with refusals():
                RecordGroupObjectPermission.objects.create(
                    group_id=position.group_id, permission=permission_of(Right.VIEW), content_object_id=record.pk,
                    reason=_("To decide on sharing it."),
                )  # fmt: skip


def _grant(record: Record, key: str) -> RecordGroupObjectPermission | RecordUserObjectPermission | None:
    """The grant on the record that `key` names; None for an unknown key or one of another record."""
    try:
        uuid = UUID(key)
    except ValueError:
        return None
    models = (RecordGroupObjectPermission, RecordUserObjectPermission)
    for model in models:
        found = model._default_manager.filter(uuid=uuid, content_object_id=record.pk).select_related(
            "permission"
        )
        if (grant := found.first()) is not None:
            return grant
    return None


def grant_renew(
    actor: Actor, *, record: Record, key: str, reason: str, until: datetime | None = None
) -> None:
    """Give a grant again, with a new reason and end.

    ObjectDoesNotExist for an unknown key, NotPermitted, ValidationError by field.
    """
    grant = _grant(record, key)
    if grant is None:
        raise ObjectDoesNotExist
    if not may_share(actor, record, Right(grant.permission.codename)):
        raise NotPermitted
    said = _reason_and_end(reason, until)
    with refusals():
        for name, value in said.items():
            setattr(grant, name, value)
        grant.save(update_fields=list(said))
        publish(record, "record.grant")


def grant_narrow(actor: Actor, *, record: Record, key: str, until: datetime) -> None:
    """Let a grant end sooner. Whoever filed the record may do so, and whoever may give the grant.

    ObjectDoesNotExist for an unknown key, NotPermitted, ValidationError by field.
    """
    grant = _grant(record, key)
    if grant is None:
        raise ObjectDoesNotExist
    if not may_narrow(actor, record, Right(grant.permission.codename)):
        raise NotPermitted
    if until <= clock.now():
        raise ValidationError({"until": [_("The end lies in the past. To end it now, take it back.")]})
    if grant.expires_at is not None and until > grant.expires_at:
        raise ValidationError(
            {"until": [_("This is later than it ends now. To lengthen it, give it again.")]}
        )
    with refusals():
        grant.expires_at = until
        grant.save(update_fields=["expires_at"])
        publish(record, "record.grant")


def may_narrow(actor: Actor, record: Record, right: Right = Right.VIEW) -> bool:
    """Whether the actor may shorten or take back what others gave: the originator's own, or whoever gives."""
    return originates(actor, record) or may_share(actor, record, right)


def grant_revoke(actor: Actor, *, record: Record, key: str) -> None:
    """Take a grant back, or give up one's own; it opens nothing from the next transaction on.

    Unknown keys are no error. NotPermitted for somebody else's grant on a record that is not the actor's own.
    """
    grant = _grant(record, key)
    right = Right(grant.permission.codename) if grant else Right.VIEW
    if not may_narrow(actor, record, right) and not (grant and holds(actor, grant)):
        raise NotPermitted
    if grant is not None:
        with refusals():
            publish(record, "record.revoke")
            grant.delete()


def holds(actor: Actor, grant: RecordGroupObjectPermission | RecordUserObjectPermission) -> bool:
    """Whether the grant was given to the actor in person, or to one of their positions: theirs to give up."""
    if isinstance(grant, RecordUserObjectPermission):
        return grant.user_id == actor.user_id
    return any(position.group_id == grant.group_id for position in actor.positions)


def grants_of(record: Record, actor: Actor | None = None) -> list[Given]:
    """All grants on a record, the newest first, with the names of whoever they name; seven queries at most.

    For an actor, names of organisations that they may not know of stay away: such a reader is “restricted”.
    """
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
    named = principals_named([g.group_id for g in groups])
    unknown = unknown_organisation_ids(actor) if actor else frozenset()
    givers = {str(g.uuid): g.granted_by_id for g in groups} | {str(g.uuid): g.granted_by_id for g in people}
    hidden: set[int] = set()
    if actor is not None and unknown:
        hidden = unknown_people(actor, [*(g.user_id for g in people), *givers.values()])
    found = [_given_to_group(g, named.get(g.group_id), unknown, actor) for g in groups]
    for grant in people:
        to, kind = _RESTRICTED if grant.user_id in hidden else (grant.user.name, "person")
        found.append(_given(grant, to, kind, actor))
    found = [
        replace(given, granted_by=str(_RESTRICTED[0])) if givers[given.key] in hidden else given
        for given in found
    ]
    return sorted(found, key=lambda given: given.granted_at, reverse=True)


_RESTRICTED = (_lazy("restricted"), "restricted")


def _given_to_group(
    grant: RecordGroupObjectPermission, named: Principal | None, unknown: frozenset[int], actor: Actor | None
) -> Given:
    if named is None or named.organisation_id in unknown:
        return _given(grant, *_RESTRICTED, actor)
    return _given(grant, named.name, named.kind, actor)


def _given(
    grant: RecordGroupObjectPermission | RecordUserObjectPermission, to: Any, kind: str, actor: Actor | None
) -> Given:
    return Given(
        key=str(grant.uuid),
        to=str(to),
        kind=kind,
        right=Right(grant.permission.codename),
        granted_by=grant.granted_by.name if grant.granted_by else "",
        granted_at=grant.granted_at,
        reason=grant.reason,
        expires_at=grant.expires_at,
        mine=bool(actor and holds(actor, grant)),
    )


_permissions: dict[Right, Permission] = {}


def permission_of(right: Right) -> Permission:
    """guardian's permission on Record for a right."""
    if right not in _permissions:
        _permissions[right] = Permission.objects.get(
            codename=right.value, content_type__app_label="records", content_type__model="record"
        )
    return _permissions[right]
