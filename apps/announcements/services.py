"""Writing beside the workflow of announcements: a reader says that they have read one."""

from __future__ import annotations

from django.utils.translation import gettext as _

from apps.announcements.models import Acknowledgement, Announcement
from apps.announcements.selectors import acknowledgement_of
from apps.records.actors import Actor
from apps.records.errors import IllegalTransition, NotPermitted, StaleRecord
from apps.records.transitions import refusals


def acknowledge(actor: Actor, *, record: Announcement, edition: int | None = None) -> Acknowledgement:
    """Note that the actor has read the edition in force; a second time, what was noted the first time.

    `edition` is the one that was shown to them. StaleRecord when another is in force by now; IllegalTransition when
    none is; NotPermitted when it asks for no acknowledgement. The database says who it is, and when.
    """
    if record.state != "issued":
        raise IllegalTransition(_("It is not in force, so there is nothing to acknowledge."))
    if not record.needs_acknowledgement:
        raise NotPermitted(_("This announcement asks for no acknowledgement."))
    if edition not in (None, record.edition):
        raise StaleRecord(_("A new edition is in force. Read it first."))
    known = acknowledgement_of(actor, record)
    assert actor.user is not None
    if known is None:
        with refusals():
            # WHY: a button pressed twice at once is one word; the second finds the first's row.
            Acknowledgement.objects.bulk_create(
                [
                    Acknowledgement(
                        announcement=record, edition=record.edition, person=actor.user,
                        position=actor.positions[0] if actor.positions else None,
                    )
                ],
                ignore_conflicts=True,
            )  # fmt: skip
        known = acknowledgement_of(actor, record)
    if known is None:
        raise StaleRecord
    return known
