"""What the portal writes into files, in whatever language and form, it reads again without a change."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import translation

from apps.stakeholders.models import Presence
from apps.stakeholders.presence.services import presence_save
from tests.factories.stakeholders import stakeholder_registered
from tests.unit.stakeholders.importing.conftest import Desk
from tests.unit.stakeholders.importing.sample import csv_of

FILES = [
    ("presence", "hxl"),
    ("presence", "csv"),
    ("presence", "xlsx"),
    ("", "hxl"),
]


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """An answer in another language leaves that language in use."""
    yield
    translation.deactivate()


@pytest.fixture
def register(desk: Desk) -> None:
    """A few organisations and their work, brought by a table and entered by hand."""
    head = (
        "Organisation",
        "Acronym",
        "Sector",
        "Activity",
        "Admin 2 P-code",
        "Lat",
        "Lon",
        "Start",
        "Status",
        "Reached",
    )
    content = csv_of(
        head,
        ("Hope Works", "HW", "LOG", "=Wells", "TT0101", "9.12345", "30.5", "2024-01-01", "ongoing", 12),
        ("Hope Works", "HW", "HEA", "Clinics", "TT0101", "", "", "", "", ""),
        ("Second Fund", "", "LOG", "Roads", "TT0101", "", "", "2024-02-01", "planned", ""),
    )
    run = desk.confirm(desk.bring(content, kind="441"))
    assert run.counts["created"] == 3
    by_hand = stakeholder_registered(desk.staff, by="cim", title="By Hand Relief")
    with desk.staff.acting("cim") as actor:
        row = Presence(
            role="funding",
            area=desk.staff.area,
            activity="Grants",
            latitude=Decimal(9),
            longitude=Decimal(30),
        )
        presence_save(actor, stakeholder=by_hand, presence=row)


@pytest.mark.parametrize(("what", "form"), FILES)
@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_a_file_of_the_portal_changes_nothing_when_it_comes_back(
    desk: Desk, register: None, what: str, form: str, language: str
) -> None:
    person = desk.staff.people["cim"]
    type(person).objects.filter(pk=person.pk).update(language=language)
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    where = f"/stakeholders/{what}/export/" if what else "/stakeholders/export/"
    answer = client.get(where, {"format": form}, headers={"Accept-Language": language})
    content = b"".join(answer.streaming_content)
    name = answer.headers["Content-Disposition"].rpartition("filename=")[2].strip('"')
    run = desk.bring(content, f"table.{'xlsx' if form == 'xlsx' else 'csv'}")
    assert run.state == "ready", (run.problem, name)
    assert run.counts == {"unchanged": 4 if what else 3}, desk.problems(run)


def test_what_was_changed_by_hand_is_known_again(desk: Desk, register: None) -> None:
    content = csv_of(
        ("Organisation", "Sector", "Activity", "Admin 2 P-code", "Start", "Status"),
        ("Second Fund", "LOG", "Roads and bridges", "TT0101", "2024-02-01", "planned"),
    )
    with desk.staff.acting("cim") as actor:
        row = Presence.objects.select_related("stakeholder", "area", "sector").get(activity="Roads")
        row.activity = "Roads and bridges"
        presence_save(actor, stakeholder=row.stakeholder, presence=row)
    assert desk.bring(content).counts == {"unchanged": 1}


def test_a_row_without_a_key_is_the_same_row(desk: Desk, register: None) -> None:
    with desk.staff.acting("cim"):
        Presence.objects.filter(activity="Roads").update(source_key="")
    content = csv_of(
        ("Organisation", "Sector", "Activity", "Admin 2 P-code", "Start", "Status"),
        ("Second Fund", "LOG", "Roads", "TT0101", "2024-02-01", "ongoing"),
    )
    run = desk.bring(content)
    assert run.counts == {"updated": 1}
    desk.confirm(run)
    assert desk.count(lambda: Presence.objects.filter(activity="Roads").count()) == 1
    assert desk.bring(content).counts == {"unchanged": 1}
