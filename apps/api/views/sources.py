"""What a release is drawn from: listed for whoever reads both ends, added while it is a draft."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.connected import end_json
from apps.api.idempotency import Written, once
from apps.api.operations import Operation
from apps.api.views.attached import LinkSerializer, LinksSerializer, StrictSerializer
from apps.api.views.base import OfRecord
from apps.records.models import Record
from apps.releases.models import Derivation
from apps.releases.services import derive

_MISSING = ("missing",)


class SourceSerializer(StrictSerializer):
    """The id of a record that you can read. The draft's label rises to that record's where it was lower."""

    record = serializers.UUIDField()


class Sources(OfRecord):
    """What a release is drawn from."""

    def operations(self) -> dict[str, Operation]:
        """List and add."""
        return {
            "GET": Operation(
                "sources", _("List those records that it is drawn from which you read"), LinksSerializer,
                problems=_MISSING,
            ),
            "POST": Operation(
                "source-add", _("Note a record that the draft is drawn from"), LinkSerializer, 201,
                takes=SourceSerializer, writes=True, problems=(*_MISSING, "conflict"),
            ),
        }  # fmt: skip

    def get(self, request: Request, uuid: UUID) -> Response:
        """Those that the caller reads; of others nothing is told, not even their number."""
        record = self.record(uuid)
        rows = Derivation.objects.filter(derived_id=record.pk).select_related("source")
        return Response({"results": [_source_json(row) for row in rows]})

    @once("shown")
    def post(self, request: Request, uuid: UUID) -> Written:
        """Note one more."""
        record = self.record(uuid)
        given = SourceSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        source = Record.objects.filter(uuid=given.validated_data["record"]).first()
        if source is None:
            raise ValidationError({"record": [_now("There is no such record that you can open.")]})
        try:
            made = derive(self.actor, derived=record, source=source)
        except ValidationError as error:
            raise ValidationError({"record": error.messages}) from None
        return Written(201, made.uuid)

    def shown(self, request: Request, subject: UUID, uuid: UUID) -> Response:
        """The source that was noted."""
        return Response(_source_json(Derivation.objects.select_related("source").get(uuid=subject)))


def _source_json(row: Derivation) -> dict[str, object]:
    return end_json(str(row.uuid), "release" if row.relation == "source" else "version", True, row.source)
