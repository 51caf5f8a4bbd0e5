"""Names that are the same, and names that only resemble: the latter are proposed and never taken."""

from __future__ import annotations

import pytest

from apps.stakeholders.importing.matching import Names, folded


def names() -> Names:
    known = Names()
    known.add(1, ["Solidarités International", "SI"])
    known.add(2, ["ACT Alliance / Lutheran World Federation", "ACT Alliance/LWF"])
    known.add(3, ["International Rescue Committee", "IRC"])
    known.add(4, ["World Vision International", "WVI"])
    known.add(5, ["International Medical Corps", "IMC"])
    return known


@pytest.mark.parametrize(
    ("name", "key"),
    [("solidarites  international", 1), ("S.I.", 1), ("act alliance - lwf", 2), ("irc", 3)],
)
def test_the_same_name_but_for_case_accents_and_points_is_a_match(name: str, key: int) -> None:
    assert names().exact(name) == [key]
    assert names().resembling(name) == ()


@pytest.mark.parametrize(
    ("name", "key"),
    [("Solidarity International", 1), ("LWF", 2), ("International Rescue Comittee", 3), ("World Vision", 4)],
)
def test_a_name_that_resembles_is_proposed_and_no_match(name: str, key: int) -> None:
    assert names().exact(name) == []
    assert key in [each.key for each in names().resembling(name)]


@pytest.mark.parametrize("name", ["IRD", "ICRC", "Ministry of Health", "", "?"])
def test_what_is_another_organisation_is_not_proposed(name: str) -> None:
    assert names().resembling(name) == ()


def test_one_name_of_two_organisations_gives_both() -> None:
    known = names()
    known.add(9, ["I.R.C."])
    assert known.exact("IRC") == [3, 9]


def test_what_is_known_later_is_found_too() -> None:
    known = names()
    assert known.resembling("Windle Trust") == ()
    known.add(6, ["Windle Trust International"])
    assert [each.key for each in known.resembling("Windle Trust")] == [6]


def test_arabic_spellings_of_one_name_are_folded() -> None:
    assert folded("الإغاثة الإسلامية") == folded("الاغاثه الاسلاميه")
