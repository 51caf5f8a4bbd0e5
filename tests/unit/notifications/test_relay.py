"""From an event to the people it concerns: who, why, once, and nobody who may not read it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction
from django.utils import timezone

from apps.mission.models import Holding, Position
from apps.mission.vocabulary import Capacity, Role
from apps.need_to_know.grants import grant_give, grant_give_many, grant_revoke, grants_of
from apps.notifications import herald, relay
from apps.notifications.models import Notification, Preference, Subscription
from apps.notifications.relay import relay_drain, relay_next
from apps.notifications.rendering import said
from apps.notifications.vocabulary import Reason
from apps.records.models import Record
from apps.records.services import comment_add
from tests.factories.aid_requests import bring_to, fresh, request_file, take
from tests.factories.staff import Staff
from tests.unit.notifications.conftest import everybody_told, forget, messages, reasons, told


def outbox(part: str = "outbox") -> int:
    """How much is in the outbox."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT notifications_health() ->> %s", [part])
        return int(cursor.fetchone()[0])


def needing(staff: Staff) -> set[str]:
    """Whom the portal told that something needs them."""
    return {name for name, found in everybody_told(staff).items() if found[Reason.NEEDS_ME]}


def test_whoever_acts_next_is_told_and_whoever_acted_is_not(staff: Staff) -> None:
    request = request_file(staff)
    assert outbox() == 0  # a draft is nobody's news
    take(staff, request, "req", "submit")
    assert outbox() == 1
    assert relay_drain() == 1
    assert outbox() == 0
    assert needing(staff) == {"clu"}
    assert told(staff, "req") == []
    assert reasons(staff, "cmc") == {Reason.PART: 1}
    take(staff, request, "clu", "validate")
    relay_drain()
    assert needing(staff) == {"clu", "cmc"}
    assert reasons(staff, "req") == {Reason.PART: 1}
    assert reasons(staff, "clu") == {Reason.NEEDS_ME: 1}


def test_a_step_that_was_overtaken_leaves_it_to_the_later_one(staff: Staff) -> None:
    request = bring_to(staff, request_file(staff), "validated")
    relay_drain()
    assert needing(staff) == {"cmc"}
    with staff.acting("cmc"):
        assert [each.event.verb for each in Notification.objects.filter(reason=Reason.NEEDS_ME)] == [
            "aid_request.validate"
        ]
    assert fresh_state(staff, request) == "validated"


def fresh_state(staff: Staff, request: Any) -> str:
    """The state as the requester sees it."""
    with staff.acting("req"):
        return fresh(request).state


def test_nobody_is_told_twice_whatever_runs_how_often(staff: Staff) -> None:
    take(staff, request_file(staff), "req", "submit")
    with transaction.atomic():
        with herald.taking() as found:
            assert found is not None
            relay._tell(found[1])
        transaction.set_rollback(True)
    assert everybody_told(staff) == {}
    relay_drain()
    before = everybody_told(staff)
    assert relay_next() is None
    with (
        connection.cursor() as cursor,
        pytest.raises(DatabaseError, match="nothing was taken"),
        transaction.atomic(),
    ):
        cursor.execute("SELECT notifications_tell('{1}', '{part}', '{NULL}', '{NULL}', '{}')")
    assert everybody_told(staff) == before


def test_i06_who_is_told_is_asked_when_it_is_told_and_not_when_it_happened(staff: Staff) -> None:
    """A right that ends between the event and the telling: nothing arrives, in no inbox and by no mail."""
    request = request_file(staff, scope="organisation")
    with staff.acting("req") as actor:
        grant_give(actor, record=request, to=staff.people["clu_other_sector"], reason="For a day")
    forget()
    subscribe(staff, "clu_other_sector", record_id=request.pk)
    with staff.acting("req") as actor:
        comment_add(actor, record=request, text="A remark")
        key = next(given.key for given in grants_of(request))
        grant_revoke(actor, record=request, key=key)
    before = told(staff, "clu_other_sector")
    relay_drain()
    assert told(staff, "clu_other_sector") == before
    assert messages(staff, "clu_other_sector", state="queued") == []


