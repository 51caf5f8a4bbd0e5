"""Building an agenda: what whoever keeps the meeting does on its page, and what nobody else does or learns."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from apps.mission.models import Position
from apps.mission.vocabulary import Classification
from apps.need_to_know.models import ReadLog
from apps.working_groups.models import Admitted, AgendaItem, Meeting
from apps.working_groups.record import MeetingType
from tests.factories.canary import canary
from tests.factories.groups import decision_made, group_active, item_add, meeting_planned, step
from tests.factories.staff import Staff
from tests.unit.working_groups.keeping import signed_in

OPEN = {"session": "open", "admits": "members", "classification": "0"}


def agenda_url(meeting: Meeting, item: AgendaItem | None = None) -> str:
    """The page of the agenda, or of one item."""
    if item is None:
        return reverse("meetings:agenda", kwargs={"uuid": meeting.uuid})
    return reverse("meetings:agenda-item", kwargs={"uuid": meeting.uuid, "item": item.uuid})


def titles(staff: Staff, meeting: Meeting, name: str = "cmc") -> list[str]:
    """The agenda in its order, as somebody reads it."""
    with staff.acting(name):
        rows = AgendaItem.objects.filter(meeting=meeting).exclude(state__in=("proposed", "declined"))
        return list(rows.order_by("order", "id").values_list("title", flat=True))


def stored(staff: Staff, item: AgendaItem, name: str = "cmc") -> AgendaItem:
    """The item as it stands."""
    with staff.acting(name):
        return AgendaItem.objects.get(pk=item.pk)


def proposal(staff: Staff, meeting: Meeting, by: str = "req", **data: Any) -> AgendaItem:
    """An item that somebody expected has proposed."""
    title = canary("proposal")
    step(staff, meeting, by, "propose", title=title, **data)
    with staff.acting("cmc"):
        return AgendaItem.objects.get(meeting=meeting, title=title)


def closed(staff: Staff, meeting: Meeting, **values: Any) -> AgendaItem:
    """A closed item with a canary."""
    return item_add(staff, meeting, session="closed", order=50, **values)


def test_an_item_is_added_last_and_once(staff: Staff) -> None:
    meeting = meeting_planned(staff, group_active(staff))
    item_add(staff, meeting, title="First", order=10)
    client: Client = signed_in(staff, "cmc")
    page = client.get(agenda_url(meeting))
    key = page.context["idempotency_key"]
    data = OPEN | {"title": "Roads", "details": "North", "minutes_planned": "15", "idempotency_key": key}
    data["presenter"] = str(staff.positions["req"].pk)
    for _again in range(2):
        answer = client.post(agenda_url(meeting), data)
        assert answer.status_code == 302
    assert titles(staff, meeting) == ["First", "Roads"]
    with staff.acting("cmc"):
        made = AgendaItem.objects.get(meeting=meeting, title="Roads")
    assert answer["Location"].endswith(f"#item-{made.uuid}")
    assert (made.presenter_id, made.minutes_planned, made.state) == (
        staff.positions["req"].pk,
        15,
        "accepted",
    )


def test_bad_input_is_told_at_its_field_and_kept(staff: Staff) -> None:
    meeting = meeting_planned(staff, group_active(staff))
    answer = signed_in(staff, "cmc").post(
        agenda_url(meeting), OPEN | {"title": "", "details": "Kept words", "minutes_planned": "9999"}
    )
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"title", "minutes_planned"}
    assert "Kept words" in answer.content.decode()
    assert titles(staff, meeting) == []


def test_items_move_by_one_place_and_are_numbered_by_tens(staff: Staff) -> None:
    meeting = meeting_planned(staff, group_active(staff))
    rows = [item_add(staff, meeting, title=t, order=n) for t, n in (("A", 1), ("B", 1), ("C", 7))]
    client = signed_in(staff, "cmc")
    for name, row, wanted in (
        ("up", rows[2], ["A", "C", "B"]), ("down", rows[0], ["C", "A", "B"]), ("up", rows[2], ["C", "A", "B"]),
        ("down", rows[1], ["C", "A", "B"]),
    ):  # fmt: skip
        assert client.post(agenda_url(meeting), {name: str(row.uuid)}).status_code == 302
        assert titles(staff, meeting) == wanted
    with staff.acting("cmc"):
        found = AgendaItem.objects.filter(meeting=meeting).order_by("order").values_list("order", flat=True)
        assert list(found) == [10, 20, 30]


def test_a_proposal_is_taken_up_as_the_last_item(staff: Staff) -> None:
    meeting = meeting_planned(staff, group_active(staff))
    row = proposal(staff, meeting)
    item_add(staff, meeting, title="Later", order=90)
    assert row.title in signed_in(staff, "cmc").get(agenda_url(meeting)).content.decode()
    assert signed_in(staff, "cmc").post(agenda_url(meeting), {"take": str(row.uuid)}).status_code == 302
    assert titles(staff, meeting) == ["Later", row.title]
    again = signed_in(staff, "cmc").post(agenda_url(meeting), {"take": str(row.uuid)})
    assert again.status_code == 409, "it was answered already"


def test_a_proposal_is_declined_with_a_reason_that_its_proposer_reads(staff: Staff) -> None:
    meeting = meeting_planned(staff, group_active(staff))
    row = proposal(staff, meeting)
    client, name = signed_in(staff, "cmc"), f"proposal-{row.uuid}-reply"
    refused = client.post(agenda_url(meeting), {"decline": str(row.uuid), name: " "})
    assert refused.status_code == 422
    assert f'href="#id_{name}"' in refused.content.decode(), "the summary leads to the field"
    assert stored(staff, row).state == "proposed"
    assert (
        client.post(agenda_url(meeting), {"decline": str(row.uuid), name: "Next month."}).status_code == 302
    )
    now = stored(staff, row, "req")
    assert (now.state, now.reply) == ("declined", "Next month.")
    assert client.get(agenda_url(meeting, row)).status_code == 409


def test_a_closed_item_admits_positions_by_name(staff: Staff) -> None:
    meeting = meeting_planned(staff, group_active(staff), scope="mission")
    item = item_add(staff, meeting, title=canary("talks"))
    named = {"title": item.title, "session": "closed", "admits": "named", "classification": "0"}
    url, client = agenda_url(meeting, item), signed_in(staff, "cmc")
    none = client.post(url, named)
    assert (none.status_code, set(none.context["form"].errors)) == (422, {"admitted"})
    assert stored(staff, item, "cim").session == "open", "nothing was stored"
    sent = client.post(url, named | {"admitted": [str(staff.positions["sec"].pk)]})
    assert sent.status_code == 302
    told = {name: item.title in titles(staff, meeting, name) for name in ("cmc", "sec", "req", "cim")}
    assert told == {"cmc": True, "sec": True, "req": False, "cim": False}
    assert client.post(url, OPEN | {"title": item.title}).status_code == 302
    with staff.acting("cmc"):
        assert not Admitted.objects.filter(item=item).exists(), "an open item names nobody"
    assert item.title in titles(staff, meeting, "cim")


def test_a_position_that_does_not_read_the_meeting_is_not_admitted(staff: Staff) -> None:
    meeting = meeting_planned(staff, group_active(staff))
    item = item_add(staff, meeting)
    client, url = signed_in(staff, "cmc"), agenda_url(meeting, item)
    unit = staff.positions["unit"]
    offered = [key for key, _label in client.get(url).context["form"].fields["admitted"].choices]
    assert unit.pk not in offered
    assert staff.positions["req"].pk in offered
    data = {
        "title": "Kept",
        "session": "closed",
        "admits": "named",
        "classification": "0",
        "admitted": [unit.pk],
    }
    answer = client.post(url, data)
    assert answer.status_code == 422
    assert answer.context["form"].errors["admitted"] == [
        "Post unit does not read the meeting; invite it first."
    ]
    assert f'value="{unit.pk}"' in answer.content.decode(), "what was chosen is still there"
    invited = {"invite": "1", "position": str(unit.uuid)}
    assert client.post(MeetingType.url(meeting, "attendance"), invited).status_code == 302
    assert client.post(url, data).status_code == 302
    assert titles(staff, meeting, "unit") == ["Kept"]


def test_a_position_that_is_not_cleared_for_the_item_is_not_admitted(staff: Staff) -> None:
    staff.post("keeper", "agency")
    for name, level in (("cmc", Classification.CONFIDENTIAL), ("sec", Classification.UNCLASSIFIED)):
        staff.positions[name].clearance = level
        staff.positions[name].save()
    meeting = meeting_planned(staff, group_active(staff))
    item = item_add(staff, meeting)
    level = str(Classification.CONFIDENTIAL.value)
    data = {"title": "x", "session": "closed", "admits": "named", "classification": level}
    answer = signed_in(staff, "cmc").post(
        agenda_url(meeting, item), data | {"admitted": [staff.positions["sec"].pk]}
    )
    assert answer.context["form"].errors["admitted"] == [
        "Post sec may not read the classification of this item."
    ]
    above = str(Classification.STRICTLY_CONFIDENTIAL.value)
    answer = signed_in(staff, "cmc").post(agenda_url(meeting, item), data | {"classification": above})
    assert "classification" in answer.context["form"].errors, "nobody classifies above their own clearance"


def test_an_item_that_was_minuted_in_closed_session_stays_closed(staff: Staff) -> None:
    meeting = meeting_planned(staff, group_active(staff), scope="mission")
    item = closed(staff, meeting, minute="said behind doors")
    step(staff, meeting, "cmc", "start")
    answer = signed_in(staff, "cmc").post(agenda_url(meeting, item), OPEN | {"title": item.title})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"session"}
    assert item.title not in titles(staff, meeting, "cim")


def test_changing_an_item_never_writes_over_its_minute(staff: Staff) -> None:
    meeting = meeting_planned(staff, group_active(staff))
    item = item_add(staff, meeting, minute="as it was")
    with staff.acting("cmc") as actor:
        from apps.working_groups.agenda import item_save

        read_before = AgendaItem.objects.get(pk=item.pk)
        AgendaItem.objects.filter(pk=item.pk).update(minute="saved meanwhile")
        read_before.title = "Changed"
        item_save(actor, item=read_before)
    now = stored(staff, item)
    assert (now.title, now.minute) == ("Changed", "saved meanwhile")


def test_an_item_is_removed_unless_something_was_minuted_or_came_of_it(staff: Staff) -> None:
    meeting = meeting_planned(staff, group_active(staff))
    plain, minuted, decided = (item_add(staff, meeting, title=t, minute=m) for t, m in (
        ("Plain", ""), ("Minuted", "said"), ("Decided", ""),
    ))  # fmt: skip
    decision_made(staff, meeting, decided)
    client = signed_in(staff, "cmc")
    codes = [
        client.post(agenda_url(meeting, i), {"remove": "1"}).status_code for i in (plain, minuted, decided)
    ]
    assert codes == [302, 409, 409]
    assert titles(staff, meeting) == ["Minuted", "Decided"]
    waiting = proposal(staff, meeting)
    assert client.post(agenda_url(meeting, waiting), {"remove": "1"}).status_code == 409, "it is answered"


def test_an_item_stays_for_what_came_of_it_even_where_its_keeper_does_not_read_that(staff: Staff) -> None:
    staff.positions["cmc"].clearance = Classification.CONFIDENTIAL
    staff.positions["cmc"].save()
    group = group_active(staff, secretariat=staff.positions["clu"], members=("req",))
    meeting = meeting_planned(staff, group)
    item = item_add(staff, meeting)
    decision = decision_made(staff, meeting, item, classification=Classification.CONFIDENTIAL)
    with staff.acting("clu"):
        assert not AgendaItem.objects.get(pk=item.pk).outcomes.exists(), "the co-keeper sees nothing of it"
    answer = signed_in(staff, "clu").post(agenda_url(meeting, item), {"remove": "1"})
    assert answer.status_code == 409
    assert decision.reference not in answer.content.decode()
    assert stored(staff, item).title == item.title


def test_what_was_carried_over_is_marked(staff: Staff) -> None:
    meeting = meeting_planned(staff, group_active(staff))
    item_add(staff, meeting, carried_from=uuid4())
    assert "Carried over" in signed_in(staff, "cmc").get(agenda_url(meeting)).content.decode()


def test_only_whoever_keeps_the_meeting_builds_it_until_it_ends(staff: Staff) -> None:
    meeting = meeting_planned(staff, group_active(staff))
    item = item_add(staff, meeting, title="Mine")
    for url in (agenda_url(meeting), agenda_url(meeting, item)):
        codes = {n: signed_in(staff, n).get(url).status_code for n in ("cmc", "req", "sec", "cim")}
        assert codes == {"cmc": 200, "req": 403, "sec": 403, "cim": 404}
        sent = {n: signed_in(staff, n).post(url, OPEN | {"title": "Theirs"}).status_code for n in codes}
        assert sent == {"cmc": 302, "req": 403, "sec": 403, "cim": 404}
    assert titles(staff, meeting) == ["Theirs", "Theirs"], "the keeper's own two, and no more"
    for name in ("start", "end"):
        step(staff, meeting, "cmc", name)
    assert signed_in(staff, "cmc").get(agenda_url(meeting)).status_code == 409


def test_items_that_one_may_not_know_or_that_are_elsewhere_are_missing(staff: Staff) -> None:
    staff.positions["cmc"].clearance = Classification.CONFIDENTIAL
    staff.positions["cmc"].save()
    group = group_active(staff, secretariat=staff.positions["clu"], members=("req",))
    meeting, other = meeting_planned(staff, group), meeting_planned(staff, group)
    secret = closed(staff, meeting, classification=Classification.CONFIDENTIAL)
    elsewhere = item_add(staff, other)
    client = signed_in(staff, "clu")
    assert secret.title not in client.get(agenda_url(meeting)).content.decode()
    for row in (secret, elsewhere):
        assert client.get(agenda_url(meeting, row)).status_code == 404
        assert client.post(agenda_url(meeting, row), {"remove": "1"}).status_code == 404
        for name in ("up", "down", "take", "decline"):
            assert client.post(agenda_url(meeting), {name: str(row.uuid)}).status_code == 404
    assert client.post(agenda_url(meeting), {"up": "nonsense"}).status_code == 404


def test_i13_who_is_shown_a_confidential_item_is_logged(staff: Staff) -> None:
    """The meeting is not confidential: only whoever has that item read something that is."""
    Position.objects.filter(pk=staff.positions["cmc"].pk).update(clearance=Classification.CONFIDENTIAL)
    meeting = meeting_planned(staff, group_active(staff, members=("req",)))
    secret = closed(staff, meeting, classification=Classification.CONFIDENTIAL)
    for name, shown in (("req", False), ("cmc", True)):
        page = signed_in(staff, name).get(MeetingType.url(meeting)).content.decode()
        assert (secret.title in page) is shown
    with staff.acting("aud"):
        found = ReadLog.objects.filter(record_id=meeting.pk).values_list("person_id", "classification")
        assert list(found) == [(staff.people["cmc"].pk, Classification.CONFIDENTIAL)]


def test_the_meeting_leads_its_keeper_to_the_agenda(staff: Staff) -> None:
    meeting = meeting_planned(staff, group_active(staff))
    for name, wanted in (("cmc", True), ("req", False)):
        page = signed_in(staff, name).get(MeetingType.url(meeting)).content.decode()
        assert (agenda_url(meeting) in page) is wanted
