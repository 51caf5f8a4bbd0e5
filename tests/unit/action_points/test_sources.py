"""Where an action point comes from: its label is no less than its source's, and a hidden source is no source."""

from __future__ import annotations

import html
from contextlib import nullcontext
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from apps.action_points import labels
from apps.action_points.models import ActionPoint
from apps.action_points.services import action_point_file
from apps.liaison_offices.models import FollowUp
from apps.mission.models import Position
from apps.need_to_know.grants import grant_give
from apps.pages.forms import LinkForm
from apps.pages.onward import ways_from
from apps.records.errors import NotPermitted
from apps.records.models import Record, RecordLink
from apps.records.registry import all_types
from apps.records.services import record_update
from tests.factories.action_points import opened, point_file
from tests.factories.aid_requests import request_file
from tests.factories.announcements import bring_to, notice_file
from tests.factories.liaison import engagement_reported
from tests.factories.staff import Staff
from tests.factories.stakeholders import stakeholder_registered
from tests.unit.action_points.conftest import Signed

NEW = reverse("action_points:new")


def cleared(staff: Staff) -> None:
    """Everybody of the force and its units reads what is confidential."""
    ids = [staff.organisations[name].pk for name in ("force", "contingent", "ngo")]
    Position.objects.filter(organisation_id__in=ids).update(clearance=1)


def test_rooms_above_get_the_label_of_the_source_at_least(staff: Staff) -> None:
    cleared(staff)
    source = request_file(staff, classification=1, sensitivity=3, scope="mission")
    with staff.acting("cim") as actor:
        made = action_point_file(
            actor, title="Confirm it", owner=staff.positions["unit"], due=timezone.now() + timedelta(days=1),
            source=Record.objects.get(pk=source.pk), scope="private",
        )  # fmt: skip
        assert (made.classification, made.sensitivity, made.scope) == (1, 3, "private")
        link = RecordLink.objects.get(source_id=made.pk)
        assert (link.target_id, link.relation) == (source.pk, "arose_from")
        before = ActionPoint.objects.count()
        with pytest.raises(ValidationError) as refused:
            action_point_file(
                actor, title="Told to all", owner=staff.positions["unit"],
                due=timezone.now() + timedelta(days=1), source=Record.objects.get(pk=source.pk), sensitivity=1,
            )  # fmt: skip
        assert list(refused.value.message_dict) == ["sensitivity"]
        assert ActionPoint.objects.count() == before
    # Its owner reads the action point and not that there is a link, unless they read the source too.
    with staff.acting("unit"):
        assert ActionPoint.objects.filter(pk=made.pk).exists()
        assert RecordLink.objects.filter(source_id=made.pk).exists()


def test_my_organisation_is_not_the_source_s(staff: Staff) -> None:
    """What one organisation's people read is not opened to another's by the same word."""
    source = request_file(staff, scope="organisation")
    with staff.acting("req") as actor:
        grant_give(actor, record=source, to=staff.positions["cim"], reason="To act on it.")
    with staff.acting("cim") as actor:
        found = Record.objects.get(pk=source.pk)
        made = action_point_file(
            actor,
            title="x",
            owner=staff.positions["unit"],
            due=timezone.now() + timedelta(days=1),
            source=found,
        )
        assert made.scope == "private"
    with pytest.raises(ValidationError) as refused:
        point_file(staff, source=source, scope="organisation")
    assert list(refused.value.message_dict) == ["scope"]
    with staff.acting("joc"):
        assert not ActionPoint.objects.filter(pk=made.pk).exists()
    with staff.acting("unit"):
        assert not RecordLink.objects.filter(source_id=made.pk).exists(), (
            "the source is not theirs to know of"
        )


