"""What is raised from an activity is linked to it, is read by who reads both, and has no less than its label."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.test import Client

from apps.joint_plans.models import Activity, JointPlan, Part, PartLink
from apps.joint_plans.raising import least, origin_of, part_link, raised_from, shown
from apps.records.errors import NotPermitted
from apps.records.models import Record
from tests.factories.aid_requests import request_file
from tests.factories.plans import circulated, now
from tests.factories.staff import Staff


@pytest.fixture
def plan(staff: Staff) -> JointPlan:
    """One that the requester's organisation contributes to, and files requests from."""
    return circulated(staff)


def activity_of(staff: Staff, plan: JointPlan) -> Activity:
    with staff.acting("cim"):
        return Activity.objects.get(of_plan=plan)


def browser(staff: Staff, name: str) -> Client:
    client = Client()
    client.force_login(staff.people[name], backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


class _Form(HTMLParser):
    """The fields of the page's own form, as a browser sends them."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, str] = {}
        self.select = self.area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        name, value = said.get("name") or "", said.get("value") or ""
        if tag == "select":
            self.select = name
        elif tag == "textarea":
            self.area = name
            self.sent[name] = ""
        elif tag == "option" and "selected" in said:
            self.sent[self.select] = value
        elif tag == "input" and name and (said.get("type") not in ("radio", "checkbox") or "checked" in said):
            self.sent[name] = value

    def handle_data(self, data: str) -> None:
        if self.area:
            self.sent[self.area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.area = ""


def filled(page: Any, **changes: str) -> dict[str, str]:
    """What the form as it was drawn sends back, changed."""
    html = page.content.decode()
    read = _Form()
    read.feed(html[html.index("idempotency_key") - 200 :])
    return read.sent | changes


def wrong(answered: Any) -> str:
    """What the page says is wrong."""
    found = re.search(r'class="error-summary".*?</div>', answered.content.decode(), re.S)
    return found[0] if found else ""


def test_an_aid_request_begins_with_what_the_activity_says(staff: Staff, plan: JointPlan) -> None:
    activity = activity_of(staff, plan)
    url = f"/aid-requests/new/?part={activity.uuid}"
    page = browser(staff, "req").get(url)
    text = page.content.decode()
    assert page.status_code == 200
    assert activity.title in text
    assert plan.reference in text
    answered = browser(staff, "req").post(url, filled(page, title="Trucks", kind="mcda", priority="2"))
    assert answered.status_code == 302, wrong(answered)
    with staff.acting("req"):
        made = Record.objects.get(title="Trucks")
        assert (made.area_id, made.sector_id) == (activity.area_id, activity.sector_id)
        assert [row.pk for row in raised_from(activity)] == [made.pk]
    assert "Trucks" in browser(staff, "req").get(f"/joint-plans/{plan.uuid}/").content.decode()
    assert "Trucks" not in browser(staff, "unit").get(f"/joint-plans/{plan.uuid}/").content.decode()
    for post in ("cim", "unit"):
        with staff.acting(post):
            assert PartLink.objects.count() == 0, post


@pytest.mark.parametrize("name", ["action-point", "meeting"])
def test_action_points_and_meetings_begin_with_it(staff: Staff, plan: JointPlan, name: str) -> None:
    activity = activity_of(staff, plan)
    page = browser(staff, "cim").get(f"/joint-plans/raise/{name}/?part={activity.uuid}")
    assert page.status_code == 200
    assert activity.title in page.content.decode()
    hidden = (
        browser(staff, "req_elsewhere")
        .get(f"/joint-plans/raise/{name}/?part={activity.uuid}")
        .content.decode()
    )
    assert activity.title not in hidden
    for broken in ("x", "", "7d6c8a52-0000-4000-8000-000000000001"):
        assert browser(staff, "cim").get(f"/joint-plans/raise/{name}/?part={broken}").status_code == 200


def test_an_action_point_is_linked(staff: Staff, plan: JointPlan) -> None:
    activity = activity_of(staff, plan)
    client, url = browser(staff, "cim"), f"/joint-plans/raise/action-point/?part={activity.uuid}"
    said = filled(
        client.get(url), title="Fix it", owner=str(staff.positions["cim"].pk), needed_by="2027-01-10T10:00",
    )  # fmt: skip
    answered = client.post(url, said)
    assert answered.status_code == 302, wrong(answered)
    with staff.acting("cim"):
        assert [row.title for row in raised_from(activity)] == ["Fix it"]


def test_the_label_is_no_lower_than_the_activitys(staff: Staff, plan: JointPlan) -> None:
    with staff.acting("cim"):
        Part.objects.filter(plan=plan, kind="activity").update(opens_to="contributors")
    with staff.acting("req") as actor:
        activity = Activity.objects.get(of_plan=plan)
        origin = origin_of(actor, str(activity.uuid))
        assert origin is not None
        assert least(origin, staff.organisations["ngo"].pk).scope == "private"
    wide = request_file(staff, scope="organisation")
    narrow = request_file(staff, scope="private")
    with staff.acting("req") as actor:
        with pytest.raises(ValidationError) as refusal:
            part_link(actor, origin=origin, record=wide)
        assert "scope" in refusal.value.message_dict
        part_link(actor, origin=origin, record=narrow)


def test_only_who_takes_part_links_and_only_what_they_read(staff: Staff, plan: JointPlan) -> None:
    activity = activity_of(staff, plan)
    request = request_file(staff, scope="private")
    foreign = request_file(staff, by="req_elsewhere", scope="private")
    with staff.acting("req") as actor:
        origin = origin_of(actor, str(activity.uuid))
        assert origin is not None
        part_link(actor, origin=origin, record=request)
        with pytest.raises(DatabaseError), transaction.atomic():
            PartLink.objects.create(plan=plan, part_id=activity.pk, record_id=foreign.pk, author=actor.user)
        with pytest.raises(DatabaseError), transaction.atomic():
            PartLink.objects.all().delete()
        assert len(shown(actor, now(plan), activity)["begins"]) >= 1
    with staff.acting("req_elsewhere") as actor:
        assert origin_of(actor, str(activity.uuid)) is None
        with pytest.raises((DatabaseError, NotPermitted)), transaction.atomic():
            PartLink.objects.create(
                plan_id=plan.pk, part_id=activity.pk, record_id=foreign.pk, author=actor.user
            )
    with staff.acting("cim"):
        Part.objects.filter(pk=activity.pk).update(opens_to="planners")
    with staff.acting("req"):
        assert Record.objects.filter(pk=request.pk).exists()
        assert PartLink.objects.count() == 0
