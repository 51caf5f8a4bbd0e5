"""The API keeps what its OpenAPI document says: calls made up from the document, sound and unsound ones."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.unit.api.conftest import LIST, Caller, town_make

CHECKS = (
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance,
)  # fmt: skip


def made_up(schema: Any, mode: GenerationMode) -> st.SearchStrategy[Any]:
    """Calls of any operation."""
    return st.one_of([found.ok().as_strategy(generation_mode=mode) for found in schema.get_all_operations()])


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_made_up_calls_are_answered_as_the_document_says(committed_db: str, mode: GenerationMode) -> None:
    town = town_make()
    draft = Caller(town.tokens["requester"]).post(LIST, {"title": "Found by the calls"}).json()
    schema = schemathesis.openapi.from_wsgi("/api/v1/schema/", get_wsgi_application())
    headers = {"Authorization": f"Token {town.tokens['requester']}", "Accept-Encoding": "identity"}

    @settings(
        max_examples=40, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck),
        derandomize=True, database=None,
    )  # fmt: skip
    @given(case=made_up(schema, mode))
    def answered(case: Any) -> None:
        if "uuid" in (case.path_parameters or {}) and mode is GenerationMode.POSITIVE:
            case.path_parameters["uuid"] = draft["id"]
        case.call_and_validate(headers=headers, checks=CHECKS)

    answered()
