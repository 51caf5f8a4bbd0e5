"""What a table says of its own label holds, and what is not understood is the most restrictive (I24)."""

from __future__ import annotations

import pytest

from apps.stakeholders.importing.marks import Label
from apps.stakeholders.models import Presence, Stakeholder
from tests.factories.staff import Staff
from tests.unit.stakeholders.importing.conftest import Desk
from tests.unit.stakeholders.importing.sample import csv_of

HEAD = ("Organisation", "Admin 2 P-code")


def table(name: str) -> bytes:
    return csv_of(HEAD, (name, "TT0101"))


def test_what_others_read_is_what_the_label_says(desk: Desk) -> None:
    desk.confirm(desk.bring(table("Open"), label=Label(scope="mission"), kind="441"))
    desk.confirm(desk.bring(table("Closed"), label=Label(scope="private"), kind="441"))
    with desk.staff.acting("req"):
        assert list(Stakeholder.objects.values_list("title", flat=True)) == ["Open"]
        assert Presence.objects.count() == 1


@pytest.mark.parametrize(("said", "made"), [("Confidential", (1, "mission")), ("", (0, "mission"))])
def test_a_label_that_a_row_says_holds(desk: Desk, said: str, made: tuple[int, str]) -> None:
    clearance(desk.staff, 2)
    content = csv_of(
        ("Organisation", "County", "Classification"), ("A", "First County", ""), ("A", "First State", said)
    )
    desk.confirm(desk.bring(content, kind="441"))
    kept = desk.count(Stakeholder.objects.get)
    assert (kept.classification, kept.scope) == made


def test_an_unknown_label_is_the_most_restrictive_i24(desk: Desk) -> None:
    content = csv_of(("Organisation", "County", "Handling"), ("A", "First County", "Burn after reading"))
    run = desk.bring(content)
    assert "treats as the most restrictive" in desk.problems(run)[2][0][1]
    clearance(desk.staff, 2)
    desk.confirm(desk.bring(content, kind="441"))
    kept = desk.count(Stakeholder.objects.get)
    assert (kept.classification, kept.sensitivity, kept.scope) == (2, 3, "private")


def test_a_row_is_not_put_under_a_record_that_is_marked_lower(desk: Desk) -> None:
    clearance(desk.staff, 2)
    desk.confirm(desk.bring(table("A"), kind="441"))
    content = csv_of(
        ("Organisation", "County", "Classification"), ("A", "First County", "Strictly confidential")
    )
    assert "higher than the record of A" in desk.problems(desk.bring(content))[2][0][1]


def test_a_file_that_is_marked_raises_the_label_of_all_it_brings(desk: Desk) -> None:
    content = csv_of(("CONFIDENTIAL",), (), ("Organisation", "County"), ("A", "First County"))
    run = desk.bring(content)
    assert (run.state, run.counts) == ("refused", {})
    assert "above your own clearance" in run.problem
    clearance(desk.staff, 1)
    run = desk.bring(content, kind="441")
    assert any("is marked “CONFIDENTIAL”" in note for note in run.layout["notes"])
    desk.confirm(run)
    assert desk.count(Stakeholder.objects.get).classification == 1


def clearance(staff: Staff, level: int) -> None:
    staff.positions["cim"].clearance = level
    staff.positions["cim"].save()
