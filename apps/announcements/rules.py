"""What an announcement must say before it is issued, and what an edition of it may say."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from apps.announcements.vocabulary import Kind
from apps.mission.models import Mission, PositionRole
from apps.mission.vocabulary import Role
from apps.records import clock
from apps.records.workflow import Text

if TYPE_CHECKING:
    from apps.announcements.models import Announcement

Wrong = dict[str, list[Text]]
_ALWAYS = {"title": _("Give the announcement a title."), "kind": _("Say what kind of announcement it is.")}
_TOLD = {"message": _("Write what is told.")}
_EMERGENCY = {
    "category": _("Choose a category. An emergency has one."),
    "urgency": _("Say how urgent it is."),
    "severity": _("Say how severe it is."),
    "certainty": _("Say how certain it is."),
    "expires_at": _("Say until when it holds. An emergency must end."),
}

#: Fields that every announcement must answer.
NEEDED = frozenset({*_ALWAYS, *_TOLD})


def issuers(mission: Mission, kind: str) -> list[str]:
    """Roles whose positions may issue that kind; for no kind yet, those that may issue any."""
    if kind == Kind.EMERGENCY:
        return list(mission.broadcast_roles)
    return list(mission.notice_roles) if kind else sorted({*mission.notice_roles, *mission.broadcast_roles})


def kind_refusal(announcement: Announcement) -> str:
    """Why the position that files it may not announce its kind, in words; empty when it may. One query."""
    allowed = issuers(announcement.mission, announcement.kind)
    if PositionRole.objects.filter(position_id=announcement.author_position_id, role__in=allowed).exists():
        return ""
    said = (
        _now("Your position does not issue emergencies. In this mission these do: %(roles)s.")
        if announcement.kind == Kind.EMERGENCY
        else _now("Your position does not issue notices. In this mission these do: %(roles)s.")
    )
    return said % {"roles": ", ".join(str(Role(role).label) for role in allowed) or _now("nobody")}


def missing(announcement: Announcement) -> Wrong:
    """Field -> what must be answered before it is issued."""
    found: Wrong = {name: [text] for name, text in _ALWAYS.items() if not getattr(announcement, name).strip()}
    if announcement.kind and (refusal := kind_refusal(announcement)):
        found["kind"] = [refusal]
    return found | told_wrong(
        announcement, is_emergency=announcement.is_emergency, mission=announcement.mission
    )


def told_wrong(told: Any, *, is_emergency: bool, mission: Mission) -> Wrong:
    """Field -> what is wrong with what is told, in an announcement or an edition, if it were to be in force now."""
    wanted = _TOLD | (_EMERGENCY if is_emergency else {})
    found: Wrong = {}
    for name, text in wanted.items():
        value = getattr(told, name)
        if value is None or (isinstance(value, str) and not value.strip()):
            found[name] = [text]
    if end := end_wrong(told.expires_at, told.effective_at, is_emergency=is_emergency, mission=mission):
        found["expires_at"] = [end]
    return found


def end_wrong(ends: datetime | None, begins: datetime | None, *, is_emergency: bool, mission: Mission) -> str:
    """What is wrong with the moment at which it ends; empty when nothing is."""
    if ends is None:
        return ""
    if ends <= clock.now():
        return _now("This moment is over. Choose one that lies ahead.")
    if begins is not None and ends <= begins:
        return _now("This lies before the moment from which it holds.")
    if is_emergency and ends > clock.now() + clock.hours(mission.broadcast_hours):
        return _now(
            "An emergency ends after at most %(hours)d hours. Choose an earlier moment; you can extend it later."
        ) % {"hours": mission.broadcast_hours}
    return ""
