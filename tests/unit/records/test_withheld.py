"""What the database keeps apart, whatever the application does: parties, protected data, careless code, old rows."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from apps.aid_requests.models import AidRequest
from apps.mission.models import DataType
from apps.mission.vocabulary import Side
from apps.need_to_know.checking import content_differences, rule_problems
from apps.need_to_know.withholding import Withhold
from apps.records.models import Change, Withheld
from apps.records.services import record_update
from apps.records.withheld import is_answered, withheld_fill
from cimic_portal.embedded import provision
from tests.conftest import SERVERS
from tests.factories.aid_requests import bring_to, fresh, request_file, take
from tests.factories.staff import Staff, staff_make

POINT = {"destination_latitude": Decimal("6.20712"), "destination_longitude": Decimal("31.55866")}
RULED = ("contact_name", "contact_phone", "contact_email", "origin_latitude", "origin_longitude",
         "destination_latitude", "destination_longitude")  # fmt: skip


def column(request: AidRequest, name: str) -> Any:
    """What the column itself holds, as far as the actor may select it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {name} FROM aid_requests_aidrequest WHERE record_ptr_id = %s", [request.pk])
        return cursor.fetchone()[0]


@pytest.mark.usefixtures("staff")
def test_the_database_keeps_what_is_declared() -> None:
    assert rule_problems() == []


def test_columns_show_what_their_rules_let_them(staff: Staff) -> None:
    request_file(staff, **POINT)
    assert content_differences() == []


def test_i07_the_column_is_blank_even_for_its_author_and_the_values_are_apart(staff: Staff) -> None:
    request = request_file(staff, **POINT)
    with staff.acting("req"):
        assert column(request, "contact_name") == ""
        assert column(request, "destination_latitude") == Decimal("6.207")
        kept = dict(Withheld.objects.filter(record=request).values_list("field", "value"))
        assert kept["contact_name"].startswith("contact_name")
        assert kept["destination_longitude"] == 31.55866
    with staff.acting("req_colleague"):
        assert column(request, "destination_latitude") == Decimal("6.207")
        assert not Withheld.objects.exists()


def test_i07_whoever_the_workflow_draws_in_becomes_a_party_and_nobody_else(staff: Staff) -> None:
    request = request_file(staff, **POINT)
    bring_to(staff, request, "submitted")
    for who, opens in (("clu", True), ("req", True), ("req_colleague", False)):
        with staff.acting(who):
            filled = withheld_fill(fresh(request))
            assert bool(filled.contact_name) is opens, who
            assert ("contact_name" in filled.withheld_fields) is not opens
            assert (filled.destination_latitude == POINT["destination_latitude"]) is opens


def test_i07_an_unfilled_record_withholds_everything_under_a_rule(staff: Staff) -> None:
    request = request_file(staff)
    with staff.acting("req"):
        assert fresh(request).withheld_fields == frozenset(RULED)


def test_careless_code_loses_nothing(staff: Staff) -> None:
    """A record that nobody filled goes back as it came: the kept values stay."""
    request = request_file(staff, **POINT)
    with staff.acting("req"):
        careless = fresh(request)
        careless.title = "Another title"
        careless.save()
        AidRequest.objects.filter(pk=request.pk).update(contact_phone="")
        stays = withheld_fill(fresh(request))
        assert stays.contact_phone == "+211 900 000 000"
        assert stays.destination_latitude == POINT["destination_latitude"]


def test_what_is_emptied_on_a_filled_record_is_gone(staff: Staff) -> None:
    request = request_file(staff, **POINT)
    with staff.acting("req") as actor:
        filled = fresh(request)
        record_update(
            actor, record=filled,
            changes={"contact_phone": "", "contact_email": "a@b.invalid", "destination_latitude": None,
                     "destination_longitude": None},
        )  # fmt: skip
        assert (filled.contact_phone, filled.contact_email) == ("", "a@b.invalid")
        now = withheld_fill(fresh(request))
        assert (now.contact_phone, now.contact_email) == ("", "a@b.invalid")
        assert now.destination_latitude is None
        assert not Withheld.objects.filter(
            record=request, field__in=("contact_phone", "destination_latitude")
        ).exists()


def test_only_an_editor_makes_the_database_forget(staff: Staff) -> None:
    request = request_file(staff)
    with staff.acting("req_colleague"), connection.cursor() as cursor:
        cursor.execute("SELECT records_withheld_forget(%s, %s)", [request.pk, ["contact_name"]])
    with staff.acting("req"):
        assert withheld_fill(fresh(request)).contact_name


