"""What an announcement must say before it is issued, and what an edition of it may say."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from apps.announcements.models.setting import IssuingRules
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


def missing(announcement: Announcement) -> Wrong:
    """Field -> what must be answered before it is issued."""
    found: Wrong = {name: [text] for name, text in _ALWAYS.items() if not getattr(announcement, name).strip()}
    if announcement.kind and (refusal := announcement.kind_refusal()):
        found["kind"] = [refusal]
    return found | told_wrong(
        announcement, is_emergency=announcement.is_emergency, rules=announcement.issuing
    )


def told_wrong(told: Any, *, is_emergency: bool, rules: IssuingRules) -> Wrong:
    """Field -> what is wrong with what is told, in an announcement or an edition, if it were to be in force now."""
    wanted = _TOLD | (_EMERGENCY if is_emergency else {})
    found: Wrong = {}
    for name, text in wanted.items():
        value = getattr(told, name)
        if value is None or (isinstance(value, str) and not value.strip()):
            found[name] = [text]
    if end := end_wrong(told.expires_at, told.effective_at, is_emergency=is_emergency, rules=rules):
        found["expires_at"] = [end]
    return found


def end_wrong(
    ends: datetime | None, begins: datetime | None, *, is_emergency: bool, rules: IssuingRules
) -> str:
    """What is wrong with the moment at which it ends; empty when nothing is."""
    if ends is None:
        return ""
    if ends <= clock.now():
        return _now("This moment is over. Choose one that lies ahead.")
    if begins is not None and ends <= begins:
        return _now("This lies before the moment from which it holds.")
    if is_emergency and ends > clock.now() + clock.hours(rules.emergency_hours):
        return _now(
            "An emergency ends after at most %(hours)d hours. Choose an earlier moment; you can extend it later."
        ) % {"hours": rules.emergency_hours}
    return ""
