"""A page is in one language: whatever is not what people wrote has gone through gettext."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.utils.translation import _trans  # type: ignore[attr-defined]

from apps.accounts.models import User
from apps.joc_products.models import ProductTemplate
from apps.mission.models import Area, Compartment, Mission, Organisation, Position, Sector, VocabularyTerm
from tests.cast.world import World
from tests.contract.addresses import addresses, callings, foreign
from tests.contract.calling import body, client_of

_SPOKEN = {"alt", "aria-label", "placeholder", "title"}
_BUTTONS = {"button", "reset", "submit"}
_MARKED = re.compile(r"⟦[^⟦⟧]*⟧")
_WORD = re.compile(r"[^\W\d_]{2,}")
# Names of languages in themselves, of time zones and of files; codes and addresses; canaries; the mark that a script
# replaces by the number of a row.
_NO_WORDS = re.compile(
    r"[\w.+-]+@[\w.-]+|English|Français|Español|[\u0600-\u06ff]+|UTC|\bopen\.txt\b|\b[A-Z]{3}-\d{4}-\d+"
    r"|\b(Open|Hidden|Secret|open|hidden|secret)\b|\bKx[0-9a-f]+|__number__"
)

# WHY: every address of every type; the more types there are, the longer it takes.
pytestmark = pytest.mark.timeout(400)
# Lists of names that are the same everywhere, and a reference for programmers, made of code.
_NAMES_ALONE = {"account", "api:reference", "api:schema"}


class Words(HTMLParser):
    """All that a page shows or says aloud, in order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent = tag in {"script", "style"}
        button = tag == "input" and dict(attrs).get("type") in _BUTTONS
        for name, value in attrs:
            if value and (name in _SPOKEN or (button and name == "value")):
                self.said.append(value)

    def handle_endtag(self, tag: str) -> None:
        self.silent = False

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.said.append(data)


@pytest.fixture
def marked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let gettext mark all that it says."""
    for name in ("gettext", "ngettext", "pgettext", "npgettext"):
        real = getattr(_trans, name)
        monkeypatch.setattr(_trans, name, lambda *said, real=real: f"⟦{real(*said)}⟧" if said[0] else "")


def _unmarked(page: str) -> str:
    words = Words()
    words.feed(page)
    said, before = " ".join(words.said), ""
    while said != before:
        said, before = _MARKED.sub(" ", said), said
    return _NO_WORDS.sub(" ", said)


def _written_by_people() -> set[str]:
    """Every word in the names of the mission's structure."""
    names: list[str] = []
    for model, field in (
        (Mission, "name"), (Area, "name"), (Area, "pcode"), (Compartment, "name"), (Organisation, "name"),
        (Organisation, "acronym"), (Position, "title"), (Sector, "name"), (Sector, "code"),
        (VocabularyTerm, "label"), (User, "name"), (ProductTemplate, "name"),
    ):  # fmt: skip
        names += model.objects.values_list(field, flat=True)
    return {word for name in names for word in _WORD.findall(name)}


def _pages(world: World) -> Iterator[tuple[str, Any]]:
    client = client_of(world, "owner")
    ours = [each for each in addresses() if not foreign(each) and each.name not in _NAMES_ALONE]
    for address, _trio, path in callings(world, ours):
        answer = client.get(path)
        if str(answer.get("Content-Type", "")).startswith("text/html"):
            yield address.name, answer


def test_nothing_that_the_portal_says_bypasses_translation(rolled_back: World, marked: None) -> None:
    known = _written_by_people()
    found: dict[str, set[str]] = {}
    seen = set()
    for name, answer in _pages(rolled_back):
        seen.add(name)
        strange = set(_WORD.findall(_unmarked(body(answer).decode()))) - known
        if strange:
            found[name] = strange
    assert found == {}
    assert {"desk:home", "aid_requests:detail", "aid_requests:list", "aid_requests:edit"} <= seen


def test_a_word_past_gettext_is_noticed() -> None:
    page = '<h1>⟦My desk⟧</h1><p>⟦Waiting for <b>⟦you⟧</b>⟧ Overdue</p><input type="submit" value="Send">'
    assert set(_WORD.findall(_unmarked(page))) == {"Overdue", "Send"}
