"""Guards and effects of the steps of a stakeholder's file."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext_lazy as _

from apps.mission.vocabulary import EngagementStance, Role, Scope
from apps.records.actors import Actor
from apps.records.errors import Incomplete
from apps.records.transitions import exercised_by
from apps.stakeholders import rules
from apps.stakeholders.models import Stakeholder, StanceWord

_MERGE_REFUSED = {
    "not kept": _("You may not change that record. Ask its keeper to merge the two."),
    "wider": _(
        "That record is open to readers of whom some may not read this one. Give this one the same audience and label "
        "first, or merge the other way round."
    ),
    "gone": _("That record is no longer on the register."),
    "stance": _("The two are to be engaged differently. Say first which of the two holds."),
}


def is_complete(actor: Actor, stakeholder: Stakeholder) -> None:
    """Incomplete, by field, unless all is answered."""
    if errors := rules.missing(stakeholder):
        raise Incomplete({name: [str(text) for text in texts] for name, texts in errors.items()})


def registers(actor: Actor, stakeholder: Stakeholder, data: dict[str, Any]) -> None:
    """Show it to whoever was chosen. One that is not to be listed stays with its keeper and CMCoord officers."""
    scope = data.get("scope") or stakeholder.scope
    if scope not in Scope.values:
        raise ValidationError({"scope": [scope]})
    if scope != stakeholder.scope and stakeholder.stance != EngagementStance.UNLISTED:
        stakeholder.scope = scope
        stakeholder.save()


def is_kept(actor: Actor, stakeholder: Stakeholder) -> bool:
    """Whether it is the actor's to keep; nobody else needs to read what its keeper could do."""
    return stakeholder.author_position_id in actor.position_ids


def may_say(actor: Actor, stakeholder: Stakeholder) -> bool:
    """Whether the actor may say how it is engaged from now on."""
    return speaks_as(actor, stakeholder) is not None


def speaks_as(actor: Actor, stakeholder: Stakeholder) -> Any:
    """The actor's position that says how the organisation is engaged; None when none does."""
    officer = exercised_by(actor, stakeholder, Role.CMCOORD)
    if officer is not None:
        return officer
    return exercised_by(actor, stakeholder, Role.REQUESTER) if rules.keeper_says(stakeholder) else None


def says_stance(actor: Actor, stakeholder: Stakeholder, data: dict[str, Any]) -> None:
    """Put a stance in force, on this file and every other about the same organisation of the structure."""
    word = StanceWord(
        stakeholder=stakeholder, stance=data["stance"], reason=data["note"],
        position=speaks_as(actor, stakeholder), actor_id=actor.user_id,
    )  # fmt: skip
    word.full_clean(
        exclude=["stakeholder", "position", "actor"], validate_unique=False, validate_constraints=False
    )
    word.save()
    stakeholder.refresh_from_db()


def merges(actor: Actor, stakeholder: Stakeholder, data: dict[str, Any]) -> None:
    """Move everything under this file to another that the actor keeps; the database does it, or refuses.

    ValidationError at `into` where readers of the other would read more than they may.
    """
    into: Stakeholder = data["into"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT stakeholders_merge(%s, %s)", [stakeholder.pk, into.pk])
        (refusal,) = cursor.fetchone()
    if refusal:
        raise ValidationError({"into": [str(_MERGE_REFUSED[refusal])]})
    stakeholder.refresh_from_db()
