"""Lists, their pages, files and saved views:
what is asked is answered, what is broken counts as not asked.
"""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import QueryDict
from openpyxl import load_workbook

from apps.aid_requests.record import AidRequestType
from apps.need_to_know.acting import acting_as
from apps.need_to_know.selectors import dense
from apps.pages import cursors, exporting
from apps.pages.cursors import Place
from apps.pages.listing import Listing
from apps.pages.models import SavedView
from tests.cast.people import Cast
from tests.unit.pages.conftest import File, Signed

DAY = datetime(2027, 3, 1, 12, tzinfo=UTC)


def _walk(cast: Cast, query: str, who: str = "owner") -> list[list[str]]:
    """Titles of all pages, following the places; and back again, which must give the same pages."""
    pages, place = [], ""
    with acting_as(cast.people[who], cast.mission) as actor:
        for _number in range(10):
            listing = Listing(actor, AidRequestType, QueryDict(f"{query}{place}"))
            pages.append([record.title for record in listing.page.rows])
            back = listing.page
            if listing.page.older is None:
                break
            place = "&after=" + parse_qs(urlsplit(listing.place_url(listing.page.older)).query)["after"][0]
        backwards = [pages[-1]]
        while not back.is_first:
            url = listing.place_url(back.newer)
            listing = Listing(actor, AidRequestType, QueryDict(url.removeprefix("?")))
            back = listing.page
            backwards.append([record.title for record in back.rows])
    assert backwards[::-1] == pages
    return pages


