"""What each address of the API does, as data: the OpenAPI document and the reference page are made of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from apps.api.problems import KINDS, MEDIA_TYPE
from apps.records.workflow import Text

READ = ("unauthenticated", "not-permitted", "method", "not-acceptable", "too-many")
WRITE = (*READ, "invalid", "malformed", "too-large", "media-type", "key-reused")


@dataclass(frozen=True)
class Operation:
    """One method of one address. `takes` and `answers` are serializers; None means no body."""

    name: str
    summary: Text
    answers: Any = None
    status: int = 200
    takes: Any = None
    help: Text = ""
    parameters: Sequence[OpenApiParameter] = ()
    problems: tuple[str, ...] = ()
    takes_files: bool = False
    media_type: str = "application/json"
    version: str = ""  # "needed" or "taken": whether If-Match is
    writes: bool = field(default=False)


class ProblemSerializer(serializers.Serializer[Any]):
    """Problem details (RFC 9457). `errors` maps the path of each wrong field to messages in your language."""

    type = serializers.CharField(help_text="Names the kind of problem; see the reference.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(required=False)
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()), required=False
    )


def query(name: str, text: Text, *, choices: Sequence[str] = (), many: bool = False) -> OpenApiParameter:
    """A parameter of the query string."""
    return OpenApiParameter(
        name,
        OpenApiTypes.STR,
        OpenApiParameter.QUERY,
        description=str(text),
        enum=list(choices) or None,
        many=many,
    )


def _header(name: str, text: str, *, required: bool = False) -> OpenApiParameter:
    return OpenApiParameter(
        name, OpenApiTypes.STR, OpenApiParameter.HEADER, description=text, required=required
    )


class OperationSchema(AutoSchema):
    """Reads the `Operation` that a view declares for a method."""

    @property
    def operation(self) -> Operation:
        """The declaration."""
        view: Any = self.view
        found: Operation = view.operations()[self.method]
        return found

    def get_operation_id(self) -> str:
        """A name for generated clients: aid_requests_list."""
        return "_".join([*self.get_tags(), self.operation.name]).replace("-", "_")

    def get_tags(self) -> list[str]:
        """One group for each record type, one for the mission's structure."""
        record_type = getattr(self.view, "record_type", None)
        return [record_type.plural if record_type else "portal"]

    def get_summary(self) -> str:
        """One line."""
        return str(self.operation.summary)

    def get_description(self) -> str:  # type: ignore[override]
        """More, where one line does not do."""
        return str(self.operation.help)

    def get_request_serializer(self) -> Any:
        """The body it takes."""
        return self.operation.takes

    def get_response_serializers(self) -> Any:
        """Its answer, and every problem that it may answer instead."""
        said = self.operation
        answers: dict[Any, Any] = {(said.status, said.media_type): said.answers}
        if said.answers is None:
            answers = {said.status: None}
        for kind in (*(WRITE if said.writes else READ), *said.problems):
            answers[(KINDS[kind].status, MEDIA_TYPE)] = ProblemSerializer
        return answers

    def get_override_parameters(self) -> list[Any]:
        """Parameters of the query string and headers of writes."""
        said = self.operation
        headers = []
        if said.version:
            text = _("The version you edit: the ETag of the answer that you read.")
            headers.append(_header("If-Match", text, required=said.version == "needed"))
        if said.writes:
            text = _("A key of your choice: the same key and body are carried out once.")
            headers.append(_header("Idempotency-Key", text))
        return [*said.parameters, *headers]

    def get_filter_backends(self) -> list[Any]:
        """Parameters are declared, not guessed."""
        return []

    def _is_list_view(self, serializer: Any = None) -> bool:
        return False

    def map_parsers(self) -> list[str]:
        """Files come as multipart form data; everything else as JSON."""
        return ["multipart/form-data"] if self.operation.takes_files else ["application/json"]
