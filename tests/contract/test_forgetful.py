"""The application's Python broken on purpose: every check of its own says yes, and a view dumps every table.

What then keeps the hidden hidden is the database alone.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import sys
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

import apps
from cimic_portal import urls
from tests.cast.rows import models_under_records
from tests.cast.world import World
from tests.contract.addresses import addresses, foreign, parameters, url
from tests.contract.calling import UNSAFE, call, client_of, text_of

# Every function by which Python decides what somebody may do or see: name -> what a forgetful one answers.
FORGOTTEN: dict[str, Any] = {
    "may_edit": True, "may_share": True, "may_narrow": True, "may_review": True, "is_editor": True,
    "originates": True, "releases": True, "label_check": None, "originator_check": None, "mandate_check": None,
    "unknown_organisation_ids": frozenset(), "duties_of": set(),
}  # fmt: skip


def everything(request: HttpRequest) -> HttpResponse:
    """A view that forgets everything: all rows of all tables under a record, by every careless way it knows."""
    said: list[str] = []
    for model in models_under_records():
        said.append(repr(list(model._base_manager.all().values())))
        said.append(repr(list(model._base_manager.raw(f"SELECT * FROM {model._meta.db_table}"))))
        said.append(str(model._base_manager.count()))
    return HttpResponse(json.dumps(said))


urlpatterns = [path("everything/", everything), *urls.urlpatterns]


@pytest.fixture
def forgetful(monkeypatch: Any) -> int:
    """Every check of the application's own says yes, wherever it was imported to; how many places that were."""
    for module in pkgutil.walk_packages(apps.__path__, "apps."):
        if "migrations" not in module.name and "management" not in module.name:
            importlib.import_module(module.name)
    replaced = 0
    for module in [m for name, m in sys.modules.items() if name.startswith("apps.") and m is not None]:
        for name, answer in FORGOTTEN.items():
            if callable(getattr(module, name, None)):
                monkeypatch.setattr(module, name, lambda *_a, _answer=answer, **_k: _answer)
                replaced += 1
    return replaced


def past_the_rule(world: World) -> dict[str, Any]:
    """What is stored of the hidden records, as their owner reads it."""
    hidden = [record.pk for trio in world.trios.values() for record in trio.unseen]
    # WHY: in the test's own transaction, so that what the requests wrote in it is seen.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM need_to_know_begin(%s, %s)", [world.cast.people["owner"].pk, world.cast.mission.pk]
        )
        cursor.execute(
            "SELECT id, title, state, classification, sensitivity, compartments, data_types, scope, audience, editors"
            " FROM records_record WHERE id = ANY (%s) ORDER BY id",
            [hidden],
        )
        rows = cursor.fetchall()
        for name in ("actor", "mission", "principals", "clearance", "compartments", "positions", "lent", "lent_edit",
                     "barred", "audits"):  # fmt: skip
            cursor.execute("SELECT set_config(%s, '', true)", [f"app.{name}"])
    return {"rows": rows}


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    "person", ["outsider", "uncleared", "expired", "administrator", "stranger", "former"]
)
def test_a_view_that_forgets_everything_shows_nothing_hidden(
    rolled_back: World, forgetful: int, person: str
) -> None:
    assert forgetful >= len(FORGOTTEN)
    client: Client = client_of(rolled_back, person)
    answer = client.get("/everything/")
    assert answer.status_code == 200
    assert not rolled_back.canaries.found_in(text_of(answer))


@pytest.mark.urls(__name__)
def test_the_same_view_shows_the_entitled_what_is_theirs(rolled_back: World, forgetful: int) -> None:
    answer = client_of(rolled_back, "owner").get("/everything/")
    assert len(rolled_back.canaries.found_in(text_of(answer))) > 20


@pytest.mark.parametrize("person", ["outsider", "expired", "administrator"])
def test_no_address_leaks_or_changes_what_is_hidden_when_no_check_is_left(
    rolled_back: World, forgetful: int, person: str
) -> None:
    before = past_the_rule(rolled_back)
    client = client_of(rolled_back, person)
    wrong: list[str] = []
    seen: set[str] = set()
    for address in addresses():
        if foreign(address):
            continue
        for trio in rolled_back.trios.values():
            if address.record_type not in (None, trio.declared):
                continue
            values = parameters(address, trio, trio.hidden, rolled_back.attachments)
            if (path := url(address, values)) in seen:
                continue
            seen.add(path)
            for method in ("GET", *UNSAFE) if address.of_record else ("GET",):
                said = text_of(call(client, address, method, values))
                said = said.replace(str(trio.hidden.uuid), "*").replace(trio.hidden.reference, "*")
                if places := rolled_back.canaries.found_in(said):
                    wrong.append(f"{method} {url(address, values)}: {sorted(places)[:2]}")
    assert wrong == []
    assert past_the_rule(rolled_back) == before


def test_every_function_that_is_forgotten_exists() -> None:
    """A check that was renamed would otherwise stay awake unseen."""
    known = {
        name
        for module in sys.modules.values()
        if getattr(module, "__name__", "").startswith("apps.")
        for name in FORGOTTEN
        if callable(getattr(module, name, None))
    }
    assert known == set(FORGOTTEN)
