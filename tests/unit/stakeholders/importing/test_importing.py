"""From a table to the register: what is imported, what is refused and why, and that a second time changes nothing."""

from __future__ import annotations

import random
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from apps.mission.models import Area
from apps.records.errors import IllegalTransition
from apps.stakeholders.importing import applying, runs
from apps.stakeholders.models import ImportRow, ImportRun, Presence, Stakeholder
from apps.stakeholders.tasks import imports_forget
from tests.factories.stakeholders import stakeholder_registered
from tests.unit.stakeholders.importing.conftest import SECTORS, Desk, areas_of
from tests.unit.stakeholders.importing.sample import csv_of, needs_data, sample, sample_rows, xlsx_of

HEAD = ("Organisation", "Sector", "Activity", "Admin 2 P-code", "Start date", "End date", "Status", "Reached")


def table(*rows: tuple[Any, ...]) -> bytes:
    return csv_of(HEAD, *rows)


def row(name: str = "Hope Works", **other: Any) -> tuple[Any, ...]:
    values = {
        "sector": "LOG", "activity": "Wells", "area": "TT0101", "start": "2024-01-01", "end": "2024-12-31",
        "status": "ongoing", "reached": 10,
    }  # fmt: skip
    return (name, *(values | other).values())


@needs_data
def test_the_sample_organisations_come_as_the_file_has_them(desk: Desk) -> None:
    expected = sample_rows("ssd_humanitarian_organisations.csv")
    typed = [each for each in expected if each["org_type_code"]]
    run = desk.bring(sample("ssd_humanitarian_organisations.csv"), "organisations.csv")
    assert run.counts == {"created": len(expected), "organisations": len(expected)}
    assert desk.count(Stakeholder.objects.count) == 0, "nothing is written before the word"
    run = desk.confirm(run)
    assert run.state == "applied"
    kinds = desk.count(lambda: Counter(Stakeholder.objects.values_list("kind", flat=True)))
    assert kinds == Counter(each["org_type_code"] for each in expected)
    states = desk.count(lambda: Counter(Stakeholder.objects.values_list("state", flat=True)))
    assert states == {"registered": len(typed), "draft": len(expected) - len(typed)}
    again = desk.bring(sample("ssd_humanitarian_organisations.csv"), "organisations.csv")
    assert again.counts == {"unchanged": len(expected)}


@needs_data
def test_the_sample_3w_comes_as_the_file_has_it_and_a_second_time_changes_nothing(desk: Desk) -> None:
    areas_of(desk.staff, "ssd")
    expected = sample_rows("ssd_3w_unhcr_2014_hxl.csv")
    names = {each["Organisation"] for each in expected}
    run = desk.confirm(desk.bring(sample("ssd_3w_unhcr_2014_hxl.csv"), "3w.csv", kind="437"))
    assert run.counts["created"] == len(expected) == desk.count(Presence.objects.count)
    assert run.counts["organisations"] == len(names) == desk.count(Stakeholder.objects.count)
    found = desk.count(lambda: Counter(Presence.objects.values_list("area__pcode", "stakeholder__title")))
    assert found == Counter((each["Admin1 P-code"], each["Organisation"]) for each in expected)
    one = desk.count(lambda: Presence.objects.filter(area__pcode="SS06").first())
    assert (one.latitude, one.longitude) == (Decimal("9.002"), Decimal("30.99"))
    again = desk.bring(sample("ssd_3w_unhcr_2014_hxl.csv"), "3w.csv")
    assert again.counts == {"unchanged": len(expected)}
    assert desk.count(Presence.objects.count) == len(expected)


@needs_data
@pytest.mark.parametrize("country", ["caf", "mli"])
def test_tables_of_other_countries_come_as_well(desk: Desk, country: str) -> None:
    areas_of(desk.staff, country)
    rng = random.Random(country)
    districts = [
        each for each in sample_rows(f"{country}_pcodes_adm1_adm2.csv") if each["Admin Level"] == "2"
    ]
    rows = [
        (f"ONG {number % 17}", rng.choice(list(SECTORS.values())), each["P-Code"], each["Name"], "15/01/2025", "Actif")
        for number, each in enumerate(districts)
    ]  # fmt: skip
    content = csv_of(
        ("Organisme", "Secteur", "Admin 2 Pcode", "Admin 2", "Date de début", "Statut"), *rows,
        delimiter=";", encoding="cp1252",
    )  # fmt: skip
    run = desk.confirm(desk.bring(content, "qui-fait-quoi.csv", kind="441"))
    assert (run.counts["created"], run.counts["organisations"]) == (len(districts), 17)
    codes = desk.count(lambda: set(Presence.objects.values_list("area__pcode", flat=True)))
    assert codes == {each["P-Code"] for each in districts}
    by_name = csv_of(
        ("Organisme", "Secteur", "Admin 2"), *((name, s, area) for name, s, _c, area, *_ in rows)
    )
    told = desk.bring(by_name, "par-noms.csv")
    assert told.counts["created"] + told.counts.get("refused", 0) + told.counts.get("skipped", 0) == len(rows)
    assert told.counts["created"] > len(rows) * 0.9, "names are unique but for a few"


