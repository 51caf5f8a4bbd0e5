"""The set-up pages of webhooks, reminders and defaults: what they refuse, and a secret that is shown once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as configured
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.mission.models import Holding
from apps.mission.vocabulary import Role
from apps.notifications.models import ClockRule, DefaultFrequency, Webhook
from apps.notifications.relay import relay_drain
from apps.notifications.webhooks import calls_drain
from tests.factories.aid_requests import request_file, take
from tests.factories.receivers import LOOPBACK, Receiver, certificate, receiver
from tests.factories.staff import Staff

ADD = reverse("admin:notifications_webhook_add")
ADDED = ("adm", "adm_other", "machine")
Form = Callable[..., dict[str, Any]]


@pytest.fixture
def system(settings: Any) -> Iterator[Receiver]:
    """A system of the mission in a network that the operator allows."""
    with receiver() as made:
        settings.OUTWARD_NETWORKS = LOOPBACK
        settings.OUTWARD_PORTS = [443, made.port]
        yield made


@pytest.fixture
def admin(staff: Staff) -> Iterator[Client]:
    """An administrator's browser; there is an account for a system beside."""
    relay_drain()
    staff.post("adm", "support", Role.ADMIN)
    staff.post("machine", "agency", Role.CLUSTER, sector=staff.sector)
    User.objects.filter(pk=staff.people["adm"].pk).update(is_staff=True)
    client = Client()
    client.force_login(staff.people["adm"], backend=configured.AUTHENTICATION_BACKENDS[0])
    yield client
    # WHY: the mission is shared by the package, its people are kept by name.
    for name in ADDED:
        staff.people.pop(name, None), staff.positions.pop(name, None)


@pytest.fixture
def form(staff: Staff, system: Receiver, admin: Client) -> Form:
    """What an administrator sends."""

    def filled(**changes: Any) -> dict[str, Any]:
        return {
            "mission": staff.mission.pk, "name": "Logistics", "url": system.url(), "is_active": "on",
            "account": staff.people["machine"].pk, "record_types": ["aid_request"], **changes,
        }  # fmt: skip

    return filled


def errors(page: Any) -> dict[str, list[str]]:
    """What the form says, by field."""
    return dict(page.context["adminform"].form.errors) if page.status_code == 200 and page.context else {}


def change(webhook: Webhook, name: str = "change") -> str:
    return reverse(f"admin:notifications_webhook_{name}", args=[webhook.pk])


def test_a_webhook_is_made_and_its_secret_is_shown_once(admin: Client, form: Form) -> None:
    page = admin.post(ADD, form())
    webhook = Webhook.objects.get()
    assert page.context["webhook"] == webhook
    assert (
        webhook.secret.replace("+", "&#x2B;") in page.content.decode()
        or webhook.secret in page.content.decode()
    )
    assert "no-store" in page["Cache-Control"]
    assert webhook.record_types == ["aid_request"]
    everywhere = [
        admin.get(change(webhook)), admin.get(reverse("admin:notifications_webhook_changelist")),
        admin.get(change(webhook, "history")), admin.post(change(webhook), form(), follow=True),
    ]  # fmt: skip
    for each in everywhere:
        assert each.status_code == 200
        assert webhook.secret[6:20] not in each.content.decode()
    assert not [e for e in LogEntry.objects.all() if webhook.secret[6:20] in e.change_message]
    assert "secret" not in str(admin.cookies)


def test_a_new_secret_replaces_the_old_one(admin: Client, form: Form) -> None:
    admin.post(ADD, form())
    old = Webhook.objects.get()
    assert admin.get(change(old, "secret")).status_code == 404
    assert Webhook.objects.get().secret == old.secret
    page = admin.post(change(old, "secret"))
    new = Webhook.objects.get()
    assert new.secret != old.secret
    assert page.context["webhook"].secret == new.secret


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.1.1/", "http://169.254.169.254/latest/", "https://10.0.0.1/", "https://[::1]/", "ftp://a.example.org/",
        "https://user:word@example.org/", "https://example.org:22/", "http://8.8.8.8/", "https://localhost/",
    ],
)  # fmt: skip
def test_closed_addresses_are_refused_at_the_field(
    admin: Client, form: Form, settings: Any, url: str
) -> None:
    settings.OUTWARD_NETWORKS = []
    page = admin.post(ADD, form(url=url))
    assert list(errors(page)) == ["url"]
    assert not Webhook.objects.exists()


def test_all_closed_addresses_are_refused_in_the_same_words(admin: Client, form: Form, settings: Any) -> None:
    settings.OUTWARD_NETWORKS = []
    urls = ("https://10.0.0.1/", "https://localhost/", "https://8.8.8.8:22/", "http://8.8.8.8/")
    assert len({str(errors(admin.post(ADD, form(url=url)))["url"]) for url in urls}) == 1


@pytest.mark.parametrize(
    ("name", "fields"),
    [("req", {"password": "argon2$x"}), ("req", {"last_login": timezone.now()}), ("adm", {"is_staff": True})],
)
def test_accounts_of_people_are_refused(
    admin: Client, form: Form, staff: Staff, name: str, fields: dict[str, Any]
) -> None:
    person = staff.people[name]
    User.objects.filter(pk=person.pk).update(**fields)
    page = admin.post(ADD, form(account=person.pk))
    assert "A person uses this account" in errors(page)["account"][0]


