"""Search: whoever may read a record finds it by its words, and nobody else learns that there is one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import psycopg2
import pytest
from django.db import DatabaseError, connection, transaction
from django.http import QueryDict
from django.test import Client
from django.utils import timezone
from knox.models import AuthToken

from apps.aid_requests.models import AidRequest, CargoLine
from apps.aid_requests.record import AidRequestType
from apps.need_to_know import indexing
from apps.need_to_know.acting import acting_as
from apps.need_to_know.checking import content_differences
from apps.need_to_know.grants import grant_give, grant_revoke, grants_of
from apps.need_to_know.models import RecordUserObjectPermission
from apps.need_to_know.selectors import search_count, search_ids
from apps.pages.excerpts import Wanted, words
from apps.pages.listing import Listing
from apps.pages.searching import Search, reference_in
from apps.records.models import Record
from apps.records.registry import Searched, all_types
from apps.records.services import comment_add, record_update
from tests.cast.people import Cast
from tests.unit.pages.conftest import File, Signed

KEY = AidRequestType.key


def _found(cast: Cast, who: str, query: str, of_type: str | None = None) -> list[int]:
    with acting_as(cast.people[who], cast.mission):
        return search_ids(query, of_type)


@pytest.mark.parametrize(
    ("said", "query", "finds"),
    [
        ("Repair of the bridge", "bridge", True),
        ("Repair of the bridge", "BRIDGE repair", True),
        ("Repair of the bridge", "bri", True),
        ("Repair of the bridge", "bri repair", False),
        ("Repair of the bridge", "ridge", False),
        ("Repair of the bridge", "bridge ferry", False),
        ("Repair of the bridge", "b", False),
        ("Repair of the bridge", "…", False),
        ("Señor Muñoz", "munoz", True),
        ("Senor Munoz", "Muñóz", True),
        ("Straße nach Łódź", "strasse lodz", True),
        ("Réunion à l’état-major", "etat maj", True),
        ("إصلاح مدرسة أحمد", "اصلاح احمد", True),
        ("مستشفى المدينة", "مستشفي المدينه", True),
        ("مَدْرَسَة", "مدرسه", True),
        ("مســـتشفى", "مستشفى", True),
        ("غرفة ٢٤", "24", True),
        ("Convoy 24/7: fuel+food", "7 fuel food", True),
        ("Word\u00adbreak", "wordbreak", True),
    ],
)
def test_words_are_found_whatever_their_letters(
    cast: Cast, file: File, said: str, query: str, finds: bool
) -> None:
    record = file(title=said)
    assert _found(cast, "owner", query) == ([record.pk] if finds else [])


def test_everything_declared_is_searched_and_nothing_withheld(cast: Cast, file: File) -> None:
    texts = {name: f"word{n}x" for n, name in enumerate(AidRequestType.search[0].fields)}
    record = file(title="Title", contact_name="Contactname", contact_phone="0999888", **texts)
    with acting_as(cast.people["owner"], cast.mission) as actor:
        CargoLine.objects.create(request_id=record.pk, item="Tarpaulins", quantity=1)
        comment_add(actor, record=record, text="Spoken of yesterday")
        for word in (*texts.values(), "tarpaulins", "yesterday", record.reference, record.reference[:-2]):
            assert search_ids(word) == [record.pk], word
        for word in ("contactname", "0999888"):
            assert search_ids(word) == [], word
        CargoLine.objects.filter(request_id=record.pk).update(item="Blankets")
        assert (search_ids("tarpaulins"), search_ids("blankets")) == ([], [record.pk])
        CargoLine.objects.filter(request_id=record.pk).delete()
        assert search_ids("blankets") == []
        record_update(actor, record=AidRequest.objects.get(pk=record.pk), changes={"title": "Heading"})
        assert (search_ids("title"), search_ids("heading")) == ([], [record.pk])
    assert content_differences() == []


def test_search_vanishes_with_the_right_to_read(cast: Cast, file: File) -> None:
    record = file("owner", title="Quartzword", scope="private")
    assert _found(cast, "granted", "quartzword") == []
    with acting_as(cast.people["owner"], cast.mission) as actor:
        grant_give(actor, record=record, to=cast.people["granted"], reason="to read")
    assert _found(cast, "granted", "quartzword") == [record.pk]
    with acting_as(cast.people["owner"], cast.mission) as actor:
        grant_revoke(actor, record=record, key=next(g.key for g in grants_of(record)))
    assert _found(cast, "granted", "quartzword") == []
    with acting_as(cast.people["owner"], cast.mission) as actor:
        grant_give(
            actor, record=record, to=cast.people["granted"], reason="for a day",
            until=timezone.now() + timedelta(days=1),
        )  # fmt: skip
    assert _found(cast, "granted", "quartzword") == [record.pk]
    with acting_as(cast.people["owner"], cast.mission):
        RecordUserObjectPermission.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert _found(cast, "granted", "quartzword") == []


def test_a_label_above_the_reader_hides_from_search(cast: Cast, file: File) -> None:
    record = file("owner", title="Feldspar", scope="mission", classification=1)
    assert _found(cast, "addressee", "feldspar") == [record.pk]
    for name in ("uncleared", "administrator", "auditor", "stranger"):
        mission = cast.other_mission if name == "stranger" else cast.mission
        with acting_as(cast.people[name], mission):
            assert (search_ids("feldspar"), search_count("feldspar")) == ([], 0), name


def _common(file: File, count: int) -> list[int]:
    return [file(title=f"Common {n}", scope="mission").pk for n in range(count)][::-1]


@pytest.fixture
def believe(committed_db_module: str) -> Iterator[Callable[[float], None]]:
    """Sets how many documents the statistics speak of, so that the door takes one way or the other."""
    from tests.conftest import SERVERS

    def tell(documents: float) -> None:
        other = psycopg2.connect(SERVERS.url(committed_db_module, ""))
        with other, other.cursor() as cursor:
            cursor.execute(
                "SELECT pg_restore_relation_stats('schemaname', 'public', 'relname', 'records_searchdocument',"
                " 'relpages', 1, 'reltuples', %s::real)",
                [documents],
            )
        other.close()

    yield tell
    tell(0)


# How many documents are believed in, and so: the index alone; a short way through the feeds first; a long one.
@pytest.mark.parametrize("documents", [1, 1e6, 1e9])
def test_both_ways_find_the_same(
    cast: Cast, file: File, believe: Callable[[float], None], documents: float
) -> None:
    believe(documents)
    old = _common(file, 3)
    for n in range(160):
        file(title=f"Other {n}", scope="private")
    ids = [*_common(file, 4), *old]
    file("outsider", title="Common but hidden", scope="private")
    lent = file("outsider", title="Common and lent", scope="private")
    with acting_as(cast.people["outsider"], cast.mission) as actor:
        until = timezone.now() + timedelta(days=1)
        grant_give(actor, record=lent, to=cast.people["owner"], reason="to read", until=until)
    expected = [lent.pk, *ids]
    with acting_as(cast.people["owner"], cast.mission):
        assert search_ids("common") == expected
        assert search_ids("common", KEY) == expected
        assert search_ids("common", "none") == []
        records = Record.objects.in_bulk(expected)
        for number, pk in enumerate(expected):
            before = (records[pk].created_at, pk)
            assert search_ids("common", before=before, most=4) == expected[number + 1 : number + 5]
        assert search_count("common", cap=5) == 6


def test_pages_of_a_search_hold_every_row_once(
    cast: Cast, file: File, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.pages.searching.PAGE", 5)
    ids, place, seen = _common(file, 12), "", []
    with acting_as(cast.people["owner"], cast.mission) as actor:
        while True:
            search = Search(actor, "common", None, place)
            seen.append([record.pk for record in search.page.rows])
            assert search.count == (12, False)
            if search.page.older is None:
                break
            place = search.page.older.text(search.order)
        assert seen == [ids[:5], ids[5:10], ids[10:]]
        assert Search(actor, "other", None, place).place is None


def test_a_list_searches_its_own_type_and_joins_its_filters(
    cast: Cast, file: File, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.pages.listing.PAGE", 5)
    ids = _common(file, 7)
    other = file(title="Common lift", kind="lift")
    with acting_as(cast.people["owner"], cast.mission) as actor:

        def shown(query: str) -> tuple[list[int], tuple[int, bool]]:
            listing = Listing(actor, AidRequestType, QueryDict(query))
            return [record.pk for record in listing.page.rows], listing.count

        assert shown("q=common") == ([other.pk, *ids[:4]], (8, False))
        assert shown("q=common&kind=lift") == ([other.pk], (1, False))
        assert shown("q=common&sort=title") == ([*ids[::-1][:5]], (8, False))
        listing = Listing(actor, AidRequestType, QueryDict("q=common"))
        older = parse_qs(urlsplit(listing.place_url(listing.page.older)).query)["after"][0]
        assert shown(f"q=common&after={older}")[0] == ids[4:]
        assert listing.kept_query() == "q=common"


def test_the_search_page(signed: Signed, file: File, cast: Cast) -> None:
    record = file(title="Ferry of Muñoz", need_statement="A <b>ferry</b> over the river, for 300 people")
    hidden = file("outsider", title="Ferry unseen", scope="private")
    page = signed("owner").get("/search/", {"q": "munoz"}).content.decode()
    assert "Ferry of <mark>Muñoz</mark>" in page
    assert record.get_absolute_url() in page
    page = signed("owner").get("/search/", {"q": "ferry", "type": KEY}).content.decode()
    assert "A &lt;b&gt;<mark>ferry</mark>&lt;/b&gt; over the river" in page
    assert "1 record" in page
    assert "unseen" not in page
    straight = signed("owner").get("/search/", {"q": f" {record.reference.lower()} "})
    assert straight["Location"] == record.get_absolute_url()
    texts = []
    for reference in (hidden.reference, f"{hidden.reference[:-5]}00000"):
        answer = signed("owner").get("/search/", {"q": reference})
        assert answer.status_code == 200
        said = answer.content.decode().replace(reference, "*")
        assert "Nothing found" in said
        texts.append([line for line in said.splitlines() if "csrf" not in line.lower()])
    assert texts[0] == texts[1]


def test_the_search_page_takes_what_it_is_given(signed: Signed, file: File) -> None:
    file(title="The one")
    for query in (
        "",
        "?q=",
        "?q=%00",
        "?q=one&type=none",
        "?q=one&after=broken",
        f"?q={'x' * 200}",
        "?q='&:*!",
    ):
        assert signed("owner").get(f"/search/{query}").status_code == 200, query
    assert 'action="/search/"' in signed("owner").get("/").content.decode()


def test_the_api_searches(cast: Cast, file: File, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.pages.searching.PAGE", 5)
    ids = _common(file, 7)
    file("outsider", title="Common unseen", scope="private")
    token = AuthToken.objects.create(user=cast.people["owner"])[1]
    me = Client(headers={"Authorization": f"Token {token}"})
    first = me.get("/api/v1/search/", {"q": "comm", "type": KEY}).json()
    second = me.get(first["next"]).json()
    with acting_as(cast.people["owner"], cast.mission):
        uuids = [str(Record.objects.get(pk=pk).uuid) for pk in ids]
    assert [row["id"] for page in (first, second) for row in page["results"]] == uuids
    assert (first["previous"], second["next"]) == (None, None)
    for query, name in (
        ("", "q"),
        ("q=%00", "q"),
        ("q=a&type=x", "type"),
        ("q=a&after=x", "after"),
        ("q=a&n=1", "n"),
    ):
        refused = me.get(f"/api/v1/search/?{query}")
        assert (refused.status_code, list(refused.json()["errors"])) == (400, [name]), query
    assert "/api/v1/search/" in me.get("/api/v1/schema/").json()["paths"]


def test_nothing_but_the_door_reads_documents(cast: Cast, file: File) -> None:
    file(title="Common")
    with acting_as(cast.people["owner"], cast.mission), connection.cursor() as cursor:
        for sql in (
            "SELECT count(*) FROM records_searchdocument",
            "SELECT * FROM records_search_documents('{1}')",
            "SELECT * FROM records_search_texts('{1}')",
            "SELECT records_search_write('{1}')",
            "SELECT records_search_rebuild()",
        ):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                cursor.execute(sql)
    with pytest.raises(DatabaseError, match=r"app\.mission|invalid input"), transaction.atomic():
        search_ids("common")


def test_what_is_searched_is_declared(cast: Cast) -> None:
    assert indexing.search_problems() == []
    assert {table for table, *_rest in indexing.declared_sources()} >= {
        "records_comment", "aid_requests_aidrequest", "aid_requests_cargoline",
    }  # fmt: skip
    sources = [source for source in indexing.declared_sources() if source[0] != "records_comment"]
    assert "records_comment" not in indexing.texts_sql(sources)


def test_a_withheld_field_is_refused_by_the_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    from apps.records.checks import record_types_are_whole

    assert record_types_are_whole(None) == []
    for searched in (
        Searched(("contact_name",)),
        Searched(("cost_basis",)),
        Searched(("x",)),
        Searched(("x",), "none"),
    ):
        monkeypatch.setattr(AidRequestType, "search", (searched,))
        assert [error.id for error in record_types_are_whole(None)] == ["records.E005"]


@pytest.mark.parametrize(
    ("words_", "is_one"),
    [("RFA-2026-01234", True), (" rfa-2026-01234 ", True), ("RFA-2026", False), ("a RFA-2026-01234", False)],
)
def test_what_looks_like_a_reference(words_: str, is_one: bool) -> None:
    assert bool(reference_in(words_)) is is_one


def test_an_excerpt_shows_the_surroundings_of_a_word() -> None:
    text = "one two " * 40 + "the Bridge of Muñoz " + "three four " * 40
    parts = Wanted("muno").excerpt(text)
    assert [part.text for part in parts if part.found] == ["Muñoz"]
    whole = "".join(part.text for part in parts)
    assert whole.startswith("… ")
    assert whole.endswith(" …")
    assert len(whole) < 200
    assert Wanted("absent").excerpt(text) == []
    assert Wanted("").excerpt(text) == []
    assert "".join(part.text for part in Wanted("x").excerpt("y" * 500 + " x")).endswith("x")


def test_types_declare_what_is_searched() -> None:
    assert all(declared.search for declared in all_types())
    assert words("L’état-major ٢٤") == ["l", "etat", "major", "24"]
