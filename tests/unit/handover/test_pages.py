"""The holder's own pages: what comes with a position, handing it over, substitutes; the successor's desk."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from apps.mission.models import Handover, Holding
from apps.mission.vocabulary import Capacity
from tests.factories.aid_requests import bring_to, request_file
from tests.factories.staff import Staff
from tests.unit.handover.conftest import Enter, pass_time


def page(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.content[:500]
    return answer.content.decode()


def test_the_holder_sees_what_waits_and_hands_it_over_with_a_note(staff: Staff, enter: Enter) -> None:
    request = bring_to(staff, request_file(staff, by="req_colleague"), "returned")
    leaver, successor, base = (
        enter("req"),
        enter("req_colleague"),
        f"/positions/{staff.positions['req'].uuid}/",
    )
    draft = request_file(staff, by="req")
    assert base in page(leaver, "/positions/")
    assert draft.reference in page(leaver, base)
    form = page(leaver, f"{base}handover/")
    assert draft.reference in form
    assert "Holder req_colleague" in form
    assert "Holder cmc" not in form, "another organisation"

    sent = {"successor": staff.people["req_colleague"].pk, "note": "Call the barge company before Friday."}
    assert leaver.post(f"{base}handover/", sent).status_code == 302
    page(leaver, "/positions/", 403)
    desk = page(successor, "/")
    assert "You took over" in desk
    assert "Call the barge company before Friday." in desk
    assert base in desk
    assert draft.reference in page(successor, base)
    assert request.pk


def test_the_desk_tells_it_for_fourteen_days(staff: Staff, enter: Enter) -> None:
    base = f"/positions/{staff.positions['req'].uuid}/"
    enter("req").post(f"{base}handover/", {"successor": staff.people["req_colleague"].pk})
    pass_time(staff, days=13, hours=23)
    assert "You took over" in page(enter("req_colleague"), "/")
    pass_time(staff, hours=2)
    assert "You took over" not in page(enter("req_colleague"), "/")


def test_a_planned_handover_is_shown_and_cancelled_by_its_leaver(staff: Staff, enter: Enter) -> None:
    base = f"/positions/{staff.positions['req'].uuid}/"
    leaver = enter("req")
    at = timezone.localtime() + timedelta(days=3)
    sent = {"successor": staff.people["req_colleague"].pk, "at": at.strftime("%Y-%m-%dT%H:%M")}
    assert leaver.post(f"{base}handover/", sent).status_code == 302
    assert "Cancel this handover" in page(leaver, "/positions/")
    assert base not in page(enter("req_colleague"), "/positions/"), "not theirs yet"
    assert enter("req_colleague").post(f"{base}handover/cancel/").status_code == 404
    assert leaver.post(f"{base}handover/", sent).status_code == 422, "planned already"
    assert leaver.post(f"{base}handover/cancel/").status_code == 302
    assert Handover.objects.get().cancelled_at is not None
    assert "Cancel this handover" not in page(leaver, "/positions/")
    pass_time(staff, days=4)
    page(leaver, base)
    assert "You took over" not in page(enter("req_colleague"), "/")


def test_refusals_stand_at_their_fields(staff: Staff, enter: Enter) -> None:
    base, leaver = f"/positions/{staff.positions['req'].uuid}/", enter("req")
    past = {"successor": staff.people["req_colleague"].pk, "at": "2020-01-01T10:00"}
    answer = leaver.post(f"{base}handover/", past)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["at", "__all__"], "the leaver did not hold it then either"
    answer = leaver.post(f"{base}handover/", {"successor": staff.people["cmc"].pk})
    assert list(answer.context["form"].errors) == ["successor"]
    answer = leaver.post(f"{base}substitute/", {"person": staff.people["req_colleague"].pk})
    assert list(answer.context["form"].errors) == ["until"]
    turned = {"starts": "2030-01-02T10:00", "until": "2030-01-01T10:00"}
    answer = leaver.post(f"{base}substitute/", {"person": staff.people["req_colleague"].pk, **turned})
    assert list(answer.context["form"].errors) == ["until"]
    assert not Handover.objects.exists()


def test_a_substitute_reads_for_the_time_named_and_hands_nothing_over(staff: Staff, enter: Enter) -> None:
    draft = request_file(staff, by="req", scope="private")
    base, holder, colleague = (
        f"/positions/{staff.positions['req'].uuid}/",
        enter("req"),
        enter("req_colleague"),
    )
    path = f"/aid-requests/{draft.uuid}/"
    page(colleague, path, 404)
    page(colleague, base, 404)
    until = timezone.localtime() + timedelta(days=5)
    sent = {"person": staff.people["req_colleague"].pk, "until": until.strftime("%Y-%m-%dT%H:%M")}
    assert holder.post(f"{base}substitute/", sent).status_code == 302
    page(colleague, path)
    assert "Substitute" in page(colleague, base)
    for way in ("handover/", "substitute/"):
        assert "Only the holder" in page(colleague, f"{base}{way}", 403)
        assert colleague.post(f"{base}{way}", {}).status_code == 403
    held = Holding.objects.get(capacity=Capacity.SUBSTITUTE)
    assert "Holder req_colleague" in page(holder, f"{base}substitute/")
    assert holder.post(f"{base}substitute/", {"end": held.pk}).status_code == 302
    page(colleague, path, 404)


def test_a_substitute_of_another_position_is_not_ended_here(staff: Staff, enter: Enter) -> None:
    other = Holding.objects.create(
        position=staff.positions["cmc"], person=staff.people["clu"], capacity=Capacity.SUBSTITUTE,
        starts=timezone.now() - timedelta(days=1),
    )  # fmt: skip
    base = f"/positions/{staff.positions['req'].uuid}/"
    for key in (str(other.pk), "", "x"):
        enter("req").post(f"{base}substitute/", {"end": key})
    other.refresh_from_db()
    assert other.until is None


def test_who_acts_is_marked_where_the_record_names_whom_it_waits_for(staff: Staff, enter: Enter) -> None:
    request = bring_to(staff, request_file(staff), "validated")
    Holding.objects.create(
        position=staff.positions["cmc"], person=staff.people["clu_other_sector"], capacity=Capacity.ACTING,
        starts=timezone.now() - timedelta(days=1), until=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    text = page(enter("req"), f"/aid-requests/{request.uuid}/")
    assert text.count("(acting)") == 1
