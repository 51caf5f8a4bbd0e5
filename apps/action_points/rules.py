"""What an action point must say before it is given to its owner, and what its owner must show. Reads only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from apps.action_points.positions import can_be_given
from apps.need_to_know.clearance import position_clears
from apps.records import clock
from apps.records.models import Attachment, Step
from apps.records.workflow import Text

if TYPE_CHECKING:
    from apps.action_points.models import ActionPoint

#: States in which its owner owes it: past its due moment it is overdue.
OWED = ("open", "in_progress", "returned")
#: Steps by which it is given to its owner; what was attached before shows nothing.
GIVING = ("open", "reassign")

_REQUIRED: dict[str, Text] = {
    "title": _("Say what is to be done."),
    "owner": _("Say who is to do it."),
    "needed_by": _("Say until when."),
    "priority": _("Choose the priority."),
}
NOT_GIVEN = _("Choose a position of this mission that is in use and reads records.")
NOT_CLEARED = _("This position may not read this label. Lower the label, or choose another position.")
OVER = _("This moment is over. Say until when it is to be done now.")


def required() -> dict[str, Text]:
    """Fields that must be answered, with what to say when they are empty."""
    return dict(_REQUIRED)


def missing(point: ActionPoint) -> dict[str, list[Text]]:
    """Field -> what must be answered, or mended, before it is given to its owner."""
    found: dict[str, list[Text]] = {}
    for name, message in _REQUIRED.items():
        value: Any = getattr(point, name)
        if value is None or (isinstance(value, str) and not value.strip()):
            found[name] = [message]
    if point.needed_by and point.needed_by <= clock.now():
        found["needed_by"] = [OVER]
    for name, key in (("owner", point.owner_id), ("verifier", point.verifier_id)):
        if key is not None and not position_clears(key, point):
            found[name] = [NOT_CLEARED]
    if point.verifier_id is None and point.owner_id == point.author_position_id:
        found["verifier"] = [_("You give it to yourself. Name another position that verifies it.")]
    return found


def people_refused(point: ActionPoint) -> dict[str, list[Text]]:
    """Owner or verifier that cannot be given it: of another mission, out of use, reading no content, or the same."""
    named = {name: getattr(point, f"{name}_id") for name in ("owner", "verifier")}
    wanted = {key for key in named.values() if key is not None}
    known = (
        set(can_be_given(point.mission_id).filter(pk__in=wanted).values_list("pk", flat=True))
        if wanted
        else set()
    )
    found: dict[str, list[Text]] = {
        name: [NOT_GIVEN] for name, key in named.items() if key is not None and key not in known
    }
    if named["owner"] is not None and named["owner"] == named["verifier"]:
        found.setdefault("verifier", [_("Somebody else than its owner verifies it.")])
    return found


def needs_evidence(point: ActionPoint) -> bool:
    """Whether the mission asks for evidence before one of this priority is called done."""
    return point.priority in point.mission.evidence_priorities


def has_evidence(point: ActionPoint) -> bool:
    """Whether something was attached since its owner was given it."""
    given = Step.objects.filter(record_id=point.pk, name__in=GIVING).order_by("-at", "-pk").first()
    return given is not None and Attachment.objects.filter(record_id=point.pk, at__gte=given.at).exists()
