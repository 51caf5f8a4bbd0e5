"""What every address of the API shares: who acts, methods, headers, and the record that an address names."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from uuid import UUID

from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.api import problems, selectors
from apps.api.authentication import PortalAuthentication
from apps.api.operations import Operation, OperationSchema
from apps.api.parsers import BoundedJSONParser
from apps.api.problems import ApiProblem
from apps.api.throttling import PerMinute
from apps.api.versions import expected_version
from apps.need_to_know.middleware import actor_of
from apps.records.actors import Actor, NoActor
from apps.records.errors import StaleRecord
from apps.records.registry import RecordType


class Endpoint(APIView):
    """A view of the API. Answers belong to their caller: nothing may keep them."""

    http_method_names = ["get", "post", "patch", "delete", "head", "options"]
    authentication_classes = (PortalAuthentication,)
    parser_classes: tuple[type[BaseParser], ...] = (BoundedJSONParser,)
    throttle_classes = (PerMinute,)
    schema = OperationSchema()

    def operations(self) -> dict[str, Operation]:
        """What each method does."""
        raise NotImplementedError

    @property
    def default_response_headers(self) -> dict[str, str]:
        """SECURITY: an answer shows what one person may know, so no cache may give it to another."""
        return {
            "Allow": ", ".join(self.allowed_methods),
            "Cache-Control": "no-store",
            "Vary": "Accept, Accept-Language, Authorization, Cookie",
        }

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """Which methods the address takes; the same whether or not there is anything at it."""
        return Response(status=204)

    def get_exception_handler(self) -> Any:
        """Problem details."""
        return problems.handler

    @property
    def actor(self) -> Actor:
        """Who acts. NoActor for a person without a position."""
        return actor_of(self.request._request)

    @cached_property
    def context(self) -> dict[str, Any]:
        """What serializers need of the call."""
        return {"request": self.request, "actor": self.actor}


class OfType(Endpoint):
    """A view of one record type; `as_view(record_type=…)` says which."""

    record_type: type[RecordType] = RecordType


class OfRecord(OfType):
    """A view of one record, named by its UUID."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Somebody who acts nowhere may know of no record: for them every record is missing."""
        super().initial(request, *args, **kwargs)
        if request.method != "OPTIONS" and request.method in self.allowed_methods:
            try:
                actor_of(request._request)
            except NoActor:
                raise ApiProblem("missing") from None

    def record(self, uuid: UUID) -> Any:
        """The record, for services; ObjectDoesNotExist when the actor may not know of it."""
        found = selectors.bare(self.record_type, uuid)
        self.context["record"] = found
        return found


class expecting:
    """The version named by If-Match; a lost race against it is `stale` (412) and not a conflict."""

    def __init__(self, request: Request, *, needed: bool) -> None:
        self.version = expected_version(request, needed=needed)

    def __enter__(self) -> int | None:
        return self.version

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, StaleRecord) and self.version is not None:
            raise ApiProblem("stale", str(error.message)) from error
