"""Who read a record: the log, for its originator's own people."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.operations import Operation, query
from apps.api.serializers import Moment
from apps.api.views.attached import BEFORE, WhoSerializer
from apps.api.views.base import OfRecord
from apps.mission.vocabulary import Classification
from apps.need_to_know.models import Channel
from apps.need_to_know.models.reading import Via
from apps.need_to_know.reads import reads_of
from apps.pages.names import Names
from apps.pages.views.reads import PAGE
from apps.records.services import originates


class RecordReadSerializer(serializers.Serializer[Any]):
    """A read: `number` counts within the record. The name of whom you may not know is empty."""

    number = serializers.IntegerField()
    at = Moment()
    who = WhoSerializer()
    channel = serializers.ChoiceField(choices=Channel.choices)
    via = serializers.ChoiceField(choices=Via.choices)
    classification = serializers.ChoiceField(
        choices=Classification.choices, allow_null=True,
        help_text=_("the highest of what was shown; null where it was not noted yet"),
    )  # fmt: skip
    purpose = serializers.CharField()
    hash = serializers.CharField(help_text=_("SHA-256 over the hash before it and this read"))


class RecordReadsSerializer(serializers.Serializer[Any]):
    """A page of reads, the newest first; “next” is the address of earlier ones."""

    next = serializers.URLField(allow_null=True)
    results = RecordReadSerializer(many=True)


class Reads(OfRecord):
    """The log of reads of a record. For everybody but the originator's own people it does not exist."""

    def operations(self) -> dict[str, Operation]:
        """List."""
        return {
            "GET": Operation(
                "reads", _("Read who read the record, when and how; for its originator"), RecordReadsSerializer,
                parameters=[query(BEFORE, _("A number; only earlier reads are shown."))],
                problems=("missing", "invalid"),
            )
        }  # fmt: skip

    def get(self, request: Request, uuid: UUID) -> Response:
        """A page."""
        record = self.record(uuid)
        if not originates(self.actor, record):
            raise ObjectDoesNotExist
        rows = reads_of(record).filter(number__isnull=False).order_by("-number")
        if before := request._request.GET.get(BEFORE):
            if not before.isascii() or not before.isdecimal() or len(before) > 18:
                raise ValidationError({BEFORE: [_now("This is no number.")]})
            rows = rows.filter(number__lt=int(before))
        found, names = list(rows[: PAGE + 1]), Names(self.actor)
        more, found = len(found) > PAGE, found[:PAGE]
        for row in found:
            names.want_row(row)
        names.load()
        older = f"{request.build_absolute_uri(request.path)}?{BEFORE}={found[-1].number}" if more else None
        moment = Moment().to_representation
        results = []
        for row in found:
            who = names.person(row.person_id, row.position_id)
            results.append(
                {
                    "number": row.number,
                    "at": moment(row.at),
                    "who": {part: str(who.get(part) or "") for part in ("name", "position", "organisation")},
                    "channel": row.channel,
                    "via": row.via,
                    "classification": row.classification,
                    "purpose": row.purpose,
                    "hash": row.hash,
                }
            )
        return Response({"next": older, "results": results})
