"""What somebody follows or mutes: the list of it, and what a record offers to follow. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import Group
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy

from apps.mission.models import Area, Organisation
from apps.need_to_know.known import unknown_organisation_ids
from apps.notifications.models import Subscription
from apps.pages.names import Names
from apps.records.actors import Actor
from apps.records.models import Record
from apps.records.registry import all_types
from apps.records.workflow import Text

#: What can be followed: the key in forms and in the API -> (field of Subscription, in words).
SCOPES: dict[str, tuple[str, Text]] = {
    "record": ("record", gettext_lazy("This record")),
    "type": ("record_type", gettext_lazy("Its type")),
    "area": ("area", gettext_lazy("Its area, with all that lies in it")),
    "organisation": ("group", gettext_lazy("What its organisation files")),
}


@dataclass(frozen=True)
class Followed:
    """A subscription in words. A record that may not be read any more has neither name nor address."""

    key: str
    scope: str
    muted: bool
    since: datetime
    available: bool
    name: str = ""
    reference: str = ""
    url: str = ""
    code: str = ""


@dataclass(frozen=True)
class Target:
    """Something that a record offers to follow; `muted` None: it is neither followed nor muted."""

    scope: str
    label: Text
    name: str
    to: dict[str, Any]
    muted: bool | None = None


def key_of(subscription: Subscription) -> str:
    """What names a subscription in addresses and forms: it tells nothing of how many there are."""
    return salted_hmac("notifications.subscription", str(subscription.pk), algorithm="sha256").hexdigest()[
        :32
    ]


def own(actor: Actor) -> list[Subscription]:
    """All that the actor follows or mutes in the mission, the newest first; it is bounded."""
    rows = Subscription.objects.filter(person_id=actor.user_id, mission_id=actor.mission.pk)
    return list(rows.order_by("-since", "-pk"))


def by_key(actor: Actor, key: str) -> Subscription | None:
    """One's own subscription of that key."""
    return next((each for each in own(actor) if key_of(each) == key), None)


def followed(actor: Actor) -> list[Followed]:
    """All that the actor follows or mutes, in words; five queries at most."""
    return in_words(actor, own(actor))


def in_words(actor: Actor, rows: list[Subscription]) -> list[Followed]:
    """These subscriptions of the actor's in words."""
    records = Record.objects.in_bulk([row.record_id for row in rows if row.record_id is not None])
    names = Names(actor)
    names.want(Area, (row.area_id for row in rows))
    names.want(Group, (row.group_id for row in rows))
    names.load()
    types = {declared.key: str(declared.label_plural) for declared in all_types()}
    groups = {row.group_id for row in rows if row.group_id}
    filing = (
        Organisation.objects.filter(group_id__in=groups).values_list("group_id", "uuid") if groups else ()
    )
    organisations = {group: str(uuid) for group, uuid in filing}
    made = []
    for row in rows:
        common: dict[str, Any] = {"key": key_of(row), "muted": row.muted, "since": row.since}
        if row.record_id is not None:
            made.append(_record(records.get(row.record_id), common))
        elif row.record_type:
            label = types.get(row.record_type, "")
            made.append(
                Followed(scope="type", available=bool(label), name=label, code=row.record_type, **common)
            )
        elif row.area_id is not None:
            _name, code = names.pair(Area, row.area_id) or ("", "")
            said = names.text(Area, row.area_id)
            made.append(Followed(scope="area", available=True, name=said, code=code, **common))
        else:
            hidden = names.is_hidden(Group, row.group_id)
            made.append(
                Followed(
                    scope="organisation", available=not hidden, name=names.text(Group, row.group_id),
                    code="" if hidden else organisations.get(row.group_id or 0, ""), **common,
                )
            )  # fmt: skip
    return made


def _record(record: Record | None, common: dict[str, Any]) -> Followed:
    if record is None:
        return Followed(scope="record", available=False, **common)
    return Followed(
        scope="record", available=True, name=record.title, reference=record.reference,
        url=record.get_absolute_url(), code=str(record.uuid), **common,
    )  # fmt: skip


def targets(actor: Actor, record: Any) -> list[Target]:
    """What a record offers to follow or mute, with how it stands now; one query.

    An organisation whose name the actor may not know is not offered.
    """
    declared = record.record_type
    offered: list[tuple[str, str, dict[str, Any]]] = [
        ("record", record.reference, {"record_id": record.pk}),
        ("type", str(declared.label_plural), {"record_type": declared.key}),
    ]
    if record.area_id is not None:
        offered.append(("area", str(record.area), {"area_id": record.area_id}))
    if record.originator_id not in unknown_organisation_ids(actor):
        offered.append(("organisation", record.originator.name, {"group_id": record.originator.group_id}))
    mine = own(actor)
    return [Target(scope, SCOPES[scope][1], name, to, _muted(mine, to)) for scope, name, to in offered]


def _muted(mine: list[Subscription], to: dict[str, Any]) -> bool | None:
    for each in mine:
        if all(getattr(each, name) == value for name, value in to.items()):
            return each.muted
    return None
