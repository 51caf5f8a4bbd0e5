"""Minutes that several people write at once: merged, never lost, never told too early; frozen once adopted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.records.errors import IllegalTransition, NotPermitted
from apps.records.models import Change, Event, Record
from apps.working_groups.minutes.merging import merge
from apps.working_groups.minutes.saving import item_mark, minute_save
from apps.working_groups.models import AgendaItem, Meeting
from apps.working_groups.models.meeting import MINUTE_MOST
from apps.working_groups.vocabulary import ItemState
from tests.factories.groups import item_add, meeting_planned, step
from tests.factories.staff import Staff
from tests.unit.working_groups.keeping import adopted, minute_of, post, saved, signed_in


# ---------------------------------------------------------------- saving
def test_what_others_wrote_meanwhile_is_merged(staff: Staff, in_session: Meeting, item: AgendaItem) -> None:
    assert saved(staff, "cmc", in_session, item, "", "The road is open.").text == "The road is open."
    answer = saved(staff, "clu", in_session, item, "", "The bridge is closed.")
    assert answer.merged
    assert not answer.conflict, "both added, nobody changed the other's words"
    stands = minute_of(staff, item)
    assert answer.text == stands
    assert "The road is open." in stands
    assert "The bridge is closed." in stands


def test_of_words_that_both_changed_both_variants_stay(
    staff: Staff, in_session: Meeting, item: AgendaItem
) -> None:
    base = "Escorts leave on Monday morning."
    saved(staff, "cmc", in_session, item, "", base)
    saved(staff, "cmc", in_session, item, base, "Escorts leave on Tuesday morning.")
    answer = saved(staff, "clu", in_session, item, base, "Escorts leave on Wednesday morning.")
    assert answer.conflict
    assert {"Tuesday", "Wednesday"} <= set(answer.text.split())


def test_the_same_save_sent_twice_changes_nothing(
    staff: Staff, in_session: Meeting, item: AgendaItem
) -> None:
    """Even where the texts alone could not tell: others wrote at the very same place in between."""
    base = "a b c"
    saved(staff, "cmc", in_session, item, "", base)
    key = uuid4()
    saved(staff, "clu", in_session, item, base, "a x y b c", key)
    saved(staff, "cmc", in_session, item, "a x y b c", "a x q y b c")
    stands = minute_of(staff, item)
    assert merge(base, "a x y b c", stands).text != stands, "the merge alone would add it again"
    assert saved(staff, "clu", in_session, item, base, "a x y b c", key).text == stands
    assert minute_of(staff, item) == stands


def test_a_save_that_was_refused_may_be_sent_again(
    staff: Staff, in_session: Meeting, item: AgendaItem
) -> None:
    key = uuid4()
    saved(staff, "cmc", in_session, item, "", "w" * (MINUTE_MOST - 5))
    with pytest.raises(ValidationError) as refusal:
        saved(staff, "clu", in_session, item, "", "eleven more", key)
    assert "text" in refusal.value.message_dict
    saved(staff, "cmc", in_session, item, "w" * (MINUTE_MOST - 5), "short")
    assert "eleven more" in saved(staff, "clu", in_session, item, "", "eleven more", key).text


def test_what_is_too_long_is_refused_at_its_field(
    staff: Staff, in_session: Meeting, item: AgendaItem
) -> None:
    with pytest.raises(ValidationError, match="1 characters too long"):
        saved(staff, "cmc", in_session, item, "", "w" * (MINUTE_MOST + 1))
    assert minute_of(staff, item) == ""


def test_the_summary_is_saved_the_same_way(staff: Staff, in_session: Meeting) -> None:
    saved(staff, "cmc", in_session, None, "", "First.")
    assert saved(staff, "clu", in_session, None, "", "Second.").merged
    with staff.acting("cmc"):
        assert {"First.", "Second."} <= set(Meeting.objects.get(pk=in_session.pk).summary.split())


@pytest.mark.parametrize("name", ["req", "sec"])
def test_only_whoever_keeps_the_meeting_writes(
    staff: Staff, in_session: Meeting, item: AgendaItem, name: str
) -> None:
    with pytest.raises(NotPermitted):
        saved(staff, name, in_session, item, "", "mine")
    with staff.acting(name):
        # WHY: past the service the database refuses the same.
        assert AgendaItem.objects.filter(pk=item.pk).update(minute="mine") == 0
        assert Meeting.objects.filter(pk=in_session.pk).update(summary="mine") == 0
    assert minute_of(staff, item) == ""


def test_an_item_of_another_meeting_is_not_written(staff: Staff, led_group: Any, in_session: Meeting) -> None:
    elsewhere = item_add(staff, meeting_planned(staff, led_group))
    with pytest.raises(ObjectDoesNotExist):
        saved(staff, "cmc", in_session, elsewhere, "", "mine")


def test_a_closed_item_above_ones_clearance_is_not_there(staff: Staff, in_session: Meeting) -> None:
    staff.positions["cmc"].clearance = 1
    staff.positions["cmc"].save()
    closed = item_add(staff, in_session, session="closed", classification=1)
    with pytest.raises(ObjectDoesNotExist):
        saved(staff, "clu", in_session, closed, "", "mine")
    assert post(signed_in(staff, "clu"), in_session, closed, text="mine", base="").status_code == 404


# ---------------------------------------------------------------- quiet while written, told when it is time
def test_writing_in_session_is_no_history_no_event_no_mail(
    staff: Staff, in_session: Meeting, item: AgendaItem
) -> None:
    with staff.acting("cmc"):
        version = Record.objects.get(pk=in_session.pk).version
        before = (Change.objects.count(), Event.objects.count())
    saved(staff, "cmc", in_session, item, "", "words")
    saved(staff, "cmc", in_session, None, "", "summary")
    with staff.acting("cmc"):
        assert (Change.objects.count(), Event.objects.count()) == before
        assert Record.objects.get(pk=in_session.pk).version == version, (
            "a step that somebody is about to take is not stale"
        )
    assert mail.outbox == []


def test_from_their_circulation_on_each_change_is_history(
    staff: Staff, in_session: Meeting, item: AgendaItem
) -> None:
    saved(staff, "cmc", in_session, item, "", "words")
    for name in ("end", "circulate"):
        step(staff, in_session, "cmc", name)
    saved(staff, "cmc", in_session, item, "words", "other words")
    saved(staff, "cmc", in_session, None, "", "a summary")
    with staff.acting("req"):
        rows = {row.table: row.fields for row in Change.objects.filter(record_id=in_session.pk)}
        assert rows["working_groups_agendaitem"] == {"*": [None, None]}
        assert rows["working_groups_meeting"] == {"summary": ["", "a summary"]}


def test_adopted_minutes_are_frozen(staff: Staff, in_session: Meeting, item: AgendaItem) -> None:
    adopted(staff, in_session, item)
    for of in (item, None):
        with pytest.raises(IllegalTransition, match="adopted"):
            saved(staff, "cmc", in_session, of, "", "late")
    with staff.acting("cmc"), pytest.raises(DatabaseError), transaction.atomic():
        Meeting.objects.filter(pk=in_session.pk).update(summary="late")
    answer = post(signed_in(staff, "cmc"), in_session, item, text="late", base="what was said")
    assert answer.status_code == 409
    assert answer.json()["state"] == "adopted"
    assert minute_of(staff, item) == "what was said"


def test_minutes_adopted_while_somebody_saves_are_frozen_for_them(
    staff: Staff, in_session: Meeting, item: AgendaItem
) -> None:
    with staff.acting("cmc"):
        old = Meeting.objects.get(pk=in_session.pk)
    adopted(staff, in_session, item)
    with staff.acting("cmc") as actor, pytest.raises(IllegalTransition, match="adopted"):
        minute_save(actor, meeting=old, item=item.uuid, base="what was said", text="late", key=uuid4())


# ---------------------------------------------------------------- the page and its saves
def test_a_page_that_saves_by_itself_is_told_what_stands(
    staff: Staff, in_session: Meeting, item: AgendaItem
) -> None:
    first, second = signed_in(staff, "cmc"), signed_in(staff, "clu")
    assert post(first, in_session, item, text="One.\n", base="").json()["text"] == "One.\n"
    answer = post(second, in_session, item, text="😀 Two.", base="").json()
    assert answer["saved"]
    assert answer["merged"]
    assert answer["text"] == minute_of(staff, item)
    box = "😀 Two.".encode("utf-16-le")
    for begins, ends, text in answer["changes"]:
        box = box[: begins * 2] + text.encode("utf-16-le") + box[ends * 2 :]
    assert box.decode("utf-16-le") == answer["text"]


def test_nothing_is_saved_under_another_name(staff: Staff, in_session: Meeting, item: AgendaItem) -> None:
    client = signed_in(staff, "cmc")
    answer = post(client, in_session, item, text="mine", base="", person=str(staff.people["clu"].pk))
    assert answer.status_code == 401
    assert minute_of(staff, item) == ""
    assert (
        post(client, in_session, item, text="mine", base="", person=str(staff.people["cmc"].pk)).status_code
        == 200
    )


def test_whoever_is_signed_out_is_sent_to_sign_in(
    staff: Staff, in_session: Meeting, item: AgendaItem
) -> None:
    assert post(Client(), in_session, item, text="mine", base="").status_code == 302


def test_without_javascript_the_button_saves(staff: Staff, in_session: Meeting, item: AgendaItem) -> None:
    client = signed_in(staff, "cmc")
    page = client.get(reverse("meetings:minutes", kwargs={"uuid": in_session.uuid})).content.decode()
    assert reverse("meetings:minute", kwargs={"uuid": in_session.uuid, "item": item.uuid}) in page
    answer = post(client, in_session, item, by_itself=False, text="One.\r\nTwo.", base="")
    assert answer.status_code == 302
    assert answer["Location"].endswith(f"#minute-{item.uuid}")
    assert minute_of(staff, item) == "One.\nTwo."
    answer = client.post(
        reverse("meetings:minute", kwargs={"uuid": in_session.uuid, "item": item.uuid}),
        {"text": "Other.\nTwo.", "base": "Gone.\nTwo."}, follow=True,
    )  # fmt: skip
    assert "both are kept" in answer.content.decode()
    assert {"One.", "Other.", "Two."} <= set(minute_of(staff, item).split())


def test_without_javascript_what_is_refused_stays_on_the_page(
    staff: Staff, in_session: Meeting, item: AgendaItem
) -> None:
    typed = "kept " * (MINUTE_MOST // 5 + 1)
    answer = post(signed_in(staff, "cmc"), in_session, item, by_itself=False, text=typed, base="")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert typed in page
    assert "characters too long" in page
    assert 'aria-invalid="true"' in page


@pytest.mark.parametrize(
    "data", [{"text": "a\x00b", "base": ""}, {"text": "x", "base": "", "save": "no uuid"}]
)
def test_broken_input_is_refused_and_nothing_written(
    staff: Staff, in_session: Meeting, item: AgendaItem, data: dict[str, str]
) -> None:
    assert post(signed_in(staff, "cmc"), in_session, item, **data).status_code == 422
    assert minute_of(staff, item) == ""


def test_the_page_is_for_whoever_keeps_the_meeting(staff: Staff, in_session: Meeting) -> None:
    where = reverse("meetings:minutes", kwargs={"uuid": in_session.uuid})
    codes = {
        name: signed_in(staff, name).get(where).status_code for name in ("cmc", "clu", "req", "sec", "cim")
    }
    assert codes == {"cmc": 200, "clu": 200, "req": 403, "sec": 403, "cim": 404}


def test_before_the_meeting_there_is_nothing_to_write(staff: Staff, led_group: Any) -> None:
    planned = meeting_planned(staff, led_group)
    answer = signed_in(staff, "cmc").get(reverse("meetings:minutes", kwargs={"uuid": planned.uuid}))
    assert answer.status_code == 302
    with pytest.raises(IllegalTransition, match="has not begun"):
        saved(staff, "cmc", planned, None, "", "early")


def test_the_page_of_adopted_minutes_takes_nothing(
    staff: Staff, in_session: Meeting, item: AgendaItem
) -> None:
    adopted(staff, in_session, item)
    page = (
        signed_in(staff, "cmc")
        .get(reverse("meetings:minutes", kwargs={"uuid": in_session.uuid}))
        .content.decode()
    )
    assert "data-closed" in page
    assert "data-minute-save" not in page


# ---------------------------------------------------------------- marking in session
def test_items_are_marked_in_session(
    staff: Staff, led_group: Any, in_session: Meeting, item: AgendaItem
) -> None:
    later = meeting_planned(
        staff, led_group, starts=timezone.now().replace(microsecond=0) + timedelta(days=9)
    )
    client = signed_in(staff, "clu")
    post(client, in_session, item, by_itself=False, text="said", base="", mark="carried")
    with staff.acting("cmc"):
        found = AgendaItem.objects.get(pk=item.pk)
        assert (found.state, found.minute) == ("carried", "said"), "one press saves and marks"
    step(staff, in_session, "cmc", "end")
    with staff.acting("cmc") as actor:
        assert AgendaItem.objects.get(meeting=later).carried_from == item.uuid
        with pytest.raises(IllegalTransition):
            item_mark(
                actor,
                meeting=Meeting.objects.get(pk=in_session.pk),
                item=item.uuid,
                state=ItemState.TREATED,
            )
    assert (
        post(client, in_session, item, by_itself=False, text="said", base="said", mark="nonsense").status_code
        == 422
    )