@needs_data
def test_a_damaged_table_is_refused_row_by_row_and_the_others_come(desk: Desk) -> None:
    areas_of(desk.staff, "ssd")
    lines = sample("ssd_3w_unhcr_2014_hxl.csv").decode().splitlines()
    lines = [
        f"{line},{when}"
        for line, when in zip(lines, ["Start", "#date+start", *["2014-05-01"] * 200], strict=False)
    ]
    lines[10] = lines[10].replace(",SS", ",XX")
    lines[20] = lines[20].replace("2014-05-01", "31/02/2014")
    lines[21] = lines[21].replace("2014-05-01", "03/04/2014")
    lines.insert(30, lines[0])
    lines.append(lines[5])
    run = desk.bring("\n".join(lines).encode("latin-1", "replace"), "damaged.csv", kind="437")
    problems = desk.problems(run)
    assert "is no P-code of an area of this mission" in problems[11][0][1]
    assert problems[11][0][0] == "C “Admin1 P-code”"
    assert problems[21] == [["H “Start”", "“31/02/2014” is a day that there is not."]]
    assert "may be 3 April 2014 or 4 March 2014" in problems[22][0][1]
    assert problems[31] == [["", "The row only says the header once more."]]
    assert problems[144] == [["", "Repeats row 6."]]
    assert run.counts["refused"] == 3
    assert run.counts["skipped"] == 2
    assert run.counts["created"] == len(sample_rows("ssd_3w_unhcr_2014_hxl.csv")) - 3
    assert any("Windows-1252" in note for note in run.layout["notes"])
    with pytest.raises(Exception, match="Rows are refused"):
        desk.confirm(run)
    assert desk.count(Presence.objects.count) == 0
    desk.confirm(run, others=True)
    assert desk.count(Presence.objects.count) == run.counts["created"]


def test_changed_rows_are_updated_and_only_in_what_the_table_says(desk: Desk) -> None:
    desk.confirm(desk.bring(table(row(), row(activity="Roads")), kind="441"))
    later = csv_of(
        ("Organisation", "Sector", "Activity", "Admin 2 P-code", "Start date", "Status"),
        ("HOPE WORKS", "LOG", "wells", "tt0101", "1 January 2024", "Completed"),
        ("Hope Works", "LOG", "Roads", "TT0101", "2024-01-01", "ongoing"),
    )
    run = desk.bring(later)
    assert run.counts == {"updated": 1, "unchanged": 1}
    assert desk.rows(run, "updated")[0].changes == {
        "activity": ["Wells", "wells"], "status": ["ongoing", "completed"],
    }  # fmt: skip
    desk.confirm(run)
    kept = desk.count(lambda: Presence.objects.get(status="completed"))
    assert (kept.reached, kept.end.isoformat()) == (10, "2024-12-31"), "what has no column stays"
    assert desk.bring(later).counts == {"unchanged": 2}


def test_a_workbook_comes_with_its_real_dates(desk: Desk) -> None:
    from datetime import datetime

    content = xlsx_of(HEAD, row(start=datetime(2024, 3, 31), end=None, reached=12.0))
    run = desk.confirm(desk.bring(content, "table.xlsx"))
    assert run.counts["created"] == 1
    kept = desk.count(Presence.objects.get)
    assert (kept.start.isoformat(), kept.end, kept.reached, kept.source) == (
        "2024-03-31",
        None,
        12,
        "table.xlsx",
    )


def test_a_name_that_only_resembles_waits_for_an_answer(desk: Desk) -> None:
    known = stakeholder_registered(desk.staff, by="cim", title="Solidarités International")
    content = table(row("Solidarity International"), row("Quite Another"))
    run = desk.bring(content)
    assert run.counts == {"created": 1, "skipped": 1, "waiting": 1, "organisations": 1}
    assert "resembles Solidarités International" in desk.problems(run)[2][0][1]
    assert desk.bring(content).counts["waiting"] == 1
    run = desk.answer(run, **{"Solidarity International": str(known.uuid)})
    assert run.counts == {"created": 2, "organisations": 1}
    desk.confirm(run)
    assert desk.count(lambda: Presence.objects.filter(stakeholder=known).count()) == 1
    assert desk.bring(content).counts == {"unchanged": 2}, "the spelling is known from now on"


