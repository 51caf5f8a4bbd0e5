"""Pages and API of a JOC product: in every state, written by contributors, lost races, and what follows it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.joc_products.models import Contribution, JocProduct, ProductTemplate
from apps.joc_products.workflow import STATES
from apps.records.transitions import open_to
from tests.factories.joc import (
    bring_to,
    collecting,
    compiling,
    give,
    now,
    product_file,
    released,
    section,
    take,
    template_of,
)
from tests.factories.staff import Staff


def there(product: JocProduct, page: str = "") -> str:
    return f"/joc-products/{product.uuid}/{page}"


def api(product: JocProduct, page: str = "") -> str:
    return f"/api/v1/joc-products/{product.uuid}/{page}"


def page_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


@pytest.mark.parametrize("state", [s.code for s in STATES])
def test_its_pages_open_in_every_state_with_each_step_on_offer(
    staff: Staff, client: Client, state: str
) -> None:
    product = bring_to(staff, state)
    for post in ("joc", "cim", "rel", "both"):
        client.force_login(staff.people[post])
        with staff.acting(post) as actor:
            found = JocProduct.objects.filter(pk=product.pk).first()
            names = [offer.step.name for offer in open_to(actor, found)] if found else []
        if found is None:
            assert client.get(there(product)).status_code == 404
            continue
        for page in ("", "history/", "print/", "share/"):
            page_of(client, there(product, page))
        for name in names:
            assert client.get(there(product, f"transitions/{name}/")).status_code in (200, 302), (post, name)
        assert client.get(api(product)).status_code == 200
        assert client.get(api(product, "transitions/")).status_code == 200


def test_a_product_is_set_up_on_the_page_and_filled_in_as_the_template_has_it(
    staff: Staff, client: Client
) -> None:
    template = template_of(staff)
    client.force_login(staff.people["joc"])
    form = page_of(client, "/joc-products/new/")
    assert template.name in form
    sent = {
        "template": template.pk,
        "classification": 0,
        "sensitivity": 1,
        "scope": "organisation",
        "close": "1",
    }
    assert client.post("/joc-products/new/", sent).status_code == 302
    with staff.acting("joc"):
        product = JocProduct.objects.get()
        assert product.title.startswith(template.name)
        assert product.contributions.count() == 4
        assert product.needed_by is not None
    wrong = sent | {
        "period_from": "2026-01-02T00:00",
        "period_to": "2026-01-01T00:00",
        "title": "Typed title",
    }
    refused = client.post("/joc-products/new/", wrong)
    assert refused.status_code == 422
    assert "Typed title" in refused.content.decode()
    assert "must end after it begins" in refused.content.decode()
    client.force_login(staff.people["cim"])
    assert client.get("/joc-products/new/").status_code == 403


def test_the_joc_changes_who_is_asked_in_the_draft_alone(staff: Staff, client: Client) -> None:
    product = product_file(staff)
    client.force_login(staff.people["joc"])
    with staff.acting("joc"):
        rows = list(product.contributions.order_by("pk"))
        version = now(product).version
    data: dict[str, Any] = {
        "version": version, "asked-TOTAL_FORMS": 4, "asked-INITIAL_FORMS": 4, "close": "1",
    }  # fmt: skip
    for number, row in enumerate(rows):
        data |= {
            f"asked-{number}-id": row.pk, f"asked-{number}-number": row.number, f"asked-{number}-heading": row.heading,
            f"asked-{number}-position": row.position_id or "",
        }  # fmt: skip
    data["asked-1-position"] = staff.positions["unit"].pk
    data["asked-3-DELETE"] = "on"
    assert client.post(there(product, "edit/asked/"), data).status_code == 302
    with staff.acting("joc"):
        kept = dict(product.contributions.values_list("heading", "position_id"))
    assert kept == {
        "Highlights": None, "Military": staff.positions["unit"].pk, "Humanitarian": staff.positions["cmc"].pk,
    }  # fmt: skip
    staff.post("reader", "force", *())
    refused = client.post(
        there(product, "edit/asked/"),
        data | {"asked-1-position": staff.positions["aud"].pk, "asked-3-DELETE": ""},
    )
    assert refused.status_code in (409, 422)
    take(staff, product, "joc", "ask")
    assert client.get(there(product, "edit/asked/")).status_code == 403


def test_a_contributor_finds_the_section_first_and_writes_it(staff: Staff, client: Client) -> None:
    product = collecting(staff)
    client.force_login(staff.people["cim"])
    page = page_of(client, there(product))
    row = section(staff, product, "Military")
    address = there(product, f"transitions/contribute/?section={row.uuid}")
    assert page.index("Write your section") < page.index('id="contributions"')
    assert address in page
    assert product.reference in page_of(client, "/")
    form = page_of(client, address)
    assert "What is new: Military" in form
    assert 'name="note"' not in form
    sent = {"section": str(row.uuid), "section_version": row.version, "text": ""}
    empty = client.post(there(product, "transitions/contribute/"), sent)
    assert empty.status_code == 422
    assert "or say that there is nothing to report" in empty.content.decode()
    both = client.post(
        there(product, "transitions/contribute/"), sent | {"text": "Kept words", "nothing": "on"}
    )
    assert both.status_code == 422
    assert "Kept words" in both.content.decode()
    assert client.post(there(product, "transitions/contribute/"), sent | {"text": "Quiet"}).status_code == 302
    assert section(staff, product, "Military").text == "Quiet"
    other = section(staff, product, "Security")
    wrong = client.post(
        there(product, "transitions/contribute/"), sent | {"section": str(other.uuid), "text": "x"}
    )
    assert wrong.status_code == 422
    assert section(staff, product, "Security").text == ""


def test_after_a_lost_race_the_text_is_kept_beside_what_stands_now(staff: Staff, client: Client) -> None:
    product = collecting(staff)
    row = section(staff, product, "Military")
    staff.also_holds("sec", "cim")
    give(staff, product, "Military", "Written by the deputy")
    client.force_login(staff.people["cim"])
    sent = {"section": str(row.uuid), "section_version": row.version, "text": "Written by me"}
    lost = client.post(there(product, "transitions/contribute/"), sent)
    said = lost.content.decode()
    assert lost.status_code == 409
    assert "Written by me" in said
    assert "Written by the deputy" in said
    assert 'name="section_version" value="2"' in said
    assert (
        client.post(there(product, "transitions/contribute/"), sent | {"section_version": 2}).status_code
        == 302
    )
    assert section(staff, product, "Military").text == "Written by me"


def test_the_joc_edits_sections_whatever_came_in_meanwhile(staff: Staff, client: Client) -> None:
    product = compiling(staff)
    row = section(staff, product, "Military")
    client.force_login(staff.people["joc"])
    form = page_of(client, there(product, f"transitions/edit/?section={row.uuid}"))
    assert "As it was contributed" in form
    give(staff, product, "Security")
    sent = {"section": str(row.uuid), "section_version": row.version, "text": "Shorter"}
    assert client.post(there(product, "transitions/edit/"), sent).status_code == 302
    page = page_of(client, there(product))
    assert "Edited by the JOC" in page
    assert "Not received" in page
    several = client.get(there(product, "transitions/edit/"))
    assert several.status_code == 302
    assert several.headers["Location"].endswith("#contributions")


def test_the_print_reads_like_a_report(staff: Staff, client: Client) -> None:
    product = released(staff)
    client.force_login(staff.people["joc"])
    sheet = page_of(client, there(product, "print/"))
    text = section(staff, product, "Military").text
    order = ["1. <bdi>Highlights", "2. <bdi>Military", text, "3. <bdi>Humanitarian", "Not received."]
    assert sorted(order, key=sheet.index) == order
    assert "Daily situation report" in sheet


def test_the_next_one_and_a_correction_are_a_button_each(staff: Staff, client: Client) -> None:
    product = released(staff)
    client.force_login(staff.people["joc"])
    page = page_of(client, there(product))
    assert there(product, "next/") in page
    for name in ("next", "correct"):
        first = client.post(there(product, f"{name}/"))
        assert first.status_code == 302
        assert client.post(there(product, f"{name}/")).headers["Location"] == first.headers["Location"]
    with staff.acting("joc"):
        assert JocProduct.objects.count() == 3
        newer = JocProduct.objects.get(edition=2)
    assert "corrected edition" in page_of(client, there(newer))
    assert product.reference in page_of(client, there(newer))
    client.force_login(staff.people["rel"])
    assert there(product, "next/") not in page_of(client, there(product))
    assert client.post(there(product, "next/")).status_code == 403
    client.force_login(staff.people["req"])
    assert client.post(there(product, "next/")).status_code == 404


# ---------------------------------------------------------------- programs
def post(client: Client, address: str, data: dict[str, Any]) -> Any:
    return client.post(address, data, content_type="application/json")


def test_a_program_files_contributes_and_reads(staff: Staff, client: Client) -> None:
    template = template_of(staff)
    client.force_login(staff.people["joc"])
    templates = client.get("/api/v1/product-templates/?kind=daily").json()["results"]
    assert [each["id"] for each in templates] == [str(template.uuid)]
    filed = post(client, "/api/v1/joc-products/", {"title": "Today", "template": str(template.uuid)})
    assert filed.status_code == 201, filed.content
    said = filed.json()
    assert (said["kind"], [row["heading"] for row in said["contributions"]]) == (
        "daily", ["Highlights", "Military", "Humanitarian", "Security"],
    )  # fmt: skip
    address = f"/api/v1/joc-products/{said['id']}/"
    assert post(client, address + "transitions/ask/", {}).status_code == 200
    client.force_login(staff.people["cim"])
    (step,) = client.get(address + "transitions/").json()["results"]
    fields = {field["name"]: field for field in step["fields"]}
    assert set(fields) == {"section", "section_version", "text", "nothing"}
    (choice,) = fields["section"]["choices"]
    given = {"section": choice["value"], "text": "Quiet"}
    assert post(client, address + "transitions/contribute/", given | {"note": "x"}).status_code == 400
    taken = post(client, address + "transitions/contribute/", given)
    assert taken.status_code == 200, taken.content
    row = taken.json()["contributions"][1]
    assert (row["text"], row["state"], row["position"]) == (
        "Quiet",
        "given",
        str(staff.positions["cim"].uuid),
    )
    again = post(client, address + "transitions/contribute/", given)
    assert "section_version" in again.json()["errors"]
    stale = post(client, address + "transitions/contribute/", given | {"section_version": 1})
    assert stale.status_code == 409
    fresh = post(
        client,
        address + "transitions/contribute/",
        given | {"section_version": row["version"], "text": "Loud"},
    )
    assert fresh.status_code == 200


def test_a_program_cannot_take_sections_out_once_they_are_asked_for(staff: Staff, client: Client) -> None:
    product = compiling(staff)
    client.force_login(staff.people["joc"])
    for wanted in ([], [{"heading": "Mine", "number": 1}]):
        answer = client.patch(
            api(product), {"asked": wanted}, content_type="application/json",
            headers={"If-Match": client.get(api(product)).headers["ETag"]},
        )  # fmt: skip
        assert answer.status_code in (200, 403), answer.content
    with staff.acting("joc"):
        assert Contribution.objects.filter(product_id=product.pk).count() == 4
        assert not Contribution.objects.filter(product_id=product.pk, heading="Mine").exists()


def test_a_program_keeps_the_template_of_a_product(staff: Staff, client: Client) -> None:
    product = product_file(staff)
    other = ProductTemplate.objects.get(mission=staff.mission, kind="weekly")
    client.force_login(staff.people["joc"])
    answer = client.patch(
        api(product), {"template": str(other.uuid)}, content_type="application/json",
        headers={"If-Match": client.get(api(product)).headers["ETag"]},
    )  # fmt: skip
    assert "template" in answer.json()["errors"]


def test_a_program_files_the_next_one_and_a_correction(staff: Staff, client: Client) -> None:
    product = released(staff)
    client.force_login(staff.people["joc"])
    first = post(client, api(product, "next/"), {})
    assert (first.status_code, first.json()["state"]) == (201, "collecting")
    assert post(client, api(product, "next/"), {}).json()["id"] == first.json()["id"]
    assert post(client, api(product, "correction/"), {}).json()["state"] == "draft"
    client.force_login(staff.people["rel"])
    assert post(client, api(product, "correction/"), {}).status_code == 403
    client.force_login(staff.people["req"])
    assert post(client, api(product, "correction/"), {}).status_code == 404


def test_the_list_says_kind_state_and_until_when(staff: Staff, client: Client) -> None:
    product = collecting(staff)
    take(staff, product, "joc", "extend", contributions_due=timezone.now() + timedelta(hours=2))
    client.force_login(staff.people["joc"])
    page = page_of(client, "/joc-products/?kind=daily")
    assert product.reference in page
    assert "Collecting" in page
    assert product.reference not in page_of(client, "/joc-products/?kind=weekly")
