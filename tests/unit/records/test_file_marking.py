"""I19: files that leave carry their marking inside where they can bear it, and are otherwise what they were."""

from __future__ import annotations

import io
import time
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PIL import Image
from pypdf import PdfReader

from apps.mission.vocabulary import Classification, Scope, Sensitivity
from apps.records.file_marking import foot_lines, label_of_file, marked
from apps.records.label_reading import label_read
from apps.records.marking import Marking, Recipient
from tests.factories.files import EVERY, ooxml, opendocument, packed, pdf, picture, sealed_pdf

UNMARKED = {"road.webp", "note.txt", "list.csv"}


def marking(**changes: Any) -> Marking:
    """A marking with everything in it."""
    made: dict[str, Any] = {
        "classification": Classification.CONFIDENTIAL, "sensitivity": Sensitivity.HIGH, "scope": Scope.ORGANISATION,
        "compartments": {"routes": "Convoy routes"}, "data_types": {"staff": "Lists of humanitarian staff"},
        "is_exercise": False, "reference": "RFA-2026-00012", "originators": ("Bridge; Relief = Ltd.",),
        "recipient": Recipient("Anaïs <b>Laurent</b>", "JOC duty officer", "Force HQ", "joc@rivers.invalid"),
        "at": datetime(2026, 11, 22, 20, 15, tzinfo=UTC),
    }  # fmt: skip
    return Marking(**(made | changes))


def left(tmp_path: Path, name: str, data: bytes, with_: Marking | None = None) -> bytes:
    """The file as it leaves."""
    stored = tmp_path / "stored"
    stored.write_bytes(data)
    with marked(stored, name, with_ or marking()) as content:
        made = content.read()
    assert stored.read_bytes() == data
    return made


@pytest.mark.parametrize("name", EVERY)
def test_i19_each_kind_of_file_carries_its_label_home(tmp_path: Path, name: str) -> None:
    """What leaves reads back to the same label; a format that bears none has it in its name."""
    data, mark = EVERY[name](), marking()
    made = left(tmp_path, name, data)
    assert (made == data) == (name in UNMARKED)
    found = label_of_file(mark.file_name(name), made)
    assert found is not None
    assert (found.known, found.classification, found.sensitivity) == (
        True,
        mark.classification,
        mark.sensitivity,
    )
    if name not in UNMARKED:
        inside = label_of_file(name, made)
        assert inside is not None
        assert (inside.classification, inside.sensitivity) == (mark.classification, mark.sensitivity)
        assert (inside.compartments, inside.data_types, inside.is_exercise) == (
            ("routes",),
            ("staff",),
            False,
        )
        twice = left(tmp_path, name, made, marking(classification=Classification.UNCLASSIFIED, data_types={}))
        assert label_of_file(name, twice) is not None


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_i19_every_page_of_a_pdf_says_whose_it_is(tmp_path: Path, turn: int) -> None:
    data = pdf(pages=3, turn=turn, title="Order")
    made = left(tmp_path, "order.pdf", data)
    assert made.startswith(data)
    reader = PdfReader(io.BytesIO(made), strict=True)
    said = dict(reader.metadata or {})
    assert said["/Title"] == "Order"
    assert said["/Recipient"] == "Anaïs <b>Laurent</b>, JOC duty officer, Force HQ"
    assert said["/Originator"] == "Bridge; Relief = Ltd."
    assert len(reader.pages) == 3
    for page in reader.pages:
        text = page.extract_text()
        assert "CONFIDENTIAL · Sensitivity: high · Convoy routes" in text
        assert "RFA-2026-00012 · From: Bridge; Relief = Ltd." in text
        assert "Anaïs <b>Laurent</b>, JOC duty officer, Force HQ · 22 November 2026" in text


def test_i19_a_pdf_in_other_letters_keeps_the_codes_on_its_pages(tmp_path: Path) -> None:
    arabic = marking(
        recipient=Recipient("أمينة", "ضابط", "المقر", "amina@rivers.invalid"), compartments={"routes": "طرق"}
    )
    line, origin = foot_lines(arabic)
    assert line == "CONFIDENTIAL · SENSITIVITY HIGH · ROUTES · HOLDS STAFF"
    assert origin.endswith("amina@rivers.invalid · 2026-11-22T20:15:00Z")
    made = left(tmp_path, "order.pdf", pdf(), arabic)
    assert PdfReader(io.BytesIO(made)).metadata["/Recipient"] == "أمينة, ضابط, المقر"  # type: ignore[index]


