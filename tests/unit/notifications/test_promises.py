"""Who is told of resources that are asked for and promised, and what it says to each."""

from __future__ import annotations

from collections import Counter

import pytest
from django.core import mail
from django.db import transaction

from apps.joint_plans.models import Promise, Resource
from apps.mission.vocabulary import Role
from apps.notifications.mail import mail_drain
from apps.notifications.models import Notification
from apps.notifications.relay import relay_drain
from apps.notifications.rendering import Said, said
from apps.notifications.vocabulary import Reason, Topic
from tests.factories.canary import canary
from tests.factories.plans import circulated, take
from tests.factories.resources import ask, resource_make, settle
from tests.factories.staff import Staff
from tests.unit.notifications.conftest import Signed, everybody_told, forget, mailed


def words(staff: Staff, name: str) -> list[tuple[str, Said]]:
    """What the holder of a post is told without a record, the oldest first: (topic, words)."""
    with staff.acting(name) as actor:
        rows = list(Notification.objects.exclude(topic="").order_by("id"))
        found = said(actor, rows)
        return [(row.topic, found[row.pk]) for row in rows]


@pytest.fixture
def asked(staff: Staff) -> tuple[Resource, Promise]:
    """A resource of the battalion, asked for by the planner for a plan that the battalion does not read."""
    plan = circulated(staff, parts={"req": "contributor"})
    resource = resource_make(staff)
    forget()
    return resource, ask(staff, plan, resource, since=10, until=12)


def test_whoever_keeps_it_is_asked_and_nobody_else(staff: Staff, asked: tuple[Resource, Promise]) -> None:
    resource, promise = asked
    before = everybody_told(staff)
    relay_drain()
    new = {name: found - before.get(name, Counter()) for name, found in everybody_told(staff).items()}
    assert {name: found for name, found in new.items() if found} == {"unit": Counter({Reason.NEEDS_ME: 1})}
    ((topic, told),) = words(staff, "unit")
    assert (topic, told.title) == (Topic.RESOURCE_ASKED, resource.capability)
    assert told.url == f"/joint-plans/resources/asked/{promise.uuid}/"


def test_the_mail_says_what_is_asked_and_nothing_of_the_plan(
    staff: Staff, asked: tuple[Resource, Promise], signed: Signed
) -> None:
    resource, promise = asked
    mail.outbox.clear()
    relay_drain()
    mail_drain()
    (message,) = mailed()["unit"]
    assert resource.capability in message.subject
    whole = str(message.message())
    assert "A resource is asked of you" in whole
    for hidden in (promise.plan.title, promise.plan.reference, promise.part.title, promise.note):
        assert hidden not in whole
    inbox = signed("unit").get("/notifications/").content.decode()
    assert "A resource is asked of you" in inbox
    assert promise.plan.reference not in inbox


def test_of_what_not_everybody_learns_mail_says_the_kind_alone(staff: Staff) -> None:
    plan = circulated(staff)
    group = staff.organisations["force"].group_id
    resource = resource_make(staff, opens_to="named", readers=[group], capability=canary("quiet"))
    forget()
    ask(staff, plan, resource)
    relay_drain()
    mail_drain()
    (message,) = mailed()["unit"]
    assert resource.capability not in str(message.message())
    assert str(resource.get_kind_display()) in message.subject


@pytest.mark.parametrize(("state", "reason"), [("promised", Reason.PART), ("declined", Reason.NEEDS_ME)])
def test_whoever_asked_hears_the_answer(
    staff: Staff, asked: tuple[Resource, Promise], state: str, reason: Reason
) -> None:
    resource, promise = asked
    forget()
    settle(staff, promise, state, reason="So it is.")
    relay_drain()
    ((topic, told),) = words(staff, "cim")
    assert (topic, told.title) == (f"resource_{state}", resource.capability)
    assert str(promise.part.uuid) in told.url
    with staff.acting("cim"):
        assert [row.reason for row in Notification.objects.exclude(topic="")] == [reason]
    assert [topic for topic, _told in words(staff, "unit")] == [Topic.RESOURCE_ASKED]


def test_a_release_is_told_to_the_other_side(staff: Staff, asked: tuple[Resource, Promise]) -> None:
    _resource, promise = asked
    settle(staff, promise, "promised")
    forget()
    settle(staff, promise, "released", by="cim")
    relay_drain()
    assert [topic for topic, _told in words(staff, "unit")][-1] == Topic.RESOURCE_RELEASED
    assert Topic.RESOURCE_RELEASED not in [topic for topic, _told in words(staff, "cim")]


def test_the_end_of_a_plan_releases_and_tells(staff: Staff, asked: tuple[Resource, Promise]) -> None:
    _resource, promise = asked
    forget()
    take(staff, promise.plan, "cim", "withdraw", "Not needed.")
    relay_drain()
    assert [topic for topic, _told in words(staff, "unit")] == [Topic.RESOURCE_ASKED, Topic.RESOURCE_RELEASED]


def test_who_keeps_it_no_more_reads_no_more_of_it(staff: Staff, asked: tuple[Resource, Promise]) -> None:
    resource, _promise = asked
    relay_drain()
    staff.post("keeper", "contingent", Role.UNIT)
    with staff.acting("unit"):
        Resource.objects.filter(pk=resource.pk).update(keeper=staff.positions["keeper"])
    ((_topic, told),) = words(staff, "unit")
    assert not told.available


def test_what_was_not_kept_is_not_told(staff: Staff) -> None:
    plan, resource = circulated(staff), resource_make(staff)
    forget()
    before = everybody_told(staff)
    with transaction.atomic():
        ask(staff, plan, resource)
        transaction.set_rollback(True)
    relay_drain()
    assert everybody_told(staff) == before
