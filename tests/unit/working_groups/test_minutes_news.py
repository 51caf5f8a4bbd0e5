"""What an open page of minutes is told, what it is not, and the mail when they circulate."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from apps.need_to_know.models import ReadLog
from apps.notifications.mail import mail_drain
from apps.notifications.relay import relay_drain
from apps.working_groups.minutes import state
from apps.working_groups.models import AgendaItem, Meeting
from tests.factories.groups import item_add, meeting_planned, step
from tests.factories.mail import everything_in, mail_server
from tests.factories.staff import Staff
from tests.unit.working_groups.keeping import saved, signed_in


# ---------------------------------------------------------------- what others wrote
def ask(client: Client, meeting: Meeting, **query: Any) -> Any:
    """Ask what is new, as an open page does."""
    return client.get(reverse("meetings:minutes-state", kwargs={"uuid": meeting.uuid}), query)


def test_an_open_page_is_told_what_it_does_not_know(
    staff: Staff, in_session: Meeting, item: AgendaItem
) -> None:
    client = signed_in(staff, "cmc")
    with staff.acting("cmc"):
        known = [*state.tags(in_session.pk).values(), "session"]
    assert ask(client, in_session, known=known).status_code == 204
    saved(staff, "clu", in_session, item, "", "new words")
    news = ask(client, in_session, known=known).json()
    assert {key: told["text"] for key, told in news["texts"].items()} == {str(item.uuid): "new words"}
    assert news["texts"][str(item.uuid)]["tag"] == state.tag_of(str(item.uuid), "new words")
    known.append(news["texts"][str(item.uuid)]["tag"])
    assert ask(client, in_session, known=known).status_code == 204
    step(staff, in_session, "cmc", "end")
    assert ask(client, in_session, known=known).json() == {"state": "minutes", "open": True, "texts": {}}


def test_the_news_are_for_whoever_keeps_the_meeting(
    staff: Staff, in_session: Meeting, item: AgendaItem
) -> None:
    codes = {name: ask(signed_in(staff, name), in_session).status_code for name in ("cmc", "req", "cim")}
    assert codes == {"cmc": 200, "req": 403, "cim": 404}
    other = ask(signed_in(staff, "cmc"), in_session, person=str(staff.people["clu"].pk))
    assert other.status_code == 401


def test_the_news_hold_nothing_closed_to_the_asker(staff: Staff, in_session: Meeting) -> None:
    staff.positions["cmc"].clearance = 1
    staff.positions["cmc"].save()
    closed = item_add(staff, in_session, session="closed", classification=1, minute="never told")
    assert str(closed.uuid) in ask(signed_in(staff, "cmc"), in_session).json()["texts"]
    answer = ask(signed_in(staff, "clu"), in_session)
    assert str(closed.uuid) not in answer.json()["texts"]
    assert "never told" not in answer.content.decode()


def test_asking_again_and_again_is_no_read(staff: Staff, led_group: Any) -> None:
    for name in ("cmc", "req", "clu"):
        staff.positions[name].clearance = 1
        staff.positions[name].save()
    restricted = step(staff, meeting_planned(staff, led_group, classification=1), "cmc", "start")
    client = signed_in(staff, "clu")

    def reads() -> int:
        with staff.acting("cmc"):
            return ReadLog.objects.filter(record_id=restricted.pk, person=staff.people["clu"]).count()

    before = reads()
    ask(client, restricted)
    assert reads() == before
    client.get(reverse("meetings:minutes", kwargs={"uuid": restricted.uuid}))
    assert reads() == before + 1, "opening the page is one"


def test_a_fresh_token_is_for_the_same_person_alone(staff: Staff, in_session: Meeting) -> None:
    client = signed_in(staff, "cmc")
    assert ask(client, in_session, token="1", person=str(staff.people["cmc"].pk)).json()["token"]
    assert ask(client, in_session, token="1", person=str(staff.people["clu"].pk)).status_code == 401


# ---------------------------------------------------------------- mail
def test_the_mail_of_circulated_minutes_tells_neither_items_nor_words(
    staff: Staff, in_session: Meeting
) -> None:
    item_add(staff, in_session, session="closed", title="shut title", minute="shut words")
    item_add(staff, in_session, title="plain title", minute="plain words")
    for name in ("end", "circulate"):
        step(staff, in_session, "cmc", name)
    cache.clear()
    with mail_server() as server:
        relay_drain()
        mail_drain()
        told = [everything_in(each) for each in server.to("req@staff.invalid")]
    assert any("Minutes circulated" in said and in_session.reference in said for said in told)
    for said in told:
        for word in ("shut title", "shut words", "plain title", "plain words"):
            assert word not in said
