"""What a file must say before it stands on the register, who says how one is engaged, and whose people one handles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.mission.models import DataType
from apps.mission.vocabulary import EngagementStance, ProtectedData, Side
from apps.records.actors import Actor
from apps.records.workflow import Text

if TYPE_CHECKING:
    from apps.stakeholders.models import Caveat, Stakeholder

_ALWAYS = {
    "title": _("Give the organisation its name."),
    "kind": _("Say what type of organisation it is."),
    "side": _("Say on which side it stands."),
}

#: Fields that every file must answer.
NEEDED = frozenset(_ALWAYS)

#: How each stance is explained to whoever would call.
ENGAGED: dict[str, Text] = {
    EngagementStance.DIRECT: _("It may be engaged directly."),
    EngagementStance.VIA_OCHA: _("It is engaged through OCHA alone. Ask a CMCoord officer; do not call it yourself."),
    EngagementStance.LISTED: _("It is listed so that you know of it. It is not to be engaged, nor named as a partner."),
    EngagementStance.UNLISTED: _("It is not to be listed. Do not name it to anybody who may not read this."),
}  # fmt: skip


def missing(stakeholder: Stakeholder) -> dict[str, list[Text]]:
    """Field -> what must be answered before it stands on the register."""
    return {name: [text] for name, text in _ALWAYS.items() if not str(getattr(stakeholder, name)).strip()}


def keeper_says(stakeholder: Stakeholder) -> bool:
    """Whether its keeper says how it is engaged: its own file, or one of an organisation outside the portal."""
    return stakeholder.organisation_id in (None, stakeholder.originator_id)


_UNIFORMED = frozenset({Side.MISSION_MILITARY, Side.MISSION_POLICE, Side.HOST_STATE})


def handles_people(actor: Actor, stakeholder: Stakeholder) -> bool:
    """Whether the actor's side may handle people of that organisation (invariant I20); at most one query."""
    if stakeholder.side not in (Side.HUMANITARIAN, Side.DEVELOPMENT):
        return True
    if any(position.organisation.side in _UNIFORMED for position in actor.positions):
        return False
    barred = DataType.objects.filter(mission=actor.mission, code=ProtectedData.STAFF, pk__in=actor.barred)
    return not barred.exists()


def caveat_check(actor: Actor, stakeholder: Stakeholder, caveat: Caveat) -> None:
    """ValidationError at `classification` above the actor's own clearance: they would lose sight of it."""
    if caveat.classification > actor.clearance:
        raise ValidationError({"classification": [_("This is above your own clearance.")]})
