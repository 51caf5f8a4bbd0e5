"""Tables come onto the register through the browser and a real worker: counted, refused in words, once only."""

from __future__ import annotations

import csv
import io
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from apps.mission.area_import import import_apply, read_table
from apps.mission.models import Area
from apps.need_to_know.acting import acting_as
from apps.stakeholders.models import ImportRun, Presence, Stakeholder
from cimic_portal.supervisor.services import WORKER
from tests.browser.mission import Setting
from tests.browser.person import Person
from tests.browser.web_process import ROOT, WebProcess

Enter = Callable[..., Person]
DATA = ROOT.parent / "shared" / "data"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
ROWS = 50_000
MEGABYTES_MORE = 150
LONG = 180_000

needs_data = pytest.mark.skipif(
    not DATA.is_dir(), reason="the folder shared/data, beside the project, is absent"
)


@pytest.fixture(scope="module")
def worker(web: WebProcess) -> Iterator[subprocess.Popen[bytes]]:
    """The portal's own worker on the test's database."""
    with (web.folder / "worker.log").open("ab") as log:
        process = subprocess.Popen(WORKER, cwd=ROOT, env=web.environment, stdout=log, stderr=log)
    yield process
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@pytest.fixture(autouse=True)
def areas(setting: Setting) -> None:
    """The areas of South Sudan, as its mission has them."""
    if DATA.is_dir():
        import_apply(read_table((DATA / "ssd_pcodes_adm1_adm2.csv").read_bytes()), setting.mission)


def rows_of(name: str) -> list[dict[str, str]]:
    """Rows of a sample file by header, without the row of tags, counted by nothing but the csv module."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if not next(iter(row.values())).startswith("#")]


def bring(who: Person, content: bytes, name: str, **answers: Any) -> None:
    """Upload a table and wait until it is read."""
    who.see("/stakeholders/")
    who.press("Import a table")
    upload = {"name": name, "mimeType": "text/csv", "buffer": content}
    who.field("file").set_input_files(upload)  # type: ignore[arg-type]
    who.fill(classification=0, sensitivity=0, scope="mission", **answers)
    expect(who.page.locator("#audience")).to_contain_text("can read this")
    who.press("Read the table")
    expect(who.page.get_by_role("heading", name="Row by row")).to_be_visible(timeout=LONG)


def apply(who: Person, *, others: bool = False) -> None:
    """Give the word, and wait until it is imported."""
    if others:
        who.field("others").check()
    who.page.get_by_role("button", name=re.compile("^Import [0-9]")).click()
    expect(who.page.locator("#main")).to_contain_text("Imported.", timeout=LONG)


def counted(setting: Setting, ask: Callable[[], Any]) -> Any:
    """Something that the CIMIC officer may read."""
    with acting_as(setting.people["cimic"], setting.mission):
        return ask()


@needs_data
def test_the_sample_tables_come_whole_and_a_second_time_change_nothing(
    person: Enter, setting: Setting, worker: Any
) -> None:
    """Counts on the page and on the register are those of the files; the same file again changes nothing."""
    who = person("cimic")
    before = counted(setting, Stakeholder.objects.count)
    organisations, presence = (
        rows_of(name) for name in ("ssd_humanitarian_organisations.csv", "ssd_3w_unhcr_2014_hxl.csv")
    )
    bring(who, (DATA / "ssd_humanitarian_organisations.csv").read_bytes(), "organisations.csv")
    who.says(f"{len(organisations)} new, 0 changed, 0 as they were, 0 skipped, 0 refused.")
    apply(who)
    assert counted(setting, Stakeholder.objects.count) == before + len(organisations)

    table = (DATA / "ssd_3w_unhcr_2014_hxl.csv").read_bytes()
    bring(who, table, "3w.csv", kind="International NGO", source="UNHCR, 2014")
    who.says("Which are meant?", "Organisation “LWF”")
    questions = who.page.locator("#questions")
    questions.get_by_label("The same as ACT Alliance / Lutheran World Federation").check()
    who.press("Read again with these answers")
    expect(who.page.locator("#main")).to_contain_text(
        f"{len(presence)} new, 0 changed, 0 as they were, 0 skipped, 0 refused.", timeout=LONG
    )
    apply(who)
    assert counted(setting, Presence.objects.filter(source="UNHCR, 2014").count) == len(presence)
    bring(who, table, "3w.csv", kind="International NGO")
    who.says(f"{len(presence)} as they were", "Importing this would change nothing.")
    expect(who.page.get_by_role("button", name=re.compile("^Import [0-9]"))).to_have_count(0)


@needs_data
def test_a_long_and_damaged_table_is_refused_row_by_row_in_little_memory(
    person: Enter, setting: Setting, worker: subprocess.Popen[bytes]
) -> None:
    """50,000 rows in Latin-1 with wrong codes and dates: the wrong ones named, the others imported, memory flat."""
    codes = list(Area.objects.filter(mission=setting.mission, level=2).values_list("pcode", flat=True))
    content, wrong = long_table(codes)
    who = person("cimic")
    calm = memory(worker)
    bring(who, content, "long.csv", kind="National NGO")
    who.says(
        f"{ROWS - len(wrong)} new", f"{len(wrong)} refused.", "it was read as Windows-1252",
        "Row 2 says the header once more",
    )  # fmt: skip
    who.page.get_by_role("link", name="Refused").click()
    who.says("“ZZ99” is no P-code of an area of this mission.", "“31/02/2024” is a day that there is not.")
    for number in wrong[:5]:
        expect(who.page.get_by_role("cell", name=str(number), exact=True)).to_be_visible()
    apply(who, others=True)
    assert counted(setting, Presence.objects.filter(source="long.csv").count) == ROWS - len(wrong)
    assert memory(worker) - calm < MEGABYTES_MORE


def long_table(codes: list[str]) -> tuple[bytes, list[int]]:
    """A damaged table, and the numbers of its wrong rows as a spreadsheet shows them."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    head = ("Organisation", "Activité", "Admin 2 Pcode", "Date de début", "Statut")
    writer.writerow(head)
    writer.writerow(head)
    wrong = []
    for number in range(ROWS):
        code, day = codes[number % len(codes)], "2024-03-31"
        if number % 1000 == 7:
            code = "ZZ99"
        elif number % 1000 == 8:
            day = "31/02/2024"
        if number % 1000 in (7, 8):
            wrong.append(number + 3)
        writer.writerow(
            (f"Solidarité {number % 40:02d} Xq{number % 40}", f"Forage {number}", code, day, "En cours")
        )
    return text.getvalue().encode("latin-1"), wrong


