"""Emergency access: a named role opens one record for a short time, tells why, and is reviewed for it."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import DatabaseError, connection
from django.db.models import BooleanField, F, Func, QuerySet
from django.utils.translation import gettext as _

from apps.mission.models import Position, SharingProtocol
from apps.need_to_know.models import EmergencyAccess
from apps.records import clock
from apps.records.actors import Actor
from apps.records.errors import NotPermitted
from apps.records.events import nudge
from apps.records.models import Record
from apps.records.services import originates
from apps.records.transitions import refusals

REASON_LEAST = 10
MINUTES_MOST = 180
_UNREVIEWED = "CP009"


def emergency_positions(actor: Actor) -> list[Position]:
    """The actor's positions that are named emergency roles."""
    return [position for position in actor.positions if position.breaks_glass]


def minutes_most(actor: Actor) -> int:
    """How long an emergency access may last in this mission, in minutes; never more than three hours."""
    protocol = SharingProtocol.objects.in_force(actor.mission)
    return min(protocol.break_glass_minutes, MINUTES_MOST) if protocol else MINUTES_MOST


def unreviewed_of(actor: Actor) -> EmergencyAccess | None:
    """The actor's emergency access that is not reviewed yet; while there is one, no second is possible."""
    return EmergencyAccess.objects.filter(person=actor.user, verdict="").first()


def break_glass(
    actor: Actor, *, reference: str, position: Position, reason: str, minutes: int
) -> EmergencyAccess | None:
    """Open the record with that reference to the actor, to read, for so many minutes from now.

    The originator and its release authority are told from the same transaction (event `record.emergency`). A ceiling
    is not broken: what the actor's side never reads stays closed, and looks as if it did not exist (None). Raises
    NotPermitted for anybody but a named emergency role; ValidationError by field.
    """
    if position not in emergency_positions(actor):
        raise NotPermitted
    errors: dict[str, list[str]] = {}
    if len(reason.strip()) < REASON_LEAST or len(reason.strip()) > 500:
        errors["reason"] = [_("Say what happened and why you must read this now, in 10 to 500 characters.")]
    most = minutes_most(actor)
    if not 1 <= minutes <= most:
        errors["minutes"] = [_("At most %(minutes)d minutes.") % {"minutes": most}]
    if errors:
        raise ValidationError(errors)
    try:
        with refusals(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT need_to_know_break_glass(%s, %s, %s, %s)",
                [reference.strip(), position.pk, reason.strip(), minutes],
            )
            made: UUID | None = cursor.fetchone()[0]
    except DatabaseError as error:
        if getattr(error.__cause__, "pgcode", None) != _UNREVIEWED:
            raise
        raise ValidationError(
            _(
                "Your last emergency access has not been reviewed yet. Until it is, you cannot open another record so."
            )
        ) from error
    if made is None:
        return None
    nudge()
    return EmergencyAccess.objects.get(uuid=made)


def break_glass_review(actor: Actor, *, use: EmergencyAccess, justified: bool, note: str) -> None:
    """Say whether an emergency access was justified, once; by the originator's own word and nobody else's.

    Raises NotPermitted, DutyConflict for one's own use, StaleRecord when reviewed already, ValidationError by field.
    """
    if not note.strip():
        raise ValidationError({"note": [_("Say what the review found.")]})
    if len(note.strip()) > 1000:
        raise ValidationError({"note": [_("At most 1,000 characters.")]})
    with refusals(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT need_to_know_emergency_review(%s, %s, %s)", [use.uuid, justified, note.strip()]
        )
        if not cursor.fetchone()[0]:
            raise NotPermitted


def uses_to_review(actor: Actor) -> QuerySet[EmergencyAccess]:
    """Emergency accesses to the actor's own records that wait for a review, the most urgent first.

    An auditor sees those of everybody elsewhere; here are those that the actor has to decide on.
    """
    waiting = EmergencyAccess.objects.filter(verdict="", mission=actor.mission).exclude(person=actor.user)
    # WHY: an auditor may look at every use without being able to read, or review, the record.
    own = Func(F("record_id"), function="need_to_know_originates_record", output_field=BooleanField())
    waiting = waiting.alias(own=own).filter(own=True)
    return waiting.select_related("person", "position__organisation", "record").order_by("review_due_at")


def may_review(actor: Actor, use: EmergencyAccess) -> bool:
    """Whether the actor may review that use: the originator's own word, not the person's who invoked it."""
    if use.person_id == actor.user_id or use.verdict:
        return False
    try:
        return originates(actor, Record.objects.get(pk=use.record_id))
    except ObjectDoesNotExist:
        return False


def uses_of(record: Record) -> QuerySet[EmergencyAccess]:
    """Emergency accesses to a record, as far as the actor may know of them, the newest first."""
    return EmergencyAccess.objects.filter(record_id=record.pk).select_related(
        "person", "position__organisation", "reviewer"
    )


def uses_live(actor: Actor) -> list[EmergencyAccess]:
    """The actor's emergency accesses that have a record open now; no query for whoever has no emergency role."""
    if not emergency_positions(actor):
        return []
    return list(EmergencyAccess.objects.filter(person=actor.user, expires_at__gt=clock.now()))


def is_live(use: EmergencyAccess) -> bool:
    """Whether the record is still open by it."""
    return use.expires_at > clock.now()