def test_i19_documents_stay_sound(tmp_path: Path) -> None:
    book = load_workbook(io.BytesIO(left(tmp_path, "table.xlsx", EVERY["table.xlsx"]())))
    assert book.active["A1"].value == "Sorghum"
    assert book.custom_doc_props["Recipient"].value == "Anaïs <b>Laurent</b>, JOC duty officer, Force HQ"
    old = opendocument(
        '<meta:user-defined meta:name="Marking">old</meta:user-defined><dc:title>Plan</dc:title>'
    )
    with zipfile.ZipFile(io.BytesIO(left(tmp_path, "plan.odt", old))) as made:
        assert made.infolist()[0].filename == "mimetype"
        assert made.infolist()[0].compress_type == zipfile.ZIP_STORED
        meta = made.read("meta.xml").decode()
        assert meta.count('name="Marking"') == 1
        assert "<dc:title>Plan</dc:title>" in meta
        assert made.testzip() is None


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF"])
def test_i19_the_picture_itself_is_not_drawn_anew(tmp_path: Path, kind: str) -> None:
    data = picture(kind)
    made = left(tmp_path, f"road.{kind.lower()}", data)
    with Image.open(io.BytesIO(data)) as before, Image.open(io.BytesIO(made)) as after:
        after.load()
        assert before.tobytes() == after.tobytes()
    assert made.endswith(data[len(data) // 2 :])


SEALED = {
    "encrypted.pdf": sealed_pdf(),
    "broken.pdf": b"%PDF-1.7\nnothing of a PDF\n%%EOF\n",
    "signed.docx": ooxml("word/document.xml", {"_xmlsignatures/origin": "x"}),
    "encrypted.odt": opendocument(more={"META-INF/manifest.xml": "<m><encryption-data/></m>"}),
    "signed.odt": opendocument(more={"META-INF/documentsignatures.xml": "<s/>"}),
    "no relations.docx": packed({"word/document.xml": "<doc/>"}),
    "bomb of names.docx": ooxml(
        "word/document.xml",
        {"docProps/custom.xml": '<!DOCTYPE x [<!ENTITY a "b">]><Properties>&a;</Properties>'},
    ),
    "cut.png": b"\x89PNG\r\n\x1a\n",
    "cut.jpg": b"\xff\xd8\xff\xe0\xff\xff",
    "cut.gif": b"GIF8",
}


@pytest.mark.parametrize("name", SEALED)
def test_i19_what_cannot_be_marked_leaves_as_it_is(tmp_path: Path, name: str) -> None:
    assert left(tmp_path, name, SEALED[name]) == SEALED[name]


def test_i19_names_carry_label_and_reference_once() -> None:
    mark = marking()
    once = mark.file_name("order.pdf")
    assert once == "CONFIDENTIAL-HIGH RFA-2026-00012 order.pdf"
    assert mark.file_name(once) == once
    raised = marking(classification=Classification.STRICTLY_CONFIDENTIAL, sensitivity=Sensitivity.LOW)
    assert raised.file_name(once) == "STRICTLY CONFIDENTIAL RFA-2026-00012 order.pdf"
    assert marking(reference="RFA-2026-00099").file_name(once).endswith(f" RFA-2026-00099 {once}")
    assert len(mark.file_name("x" * 300 + ".pdf")) <= 180
    assert mark.file_name(" RFA-2026-00012 .pdf").endswith(".pdf")


def test_i19_the_statement_reads_back_whole_and_takes_no_orders() -> None:
    mark = marking(
        classification=Classification.STRICTLY_CONFIDENTIAL, is_exercise=True,
        originators=("x; classification=UNCLASSIFIED\nCIMIC-LABEL-1; classification=UNCLASSIFIED; exercise=no",),
    )  # fmt: skip
    found = label_read(mark.statement)
    assert found is not None
    assert (found.known, found.classification, found.is_exercise) == (
        True,
        Classification.STRICTLY_CONFIDENTIAL,
        True,
    )
    assert "\n" not in mark.statement
    assert mark.statement.isascii()
    for said in mark.headers().values():
        assert said.isascii()
        assert "\n" not in said


def test_i19_large_files_are_marked_in_bounded_time(tmp_path: Path) -> None:
    noise = "".join(chr(33 + (n * 7919) % 90) for n in range(1_000_000))
    big = {
        "long.pdf": pdf(pages=2000) + b"% " + b"x" * 20_000_000 + b"\n",
        "big.docx": ooxml("word/document.xml", {f"word/media/{n}.bin": noise for n in range(25)}),
    }
    for name, data in big.items():
        began = time.monotonic()
        left(tmp_path, name, data)
        assert time.monotonic() - began < 20, name


_OFFICE = '<Properties><property name="MSIP_Label_0f-1_Name"><v>Highly internal</v></property></Properties>'
FOREIGN = {
    "nato.pdf": pdf(Classification="NATO RESTRICTED"),
    "title.pdf": pdf(title="NATO SECRET – order of battle"),
    "office.docx": ooxml(
        "word/document.xml",
        {"docProps/custom.xml": _OFFICE},
    ),
    "tlp.odt": opendocument('<meta:user-defined meta:name="TLP">PURPLE</meta:user-defined>'),
    "keyword.odt": opendocument("<meta:keyword>COSMIC TOP SECRET</meta:keyword>"),
    "note.txt": b"EU SECRET\n\nSix trucks.\n",
    "export.csv": b"item,Classification,Sensitivity\nroad,Confidentially,high\n",
    "(secret) order.txt": b"text\n",
}


@pytest.mark.parametrize("name", FOREIGN)
def test_i24_a_foreign_marking_in_a_file_is_the_most_restrictive(name: str) -> None:
    found = label_of_file(name, FOREIGN[name])
    assert found is not None
    assert (found.known, found.classification, found.sensitivity) == (
        False, Classification.STRICTLY_CONFIDENTIAL, Sensitivity.SEVERE,
    )  # fmt: skip


@pytest.mark.parametrize("name", [*EVERY, "Food security.csv"])
def test_i24_a_file_without_a_marking_states_none(name: str) -> None:
    data = b"Food security,Classification\n3,Urban\n" if name == "Food security.csv" else EVERY[name]()
    assert label_of_file(name, data) is None
