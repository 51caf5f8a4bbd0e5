"""The navigation of liaison marks one entry as the page one is on: the most precise."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.staff import Staff

CURRENT = re.compile(r'<a href="([^"]+)"[^>]*aria-current="page"')


@pytest.mark.parametrize("name", ["list", "matrix", "who-to-call", "new"])
def test_one_entry_is_the_page_one_is_on(staff: Staff, client: Client, name: str) -> None:
    client.force_login(staff.people["cmc"])
    page = client.get(reverse(f"liaison_offices:{name}"))
    assert page.status_code == 200
    at = reverse("liaison_offices:list" if name == "new" else f"liaison_offices:{name}")
    assert CURRENT.findall(page.content.decode()) == [at]