def memory(process: subprocess.Popen[bytes]) -> float:
    """Megabytes at most held so far by any process of the worker."""
    tasks = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    peaks = []
    for pid in (str(process.pid), *tasks):
        status = Path(f"/proc/{pid}/status").read_text()
        found = re.search(r"VmHWM:\s+(\d+) kB", status)
        peaks.append(int(found[1]) / 1000 if found else 0)
    return max(peaks)


@needs_data
def test_an_import_works_without_javascript(person: Enter, setting: Setting, worker: Any) -> None:
    """The page is asked for again by hand."""
    person("cimic")
    who = person("cimic", java_script_enabled=False)
    who.see("/stakeholders/import/")
    content = b"Organisation,Admin 2 P-code\nPlain Paper Trust,SS0101\n"
    who.field("file").set_input_files({"name": "plain.csv", "mimeType": "text/csv", "buffer": content})
    who.page.locator("#main [name=scope][value=organisation]").check()
    who.press("Read the table")
    for _second in range(30):
        if who.page.get_by_role("heading", name="Row by row").count():
            break
        who.page.wait_for_timeout(1000)
        who.page.reload()
    who.says("1 new")
    who.page.get_by_role("button", name="Import 1 row").click()
    for _second in range(30):
        if who.page.get_by_text("Imported.", exact=True).count():
            break
        who.page.wait_for_timeout(1000)
        who.page.reload()
    assert counted(setting, Presence.objects.filter(source="plain.csv").count) == 1


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("ar", "dark")])
def test_every_page_of_an_import_is_fit_for_everybody(
    person: Enter, setting: Setting, worker: Any, language: str, scheme: str
) -> None:
    """No violation that axe can find, and no page wider than its window; also one that waits, and one that failed."""
    who = person("cimic", color_scheme=scheme)
    table = (
        "Organisation,Sector,Activity,Admin 2 P-code,Start date\n"
        f"Water for Everyone Trust {language},Fishing,{'A long activity ' * 12},SS0101,2024-01-01\n"
        f"Bad {language},Food,x,ZZ99,soon\n"
    )
    bring(who, table.encode(), f"fit-{language}.csv")
    where = re.sub(r"https?://[^/]+", "", who.page.url)
    setting.people["cimic"].refresh_from_db()
    before = setting.people["cimic"].language
    try:
        type(setting.people["cimic"]).objects.filter(pk=setting.people["cimic"].pk).update(language=language)
        found = [*problems(who, "/stakeholders/import/"), *problems(who, where)]
        for state in ("failed", "applying"):
            counted(setting, lambda state=state: ImportRun.objects.filter(name=f"fit-{language}.csv").update(
                state=state, problem="It broke." if state == "failed" else ""
            ))  # fmt: skip
            found += problems(who, where)
    finally:
        type(setting.people["cimic"]).objects.filter(pk=setting.people["cimic"].pk).update(language=before)
    assert found == []


def problems(who: Person, path: str) -> list[str]:
    """What is wrong with a page for somebody who needs it otherwise."""
    assert who.see(path) == 200
    found = []
    for width in (320, 1280):
        who.page.set_viewport_size({"width": width, "height": 900})
        wide = who.page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
        if wide > 0:
            found.append(f"{path} is {wide} px too wide at {width} px")
    for violation in Axe().run(who.page, options=RULES).response["violations"]:
        nodes = [node["html"][:160] for node in violation["nodes"][:3]]
        found.append(f"{path}: {violation['id']} – {violation['help']}: {nodes}")
    return found
