"""Mine, my organisation's, my group's, and what is late: as three people see the same list, and as a file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from apps.action_points.models import ActionPoint
from apps.action_points.record import ActionPointType
from apps.action_points.services import action_point_file
from apps.mission.models import Organisation
from apps.pages import exporting
from apps.pages.listing import Listing
from tests.cast.rows import door
from tests.factories.action_points import claimed, opened, point_file
from tests.factories.staff import Staff, staff_make
from tests.unit.action_points.conftest import Signed

Late = Callable[[ActionPoint, timedelta], None]


def listed(staff: Staff, who: str, query: str = "") -> set[str]:
    """Titles that somebody's list shows under a query."""
    with staff.acting(who) as actor:
        return {record.title for record in Listing(actor, ActionPointType, QueryDict(query)).page.rows}


@pytest.fixture
def kept(committed_db: str) -> Staff:
    """A mission in a database of its own, where the past can be written."""
    return staff_make("late")


@pytest.fixture
def late(kept: Staff, committed_db: str, database_url: Callable[..., str]) -> Late:
    """Let it have been due so long ago."""

    def move(point: ActionPoint, ago: timedelta) -> None:
        with door(database_url(committed_db, ""), kept.people["cim"].pk, kept.mission.pk) as cursor:
            moment = timezone.now() - ago
            cursor.execute(
                "UPDATE records_record SET needed_by = %s, due_at = %s WHERE id = %s",
                [moment, moment, point.pk],
            )

    return move


def test_three_people_find_theirs(staff: Staff) -> None:
    with staff.acting("cim") as actor:
        group = Group.objects.get(pk=staff.organisations["force"].group_id)  # stands for a working group
        action_point_file(
            actor, title="Of the group", owner=staff.positions["joc"], due=timezone.now() + timedelta(days=1),
            body=group, scope="mission",
        )  # fmt: skip
    opened(staff, title="The unit does it", scope="mission")
    opened(staff, title="The other unit does it", owner="unit_other", scope="mission")
    opened(staff, title="Hidden", owner="sec", scope="private")
    everything = {"Of the group", "The unit does it", "The other unit does it"}
    assert listed(staff, "unit") == everything
    assert listed(staff, "unit", "mine=on") == {"The unit does it"}
    assert listed(staff, "unit", "ours=on") == {"The unit does it", "The other unit does it"}
    assert listed(staff, "unit", "group=on") == set()
    assert listed(staff, "joc", "mine=on") == {"Of the group"}
    assert listed(staff, "joc", "group=on") == {"Of the group"}
    assert listed(staff, "joc", "ours=on") == {"Of the group"}
    assert listed(staff, "sec", "ours=on") == {"Of the group", "Hidden"}
    assert listed(staff, "cim", "filed=on") == {*everything, "Hidden"}
    assert listed(staff, "unit", f"area={staff.area.pcode}&mine=on") == {"The unit does it"}
    assert listed(staff, "unit", "priority=1") == set()
    assert listed(staff, "unit", "state=verified") == set()


def test_my_group_is_named_on_the_page(staff: Staff, signed: Signed) -> None:
    with staff.acting("cim") as actor:
        group = Group.objects.get(pk=staff.organisations["force"].group_id)
        made = action_point_file(
            actor, title="x", owner=staff.positions["joc"], due=timezone.now() + timedelta(days=1), body=group
        )
    page = signed("joc").get(reverse("action_points:detail", args=[made.uuid])).content.decode()
    assert "Working group" in page
    assert "Force Headquarters" in page


def test_overdue_is_computed_and_ends_when_it_is_said_to_be_done(kept: Staff, late: Late) -> None:
    late_one = opened(kept, title="Late", scope="mission")
    draft = point_file(kept, title="Late draft", scope="mission")
    done = claimed(kept, title="Said to be done", scope="mission")
    opened(kept, title="In time", scope="mission")
    for point in (late_one, draft, done):
        late(point, timedelta(hours=3))
    assert listed(kept, "req", "overdue=on") == {"Late"}
    assert listed(kept, "req", "overdue=on&state=open") == {"Late"}
    with kept.acting("req"):
        assert ActionPointType.is_overdue(ActionPoint.objects.get(pk=late_one.pk))
        assert not ActionPointType.is_overdue(ActionPoint.objects.get(pk=done.pk))
        assert {p.state for p in ActionPoint.objects.filter(pk=late_one.pk)} == {"open"}
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(kept.people["req"], backend=settings.AUTHENTICATION_BACKENDS[0])
    page = client.get(reverse("action_points:detail", args=[late_one.uuid])).content.decode()
    assert '<span class="badge danger">' in page
    other = client.get(reverse("action_points:detail", args=[done.uuid])).content.decode()
    assert '<span class="badge danger">' not in other
    rows = client.get(reverse("action_points:list"), {"sort": "needed_by"}).content.decode()
    assert rows.count("<b>Overdue</b>") == 1


def test_a_list_is_sorted_by_what_is_due_next(staff: Staff) -> None:
    for days in (5, 1, 3):
        opened(staff, title=f"In {days}", needed_by=timezone.now() + timedelta(days=days), scope="mission")
    with staff.acting("joc") as actor:
        rows = Listing(actor, ActionPointType, QueryDict("sort=needed_by")).page.rows
        assert [row.title for row in rows] == ["In 1", "In 3", "In 5"]


# ---------------------------------------------------------------- an owner whom the reader may not know
def test_an_owner_of_an_organisation_that_is_not_listed_is_restricted(staff: Staff, signed: Signed) -> None:
    staff.post("quiet", "other_ngo")
    Organisation.objects.filter(pk=staff.organisations["other_ngo"].pk).update(
        engagement_stance="unlisted", acronym="QUIETHOUSE"
    )
    point = opened(staff, by="cmc", owner="quiet", scope="mission", title="Ask them")
    pages = (
        reverse("action_points:list"), reverse("action_points:detail", args=[point.uuid]),
        reverse("action_points:history", args=[point.uuid]), reverse("action_points:print", args=[point.uuid]),
        f"{reverse('action_points:export')}?format=csv",
    )  # fmt: skip
    for address in pages:
        said = whole(signed("joc").get(address))
        assert "Ask them" in said
        for name in ("Post quiet", "Second House", "QUIETHOUSE", "Holder quiet"):
            assert name not in said, (address, name)
        if "history" not in address:
            assert "restricted" in said, address
        assert "Post quiet" in whole(signed("cmc").get(address)) or "history" in address
    # Nor can they give it to whom they may not know.
    theirs = opened(staff, title="Ours")
    form = (
        signed("cim")
        .get(reverse("action_points:transition", args=[theirs.uuid, "reassign"]))
        .content.decode()
    )
    assert "Post unit_other, First Battalion" in form
    assert "Post quiet" not in form
    new = signed("cim").get(reverse("action_points:new")).content.decode()
    assert "Post quiet" not in new
    refused = signed("cim").post(
        reverse("action_points:transition", args=[theirs.uuid, "reassign"]),
        {"owner": staff.positions["quiet"].pk, "note": "x", "version": theirs.version},
    )
    assert refused.status_code == 422


def whole(response: Any) -> str:
    """The body, streamed or not."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return str(content.decode())


def test_a_workbook_names_the_owner(staff: Staff) -> None:
    opened(staff, title="Ask them", scope="mission")
    with staff.acting("joc") as actor:
        export = exporting.export_of(actor, Listing(actor, ActionPointType, QueryDict("")))
        answer = exporting.answer(export, as_workbook=False)
        assert "Post unit, First Battalion" in whole(answer)
