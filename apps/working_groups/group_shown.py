"""What the page of a group shows beyond its record: its terms in force, meetings, series, decisions, action points."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.urls import reverse

from apps.action_points.models import ActionPoint
from apps.pages import values
from apps.records import clock
from apps.records.actors import Actor
from apps.working_groups.models import Body, Decision, Meeting, Series, WorkingGroup
from apps.working_groups.positions import leaders
from apps.working_groups.record import DecisionType, MeetingType
from apps.working_groups.recurrence import in_words

NEXT_MOST, LAST_MOST, OTHERS_MOST = 6, 5, 10


def group_page(actor: Actor, group: WorkingGroup, contents: Any) -> dict[str, Any]:
    """The context of `working_groups/group.html`; five queries, whatever there is."""
    leads = bool(set(leaders(group)) & set(actor.position_ids))
    active = leads and group.state == "active"
    bodies = Body.objects.filter(record_id=group.pk).values("group_id")
    now = clock.now()
    meetings = Meeting.objects.filter(body_id__in=bodies).exclude(state__in=("cancelled", "draft"))
    coming = meetings.filter(Q(needed_by__gte=now) | Q(state="session")).order_by("needed_by", "pk")
    past = meetings.filter(needed_by__lt=now).exclude(state="session").order_by("-needed_by", "-pk")
    points = ActionPoint.objects.filter(body_id__in=bodies).exclude(
        state__in=("draft", "verified", "cancelled")
    )
    decisions = Decision.objects.filter(body_id__in=bodies, state="in_force").order_by(
        "-effective_from", "-pk"
    )
    terms = [row for row in contents.children["terms"] if row.endorsed_on]
    return {
        "leads": leads,
        "call_url": reverse("working_groups:call", kwargs={"uuid": group.uuid}) if active else "",
        "series_url": reverse("working_groups:series", kwargs={"uuid": group.uuid}) if active else "",
        "terms": max(terms, key=lambda row: row.number, default=None),
        "today": now.date(),
        "coming": [_meeting(each) for each in coming[:NEXT_MOST]],
        "past": [_meeting(each) for each in past[:LAST_MOST]],
        "meetings_url": reverse("meetings:list"),
        "series": [_series(each, group, active) for each in Series.objects.filter(group_id=group.pk, is_active=True)],
        "decisions": [
            {"record": each, "url": DecisionType.url(each)} for each in decisions[:OTHERS_MOST]
        ],
        "points": [
            {
                "record": each,
                "url": each.record_type.url(each),
                "state": values.state_of(each.record_type, each.state),
                "overdue": each.needed_by is not None and each.needed_by < now,
            }
            for each in points.order_by("needed_by", "pk")[:OTHERS_MOST]
        ],
        "members_hidden": not contents.children["members"] and group.membership != "readers",
    }  # fmt: skip


def _meeting(meeting: Meeting) -> dict[str, Any]:
    return {
        "record": meeting, "url": MeetingType.url(meeting), "state": values.state_of(MeetingType, meeting.state),
    }  # fmt: skip


def _series(series: Series, group: WorkingGroup, active: bool) -> dict[str, Any]:
    keys = {"uuid": group.uuid, "row": series.uuid}
    return {
        "title": series.title, "said": in_words(series), "place": series.place,
        "url": reverse("working_groups:series-change", kwargs=keys) if active else "",
    }  # fmt: skip