def test_the_account_needs_a_position_of_its_own(admin: Client, form: Form, staff: Staff) -> None:
    machine = staff.people["machine"]
    shared = Holding.objects.create(
        position=staff.positions["machine"],
        person=staff.people["req"],
        starts=timezone.now() - timedelta(days=1),
    )
    assert "needs one of its own" in errors(admin.post(ADD, form()))["account"][0]
    Holding.objects.filter(pk=shared.pk).delete()
    User.objects.filter(pk=machine.pk).update(is_active=False)
    assert "closed" in errors(admin.post(ADD, form()))["account"][0]
    User.objects.filter(pk=machine.pk).update(is_active=True)
    Holding.objects.filter(person=machine).update(until=timezone.now() - timedelta(seconds=1))
    assert "holds no position" in errors(admin.post(ADD, form()))["account"][0]
    assert not Webhook.objects.exists()


def test_other_things_that_are_refused(admin: Client, form: Form, staff: Staff) -> None:
    stranger = User.objects.create_user("machine@elsewhere.invalid", name="Machine elsewhere")
    assert "account" in errors(admin.post(ADD, form(account=stranger.pk)))
    assert "record_types" in errors(admin.post(ADD, form(record_types=["letters"])))
    admin.post(ADD, form())
    assert errors(admin.post(ADD, form())), "the same name again"
    other = Webhook.objects.create(
        mission=staff.mission, name="Second", url="https://example.org/", account=staff.people["machine"]
    )
    page = admin.post(change(other), form(name="Logistics"))
    assert errors(page), "the same name by a change"
    assert (
        admin.post(
            reverse("admin:notifications_webhook_delete", args=[other.pk]), {"post": "yes"}
        ).status_code
        == 403
    )


def test_a_test_call_and_what_became_of_the_last_calls(
    admin: Client, form: Form, staff: Staff, system: Receiver, settings: Any, tmp_path: Any
) -> None:
    admin.post(ADD, form())
    webhook = Webhook.objects.get()

    def told() -> str:
        page = admin.post(change(webhook, "test"), follow=True)
        return re.sub(r"\s+", " ", " ".join(str(message) for message in page.context["messages"]))

    assert told() == "The system took the test call."
    system.answer = 404
    assert told() == "The system refused the test call: it answered 404."
    context, _trusted = certificate(tmp_path, "system.test")
    with receiver(tls=context) as secured:
        settings.OUTWARD_PORTS = [*settings.OUTWARD_PORTS, secured.port]
        Webhook.objects.update(url=secured.url())
        assert "not trusted" in told()
    assert "did not answer" in told()
    Webhook.objects.update(url=system.url())
    settings.OUTWARD_NETWORKS = []
    assert "may not reach" in told()
    settings.OUTWARD_NETWORKS = LOOPBACK
    assert admin.get(change(webhook, "test")).status_code == 404

    assert "There were none yet." in admin.get(change(webhook)).content.decode()
    request = take(staff, request_file(staff), "req", "submit")
    relay_drain()
    calls_drain(5)
    page = admin.get(change(webhook)).content.decode()
    assert "The other server refused it." in page
    for word in (str(request.uuid), request.reference, request.title, "submit<"):
        assert word not in page


def test_the_numbers_of_calls_are_for_administrators(
    admin: Client, form: Form, staff: Staff, system: Receiver
) -> None:
    admin.post(ADD, form())
    take(staff, request_file(staff), "req", "submit")
    relay_drain()
    asked = "SELECT count(*) FROM notifications_calls(%s)"
    for name, expected in (("adm", 1), ("req", 0), ("dec", 0), ("machine", 0)):
        with staff.acting(name), connection.cursor() as cursor:
            cursor.execute(asked, [Webhook.objects.get().pk])
            assert cursor.fetchone() == (expected,), name


def refreshed() -> int:
    """How many records' clocks are to be set anew."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT notifications_health() ->> 'outbox'")
        return int(cursor.fetchone()[0])


def test_a_rule_of_reminders_sets_the_clocks_anew(admin: Client, staff: Staff) -> None:
    take(staff, request_file(staff), "req", "submit")
    relay_drain()
    assert refreshed() == 0
    rule = {
        "mission": staff.mission.pk,
        "priority": "",
        "remind_percent": 50,
        "escalate_hours": 2,
        "levels": 2,
    }
    address = reverse("admin:notifications_clockrule_add")
    assert admin.post(address, rule).status_code == 302
    assert refreshed() == 1
    assert errors(admin.post(address, rule)), "one for all other priorities"
    assert errors(admin.post(address, {**rule, "priority": 1, "remind_percent": 95}))
    assert admin.post(address, {**rule, "priority": 1}).status_code == 302
    first = ClockRule.objects.get(priority=None)
    page = reverse("admin:notifications_clockrule_change", args=[first.pk])
    assert errors(admin.post(page, {**rule, "priority": 1})), "the same priority by a change"
    assert (
        "All other priorities"
        in admin.get(reverse("admin:notifications_clockrule_changelist")).content.decode()
    )
    relay_drain()
    gone = reverse("admin:notifications_clockrule_delete", args=[first.pk])
    assert admin.post(gone, {"post": "yes"}).status_code == 302
    assert (ClockRule.objects.count(), refreshed()) == (1, 1)


def test_a_default_for_everybody_and_one_for_a_role(admin: Client, staff: Staff) -> None:
    address = reverse("admin:notifications_defaultfrequency_add")
    default = {"mission": staff.mission.pk, "role": "", "kind": "follow", "frequency": "weekly"}
    assert admin.post(address, default).status_code == 302
    assert errors(admin.post(address, default))
    assert errors(admin.post(address, {**default, "kind": "needs_me"})), "what needs people is mailed at once"
    assert admin.post(address, {**default, "role": Role.UNIT}).status_code == 302
    assert {d.role for d in DefaultFrequency.objects.all()} == {"", "UNIT"}
    page = admin.get(reverse("admin:notifications_defaultfrequency_changelist")).content.decode()
    assert "Everybody" in page
    assert "Executing unit" in page
