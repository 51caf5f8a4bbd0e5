"""What a file must say before it stands on the register, who keeps files, and who says how one is engaged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from apps.mission.models import Mission
from apps.mission.vocabulary import EngagementStance
from apps.records.workflow import Text
from apps.stakeholders.models.settings import Register, keepers_by

if TYPE_CHECKING:
    from apps.stakeholders.models import Stakeholder

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


def keepers(mission: Mission) -> list[str]:
    """Roles whose positions keep files on organisations in that mission."""
    found = Register.objects.filter(mission=mission).values_list("keepers", flat=True).first()
    return keepers_by() if found is None else list(found)


def missing(stakeholder: Stakeholder) -> dict[str, list[Text]]:
    """Field -> what must be answered before it stands on the register."""
    return {name: [text] for name, text in _ALWAYS.items() if not str(getattr(stakeholder, name)).strip()}


def keeper_says(stakeholder: Stakeholder) -> bool:
    """Whether its keeper says how it is engaged: its own file, or one of an organisation outside the portal."""
    return stakeholder.organisation_id in (None, stakeholder.originator_id)