@pytest.mark.parametrize(
    "query",
    ["", "sort=needed_by", "sort=-needed_by", "sort=priority", "sort=-title", "kind=lift", "sort=due_at"],
)
def test_pages_hold_every_row_once(
    cast: Cast, file: File, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    monkeypatch.setattr("apps.pages.listing.PAGE", 3)
    wanted = {f"Lift {n}" for n in range(8)}
    for n in range(8):
        file(
            title=f"Lift {n}",
            kind="lift",
            priority=n % 2 + 1,
            needed_by=DAY + timedelta(days=n % 3) if n % 4 else None,
        )
    file("outsider", title="Hidden")
    pages = _walk(cast, query)
    assert [len(page) for page in pages] == [3, 3, 2]
    assert {title for page in pages for title in page} == wanted


@pytest.mark.parametrize("near", [2, 100], ids=["gathered", "through the feed"])
@pytest.mark.parametrize(
    "query", ["kind=lift", "sort=needed_by", "sort=-needed_by", "sort=priority", "sort=-title"]
)
def test_a_reader_of_few_among_many_sees_the_same_pages(
    cast: Cast, file: File, monkeypatch: pytest.MonkeyPatch, query: str, near: int
) -> None:
    monkeypatch.setattr("apps.pages.listing.PAGE", 3)
    for n in range(8):
        file(
            title=f"Lift {n}",
            kind="lift",
            priority=n % 2 + 1,
            needed_by=DAY + timedelta(days=n % 3) if n % 4 else None,
        )
        file(title=f"Other {n}", kind="storage" if "kind" in query else "lift")
    file("outsider", title="Hidden", kind="lift")
    walked = _walk(cast, query)
    monkeypatch.setattr("apps.pages.listing.NEAR", near)
    monkeypatch.setattr("apps.pages.listing.dense", lambda *_args, **_kwargs: False)
    assert _walk(cast, query) == walked
    assert "Hidden" not in {title for page in walked for title in page}


def test_what_is_dense(cast: Cast, file: File) -> None:
    """Few records count as dense whoever reads; of many, a fiftieth of the next ones must be readable."""
    file("outsider", title="Hidden")
    with acting_as(cast.people["owner"], cast.mission):
        assert dense(AidRequestType.key, "-created_at")
    for _number in range(3):
        file(title="Shared")
    for _number in range(197):
        file("outsider", title="Hidden")
    with acting_as(cast.people["owner"], cast.mission):
        assert not dense(AidRequestType.key, "-created_at")
        assert not dense(AidRequestType.key, "needed_by")
    with acting_as(cast.people["outsider"], cast.mission):
        assert dense(AidRequestType.key, "-created_at")
        assert dense(AidRequestType.key, "-created_at", before=DAY)


def test_rows_without_a_value_come_last_either_way(cast: Cast, file: File) -> None:
    for title, moment in (("none", None), ("early", DAY), ("late", DAY + timedelta(days=9))):
        file(title=title, needed_by=moment)
    assert _walk(cast, "sort=needed_by") == [["early", "late", "none"]]
    assert _walk(cast, "sort=-needed_by") == [["late", "early", "none"]]


@pytest.mark.parametrize(
    "query", ["after=broken", "after=", "sort=originator", "sort=audience", "state=no", "area=XX99"]
)
def test_what_is_broken_counts_as_not_asked(signed: Signed, file: File, query: str) -> None:
    file(title="The one")
    answer = signed("owner").get(f"/aid-requests/?{query}")
    assert answer.status_code == 200
    assert "The one" in answer.content.decode()


def test_a_place_is_bound_to_its_order_and_names_no_id() -> None:
    place = Place(DAY, "0d2b0c3e-0000-4000-8000-000000000001")
    text = place.text("-created_at")
    assert cursors.read(text, "-created_at") == place
    assert cursors.read(text, "title") is None
    assert cursors.read(text[:-2], "-created_at") is None


def test_filters_stay_in_the_address_and_narrow(signed: Signed, file: File) -> None:
    file(title="Fly seed", kind="lift", priority=1)
    file(title="Drive food", kind="armed_escort", priority=3)
    client = signed("owner")
    assert "Drive food" not in client.get("/aid-requests/?kind=lift").content.decode()
    assert "Fly seed" not in client.get("/aid-requests/?priority=3").content.decode()
    found = client.get("/aid-requests/?q=seed").content.decode()
    assert "Fly seed" in found
    assert "Drive food" not in found
    assert "Fly seed" in client.get("/aid-requests/?mine=on&state=open").content.decode()
    assert "Fly seed" not in client.get("/aid-requests/?state=closed&q=seed").content.decode()


def test_search_finds_nothing_hidden(signed: Signed, file: File) -> None:
    hidden = file("outsider", title="Secret bridge")
    for words in ("Secret", hidden.reference):
        page = signed("owner").get("/aid-requests/", {"q": words}).content.decode()
        assert "bridge" not in page
        assert "0 records" in page


def test_an_export_carries_its_label_and_runs_nothing(signed: Signed, file: File, cast: Cast) -> None:
    file(title='=HYPERLINK("http://bad")', classification=1, sensitivity=3)
    file(title="Plain", kind="lift")
    file("outsider", title="Hidden", classification=1)
    answer = signed("owner").get("/aid-requests/export/?kind=armed_escort")
    table = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert len(table) == 2
    assert table[1][1] == '\'=HYPERLINK("http://bad")'
    assert all("Hidden" not in cell for row in table for cell in row)
    book = signed("owner").get("/aid-requests/export/?format=xlsx")
    sheet = load_workbook(io.BytesIO(b"".join(book.streaming_content))).active
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert any(cell.value == "Plain" for cell in cells)


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", " =1", "\r1"])
def test_formulas_are_led_by_an_apostrophe(text: str) -> None:
    assert exporting.safe(text) == f"'{text}"


def test_a_cut_export_says_so(signed: Signed, file: File, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "ROWS_MOST", 1)
    file(), file()
    answer = signed("owner").get("/aid-requests/export/")
    assert "the first 1 of more" in answer["Content-Disposition"]
    book = signed("owner").get("/aid-requests/export/?format=xlsx")
    sheet = load_workbook(io.BytesIO(b"".join(book.streaming_content))).active
    assert any("the first of more" in str(cell.value) for row in sheet.iter_rows() for cell in row)


def test_saved_views_are_their_owners_alone(signed: Signed, file: File, cast: Cast) -> None:
    client = signed("owner")
    made = client.post("/views/aid-requests/new/?kind=lift&after=x&q=", {"name": "Lifts", "is_default": "on"})
    assert made["Location"] == "/aid-requests/?kind=lift"
    assert client.get("/aid-requests/")["Location"] == "/aid-requests/?kind=lift"
    assert "Lifts" in client.get("/aid-requests/?all=1").content.decode()
    assert "Lifts" not in signed("colleague").get("/aid-requests/").content.decode()
    view = SavedView.objects.get()
    assert signed("colleague").post(f"/views/{view.uuid}/delete/").status_code == 404
    client.post("/views/aid-requests/new/?kind=uav", {"name": "Other", "is_default": "on"})
    client.post("/views/aid-requests/new/?kind=medical", {"name": "Lifts"})
    assert sorted(SavedView.objects.values_list("name", "query", "is_default")) == [
        ("Lifts", "kind=medical", False),
        ("Other", "kind=uav", True),
    ]
    assert client.post("/views/aid-requests/new/", {"name": ""}).status_code == 422
    assert client.post(f"/views/{view.uuid}/delete/").status_code == 302
    assert client.get("/views/no-such-type/new/").status_code == 404


def test_references_open_their_record_or_nothing(signed: Signed, file: File) -> None:
    request, hidden = file(), file("outsider")
    client = signed("owner")
    assert client.get(f"/r/{request.reference.lower()}/")["Location"] == f"/aid-requests/{request.uuid}/"
    pages: list[Any] = [client.get(f"/r/{ref}/") for ref in (hidden.reference, "RFA-2026-0", "x" * 300)]
    assert [page.status_code for page in pages] == [404, 404, 404]
