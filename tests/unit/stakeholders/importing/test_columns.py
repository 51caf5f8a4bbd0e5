"""Which column serves what: by HXL tags, by headers in four languages, in one row or two."""

from __future__ import annotations

import pytest
from django.utils import translation

from apps.stakeholders.importing.purposes import Layout, layout_of
from apps.stakeholders.importing.table import UnreadableTable, open_table
from apps.stakeholders.vocabulary import ImportKind
from tests.unit.stakeholders.importing.sample import csv_of, needs_data, sample, sample_rows, xlsx_of


def layout(*rows: tuple[object, ...]) -> Layout:
    return layout_of(open_table(csv_of(*rows)))


TAGS = (
    "#org+name", "#org+acronym", "#org+type+code", "#sector+cluster+code", "#activity+name",
    "#adm1+code+v_pcodes", "#adm1+name", "#adm2+code+v_pcodes", "#adm2+name", "#loc+name", "#geo+lat", "#geo+lon",
    "#date+start", "#date+end", "#status", "#targeted+num", "#reached+num", "#beneficiary+type",
)  # fmt: skip
PURPOSES = (
    "org.name", "org.acronym", "org.type.code", "sector.code", "activity", "adm1.code", "adm1.name", "adm2.code",
    "adm2.name", "place", "latitude", "longitude", "start", "end", "status", "targeted", "reached", "population",
)  # fmt: skip


def test_every_tag_of_a_4w_serves_its_purpose() -> None:
    found = layout(TAGS, ("x",) * len(TAGS))
    assert found.kind is ImportKind.PRESENCE
    assert found.columns == {purpose: at for at, purpose in enumerate(PURPOSES)}
    assert (found.first, found.unused) == (2, ())


@pytest.mark.parametrize(
    "headers",
    [
        ("Organisation", "Sector", "Activity", "Admin 1 P-code", "Admin 2 name", "Start date", "Status"),
        ("Organisme", "Secteur", "Activité", "Code P", "District", "Date de début", "Statut"),
        ("Organización", "Sector", "Actividad", "Código P", "Municipio", "Fecha de inicio", "Estatus"),
        ("المنظمة", "القطاع", "النشاط", "رمز المنطقة", "المحلية", "تاريخ البدء", "الحالة"),
    ],
)  # fmt: skip
def test_headers_are_understood_in_four_languages(headers: tuple[str, ...]) -> None:
    found = layout(headers, ("x",) * len(headers))
    assert found.kind is ImportKind.PRESENCE
    assert len(found.columns) == len(headers), found.unused


def test_a_table_of_organisations_is_told_from_one_of_presence() -> None:
    assert layout(("Name", "Acronym", "Type"), ("x", "y", "z")).kind is ImportKind.ORGANISATIONS
    assert layout(("Organisation", "County"), ("x", "y")).kind is ImportKind.PRESENCE


def test_a_list_of_organisations_may_say_where_each_is_based() -> None:
    tags = ("#org+name", "#org+type+code", "#sector+cluster+code", "#adm+code", "#date+start")
    assert layout(tags, ("x",) * 5).kind is ImportKind.ORGANISATIONS
    assert layout((*tags, "#activity"), ("x",) * 6).kind is ImportKind.PRESENCE
    table = open_table(csv_of(tags, ("x",) * 5))
    assert layout_of(table, "presence").kind is ImportKind.PRESENCE
    with pytest.raises(UnreadableTable, match="in no column where"):
        layout_of(open_table(csv_of(("Name", "Type"), ("x", "y"))), "presence")


def test_columns_that_are_not_used_are_listed() -> None:
    found = layout(("Organisation", "Favourite colour", "County"), ("x", "y", "z"))
    assert found.unused == ("B “Favourite colour”",)


def test_rows_above_the_header_are_passed_over() -> None:
    found = layout(("3W of March",), (), ("", "CONFIDENTIAL"), ("Organisation", "County"), ("x", "y"))
    assert (found.first, found.above) == (5, (("3W of March",), ("CONFIDENTIAL",)))
    assert found.title("area.name") == "B “County”"


