"""I19 and I24 on pages: prints, exports and files carry label, originator, date and recipient; uploads keep theirs."""

from __future__ import annotations

import csv
import html
import io
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from apps.aid_requests.models import AidRequest
from apps.aid_requests.record import AidRequestType
from apps.mission.models import DataType, SharingProtocol
from apps.mission.vocabulary import Classification, EngagementStance, Sensitivity
from apps.need_to_know.acting import acting_as
from apps.need_to_know.models import ReadLog
from apps.records.file_marking import label_of_file
from apps.records.models import Attachment
from tests.cast.people import Cast
from tests.factories.files import EVERY, pdf, picture
from tests.unit.pages.conftest import File, Signed

RECIPIENT = "Colleague Person, Post of colleague, Organisation asker"
LABEL = {"classification": Classification.CONFIDENTIAL, "sensitivity": Sensitivity.HIGH}


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def words(response: Any) -> str:
    """The page as a reader sees it."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def content(response: Any) -> bytes:
    """The file that was sent."""
    assert response.status_code == 200, response.content
    return b"".join(response.streaming_content)


def name_of(response: Any) -> str:
    """The name under which the file is saved."""
    said = response["Content-Disposition"]
    found = re.search(r"filename\*=utf-8''(\S+)", said)
    return unquote(found[1]) if found else re.search(r'filename="([^"]+)"', said)[1]  # type: ignore[index]


def attach(signed: Signed, request: AidRequest, name: str, data: bytes, who: str = "owner") -> Any:
    """Upload a file on the record's page."""
    url = f"/aid-requests/{request.uuid}/attachments/"
    return signed(who).post(url, {"file": SimpleUploadedFile(name, data), "description": "What it shows"})


def stored(cast: Cast) -> Attachment:
    """The only file."""
    with acting_as(cast.people["owner"], cast.mission):
        return Attachment.objects.get()


@pytest.fixture
def marked(file: File, cast: Cast) -> AidRequest:
    """A confidential request in a compartment."""
    return file(title="Convoy to Bor", compartments=[cast.compartment.pk], **LABEL)


@pytest.mark.parametrize("page", ["print", "decision-sheet"])
def test_i19_prints_carry_label_originator_date_and_recipient(
    signed: Signed, marked: AidRequest, page: str
) -> None:
    text = words(signed("colleague").get(f"/aid-requests/{marked.uuid}/{page}/"))
    for place in (
        "Confidential Sensitivity: high Blue Originator : Organisation asker",
        f"Drawn out by : {RECIPIENT}",
    ):
        assert place.replace(" :", ":") in text.replace(" :", ":"), text[:2000]
    assert text.count("Confidential Sensitivity: high") == 3
    assert text.count(marked.reference) >= 3


def test_i19_the_decision_sheet_says_each_criterion_once(signed: Signed, file: File) -> None:
    request = file(security_text="An escort deters bandits on this road.", security_met=True)
    text = words(signed("owner").get(f"/aid-requests/{request.uuid}/decision-sheet/"))
    assert text.count("An escort deters bandits on this road.") == 1
    assert "Not answered:" not in text


def test_i19_each_row_of_a_table_carries_its_own_label(
    signed: Signed, file: File, marked: AidRequest
) -> None:
    file(title="Open to all", sensitivity=Sensitivity.LOW)
    response = signed("colleague").get("/aid-requests/export/")
    data = content(response)
    assert name_of(response).startswith("CONFIDENTIAL-HIGH aid-requests 20")
    head, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig")))
    said = {row[1]: dict(zip(head, row, strict=True)) for row in rows}
    confidential, plain = said["Convoy to Bor"], said["Open to all"]
    assert (confidential["Classification"], confidential["Sensitivity"]) == ("CONFIDENTIAL", "High")
    assert (plain["Classification"], plain["Sensitivity"], plain["Compartments"]) == (
        "UNCLASSIFIED",
        "Low",
        "",
    )
    assert confidential["Compartments"] == "Blue"
    for row in said.values():
        assert row["Originator"] == "Organisation asker"
        assert row["Drawn out by"] == RECIPIENT
        assert row["Drawn out"].startswith("20")
    found = label_of_file("list.csv", data)
    assert found is not None
    assert (found.known, found.classification, found.sensitivity) == (True, *LABEL.values())


