"""Guards and effects of the steps: what must hold before one, and which row it writes."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from apps.information_requests import rules
from apps.information_requests.answering import answer_give, answer_link, answer_of
from apps.information_requests.models import Assignment, InformationRequest
from apps.information_requests.positions import desk_of
from apps.mission.models import Position
from apps.mission.vocabulary import Role
from apps.records.actors import Actor
from apps.records.errors import Incomplete
from apps.records.transitions import addressees_add, exercised_by, transition


def is_complete(actor: Actor, request: InformationRequest) -> None:
    """Incomplete, by field, unless all is answered."""
    if errors := rules.missing(request):
        raise Incomplete({name: [str(text) for text in texts] for name, texts in errors.items()})


def is_anothers(actor: Actor, request: InformationRequest) -> bool:
    """Whether somebody else asked: nobody decides on their own question."""
    return request.author_id != actor.user_id


def asks(actor: Actor, request: InformationRequest, data: dict[str, Any]) -> None:
    """Without a choice, the mission's desk is asked."""
    if request.asked_of_id is None:
        request.asked_of = desk_of(request.mission_id)
        request.save()
        request.refresh_from_db()


def can_draft(position: Position) -> bool:
    """Whether the position holds a role by which it can be drawn in."""
    return position.roles.exclude(role__in=(Role.ADMIN, Role.AUDITOR)).exists()


def assigns(actor: Actor, request: InformationRequest, data: dict[str, Any]) -> None:
    """The position that drafts: of the organisation asked, and not the one that asked."""
    drafter = data.get("drafter")
    if (
        drafter is None
        or drafter.organisation_id != request.asked_of_id
        or not drafter.is_active
        or not can_draft(drafter)
    ):
        raise ValidationError({"drafter": _("Choose a position of the organisation asked.")})
    if drafter.pk == request.author_position_id:
        raise ValidationError({"drafter": _("Whoever asks does not answer. Choose another position.")})
    row = Assignment(
        request=request, drafter=drafter, instructions=str(data.get("instructions") or ""),
        position=exercised_by(actor, request, Role.JOC),
    )  # fmt: skip
    row.full_clean(exclude=["request", "position", "actor"], validate_unique=False)
    row.save()
    addressees_add(request, Position.objects.filter(pk=drafter.pk), Role.UNIT)


def puts_forward(actor: Actor, request: InformationRequest, data: dict[str, Any]) -> None:
    """The answer goes to its release authority: one written here, or one that is out already."""
    if (chosen := data.get("release")) is not None:
        answer_link(actor, request=request, release=chosen)
    release = answer_of(request)
    if release is None:
        raise Incomplete({"__all__": [_("Write the answer first, or name a release.")]})
    if release.state in ("draft", "returned"):
        transition(actor, record=release, name="submit" if release.state == "draft" else "resubmit")
    elif release.state not in ("for_signature", "released"):
        raise Incomplete({"__all__": [_("This release is not in force. Write another.")]})


def gives(actor: Actor, request: InformationRequest, data: dict[str, Any]) -> None:
    """The asker reads the release from now on."""
    answer_give(actor, request)