def test_titles_of_groups_over_the_headers_are_read_with_them() -> None:
    found = layout(
        ("Organisation", "", "Admin 1", "", "Admin 2", "", "Status"),
        ("Name", "Acronym", "Name", "P-code", "Name", "P-code", ""),
        ("x", "y", "z", "a", "b", "c", "d"),
    )
    assert found.columns == {
        "org.name": 0, "org.acronym": 1, "adm1.name": 2, "adm1.code": 3, "adm2.name": 4, "adm2.code": 5, "status": 6,
    }  # fmt: skip
    assert found.first == 3
    assert "1 and 2" in found.notes[0]


def test_a_header_in_two_languages_is_one_header() -> None:
    found = layout(("Organisation", "Sector", "County"), ("المنظمة", "القطاع", "المحلية"), ("x", "y", "z"))
    assert found.first == 3
    assert [number for number, _cells in found.rows()] == [3]


def test_a_header_that_comes_again_is_known_for_one() -> None:
    found = layout(("Organisation", "County"), ("x", "y"), ("Organisation", "COUNTY"), ("z", "y"))
    assert [found.is_head(cells) for _number, cells in found.rows()] == [False, True, False]
    tagged = layout(
        ("Who", "Where"), ("#org+name", "#adm2+name"), ("Who", "Where"), ("#org+name", "#adm2+name")
    )
    assert all(tagged.is_head(cells) for _number, cells in tagged.rows())


def test_two_columns_for_the_same_are_refused_by_name() -> None:
    with pytest.raises(UnreadableTable) as refused:
        layout(("Organisation", "Sector", "Cluster", "County"), ("x", "y", "z", "a"))
    assert "B “Sector”, C “Cluster”" in str(refused.value)


def test_of_several_languages_the_readers_own_is_read() -> None:
    tags = ("#org+name", "#sector+en", "#sector+ar", "#adm1+code")
    with translation.override("ar"):
        assert layout(tags, ("x",) * 4).columns["sector"] == 2
    with translation.override("fr"):
        assert layout(tags, ("x",) * 4).columns["sector"] == 1


def test_whoever_implements_is_the_organisation_of_the_row() -> None:
    found = layout(("#org+funder", "#org+prog", "#org+impl+name", "#adm2+code"), ("x",) * 4)
    assert (found.columns["org.name"], found.role) == (2, "implementing")
    assert len(found.unused) == 2
    plain = layout(("Donor", "Implementing partner", "County"), ("x", "y", "z"))
    assert (plain.columns["org.name"], plain.role) == (1, "implementing")


def test_figures_of_groups_of_people_are_not_taken_for_the_whole() -> None:
    found = layout(("#org+name", "#adm2+code", "#reached+f+children", "#reached+num"), ("x",) * 4)
    assert found.columns["reached"] == 3


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([("#adm1+code", "#sector")], "No column names organisations"),
        ([("Organisation", "Sector"), ("x", "y")], "in no column where"),
        ([("colour", "size"), ("x", "y")], "No row among the first 25"),
        ([("Location", "P-Code", "Name"), ("x", "y", "z")], "No row among the first 25"),
    ],
)
def test_a_table_that_lacks_the_main_thing_is_refused_in_words(rows: list[tuple[str, ...]], why: str) -> None:
    with pytest.raises(UnreadableTable, match=why):
        layout(*rows)


def test_the_sheet_with_a_header_is_read_and_the_others_are_named() -> None:
    content = xlsx_of(("Read me",), Data=[("Organisation", "County"), ("x", "y")], Lists=[("a", "b")])
    found = layout_of(open_table(content))
    assert found.sheet.name == "Data"
    assert "First, Lists" in found.notes[0]


@needs_data
def test_the_sample_tables_are_read_whole() -> None:
    for name, kind in (
        ("ssd_3w_unhcr_2014_hxl.csv", ImportKind.PRESENCE),
        ("ssd_humanitarian_organisations.csv", ImportKind.ORGANISATIONS),
    ):
        for content in (
            sample(name),
            b"\n".join(sample(name).splitlines()[:1] + sample(name).splitlines()[2:]),
        ):
            found = layout_of(open_table(content))
            assert found.kind is kind
            assert sum(1 for _row in found.rows()) == len(sample_rows(name))