def test_a_draft_does_not_sink_below_what_it_arose_from(staff: Staff) -> None:
    source = request_file(staff, scope="mission", sensitivity=2)
    point = point_file(staff, source=source, sensitivity=2)
    with staff.acting("cim") as actor:
        draft = ActionPoint.objects.get(pk=point.pk)
        with pytest.raises(ValidationError) as refused:
            record_update(actor, record=draft, changes={"sensitivity": 1})
        assert list(refused.value.message_dict) == ["sensitivity"]
        # Nor by code that asks nobody, and the link that says where it came from stays.
        with pytest.raises(DatabaseError) as below, transaction.atomic():
            Record.objects.filter(pk=point.pk).update(sensitivity=1)
        assert getattr(below.value.__cause__, "pgcode", "") == "CP006"
        assert RecordLink.objects.filter(source_id=point.pk).delete()[0] == 0
        higher = ActionPoint.objects.get(pk=point.pk)
        assert record_update(actor, record=higher, changes={"sensitivity": 3}).sensitivity == 3


def test_the_page_begins_it_from_a_record(staff: Staff, signed: Signed) -> None:
    source = request_file(staff, scope="mission", sensitivity=3, title="Lift to Pibor")
    client = signed("cim")
    address = f"{NEW}?from={source.uuid}"
    page = html.unescape(client.get(address).content.decode())
    assert f"It arises from {source.reference}, “Lift to Pibor”" in page
    assert '<option value="3" selected>Severe' in page
    assert (
        f'href="{address}"' in client.get(reverse("aid_requests:detail", args=[source.uuid])).content.decode()
    )
    sent = {
        "title": "Ask the engineers", "owner": staff.positions["unit"].pk, "priority": 3, "details": "",
        "needed_by": (timezone.now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M"), "classification": 0,
        "sensitivity": 1, "scope": "organisation", "close": "1",
    }  # fmt: skip
    refused = client.post(address, sent)
    assert refused.status_code == 422
    said = html.unescape(refused.content.decode())
    assert "protected more" in said
    assert "Ask the engineers" in said
    with staff.acting("cim"):
        assert not ActionPoint.objects.exists()
    assert client.post(address, sent | {"sensitivity": 3}).status_code == 302
    with staff.acting("cim"):
        made = ActionPoint.objects.get()
        assert RecordLink.objects.get(source_id=made.pk).target_id == source.pk
    assert "led to" in client.get(reverse("aid_requests:detail", args=[source.uuid])).content.decode()
    assert "arose from" in client.get(reverse("action_points:detail", args=[made.uuid])).content.decode()


def test_a_hidden_source_and_none_give_the_same_page(staff: Staff, signed: Signed) -> None:
    hidden = request_file(staff, scope="private", sensitivity=3)
    client = signed("cim")

    def drawn(query: str) -> str:
        page = client.get(NEW + query)
        assert page.status_code == 200
        return "".join(
            line
            for line in page.content.decode().splitlines()
            if not any(word in line for word in ("csrf", "CSRF", "idempotency_key", 'name="next"', "nonce"))
        )

    plain = drawn("")
    assert "It arises from" not in plain
    for query in (f"?from={hidden.uuid}", f"?from={uuid4()}", "?from=x", "?from=%00"):
        assert drawn(query) == plain
    sent = {"title": "By itself", "classification": 0, "sensitivity": 1, "scope": "private", "close": "1"}
    assert client.post(f"{NEW}?from={hidden.uuid}", sent).status_code == 302
    with staff.acting("cim"):
        assert not RecordLink.objects.exists()


def test_the_way_is_on_all_records_but_what_is_told_to_many(staff: Staff) -> None:
    with staff.acting("cim") as actor:
        open_from = {
            declared.key
            for declared in all_types()
            if any(
                "from=" in way.url
                for way in ways_from(actor, declared.model(type=declared.key, uuid=uuid4()))
            )
        }
    assert open_from == {declared.key for declared in all_types()} - {
        "announcement",
        "release",
        "action_point",
    }
    told = bring_to(staff, notice_file(staff, scope="mission"), "issued")
    for source in (told, opened(staff)):
        with staff.acting("cim") as actor, pytest.raises(NotPermitted):
            action_point_file(
                actor, title="x", owner=staff.positions["unit"], due=timezone.now() + timedelta(days=1),
                source=Record.objects.get(pk=source.pk),
            )  # fmt: skip


def test_what_follows_from_an_engagement_becomes_an_action_point(staff: Staff, signed: Signed) -> None:
    engagement = engagement_reported(staff, stakeholder_registered(staff))
    page = signed("cim").get(reverse("engagements:detail", args=[engagement.uuid])).content.decode()
    assert page.count(f"{NEW}?from={engagement.uuid}") == 1
    made = point_file(staff, source=engagement)
    assert (
        "led to" in signed("cim").get(reverse("engagements:detail", args=[engagement.uuid])).content.decode()
    )
    assert made.state == "draft"


@pytest.mark.parametrize(
    ("own", "sources"),
    [
        ({"sensitivity": 1}, {"sensitivity": 2}),
        ({"scope": "mission"}, {"scope": "organisation"}),
        ({"scope": "organisation"}, {"scope": "organisation"}),  # another organisation's
        ({"scope": "private"}, {"scope": "organisation"}),
        ({"sensitivity": 3, "scope": "organisation"}, {"sensitivity": 2, "scope": "mission"}),
    ],
)
def test_the_database_draws_the_same_line(staff: Staff, own: dict[str, Any], sources: dict[str, Any]) -> None:
    """What Python calls below, the database refuses to link; and the other way round."""
    source = request_file(staff, **{"scope": "mission", "sensitivity": 1} | sources)
    with staff.acting("req") as actor:
        grant_give(actor, record=source, to=staff.positions["cim"], reason="To act on it.")
    point = point_file(staff, **{"scope": "private", "sensitivity": 1} | own)
    with staff.acting("cim"):
        wrong = labels.below(point, Record.objects.get(pk=source.pk), point.originator_id)
        with pytest.raises(DatabaseError, match="below") if wrong else nullcontext(), transaction.atomic():
            RecordLink.objects.create(
                source_id=point.pk, target_id=source.pk, relation="arose_from", author=staff.people["cim"]
            )
        with pytest.raises(DatabaseError), transaction.atomic():
            RecordLink.objects.create(
                source_id=source.pk, target_id=point.pk, relation="arose_from", author=staff.people["cim"]
            )


def test_nobody_says_by_hand_that_a_record_arose_from_another() -> None:
    assert "arose_from" not in dict(LinkForm().fields["relation"].choices)  # type: ignore[attr-defined]


def test_a_follow_up_becomes_an_action_point_and_is_settled_by_it(staff: Staff, signed: Signed) -> None:
    engagement = engagement_reported(staff, stakeholder_registered(staff), sensitivity=2)
    day = timezone.now().date() + timedelta(days=3)
    with staff.acting("cim"):
        row = FollowUp.objects.create(
            engagement=engagement, what="Send the road report", owner=staff.positions["unit"], due=day
        )
    address = reverse("engagements:action-point", args=[engagement.uuid, row.uuid])
    page = reverse("engagements:detail", args=[engagement.uuid])
    assert address in signed("cim").get(page).content.decode()
    assert address in signed("unit").get(page).content.decode()
    assert address not in signed("joc").get(page).content.decode()
    assert signed("joc").get(address).status_code == 404
    form = signed("cim").get(address).content.decode()
    assert 'value="Send the road report"' in form
    assert f'value="{day:%Y-%m-%d}T23:59"' in form
    assert f'<option value="{staff.positions["unit"].pk}" selected>' in form
    sent = {
        "title": "Send the road report", "owner": staff.positions["unit"].pk, "priority": 3, "details": "",
        "needed_by": f"{day:%Y-%m-%d}T23:59", "classification": 0, "sensitivity": 1, "scope": "organisation",
        "close": "1",
    }  # fmt: skip
    assert signed("cim").post(address, sent).status_code == 422
    with staff.acting("cim"):
        assert FollowUp.objects.get(pk=row.pk).state == "open", "nothing is half-written"
        assert not ActionPoint.objects.exists()
    assert signed("cim").post(address, sent | {"sensitivity": 2}).status_code == 302
    with staff.acting("cim"):
        made = ActionPoint.objects.get()
        assert RecordLink.objects.get(source_id=made.pk).target_id == engagement.pk
        settled = FollowUp.objects.get(pk=row.pk)
        assert (settled.state, settled.note) == ("dropped", "It became an action point.")
    assert signed("cim").get(address).status_code == 404
