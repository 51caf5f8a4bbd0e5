"""What cells say, in the forms in which tables write it; and what is refused rather than guessed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from apps.stakeholders.importing import values
from apps.stakeholders.importing.values import Refused

MARCH = date(2024, 3, 31)


@pytest.mark.parametrize(
    "cell",
    [
        MARCH, datetime(2024, 3, 31, 14, 5), "2024-03-31", "2024/3/31", "2024-03-31T10:00:00Z", "31/03/2024",
        "31.3.2024", "03/31/2024", "31 March 2024", "31-Mar-2024", "March 31, 2024", "31 mars 2024",
        "31 de marzo de 2024",
        "31 مارس 2024", "31 آذار 2024", "٢٠٢٤-٠٣-٣١",
    ],
)  # fmt: skip
def test_a_day_is_read_in_every_form_that_means_one_day(cell: Any) -> None:
    assert values.day(cell) == MARCH


def test_a_date_that_may_be_two_days_is_refused() -> None:
    with pytest.raises(Refused, match=r"may be 3 April 2024 or 4 March 2024"):
        values.day("03/04/2024")
    assert values.day("05/05/2024") == date(2024, 5, 5)


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("soon", "no date"), ("45382", "no date"), ("2024-02-30", "there is not"), ("31/13/2024", "there is not"),
        ("31/03/24", "no date"), ("March 2024", "no date"), ("1024-03-01", "outside the years"), (45382, "no date"),
    ],
)  # fmt: skip
def test_what_is_no_day_is_refused_with_what_it_says(cell: Any, why: str) -> None:
    with pytest.raises(Refused, match=why) as refused:
        values.day(cell)
    assert str(cell) in str(refused.value)


@pytest.mark.parametrize("blank", [None, "", "  ", "-", "N/A", " NIL ", "null", "—"])
def test_a_cell_that_says_nothing_is_empty(blank: Any) -> None:
    reads: list[Callable[[Any], Any]] = [values.day, values.number, lambda cell: values.degrees(cell, 90)]
    assert all(read(blank) is None for read in reads)
    assert values.organisation_type(blank) == ""
    assert values.status(blank) == "unknown"


@pytest.mark.parametrize(
    "cell", [1200, 1200.0, "1200", "1,200", "1 200", "1\u00a0200", "1\u202f200", "1’200", "1200.0", "١٢٠٠"]
)
def test_numbers_of_people_are_read(cell: Any) -> None:
    assert values.number(cell) == 1200


@pytest.mark.parametrize("cell", ["1.200", "-3", "many", 3.5, "3.5", "99999999999", True, "1e3"])
def test_what_is_no_number_of_people_is_refused(cell: Any) -> None:
    with pytest.raises(Refused):
        values.number(cell)


def test_degrees_are_read_and_bounded() -> None:
    assert values.degrees("9,0025", 90) == values.degrees(9.0025, 90) == Decimal("9.00250")
    assert values.degrees("−12.123456", 90) == Decimal("-12.12346")
    for cell in ("91", "9°30'", "1.5.2", "north"):
        with pytest.raises(Refused):
            values.degrees(cell, 90)


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (("441",), "441"), ((441.0,), "441"), (("National NGO",), "441"), (("ONG nationale",), "441"),
        (("International Organization",), "438"), (("Gobierno",), "435"), (("الأمم المتحدة",), "447"),
        (("", "United Nations"), "447"), (("999", "Donor"), "433"), (("Spaceship",), ""), (("", " NIL "), ""),
    ],
)  # fmt: skip
def test_types_are_known_by_code_or_words_and_otherwise_not_said(cells: tuple[Any, ...], code: str) -> None:
    assert values.organisation_type(*cells) == code


def test_terms_are_known_in_the_words_of_tables() -> None:
    assert [values.status(each) for each in ("En cours", "COMPLETED", "مخطط", "suspendido")] == [
        "ongoing", "completed", "planned", "suspended",
    ]  # fmt: skip
    assert values.role("Donor", "present") == "funding"
    assert values.role("", "present") == "present"
    with pytest.raises(Refused, match="“half done” is not understood"):
        values.status("half done")


def test_a_stance_that_is_not_understood_is_the_strictest() -> None:
    assert values.stance("Via OCHA only") == "via_ocha"
    assert values.stance("ask Peter") == "unlisted"
    assert values.stance("") == ""


def test_text_is_cleaned_of_what_cannot_be_seen() -> None:
    assert values.text_of(" Save\tthe \u200b Children\n") == "Save the Children"
    with pytest.raises(Refused, match="longer than 5"):
        values.text_within("longer", 5)
