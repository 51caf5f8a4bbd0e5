"""I24: a marking that comes in is understood in four languages and in TLP 2.0, or is the most restrictive."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from apps.mission.vocabulary import Classification, Sensitivity
from apps.records.label_reading import highest, label_in_words, label_read, most_restrictive

UNCLASSIFIED, CONFIDENTIAL, STRICTLY = Classification
LOW, MODERATE, HIGH, SEVERE = Sensitivity

KNOWN = {
    "Unclassified": UNCLASSIFIED,
    "UN CONFIDENTIAL": CONFIDENTIAL,
    "STRICTLY_CONFIDENTIAL": STRICTLY,
    "Classification: strictly   confidential": STRICTLY,
    "Non classifié": UNCLASSIFIED,
    "NON CLASSIFIE": UNCLASSIFIED,
    "Confidentiel": CONFIDENTIAL,
    "Nations Unies – Strictement confidentiel": STRICTLY,
    "No clasificado": UNCLASSIFIED,
    "Confidencial": CONFIDENTIAL,
    "ESTRICTAMENTE CONFIDENCIAL": STRICTLY,
    "غير سري": UNCLASSIFIED,
    "سرّي": CONFIDENTIAL,
    "سري للغاية": STRICTLY,
    "TLP:RED": STRICTLY,
    "tlp: amber+strict": CONFIDENTIAL,
    "TLP:AMBER-STRICT": CONFIDENTIAL,
    "TLP AMBER": CONFIDENTIAL,
    "TLP:GREEN": UNCLASSIFIED,
    "TLP:CLEAR": UNCLASSIFIED,
    "TLP:WHITE": UNCLASSIFIED,
    "Unclassified, TLP:RED": STRICTLY,
    "Confidential / Unclassified": CONFIDENTIAL,
}


@pytest.mark.parametrize("text", KNOWN)
def test_i24_known_markings_are_understood(text: str) -> None:
    found = label_read(text)
    assert found is not None
    assert (found.known, found.classification, found.sensitivity) == (True, KNOWN[text], None)


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_i24_the_portals_own_words_are_understood_in_every_language(language: str) -> None:
    with translation.override(language):
        words = [(str(each.label), each) for each in Classification]
        harms = [(str(each.label), each) for each in Sensitivity]
        caption = translation.gettext("Sensitivity: %(level)s")
    for word, level in words:
        for text in (word, word.upper()):
            assert label_read(text).classification is level  # type: ignore[union-attr]
        for harm, sensitivity in harms:
            for text in (f"{word}-{harm}".upper(), f"{word} · {caption % {'level': harm.lower()}}"):
                found = label_read(text)
                assert found is not None
                assert (found.known, found.classification, found.sensitivity) == (True, level, sensitivity), (
                    text
                )


UNKNOWN = (
    "NATO RESTRICTED", "NATO CONFIDENTIAL", "NATO UNCLASSIFIED", "COSMIC TOP SECRET", "RESTREINT UE/EU RESTRICTED",
    "CONFIDENTIEL UE/EU CONFIDENTIAL", "SECRET", "Top secret", "OFFICIAL-SENSITIVE", "Mission Confidential",
    "Unclassified//FOUO", "TLP:PURPLE", "TLP:AMBER+LAX", "Public", "Confidential, staff of the ministry only",
    "C-M(2002)49", "high", "CIMIC-LABEL-1; classification=COSMIC; sensitivity=LOW; exercise=no", "CIMIC-LABEL-1;",
    "CIMIC-LABEL-1; classification=UNCLASSIFIED; exercise=no", "ᏣᎳᎩ",
)  # fmt: skip


@pytest.mark.parametrize("text", UNKNOWN)
def test_i24_an_unknown_marking_is_the_most_restrictive(text: str) -> None:
    found = label_read(text)
    assert found is not None
    assert (found.known, found.classification, found.sensitivity) == (False, STRICTLY, SEVERE)


@given(st.text(max_size=80))
def test_i24_nothing_written_in_the_place_of_a_marking_counts_as_none(text: str) -> None:
    """Whatever stands there either is a level of ours, or the most restrictive; only an empty place states nothing."""
    found = label_read(text)
    if found is None:
        return
    assert found.known or found == most_restrictive(text)


def test_i24_an_empty_place_states_nothing() -> None:
    assert label_read("") is None
    assert label_read(" \u200f\t") is None


NAMES = {
    "Confidential list of convoys": CONFIDENTIAL,
    "CONFIDENTIAL-SEVERE RFA-2026-00012 order": CONFIDENTIAL,
    "RFA-2026-00012 order (strictly confidential)": STRICTLY,
    "report TLP_AMBER v2": CONFIDENTIAL,
    "STRICTEMENT CONFIDENTIEL note": STRICTLY,
    "سري للغاية تقرير": STRICTLY,
    "Report NATO SECRET v2": STRICTLY,
    "annex NATO CONFIDENTIAL": STRICTLY,
    "report [secret]": STRICTLY,
    "CONFIDENTIEL UE annex": STRICTLY,
    "UNCLASSIFIED RFA-2026-00012 order": UNCLASSIFIED,
}


@pytest.mark.parametrize("name", NAMES)
def test_i24_names_that_carry_a_marking(name: str) -> None:
    found = label_in_words(name)
    assert found is not None
    assert found.classification is NAMES[name]
    assert (found.sensitivity is SEVERE) == (not found.known or "SEVERE" in name)


@pytest.mark.parametrize(
    "name",
    ["order", "secret garden", "Restricted roads", "EU delegation", "confidentially yours", "Mission to Bor",
     "the route is not confidential", "سريع", "RED roads", "OFFICIAL VISIT"],
)  # fmt: skip
def test_i24_names_that_carry_none(name: str) -> None:
    assert label_in_words(name) is None


def test_i24_of_several_markings_the_strictest_counts_in_each_part() -> None:
    found = highest([label_read("Confidential"), None, label_read("Unclassified, sensitivity: high")])
    assert found is not None
    assert (found.classification, found.sensitivity, found.known) == (CONFIDENTIAL, HIGH, True)
    worst = highest([label_read("TLP:RED"), label_read("NATO RESTRICTED")])
    assert worst is not None
    assert (worst.classification, worst.sensitivity, worst.known) == (STRICTLY, SEVERE, False)
    assert highest([None]) is None