def test_i19_a_workbook_carries_the_highest_label_on_every_sheet(
    signed: Signed, file: File, marked: AidRequest
) -> None:
    file(title="Open to all", sensitivity=Sensitivity.LOW)
    data = content(signed("colleague").get("/aid-requests/export/?format=xlsx"))
    book = load_workbook(io.BytesIO(data))
    (sheet,) = book.worksheets
    top = {row[0].value: row[1].value for row in sheet.iter_rows(max_row=10)}
    assert (top["Classification"], top["Sensitivity"]) == ("CONFIDENTIAL", "High")
    assert (top["Originator"], top["Drawn out by"]) == ("Organisation asker", RECIPIENT)
    assert "CONFIDENTIAL · Sensitivity: high · Blue" in (sheet.oddHeader.center.text or "")
    assert RECIPIENT in (sheet.oddFooter.center.text or "")
    assert book.custom_doc_props["Recipient"].value == RECIPIENT
    found = label_of_file("list.xlsx", data)
    assert found is not None
    assert (found.classification, found.sensitivity, found.compartments) == (*LABEL.values(), ("blue",))


@pytest.mark.parametrize("language", [code for code, _name in django_settings.LANGUAGES])
def test_i24_exports_in_every_language_read_back_to_their_label(
    signed: Signed, cast: Cast, marked: AidRequest, language: str
) -> None:
    cast.people["colleague"].language = language
    cast.people["colleague"].save()
    for ending in ("csv", "xlsx"):
        response = signed("colleague").get(f"/aid-requests/export/?format={ending}")
        data = content(response)
        for name in (f"list.{ending}", name_of(response)):
            found = label_of_file(name, data)
            assert found is not None
            assert (found.known, found.classification, found.sensitivity) == (True, *LABEL.values()), name


def test_i19_an_export_without_rows_is_unclassified(signed: Signed, marked: AidRequest) -> None:
    response = signed("outsider").get("/aid-requests/export/")
    assert name_of(response).startswith("UNCLASSIFIED aid-requests")
    assert response["X-Label-Classification"] == "UNCLASSIFIED"
    assert "Organisation asker" not in str(response.headers)


@pytest.mark.parametrize("name", EVERY)
def test_i19_a_file_leaves_with_its_marking_and_stays_what_it_is(
    signed: Signed, cast: Cast, marked: AidRequest, tmp_path: Path, name: str
) -> None:
    assert attach(signed, marked, name, EVERY[name]()).status_code == 302
    kept = next(path for path in tmp_path.rglob("*") if path.is_file()).read_bytes()
    response = signed("colleague").get(f"/aid-requests/{marked.uuid}/attachments/{stored(cast).uuid}/")
    data = content(response)
    assert name_of(response) == f"CONFIDENTIAL-HIGH {marked.reference} {name}"
    assert response["X-Label-Classification"] == "CONFIDENTIAL"
    assert response["X-Label-Sensitivity"] == "HIGH"
    assert response["X-Label-Compartments"] == "blue"
    assert response["X-Label-Originator"] == "Organisation asker"
    assert RECIPIENT in unquote(response["X-Label-Recipient"])
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT[\d:]{8}Z", response["X-Label-Date"])
    assert next(path for path in tmp_path.rglob("*") if path.is_file()).read_bytes() == kept
    found = label_of_file(name_of(response), data)
    assert found is not None
    assert (found.classification, found.sensitivity) == tuple(LABEL.values())
    if name in ("road.webp", "note.txt", "list.csv"):
        assert data == kept
    else:
        assert found.compartments == ("blue",)


@pytest.mark.parametrize("name", EVERY)
def test_i24_a_file_that_came_from_a_higher_record_is_refused(
    signed: Signed, cast: Cast, file: File, marked: AidRequest, name: str
) -> None:
    attach(signed, marked, name, EVERY[name]())
    taken = signed("owner").get(f"/aid-requests/{marked.uuid}/attachments/{stored(cast).uuid}/")
    data, low = content(taken), file(title="Open to all", sensitivity=Sensitivity.HIGH)
    refused = attach(signed, low, name_of(taken), data)
    assert refused.status_code == 422
    assert "This file is marked CONFIDENTIAL" in words(refused)
    assert "the record is unclassified, of high sensitivity" in words(refused)
    same = file(title="As high", compartments=[cast.compartment.pk], **LABEL)
    assert attach(signed, same, name_of(taken), data).status_code == 302


