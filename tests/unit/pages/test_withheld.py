"""Fields under a rule on every page: who may have them, and that nobody else finds a trace, labels included."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from apps.aid_requests.models import AidRequest
from apps.mission.models import DataType, Organisation, ProtocolLine, SharingProtocol
from apps.mission.vocabulary import Role
from apps.need_to_know.acting import acting_as
from apps.need_to_know.grants import grant_give
from apps.records.models import Attachment
from apps.records.services import record_update
from apps.records.transitions import addressees_add, transition
from apps.records.withheld import withheld_fill
from tests.cast.people import Cast
from tests.unit.pages.conftest import File, Signed

CONTACT = {
    "contact_name": "Zebedee Quartz",
    "contact_phone": "+211 955 123 456",
    "contact_email": "zq@relief.invalid",
}
LABELS = ("Contact on the ground", "E-mail address", "Telephone")
POINT = {"destination_latitude": Decimal("6.20712"), "destination_longitude": Decimal("31.55866")}
EXACT = ("6.20712", "31.55866")
Page = Callable[..., str]


@pytest.fixture
def record(cast: Cast, file: File) -> AidRequest:
    """A request that its organisation reads, submitted, with a contact and a point; the addressee is drawn in."""
    made = file(
        kind="medical", scope="organisation", needed_by=timezone.now() + timedelta(days=5),
        need_statement="Food", **CONTACT, **POINT,
    )  # fmt: skip
    with acting_as(cast.people["owner"], cast.mission):
        addressees_add(made, type(cast.positions["addressee"]).objects.filter(pk=cast.positions["addressee"].pk),
                       Role.CMCOORD)  # fmt: skip
    return made


@pytest.fixture
def page(signed: Signed) -> Page:
    """The text of a page of the record, as somebody."""

    def read(who: str, record: AidRequest, name: str = "detail", **kwargs: Any) -> str:
        answer = signed(who).get(record.record_type.url(record, name, **kwargs))
        assert answer.status_code == 200, answer.status_code
        return answer.content.decode()

    return read


PAGES = ("detail", "print", "history", "share", "decision-sheet")


@pytest.mark.parametrize("name", PAGES)
def test_i07_a_mere_reader_finds_neither_contact_nor_its_labels(
    record: AidRequest, page: Page, name: str
) -> None:
    said = page("colleague", record, name)
    assert record.title in said
    assert [word for word in (*CONTACT.values(), *LABELS) if word in said] == []


@pytest.mark.parametrize("who", ["owner", "addressee"])
def test_i07_the_parties_have_the_contact(record: AidRequest, page: Page, who: str) -> None:
    for name in ("detail", "print"):
        said = page(who, record, name)
        assert all(word in said for word in (*CONTACT.values(), *LABELS)), name


def test_i07_the_form_of_an_editor_keeps_and_empties_what_is_withheld(
    record: AidRequest, signed: Signed, page: Page, cast: Cast
) -> None:
    said = page("owner", record, "edit", step="contact")
    assert CONTACT["contact_phone"] in said
    url = record.record_type.url(record, "edit", step="contact")
    with acting_as(cast.people["owner"], cast.mission):
        version = AidRequest.objects.get(pk=record.pk).version
    sent = {
        "version": version, "contact_name": "", "contact_phone": CONTACT["contact_phone"],
        "contact_email": "new@relief.invalid", "cost_basis": "", "srm_reference": "",
        "clearances-TOTAL_FORMS": 0, "clearances-INITIAL_FORMS": 0, "close": "1",
    }  # fmt: skip
    assert signed("owner").post(url, sent).status_code == 302
    said = page("addressee", record)
    assert CONTACT["contact_name"] not in said
    assert CONTACT["contact_email"] not in said
    assert "new@relief.invalid" in said
    assert CONTACT["contact_phone"] in said
    assert "new@relief.invalid" not in page("colleague", record)


def test_i07_the_history_says_that_it_changed_to_the_parties_and_nothing_to_others(
    record: AidRequest, page: Page, cast: Cast
) -> None:
    with acting_as(cast.people["owner"], cast.mission) as actor:
        transition(actor, record=AidRequest.objects.get(pk=record.pk), name="withdraw", note="Not needed")
        now = withheld_fill(AidRequest.objects.get(pk=record.pk))
        now.contact_phone, now.destination_latitude = "+211 900 999 999", Decimal("7.12345")
        now.save()
    party, reader = page("addressee", record, "history"), page("colleague", record, "history")
    assert "Telephone" in party
    assert "Telephone" not in reader
    for said in (party, reader):
        assert "+211 900 999 999" not in said
        assert CONTACT["contact_phone"] not in said
        assert "7.12" not in said
        assert "6.20" not in said


def test_i08_each_sensitivity_rounds_for_readers_and_for_nobody_else(
    record: AidRequest, page: Page, cast: Cast
) -> None:
    told = {0: ("6.20712", ""), 1: ("6.207", "rounded to about 111 m"), 2: ("6.2", "rounded to about 11 km")}
    for sensitivity in (1, 2, 3, 0):
        with acting_as(cast.people["owner"], cast.mission) as actor:
            record_update(
                actor, record=AidRequest.objects.get(pk=record.pk), changes={"sensitivity": sensitivity}
            )
        for name in ("detail", "print"):
            reader, party = page("colleague", record, name), page("addressee", record, name)
            assert EXACT[0] in party
            assert "rounded" not in party
            if sensitivity == 3:
                assert "atitude of the destination" not in reader
                assert "6.2" not in reader
            else:
                number, words = told[sensitivity]
                assert number in reader
                assert words in reader
                assert (EXACT[0] in reader) is (sensitivity == 0)


def test_i08_the_protocol_in_force_says_how_much_is_rounded(
    record: AidRequest, page: Page, cast: Cast
) -> None:
    assert "6.207" in page("colleague", record)
    protocol = SharingProtocol.objects.create(
        mission=cast.mission, version="1", title="Protocol", state="in_force", decimals=[5, 0, 0, -1]
    )
    assert "6.207" not in page("colleague", record)
    assert "rounded to about 111 km" in page("colleague", record)
    protocol.decimals = [2, 2, 1, -1]
    protocol.save()
    assert "6.21" in page("colleague", record)
    protocol.state = "superseded"
    protocol.save()
    assert "6.207" in page("colleague", record)
    assert EXACT[0] in page("addressee", record)


# ---------------------------------------------------------------- protected data
@pytest.fixture
def staff_list(cast: Cast) -> DataType:
    """Lists of humanitarian staff, barred to the military side."""
    found: DataType = DataType.objects.get(mission=cast.mission, code="staff")
    return found


def test_i20_a_file_that_holds_what_a_side_is_barred_from_is_not_there_for_it(
    record: AidRequest, page: Page, signed: Signed, cast: Cast, staff_list: DataType
) -> None:
    with acting_as(cast.people["owner"], cast.mission) as actor:
        grant_give(actor, record=record, to=cast.positions["decider"], right="view_record", reason="to see")
    url = record.record_type.url(record, "attach")
    sent = SimpleUploadedFile("staff-of-bor.txt", b"Names")
    answer = signed("owner").post(url, {"file": sent, "description": "List", "data_types": [staff_list.pk]})
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    with acting_as(cast.people["owner"], cast.mission):
        held = Attachment.objects.get(record_id=record.pk)
        assert held.data_types == [staff_list.pk]
    assert "staff-of-bor" in page("owner", record)
    assert staff_list.name in page("colleague", record)
    for name in ("detail", "print", "history"):
        assert "staff-of-bor" not in page("decider", record, name)
    file = record.record_type.url(record, "attachment", attachment=held.uuid)
    assert signed("decider").get(file).status_code == 404
    assert signed("colleague").get(file).status_code == 200


def test_i20_nobody_hangs_on_a_record_what_their_side_is_barred_from(
    record: AidRequest, signed: Signed, cast: Cast, staff_list: DataType
) -> None:
    with acting_as(cast.people["owner"], cast.mission) as actor:
        grant_give(actor, record=record, to=cast.positions["decider"], right="view_record", reason="to see")
    answer = signed("decider").post(
        record.record_type.url(record, "attach"),
        {"file": SimpleUploadedFile("a.txt", b"Names"), "data_types": [staff_list.pk]},
    )
    assert answer.status_code == 422
    assert "Your side does not handle this data" in answer.content.decode()
    with acting_as(cast.people["owner"], cast.mission):
        assert not Attachment.objects.filter(record_id=record.pk).exists()


def _label(record: AidRequest, version: int, **changes: Any) -> dict[str, Any]:
    return {
        "version": version,
        "classification": 0,
        "sensitivity": 1,
        "scope": "organisation",
        "close": "1",
        **changes,
    }


def test_the_protocol_sets_the_least_label_of_protected_data(
    record: AidRequest, signed: Signed, cast: Cast, staff_list: DataType
) -> None:
    protocol = SharingProtocol.objects.create(mission=cast.mission, version="1", title="P", state="in_force")
    ProtocolLine.objects.create(protocol=protocol, data_type=staff_list, sensitivity=2, classification=1)
    url = record.record_type.url(record, "edit", step="label")
    with acting_as(cast.people["owner"], cast.mission):
        version = AidRequest.objects.get(pk=record.pk).version
    refused = signed("owner").post(url, _label(record, version, data_types=[staff_list.pk]))
    assert refused.status_code == 422
    assert "under the sharing protocol of this mission" in refused.content.decode()
    taken = signed("owner").post(
        url, _label(record, version, data_types=[staff_list.pk], sensitivity=2, classification=1)
    )
    assert taken.status_code == 302
    with acting_as(cast.people["owner"], cast.mission):
        assert AidRequest.objects.get(pk=record.pk).data_types == [staff_list.pk]
    shown = signed("owner").get(record.record_type.url(record)).content.decode()
    assert staff_list.name in shown


def test_a_record_of_data_barred_to_its_author_is_not_filed(
    signed: Signed, cast: Cast, staff_list: DataType
) -> None:
    Organisation.objects.filter(pk=cast.organisations["asker"].pk).update(side="mission_military")
    sent = {"title": "List of staff", "kind": "medical", "classification": 0, "sensitivity": 1,
            "scope": "organisation", "data_types": [staff_list.pk]}  # fmt: skip
    answer = signed("owner").post("/aid-requests/new/", sent)
    assert answer.status_code == 422
    assert "Your side does not handle this data" in answer.content.decode()


# ---------------------------------------------------------------- files of the list, and everything in the database
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_i07_i08_exports_hold_neither_contact_nor_point(
    record: AidRequest, signed: Signed, form: str
) -> None:
    answer = signed("colleague").get(f"/aid-requests/export/?format={form}")
    content = b"".join(answer) if answer.streaming else answer.content
    if form == "xlsx":
        from openpyxl import load_workbook

        book = load_workbook(io.BytesIO(content))
        text = " ".join(str(cell) for sheet in book for row in sheet.values for cell in row)
    else:
        text = content.decode("utf-8-sig")
    assert record.reference in text
    assert [word for word in (*CONTACT.values(), *EXACT) if word in text] == []


def test_i07_i08_raw_sql_finds_neither_contact_nor_point_in_any_table(record: AidRequest, cast: Cast) -> None:
    """Every table that portal_app may select from, row by row, as a mere reader; a party finds all of it."""

    def found() -> set[str]:
        words = {*CONTACT.values(), *EXACT}
        seen: set[str] = set()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'v', 'm', 'p')"
                " AND has_table_privilege(c.oid, 'SELECT')"
            )
            for (table,) in cursor.fetchall():
                cursor.execute(f"SELECT t::text FROM {table} t")
                text = "\n".join(row[0] for row in cursor.fetchall())
                seen |= {word for word in words if word in text}
        return seen

    with acting_as(cast.people["colleague"], cast.mission):
        assert AidRequest.objects.filter(pk=record.pk).exists()
        assert found() == set()
    with acting_as(cast.people["addressee"], cast.mission):
        assert found() == {*CONTACT.values(), *EXACT}


def test_i07_search_does_not_know_the_contact(record: AidRequest, signed: Signed) -> None:
    for who in ("owner", "colleague"):
        for address in ("/search/", "/aid-requests/"):
            assert record.reference not in signed(who).get(address, {"q": "Quartz"}).content.decode()
        assert record.reference in signed(who).get("/aid-requests/", {"q": "convoy"}).content.decode()