def test_a_person_says_that_it_is_another(desk: Desk) -> None:
    stakeholder_registered(desk.staff, by="cim", title="World Vision International")
    run = desk.answer(desk.bring(table(row("World Vision"))), **{"World Vision": "new"})
    desk.confirm(run)
    assert desk.count(lambda: Stakeholder.objects.filter(title="World Vision").count()) == 1


def test_an_area_is_never_guessed(desk: Desk) -> None:
    Area.objects.create(mission=desk.staff.mission, pcode="TT02", name="Ombella M'Poko", level=1)
    content = csv_of(("Organisation", "Admin 1"), ("A Fund", "Ombela Mpoko"), ("B Fund", "Nowhere"))
    run = desk.bring(content)
    assert run.counts == {"skipped": 1, "waiting": 1, "refused": 1}
    assert desk.problems(run)[3] == [["B “Admin 1”", "No area of this mission is called “Nowhere”."]]
    run = desk.answer(run, **{"Ombela Mpoko": "TT02"})
    assert run.counts == {"created": 1, "refused": 1, "organisations": 1}
    run = desk.answer(desk.bring(content), **{"Ombela Mpoko": "leave"})
    assert run.counts == {"refused": 2}


def test_codes_and_names_that_contradict_are_refused(desk: Desk) -> None:
    state = Area.objects.create(mission=desk.staff.mission, pcode="TT02", name="Second State", level=1)
    Area.objects.create(mission=desk.staff.mission, pcode="TT0201", name="Far County", level=2, parent=state)
    content = csv_of(
        ("Organisation", "Admin 1 P-code", "Admin 2 P-code", "Admin 2"),
        ("A", "TT02", "TT0101", ""), ("B", "TT01", "TT0101", "Far County"), ("C", "TT0101", "", ""),
        ("D", "TT02", "", "Far County"), ("E", "", "TT0101", "1st county"),
    )  # fmt: skip
    run = desk.bring(content)
    problems = {number: texts[0][1] for number, texts in desk.problems(run).items()}
    assert problems == {
        2: "TT0101 does not lie in TT02.",
        3: "TT0101 is First County, but the row says Far County.",
        4: "TT0101 is an area of level 2, not of level 1.",
    }
    assert [each.said["area_code"] for each in desk.rows(run, "created")] == ["TT0201", "TT0101"]


def test_a_sector_that_the_mission_does_not_have_keeps_its_words(desk: Desk) -> None:
    content = table(
        row(sector="Agriculture", activity=""), row(sector="Sector HEA"), row(sector="hea", activity="x")
    )
    run = desk.bring(content)
    assert [question["text"] for question in run.layout["questions"]] == ["Agriculture"]
    desk.confirm(run)
    kept = desk.count(lambda: list(Presence.objects.order_by("pk").values_list("sector__code", "activity")))
    assert kept == [(None, "Agriculture"), ("HEA", "Wells"), ("HEA", "x")]
    assert desk.answer(desk.bring(content), Agriculture="LOG").counts["created"] == 1


def test_every_wrong_cell_of_a_row_is_named(desk: Desk) -> None:
    run = desk.bring(table(row(start="soon", status="perhaps", reached="many", area="TT99")))
    assert [column for column, _text in desk.problems(run)[2]] == [
        "E “Start date”", "G “Status”", "H “Reached”", "D “Admin 2 P-code”",
    ]  # fmt: skip


def test_a_hidden_organisation_of_the_same_name_is_never_confirmed(desk: Desk) -> None:
    hidden = stakeholder_registered(desk.staff, by="clu", scope="private", title="Shadow Relief")
    run = desk.bring(table(row("Shadow Relief"), row("Shadow Relief Fund")))
    assert run.counts == {"created": 2, "organisations": 2}
    assert run.layout["questions"] == []
    desk.confirm(run)
    mine = desk.count(
        lambda: list(Stakeholder.objects.filter(title="Shadow Relief").values_list("pk", flat=True))
    )
    assert len(mine) == 1
    assert hidden.pk not in mine
    forged = desk.bring(table(row("Shadow Relieff")))
    run = desk.answer(forged, **{"Shadow Relieff": str(hidden.uuid)})
    assert run.counts["waiting"] == 1, "an answer that names a hidden one is none"


