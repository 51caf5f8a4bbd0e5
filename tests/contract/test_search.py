"""Search on every surface: the entitled find each hidden word, and to everybody else it is no word at all."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from apps.need_to_know.selectors import search_count, search_ids
from tests.cast.people import OTHERS, READERS
from tests.cast.rows import door
from tests.cast.world import Trio, World
from tests.contract.calling import client_of, text_of, told

NEVER = "Kx00never000"


def tokens_of(world: World, trio: Trio) -> list[str]:
    """Every canary in what is searched of the hidden record, read past the rule."""
    with door(world.url) as cursor:
        cursor.execute("SELECT string_agg(said, ' ') FROM records_search_texts(%s) s", [[trio.hidden.pk]])
        said = cursor.fetchone()[0].lower()
    return sorted(
        token for token in world.canaries.tokens if token.lower() in said and token.startswith("Kx")
    )


@pytest.mark.parametrize("person", sorted(READERS))
def test_i16_the_entitled_find_every_word(rolled_back: World, person: str) -> None:
    for trio in rolled_back.trios.values():
        tokens = tokens_of(rolled_back, trio)
        assert len(tokens) >= 4
        with rolled_back.acting(person):
            missed = [token for token in tokens if trio.hidden.pk not in search_ids(token)]
            assert [rolled_back.canaries.tokens[token] for token in missed] == []
            assert search_ids(trio.hidden.reference, trio.declared.key) == [trio.hidden.pk]


@pytest.mark.parametrize("person", sorted(OTHERS - {"nobody"}))
def test_i02_nobody_else_finds_one(rolled_back: World, person: str) -> None:
    for trio in rolled_back.trios.values():
        with rolled_back.acting(person):
            for token in (*tokens_of(rolled_back, trio), trio.hidden.reference):
                assert (search_ids(token), search_count(token)) == ([], 0), rolled_back.canaries.tokens[token]


def surfaces(trio: Trio, word: str) -> list[tuple[str, dict[str, str]]]:
    """Addresses that search, as they are called for a word."""
    space = trio.declared.url_namespace
    return [
        (reverse("desk:search"), {"q": word}),
        (reverse("desk:search"), {"q": word, "type": trio.declared.key}),
        (reverse(f"{space}:list"), {"q": word}),
        (reverse(f"{space}:list"), {"q": word, "sort": "title"}),
        (reverse(f"{space}:export"), {"q": word}),
        (reverse("api:search"), {"q": word}),
        (reverse(f"api:{trio.declared.key}:list"), {"q": word}),
    ]


def _told(answer: Any, trio: Trio, word: str) -> tuple[int, list[str], bytes]:
    """What an answer tells, without the word itself."""
    status, headers, content = told(answer, trio.hidden)
    plain = [f"{name}: {value}".replace(word, "*") for name, value in headers]
    return status, plain, content.replace(word.encode(), b"*").replace(word.lower().encode(), b"*")


@pytest.mark.parametrize("person", ["outsider", "uncleared", "expired", "administrator"])
def test_i01_a_hidden_word_is_answered_as_no_word(rolled_back: World, person: str) -> None:
    client = client_of(rolled_back, person)
    for trio in rolled_back.trios.values():
        token = tokens_of(rolled_back, trio)[0]
        for (address, hidden), (_same, never) in zip(
            surfaces(trio, token), surfaces(trio, NEVER), strict=True
        ):
            one, other = client.get(address, hidden), client.get(address, never)
            assert one.status_code == other.status_code == 200, address
            if "export" not in address:
                assert _told(one, trio, token) == _told(other, trio, NEVER), address
            found = rolled_back.canaries.found_in(text_of(one).replace(token, "*"))
            assert found == set(), address


def test_i16_every_surface_shows_it_to_a_reader(rolled_back: World) -> None:
    client = client_of(rolled_back, "granted")
    for trio in rolled_back.trios.values():
        token = tokens_of(rolled_back, trio)[0]
        for address, query in surfaces(trio, token):
            assert trio.hidden.reference in text_of(client.get(address, query)), address
