"""What was said apart from what was agreed; follow-ups wait for their owners, who settle them without editing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from apps.liaison_offices.models import Engagement, FollowUp
from apps.records.errors import Incomplete, NotPermitted
from apps.records.waiting import needs_me
from apps.records.withheld import withheld_fill
from tests.factories.liaison import engagement_file, engagement_reported, take, today
from tests.factories.staff import Staff
from tests.factories.stakeholders import stakeholder_registered


def follow_up(staff: Staff, engagement: Engagement, owner: str = "joc") -> FollowUp:
    with staff.acting("cim"):
        return FollowUp.objects.create(
            engagement=engagement, what="Send the road report", owner=staff.positions[owner],
            due=today() + timedelta(days=3),
        )  # fmt: skip


def test_what_was_said_is_for_the_parties_and_what_was_agreed_for_every_reader(staff: Staff) -> None:
    held = engagement_reported(staff, stakeholder_registered(staff))
    with staff.acting("cim"):
        mine = withheld_fill(Engagement.objects.get(pk=held.pk))
        assert all((mine.said, mine.assessment, mine.red_lines, mine.agreed))
        wanted = mine.agreed
    with staff.acting("req"):
        theirs = withheld_fill(Engagement.objects.get(pk=held.pk))
        assert theirs.agreed == wanted
        assert (theirs.said, theirs.assessment, theirs.red_lines) == ("", "", "")


def test_it_is_not_reported_without_a_day_a_counterpart_and_what_was_agreed(staff: Staff) -> None:
    filed = engagement_file(staff, held_on=None, agreed="")
    with pytest.raises(Incomplete) as refused:
        take(staff, filed, "cim", "report")
    assert set(refused.value.errors) == {"held_on", "agreed", "counterparts"}


def test_an_open_follow_up_waits_for_its_owner_and_keeps_the_record_open(staff: Staff) -> None:
    held = engagement_reported(staff, stakeholder_registered(staff))
    row = follow_up(staff, held)
    with staff.acting("joc") as actor:
        (needed,) = [each for each in needs_me(actor) if each.record.pk == held.pk]
        assert needed.due_at is not None
        assert needed.due_at.date() == row.due
    with pytest.raises(Incomplete):
        take(staff, held, "cim", "close")


def test_an_owner_settles_a_follow_up_without_the_right_to_edit(staff: Staff) -> None:
    held = engagement_reported(staff, stakeholder_registered(staff))
    row = follow_up(staff, held)
    take(staff, held, "joc", "settle", follow_up=str(row.uuid), outcome="done", note="Sent")
    with staff.acting("req"):
        seen = FollowUp.objects.get(pk=row.pk)
        assert (seen.state, seen.note) == ("done", "Sent")
    assert take(staff, held, "cim", "close").state == "closed"


def test_an_owner_changes_nothing_else_and_others_settle_nothing(staff: Staff) -> None:
    held = engagement_reported(staff, stakeholder_registered(staff))
    row = follow_up(staff, held)
    with staff.acting("joc"), pytest.raises(Exception, match="nothing else"):
        FollowUp.objects.filter(pk=row.pk).update(what="Something easier")
    with staff.acting("req"):
        assert FollowUp.objects.filter(pk=row.pk).update(state="done") == 0
    with pytest.raises(NotPermitted):
        take(staff, held, "req", "settle", follow_up=str(row.uuid), outcome="done")


def test_a_counterpart_that_one_may_not_know_is_not_named_on_the_page(staff: Staff, client: Client) -> None:
    seen = stakeholder_registered(staff)
    hidden = stakeholder_registered(staff, scope="organisation")
    held = engagement_reported(staff, seen, hidden)
    client.force_login(staff.people["req"])
    page = client.get(f"/engagements/{held.uuid}/").content.decode()
    assert seen.title in page
    assert hidden.title not in page
    client.force_login(staff.people["cim"])
    assert hidden.title in client.get(f"/engagements/{held.uuid}/").content.decode()


def test_a_counterpart_is_named_by_a_part_of_its_name_and_taken_back(staff: Staff, client: Client) -> None:
    named = stakeholder_registered(staff)
    filed = engagement_file(staff)
    client.force_login(staff.people["cim"])
    address = f"/engagements/{filed.uuid}/counterparts/"
    assert client.post(address, {"stakeholder": named.title}).status_code == 302
    page = client.get(f"/engagements/{filed.uuid}/").content.decode()
    assert named.title in page
    row = filed.counterparts.model.objects.none()
    with staff.acting("cim"):
        row = filed.counterparts.get()
    assert client.post(address, {"remove": str(row.pk)}).status_code == 302
    wrong = client.post(address, {"stakeholder": "Nobody at all"})
    assert wrong.status_code == 422
    assert "Nobody at all" in wrong.content.decode()


def test_an_owner_settles_on_the_page_and_says_why_something_was_dropped(
    staff: Staff, client: Client
) -> None:
    held = engagement_reported(staff, stakeholder_registered(staff))
    row = follow_up(staff, held)
    client.force_login(staff.people["joc"])
    address = f"/engagements/{held.uuid}/transitions/settle/"
    page = client.get(address).content.decode()
    assert "Send the road report" in page
    with staff.acting("joc"):
        version = Engagement.objects.get(pk=held.pk).version
    data = {"follow_up": str(row.uuid), "outcome": "dropped", "version": version}
    assert client.post(address, data).status_code == 422
    assert client.post(address, data | {"note": "The road is closed"}).status_code == 302
    with staff.acting("req"):
        assert FollowUp.objects.get(pk=row.pk).note == "The road is closed"


def test_requests_begin_from_what_was_agreed(staff: Staff, client: Client) -> None:
    held = engagement_reported(staff, stakeholder_registered(staff))
    client.force_login(staff.people["cim"])
    page = client.get(f"/engagements/{held.uuid}/").content.decode()
    assert 'href="/aid-requests/new/"' in page
    assert 'href="/information-requests/new/"' in page
