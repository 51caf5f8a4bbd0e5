"""Capturing action points in a running meeting: whose, with which label, read by whom."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from apps.action_points.models import ActionPoint
from apps.mission.vocabulary import Classification
from apps.records.models import RecordLink
from apps.working_groups.assigning import action_point_assign
from apps.working_groups.convening import appointed
from apps.working_groups.models import AgendaItem, Meeting, Outcome
from apps.working_groups.record import MeetingType
from tests.factories.canary import canary
from tests.factories.groups import item_add
from tests.factories.staff import Staff
from tests.unit.working_groups.keeping import adopted, signed_in

WHO = ("cmc", "clu", "req", "sec", "unit", "cim")


def assign_url(meeting: Meeting, item: AgendaItem | None = None) -> str:
    """The page that records an action point."""
    url = reverse("meetings:assign", kwargs={"uuid": meeting.uuid})
    return f"{url}?item={item.uuid}" if item else url


def answers(staff: Staff, owner: str = "unit", **more: Any) -> dict[str, Any]:
    """A form filled in."""
    due = timezone.localtime(timezone.now() + timedelta(days=5))
    return {
        "title": canary("point"), "owner": str(staff.positions[owner].pk), "needed_by": due.strftime("%Y-%m-%dT%H:%M"),
        "priority": "2", "verifier": "", "details": canary("details"), "classification": "0", "sensitivity": "1",
        "scope": "private",
    } | more  # fmt: skip


def found(staff: Staff, name: str, title: str) -> ActionPoint | None:
    """The action point, as somebody finds it."""
    with staff.acting(name):
        return ActionPoint.objects.filter(title=title).first()


def test_it_is_open_with_its_owner_its_meeting_and_its_item_once(
    staff: Staff, in_session: Meeting, item: AgendaItem
) -> None:
    client, url = signed_in(staff, "cmc"), assign_url(in_session, item)
    data = answers(staff, idempotency_key=client.get(url).context["idempotency_key"])
    for _again in range(2):
        answer = client.post(url, data)
        assert answer.status_code == 302
        assert answer["Location"] == f"{MeetingType.url(in_session)}#item-{item.uuid}"
    with staff.acting("cmc"):
        made = ActionPoint.objects.get(title=data["title"])
        assert (made.state, made.owner_id, made.priority) == ("open", staff.positions["unit"].pk, 2)
        assert made.body_id == in_session.body_id
        assert Outcome.objects.get(record_id=made.pk).item_id == item.pk
        link = RecordLink.objects.get(source_id=made.pk)
        assert (link.target_id, link.relation) == (in_session.pk, RecordLink.Relation.AROSE_FROM)
    assert data["title"] in client.get(MeetingType.url(in_session)).content.decode()


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ({}, {"cmc", "clu", "req", "sec", "unit"}),
        ({"session": "closed", "admits": "members"}, {"cmc", "clu", "req", "unit"}),
        ({"session": "closed", "admits": "leads"}, {"cmc", "clu", "unit"}),
    ],
)
def test_it_is_read_by_its_owner_and_those_whom_the_item_is_for(
    staff: Staff, in_session: Meeting, values: dict[str, str], wanted: set[str]
) -> None:
    row = item_add(staff, in_session, **values)
    data = answers(staff)
    assert signed_in(staff, "cmc").post(assign_url(in_session, row), data).status_code == 302
    assert {name for name in WHO if found(staff, name, data["title"])} == wanted
    made = found(staff, "cmc", data["title"])
    assert made is not None
    assert made.scope == "private"
    with staff.acting("unit"):
        assert not Outcome.objects.filter(record_id=made.pk).exists(), (
            "its owner learns nothing of the meeting"
        )


def test_a_label_below_the_floor_is_refused_at_its_field(staff: Staff, in_session: Meeting) -> None:
    staff.positions["cmc"].clearance = Classification.CONFIDENTIAL
    staff.positions["cmc"].save()
    row = item_add(staff, in_session, session="closed", classification=Classification.CONFIDENTIAL)
    data = answers(staff, scope="mission")
    answer = signed_in(staff, "cmc").post(assign_url(in_session, row), data)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"classification", "scope"}
    assert data["details"] in answer.content.decode(), "what was typed is kept"
    assert found(staff, "cmc", data["title"]) is None
    with staff.acting("cmc") as actor, pytest.raises(ValidationError) as refused:
        action_point_assign(
            actor, meeting=Meeting.objects.get(pk=in_session.pk), item=row, title="t", owner=staff.positions["unit"],
            due=timezone.now() + timedelta(days=1), classification=0, scope="mission",
        )  # fmt: skip
    assert set(refused.value.message_dict) == {"classification", "scope"}, "the service asks the same"


def test_without_a_label_it_has_the_floor(staff: Staff, in_session: Meeting) -> None:
    staff.positions["cmc"].clearance = staff.positions["unit"].clearance = Classification.CONFIDENTIAL
    for name in ("cmc", "unit"):
        staff.positions[name].save()
    row = item_add(staff, in_session, session="closed", classification=Classification.CONFIDENTIAL)
    with staff.acting("cmc") as actor:
        made = action_point_assign(
            actor, meeting=Meeting.objects.get(pk=in_session.pk), item=row, title="t", owner=staff.positions["unit"],
            due=timezone.now() + timedelta(days=1),
        )  # fmt: skip
        assert (made.classification, made.scope) == (Classification.CONFIDENTIAL, "private")


def test_an_owner_who_is_not_cleared_is_refused_at_the_field_and_nothing_is_kept(
    staff: Staff, in_session: Meeting
) -> None:
    staff.positions["cmc"].clearance = Classification.CONFIDENTIAL
    staff.positions["cmc"].save()
    row = item_add(staff, in_session, session="closed", classification=Classification.CONFIDENTIAL)
    data = answers(staff, classification=str(Classification.CONFIDENTIAL.value))
    answer = signed_in(staff, "cmc").post(assign_url(in_session, row), data)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"owner"}
    assert found(staff, "cmc", data["title"]) is None
    with staff.acting("cmc"):
        assert not Outcome.objects.filter(meeting=in_session).exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [({"needed_by": "2020-01-01T10:00"}, "needed_by"), ({"owner": ""}, "owner"), ({"title": ""}, "title")],
)
def test_bad_input_is_told_at_its_field(
    staff: Staff, in_session: Meeting, item: AgendaItem, change: dict[str, str], field: str
) -> None:
    answer = signed_in(staff, "cmc").post(assign_url(in_session, item), answers(staff) | change)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}


def test_what_one_gives_oneself_somebody_else_verifies(
    staff: Staff, in_session: Meeting, item: AgendaItem
) -> None:
    client, url = signed_in(staff, "cmc"), assign_url(in_session, item)
    mine = answers(staff, owner="cmc")
    assert set(client.post(url, mine).context["form"].errors) == {"verifier"}
    assert client.post(url, mine | {"verifier": str(staff.positions["req"].pk)}).status_code == 302


def test_only_whoever_keeps_the_meeting_gives_out_work_until_it_is_adopted(
    staff: Staff, in_session: Meeting, item: AgendaItem
) -> None:
    data, url = answers(staff), assign_url(in_session, item)
    for name, code in (("req", 403), ("sec", 403), ("cim", 404)):
        assert signed_in(staff, name).get(url).status_code == code
        assert signed_in(staff, name).post(url, data).status_code == code
    assert found(staff, "cmc", data["title"]) is None
    adopted(staff, in_session, item)
    assert signed_in(staff, "cmc").post(url, data).status_code == 409


def test_whoever_keeps_a_meeting_without_leading_its_group_is_not_offered_it(
    staff: Staff, in_session: Meeting, item: AgendaItem
) -> None:
    with staff.acting("cmc") as actor:
        Meeting.objects.filter(pk=in_session.pk).update(secretary=staff.positions["req"])
        appointed(actor, record=Meeting.objects.get(pk=in_session.pk))
    offered = {
        name: (
            reverse("meetings:assign", kwargs={"uuid": in_session.uuid}) in page,
            reverse("meetings:agenda", kwargs={"uuid": in_session.uuid}) in page,
        )
        for name in ("cmc", "req", "clu")
        for page in [signed_in(staff, name).get(MeetingType.url(in_session)).content.decode()]
    }
    assert offered == {"cmc": (True, True), "req": (False, True), "clu": (False, False)}
