"""The parts of the share panel in words: who shares and manages, what was given, what waits. Reads only; no HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.mission.models import Position, PositionRole
from apps.mission.vocabulary import Role
from apps.need_to_know.access_requests import access_requests_to_decide
from apps.need_to_know.break_glass import is_live, uses_of
from apps.need_to_know.grant_history import grant_history
from apps.need_to_know.grants import Given, may_share
from apps.need_to_know.known import unknown_organisation_ids
from apps.need_to_know.models import Right
from apps.need_to_know.principals import kind_label
from apps.records.actors import Actor
from apps.records.models import Record
from apps.records.originators import is_on_behalf, voices
from apps.records.services import originates

_DID = {
    "given": gettext_lazy("Given"),
    "renewed": gettext_lazy("Renewed"),
    "shortened": gettext_lazy("Shortened"),
    "revoked": gettext_lazy("Taken back"),
}


class Standing:
    """What the actor may do about the readers of a record; two questions to the database."""

    def __init__(self, actor: Actor, record: Record) -> None:
        self.actor, self.record = actor, record
        self.originates = originates(actor, record)
        self.gives_all = may_share(actor, record, Right.MANAGE)
        self.gives_reading = self.gives_all or may_share(actor, record, Right.VIEW)

    @property
    def rights(self) -> list[Right]:
        """The rights that they may give."""
        return list(Right) if self.gives_all else [Right.VIEW] if self.gives_reading else []

    def gives(self, right: Right) -> bool:
        """Whether they may give that one."""
        return right in self.rights

    def narrows(self, right: Right) -> bool:
        """Whether they may shorten or take back what others gave."""
        return self.originates or self.gives(right)


class Authority:
    """Who widens the audience of a record: the release authority of its originator, or who speaks for it instead."""

    def __init__(self, actor: Actor, record: Record) -> None:
        self.record, self.hidden = record, unknown_organisation_ids(actor)
        self.unknown = record.originator_id in self.hidden
        found = list(
            voices(record)
            .annotate(
                releases=Exists(PositionRole.objects.filter(position=OuterRef("pk"), role=Role.RELEASE))
            )
            .order_by("title")
        )
        self.positions = [each for each in found if each.releases and each.is_active]
        self.instead = [each for each in found if not self.positions]
        self.filing_speaks = any(each.pk == record.author_position_id for each in self.instead)

    @property
    def organisation(self) -> str:
        """The originator, as the reader may know it."""
        return _("restricted") if self.unknown else str(self.record.originator)

    @property
    def rule(self) -> str:
        """Originator control in words."""
        if self.positions:
            said = _("Only the release authority of %(organisation)s widens who reads this.")
        elif is_on_behalf(self.record) and not self.filing_speaks:
            said = _(
                "%(organisation)s names no release authority: its own positions widen who reads what others "
                "filed for it."
            )
        else:
            said = _(
                "%(organisation)s names no release authority: the position that filed this widens who reads it."
            )
        return said % {"organisation": self.organisation}

    @property
    def names(self) -> list[str]:
        """The positions that may, as the reader may know them."""
        if self.unknown:
            return [_("restricted")]
        return [self.name(position) for position in self.positions or self.instead]

    def name(self, position: Position) -> str:
        """A position with its organisation, as the reader may know it."""
        if position.organisation_id in self.hidden:
            return _("restricted")
        own = position.organisation_id == self.record.originator_id
        return f"{position.title}, {self.record.originator if own else position.organisation}"


def managers(authority: Authority, given: Sequence[Given]) -> list[dict[str, str]]:
    """Who manages the record: takes back and shortens, and where it says so gives."""
    record = authority.record
    made = []
    if authority.filing_speaks or not is_on_behalf(record):
        made.append({"name": authority.name(record.author_position), "why": _("filed it")})
    if authority.positions:
        made += [{"name": name, "why": _("release authority")} for name in authority.names]
    elif not authority.filing_speaks:
        made += [{"name": name, "why": _("speaks for the organisation")} for name in authority.names]
    held = [each for each in given if each.right is Right.MANAGE and not each.expired]
    return made + [{"name": each.to, "why": _("was given the right to manage")} for each in held]


def grants(standing: Standing, given: Sequence[Given], here: str) -> list[dict[str, Any]]:
    """The grants with what can be done about each."""
    made = []
    for each in given:
        narrows = standing.narrows(each.right)
        made.append(
            {
                "to": each.to,
                "kind": kind_label(each.kind),
                "restricted": each.kind == "restricted",
                "right": each.right.label,
                "by": {"name": each.granted_by} if each.granted_by else None,
                "at": each.granted_at,
                "until": each.expires_at,
                "reason": each.reason,
                "live": not each.expired,
                "renew_url": f"{here}?renew={each.key}#grant-change" if standing.gives(each.right) else "",
                "shorten_url": f"{here}?shorten={each.key}#grant-change"
                if narrows and not each.expired
                else "",
                "revoke_url": f"{here}?revoke={each.key}" if narrows or each.mine else "",
                "gives_up": each.mine and not narrows,
            }
        )
    return made


def history(actor: Actor, record: Record) -> list[dict[str, Any]]:
    """What became of the grants, the newest first."""
    return [
        {
            "did": _DID[change.did],
            "to": change.to,
            "kind": kind_label(change.kind),
            "right": change.right.label if change.right else "",
            "by": {"name": change.by} if change.by else None,
            "at": change.at,
            "until": change.until,
            "is_end": change.did == "revoked",
            "reason": change.reason,
        }
        for change in grant_history(actor, record)
    ]


def requests(actor: Actor, record: Record) -> list[dict[str, Any]]:
    """Requests for access to the record that the actor decides."""
    return [
        {
            "who": target.request.asker.name,
            "for": f"{target.request.reader.title}, {target.request.reader.organisation}",
            "wanted": target.request.get_wanted_display(),
            "purpose": target.request.purpose,
            "until": target.request.until,
            "lapses_at": target.request.lapses_at,
            "url": reverse("access:decide", args=[target.request.uuid]),
        }
        for target in access_requests_to_decide(actor, record)
    ]


def emergencies(record: Record) -> list[dict[str, Any]]:
    """Emergency accesses to the record that the actor may know of, with how their review stands."""
    return [
        {
            "who": {
                "name": use.person.name,
                "position": use.position.title,
                "organisation": str(use.position.organisation),
            },
            "reason": use.reason,
            "at": use.at,
            "until": use.expires_at,
            "live": is_live(use),
            "verdict": use.get_verdict_display() if use.verdict else "",
            "review_due_at": use.review_due_at,
            "note": use.review_note,
        }
        for use in uses_of(record)
    ]
