"""Information sharing protocols in set-up: drafts, putting one in force, versions, kinds of protected data."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.mission import record_types
from apps.mission.models import DataType, DefaultLabel, ProtocolLine, SharingProtocol
from apps.mission.protocols import protocol_copy, protocol_put_in_force
from tests.unit.mission.test_setup import Place, change

pytestmark = pytest.mark.django_db
ADD = "admin:mission_sharingprotocol_add"


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setattr(record_types, "_source", [lambda: [("letter", "Letter"), ("call", "Call")]])
    return Place("here")


def form(place: Place, **more: Any) -> dict[str, Any]:
    rows: dict[str, Any] = {}
    for name, count in (("lines", 1), ("default_labels", 1)):
        rows |= {f"{name}-TOTAL_FORMS": count, f"{name}-INITIAL_FORMS": 0}
    kind = DataType.objects.get(mission=place.mission, code="staff")
    return {
        "mission": place.mission.pk, "title": "Sharing in the mission", "version": "1.0",
        "break_glass_minutes": 120, "review_days": 7, "request_days": 14, "exactness_0": 5, "exactness_1": 3,
        "exactness_2": 2, "exactness_3": -1, "breach_position": place.post.pk, "breach_procedure": "Tell them at once.",
        "lines-0-data_type": kind.pk, "lines-0-classification": 1, "lines-0-sensitivity": 3,
        "lines-0-permitted": "Humanitarian side", "lines-0-channel": "Portal",
        "default_labels-0-record_type": "letter", "default_labels-0-classification": 1,
        "default_labels-0-sensitivity": 2, "default_labels-0-scope": "private",
        **rows, **more,
    }  # fmt: skip


def made(place: Place, **more: Any) -> SharingProtocol:
    answer = place.client.post(reverse(ADD), form(place, **more))
    assert answer.status_code == 302, answer.context["errors"]
    return SharingProtocol.objects.latest("pk")


def press(place: Place, protocol: SharingProtocol, what: str) -> Any:
    return place.client.post(
        reverse(f"admin:mission_sharingprotocol_{what}", args=[protocol.pk]), follow=True
    )


def test_a_draft_is_saved_with_its_table_and_labels(here: Place) -> None:
    protocol = made(here)
    assert protocol.state == SharingProtocol.State.DRAFT
    assert protocol.decimals == [5, 3, 2, -1]
    assert protocol.lines.get().data_type.code == "staff"
    label = protocol.default_labels.get()
    assert (label.record_type, label.classification, label.sensitivity, label.scope) == (
        "letter",
        1,
        2,
        "private",
    )
    assert SharingProtocol.objects.in_force(here.mission) is None


def test_a_more_sensitive_place_is_never_more_exact(here: Place) -> None:
    page = here.client.post(reverse(ADD), form(here, exactness_2=4))
    assert list(page.context["adminform"].form.errors) == ["exactness_2"]
    assert not SharingProtocol.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [("break_glass_minutes", 181), ("review_days", 8), ("exactness_1", 7), ("request_days", 0)],
)
def test_limits_that_no_mission_passes(here: Place, field: str, value: int) -> None:
    page = here.client.post(reverse(ADD), form(here, **{field: value}))
    assert list(page.context["adminform"].form.errors) == [field]


def test_a_default_label_is_for_a_type_that_is_there(here: Place) -> None:
    here.client.post(reverse(ADD), form(here, **{"default_labels-0-record_type": "telegram"}))
    assert not DefaultLabel.objects.exists()


def test_putting_in_force_supersedes_and_says_so(here: Place) -> None:
    first, second = made(here), made(here, version="2.0")
    press(here, first, "enforce")
    text = press(here, second, "enforce").content.decode()
    assert "supersedes Sharing in the mission (1.0)" in text
    first.refresh_from_db()
    assert first.state == SharingProtocol.State.SUPERSEDED
    found = SharingProtocol.objects.in_force(here.mission)
    assert found == second
    assert found is not None
    assert found.in_force_from is not None
    assert "Only a draft" in press(here, first, "enforce").content.decode()
    assert SharingProtocol.objects.in_force(here.mission) == second


def test_a_version_in_force_is_closed_to_editing_and_copied(here: Place) -> None:
    protocol = made(here)
    press(here, protocol, "enforce")
    page = here.client.get(change(protocol))
    assert page.status_code == 200
    assert 'name="title"' not in page.content.decode()
    assert "to about 1 km" in page.content.decode()
    assert here.client.post(change(protocol), form(here, title="Changed")).status_code == 403
    delete = reverse("admin:mission_sharingprotocol_delete", args=[protocol.pk])
    assert here.client.post(delete, {"post": "yes"}).status_code == 403
    press(here, protocol, "copy")
    copied = SharingProtocol.objects.exclude(pk=protocol.pk).get()
    assert (copied.version, copied.state, copied.decimals) == (
        "1.1",
        SharingProtocol.State.DRAFT,
        [5, 3, 2, -1],
    )
    assert copied.lines.get().permitted == "Humanitarian side"
    assert copied.default_labels.get().record_type == "letter"
    assert (ProtocolLine.objects.count(), protocol.lines.count()) == (2, 1)
    protocol.refresh_from_db()
    assert protocol.state == SharingProtocol.State.IN_FORCE


def test_versions_are_named_without_a_clash(here: Place) -> None:
    def copy_of(version: str) -> str:
        return protocol_copy(
            SharingProtocol.objects.create(mission=here.mission, version=version, title="T")
        ).version

    assert [copy_of("2024"), copy_of("final"), copy_of("1.9"), copy_of("x" * 20)] == [
        "2025", "final-2", "1.10", "x" * 18 + "-2",
    ]  # fmt: skip
    again = SharingProtocol.objects.get(version="1.9")
    assert protocol_copy(again).version == "1.11"


def test_the_front_page_says_what_is_due(here: Place) -> None:
    def front() -> str:
        return here.client.get(reverse("admin:index")).content.decode()

    assert "has no information sharing protocol in force" in front()
    protocol = made(here, review_on=str(timezone.localdate()))
    protocol_put_in_force(protocol)
    assert "information sharing protocol in force" not in front()
    assert "to be reviewed" not in front()
    SharingProtocol.objects.update(review_on=timezone.localdate() - timedelta(days=1))
    assert "was to be reviewed" in front()
    assert "overdue" in here.client.get(reverse("admin:mission_sharingprotocol_changelist")).content.decode()


def test_another_missions_protocol_is_not_there(here: Place) -> None:
    there = Place("there")
    protocol = made(there)
    for what in ("enforce", "copy"):
        answer = here.client.post(reverse(f"admin:mission_sharingprotocol_{what}", args=[protocol.pk]))
        assert answer.status_code == 404
    assert SharingProtocol.objects.count() == 1
    foreign = DataType.objects.get(mission=there.mission, code="staff").pk
    here.client.post(reverse(ADD), form(here, **{"lines-0-data_type": foreign}))
    here.client.post(reverse(ADD), form(here, breach_position=there.post.pk))
    assert SharingProtocol.objects.count() == 1


def test_a_step_of_a_protocol_is_pressed_and_not_followed(here: Place) -> None:
    protocol = made(here)
    assert (
        here.client.get(reverse("admin:mission_sharingprotocol_enforce", args=[protocol.pk])).status_code
        == 404
    )
    assert SharingProtocol.objects.in_force(here.mission) is None


def test_what_the_field_protects_stays_barred_to_the_military_and_in_use(here: Place) -> None:
    kind = DataType.objects.get(mission=here.mission, code="beneficiary")
    sent = {"name": "", "barred_sides": ["host_state"], "is_active": "on"}
    page = here.client.post(change(kind), sent)
    assert list(page.context["adminform"].form.errors) == ["barred_sides"]
    page = here.client.post(change(kind), {"name": "", "barred_sides": ["mission_military"]})
    assert list(page.context["adminform"].form.errors) == ["is_active"]
    assert (
        here.client.post(
            change(kind), {**sent, "barred_sides": ["mission_military", "host_state"]}
        ).status_code
        == 302
    )
    kind.refresh_from_db()
    assert kind.barred_sides == ["mission_military", "host_state"]
    delete = reverse("admin:mission_datatype_delete", args=[kind.pk])
    assert here.client.post(delete, {"post": "yes"}).status_code == 403


def test_a_mission_adds_a_kind_and_takes_it_out_of_use(here: Place) -> None:
    sent = {"mission": here.mission.pk, "code": "routes", "name": "Routes", "barred_sides": ["host_state"],
            "is_active": "on"}  # fmt: skip
    assert here.client.post(reverse("admin:mission_datatype_add"), sent).status_code == 302
    kind = DataType.objects.get(code="routes")
    assert here.client.post(change(kind), {"name": "Routes", "code": "changed"}).status_code == 302
    kind.refresh_from_db()
    assert (kind.code, kind.is_active, kind.barred_sides) == ("routes", False, [])
