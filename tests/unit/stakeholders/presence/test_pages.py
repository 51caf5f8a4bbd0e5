"""Pages and files of presence: lists under filters, one organisation's rows, numbers by area, HXL that validates."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from apps.mission.models import SharingProtocol
from apps.mission.vocabulary import Sensitivity
from apps.stakeholders.models import Presence, Stakeholder
from apps.stakeholders.record import StakeholderType
from tests.factories.staff import Staff
from tests.factories.stakeholders import present, stakeholder_file, stakeholder_registered


def client(staff: Staff, who: str) -> Client:
    made = Client()
    made.force_login(staff.people[who])
    return made


def listed(staff: Staff, who: str, query: str = "") -> str:
    return client(staff, who).get(f"/stakeholders/presence/{query}").content.decode()


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


@pytest.fixture
def rows(staff: Staff) -> dict[str, tuple[Stakeholder, Presence]]:
    """One organisation of each kind, with one activity each."""
    made = {}
    for name, by, changes in (
        ("ngo", "clu", {}),
        ("listed", "clu", {"stance": "listed"}),
        ("battalion", "cim", {"side": "mission_military", "kind": "contingent"}),
        ("hidden", "cim", {"scope": "private"}),
    ):
        filed = stakeholder_registered(staff, by=by, **changes)  # type: ignore[arg-type]
        made[name] = (
            filed,
            present(staff, filed, by=by, latitude="9.53456", longitude="31.65987", targeted=40),
        )
    draft = stakeholder_file(staff, by="clu")
    made["draft"] = (draft, present(staff, draft, by="clu"))
    return made


def test_the_list_shows_what_is_on_the_register_and_readable(staff: Staff, rows: Any) -> None:
    told = listed(staff, "req")
    for name in ("ngo", "listed", "battalion"):
        assert rows[name][1].activity in told
    for name in ("hidden", "draft"):
        assert rows[name][1].activity not in told
        assert rows[name][0].title not in told
    assert "listed only" in told
    assert "3 activities" in told


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?side=mission", {"battalion"}),
        ("?side=civil", {"ngo", "listed"}),
        ("?area=TT01", {"ngo", "listed", "battalion"}),
        ("?sector=HEA", set()),
        ("?status=completed", set()),
        ("?until=2001-01-01", set()),
        ("?since=2999-01-01", set()),
        ("?area=nowhere&since=yesterday", {"ngo", "listed", "battalion"}),
    ],
)
def test_filters_narrow_the_list(staff: Staff, rows: Any, query: str, found: set[str]) -> None:
    told = listed(staff, "req", query)
    assert {name for name, (_filed, row) in rows.items() if row.activity in told} == found


def test_pages_follow_each_other_by_name(staff: Staff) -> None:
    works = []
    for number in range(3):
        filed = stakeholder_registered(staff, by="clu", title=f"House {number}")
        for each in range(9):
            works.append(present(staff, filed, by="clu", activity=f"work-{number}-{each}-").activity)
    asker, seen, address = client(staff, "req"), [], "/stakeholders/presence/"
    while address:
        told = asker.get(address)
        seen += re.findall(r"work-\d-\d-", told.content.decode())
        address = "/stakeholders/presence/" + told.context["older_url"] if told.context["older_url"] else ""
    assert seen == works


def test_its_keeper_adds_changes_and_removes_a_row(staff: Staff) -> None:
    filed = stakeholder_registered(staff, by="clu")
    asker, here = client(staff, "clu"), StakeholderType.url(filed, "presence-new")
    given = {"activity": "Wells", "sector": staff.sector.pk, "role": "implementing", "area": staff.area.pk,
             "status": "ongoing", "latitude": "9.53456", "longitude": "31.65987", "may_hint": "on"}  # fmt: skip
    refused = asker.post(here, given | {"start": "2026-05-01", "end": "2026-01-01", "longitude": ""})
    assert refused.status_code == 422
    assert "This lies before the beginning." in refused.content.decode()
    assert "Wells" in refused.content.decode(), "what was typed stays"
    assert asker.post(here, given).status_code == 302
    with staff.acting("clu"):
        row = Presence.objects.get()
        assert (str(row.latitude), str(row.longitude)) == ("9.53500", "31.66000"), (
            "as the mission shows places"
        )
    edit = StakeholderType.url(filed, "presence-edit", row=row.uuid)
    assert asker.post(edit, given | {"activity": "Boreholes"}).status_code == 302
    with staff.acting("clu"):
        assert Presence.objects.get().activity == "Boreholes"
    assert client(staff, "cim").post(edit, given).status_code == 403
    assert client(staff, "cim").get(edit).status_code == 403
    asker.post(edit, {"remove": "1"})
    with staff.acting("clu"):
        assert not Presence.objects.exists()


def test_a_row_is_not_found_under_another_record(staff: Staff, rows: Any) -> None:
    other = StakeholderType.url(rows["ngo"][0], "presence-edit", row=rows["listed"][1].uuid)
    assert client(staff, "clu").get(other).status_code == 404
    hidden = StakeholderType.url(rows["hidden"][0], "presence-of")
    assert client(staff, "clu").get(hidden).status_code == 404


def test_numbers_by_area_count_each_organisation_once(staff: Staff, rows: Any) -> None:
    present(staff, rows["ngo"][0], by="clu")
    answer = client(staff, "req").get("/stakeholders/presence/summary/?level=1")
    assert [line["total"] for line in answer.context["lines"]] == [3]
    assert client(staff, "req").get("/stakeholders/presence/summary/?level=9").status_code == 200


def test_a_raised_sensitivity_coarsens_where_it_works(staff: Staff) -> None:
    filed = stakeholder_registered(staff, by="clu")
    present(staff, filed, by="clu", latitude="9.53456", longitude="31.65987")
    with staff.acting("clu"):
        Stakeholder.objects.filter(pk=filed.pk).update(sensitivity=2)
        assert str(Presence.objects.get().latitude) == "9.50000"
        Stakeholder.objects.filter(pk=filed.pk).update(sensitivity=3)
        assert Presence.objects.get().latitude is None


# ---------------------------------------------------------------- files
def test_a_csv_file_carries_the_label_of_each_row_and_leaves_the_listed_out(staff: Staff, rows: Any) -> None:
    answer = client(staff, "req").get("/stakeholders/presence/export/")
    read = list(csv.DictReader(io.StringIO(body(answer).decode("utf-8-sig"))))
    assert {row["Organisation"] for row in read} == {rows["ngo"][0].title, rows["battalion"][0].title}
    assert {row["Classification"] for row in read} == {"UNCLASSIFIED"}
    assert {row["P-code, level 2"] for row in read} == {"TT0101"}
    assert {row["P-code, level 1"] for row in read} == {"TT01"}


def test_a_workbook_says_what_was_left_out(staff: Staff, rows: Any) -> None:
    answer = client(staff, "req").get("/stakeholders/presence/export/?format=xlsx")
    sheet = load_workbook(io.BytesIO(body(answer))).active
    top = {row[0]: row[1] for row in sheet.iter_rows(values_only=True) if len(row) > 1 and row[0]}
    assert top["Left out"] == "1 row of an organisation that is only listed"
    assert top["Classification"] == "UNCLASSIFIED"


def test_formulas_are_defused(staff: Staff) -> None:
    filed = stakeholder_registered(staff, by="clu", title="=HYPERLINK(1)")
    present(staff, filed, by="clu", activity="+cmd")
    for kind in ("csv", "hxl"):
        text = body(client(staff, "req").get(f"/stakeholders/presence/export/?format={kind}")).decode()
        assert "'=HYPERLINK(1)" in text
        assert "'+cmd" in text


@pytest.mark.parametrize("kind", ["csv", "xlsx", "hxl"])
def test_a_restricted_file_is_drawn_once_it_is_said_what_for(staff: Staff, kind: str) -> None:
    SharingProtocol.objects.create(
        mission=staff.mission, version="1", title="P", state="in_force", ask_purpose=True,
        breach_position=staff.positions["joc"],
    )  # fmt: skip
    filed = stakeholder_registered(staff, by="cim", sensitivity=Sensitivity.HIGH)
    row = present(staff, filed)
    asker, address = client(staff, "joc"), f"/stakeholders/presence/export/?format={kind}"
    asked = asker.get(address)
    assert asked.status_code == 422
    assert row.activity not in asked.content.decode()
    drawn = asker.post(address, {"purpose": "To plan the convoy"})
    assert drawn.status_code == 200
    assert drawn["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("address", ["/stakeholders/presence/export/", "/stakeholders/export/"])
def test_hxl_files_validate(staff: Staff, rows: Any, tmp_path: Path, address: str) -> None:
    answer = client(staff, "req").get(f"{address}?format=hxl")
    file = tmp_path / "drawn.csv"
    file.write_bytes(body(answer))
    tags = list(csv.reader(file.open(encoding="utf-8-sig")))[1]
    assert all(tag.startswith("#") for tag in tags)
    assert "#org+name" in tags
    checked = subprocess.run(
        [str(Path(sys.executable).with_name("hxlvalidate")), str(file)],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
