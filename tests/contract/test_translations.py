"""The interface speaks each of its languages whole: every text, every number, every placeholder."""

from __future__ import annotations

import pytest

from tests.contract.texts import LANGUAGES, Key, catalogue, lacks, shown_texts

Texts = dict[Key, tuple[str, ...]]


@pytest.fixture(scope="module")
def texts() -> Texts:
    return shown_texts()


def test_texts_are_found_in_code_and_in_templates(texts: Texts) -> None:
    assert ("", "Aid requests") in texts  # apps/aid_requests/apps.py, in code
    assert ("", "Skip to the content") in texts  # templates/base.html, {% translate %}
    assert texts["", "%(number)s field changed"] == ("%(number)s field changed", "%(number)s fields changed")
    assert texts["", "in %(count)d day"] == ("in %(count)d day", "in %(count)d days")
    assert len(texts) > 1000


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(texts: Texts, language: str) -> None:
    assert lacks(catalogue(language), texts) == []


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ("", "not translated"),
        ("Échéance {delai}", "placeholders"),
        (" Échéance", "spaces"),
    ],
)
def test_what_is_wrong_is_noticed(texts: Texts, said: str, problem: str) -> None:
    spoilt = catalogue("fr")
    spoilt["Due"].string = said
    assert [line for line in lacks(spoilt, texts) if line.startswith("'Due' ") and problem in line]


def test_guesses_losses_and_missing_numbers_are_noticed(texts: Texts) -> None:
    spoilt = catalogue("fr")
    spoilt["Due"].flags.add("fuzzy")
    spoilt["%(number)s field changed"].string = ("%(number)s champ modifié",)
    spoilt.delete("Title")
    said = "\n".join(lacks(spoilt, texts))
    assert "'Due' is fuzzy" in said
    assert "'Title' is missing" in said
    assert "'%(number)s field changed' is not translated" in said
