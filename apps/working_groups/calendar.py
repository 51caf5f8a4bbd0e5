"""Meetings in people's own calendars. Nothing of the agenda, of members or of attendance is read here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from apps.pages.calendar import CalendarEntry, register_entries
from apps.records import clock
from apps.records.actors import Actor
from apps.records.models import Step
from apps.working_groups.models import Body, Meeting
from apps.working_groups.vocabulary import RestrictedInCalendar

SHOWN = ("planned", "session", "minutes", "circulated", "adopted")
BACK = timedelta(days=90)
#: How long a calendar is told that a meeting was cancelled, so that it takes it out.
CANCELLED_KEPT = timedelta(days=30)
MOST = 1000


@register_entries
def meetings(actor: Actor) -> Iterator[CalendarEntry]:
    """Meetings that the actor reads, from 90 days back, the latest MOST; those cancelled lately as cancelled."""
    now = clock.now()
    was_called = Exists(Step.objects.filter(record=OuterRef("pk"), to_state="planned"))
    rows = Meeting.objects.filter(
        Q(state__in=SHOWN, needed_by__gte=now - BACK)
        | Q(was_called, state="cancelled", state_since__gte=now - CANCELLED_KEPT),
        mission=actor.mission, type="meeting", needed_by__isnull=False,
    )  # fmt: skip
    found = list(rows.defer("summary").order_by("-needed_by", "-pk")[:MOST])
    settings = _settings(found)
    for meeting in found:
        assert meeting.needed_by is not None
        joining = _("How to join: %(how)s") % {"how": meeting.joining} if meeting.joining.strip() else ""
        yield CalendarEntry(
            record=meeting, starts=meeting.needed_by, ends=meeting.ends_at, sequence=meeting.sequence,
            state=str(meeting.record_type.workflow.state(meeting.state).label), place=meeting.place, details=joining,
            cancelled=meeting.state == "cancelled",
            hides=settings.get(meeting.body_id) == RestrictedInCalendar.ABSENT,
        )  # fmt: skip


def _settings(found: list[Meeting]) -> dict[int | None, str]:
    """What each group lets calendars know, by its principal; without those groups that the actor does not read."""
    bodies = {meeting.body_id for meeting in found if meeting.body_id is not None}
    rows = Body.objects.filter(group_id__in=bodies).values_list("group_id", "record__calendar")
    return dict(rows)