def test_what_is_shared_is_told_to_whom_it_was_shared_with(staff: Staff) -> None:
    request = request_file(staff, scope="organisation")
    with staff.acting("req") as actor:
        grant_give(actor, record=request, to=staff.positions["unit_other"], reason="Routes")
        grant_give(
            actor,
            record=request,
            to=staff.people["sec"],
            reason="Risk",
            until=timezone.now() + timedelta(days=1),
        )
    relay_drain()
    assert reasons(staff, "unit_other") == {Reason.SHARED: 1}
    assert reasons(staff, "sec") == {Reason.SHARED: 1}
    assert set(everybody_told(staff)) == {"unit_other", "sec"}


def test_what_is_shared_by_the_thousand_is_told_once(staff: Staff) -> None:
    requests = [request_file(staff, scope="organisation") for _ in range(5)]
    with staff.acting("req") as actor:
        rows = Record.objects.filter(pk__in=[request.pk for request in requests])
        assert grant_give_many(actor, records=rows, to=staff.positions["unit_other"], reason="Routes") == 5
    assert outbox() == 1
    relay_drain()
    assert reasons(staff, "unit_other") == {Reason.SHARED: 1}
    with staff.acting("unit_other") as actor:
        (one,) = Notification.objects.all()
        assert "and others with it" in said(actor, [one])[one.pk].headline


def test_the_herald_reads_one_record_and_is_nobody(staff: Staff) -> None:
    first, second = request_file(staff), request_file(staff)
    take(staff, first, "req", "submit")
    with herald.taking() as found:
        assert found is not None
        assert list(Record.objects.values_list("pk", flat=True)) == [first.pk]
        assert Record.objects.filter(pk=first.pk).update(title="changed") == 0
        assert herald.readers([staff.people["unit"].pk]) == set()
        assert not Record.objects.filter(pk=second.pk).exists()


def test_nobody_who_acts_takes_from_the_outbox(staff: Staff) -> None:
    take(staff, request_file(staff), "req", "submit")
    for sql in ("SELECT * FROM notifications_take()", "SELECT * FROM notifications_next('email')",
                "SELECT notifications_tick(1)", "SELECT * FROM notifications_digests_wanted()"):  # fmt: skip
        with (
            staff.acting("joc"),
            connection.cursor() as cursor,
            pytest.raises(DatabaseError, match="somebody is acting"),
            transaction.atomic(),
        ):
            cursor.execute(sql)


