"""Announcements: saying that one has read one, who has not, and the message as CAP 1.2."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from apps.announcements import cap, reading, selectors
from apps.announcements.services import acknowledge
from apps.api.idempotency import Written, once
from apps.api.operations import Operation, query
from apps.api.paging import PAGE, paged
from apps.api.selectors import place_check
from apps.api.serializers import Moment, PositionRef
from apps.api.views.attached import PURPOSE, AttachmentContent, StrictSerializer
from apps.api.views.base import OfRecord
from apps.api.views.newest import place_parameter
from apps.need_to_know.roll_call import Roll
from apps.pages.leaving import must_say_what_for
from apps.records.errors import IllegalTransition, NotPermitted
from apps.records.services import originates


class AcknowledgedSerializer(StrictSerializer):
    """The edition that you have read: the one in force."""

    edition = serializers.IntegerField(min_value=1, max_value=32_767)
    position = PositionRef(read_only=True, allow_null=True)
    at = Moment(read_only=True)


class CountSerializer(serializers.Serializer[Any]):
    """Readers of an organisation in numbers; without id and name, those whose organisation you may not know."""

    id = serializers.UUIDField(allow_null=True)
    name = serializers.CharField(allow_blank=True)
    acknowledged = serializers.IntegerField()
    not_acknowledged = serializers.IntegerField()


class AbsentSerializer(serializers.Serializer[Any]):
    """A person who reads it and has not said so."""

    name = serializers.CharField()
    position = serializers.CharField()
    organisation = serializers.CharField()


class AcknowledgementsSerializer(serializers.Serializer[Any]):
    """Who has read the edition in force, in numbers, and a page of those who have not said so."""

    edition = serializers.IntegerField()
    acknowledged = serializers.IntegerField()
    not_acknowledged = serializers.IntegerField()
    organisations = CountSerializer(many=True)
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = AbsentSerializer(many=True)


class Acknowledgements(OfRecord):
    """Who has said that they read an announcement."""

    def operations(self) -> dict[str, Operation]:
        """Count and name, for the originator; and say so oneself."""
        only = query(reading.ORGANISATION, _("The id of an organisation: only its people are named."))
        return {
            "GET": Operation(
                "acknowledgements", _("Read how many have said that they read it, and who has not"),
                AcknowledgementsSerializer, parameters=[only, place_parameter()],
                problems=("missing", "invalid", "not-possible"),
                help=_("For the originator’s own people. Names that you may not know are counted, not named."),
            ),
            "POST": Operation(
                "acknowledge", _("Say that you have read the edition in force"), AcknowledgedSerializer, 201,
                takes=AcknowledgedSerializer, writes=True, problems=("missing", "not-possible", "conflict"),
                help=_("A second time changes nothing. “conflict” means that a newer edition is in force."),
            ),
        }  # fmt: skip

    def get(self, request: Request, uuid: UUID) -> Response:
        """Numbers, and a page of those who have not."""
        record = self.record(uuid)
        if not originates(self.actor, record):
            raise NotPermitted(_now("Only the originator’s own people see this."))
        if not record.edition:
            raise IllegalTransition(_now("It has not been issued yet."))
        self.check(request)
        asked = reading.wanted(request._request.GET, PAGE)
        roll = selectors.read_by(self.actor, record, asked.page)
        page = paged(
            request, [{"name": p.name, "position": p.position, "organisation": p.organisation} for p in roll.absent],
            newer=asked.place.back() if asked.place else None, older=reading.next_place(roll, asked.place),
            order=reading.ORDER, first=asked.place is None,
        )  # fmt: skip
        totals = {
            "edition": record.edition, "acknowledged": roll.done, "not_acknowledged": roll.missing,
            "organisations": self.counts(roll),
        }  # fmt: skip
        return Response({**totals, **page.data})

    def check(self, request: Request) -> None:
        """ValidationError by parameter for what the address says wrong."""
        given, errors = request._request.GET, {}
        for name in given:
            if name not in (reading.PLACE, reading.ORGANISATION):
                errors[name[:60]] = [_now("There is no such parameter.")]
        try:
            UUID(given.get(reading.ORGANISATION) or str(UUID(int=0)))
        except ValueError:
            errors[reading.ORGANISATION] = [_now("This is no id.")]
        place_check(given, reading.ORDER, errors)
        if errors:
            raise ValidationError(errors)

    def counts(self, roll: Roll) -> list[dict[str, Any]]:
        """By organisation, those first in which most are missing."""
        found: list[dict[str, Any]] = [
            {
                "id": str(each.organisation),
                "name": each.name,
                "acknowledged": each.done,
                "not_acknowledged": each.missing,
            }
            for each in reading.most_missing(roll)
        ]
        if roll.unnamed_done or roll.unnamed_missing:
            unnamed = {"acknowledged": roll.unnamed_done, "not_acknowledged": roll.unnamed_missing}
            found.append({"id": None, "name": "", **unnamed})
        return found

    @once("shown")
    def post(self, request: Request, uuid: UUID) -> Written:
        """Note it, in the caller's own name."""
        record = self.record(uuid)
        given = AcknowledgedSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        acknowledge(self.actor, record=record, edition=given.validated_data["edition"])
        return Written(201)

    def shown(self, request: Request, subject: UUID | None, uuid: UUID) -> Response:
        """The caller's own word on the edition in force; of an earlier one, it is none any more."""
        found = selectors.acknowledgement_of(self.actor, self.record(uuid))
        if found is None:
            raise IllegalTransition(_now("A new edition is in force. Read it first."))
        return Response(AcknowledgedSerializer(found).data)


class CapRenderer(JSONRenderer):
    """Takes the media type of CAP as acceptable; problems are JSON as everywhere."""

    media_type = cap.MEDIA_TYPE
    format = "cap"


class CapMessage(AttachmentContent):
    """An announcement as CAP 1.2."""

    parser_classes = OfRecord.parser_classes
    renderer_classes = (JSONRenderer, CapRenderer)

    def operations(self) -> dict[str, Operation]:
        """Download."""
        return {
            "GET": Operation(
                "cap", _("Read it as a message of the Common Alerting Protocol 1.2"), OpenApiTypes.STR,
                media_type=cap.MEDIA_TYPE, problems=("missing", "invalid", "not-possible"),
                parameters=[query(PURPOSE, _("What you need it for, where the mission’s protocol asks that."))],
                help=_("Its scope is never “Public”: it carries the label, in itself and in the headers X-Label-…"),
            )
        }  # fmt: skip

    def get(self, request: Request, uuid: UUID) -> Any:  # type: ignore[override]
        """The message of the edition in force, or that it was cancelled."""
        record = self.record(uuid)
        if not record.edition:
            raise IllegalTransition(cap.NOT_ISSUED)
        if must_say_what_for(self.actor, [record]):
            request._request.read_purpose = self.purpose(request)  # type: ignore[attr-defined]
        return cap.answer(self.actor, record, request.build_absolute_uri(record.get_absolute_url()))
