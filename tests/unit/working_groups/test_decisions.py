"""The register of decisions: its page, its list, what search finds of it, and what may be told of it elsewhere."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.need_to_know.grants import grant_give
from apps.need_to_know.selectors import searched
from apps.records.models import Record
from apps.releases.models import Release
from apps.working_groups.models import Decision
from apps.working_groups.record import DecisionType, MeetingType
from tests.factories.groups import decision_made, group_active, item_add, meeting_planned, step
from tests.factories.releases import release_from
from tests.factories.staff import Staff

LIST = reverse("decisions:list")


def page(staff: Staff, name: str, record: Record) -> str:
    """What somebody sees of it."""
    client = Client()
    client.force_login(staff.people[name])
    answer = client.get(DecisionType.url(record))
    assert answer.status_code == 200
    return answer.content.decode()


def said(text: str) -> str:
    """The part of the page about the decision itself, in words."""
    part = text[text.index('id="decision"') :]
    part = part[: part.index("</section>")]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", part))


def listed(staff: Staff, name: str, **query: str) -> str:
    """The list as somebody sees it."""
    client = Client()
    client.force_login(staff.people[name])
    answer = client.get(LIST, query)
    assert answer.status_code == 200
    return answer.content.decode()


def made(staff: Staff, meeting: Any, item: Any = None, **values: Any) -> Decision:
    """A decision of a meeting; read by the mission where its meeting is."""
    return decision_made(staff, meeting, item, **values)


# ---------------------------------------------------------------- the page
def test_the_words_stand_first_with_who_decided_and_of_which_item(staff: Staff) -> None:
    group = group_active(staff)
    meeting = meeting_planned(staff, group)
    item = item_add(staff, meeting)
    day = timezone.now().date()
    decision = made(staff, meeting, item, review_on=day + timedelta(days=30))
    told = said(page(staff, "req", decision))
    begins = meeting.needed_by
    assert begins is not None
    order = (
        "What was decided", decision.text, "In force", f"Made by {group.title}", f"Working group {group.title}",
        f"In force from {day}", f"Review on {day + timedelta(days=30)}", f"Came out of {meeting.title}",
        f"{begins:%Y-%m-%d}", f"item: {item.title}",
    )  # fmt: skip
    places = [told.find(each) for each in order]
    assert -1 not in places, dict(zip(order, places, strict=True))
    assert places == sorted(places)
    assert "overdue" not in told
    assert MeetingType.url(meeting) in page(staff, "req", decision)


def test_a_review_is_overdue_by_word_while_the_decision_is_in_force(staff: Staff) -> None:
    meeting = meeting_planned(staff, group_active(staff))
    yesterday = timezone.now().date() - timedelta(days=1)
    decision = made(staff, meeting, review_on=yesterday, effective_from=yesterday - timedelta(days=9))
    assert "The review is overdue." in said(page(staff, "req", decision))
    step(staff, decision, "cmc", "revoke", note="no more")
    assert "overdue" not in said(page(staff, "req", decision))


def test_what_replaces_what_stands_on_both_pages(staff: Staff) -> None:
    meeting = meeting_planned(staff, group_active(staff))
    older = made(staff, meeting)
    with staff.acting("cmc"):
        older = Decision.objects.get(pk=older.pk)
    newer = made(staff, meeting, replaces=older)
    assert f"Replaces {newer.reference}" not in said(page(staff, "req", newer))
    assert f"Replaces {older.reference} {older.title}" in said(page(staff, "req", newer))
    assert f"Replaced by {newer.reference} {newer.title}" in said(page(staff, "req", older))


def test_what_the_reader_may_not_read_is_not_named_beside_it(staff: Staff) -> None:
    group = group_active(staff)
    meeting = meeting_planned(staff, group, scope="mission")
    closed = item_add(staff, meeting, session="closed")
    open_item = item_add(staff, meeting)
    older = made(staff, meeting, closed)
    with staff.acting("cmc"):
        older = Decision.objects.get(pk=older.pk)
    newer = made(staff, meeting, open_item, replaces=older)
    seen = page(staff, "cim", newer)
    assert newer.text in seen
    assert "Replaces" not in said(seen)
    for hidden in (older.reference, older.title, "Working group"):
        assert hidden not in said(seen), hidden
    assert older.reference not in seen
    assert meeting.title in said(seen)
    member = said(page(staff, "req", newer))
    assert older.reference in member
    assert f"Working group {group.title}" in member


def test_a_meeting_that_is_hidden_is_not_named_on_what_came_of_it(staff: Staff) -> None:
    meeting = meeting_planned(staff, group_active(staff))
    decision = made(staff, meeting)
    with staff.acting("cmc") as actor:
        kept = Record.objects.get(pk=decision.pk)
        grant_give(actor, record=kept, to=staff.positions["cim"], reason="asked")
    seen = page(staff, "cim", decision)
    assert decision.text in seen
    assert "Came out of" not in said(seen)
    assert meeting.title not in seen
    assert meeting.reference not in seen


# ---------------------------------------------------------------- the list
def test_the_list_holds_my_groups_decisions_when_asked(staff: Staff) -> None:
    mine = made(staff, meeting_planned(staff, group_active(staff), scope="mission"))
    other = made(
        staff, meeting_planned(staff, group_active(staff, members=("clu",), observers=()), scope="mission")
    )
    everything = listed(staff, "req")
    assert mine.reference in everything
    assert other.reference in everything
    only = listed(staff, "req", group="on")
    assert mine.reference in only
    assert other.reference not in only
    assert mine.reference not in listed(staff, "cim", group="on"), "who belongs to no group has none"


def test_the_list_holds_what_is_due_for_review(staff: Staff) -> None:
    meeting = meeting_planned(staff, group_active(staff))
    today = timezone.now().date()
    late, revoked = (made(staff, meeting, review_on=today - timedelta(days=1)) for _ in range(2))
    ahead = made(staff, meeting, review_on=today + timedelta(days=1))
    step(staff, revoked, "cmc", "revoke", note="no more")
    found = listed(staff, "req", review="on")
    assert late.reference in found
    for each in (ahead, revoked):
        assert each.reference not in found


def test_the_navigation_leads_to_groups_meetings_decisions_and_action_points(staff: Staff) -> None:
    text = listed(staff, "req")
    menu = text[text.index('class="site-nav"') : text.index("</nav>", text.index('class="site-nav"'))]
    for plural in ("working-groups", "meetings", "decisions", "action-points"):
        assert f'href="/{plural}/"' in menu, plural
    assert re.findall(r'href="([^"]+)" aria-current="page"', menu) == [LIST]


# ---------------------------------------------------------------- search and releases
def test_search_finds_a_decision_by_its_text_for_its_readers_alone(staff: Staff) -> None:
    decision = made(
        staff, meeting_planned(staff, group_active(staff)), text="Convoys halt at Bridge Seventeen"
    )
    for name, found in (("req", True), ("cim", False)):
        with staff.acting(name):
            rows = Record.objects.filter(pk__in=searched("bridge sevent", "decision"))
            assert rows.filter(pk=decision.pk).exists() is found, name


def test_a_releasable_summary_is_drawn_from_it_with_no_less_than_its_label(staff: Staff) -> None:
    meeting = meeting_planned(staff, group_active(staff), sensitivity=2)
    decision = made(staff, meeting)
    release = release_from(staff, decision, by="cmc")
    with staff.acting("cmc"):
        kept = Release.objects.get(pk=release.pk)
        source = Decision.objects.get(pk=decision.pk)
        label = ("classification", "sensitivity", "compartments", "data_types")
        assert [getattr(kept, name) for name in label] == [getattr(source, name) for name in label]
        assert source.sensitivity == 2, "the label that it got from its meeting"
    with staff.acting("cim"):
        assert not Release.objects.filter(pk=release.pk).exists(), (
            "nobody reads the draft who read not the source"
        )