def test_presence_is_not_written_under_what_others_keep(desk: Desk) -> None:
    stakeholder_registered(desk.staff, by="clu", title="Kept By Others")
    run = desk.bring(table(row("Kept By Others"), row()))
    assert run.counts["refused"] == 1
    assert "kept by others: you may read it, not change it" in desk.problems(run)[2][0][1]
    names = csv_of(("Name", "Acronym", "Type"), ("Kept By Others", "KBO", "437"))
    assert "kept by others" in desk.problems(desk.bring(names))[2][0][1]


def test_organisations_are_completed_and_then_stand_on_the_register(desk: Desk) -> None:
    desk.confirm(desk.bring(table(row("Hope Works"))))
    assert desk.count(Stakeholder.objects.get).state == "draft", "its type is not known"
    names = csv_of(("Name", "Acronym", "Type"), ("Hope Works", "HW", "National NGO"))
    run = desk.bring(names)
    assert desk.rows(run, "updated")[0].changes == {
        "acronym": ["", "HW"], "kind": ["", "441"], "state": ["draft", "registered"],
    }  # fmt: skip
    desk.confirm(run)
    kept = desk.count(Stakeholder.objects.get)
    assert (kept.state, kept.acronym, kept.kind) == ("registered", "HW", "441")
    assert desk.bring(names).counts == {"unchanged": 1}


def test_a_change_after_the_preview_is_looked_through_again(desk: Desk) -> None:
    run = desk.bring(table(row("Hope Works")))
    stakeholder_registered(desk.staff, by="cim", title="Hope Works")
    run = desk.confirm(run)
    assert run.state == "ready"
    assert run.layout["changed"] is True
    assert desk.count(Presence.objects.count) == 0
    assert desk.confirm(run).state == "applied"
    assert desk.count(Stakeholder.objects.count) == 1


def test_an_import_that_breaks_half_way_leaves_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    run = desk.bring(table(*(row(f"Fund {n} Xy{n}") for n in range(5))), kind="441")
    begin = applying._Writer._begin

    def breaks(self: Any, begun: Any) -> Any:
        if begun.title.startswith("Fund 3"):
            raise MemoryError
        return begin(self, begun)

    monkeypatch.setattr(applying._Writer, "_begin", breaks)
    run = desk.confirm(run)
    assert run.state == "failed"
    assert "Nothing was imported" in run.problem
    assert desk.count(Stakeholder.objects.count) == 0
    monkeypatch.undo()
    with desk.staff.acting("cim") as actor:
        runs.run_again(actor, run=run)
    desk.work(run)
    assert desk.confirm(desk.seen(run)).state == "applied"


def test_a_task_that_comes_twice_does_it_once(desk: Desk) -> None:
    run = desk.bring(table(row()), kind="441")
    with desk.staff.acting("cim") as actor:
        runs.run_confirm(actor, run=run, others=False)
        with pytest.raises(IllegalTransition):
            runs.run_confirm(actor, run=run, others=False)
    assert [desk.work(run), desk.work(run)] == ["applied", "applied"]
    assert desk.count(Presence.objects.count) == 1


def test_an_import_is_its_persons_alone(desk: Desk) -> None:
    run = desk.bring(table(row()))
    for other in ("clu", "joc", "cmc", "aud"):
        with desk.staff.acting(other):
            assert not ImportRun.objects.exists()
            assert not ImportRow.objects.exists()
        assert Desk(desk.staff, other).work(run) == ""
    assert desk.seen(run).state == "ready"


def test_a_person_who_lost_the_position_imports_nothing_more(desk: Desk) -> None:
    run = desk.bring(table(row()), kind="441")
    with desk.staff.acting("cim") as actor:
        runs.run_confirm(actor, run=run, others=False)
    desk.staff.positions["cim"].holdings.all().delete()
    assert desk.work(run) == ""
    with desk.staff.acting("clu"):
        assert not Stakeholder.objects.exists()


def test_old_imports_are_removed_and_what_they_brought_stays(desk: Desk) -> None:
    from django.db import connection

    run = desk.confirm(desk.bring(table(row()), kind="441"))
    assert imports_forget() == 0
    with desk.staff.acting("cim"), connection.cursor() as cursor:
        cursor.execute("UPDATE stakeholders_importrun SET created_at = created_at - interval '8 days'")
    assert imports_forget() == 1
    with desk.staff.acting("cim"):
        assert not ImportRun.objects.filter(pk=run.pk).exists()
        assert Presence.objects.count() == 1


def test_the_file_itself_is_not_kept_once_it_is_imported(desk: Desk) -> None:
    run = desk.confirm(desk.bring(table(row()), kind="441"))
    assert (bytes(run.content), bool(run.sha256)) == (b"", True)