def test_a_row_that_fails_is_put_off_and_stops_nobody(staff: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = request_file(staff), request_file(staff)
    take(staff, first, "req", "submit")
    take(staff, second, "req", "submit")
    real = relay.concerned_by

    def fail(taken: Any, record: Any, event: Any) -> Any:
        if record.pk == first.pk:
            raise RuntimeError("a fault of ours")
        return real(taken, record, event)

    monkeypatch.setattr(relay, "concerned_by", fail)
    relay_drain()
    assert [each.record_id for each in told(staff, "clu")] == [second.pk]
    assert outbox() == 1
    monkeypatch.undo()
    assert relay_next() is None  # not at once: it waits for its time
    assert outbox("outbox_dead") == 0


def test_a_database_that_is_away_is_no_fault_of_the_row(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(staff, request_file(staff), "req", "submit")

    def away(*_a: Any) -> Any:
        raise OperationalError("the connection was lost")

    monkeypatch.setattr(relay, "concerned_by", away)
    with pytest.raises(OperationalError):
        relay_drain()
    monkeypatch.undo()
    assert relay_drain() == 1


# ---------------------------------------------------------------- following and muting
def subscribe(staff: Staff, name: str, **to: Any) -> None:
    """Follow or mute something as the holder of a post."""
    with staff.acting(name) as actor:
        Subscription.objects.create(mission=actor.mission, person=actor.user, **to)


def test_followers_of_a_type_an_area_or_an_organisation_are_told_of_what_they_read(staff: Staff) -> None:
    subscribe(staff, "sec", record_type="aid_request")
    subscribe(staff, "joc", area=staff.area.parent)
    subscribe(staff, "unit", group=staff.organisations["ngo"].group)
    subscribe(staff, "unit_other", record_type="information_request")
    take(staff, request_file(staff, scope="mission"), "req", "submit")
    relay_drain()
    for name in ("sec", "joc", "unit"):
        assert reasons(staff, name) == {Reason.FOLLOW: 1}, name
    assert reasons(staff, "unit_other") == {}
    take(staff, request_file(staff, scope="organisation"), "req", "submit")
    relay_drain()
    assert reasons(staff, "sec") == {Reason.FOLLOW: 1}


def test_muting_silences_everything_but_what_needs_me(staff: Staff) -> None:
    request = take(staff, request_file(staff), "req", "submit")
    relay_drain()
    subscribe(staff, "cmc", record_id=request.pk, muted=True)
    with staff.acting("req") as actor:
        comment_add(actor, record=request, text="A remark")
    relay_drain()
    assert reasons(staff, "cmc") == {Reason.PART: 1}
    take(staff, request, "clu", "validate")
    relay_drain()
    assert reasons(staff, "cmc") == {Reason.PART: 1, Reason.NEEDS_ME: 1}


def test_a_mention_is_told_to_whom_it_names(staff: Staff) -> None:
    request = take(staff, request_file(staff), "req", "submit")
    forget()
    with staff.acting("req") as actor:
        comment_add(actor, record=request, text="Please look", mentions=[staff.positions["cmc"]])
    relay_drain()
    assert reasons(staff, "cmc")[Reason.MENTION] == 1
    assert reasons(staff, "clu")[Reason.MENTION] == 0


# ---------------------------------------------------------------- absence
def substitute(staff: Staff, post: str, by: str) -> None:
    """Somebody stands in for the holder of a post."""
    Holding.objects.create(
        position=staff.positions[post], person=staff.people[by], capacity=Capacity.SUBSTITUTE,
        starts=timezone.now() - timedelta(days=1), until=timezone.now() + timedelta(days=3),
    )  # fmt: skip


def test_an_absent_holders_work_goes_to_the_substitute(staff: Staff) -> None:
    substitute(staff, "clu", "unit_other")
    take(staff, request_file(staff), "req", "submit")
    relay_drain()
    assert reasons(staff, "unit_other") == {Reason.NEEDS_ME: 1}
    assert messages(staff, "unit_other", channel="email")
    # The holder finds it on return, and is not called back by mail.
    assert reasons(staff, "clu") == {Reason.NEEDS_ME: 1}
    assert messages(staff, "clu") == []


def test_where_nobody_is_present_the_work_goes_up_the_chain(staff: Staff) -> None:
    chief = staff.post("chief", "agency", Role.CLUSTER)
    Position.objects.filter(pk=chief.pk).update(is_active=True)
    Position.objects.filter(pk=staff.positions["clu"].pk).update(reports_to=chief)
    # The chief coordinates another sector, and so is not awaited herself.
    chief.roles.update(sector=staff.sector.mission.sectors.get(code="HEA"))
    away(staff, "clu")
    take(staff, request_file(staff, scope="mission"), "req", "submit")
    relay_drain()
    assert reasons(staff, "chief") == {Reason.NEEDS_ME: 1}
    assert messages(staff, "clu") == []


def away(staff: Staff, name: str) -> None:
    """The holder of a post says that they are away."""
    Preference.objects.create(
        person=staff.people[name], away_from=timezone.now() - timedelta(hours=1),
        away_until=timezone.now() + timedelta(days=1),
    )  # fmt: skip


def test_where_nobody_else_may_have_the_work_it_comes_to_the_absent_holder(staff: Staff) -> None:
    """Above them stands somebody who does not read it, and then nobody at all."""
    chief = staff.post("blind_chief", "agency", Role.AUDITOR)
    Position.objects.filter(pk=staff.positions["clu"].pk).update(reports_to=chief)
    away(staff, "clu")
    take(staff, request_file(staff, scope="organisation"), "req", "submit")
    relay_drain()
    assert reasons(staff, "blind_chief") == {}
    assert reasons(staff, "clu") == {Reason.NEEDS_ME: 1}
    assert [each.channel for each in messages(staff, "clu")] == ["email"]
    Position.objects.filter(pk=staff.positions["clu"].pk).update(reports_to=None)
    take(staff, request_file(staff), "req", "submit")
    relay_drain()
    assert reasons(staff, "clu") == {Reason.NEEDS_ME: 2}
    assert len(messages(staff, "clu", channel="email")) == 2
