"""Versions of a mission's information sharing protocol: putting one in force, making the next from it."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.mission.models import DefaultLabel, Mission, ProtocolLine, SharingProtocol

_TAKEN_ALONG = (
    "title", "scope", "breach_procedure", "breach_position_id", "decimals", "break_glass_minutes", "review_days",
    "request_days", "ask_purpose",
)  # fmt: skip


@transaction.atomic
def protocol_put_in_force(
    protocol: SharingProtocol, *, now: datetime | None = None
) -> SharingProtocol | None:
    """Put a draft in force, from this moment; the version that it supersedes, None when there was none.

    Raises ValidationError for anything but a draft.
    """
    # WHY: the mission's row is what two administrators wait for, whichever drafts they put in force.
    Mission.objects.select_for_update(no_key=True).get(pk=protocol.mission_id)
    protocol.refresh_from_db()
    if protocol.state != SharingProtocol.State.DRAFT:
        raise ValidationError(_("Only a draft can be put in force."))
    before = SharingProtocol.objects.in_force(protocol.mission)
    if before is not None:
        before.state = SharingProtocol.State.SUPERSEDED
        before.save(update_fields=["state"])
    protocol.state = SharingProtocol.State.IN_FORCE
    protocol.in_force_from = now or timezone.now()
    protocol.save(update_fields=["state", "in_force_from"])
    return before


@transaction.atomic
def protocol_copy(protocol: SharingProtocol) -> SharingProtocol:
    """A draft with the same rules, lines and default labels, under the next free version.

    Who endorsed the old version, and when it was to be reviewed, is not taken along.
    """
    made = SharingProtocol.objects.create(
        mission=protocol.mission, version=_next_version(protocol),
        **{name: getattr(protocol, name) for name in _TAKEN_ALONG},
    )  # fmt: skip
    rows: list[ProtocolLine | DefaultLabel] = [*protocol.lines.all(), *protocol.default_labels.all()]
    for row in rows:
        row.pk, row.protocol = None, made
        row._state.adding = True
        row.save()
    return made


def _next_version(protocol: SharingProtocol) -> str:
    """“1.0” is followed by “1.1”; other names get a number added."""
    taken = set(SharingProtocol.objects.filter(mission=protocol.mission).values_list("version", flat=True))
    head, dot, tail = protocol.version.rpartition(".")
    numbered = tail.isdecimal()
    number = int(tail) if numbered else 1
    while True:
        number += 1
        ending = f"{dot}{number}" if numbered else f"-{number}"
        version = f"{(head if numbered else protocol.version)[: 20 - len(ending)]}{ending}"
        if version not in taken:
            return version
