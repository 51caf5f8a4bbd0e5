"""What somebody may begin from the desk: a few buttons, and the rest in a list."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.pages.navigation import types_of
from apps.records.actors import Actor
from apps.records.groups import NavGroup
from apps.records.registry import RecordType
from apps.records.workflow import Text

#: As many have a button of their own.
DIRECT = 3


@dataclass(frozen=True)
class Start:
    """A way to begin a record: the words of its button, the name of its type, and where it leads."""

    label: str
    name: Text
    url: str


@dataclass(frozen=True)
class Starts:
    """Those with a button of their own, and the others."""

    direct: list[Start]
    others: list[Start]


def starts(actor: Actor) -> Starts:
    """What the actor may file, in the order of the navigation.

    A button have the first that are daily work of one of the actor's roles (`RecordType.daily_for`), and all of them
    where they are few.
    """
    open_to = [each for group in NavGroup for each in types_of(group) if each.may_file(actor)]
    daily = open_to if len(open_to) <= DIRECT else [each for each in open_to if _is_daily(each, actor)]
    direct = daily[:DIRECT]
    return Starts([_start(each) for each in direct], [_start(each) for each in open_to if each not in direct])


def _is_daily(declared: type[RecordType], actor: Actor) -> bool:
    return any(actor.has_role(role) for role in declared.daily_for)


def _start(declared: type[RecordType]) -> Start:
    return Start(
        _("New: %(type)s") % {"type": declared.label},
        declared.label,
        reverse(f"{declared.url_namespace}:new"),
    )
