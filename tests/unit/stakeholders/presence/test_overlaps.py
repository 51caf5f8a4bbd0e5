"""Civil and mission activities that meet; and where somebody should be asked, told to whom it may be and no further."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from apps.mission.models import Area, Sector
from apps.stakeholders.models import Stakeholder
from apps.stakeholders.presence import overlaps
from tests.factories.staff import Staff
from tests.factories.stakeholders import present, stakeholder_registered, take


def civil(staff: Staff, **changes: Any) -> Stakeholder:
    """A file of a humanitarian organisation, kept by its cluster coordinator."""
    return stakeholder_registered(staff, by="clu", side="humanitarian", **changes)


def military(staff: Staff, **changes: Any) -> Stakeholder:
    """A file of a contingent, kept by CIMIC."""
    return stakeholder_registered(
        staff, by="cim", **{"side": "mission_military", "kind": "contingent"} | changes
    )


def met(staff: Staff, who: str) -> int:
    with staff.acting(who) as actor:
        return len(overlaps.overlaps(actor))


def hinted(staff: Staff, who: str) -> list[tuple[str, tuple[str, ...]]]:
    with staff.acting(who):
        return [(hint.presence.activity, hint.organisations) for hint in overlaps.hints()]


def test_whoever_reads_both_sees_the_pair_and_no_hint(staff: Staff) -> None:
    present(staff, civil(staff), by="clu")
    present(staff, military(staff))
    for who in ("clu", "cim", "req", "cmc"):
        assert met(staff, who) == 1
        assert hinted(staff, who) == []


def _elsewhere(staff: Staff) -> dict[str, Any]:
    other = Area.objects.create(
        mission=staff.mission, pcode="TT0102", name="Second", level=2, parent=staff.area.parent
    )
    return {"area": other}


TODAY = timezone.localdate()
APART: dict[str, Any] = {
    "another district": _elsewhere,
    "the whole state": lambda staff: {"area": staff.area.parent},
    "another sector": lambda staff: {"sector": Sector.objects.get(mission=staff.mission, code="HEA")},
    "no sector": lambda staff: {"sector": None},
    "over before": lambda staff: {"start": TODAY - timedelta(days=90), "end": TODAY - timedelta(days=60)},
    "begins after": lambda staff: {"start": TODAY + timedelta(days=60), "end": None},
    "completed": lambda staff: {"status": "completed"},
    "suspended": lambda staff: {"status": "suspended"},
}


@pytest.mark.parametrize("why", APART)
def test_what_is_apart_is_no_overlap_and_no_hint(staff: Staff, why: str) -> None:
    present(staff, civil(staff), by="clu")
    present(staff, military(staff, scope="organisation"), **APART[why](staff))
    assert met(staff, "cim") == 0
    assert hinted(staff, "clu") == []


def test_a_place_within_the_district_counts_as_the_district(staff: Staff) -> None:
    ward = Area.objects.create(
        mission=staff.mission, pcode="TT010101", name="Ward", level=3, parent=staff.area
    )
    present(staff, civil(staff), by="clu", area=ward)
    present(staff, military(staff))
    assert met(staff, "req") == 1


def test_two_organisations_are_one_pair_however_much_they_do(staff: Staff) -> None:
    here, there = civil(staff), military(staff)
    rows = {present(staff, here, by="clu").pk for _number in range(5)} | {present(staff, there).pk}
    with staff.acting("req") as actor:
        (pair,) = overlaps.overlaps(actor)
    assert (len(pair.civil), len(pair.mission)) == (overlaps.SHOWN, 1)
    assert pair.rows == rows


def test_two_of_one_side_are_no_overlap(staff: Staff) -> None:
    present(staff, civil(staff), by="clu")
    present(staff, civil(staff), by="clu")
    assert met(staff, "clu") == 0


def test_whoever_sees_one_end_is_told_to_ask_and_nothing_else(staff: Staff) -> None:
    mine = present(staff, civil(staff), by="clu")
    hidden = military(staff, scope="organisation")
    present(staff, hidden)
    assert met(staff, "clu") == 0
    assert hinted(staff, "clu") == [(mine.activity, ())]
    assert hinted(staff, "req") == [], "it is no row of theirs"


def test_the_coordinator_is_told_whom(staff: Staff) -> None:
    mine = present(staff, civil(staff), by="clu")
    hidden = military(staff, scope="organisation")
    present(staff, hidden)
    assert hinted(staff, "cmc") == [(mine.activity, (hidden.title,))]


def test_the_other_side_is_told_as_well(staff: Staff) -> None:
    present(staff, civil(staff, scope="organisation"), by="clu")
    theirs = present(staff, military(staff))
    assert hinted(staff, "cim") == [(theirs.activity, ())]


def test_a_keeper_may_leave_a_row_out(staff: Staff) -> None:
    present(staff, civil(staff), by="clu")
    present(staff, military(staff, scope="organisation"), may_hint=False)
    assert hinted(staff, "clu") == []
    assert hinted(staff, "cmc") == []


@pytest.mark.parametrize("stance", ["listed", "unlisted"])
def test_an_organisation_that_is_not_engaged_is_never_hinted_at(staff: Staff, stance: str) -> None:
    hidden = civil(staff, scope="organisation")
    present(staff, hidden, by="clu")
    present(staff, military(staff))
    assert hinted(staff, "cim") != []
    take(staff, hidden, "clu", "stance", stance=stance, note="Its own wish")
    assert hinted(staff, "cim") == []


def test_a_draft_is_never_hinted_at(staff: Staff) -> None:
    from tests.factories.stakeholders import stakeholder_file

    present(staff, stakeholder_file(staff, by="clu"), by="clu")
    present(staff, military(staff))
    assert hinted(staff, "cim") == []


def test_another_mission_is_never_hinted_at(staff: Staff) -> None:
    from tests.factories.staff import staff_make

    other = staff_make("elsewhere")
    present(other, military(other, scope="organisation"))
    present(staff, civil(staff), by="clu")
    assert hinted(staff, "clu") == []
    assert met(staff, "clu") == 0
