"""Asking for access by reference, and deciding on it. What the asker learns never says whether a record exists."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.mission.models import Position
from apps.need_to_know.audience import readers_of
from apps.need_to_know.grants import grant_give, release_authority_show
from apps.need_to_know.models import AccessRequest, AccessRequestTarget, Right, Wanted
from apps.records import clock
from apps.records.actors import Actor
from apps.records.errors import NotPermitted
from apps.records.events import nudge
from apps.records.models import Record
from apps.records.services import originates, releases
from apps.records.transitions import refusals

REFERENCE_MOST = 30
_TOO_MANY = "CP012"


def access_ask(
    actor: Actor,
    *,
    reference: str,
    wanted: Wanted | str,
    purpose: str,
    until: datetime,
    position: Position | None = None,
    reader: Position | None = None,
) -> AccessRequest:
    """Ask to be let into the record with that reference, for a purpose and until a moment.

    `reader` is who would read it: the asker's own position unless another of the mission is named (whoever filed a
    record asks its release authority so to share it). The answer is the same whether or not such a record exists.
    Raises ValidationError by field, NotPermitted for somebody else's position.
    """
    position = position or (actor.positions[0] if actor.positions else None)
    if position is None or position.pk not in actor.position_ids:
        raise NotPermitted
    errors: dict[str, list[str]] = {}
    asked = reference.strip().upper()
    if not asked or len(asked) > REFERENCE_MOST or "\0" in asked:
        errors["reference"] = [_("Write the reference as it stands on the record, such as RFA-2026-40318.")]
    if wanted not in Wanted.values:
        errors["wanted"] = [_("Choose what you need.")]
    if not purpose.strip():
        errors["purpose"] = [_("Say what you need it for.")]
    if until <= clock.now():
        errors["until"] = [_("The end lies in the past.")]
    if reader is not None and reader.mission_id != actor.mission.pk:
        errors["reader"] = [_("Choose somebody of this mission.")]
    if errors:
        raise ValidationError(errors)
    own = Record.objects.filter(reference=asked).first()
    asks = own is not None and (own.author_position_id in actor.position_ids or originates(actor, own))
    if own is not None and asks and not releases(actor, own):
        release_authority_show(actor, record=own)
    request = AccessRequest(
        mission=actor.mission, reference=asked, asker=actor.user, position=position, reader=reader or position,
        wanted=wanted, purpose=purpose.strip(), until=until,
    )  # fmt: skip
    try:
        with refusals():
            request.save()
    except DatabaseError as error:
        if getattr(error.__cause__, "pgcode", None) != _TOO_MANY:
            raise
        raise ValidationError(
            {"reference": [_("You have 20 requests open. Wait for answers, or withdraw some.")]}
        ) from error
    # WHY: always, whether or not the reference names a record.
    nudge()
    request.refresh_from_db()
    return request


def access_withdraw(actor: Actor, *, request: AccessRequest) -> None:
    """Take one's own open request back. NotPermitted for anybody else's, or once something was given."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT need_to_know_request_withdraw(%s)", [request.uuid])
        if not cursor.fetchone()[0]:
            raise NotPermitted


def state_of(request: AccessRequest) -> str:
    """given, withdrawn, open or ended: the asker's side of it. Refused, unknown and unanswered all end alike."""
    if request.given:
        return "given"
    if request.withdrawn_at is not None:
        return "withdrawn"
    return "open" if request.lapses_at > clock.now() else "ended"


def access_requests_of(actor: Actor) -> QuerySet[AccessRequest]:
    """What the actor asked for, the newest first."""
    asked = AccessRequest.objects.filter(mission=actor.mission, asker=actor.user)
    return asked.select_related("position__organisation", "reader__organisation")


def access_requests_to_decide(actor: Actor, record: Record | None = None) -> QuerySet[AccessRequestTarget]:
    """Requests that wait for the actor's decision, the one that lapses first at the top; of one record if named."""
    waiting = AccessRequestTarget.objects.filter(
        decided_at__isnull=True, request__withdrawn_at__isnull=True, request__lapses_at__gt=clock.now(),
        request__mission=actor.mission,
    )  # fmt: skip
    if record is not None:
        waiting = waiting.filter(record_id=record.pk)
    return waiting.select_related(
        "record", "request__asker", "request__position__organisation", "request__reader__organisation"
    ).order_by("request__lapses_at")  # fmt: skip


@transaction.atomic
def access_decide(
    actor: Actor,
    *,
    target: AccessRequestTarget,
    given: Wanted | str,
    answer: str = "",
    until: datetime | None = None,
    release: Record | None = None,
    remark: str = "",
) -> None:
    """Decide on a request, once: let the reader in for a time, give a summary, confirm that it exists, or refuse.

    Full access gives the reading position the right to read `target.record`; a summary gives it `release`, a
    releasable record, and nothing of its source. A refusal (`given` empty) is kept beside the record: the asker sees
    what somebody sees whose reference meets nothing. What nobody in that position could read is not given.
    Raises ValidationError by field, NotPermitted, StaleRecord.
    """
    if given and given not in Wanted.values:
        raise ValidationError({"given": [_("Choose what you give.")]})
    if given == Wanted.SUMMARY and release is None:
        raise ValidationError({"release": [_("Choose the releasable summary that they may read.")]})
    if given == Wanted.EXISTENCE and not answer.strip():
        raise ValidationError({"answer": [_("Say whom they may speak to.")]})
    request = target.request
    end = min(until, request.until) if until is not None else request.until
    opened = {Wanted.FULL: target.record, Wanted.SUMMARY: release}.get(Wanted(given)) if given else None
    said = answer.strip()
    if opened is not None:
        _opens_something(request, opened, "release" if given == Wanted.SUMMARY else "given")
        # WHY: the asker cannot ask the record for the name of the summary that answers for it.
        said = f"{opened.reference}\n{said}".strip()
    with refusals():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT need_to_know_request_decide(%s, %s, %s, %s)",
                [request.uuid, given, said, remark.strip()],
            )
            if not cursor.fetchone()[0]:
                raise ObjectDoesNotExist
        if opened is not None:
            grant_give(
                actor, record=opened, to=request.reader, right=Right.VIEW, reason=request.purpose, until=end
            )


def _opens_something(request: AccessRequest, opened: Record, field: str) -> None:
    """ValidationError at `field` when nobody who holds the reading position could read what is given."""
    found = readers_of(
        opened.mission_id, [request.reader.group_id], opened.classification, list(opened.compartments),
        data_types=list(opened.data_types),
    )  # fmt: skip
    if not found.readers:
        raise ValidationError(
            {field: [_("Nobody in that position may read what is labelled so. It would open nothing.")]}
        )


def answer_parts(request: AccessRequest) -> tuple[str, str]:
    """(reference of what was opened, empty for none; what was said) of an answer that gives something."""
    if request.given in (Wanted.FULL, Wanted.SUMMARY):
        reference, _line, said = request.answer.partition("\n")
        return reference, said
    return "", request.answer
