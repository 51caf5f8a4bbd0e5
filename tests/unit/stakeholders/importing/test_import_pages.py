"""The pages of an import: what is asked before anything is read, what is shown before anything is written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.stakeholders.models import ImportRun, Presence, Stakeholder
from tests.factories.staff import Staff
from tests.factories.stakeholders import stakeholder_registered
from tests.unit.stakeholders.importing.conftest import Desk
from tests.unit.stakeholders.importing.sample import csv_of

HOME = "/stakeholders/import/"
LABEL = {"classification": "0", "sensitivity": "0", "scope": "mission"}
TABLE = csv_of(
    ("Organisation", "Admin 2 P-code", "Start date"),
    ("Hope Works", "TT0101", "2024-01-01"), ("Hope Works", "TT99", "2024-01-01"), ("Hope Work", "TT0101", "soon"),
)  # fmt: skip

Signed = Callable[[str], Client]


@pytest.fixture
def signed(staff: Staff) -> Signed:
    """A client signed in as the holder of a post."""

    def client(name: str) -> Client:
        made = Client()
        made.force_login(staff.people[name], backend="allauth.account.auth_backends.AuthenticationBackend")
        return made

    return client


def upload(client: Client, content: bytes, name: str = "table.csv", **changes: Any) -> Any:
    data = {
        "file": SimpleUploadedFile(name, content),
        "kind": "441",
        "side": "humanitarian",
        "source": "",
        **LABEL,
    }
    return client.post(HOME, data | changes)


def text_of(response: Any) -> str:
    return str(response.content.decode())


def last(desk: Desk) -> ImportRun:
    found: ImportRun | None = desk.count(ImportRun.objects.order_by("-pk").first)
    assert found is not None
    return found


def test_a_table_goes_from_the_upload_to_the_register(desk: Desk, signed: Signed) -> None:
    client = signed("cim")
    assert "Import a table" in text_of(client.get("/stakeholders/"))
    assert "Who will read this" in text_of(client.get(HOME))
    sent = upload(client, TABLE)
    run = last(desk)
    where = f"{HOME}{run.uuid}/"
    assert (sent.status_code, sent["Location"]) == (302, where)
    assert "<progress" in text_of(client.get(where))
    assert "HX-Refresh" not in client.get(f"{where}progress/")
    desk.work(run)
    assert client.get(f"{where}progress/")["HX-Refresh"] == "true"
    page = text_of(client.get(where))
    assert "1 new, 0 changed, 0 as they were, 0 skipped, 2 refused." in page
    assert "“TT99” is no P-code of an area of this mission." in page
    assert "B “Admin 2 P-code”" in page
    assert "can read this" in page, "who will read it, in words, before the word to import"
    refused = client.post(f"{where}confirm/")
    assert refused.status_code == 422
    assert "mend the table" in text_of(refused)
    assert client.post(f"{where}confirm/", {"others": "on"}).status_code == 302
    desk.work(run)
    assert "Imported." in text_of(client.get(where))
    assert desk.count(Presence.objects.count) == 1


def test_rows_are_filtered_by_outcome_and_paged(desk: Desk, signed: Signed) -> None:
    rows = [(f"Fund {n:03d} Q{n}", "TT0101" if n % 2 else "TT99") for n in range(130)]
    run = desk.bring(csv_of(("Organisation", "P-code"), *rows))
    client, where = signed("cim"), f"{HOME}{run.uuid}/"
    assert "Fund 099" not in text_of(client.get(where))
    refused = text_of(client.get(f"{where}?outcome=refused"))
    assert "Fund 098" in refused
    assert "Fund 097" not in refused
    assert f"?outcome=refused&amp;after={98 + 2}#rows" in refused
    assert "Fund 120" in text_of(client.get(f"{where}?outcome=refused&after=100"))
    for nonsense in ("?outcome=x&after=y", "?after=99999999999999999999", "?after=-1"):
        assert client.get(where + nonsense).status_code == 200


def test_questions_are_answered_on_the_page(desk: Desk, signed: Signed) -> None:
    known = stakeholder_registered(desk.staff, by="cim", title="World Vision International")
    run = desk.bring(csv_of(("Organisation", "P-code"), ("World Vision", "TT0101")), kind="441")
    client, where = signed("cim"), f"{HOME}{run.uuid}/"
    page = text_of(client.get(where))
    assert "Organisation “World Vision” (rows: 1)" in page
    assert f"The same as World Vision International ({known.reference})" in page
    assert client.post(f"{where}answers/", {"q0": "no such answer"}).status_code == 422
    client.post(f"{where}answers/", {"q0": str(known.uuid)})
    desk.work(run)
    assert "1 new" in text_of(client.get(where))


def test_a_second_import_of_the_same_file_says_that_nothing_would_change(desk: Desk, signed: Signed) -> None:
    content = csv_of(("Organisation", "P-code"), ("Hope Works", "TT0101"))
    desk.confirm(desk.bring(content, kind="441"))
    run = desk.bring(content, kind="441")
    page = text_of(signed("cim").get(f"{HOME}{run.uuid}/"))
    assert "Importing this would change nothing." in page
    assert "You imported this very file:" in page
    assert f"{HOME}{run.uuid}/confirm/" not in page


@pytest.mark.parametrize("page", ["", "progress/", "answers/", "confirm/", "discard/", "again/"])
def test_anothers_import_is_missing(desk: Desk, signed: Signed, page: str) -> None:
    run = desk.bring(TABLE)
    for who in ("clu", "cmc", "joc"):
        client = signed(who)
        where = f"{HOME}{run.uuid}/{page}"
        assert client.get(where).status_code == 404
        assert client.post(where).status_code in (404, 405)
    assert last(desk).state == "ready"


def test_whoever_keeps_no_files_is_told_so(desk: Desk, signed: Signed) -> None:
    client = signed("unit")
    assert client.get(HOME).status_code == 403
    assert upload(client, TABLE).status_code == 403
    assert "Import a table" not in text_of(client.get("/stakeholders/"))


def test_nobody_imports_without_signing_in(db: None) -> None:
    assert Client().get(HOME).status_code == 302


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"%PDF-1.4", "This is a PDF"),
        (b"colour,size\nred,1\n", "No row among the first 25"),
        (b"", "empty"),
        (b"Organisation,Sector,Cluster,County\na,b,c,d\n", "Several columns say the same"),
    ],
)
def test_what_is_no_table_is_refused_at_the_field(
    desk: Desk, signed: Signed, content: bytes, why: str
) -> None:
    answer = upload(signed("cim"), content, source="OCHA, March")
    page = text_of(answer)
    assert answer.status_code == 422
    assert why in page
    assert 'value="OCHA, March"' in page, "what was typed is kept"
    assert desk.count(ImportRun.objects.count) == 0


def test_a_label_above_ones_clearance_is_not_offered(desk: Desk, signed: Signed) -> None:
    assert upload(signed("cim"), TABLE, classification="2").status_code == 422


def test_a_name_in_the_table_cannot_write_into_the_page(desk: Desk, signed: Signed) -> None:
    run = desk.bring(csv_of(("Organisation", "P-code"), ("<script>x</script>", "<b>TT</b>")), name="<i>.csv")
    page = text_of(signed("cim").get(f"{HOME}{run.uuid}/"))
    assert "<script>x" not in page
    assert "<b>TT" not in page.upper()
    assert "<i>.csv" not in page


def test_a_run_is_removed_by_hand(desk: Desk, signed: Signed) -> None:
    run = desk.confirm(desk.bring(csv_of(("Organisation", "P-code"), ("Hope", "TT0101")), kind="441"))
    assert signed("cim").post(f"{HOME}{run.uuid}/discard/").status_code == 302
    assert desk.count(ImportRun.objects.count) == 0
    assert desk.count(Stakeholder.objects.count) == 1


def test_a_run_of_which_nothing_is_heard_is_asked_for_again(
    desk: Desk, signed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    from apps.stakeholders.importing import progress, runs

    run = desk.bring(TABLE)
    with desk.staff.acting("cim"):
        ImportRun.objects.filter(pk=run.pk).update(state="reading")
    asked: list[int] = []
    monkeypatch.setattr(runs, "_ask_for", lambda run, actor: asked.append(run.pk))
    signed("cim").get(f"{HOME}{run.uuid}/")
    assert asked == [], "it was heard of just now"
    monkeypatch.setattr(progress, "silent", lambda run: True)
    signed("cim").get(f"{HOME}{run.uuid}/progress/")
    assert asked == [run.pk]
