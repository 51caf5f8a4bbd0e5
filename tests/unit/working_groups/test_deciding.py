"""Capturing decisions in a running meeting: by whom, with which label, read by whom."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from apps.mission.vocabulary import Classification, Sensitivity
from apps.working_groups.deciding import decision_record
from apps.working_groups.models import AgendaItem, Decision, Meeting, Outcome
from apps.working_groups.record import MeetingType
from tests.factories.canary import canary
from tests.factories.groups import decision_made, item_add, step
from tests.factories.staff import Staff
from tests.unit.working_groups.keeping import adopted, signed_in


def decide_url(meeting: Meeting, item: AgendaItem | None = None) -> str:
    """The page that records a decision."""
    url = reverse("meetings:decide", kwargs={"uuid": meeting.uuid})
    return f"{url}?item={item.uuid}" if item else url


def answers(**more: Any) -> dict[str, Any]:
    """A form filled in as it begins."""
    return {
        "title": canary("decision"), "text": canary("decided"), "effective_from": "2031-01-15", "review_on": "",
        "replaces": "", "classification": "0", "sensitivity": "1", "scope": "private",
    } | more  # fmt: skip


def found(staff: Staff, name: str, title: str) -> Decision | None:
    """The decision, as somebody finds it."""
    with staff.acting(name):
        return Decision.objects.filter(title=title).first()


def test_a_decision_is_in_force_with_its_item_and_once(
    staff: Staff, in_session: Meeting, item: AgendaItem
) -> None:
    client, url = signed_in(staff, "cmc"), decide_url(in_session, item)
    key = client.get(url).context["idempotency_key"]
    data = answers(idempotency_key=key)
    for _again in range(2):
        answer = client.post(url, data)
        assert answer.status_code == 302
        assert answer["Location"] == f"{MeetingType.url(in_session)}#item-{item.uuid}"
    with staff.acting("cmc"):
        made = Decision.objects.get(title=data["title"])
        assert (made.state, made.text, str(made.effective_from)) == ("in_force", data["text"], "2031-01-15")
        assert Outcome.objects.get(record_id=made.pk).item_id == item.pk
    assert data["text"] in signed_in(staff, "req").get(MeetingType.url(in_session)).content.decode()


def test_another_follows_at_once(staff: Staff, in_session: Meeting, item: AgendaItem) -> None:
    url = decide_url(in_session, item)
    answer = signed_in(staff, "cmc").post(url, answers(another="1"))
    assert answer["Location"] == url


def test_one_of_the_meeting_as_a_whole_has_no_item(staff: Staff, in_session: Meeting) -> None:
    data = answers()
    answer = signed_in(staff, "cmc").post(decide_url(in_session), data)
    assert answer["Location"] == f"{MeetingType.url(in_session)}#agenda"
    with staff.acting("cmc"):
        assert Outcome.objects.get(record__title=data["title"]).item_id is None


def test_a_label_below_the_meetings_is_refused_at_its_field(
    staff: Staff, in_session: Meeting, item: AgendaItem
) -> None:
    with staff.acting("cmc"):
        Meeting.objects.filter(pk=in_session.pk).update(sensitivity=Sensitivity.HIGH)
    client, url = signed_in(staff, "cmc"), decide_url(in_session, item)
    assert client.get(url).context["form"]["sensitivity"].initial == Sensitivity.HIGH
    data = answers(scope="mission", sensitivity="0")
    answer = client.post(url, data)
    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert set(errors) == {"sensitivity", "scope"}
    assert "labelled no lower" in errors["sensitivity"][0]
    assert "no more widely" in errors["scope"][0]
    assert data["text"] in answer.content.decode(), "what was typed is kept"
    assert found(staff, "cmc", data["title"]) is None
    with staff.acting("cmc") as actor:
        now = Meeting.objects.get(pk=in_session.pk)
        with pytest.raises(ValidationError) as refused:
            decision_record(
                actor, meeting=now, item=item, title="t", text="t", sensitivity=0, scope="mission"
            )
    assert set(refused.value.message_dict) == {"sensitivity", "scope"}, "the service asks the same"


def test_a_closed_items_decision_begins_with_its_classification(staff: Staff, in_session: Meeting) -> None:
    staff.positions["cmc"].clearance = Classification.CONFIDENTIAL
    staff.positions["cmc"].save()
    row = item_add(staff, in_session, session="closed", classification=Classification.CONFIDENTIAL)
    client, url = signed_in(staff, "cmc"), decide_url(in_session, row)
    assert client.get(url).context["form"]["classification"].initial == Classification.CONFIDENTIAL
    refused = client.post(url, answers(classification="0"))
    assert set(refused.context["form"].errors) == {"classification"}


@pytest.mark.parametrize(
    ("admits", "wanted"),
    [("members", {"cmc", "clu", "req"}), ("leads", {"cmc", "req"}), ("named", {"cmc", "req", "sec"})],
)
def test_a_closed_items_decision_is_read_by_those_it_admits(
    staff: Staff, in_session: Meeting, admits: str, wanted: set[str]
) -> None:
    with staff.acting("cmc"):
        Meeting.objects.filter(pk=in_session.pk).update(secretary=staff.positions["req"])
    row = item_add(staff, in_session, session="closed", admits=admits)
    with staff.acting("cmc"):
        row.admitted.create(meeting=in_session, position=staff.positions["sec"])
    data = answers()
    assert signed_in(staff, "cmc").post(decide_url(in_session, row), data).status_code == 302
    read = {name for name in ("cmc", "clu", "req", "sec", "cim") if found(staff, name, data["title"])}
    assert read == wanted


def test_an_open_items_decision_is_read_by_the_observer_too(
    staff: Staff, in_session: Meeting, item: AgendaItem
) -> None:
    data = answers()
    signed_in(staff, "cmc").post(decide_url(in_session, item), data)
    read = {name for name in ("cmc", "clu", "req", "sec", "cim") if found(staff, name, data["title"])}
    assert read == {"cmc", "clu", "req", "sec"}


def test_what_it_replaces_holds_no_more(staff: Staff, in_session: Meeting, item: AgendaItem) -> None:
    older = decision_made(staff, in_session, item)
    data = answers(replaces=str(older.uuid))
    assert signed_in(staff, "cmc").post(decide_url(in_session, item), data).status_code == 302
    now = found(staff, "cmc", older.title)
    assert now is not None
    assert now.state == "superseded"
    again = signed_in(staff, "cmc").post(decide_url(in_session, item), answers(replaces=str(older.uuid)))
    assert set(again.context["form"].errors) == {"replaces"}, "it is in force no more"


def test_it_is_not_reviewed_before_it_holds(staff: Staff, in_session: Meeting, item: AgendaItem) -> None:
    answer = signed_in(staff, "cmc").post(decide_url(in_session, item), answers(review_on="2031-01-14"))
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"review_on"})


def test_only_whoever_keeps_the_meeting_decides_until_it_is_adopted(
    staff: Staff, in_session: Meeting, item: AgendaItem
) -> None:
    data = answers()
    url = decide_url(in_session, item)
    for name, code in (("req", 403), ("sec", 403), ("cim", 404)):
        assert signed_in(staff, name).get(url).status_code == code
        assert signed_in(staff, name).post(url, data).status_code == code
    assert found(staff, "cmc", data["title"]) is None
    adopted(staff, in_session, item)
    assert signed_in(staff, "cmc").post(url, data).status_code == 409


def test_items_that_are_not_there_are_missing(staff: Staff, in_session: Meeting) -> None:
    staff.positions["cmc"].clearance = Classification.CONFIDENTIAL
    staff.positions["cmc"].save()
    secret = item_add(staff, in_session, session="closed", classification=Classification.CONFIDENTIAL)
    declined = item_add(staff, in_session, state="declined")
    client, plain = signed_in(staff, "clu"), decide_url(in_session)
    for url in (decide_url(in_session, secret), decide_url(in_session, declined), f"{plain}?item=nonsense"):
        assert client.get(url).status_code == 404
        assert client.post(url, answers()).status_code == 404


def test_the_meeting_offers_it_to_its_keeper_at_each_item(
    staff: Staff, in_session: Meeting, item: AgendaItem
) -> None:
    for name, wanted in (("cmc", True), ("req", False)):
        page = signed_in(staff, name).get(MeetingType.url(in_session)).content.decode()
        assert (decide_url(in_session, item) in page) is wanted
    step(staff, in_session, "cmc", "end")
    page = signed_in(staff, "cmc").get(MeetingType.url(in_session)).content.decode()
    assert reverse("meetings:assign", kwargs={"uuid": in_session.uuid}) in page
