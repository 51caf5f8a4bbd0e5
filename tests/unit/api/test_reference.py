"""The OpenAPI document and its page: whole, without warnings, open, and free of anything stored."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import StringIO
from typing import Any

from django.core.management import call_command
from django.urls import get_resolver

from apps.api import urls
from apps.api.problems import KINDS
from apps.records.registry import all_types
from tests.unit.api.conftest import Caller, Town

Call = Callable[[str], Caller]


def test_the_document_is_valid_and_without_warnings() -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", "/dev/null", stdout=StringIO())


def test_every_address_is_in_the_document(call: Call) -> None:
    document = call("").get("/api/v1/schema/").json()
    known = {re.sub(r"{[^}]*}", "{}", path) for path in document["paths"]}
    wanted = set()
    for pattern in get_resolver(urls).url_patterns:
        if getattr(pattern, "name", "") == "nothing":
            continue
        for part in getattr(pattern, "url_patterns", [None]):
            route = f"/api/v1/{pattern.pattern}{part.pattern if part else ''}"
            wanted.add(re.sub(r"<[^>]*>", "{}", route))
    assert wanted - known == {"/api/v1/schema/", "/api/v1/docs/"}
    for methods in document["paths"].values():
        for method, operation in methods.items():
            problems = operation["responses"]
            assert {"401", "404" if "{uuid}" in str(methods) else "401", "429"} <= set(problems)
            assert (
                method == "get"
                or operation["operationId"].endswith("preview")
                or "Idempotency-Key" in str(operation)
            )


def test_the_page_reads_without_a_script_and_names_everything(call: Call) -> None:
    page = call("").get("/api/v1/docs/")
    text = page.content.decode()
    assert page.status_code == 200
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?! src=)", text)
    for declared in all_types():
        assert f"/api/v1/{declared.plural}/{{uuid}}/transitions/{{name}}/" in text
    for name in KINDS:
        assert f'id="problem-{name}"' in text


def test_the_document_tells_nothing_that_is_stored(call: Call, draft: dict[str, Any], town: Town) -> None:
    said = call("").get("/api/v1/schema/").content + call("").get("/api/v1/docs/").content
    for stored in (
        draft["reference"],
        draft["title"],
        "Relief North",
        "SS0101",
        "convoys",
        town.mission.name,
    ):
        assert stored.encode() not in said
    assert call("").get("/api/v1/schema/").content == call("requester").get("/api/v1/schema/").content


def test_every_write_is_carried_out_once() -> None:
    """A handler that writes without `once` would leave half of a refused write behind."""
    unguarded = []
    for pattern in get_resolver(urls).url_patterns:
        for part in getattr(pattern, "url_patterns", [pattern]):
            view = part.callback.view_class
            for method in ("post", "patch", "put", "delete"):
                handler = getattr(view, method, None)
                if handler is not None and not getattr(handler, "writes_once", False):
                    unguarded.append((view.__name__, method))
    assert unguarded == [("AudiencePreview", "post")] * len(all_types())


def test_a_person_sees_the_index_and_themselves(call: Call, town: Town) -> None:
    index = call("requester").get("/api/v1/").json()
    for address in (*index["records"].values(), *index["structure"].values(), index["me"], index["schema"]):
        assert call("requester").get(address).status_code == 200, address
    me = call("requester").get("/api/v1/me/").json()
    assert (me["email"], me["mission"]["code"], me["compartments"]) == (
        "requester@town.invalid",
        "upper",
        ["convoys"],
    )
    assert [(p["title"], p["roles"]) for p in me["positions"]] == [("REQ of Relief North", ["REQ"])]
