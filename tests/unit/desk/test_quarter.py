"""The quarter of meetings in the demo mission makes sense: what was carried over came back, what was decided holds."""

from __future__ import annotations

from itertools import pairwise

import pytest
from django.utils import timezone

from apps.accounts.models import User
from apps.action_points.models import ActionPoint
from apps.desk.demo.convener import CHAIR
from apps.desk.demo.group_stories import RISK, WEEKS
from apps.desk.demo.teller import sign_in
from apps.mission.models import Mission
from apps.need_to_know.acting import acting_as
from apps.records.models import Record, RecordLink
from apps.working_groups.models import AgendaItem, Decision, Meeting, Outcome, Series
from apps.working_groups.vocabulary import PRESENT, ItemState

# WHY: whoever comes first waits until the whole demo mission is told.
pytestmark = pytest.mark.timeout(400)


def person(post: str) -> User:
    return User.objects.get(email=sign_in(post))


def held() -> list[Meeting]:
    series = Series.objects.get(title="Weekly coordination meeting")
    return list(Meeting.objects.filter(series=series.uuid).exclude(state="planned").order_by("needed_by"))


def test_twelve_weekly_meetings_were_held_and_adopted_in_turn(mission: Mission) -> None:
    with acting_as(person(CHAIR), mission):
        meetings = held()
        assert len(meetings) == len(WEEKS) == 12
        assert {(b.needed_by - a.needed_by).days for a, b in pairwise(meetings)} == {7}
        assert [m.state for m in meetings[:-2]] == ["adopted"] * 10
        assert all(m.state in ("adopted", "circulated", "minutes") for m in meetings[-2:])
        assert Meeting.objects.filter(state="planned", needed_by__gt=timezone.now()).count() >= 6
        for meeting in meetings:
            present = meeting.attendance.filter(presence__in=PRESENT, standing="member").count()
            assert present >= (meeting.quorum or 0), meeting.needed_by


def test_what_was_carried_over_came_back(mission: Mission) -> None:
    with acting_as(person(CHAIR), mission):
        meetings = held()
        carried = 0
        for meeting, following in pairwise(meetings):
            for item in meeting.items.filter(state=ItemState.CARRIED):
                again = following.items.filter(carried_from=item.uuid)
                assert again.count() == 1, (meeting.needed_by, item.title)
                assert again.get().title == item.title
                carried += 1
        assert carried >= 5
        planned = (
            Meeting.objects.filter(state="planned", body=meetings[-1].body).order_by("needed_by").first()
        )
        assert planned is not None
        waiting = meetings[-1].items.filter(state=ItemState.CARRIED)
        assert {i.title for i in waiting} <= {i.title for i in planned.items.all()}
        titles = list(planned.items.values_list("title", flat=True))
        assert len(titles) == len(set(titles)), "nothing stands twice"


def test_decisions_replace_each_other(mission: Mission) -> None:
    with acting_as(person(CHAIR), mission):
        decisions = {d.title: d for d in Decision.objects.all()}
        assert len(decisions) >= 6
        old = decisions["No heavy trucks to Pibor until the culvert stands"]
        new = decisions["Heavy trucks to Pibor before noon"]
        assert (old.state, new.state) == ("superseded", "in_force")
        assert RecordLink.objects.filter(source=new, target=old, relation="replaces").exists()
        for decision in decisions.values():
            outcome = Outcome.objects.get(record=decision)
            assert outcome.item is not None
            assert outcome.meeting.needed_by.date() == decision.effective_from


def test_action_points_live_and_some_are_late(mission: Mission) -> None:
    with acting_as(person(CHAIR), mission):
        points = ActionPoint.objects.filter(body__isnull=False)
        states = set(points.values_list("state", flat=True))
        assert {"verified", "done_claimed", "open"} <= states
        assert points.filter(state="open", needed_by__lt=timezone.now()).count() >= 2
        assert all(Outcome.objects.filter(record_id=point.pk).count() == 1 for point in points)


def test_the_closed_item_is_closed(mission: Mission) -> None:
    with acting_as(person("nbr"), mission):
        assert AgendaItem.objects.filter(title=RISK).count() >= 3
    for post in ("s9e", "u9o"):
        with acting_as(person(post), mission):
            assert Meeting.objects.filter(title="Weekly coordination meeting").exists(), (
                "observers read the meetings"
            )
            assert not AgendaItem.objects.filter(title=RISK).exists()


def test_the_quiet_group_shows_nobody_to_others(mission: Mission) -> None:
    with acting_as(person("u9o"), mission):
        group = Record.objects.get(title="Humanitarian access working group")
        assert not group.record_type.concrete(group).members.exists()
        assert not Meeting.objects.filter(title__startswith="Access, second half").exists()
    with acting_as(person("dca"), mission):
        assert Meeting.objects.filter(title__startswith="Access, second half").exists()
