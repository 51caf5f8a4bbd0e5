"""Where contributors do not see each other's sections, no door shows them before the release; then every door does."""

from __future__ import annotations

import pytest
from django.test import Client

from apps.joc_products.models import Contribution, JocProduct
from apps.need_to_know.selectors import search_ids
from apps.records.models import Change, Step
from tests.contract.calling import body
from tests.factories.joc import bring_to, collecting, give, section, take
from tests.factories.staff import Staff

PAGES = ("", "history/", "print/", "share/", "transitions/contribute/")


def everything(client: Client, product: JocProduct) -> dict[str, str]:
    """All that shows the product to whoever is signed in, as text."""
    there, api = f"/joc-products/{product.uuid}/", f"/api/v1/joc-products/{product.uuid}/"
    addresses = [
        *(there + page for page in PAGES),
        "/joc-products/", "/joc-products/export/?format=csv", "/",
        api, api + "timeline/", api + "transitions/", "/api/v1/joc-products/",
    ]  # fmt: skip
    return {address: body(client.get(address)).decode() for address in addresses}


def leaks(client: Client, product: JocProduct, token: str) -> list[str]:
    """Addresses that show the token, or find the product by it."""
    searched = (f"/joc-products/?q={token}", f"/search/?q={token}", f"/api/v1/search/?q={token}",
                f"/joc-products/export/?format=csv&q={token}")  # fmt: skip
    found = [address for address, text in everything(client, product).items() if token in text]
    return found + [
        address for address in searched if product.reference in body(client.get(address)).decode()
    ]


@pytest.fixture
def closed(staff: Staff) -> tuple[JocProduct, str]:
    """One with closed sections, of which one has come."""
    product = collecting(staff, is_open=False, scope="mission")
    return product, give(staff, product, "Military", "kxsecretmilitary")


@pytest.mark.parametrize("post", ["cmc", "sec", "bystander", "rel", "req"])
def test_others_do_not_find_a_closed_section_by_any_door(
    staff: Staff, closed: tuple[JocProduct, str], client: Client, post: str
) -> None:
    product, token = closed
    with staff.acting(post):
        assert JocProduct.objects.filter(pk=product.pk).exists()
        assert not Contribution.objects.filter(product_id=product.pk, heading="Military").exists()
        assert not search_ids(token, "joc_product")
        assert not [c for c in Change.objects.filter(record_id=product.pk) if token in str(c.fields)]
        assert not Step.objects.filter(record_id=product.pk, note__contains=token).exists()
    client.force_login(staff.people[post])
    assert leaks(client, product, token) == []


def test_its_own_position_and_the_joc_read_it_and_search_finds_it_for_nobody_yet(
    staff: Staff, closed: tuple[JocProduct, str], client: Client
) -> None:
    product, token = closed
    for post in ("cim", "joc"):
        with staff.acting(post):
            assert Contribution.objects.get(product_id=product.pk, heading="Military").text == token
            # SECURITY: documents are the record's, for all its readers alike.
            assert not search_ids(token, "joc_product")
        client.force_login(staff.people[post])
        shown = leaks(client, product, token)
        assert {f"/joc-products/{product.uuid}/", f"/api/v1/joc-products/{product.uuid}/"} <= set(shown)
        assert not [address for address in shown if "q=" in address]
    with staff.acting("cim"):
        assert Contribution.objects.filter(product_id=product.pk).count() == 1
    with staff.acting("joc"):
        assert Contribution.objects.filter(product_id=product.pk).count() == 4


def test_the_release_authority_reads_it_when_it_decides_and_everybody_once_it_is_out(
    staff: Staff, closed: tuple[JocProduct, str], client: Client
) -> None:
    product, token = closed
    give(staff, product, "Highlights")
    take(staff, product, "joc", "close")
    take(staff, product, "joc", "submit")
    with staff.acting("rel"):
        assert Contribution.objects.get(product_id=product.pk, heading="Military").text == token
    with staff.acting("req"):
        assert not Contribution.objects.filter(product_id=product.pk).exists()
    take(staff, product, "rel", "release")
    for post in ("req", "sec"):
        with staff.acting(post):
            assert Contribution.objects.get(product_id=product.pk, heading="Military").text == token
            assert search_ids(token, "joc_product")
        client.force_login(staff.people[post])
        shown = set(leaks(client, product, token))
        there = f"/joc-products/{product.uuid}/"
        assert {there, there + "print/", f"/api/v1{there}", f"/search/?q={token}"} <= shown


def test_open_sections_are_read_and_found_by_every_reader(staff: Staff) -> None:
    product = collecting(staff)
    token = give(staff, product, "Military", "kxopenmilitary")
    with staff.acting("sec"):
        assert Contribution.objects.get(product_id=product.pk, heading="Military").text == token
        assert search_ids(token, "joc_product")
    with staff.acting("unit"):
        assert not Contribution.objects.filter(product_id=product.pk).exists()
        assert not search_ids(token, "joc_product")


def test_the_setting_is_settled_at_filing_and_nobody_opens_a_section_afterwards(
    staff: Staff, closed: tuple[JocProduct, str]
) -> None:
    product, _token = closed
    with staff.acting("joc"):
        JocProduct.objects.filter(pk=product.pk).update(contributions_open=True)
        assert not JocProduct.objects.get(pk=product.pk).contributions_open
    assert not section(staff, product, "Military").is_open


def test_a_discarded_product_stays_closed(staff: Staff) -> None:
    product = bring_to(staff, "compiling", is_open=False, scope="mission")
    take(staff, product, "joc", "discard", note="Not needed")
    with staff.acting("sec"):
        assert list(Contribution.objects.filter(product_id=product.pk).values_list("heading", flat=True)) == [
            "Security"
        ]
