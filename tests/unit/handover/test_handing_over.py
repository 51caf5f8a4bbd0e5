"""A handover ends the leaver's access and begins the successor's at one moment, on every surface."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from knox.models import AuthToken

from apps.aid_requests.models import AidRequest
from apps.mission import handover
from apps.mission.models import Handover, Holding
from apps.mission.vocabulary import Capacity
from apps.need_to_know.acting import acting_as
from apps.need_to_know.grants import grant_give, grants_of
from apps.records.actors import NoActor
from apps.records.waiting import needs_me
from tests.factories.aid_requests import bring_to, request_file, take
from tests.factories.staff import Staff
from tests.unit.handover.conftest import Enter, pass_time, pass_time_of_grants


def hand_over(staff: Staff, post: str = "cmc", successor: str = "clu_other_sector", **more: Any) -> Handover:
    return handover.position_hand_over(
        position=staff.positions[post], leaver=staff.people[post], successor=staff.people[successor],
        made_by=staff.people["adm"], **more,
    )  # fmt: skip


def titles(client: Client, path: str = "/aid-requests/") -> str:
    answer = client.get(path)
    return answer.content.decode() if answer.status_code == 200 else ""


def test_waiting_work_passes_at_once(staff: Staff) -> None:
    request = bring_to(staff, request_file(staff), "validated")
    with staff.acting("cmc") as actor:
        assert [each.record.pk for each in needs_me(actor)] == [request.pk]
    hand_over(staff)
    with staff.acting("clu_other_sector") as actor:
        assert [each.record.pk for each in needs_me(actor)] == [request.pk]
    with pytest.raises(NoActor), staff.acting("cmc"):
        pass
    after = take(staff, request, "clu_other_sector", "endorse")
    assert after.state == "endorsed"


def test_the_leaver_loses_pages_lists_search_and_programs_in_the_same_moment(
    staff: Staff, enter: Enter
) -> None:
    request = bring_to(staff, request_file(staff), "validated")
    Holding.objects.create(position=staff.positions["aud_other"], person=staff.people["cmc"])
    page, reference = enter("cmc"), request.reference
    program = Client(
        headers={"Authorization": f"Token {AuthToken.objects.create(user=staff.people['cmc'])[1]}"}
    )
    path, api = f"/aid-requests/{request.uuid}/", f"/api/v1/aid-requests/{request.uuid}/"
    assert page.get(path).status_code == program.get(api).status_code == 200
    assert reference in titles(page)
    search = f"/search/?q={request.title}"
    assert path in titles(page, search)
    assert program.get("/api/v1/aid-requests/").json()["results"]
    open_page = page.get(f"{path}transitions/endorse/")
    assert open_page.status_code == 200

    hand_over(staff)

    assert page.get(path).status_code == program.get(api).status_code == 404
    assert page.post(f"{path}transitions/endorse/", {"version": request.version}).status_code == 404
    assert page.post(f"{path}comments/", {"text": "still here"}).status_code == 404
    assert reference not in titles(page)
    assert path not in titles(page, search)
    assert program.get("/api/v1/aid-requests/").json()["results"] == []
    assert reference not in titles(page, "/")
    successor = enter("clu_other_sector")
    assert successor.get(path).status_code == 200
    assert reference in titles(successor)
    assert reference in titles(successor, "/")
    assert path in titles(successor, search)


def test_what_was_given_in_person_ends_and_what_was_given_to_the_position_stays(staff: Staff) -> None:
    in_person, to_post = request_file(staff), request_file(staff)
    with staff.acting("req") as actor:
        grant_give(actor, record=in_person, to=staff.people["cmc"], reason="in person")
        grant_give(actor, record=to_post, to=staff.positions["cmc"], reason="to the position")
    Holding.objects.create(position=staff.positions["aud_other"], person=staff.people["cmc"])
    with staff.acting("cmc"):
        assert set(AidRequest.objects.values_list("pk", flat=True)) == {in_person.pk, to_post.pk}
    with staff.acting("adm"):
        hand_over(staff)
    with staff.acting("clu_other_sector"):
        assert list(AidRequest.objects.values_list("pk", flat=True)) == [to_post.pk]
    with staff.acting("cmc"):
        assert not AidRequest.objects.exists()
    with staff.acting("req"):
        assert grants_of(AidRequest.objects.get(pk=in_person.pk)) == []
        assert [given.kind for given in grants_of(AidRequest.objects.get(pk=to_post.pk))] == ["position"]


def test_a_planned_handover_happens_by_the_clock(staff: Staff) -> None:
    request = bring_to(staff, request_file(staff), "validated")
    lent = request_file(staff)
    with staff.acting("req") as actor:
        grant_give(actor, record=lent, to=staff.people["cmc"], reason="in person")
    hand_over(staff, at=timezone.now() + timedelta(hours=3))
    with staff.acting("cmc"):
        assert AidRequest.objects.filter(pk__in=[request.pk, lent.pk]).count() == 2
    with staff.acting("clu_other_sector"):
        assert not AidRequest.objects.exists()

    with staff.acting("req"):
        pass_time_of_grants(hours=2)
    pass_time(staff, hours=2)
    with staff.acting("cmc"):
        assert AidRequest.objects.filter(pk__in=[request.pk, lent.pk]).count() == 2

    with staff.acting("req"):
        pass_time_of_grants(hours=1)
    pass_time(staff, hours=1)
    with pytest.raises(NoActor), staff.acting("cmc"):
        pass
    with staff.acting("clu_other_sector"):
        assert AidRequest.objects.get().pk == request.pk


def test_a_planned_handover_can_be_cancelled_and_the_term_stays(staff: Staff) -> None:
    term = timezone.now() + timedelta(days=90)
    own = Holding.objects.filter(position=staff.positions["cmc"], person=staff.people["cmc"])
    own.update(until=term)
    made = hand_over(staff, at=timezone.now() + timedelta(days=2))
    with pytest.raises(ValidationError, match="planned already"):
        hand_over(staff, at=timezone.now() + timedelta(days=1))
    handover.handover_cancel(made)
    assert own.get().until == term
    assert not Holding.objects.filter(
        position=staff.positions["cmc"], person=staff.people["clu_other_sector"]
    ).exists()
    with pytest.raises(ValidationError, match="already"):
        handover.handover_cancel(made)
    hand_over(staff, at=timezone.now() + timedelta(days=1))


def test_what_has_taken_place_cannot_be_cancelled(staff: Staff) -> None:
    made = hand_over(staff, at=timezone.now() + timedelta(hours=1))
    pass_time(staff, hours=1)
    with pytest.raises(ValidationError, match="taken place"):
        handover.handover_cancel(made)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"successor": "cmc"}, "successor"),
        ({"successor": "adm"}, "successor"),
        ({"at": timedelta(minutes=-1)}, "at"),
        ({"at": timedelta(days=-500)}, "leaver"),
    ],
)
def test_what_is_refused_and_where(staff: Staff, changes: dict[str, Any], field: str) -> None:
    if "at" in changes:
        changes = {**changes, "at": timezone.now() + changes["at"]}
    with pytest.raises(ValidationError) as refused:
        hand_over(staff, **changes)
    assert field in refused.value.message_dict
    assert not Handover.objects.exists()


def test_nobody_hands_over_what_they_do_not_hold_or_to_who_holds_it(staff: Staff) -> None:
    staff.also_holds("clu_other_sector", "cmc")
    with pytest.raises(ValidationError) as refused:
        hand_over(staff)
    assert list(refused.value.message_dict) == ["successor"]
    Holding.objects.filter(position=staff.positions["cmc"], person=staff.people["cmc"]).update(
        capacity=Capacity.SUBSTITUTE
    )
    with pytest.raises(ValidationError) as refused:
        hand_over(staff, successor="clu")
    assert list(refused.value.message_dict) == ["leaver"]
    User = type(staff.people["clu"])
    User.objects.filter(pk=staff.people["clu"].pk).update(is_active=False)
    staff.people["clu"].refresh_from_db()
    with pytest.raises(ValidationError) as refused:
        hand_over(staff, post="joc", successor="clu")
    assert list(refused.value.message_dict) == ["successor"]


def test_who_acts_and_stands_in_does_so_between_two_moments(staff: Staff) -> None:
    request = bring_to(staff, request_file(staff), "validated")
    now = timezone.now()
    Holding.objects.create(
        position=staff.positions["cmc"], person=staff.people["clu_other_sector"], capacity=Capacity.ACTING,
        starts=now + timedelta(hours=1), until=now + timedelta(hours=3),
    )  # fmt: skip
    seen = []
    for _hour in range(4):
        with acting_as(staff.people["clu_other_sector"], staff.mission):
            seen.append(AidRequest.objects.filter(pk=request.pk).exists())
        pass_time(staff, hours=1)
    assert seen == [False, True, True, False]


def test_a_substitute_is_named_for_dates_among_colleagues(staff: Staff) -> None:
    position, holder, now = staff.positions["req"], staff.people["req"], timezone.now()

    def name(person: str, starts: timedelta | None, until: timedelta) -> Holding:
        return handover.substitute_name(
            position=position, holder=holder, person=staff.people[person], until=now + until,
            starts=None if starts is None else now + starts,
        )  # fmt: skip

    made = name("req_colleague", timedelta(days=1), timedelta(days=8))
    assert (made.capacity, made.position) == (Capacity.SUBSTITUTE, position)
    refused = {
        "person": [("req_colleague", timedelta(days=7), timedelta(days=9)), ("cmc", None, timedelta(days=1)),
                   ("req", None, timedelta(days=1)), ("req_dormant", None, timedelta(days=1))],
        "until": [("req_colleague", timedelta(days=20), timedelta(days=19))],
        "starts": [("req_colleague", timedelta(days=-2), timedelta(hours=1))],
    }  # fmt: skip
    for field, attempts in refused.items():
        for attempt in attempts:
            with pytest.raises(ValidationError) as error:
                name(*attempt)
            assert list(error.value.message_dict) == [field], attempt
    name("req_colleague", timedelta(days=8), timedelta(days=9))
    with pytest.raises(ValidationError, match="Only the holder"):
        handover.substitute_name(
            position=position,
            holder=staff.people["req_colleague"],
            person=holder,
            until=now + timedelta(days=1),
        )
    handover.substitute_end(made)
    assert not Holding.objects.filter(pk=made.pk).exists()
    running = name("req_colleague", None, timedelta(days=1))
    handover.substitute_end(running)
    running.refresh_from_db()
    assert running.until is not None
    assert running.until <= timezone.now()