REFUSED = {
    "by its name": ("CONFIDENTIAL list of drivers.txt", b"text", "marked CONFIDENTIAL"),
    "in another language": ("سري للغاية تقرير.txt", b"text", "marked سري للغاية"),
    "by its sensitivity": ("UNCLASSIFIED-SEVERE list.txt", b"text", "marked UNCLASSIFIED-SEVERE"),
    "TLP": ("TLP AMBER+STRICT list.txt", b"text", "marked TLP AMBER+STRICT"),
    "of another scale": (
        "order.pdf",
        pdf(Classification="NATO RESTRICTED"),
        "which the portal does not know",
    ),
    "in a picture, which is drawn anew": (
        "road.png",
        picture("PNG", Comment="NATO SECRET"),
        "“NATO SECRET”, which the portal does not know",
    ),
    "of an exercise": (
        "list.txt",
        b"CIMIC-LABEL-1; classification=UNCLASSIFIED; sensitivity=LOW; exercise=yes\n",
        "belongs to an exercise",
    ),
    "of a compartment": (
        "list.txt",
        b"CIMIC-LABEL-1; classification=UNCLASSIFIED; sensitivity=LOW; exercise=no; compartments=red\n",
        "compartments of which the record is not: red",
    ),
    "of unknown protected data": (
        "list.txt",
        b"CIMIC-LABEL-1; classification=UNCLASSIFIED; sensitivity=LOW; exercise=no; holds=dna\n",
        "protected data of a kind that this mission does not know: dna",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_i24_a_file_marked_higher_than_the_record_is_refused_with_the_reason(
    signed: Signed, file: File, cast: Cast, case: str
) -> None:
    name, data, reason = REFUSED[case]
    answer = attach(signed, file(sensitivity=Sensitivity.HIGH), name, data)
    assert answer.status_code == 422
    assert reason in words(answer)
    with acting_as(cast.people["owner"], cast.mission):
        assert not Attachment.objects.exists()


def test_i24_a_file_says_what_protected_data_it_holds(signed: Signed, file: File, cast: Cast) -> None:
    marked_text = b"CIMIC-LABEL-1; classification=UNCLASSIFIED; sensitivity=LOW; exercise=no; holds=staff\n"
    assert attach(signed, file(), "list.txt", marked_text).status_code == 302
    kinds = DataType.objects.filter(pk__in=stored(cast).data_types)
    assert [kind.code for kind in kinds] == ["staff"]


@pytest.fixture
def asking(cast: Cast) -> None:
    """A protocol in force that asks what for."""
    SharingProtocol.objects.create(
        mission=cast.mission, version="1", title="ISP", state=SharingProtocol.State.IN_FORCE, ask_purpose=True
    )


@pytest.mark.parametrize("page", ["print/", "decision-sheet/", "pdf/", "file", "export"])
def test_i19_where_the_protocol_says_so_the_purpose_is_asked_and_logged(
    signed: Signed, cast: Cast, marked: AidRequest, asking: None, page: str
) -> None:
    attach(signed, marked, "note.txt", b"Six trucks.\n")
    url = f"/aid-requests/{marked.uuid}/{page}"
    if page == "file":
        url = f"/aid-requests/{marked.uuid}/attachments/{stored(cast).uuid}/"
    elif page == "export":
        url = "/aid-requests/export/?format=xlsx"
    client = signed("colleague")

    def logged() -> list[str]:
        with acting_as(cast.people["owner"], cast.mission):
            rows = ReadLog.objects.filter(record_id=marked.pk, person=cast.people["colleague"])
            return list(rows.values_list("purpose", flat=True))

    asked = client.get(url)
    assert asked.status_code == 422
    assert "What do you need it for?" in words(asked)
    assert "Convoy to Bor" not in words(asked)
    assert client.post(url, {"purpose": " "}).status_code == 422
    assert logged() == []
    answer = client.post(url, {"purpose": "Brief the convoy's drivers"})
    assert answer.status_code == 200
    assert logged() == ["Brief the convoy's drivers"]


def test_i19_nobody_is_asked_about_what_is_open(signed: Signed, file: File, asking: None) -> None:
    request = file(sensitivity=Sensitivity.MODERATE)
    assert signed("colleague").get(f"/aid-requests/{request.uuid}/print/").status_code == 200
    assert signed("colleague").get("/aid-requests/export/").status_code == 200


def test_i19_an_originator_that_is_not_to_be_listed_is_not_named(
    signed: Signed, cast: Cast, file: File
) -> None:
    request = file("outsider", scope="mission", title="From the unlisted")
    cast.organisations["outside"].engagement_stance = EngagementStance.UNLISTED
    cast.organisations["outside"].save()
    assert AidRequestType.key == request.type
    response = signed("colleague").get("/aid-requests/export/")
    assert response["X-Label-Originator"] == "restricted"
    head, row = csv.reader(io.StringIO(content(response).decode("utf-8-sig")))
    assert dict(zip(head, row, strict=True))["Originator"] == "restricted"
    text = words(signed("colleague").get(f"/aid-requests/{request.uuid}/print/"))
    assert "Originator: restricted" in text.replace(" :", ":")
