"""Documents of other rooms, and what they are set with: fonts, letters, the folder that the layout may read."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.utils import translation

from apps.mission.vocabulary import Classification, Scope, Sensitivity
from apps.pages import typesetter, typesetting
from apps.pages.documents import Bullets, Document, Field, Fields, Heading, Paragraph, Table
from apps.pages.lettering import FONTS, PAPER, Lettering, has_letter, is_rtl
from apps.pages.typesetting import pdf_of
from apps.records.marking import Marking, Recipient
from tests.contract.texts import LANGUAGES, catalogue
from tests.factories.paper import pages_of, reader

MARKING = Marking(
    Classification.CONFIDENTIAL, Sensitivity.HIGH, Scope.MISSION, {"blue": "Blue"}, {}, False, "MTG-2026-00001",
    ("Relief House",), Recipient("Ada Deng", "Clerk", "Relief House", "ada@relief.invalid"),
    datetime(2026, 11, 26, 9, 5, tzinfo=UTC),
)  # fmt: skip
LISTED = json.loads((FONTS / "fonts.json").read_text(encoding="utf-8"))
MOST = 350_000


def test_another_room_sets_a_layout_of_its_own() -> None:
    made = pdf_of(
        Document(
            MARKING, "Minutes", over="MTG-2026-00001",
            facts=(Field("Held", ("In Bor", "and on the line"), "two hours"),),
            blocks=(
                Heading("Decisions"), Heading("First item", 3), Paragraph("We go on.", lead="Ada Deng", aside="· 9:05"),
                Paragraph("One\n\nTwo", is_quote=True), Bullets(("a.pdf", "b.pdf")),
                Fields((Field("Chair", ("Ada Deng",)),)),
                Table(("Who", "What"), (("Ada", "writes"), ("Bol", "drives")), "Actions"),
            ),
        )
    )  # fmt: skip
    (text,) = pages_of(made)
    for words in ("Minutes", "Held", "In Bor", "and on the line", "two hours", "Decisions", "First item",
                  "Ada Deng We go on. · 9:05", "One", "Two", "a.pdf", "b.pdf", "Chair Ada Deng", "Actions", "Who What",
                  "Ada writes", "Bol drives", "26 November 2026 09:05 UTC"):  # fmt: skip
        assert words in text, words
    assert text.count("CONFIDENTIAL · Sensitivity: high · Blue · Everyone in the mission") == 3


def test_a_long_label_is_not_cut() -> None:
    many = {str(n): f"Compartment number {n}" for n in range(60)}
    made = pdf_of(Document(Marking(**{**vars(MARKING), "compartments": many}), "Minutes"))
    top = reader(made).pages[0]
    heights: list[float] = []
    top.extract_text(
        visitor_text=lambda text, cm, tm, _f, _s: heights.append(cm[5] + tm[5]) if text.strip() else None
    )
    assert min(heights) > 0
    assert max(heights) < float(top.mediabox.height)
    text = " ".join(pages_of(made))
    assert text.count("Compartment number 59") == 2 * len(pages_of(made)) + 1


def test_an_empty_document_and_empty_parts_are_no_error() -> None:
    blocks = (Paragraph(""), Bullets(()), Fields(()), Fields((Field("", ("",)),)), Heading(" "), Table((), ()),
              Table(("A",), ()))  # fmt: skip
    assert pages_of(pdf_of(Document(MARKING, "", blocks=blocks)))


def test_ten_thousand_letters_without_a_space_stay_on_the_page() -> None:
    table = Table(("A", "B", "C", "D"), (("q" * 400,) * 4,))
    words = ("x" * 10_000, "ب" * 10_000)
    made = pdf_of(Document(MARKING, "t" * 300, blocks=(*(Paragraph(word) for word in words), table)))
    edges: list[float] = []

    def note(text: str, cm: list[float], tm: list[float], _font: object, _size: float) -> None:
        if text.strip():
            edges.append(cm[4] + tm[4])

    for page in reader(made).pages:
        page.extract_text(visitor_text=note)
    assert min(edges) > 56
    # Text is placed by where it begins: from the left edge, broken lines begin at the left or go on in eights.
    assert max(edges) < 595 - 56
    text = "".join(pages_of(made))
    assert (text.count("x"), text.count("q"), text.count("ب")) == (10_000, 1600, 10_000)


def test_the_folder_of_the_layout_holds_the_layout_and_fonts_alone() -> None:
    found = {path.relative_to(PAPER).as_posix() for path in PAPER.rglob("*") if path.is_file()}
    fonts = {f"fonts/{name}" for name in LISTED["files"]}
    licences = {"fonts/NotoSans-OFL.txt", "fonts/Vazirmatn-OFL.txt"}
    assert found == {"document.typ", "fonts/fonts.json"} | fonts | licences


def test_fonts_are_those_that_were_made_and_small() -> None:
    for name, about in LISTED["files"].items():
        assert hashlib.sha256((FONTS / name).read_bytes()).hexdigest() == about["sha256"], name
        assert about["licence"] == "OFL-1.1"
    assert sum((FONTS / name).stat().st_size for name in LISTED["files"]) <= MOST
    for licence in FONTS.glob("*-OFL.txt"):
        assert "SIL Open Font License" in licence.read_text()
        assert "Reserved Font Name" not in licence.read_text().partition("-----")[0]


def test_the_letters_listed_are_the_fonts_letters() -> None:
    fonts = pytest.importorskip("fontTools.ttLib")
    has: dict[str, set[int]] = {}
    for name in LISTED["files"]:
        _family, weight = name.removesuffix(".ttf").split("_")
        has.setdefault(weight, set()).update(fonts.TTFont(FONTS / name).getBestCmap())
    both = set.intersection(*has.values())
    assert both == {letter for first, last in LISTED["letters"] for letter in range(first, last + 1)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_of_the_portals_own_texts_is_there(language: str) -> None:
    said: set[str] = set()
    for message in catalogue(language):
        texts = message.string if isinstance(message.string, (tuple, list)) else [message.string]
        said.update("".join([str(message.id), *(str(text or "") for text in texts)]))
    assert len(said) > 60
    assert {letter for letter in said if letter.isprintable() and not has_letter(letter)} == set()


@pytest.mark.parametrize(
    ("text", "rtl"), [("طلب", True), ("Bor طلب", False), ("2026-11-26", False), ("12 طلب", True), ("", False)]
)
def test_direction_is_that_of_the_first_letter(text: str, rtl: bool) -> None:
    assert is_rtl(text) is rtl


def test_dates_stay_in_one_piece_where_text_runs_from_right_to_left() -> None:
    line = Lettering(rtl=True).line("من 2026-11-26 14:30 إلى 2026-12-01T08:00Z", 60)
    assert [piece["ltr"] for piece in line["pieces"] if isinstance(piece, dict)] == [
        "2026-11-26 14:30", "2026-12-01T08:00Z"
    ]  # fmt: skip
    assert Lettering(rtl=False).line("until 2026-11-26", 60)["pieces"] == ["until 2026-11-26"]


def run(order: dict[str, object]) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-I", str(typesetting._PROGRAM)], input=json.dumps(order).encode(), capture_output=True,
        check=False,
    )  # fmt: skip


def test_the_program_fails_with_a_code_and_without_the_document() -> None:
    done = run({"title": "Cnry0123456789"})
    assert (done.returncode, done.stdout) == (3, b"")
    assert b"Cnry0123456789" not in done.stderr


def test_the_layout_reads_nothing_outside_its_folder() -> None:
    """The same compiler with the same folder, given a layout that tries: the sabotage of the wall."""
    import typst

    for source in (
        b'#read("/etc/passwd")',
        b'#read("../typesetting.py")',
        b'#import "@preview/cetz:0.3.0": *',
    ):
        with pytest.raises(typst.TypstError):
            typesetter.set_paper(source, "{}")


def test_the_language_is_the_active_one() -> None:
    with translation.override("ar"):
        root = reader(pdf_of(Document(MARKING, "محضر"))).trailer["/Root"]
    assert root["/Lang"] == "ar"
    assert settings.LANGUAGE_CODE == "en"
