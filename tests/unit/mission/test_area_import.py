"""Importing tables of P-codes: real ones, and whatever can be wrong with one, named by row and column."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.mission.area_import import (
    Outcome,
    Plan,
    RefusedRows,
    UnreadableTable,
    import_apply,
    import_plan,
    read_table,
)
from apps.mission.models import Area, Mission

DATA = Path(__file__).resolve().parents[3].parent / "shared" / "data"
HEAD = "Location,Admin Level,P-Code,Name,Parent P-Code,Valid from date\n"

pytestmark = pytest.mark.django_db


@pytest.fixture
def mission() -> Mission:
    return Mission.objects.create(code="test", name="Test mission")


def plan_of(mission: Mission, text: str | bytes) -> Plan:
    content = text if isinstance(text, bytes) else text.encode()
    return import_plan(read_table(content), mission)


def problems(plan: Plan) -> list[tuple[int, str, str]]:
    return [(row.number, each.column, each.text) for row in plan.rows for each in row.problems]


@pytest.mark.parametrize(("country", "count", "first"), [("ssd", 90, 11), ("caf", 89, 17), ("mli", 63, 10)])
def test_real_tables(mission: Mission, country: str, count: int, first: int) -> None:
    file = DATA / f"{country}_pcodes_adm1_adm2.csv"
    if not file.exists():
        pytest.skip("the sample tables are not beside the project")
    table = read_table(file.read_bytes())
    assert import_plan(table, mission).counts[Outcome.CREATED] == count
    import_apply(table, mission)
    levels = list(Area.objects.filter(mission=mission).values_list("level", "parent__level"))
    assert len(levels) == count
    assert levels.count((1, None)) == first
    assert all(above == 1 for level, above in levels if level == 2)
    again = import_apply(table, mission)
    assert (again.created, again.updated, again.unchanged, again.refused) == (0, 0, count, 0)


def test_centroids_are_added_to_areas_that_are_there(mission: Mission) -> None:
    files = [DATA / "ssd_pcodes_adm1_adm2.csv", DATA / "ssd_admin_centroids.csv"]
    if not all(file.exists() for file in files):
        pytest.skip("the sample tables are not beside the project")
    for file in files:
        import_apply(read_table(file.read_bytes()), mission)
    juba = Area.objects.get(mission=mission, pcode="SS0101")
    assert juba.valid_from == date(2023, 8, 29)
    assert juba.latitude is not None


def test_a_wide_table_as_the_common_operational_datasets_come(mission: Mission) -> None:
    text = (
        "ADM0_EN,ADM0_PCODE,ADM1_EN,ADM1_FR,ADM1_PCODE,ADM2_EN,ADM2_PCODE,validOn,validTo\n"
        "Chad,TD,North,Nord,TD01,Lakeside,TD0101,2022-01-31,\n"
        "Chad,TD,North,Nord,TD01,Riverside,TD0102,2022-01-31,\n"
    )
    import_apply(read_table(text.encode()), mission)
    found = Area.objects.order_by("pcode").values_list("pcode", "name", "level", "parent__pcode")
    assert list(found) == [
        ("TD", "Chad", 0, None),
        ("TD01", "North", 1, "TD"),
        ("TD0101", "Lakeside", 2, "TD01"),
        ("TD0102", "Riverside", 2, "TD01"),
    ]
    assert plan_of(mission, text).counts[Outcome.UNCHANGED] == 4


def test_columns_are_found_by_tag_whatever_the_headers_say(mission: Mission) -> None:
    text = "Nom,Kode,x\n#adm+name,#adm+code+v_pcodes,#meta\nNord,TD01,1\n"
    import_apply(read_table(text.encode()), mission)
    assert Area.objects.get().name == "Nord"


def test_columns_are_found_by_header_below_a_title_with_semicolons(mission: Mission) -> None:
    text = "Areas of the country;;\n;;\nP-code;Area name;Parent code\nTD01;Nord;\nTD0101;Lac;TD01\n"
    import_apply(read_table(text.encode()), mission)
    assert Area.objects.get(pcode="TD0101").level == 2


def test_latin_1_is_read_and_said(mission: Mission) -> None:
    plan = plan_of(mission, "P-code,Name\nML01,Ségou\n".encode("latin-1"))
    assert plan.rows[0].name == "Ségou"
    assert "Windows-1252" in plan.notes[0]


def test_utf_16_and_byte_order_marks_are_read(mission: Mission) -> None:
    for encoding in ("utf-16", "utf-8-sig"):
        assert plan_of(mission, "P-code,Name\nML01,Ségou\n".encode(encoding)).rows[0].name == "Ségou"


@pytest.mark.parametrize(
    ("rows", "row", "column", "words"),
    [
        ("SSD,1,,North,SSD,\n", 2, "P-Code", "missing"),
        ("SSD,1,7,North,SSD,\n", 2, "P-Code", "no P-code"),
        ("SSD,1,SS01,,SSD,\n", 2, "Name", "missing"),
        (f"SSD,1,SS01,{'x' * 121},SSD,\n", 2, "Name", "longer than 120"),
        ("SSD,1,SS01,North,SSD,\nSSD,1,SS01,South,SSD,\n", 3, "P-Code", "row 2 already"),
        ("SSD,9,SS01,North,SSD,\n", 2, "Admin Level", "no level"),
        ("SSD,2,SS0101,Juba,,\n", 2, "Parent P-Code", "needs its parent"),
        ("SSD,2,SS0101,Juba,SS09,\n", 2, "Parent P-Code", "neither in this table"),
        ("SSD,1,SS01,North,SSD,\nSSD,3,SS0101,Juba,SS01,\n", 3, "Admin Level", "parent's is 1"),
        ("SSD,1,SS01,North,SSD,29/08/2023\n", 2, "Valid from date", "no date"),
        ("SSD,1,SS01,North,SSD,2023-02-30\n", 2, "Valid from date", "no date"),
        ("SSD,,SS01,North,SS01,\n", 2, "Parent P-Code", "SS01 → SS01"),
        ("SSD,,SS01,N,SS02,\nSSD,,SS02,S,SS01,\n", 3, "Parent P-Code", "in a circle"),
        (HEAD + "SSD,1,SS01,North,SSD,\n", 2, "P-Code", "no P-code"),
    ],
)
def test_what_is_wrong_is_named_by_row_and_column(
    mission: Mission, rows: str, row: int, column: str, words: str
) -> None:
    found = problems(plan_of(mission, HEAD + rows))
    assert any(each[:2] == (row, column) and words in each[2] for each in found), found


@pytest.mark.parametrize(
    ("place", "column", "words"),
    [
        ("91,30", "Lat", "outside"),
        ("4.5,200", "Lon", "outside"),
        ("4.5,", "Lat", "together"),
        ("north,30", "Lat", "no number"),
        ("NaN,30", "Lat", "no number"),
    ],
)
def test_points_off_the_globe(mission: Mission, place: str, column: str, words: str) -> None:
    found = problems(plan_of(mission, f"P-code,Name,Lat,Lon\nSS01,North,{place}\n"))
    assert len(found) == 1
    assert found[0][1] == column
    assert words in found[0][2]


def test_what_lies_in_a_refused_area_is_refused(mission: Mission) -> None:
    text = (
        HEAD
        + "SSD,1,SS01,,SSD,\nSSD,2,SS0101,Juba,SS01,\nSSD,3,SS010101,Munuki,SS0101,\nSSD,1,SS02,East,SSD,\n"
    )
    plan = plan_of(mission, text)
    assert plan.counts[Outcome.REFUSED] == 3
    with pytest.raises(RefusedRows):
        import_apply(read_table(text.encode()), mission)
    assert not Area.objects.exists()
    import_apply(read_table(text.encode()), mission, valid_only=True)
    assert list(Area.objects.values_list("pcode", flat=True)) == ["SS02"]


def test_children_may_stand_before_their_parents(mission: Mission) -> None:
    text = HEAD + "SSD,2,SS0101,Juba,SS01,\nSSD,1,SS01,North,SSD,\n"
    import_apply(read_table(text.encode()), mission)
    assert Area.objects.get(pcode="SS0101").parent == Area.objects.get(pcode="SS01")


def test_an_update_names_what_changes_and_keeps_what_the_table_leaves_out(mission: Mission) -> None:
    import_apply(read_table((HEAD + "SSD,1,SS01,North,SSD,2023-08-29\n").encode()), mission)
    table = read_table(b"P-code,Name\nSS01,Northern\n")
    plan = import_plan(table, mission)
    assert plan.rows[0].changes == {"name": ("North", "Northern")}
    import_apply(table, mission)
    area = Area.objects.get()
    assert (area.name, area.valid_from) == ("Northern", date(2023, 8, 29))


def test_another_missions_areas_are_neither_parents_nor_changed(mission: Mission) -> None:
    other = Mission.objects.create(code="other", name="Other")
    import_apply(read_table(b"P-code,Name\nSS01,Theirs\n"), other)
    plan = plan_of(mission, HEAD + "SSD,2,SS0101,Juba,SS01,\n")
    assert plan.counts[Outcome.REFUSED] == 1
    import_apply(read_table(b"P-code,Name\nSS01,Ours\n"), mission)
    assert Area.objects.get(mission=other).name == "Theirs"


@pytest.mark.parametrize(
    "content",
    [b"", b"\n\n", b"a,b\n1,2\n", b"P-code,Name\n", b"P-code\nSS01\n", b"PK\x03\x04\0\0", b"x" * 2_000_001],
)
def test_a_file_that_is_no_table_of_areas(content: bytes) -> None:
    with pytest.raises(UnreadableTable):
        read_table(content)


def test_the_command(mission: Mission, tmp_path: Path) -> None:
    file = tmp_path / "areas.csv"
    file.write_text(HEAD + "SSD,1,SS01,North,SSD,\nSSD,1,SS02,,SSD,\n", encoding="utf-8")
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(CommandError, match="Nothing was imported"):
        call_command("import_areas", str(file), mission="test", stdout=out, stderr=err)
    assert "row 3, Name: The name is missing." in err.getvalue()
    call_command("import_areas", str(file), mission="test", dry_run=True, stdout=out, stderr=err)
    assert not Area.objects.exists()
    call_command("import_areas", str(file), mission="test", valid_only=True, stdout=out, stderr=err)
    assert Area.objects.count() == 1
    with pytest.raises(CommandError, match="no mission"):
        call_command("import_areas", str(file), mission="none")
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_areas", str(tmp_path / "none.csv"), mission="test")
