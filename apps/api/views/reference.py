"""The OpenAPI document, its readable reference, and the answer to every address that is none."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language, override
from django.views import View
from drf_spectacular.generators import SchemaGenerator
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.operations import Operation
from apps.api.problems import KINDS, ApiProblem
from apps.api.views.base import Endpoint

OPENAPI = "application/vnd.oai.openapi+json"


@lru_cache(maxsize=8)
def document(language: str) -> dict[str, Any]:
    """The OpenAPI document in a language, made once for each process. It tells of types, never of records."""
    with override(language):
        made = SchemaGenerator().get_schema(request=None, public=True)
        # WHY: limits of decimal columns are Decimals, labels are lazy; JSON knows neither.
        plain = json.dumps(made, default=lambda each: float(each) if isinstance(each, Decimal) else str(each))
    found: dict[str, Any] = json.loads(plain)
    return found


class Schema(View):
    """The OpenAPI document; open to everybody, because it says what the code says."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """As JSON."""
        return JsonResponse(document(get_language() or "en"), content_type=OPENAPI)


class Reference(View):
    """The same for people, readable without a script."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """One page: how to call, every operation by group, every problem."""
        said = document(get_language() or "en")
        context = {"groups": groups(said), "problems": list(KINDS.values()), "info": said["info"]}
        return render(request, "api/reference.html", context)


class Nothing(Endpoint):
    """Every address under the API's that is none."""

    schema: Any = None

    def operations(self) -> dict[str, Operation]:
        """None."""
        return {}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Missing, for whoever is signed in."""
        super().initial(request, *args, **kwargs)
        raise ApiProblem("missing")

    def get(self, request: Request) -> Response:
        """Never reached: `initial` answers for every method."""
        raise ApiProblem("missing")


def groups(said: dict[str, Any]) -> list[dict[str, Any]]:
    """Operations by tag, each with its parameters, body and answer as flat rows for a table."""
    found: dict[str, list[dict[str, Any]]] = {}
    for path, methods in said["paths"].items():
        for method, operation in methods.items():
            found.setdefault(operation["tags"][0], []).append(_operation(said, path, method, operation))
    return [{"name": name, "operations": operations} for name, operations in found.items()]


def _operation(said: dict[str, Any], path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    success = next(code for code in operation["responses"] if code.startswith("2"))
    answer = _content(operation["responses"][success])
    body = _content(operation.get("requestBody", {}))
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": operation.get("summary", ""),
        "description": operation.get("description", ""),
        "parameters": operation.get("parameters", []),
        "body": _fields(said, body),
        "success": success,
        "answer": _fields(said, answer),
        "problems": sorted(code for code in operation["responses"] if not code.startswith("2")),
    }


def _content(part: dict[str, Any]) -> dict[str, Any]:
    contents: dict[str, Any] = next(iter(part.get("content", {}).values()), {})
    schema: dict[str, Any] = contents.get("schema", {})
    return schema


def _resolved(said: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    while True:
        one = schema.get("allOf") or schema.get("oneOf") or []
        if "$ref" in schema:
            schema = said["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
        elif one:
            schema = {**one[0], **{k: v for k, v in schema.items() if k not in ("allOf", "oneOf")}}
        else:
            return schema


def _fields(
    said: dict[str, Any], schema: dict[str, Any], prefix: str = "", depth: int = 0
) -> list[dict[str, Any]]:
    """Fields of an object as rows (path, type, required, description); `[]` marks lists."""
    schema = _resolved(said, schema)
    rows: list[dict[str, Any]] = []
    for name, part in schema.get("properties", {}).items():
        inner = _resolved(said, part)
        many = inner.get("type") == "array"
        item = _resolved(said, inner["items"]) if many else inner
        rows.append(
            {
                "path": f"{prefix}{name}{'[]' if many else ''}",
                "type": _type(item),
                "required": name in schema.get("required", []),
                "description": part.get("description") or item.get("title") or part.get("title") or "",
                "choices": item.get("enum") or [],
            }
        )
        if item.get("properties") and depth < 2:
            rows += _fields(said, item, f"{prefix}{name}{'[]' if many else ''}.", depth + 1)
    return rows


def _type(schema: dict[str, Any]) -> str:
    kind = schema.get("type", "")
    kinds = kind if isinstance(kind, list) else [kind]
    said = " | ".join(str(k) for k in kinds if k)
    return f"{said} ({schema['format']})" if schema.get("format") else said
