"""The page of a group: its meetings, terms, decisions and action points, as far as one reads them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from apps.action_points.services import action_point_file
from apps.working_groups.calling import body_of
from apps.working_groups.models import WorkingGroup
from tests.factories.groups import decision_made, group_active, item_add, meeting_planned, step
from tests.factories.staff import Staff
from tests.unit.working_groups.test_calling import browser, form, series_of
from tests.unit.working_groups.test_groups import endorse, terms

HIDDEN = "Who belongs to this group is not shown to you."
HIDDEN_ELSE = "Who else belongs to this group is not shown to you."


def page(staff: Staff, name: str, group: WorkingGroup) -> Any:
    answer = browser(staff, name).get(f"/working-groups/{group.uuid}/")
    assert answer.status_code == 200
    return answer


def test_members_see_what_is_ahead_and_what_was(staff: Staff) -> None:
    group = group_active(staff)
    held = meeting_planned(staff, group, starts=timezone.now() - timedelta(hours=2))
    cancelled = meeting_planned(staff, group)
    coming = meeting_planned(staff, group)
    for name in ("start", "end"):
        step(staff, held, "cmc", name)
    step(staff, cancelled, "cmc", "cancel", "Roads.")
    found = page(staff, "req", group).context
    assert [each["record"].pk for each in found["coming"]] == [coming.pk]
    assert [each["record"].pk for each in found["past"]] == [held.pk]
    assert found["call_url"] == ""


def test_a_meeting_that_one_does_not_read_is_not_there(staff: Staff) -> None:
    group = group_active(staff)
    staff.positions["cmc"].clearance = 1
    staff.positions["cmc"].save(update_fields=["clearance"])
    meeting = meeting_planned(staff, group, classification=1)
    assert [each["record"].pk for each in page(staff, "cmc", group).context["coming"]] == [meeting.pk]
    shown = page(staff, "req", group)
    assert shown.context["coming"] == []
    assert "No meeting is called." in shown.content.decode()


def test_whoever_leads_calls_from_here_while_the_group_meets(staff: Staff) -> None:
    group = group_active(staff)
    series_of(staff, group)
    text = page(staff, "cmc", group).content.decode()
    assert f"/working-groups/{group.uuid}/call/" in text
    assert f"/working-groups/{group.uuid}/series/" in text
    step(staff, group, "cmc", "suspend", "Until the roads are dry.")
    text = page(staff, "cmc", group).content.decode()
    assert f"/working-groups/{group.uuid}/call/" not in text
    assert f"/working-groups/{group.uuid}/series/" not in text


def test_an_outsider_has_no_page(staff: Staff) -> None:
    group = group_active(staff)
    assert browser(staff, "cim").get(f"/working-groups/{group.uuid}/").status_code == 404


@pytest.mark.parametrize(("days", "said"), [(-1, "Its review was due on"), (30, "To be reviewed on")])
def test_terms_in_force_and_their_review(staff: Staff, days: int, said: str) -> None:
    group = group_active(staff)
    endorse(staff, group, terms(staff, group), endorsed_by="The humanitarian country team")
    second = terms(staff, group)
    endorse(staff, group, second, review_on=timezone.localdate() + timedelta(days=days))
    terms(staff, group, "A draft of a third version.")
    shown = page(staff, "req", group)
    assert shown.context["terms"].number == 2
    assert "Version 2 of the terms of reference is in force, endorsed by The group" in shown.content.decode()
    assert said in shown.content.decode()
    assert [row.number for row in shown.context["terms_before"]] == [1]
    text = shown.content.decode()
    assert "Version 1, endorsed by The humanitarian country team on" in text
    assert "Version 3, not endorsed yet" in text
    section = text.partition('id="terms"')[2].partition("</section>")[0]
    assert section.count("A draft of a third version.") == 1
    assert (
        section.count("<details>") == 2
    )  # the draft and the earlier version are folded; the one in force is not


def test_decisions_in_force_and_open_action_points(staff: Staff) -> None:
    group = group_active(staff)
    meeting = meeting_planned(staff, group)
    step(staff, meeting, "cmc", "start")
    item = item_add(staff, meeting)
    old, kept = decision_made(staff, meeting, item), decision_made(staff, meeting, item)
    step(staff, old, "cmc", "revoke", "It was wrong.")
    with staff.acting("cmc") as actor:
        stored = WorkingGroup.objects.get(pk=group.pk)
        point = action_point_file(
            actor, title="Send the map", owner=staff.positions["req"], due=timezone.now() + timedelta(days=3),
            body=Group.objects.get(pk=body_of(stored)),
        )  # fmt: skip
    found = page(staff, "cmc", group).context
    assert [each["record"].pk for each in found["decisions"]] == [kept.pk]
    assert [each["record"].pk for each in found["points"]] == [point.pk]
    step(staff, point, "cmc", "cancel", "Not needed.")
    assert page(staff, "cmc", group).context["points"] == []


@pytest.mark.parametrize(
    ("membership", "name", "said"),
    [
        ("readers", "req", ""),
        ("members", "req", ""),
        ("leads", "cmc", ""),
        ("leads", "req", HIDDEN_ELSE),
        ("leads", "sec", HIDDEN_ELSE),
    ],
)
def test_who_learns_that_members_are_hidden(staff: Staff, membership: str, name: str, said: str) -> None:
    shown = page(staff, name, group_active(staff, membership=membership))
    text = shown.content.decode()
    assert [each for each in (HIDDEN, HIDDEN_ELSE) if each in text] == [said] * bool(said)


def test_a_reader_who_does_not_belong_learns_that_and_no_more(staff: Staff) -> None:
    group = group_active(staff, membership="members", scope="mission")
    text = page(staff, "cim", group).content.decode()
    assert HIDDEN in text
    # WHY: everybody in the mission reads the record and stands in its audience; who belongs stands in the section.
    section = text.partition('id="members"')[2].partition("</section>")[0]
    assert "Members" in section
    assert not [name for name in ("Post req", "Post clu", "Post sec") if name in section]


def test_an_empty_group_hides_nobody_from_whoever_leads_it(staff: Staff) -> None:
    group = group_active(staff, membership="leads", members=(), observers=())
    assert not page(staff, "cmc", group).context["members_hidden"]


# ---------------------------------------------------------------- who will read a meeting that is called
def test_calling_shows_who_will_read_it_before_it_is_called(staff: Staff) -> None:
    group = group_active(staff)
    client, where = browser(staff, "cmc"), f"/working-groups/{group.uuid}/call/"
    shown = client.get(where).context["audience"]
    assert shown["people"] == 4  # who leads, two members, an observer
    wider = client.post(f"{where}preview/", form(scope="mission")).context["audience"]
    assert wider["people"] > 4
    answer = client.post(f"{where}preview/", form(classification="9"))
    assert "Choose a label to see who will read this." in answer.content.decode()


def test_what_the_preview_says_is_what_comes(staff: Staff) -> None:
    group = group_active(staff)
    client, where = browser(staff, "cmc"), f"/working-groups/{group.uuid}/call/"
    said = client.post(f"{where}preview/", form(scope="organisation")).context["audience"]
    to = client.post(where, form(scope="organisation"))["Location"]
    assert client.get(to).context["audience"]["people"] == said["people"]


def test_the_preview_is_missing_for_whoever_does_not_lead(staff: Staff) -> None:
    group = group_active(staff)
    for name in ("req", "sec", "cim"):
        assert (
            browser(staff, name).post(f"/working-groups/{group.uuid}/call/preview/", form()).status_code
            == 404
        )


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_meeting_at_the_ends_of_the_calendar_is_refused_at_its_field(staff: Staff, day: str) -> None:
    group = group_active(staff)
    wrong = form(starts=f"{day}T22:00", ends=f"{day}T23:00")
    answer = browser(staff, "cmc").post(f"/working-groups/{group.uuid}/call/", wrong)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"starts", "ends"}
