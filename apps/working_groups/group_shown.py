"""What the page of a group shows beyond its record: its terms in force, meetings, series, decisions, action points."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from apps.action_points.models import ActionPoint
from apps.pages import record_page, values
from apps.pages.names import Names
from apps.records import clock
from apps.records.actors import Actor
from apps.records.services import may_edit
from apps.working_groups.models import Body, Decision, Meeting, Series, WorkingGroup
from apps.working_groups.positions import leads
from apps.working_groups.record import DecisionType, MeetingType, WorkingGroupType
from apps.working_groups.recurrence import in_words
from apps.working_groups.vocabulary import MembershipShown

NEXT_MOST, LAST_MOST, OTHERS_MOST = 6, 5, 10


def group_page(actor: Actor, group: WorkingGroup, contents: Any, names: Names) -> dict[str, Any]:
    """The context of `working_groups/group.html`; seven queries at most, whatever there is."""
    calls = group.state == "active" and leads(actor, group)
    bodies = Body.objects.filter(record_id=group.pk).values("group_id")
    now = clock.now()
    today = timezone.localdate(now, ZoneInfo(group.mission.time_zone))
    meetings = Meeting.objects.filter(body_id__in=bodies).exclude(state__in=("cancelled", "draft"))
    coming = meetings.filter(Q(needed_by__gte=now) | Q(state="session")).order_by("needed_by", "pk")
    past = meetings.filter(needed_by__lt=now).exclude(state="session").order_by("-needed_by", "-pk")
    points = ActionPoint.objects.filter(body_id__in=bodies).exclude(
        state__in=("draft", "verified", "cancelled")
    )
    decisions = Decision.objects.filter(body_id__in=bodies, state="in_force").order_by(
        "-effective_from", "-pk"
    )
    hidden = members_hidden(actor, group)
    return {
        "call_url": reverse("working_groups:call", kwargs={"uuid": group.uuid}) if calls else "",
        "series_url": reverse("working_groups:series", kwargs={"uuid": group.uuid}) if calls else "",
        "today": today,
        "coming": [_meeting(each) for each in coming[:NEXT_MOST]],
        "past": [_meeting(each) for each in past[:LAST_MOST]],
        "series": [
            _series(each, group, calls, today) for each in Series.objects.filter(group_id=group.pk, is_active=True)
        ],
        "decisions": [
            {"record": each, "url": DecisionType.url(each)} for each in decisions[:OTHERS_MOST]
        ],
        "points": [
            {
                "record": each,
                "url": each.record_type.url(each),
                "state": values.state_of(each.record_type, each.state),
            }
            for each in points.order_by("needed_by", "pk")[:OTHERS_MOST]
        ],
        **_terms(actor, group, contents, names),
        "members_hidden": hidden,
        "members_own": hidden and bool(contents.children["members"]),
    }  # fmt: skip


def members_hidden(actor: Actor, group: WorkingGroup) -> bool:
    """Whether others belong to the group, or may, of whom the actor does not learn."""
    if group.membership == MembershipShown.READERS:
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT NOT working_groups_keeps(%s) AND EXISTS (SELECT 1 FROM working_groups_body b"
            " WHERE b.record_id = %s AND b.group_id = ANY (need_to_know_unseen_bodies()))",
            [group.pk, group.pk],
        )
        return bool(cursor.fetchone()[0])


def _terms(actor: Actor, group: WorkingGroup, contents: Any, names: Names) -> dict[str, Any]:
    """The terms in force, those that nobody endorsed yet, and what was in force before."""
    rows = sorted(contents.children["terms"], key=lambda row: row.number, reverse=True)
    endorsed = [row for row in rows if row.endorsed_on]
    sections = record_page.sections(WorkingGroupType, group, contents, names, editable=may_edit(actor, group))
    for section in sections:
        if section["key"] == "terms" and rows:
            section["template"] = "working_groups/_terms.html"
    return {
        "sections": sections,
        "terms": endorsed[0] if endorsed else None,
        "terms_drafts": [row for row in rows if not row.endorsed_on],
        "terms_before": endorsed[1:],
    }


def _meeting(meeting: Meeting) -> dict[str, Any]:
    return {
        "record": meeting, "url": MeetingType.url(meeting), "state": values.state_of(MeetingType, meeting.state),
    }  # fmt: skip


def _series(series: Series, group: WorkingGroup, calls: bool, today: date) -> dict[str, Any]:
    keys = {"uuid": group.uuid, "row": series.uuid}
    return {
        "title": series.title, "said": in_words(series, today), "place": series.place,
        "url": reverse("working_groups:series-change", kwargs=keys) if calls else "",
    }  # fmt: skip
