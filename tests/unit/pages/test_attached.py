"""Comments, links and files: hung on a record by its readers, out of reach for everybody else."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from apps.need_to_know.acting import acting_as
from apps.records.models import Attachment
from tests.cast.people import Cast
from tests.unit.pages.conftest import File, Signed

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def _send(signed: Signed, url: str, name: str, data: bytes, who: str = "owner") -> Any:
    return signed(who).post(url, {"file": SimpleUploadedFile(name, data), "description": "What it shows"})


def _packed(**members: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in members.items():
            packed.writestr(name.replace("__", "/"), text)
    return out.getvalue()


def _picture(kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    image = Image.new("RGB", (8, 6), "navy")
    exif = Image.Exif()
    exif[0x010E] = "taken at the hidden place"
    image.save(out, kind, exif=exif)
    return out.getvalue()


def test_a_comment_is_added_and_shown(signed: Signed, file: File) -> None:
    request = file()
    url = f"/aid-requests/{request.uuid}/comments/"
    assert signed("colleague").post(url, {"text": "Seen <by> me"}).status_code == 302
    assert "Seen &lt;by&gt; me" in signed("owner").get(f"/aid-requests/{request.uuid}/").content.decode()
    assert signed("owner").post(url, {"text": " "}).status_code == 422
    assert signed("outsider").post(url, {"text": "Hello"}).status_code == 404
    assert signed("owner").get(url).status_code == 405


def test_a_link_to_what_is_hidden_and_to_nothing_is_the_same_answer(signed: Signed, file: File) -> None:
    mine, hidden, near = file(), file("outsider"), file(title="The near one")
    url = f"/aid-requests/{mine.uuid}/links/"
    pages = [
        signed("owner").post(url, {"reference": reference, "relation": "related"})
        for reference in (hidden.reference, "RFA-2026-00000000")
    ]
    assert [page.status_code for page in pages] == [422, 422]
    assert all("There is no such record" in page.content.decode() for page in pages)
    assert "Escort" not in pages[0].content.decode().replace(mine.title, "")
    assert (
        signed("owner").post(url, {"reference": near.reference.lower(), "relation": "follows"}).status_code
        == 302
    )
    assert "The near one" in signed("owner").get(f"/aid-requests/{mine.uuid}/").content.decode()
    assert signed("owner").post(url, {"reference": mine.reference, "relation": "related"}).status_code == 422


def test_a_file_is_kept_under_another_name_and_read_through_its_record(
    signed: Signed, file: File, cast: Cast, tmp_path: Path
) -> None:
    request = file()
    url = f"/aid-requests/{request.uuid}/attachments/"
    assert _send(signed, url, "../../order №1.pdf", PDF).status_code == 302
    with acting_as(cast.people["owner"], cast.mission):
        stored = Attachment.objects.get()
    assert stored.name == "order №1.pdf"
    (kept,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert kept.name == str(stored.key)
    assert kept.stat().st_mode & 0o777 == 0o600
    answer = signed("colleague").get(f"{url}{stored.uuid}/")
    # This PDF is none that could be stamped: it leaves as it is, with its label in the name.
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert signed("outsider").get(f"{url}{stored.uuid}/").status_code == 404
    other = file(title="Another")
    assert signed("owner").get(f"/aid-requests/{other.uuid}/attachments/{stored.uuid}/").status_code == 404


def test_a_picture_is_drawn_anew_without_what_it_carried(signed: Signed, file: File, tmp_path: Path) -> None:
    request, sent = file(), _picture()
    assert b"hidden place" in sent
    assert (
        _send(signed, f"/aid-requests/{request.uuid}/attachments/", "road.JPG", sent + b"PK tail").status_code
        == 302
    )
    (kept,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert b"hidden place" not in kept.read_bytes()
    assert b"PK tail" not in kept.read_bytes()
    with Image.open(kept) as image:
        assert image.size == (8, 6)


REFUSED = {
    "by its type": ("page.html", b"<script>1</script>"),
    "svg": ("drawing.svg", b"<svg/>"),
    "no ending": ("README", b"text"),
    "a page named as a picture": ("page.png", b"<html>"),
    "one picture named as another": ("picture.png", _picture()),
    "junk named as pdf": ("junk.pdf", b"%PDF-1.4 and then nothing"),
    "text with zero bytes": ("list.csv", b"a,b\x00c"),
    "text that is not UTF-8": ("list.txt", "déjà".encode("latin-1")),
    "empty": ("empty.txt", b""),
    "a plain archive named as a document": ("letter.docx", _packed(readme="hello")),
    "macros": (
        "letter.docx",
        _packed(word__document="x", **{"word__document.xml": "x", "word__vbaProject.bin": "x"}),
    ),
    "a way out of the folder": ("letter.docx", _packed(**{"word__document.xml": "x", "..__x": "x"})),
    "a bomb": ("table.xlsx", _packed(**{"xl__workbook.xml": "x" * 5_000_000})),
    "too large": ("long.txt", b"x" * 10_000_001),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_refused_file_is_named_with_the_reason_and_not_kept(
    signed: Signed, file: File, cast: Cast, tmp_path: Path, case: str
) -> None:
    request, (name, data) = file(), REFUSED[case]
    answer = _send(signed, f"/aid-requests/{request.uuid}/attachments/", name, data)
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    with acting_as(cast.people["owner"], cast.mission):
        assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("letter.docx", _packed(**{"word__document.xml": "<w/>"})),
        ("list.csv", "a;é\n".encode()),
        ("photo.webp", _picture("WEBP")),
    ],
)
def test_sound_files_are_accepted(signed: Signed, file: File, name: str, data: bytes) -> None:
    assert _send(signed, f"/aid-requests/{file().uuid}/attachments/", name, data).status_code == 302