@pytest.mark.parametrize("statement", [
    "INSERT INTO records_withheld (record_id, field, rule, value) VALUES (%s, 'x', 'parties', '1')",
    "UPDATE records_withheld SET rule = 'parties' WHERE record_id = %s",
    "DELETE FROM records_withheld WHERE record_id = %s",
])  # fmt: skip
def test_withheld_values_are_written_by_triggers_alone(staff: Staff, statement: str) -> None:
    request = request_file(staff)
    with (
        staff.acting("req"),
        pytest.raises(DatabaseError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, [request.pk])


def test_a_colleague_submits_without_reading_the_contact(staff: Staff) -> None:
    request = request_file(staff)
    with staff.acting("req_colleague"):
        filled = withheld_fill(fresh(request))
        assert is_answered(filled, "contact_name")
        assert not is_answered(filled, "contact_email")
        assert filled.contact_name == ""
    assert take(staff, request, "req_colleague", "submit").state == "submitted"


def test_i07_the_history_keeps_no_value(staff: Staff) -> None:
    request = bring_to(staff, request_file(staff, **POINT), "returned")
    with staff.acting("req") as actor:
        record_update(
            actor, record=fresh(request),
            changes={"contact_phone": "+211 955 555 555", "destination_latitude": Decimal("7.1"), "title": "New"},
        )  # fmt: skip
        rows = [row.fields for row in Change.objects.filter(record=request)]
        said = {name: pair for row in rows for name, pair in row.items()}
        assert said["contact_phone"] == said["destination_latitude"] == [None, None]
        assert "title" in said
        assert "955 555" not in repr(rows)
        assert "6.2" not in repr(rows)
        assert "7.1" not in repr(rows)


def test_i08_a_label_that_rises_rounds_at_once_also_by_raw_sql_and_leaves_no_trace(staff: Staff) -> None:
    request = bring_to(staff, request_file(staff, sensitivity=0, **POINT), "submitted")
    with staff.acting("req"), connection.cursor() as cursor:
        assert column(request, "destination_latitude") == POINT["destination_latitude"]
        for sensitivity, shown in ((1, "6.207"), (2, "6.2"), (3, None), (2, "6.2")):
            cursor.execute(
                "UPDATE records_record SET sensitivity = %s WHERE id = %s", [sensitivity, request.pk]
            )
            assert column(request, "destination_latitude") == (None if shown is None else Decimal(shown))
        assert "latitude" not in repr(list(Change.objects.filter(record=request).values_list("fields")))
        assert withheld_fill(fresh(request)).destination_latitude == POINT["destination_latitude"]


@pytest.mark.parametrize(("side", "opens"), [(Side.HUMANITARIAN, True), (Side.MISSION_MILITARY, False)])
def test_i20_a_rule_of_protected_data_opens_to_sides_that_are_not_barred(
    staff: Staff, side: Side, opens: bool
) -> None:
    request = bring_to(staff, request_file(staff), "submitted")
    organisation = staff.positions["clu"].organisation
    organisation.side = side
    organisation.save()
    assert DataType.objects.filter(mission=staff.mission, code="staff").exists()
    asked = "SELECT " + ", ".join(
        f"need_to_know_opens(%s, '{rule}')" for rule in ("staff", "gossip", "parties")
    )
    with staff.acting("clu"), connection.cursor() as cursor:
        cursor.execute(asked, [request.pk] * 3)
        assert cursor.fetchone() == (opens, False, True)
    with staff.acting("req_elsewhere"), connection.cursor() as cursor:
        cursor.execute(asked, [request.pk] * 3)
        assert cursor.fetchone() == (False, False, False)


@dataclass
class Editor:
    """What the operation asks of Django's schema editor."""

    cursor: Any

    def execute(self, sql: str, params: None = None) -> None:
        """Run it as the owner."""
        self.cursor.execute(sql)


def test_rows_from_before_the_rule_are_moved_and_their_history_with_them(committed_db: str) -> None:
    staff = staff_make()
    request = bring_to(staff, request_file(staff, sensitivity=2, **POINT), "returned")
    operation = Withhold(
        "AidRequest", fields=dict.fromkeys(("contact_name", "contact_phone", "contact_email"), "parties"),
        points=[("origin_latitude", "origin_longitude"), ("destination_latitude", "destination_longitude")],
    )  # fmt: skip
    state = SimpleNamespace(apps=apps)

    def migrate(way: str) -> None:
        with provision.connected(SERVERS.url(committed_db, provision.OWNER)) as cursor:
            cursor.execute("BEGIN")
            getattr(operation, way)("aid_requests", Editor(cursor), state, state)
            cursor.execute("COMMIT")

    migrate("database_backwards")
    with staff.acting("req"), connection.cursor() as cursor:
        assert column(request, "destination_latitude") == POINT["destination_latitude"]
        assert column(request, "contact_name").startswith("contact_name")
        cursor.execute(
            "UPDATE aid_requests_aidrequest SET contact_phone = '+211 977 777 777', origin_place = 'Elsewhere',"
            " destination_longitude = 31.6 WHERE record_ptr_id = %s",
            [request.pk],
        )
        assert "977" in repr(list(Change.objects.values_list("fields", flat=True)))
    migrate("database_forwards")
    with staff.acting("req"):
        assert (column(request, "contact_name"), column(request, "destination_latitude")) == (
            "",
            Decimal("6.2"),
        )
        filled = withheld_fill(fresh(request))
        assert (filled.contact_phone, filled.destination_longitude) == ("+211 977 777 777", Decimal("31.6"))
        told = {
            name: pair
            for fields in Change.objects.values_list("fields", flat=True)
            for name, pair in fields.items()
        }
        assert told["origin_place"][1] == "Elsewhere"
        assert told["contact_phone"] == told["destination_longitude"] == [None, None]
    assert rule_problems() == []
    assert content_differences() == []
