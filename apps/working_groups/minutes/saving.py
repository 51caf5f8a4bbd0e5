"""Services that save minutes while several people write them: an item's minute, or the summary of the whole.

A row is locked for the moment of a save and never while somebody writes. What others wrote meanwhile is merged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.pages.once import once
from apps.records.actors import Actor
from apps.records.errors import IllegalTransition, NotPermitted
from apps.records.services import is_editor
from apps.records.transitions import refusals
from apps.working_groups.minutes.merging import Merged, changes, merge
from apps.working_groups.models import AgendaItem, Meeting
from apps.working_groups.models.meeting import MINUTE_MOST, SUMMARY_MOST
from apps.working_groups.vocabulary import ItemState

#: States of a meeting in which minutes are written.
WRITTEN_IN = ("session", "minutes", "circulated")
#: Items that have no minute: nobody took them up.
NOT_TREATED = (ItemState.PROPOSED, ItemState.DECLINED)
_FROZEN = {
    "adopted": gettext_lazy("The minutes were adopted. What was adopted stays as it is."),
    "cancelled": gettext_lazy("The meeting was cancelled. No minutes are written."),
}
_NOT_YET = gettext_lazy("The meeting has not begun. Minutes are written from then on.")


@dataclass(frozen=True)
class Saved:
    """What stands now. `merged`: others wrote meanwhile; `conflict`: at the same words, and both are kept."""

    text: str
    merged: bool = False
    conflict: bool = False
    sent: str = ""

    @property
    def changes(self) -> list[tuple[int, int, str]]:
        """How what was sent becomes what stands now."""
        return [] if self.sent == self.text else changes(self.sent, self.text)


def may_write(actor: Actor, meeting: Meeting) -> None:
    """NotPermitted for whoever does not keep the meeting; IllegalTransition while no minutes are written."""
    if not is_editor(actor, meeting):
        raise NotPermitted
    if meeting.state not in WRITTEN_IN:
        raise IllegalTransition(_FROZEN.get(meeting.state, _NOT_YET))


def minute_save(
    actor: Actor, *, meeting: Meeting, item: UUID | None, base: str, text: str, key: UUID
) -> Saved:
    """Bring a change from `base` to `text` into the minute of an item; without an item, into the summary.

    `key` names the save: sent again, because its answer was lost, it changes nothing. ValidationError at `text` for
    what is too long, ObjectDoesNotExist for an item that is gone or not the actor's to know.
    """
    may_write(actor, meeting)
    target = _Item(meeting, item) if item else _Summary(meeting)
    text, base = text.replace("\r\n", "\n"), base.replace("\r\n", "\n")
    _fits(text, target.most, _("This is %(over)s characters too long."))
    if not target.exists():
        raise ObjectDoesNotExist
    done: list[Merged] = []

    def write() -> Any:
        now = target.locked()
        found = merge(base, text, now)
        _fits(
            found.text, target.most, _("Together with what others wrote it is %(over)s characters too long.")
        )
        if found.text != now:
            target.write(found.text)
        done.append(found)
        return meeting

    try:
        with refusals():
            once(actor, key, write)
    except NotPermitted:
        # WHY: somebody else adopted them between the look at the state and the write.
        meeting.refresh_from_db(fields=["state"])
        may_write(actor, meeting)
        raise
    if not done:
        return Saved(target.locked(), sent=text)
    return Saved(done[0].text, done[0].text != text, done[0].conflict, text)


def item_mark(actor: Actor, *, meeting: Meeting, item: UUID, state: ItemState) -> None:
    """Say in session that an item was treated, or is carried over to the next meeting, or is still to come."""
    may_write(actor, meeting)
    if meeting.state != "session" or state in NOT_TREATED:
        raise IllegalTransition(_("Items are marked while the meeting goes on."))
    rows = AgendaItem.objects.filter(meeting=meeting, uuid=item).exclude(state__in=NOT_TREATED)
    with refusals():
        if not rows.update(state=state):
            raise ObjectDoesNotExist


def _fits(text: str, most: int, refused: str) -> None:
    if len(text) > most:
        raise ValidationError({"text": refused % {"over": len(text) - most}})


class _Item:
    """The minute of an item."""

    def __init__(self, meeting: Meeting, item: UUID) -> None:
        self.rows = AgendaItem.objects.filter(meeting=meeting, uuid=item).exclude(state__in=NOT_TREATED)
        self.most = MINUTE_MOST

    def exists(self) -> bool:
        """Whether the actor may know of it."""
        return self.rows.exists()

    def locked(self) -> str:
        """Its minute, which nobody else writes until this transaction ends."""
        return self.rows.select_for_update().values_list("minute", flat=True).get()

    def write(self, text: str) -> None:
        """Store it."""
        self.rows.update(minute=text)


class _Summary:
    """The summary of the whole. Only the meeting's own table is touched: its record has no part in it."""

    def __init__(self, meeting: Meeting) -> None:
        self.rows = Meeting.objects.filter(pk=meeting.pk)
        self.most = SUMMARY_MOST

    def exists(self) -> bool:
        """There is always one."""
        return True

    def locked(self) -> str:
        """The summary, which nobody else writes until this transaction ends."""
        return self.rows.select_for_update().values_list("summary", flat=True).get()

    def write(self, text: str) -> None:
        """Store it."""
        self.rows.update(summary=text)
