"""Search = readable ∩ contains the words, for any texts, labels and queries; and folding is the same everywhere."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.need_to_know.acting import acting_as
from apps.need_to_know.selectors import search_count, search_ids
from apps.pages import excerpts
from apps.records.models import Record
from apps.records.registry import all_types
from apps.records.services import comment_add, record_file
from tests.cast.people import Cast

READERS = ["owner", "colleague", "addressee", "outsider", "uncleared", "administrator"]
ARABIC = {"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه"}
_word = st.text(alphabet="aAáÀbñÑcأاىيةهم12", min_size=1, max_size=4)
_text = st.lists(_word, min_size=1, max_size=5).map(" ".join)
_thing = st.tuples(
    st.sampled_from(["owner", "outsider"]),
    st.sampled_from(["private", "organisation", "mission"]),
    st.integers(0, 1),
    _text,
    st.one_of(st.just(""), _text),
)


def plain(text: str) -> list[str]:
    """The words of a text, folded by another way than the portal's: letter by letter."""
    bare = (ARABIC.get(letter, unicodedata.normalize("NFD", letter)[0]) for letter in text)
    return "".join(bare).lower().split()


def has(said: str, query: str) -> bool:
    """Whether a text has all words of a query, the last one from its beginning on."""
    *whole, last = plain(query)
    there = plain(said)
    begun = any(word.startswith(last) for word in there) if len(last) > 1 else last in there
    return begun and all(word in there for word in whole)


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(things=st.lists(_thing, min_size=1, max_size=6), queries=st.lists(_text, min_size=1, max_size=4))
def test_search_finds_what_is_readable_and_has_the_words(
    cast: Cast, things: list[Any], queries: list[str]
) -> None:
    declared = all_types()[0]
    with transaction.atomic():
        said: dict[int, str] = {}
        for who, scope, classification, title, remark in things:
            with acting_as(cast.people[who], cast.mission) as actor:
                record = record_file(
                    actor,
                    record=declared.model(title=title, scope=scope, classification=classification),
                    position=cast.positions[who],
                )
                if remark:
                    comment_add(actor, record=record, text=remark)
            said[record.pk] = f"{title} {remark}"
        for name in READERS:
            with acting_as(cast.people[name], cast.mission):
                readable = list(Record.objects.order_by("-created_at", "-id").values_list("pk", flat=True))
                for query in queries:
                    wanted = [pk for pk in readable if has(said[pk], query)]
                    assert search_ids(query) == wanted
                    assert search_count(query) == len(wanted)
        transaction.set_rollback(True)


_anything = st.text(st.characters(exclude_categories=("Cs", "Cn"), exclude_characters="\0"), max_size=40)


@settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(text=_anything)
def test_pages_fold_words_as_the_database_does(cast: Cast, text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT records_search_words(%s)", [text])
        assert excerpts.words(text) == cursor.fetchone()[0]
