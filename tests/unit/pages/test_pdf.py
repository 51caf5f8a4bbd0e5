"""A record as PDF: marked on every page, the print's content and no more, whatever people wrote, in every script."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from django.utils import timezone

from apps.aid_requests.models import AidRequest
from apps.mission.models import SharingProtocol
from apps.mission.vocabulary import Classification, Role, Sensitivity
from apps.need_to_know.acting import acting_as
from apps.need_to_know.models import ReadLog
from apps.pages import typesetting
from apps.records.file_marking import label_of_file
from apps.records.services import comment_add, link_add
from apps.records.transitions import addressees_add
from tests.cast.people import Cast
from tests.factories.paper import pages_of, pdf_text, reader, squeezed
from tests.unit.pages.conftest import Ended, File, Signed

RECIPIENT = "Colleague Person, Post of colleague, Organisation asker"
LABEL = {"classification": Classification.CONFIDENTIAL, "sensitivity": Sensitivity.HIGH}
LINE = "CONFIDENTIAL · Sensitivity: high · Blue · My organisation, and those named"
PARAGRAPH = "The road has been closed since the ambush, and rations end in nine days. "
Paper = Callable[..., bytes]


@pytest.fixture
def paper(signed: Signed) -> Paper:
    """The PDF of a record, as somebody gets it."""

    def fetch(who: str, record: AidRequest) -> bytes:
        answer = signed(who).get(record.record_type.url(record, "pdf"))
        assert answer.status_code == 200, answer.status_code
        return b"".join(answer.streaming_content)  # type: ignore[attr-defined]

    return fetch


@pytest.fixture
def marked(file: File, cast: Cast) -> AidRequest:
    """A confidential request in a compartment, some pages long."""
    return file(
        title="Convoy to Bor", compartments=[cast.compartment.pk], scope="organisation",
        need_statement=PARAGRAPH * 60, last_resort_justification=PARAGRAPH * 60, **LABEL,
    )  # fmt: skip


def test_i19_every_page_carries_label_originator_recipient_and_date(paper: Paper, marked: AidRequest) -> None:
    pages = pages_of(paper("colleague", marked))
    assert len(pages) >= 3
    for number, text in enumerate(pages, 1):
        # Once more in the head of the document, which is read aloud; head and foot of pages are not.
        assert text.count(LINE) == (3 if number == 1 else 2), text[:300]
        foot = f"{marked.reference} · From: Organisation asker · Drawn out by: {RECIPIENT} · "
        assert foot in text
        assert re.search(rf"{re.escape(foot)}\d+ \w+ 20\d\d \d\d:\d\d UTC", text)
        assert f"Page {number} of {len(pages)}" in text
    assert f"Drawn out by {RECIPIENT}" in pages[0]
    assert "State Draft" in pages[0]
    assert "From Organisation asker" in pages[0]


def test_i24_the_file_reads_back_to_its_label_and_is_refused_below_it(
    signed: Signed, paper: Paper, marked: AidRequest
) -> None:
    found = label_of_file("renamed.pdf", paper("colleague", marked))
    assert found is not None
    assert (found.known, found.classification, found.sensitivity) == (True, *LABEL.values())
    assert found.compartments == ("blue",)


def test_i19_name_and_headers_carry_the_marking(signed: Signed, marked: AidRequest) -> None:
    answer = signed("colleague").get(f"/aid-requests/{marked.uuid}/pdf/")
    said = unquote(answer["Content-Disposition"])
    assert re.fullmatch(
        rf'attachment; filename="CONFIDENTIAL-HIGH {marked.reference} 20\d\d-\d\d-\d\d-\d{{4}}\.pdf"', said
    )
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]
    assert "default-src" in answer["Content-Security-Policy"]
    assert answer["X-Label-Classification"] == "CONFIDENTIAL"
    assert answer["X-Label-Originator"] == "Organisation asker"


def test_times_are_the_missions(signed: Signed, paper: Paper, cast: Cast, file: File) -> None:
    cast.mission.time_zone = "Africa/Juba"
    cast.mission.save()
    moment = timezone.now().replace(hour=21, minute=47) + timedelta(days=5)
    text = pdf_text(paper("owner", file(needed_by=moment)))
    assert f"{moment + timedelta(hours=2):%H:%M} CAT" in text
    assert "UTC" not in text


def test_i13_it_is_logged_as_a_print_is(paper: Paper, cast: Cast, marked: AidRequest) -> None:
    paper("colleague", marked)
    with acting_as(cast.people["owner"], cast.mission):
        (row,) = ReadLog.objects.filter(record_id=marked.pk, person=cast.people["colleague"])
    assert (row.channel, row.surface) == ("print", "aid_requests:pdf")


@pytest.mark.parametrize("who", ["outsider", "uncleared", "administrator", "stranger"])
def test_i01_it_is_missing_for_whoever_may_not_read_the_record(
    signed: Signed, marked: AidRequest, who: str
) -> None:
    assert signed(who).get(f"/aid-requests/{marked.uuid}/pdf/").status_code == 404


CONTACT = {
    "contact_name": "Zebedee Quartz",
    "contact_phone": "+211 955 123 456",
    "contact_email": "zq@relief.invalid",
}


def test_i07_a_mere_reader_finds_neither_contact_nor_its_labels(paper: Paper, file: File, cast: Cast) -> None:
    record = file(
        kind="medical", scope="organisation", needed_by=timezone.now() + timedelta(days=5), **CONTACT
    )
    with acting_as(cast.people["owner"], cast.mission):
        posts = type(cast.positions["addressee"]).objects.filter(pk=cast.positions["addressee"].pk)
        addressees_add(record, posts, Role.CMCOORD)
    words = (*CONTACT.values(), "Contact on the ground", "E-mail address", "Telephone")
    said = {who: pdf_text(paper(who, record)) for who in ("colleague", "owner", "addressee")}
    assert [word for word in words if word in said["colleague"] or squeezed(word) in said["colleague"]] == []
    for party in ("owner", "addressee"):
        assert [word for word in words if word not in said[party]] == []


def test_i01_a_link_to_what_one_may_not_know_of_is_not_there(paper: Paper, file: File, cast: Cast) -> None:
    seen, hidden = file(title="Open to all", scope="mission"), file(title="Cnry0123456789", scope="private")
    with acting_as(cast.people["owner"], cast.mission) as actor:
        link_add(actor, source=seen, target=hidden, relation="related")
    assert "Cnry0123456789" in pdf_text(paper("owner", seen))
    for who in ("colleague", "outsider"):
        text = pdf_text(paper(who, seen))
        assert "Cnry0123456789" not in text
        assert hidden.reference not in text
        assert "Linked records" not in text


HOSTILE = (
    '#eval("1 + 1") #read("/etc/passwd") #import "@preview/cetz:0.3.0" #panic() $ x^2 $ \\ \\u{41} *b* _i_ `raw` '
    "@ref <label> // no comment /* nor this */ [a]{b} #set page(header: none) #pagebreak() ~ -- ... \" ' = H"
)


def test_whatever_people_write_is_text(paper: Paper, file: File) -> None:
    record = file(
        title=HOSTILE[:150],
        need_statement=f"{HOSTILE}\n= Heading\n- item\n+ one\n/ a: b\nControl \x07\x1b end",
    )
    text = squeezed(pdf_text(paper("owner", record)))
    for line in (HOSTILE, "= Heading", "- item", "+ one", "/ a: b", "Control  end"):
        assert squeezed(line) in text, line
    assert "root:" not in text


def test_long_words_break_and_long_text_goes_on(paper: Paper, file: File, cast: Cast) -> None:
    record = file(need_statement="x" * 5_000, last_resort_justification="ب" * 3_000)
    with acting_as(cast.people["owner"], cast.mission):
        record.cargo.create(item="q" * 150, quantity=1)
    data = paper("owner", record)
    for page in reader(data).pages:
        edges = [0.0]

        def note(text: str, _cm: Any, tm: Any, _font: Any, size: float, edges: list[float] = edges) -> None:
            edges.append(tm[4] + _cm[4])

        page.extract_text(visitor_text=note)
        assert max(edges) < float(page.mediabox.width)
    text = squeezed("".join(pages_of(data)))
    assert "q" * 150 in text
    assert text.count("x") == 5_000


def test_letters_that_no_font_has_are_named(paper: Paper, file: File) -> None:
    text = " ".join(
        pages_of(paper("owner", file(title="Supplies 漢字 😀", need_statement="Ọlá, Ğ, Ж, Ω, ẞ, ₦")))
    )
    assert "Supplies �� �" in text
    assert "Ọlá, Ğ, Ж, Ω, ẞ, ₦" in text
    assert "� stands for a letter that this document cannot show" in text
    assert "stands for a letter" not in " ".join(pages_of(paper("owner", file())))


def test_what_steers_direction_is_taken_out(paper: Paper, file: File) -> None:
    text = pdf_text(paper("owner", file(need_statement="pay \u202e001 to\u202c \u2066him\u2069")))
    assert not set("\u202e\u202c\u2066\u2069") & set(text)
    assert "pay 001 to him" in text


def test_it_is_tagged_for_those_who_hear_it(paper: Paper, marked: AidRequest) -> None:
    file = reader(paper("owner", marked))
    root: Any = file.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert file.metadata is not None
    assert file.metadata.title == "Convoy to Bor"
    assert "<pdfuaid:part>1</pdfuaid:part>" in file.xmp_metadata.rdf_root.toxml()  # type: ignore[union-attr]
    kinds = _tags(root["/StructTreeRoot"])
    assert kinds.count("/H1") == 1
    assert kinds.count("/H2") >= 3
    titles = [each.title for each in file.outline[1]]  # type: ignore[union-attr]
    assert "Timeline" in titles


def _tags(node: Any) -> list[str]:
    node = node.get_object()
    if isinstance(node, list):
        return [kind for each in node for kind in _tags(each)]
    if not isinstance(node, dict):
        return []
    return [str(node.get("/S", "")), *(_tags(node["/K"]) if "/K" in node else [])]


def test_tables_have_their_head_on_every_page(paper: Paper, file: File, cast: Cast) -> None:
    record = file(kind="lift")
    with acting_as(cast.people["owner"], cast.mission):
        for number in range(120):
            record.cargo.create(item=f"Sorghum {number}", quantity=number)
    data = paper("owner", record)
    pages = [text for text in pages_of(data) if re.search(r"Sorghum \d", text)]
    assert len(pages) >= 3
    assert all("Item Quantity" in text for text in pages)
    assert {"/Table", "/THead", "/TH", "/TD"} <= set(_tags(reader(data).trailer["/Root"]["/StructTreeRoot"]))


def test_fonts_are_ours_and_in_the_file(paper: Paper, file: File) -> None:
    names = {
        str(font.get_object()["/BaseFont"]).partition("+")[2].partition("-")[0]
        for page in reader(paper("owner", file(title="طلب Escort"))).pages
        for font in page["/Resources"]["/Font"].values()  # type: ignore[index]
    }
    assert names == {"NotoSans", "Vazirmatn"}


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_each_language_has_its_letters(paper: Paper, file: File, cast: Cast, language: str) -> None:
    cast.people["owner"].language = language
    cast.people["owner"].save()
    file_ = paper("owner", file(title="Escort", needed_by=timezone.now() + timedelta(days=5)))
    assert "\ufffd" not in pdf_text(file_)
    root: Any = reader(file_).trailer["/Root"]
    assert root["/Lang"] == language


def test_arabic_is_joined_runs_from_right_to_left_and_is_found(paper: Paper, file: File, cast: Cast) -> None:
    cast.people["owner"].language = "ar"
    cast.people["owner"].save()
    record = file(title="مرافقة قافلة طبية", need_statement="تصل القافلة 2026-11-26 14:30 إلى بور")
    data = paper("owner", record)
    text = unicodedata.normalize("NFKC", pdf_text(data))
    for word in ("مرافقة", "قافلة", "طبية", "القافلة", "بور", "2026-11-26 14:30"):
        assert word in text, word
    assert min(_places(data, "RFA")) > 595 / 2, "the head begins at the right"
    first, second, third = (max(_places(data, word)) for word in ("مرافقة", "قافلة", "طبية"))
    assert first > second > third

    assert _places(data, "2026-11-26 14:30"), "the date is drawn in one piece"


def _places(data: bytes, word: str) -> list[float]:
    """From left: where text that holds the word is drawn on the first page."""
    found: list[float] = []

    def note(text: str, cm: Any, tm: Any, _font: Any, _size: float) -> None:
        if word == text.strip():
            found.append(cm[4] + tm[4])

    reader(data).pages[0].extract_text(visitor_text=note)
    return found


def test_it_says_what_the_print_says(
    signed: Signed, paper: Paper, file: File, ended: Ended, cast: Cast
) -> None:
    """Every name, value, cell and note of the printed page, in the same words."""
    record = file(
        kind="armed_escort", need_statement="First line.\n\nThird line.", needed_by=timezone.now() + timedelta(days=9),
        escort_route="By the eastern road", security_met=True, sustainability_met=False, **CONTACT,
    )  # fmt: skip
    with acting_as(cast.people["owner"], cast.mission) as actor:
        record.cargo.create(item="Sorghum", quantity=6400, hazardous=False)
        comment_add(actor, record=record, text="The clinic has stock for four days.")
    record = ended(record)
    page = signed("owner").get(f"/aid-requests/{record.uuid}/print/").content.decode()
    text = squeezed(pdf_text(paper("owner", record)))
    body = re.sub(
        r"<svg.*?</svg>|<time[^>]*data-relative.*?</time>|\(\s*<time.*?</time>\)", "", page, flags=re.S
    )
    found = re.findall(r'<(dt|dd|td|th|h1|h2|div class="quote")[^>]*>(.*?)</', body, re.S)
    parts = {squeezed(html.unescape(re.sub(r"<[^>]+>", " ", part))) for _tag, part in found} - {""}
    assert len(parts) > 40
    assert {part for part in parts if part.strip("()") not in text} == set()


def test_no_pdf_is_a_plain_refusal_and_not_a_read(
    signed: Signed, cast: Cast, marked: AidRequest, monkeypatch: Any
) -> None:
    monkeypatch.setattr(typesetting, "_SECONDS", 0.0001)
    answer = signed("colleague").get(f"/aid-requests/{marked.uuid}/pdf/")
    assert answer.status_code == 503
    assert "This could not be made into a PDF. Print it instead." in answer.content.decode()
    with acting_as(cast.people["owner"], cast.mission):
        assert not ReadLog.objects.filter(record_id=marked.pk, person=cast.people["colleague"]).exists()


def test_i19_the_purpose_is_asked_first(signed: Signed, cast: Cast, marked: AidRequest) -> None:
    SharingProtocol.objects.create(
        mission=cast.mission, version="1", title="ISP", state=SharingProtocol.State.IN_FORCE, ask_purpose=True
    )
    client, url = signed("colleague"), f"/aid-requests/{marked.uuid}/pdf/"
    assert client.get(url).status_code == 422
    assert client.post(url, {"purpose": "Brief the drivers"})["Content-Type"] == "application/pdf"


def test_record_and_print_offer_it(signed: Signed, marked: AidRequest) -> None:
    for page in ("", "print/"):
        said = signed("owner").get(f"/aid-requests/{marked.uuid}/{page}").content.decode()
        assert f'href="/aid-requests/{marked.uuid}/pdf/"' in said
