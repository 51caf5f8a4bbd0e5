"""Emergency access: opening a record, and the originator's review of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.codes import CodeField
from apps.api.idempotency import Written, once
from apps.api.operations import Operation
from apps.api.paging import PAGE, paged_serializer
from apps.api.serializers import Moment, PositionRef
from apps.api.views.attached import StrictSerializer
from apps.api.views.base import Endpoint
from apps.api.views.newest import NewestFirst, place_parameter
from apps.mission.models import Position
from apps.need_to_know.break_glass import (
    break_glass,
    break_glass_review,
    emergency_positions,
    uses_to_review,
)
from apps.need_to_know.models import EmergencyAccess
from apps.pages.searching import referenced
from apps.records.errors import NotPermitted


class EmergencySerializer(serializers.Serializer[Any]):
    """An emergency access."""

    id = serializers.UUIDField(source="uuid")
    reference = serializers.CharField()
    person = serializers.CharField(source="person.name")
    position = PositionRef()
    reason = serializers.CharField()
    at = Moment()
    expires_at = Moment()
    review_due_at = Moment()
    verdict = serializers.CharField(
        allow_blank=True, help_text=_("justified, unjustified; empty until the review")
    )
    review_note = serializers.CharField(allow_blank=True)
    reviewed_at = Moment(allow_null=True)


class OpenSerializer(StrictSerializer):
    """Opening a record in an emergency."""

    reference = serializers.CharField(max_length=30)
    reason = serializers.CharField(min_length=10, max_length=500)
    minutes = serializers.IntegerField(min_value=1, max_value=180)
    position = CodeField(model=Position, required=False, allow_null=True, default=None)


class Emergencies(NewestFirst):
    """Your emergency accesses. The address is there for named emergency roles."""

    row = EmergencySerializer

    def operations(self) -> dict[str, Operation]:
        """List and open."""
        return {
            "GET": Operation(
                "emergency_accesses", _("List your emergency accesses"), paged_serializer(EmergencySerializer),
                parameters=[place_parameter()], problems=("invalid",),
            ),
            "POST": Operation(
                "emergency_open", _("Open a record in an emergency, to read, for a short time"),
                EmergencySerializer, 201, takes=OpenSerializer, writes=True,
                help=_("The originator is told at once and reviews it. Until then there is no second one."),
            ),
        }  # fmt: skip

    def mine(self) -> Any:
        """The caller's own."""
        rows = EmergencyAccess.objects.filter(mission=self.actor.mission, person=self.actor.user)
        return rows.select_related("person", "position")

    def get(self, request: Request) -> Response:
        """The newest first."""
        return self.page(request, self.mine())

    @once("shown")
    def post(self, request: Request) -> Written:
        """Open one."""
        positions = emergency_positions(self.actor)
        if not positions:
            raise NotPermitted
        given = OpenSerializer(data=request.data, context=self.context)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        if referenced(self.actor, values["reference"].strip().upper()):
            raise ValidationError({"reference": [_now("You read this record already.")]})
        use = break_glass(
            self.actor, reference=values["reference"], position=values["position"] or positions[0],
            reason=values["reason"], minutes=values["minutes"],
        )  # fmt: skip
        if use is None:
            raise ValidationError(
                {"reference": [_now("There is no such record that can be opened in an emergency.")]}
            )
        return Written(201, use.uuid)

    def shown(self, request: Request, subject: UUID) -> Response:
        """The use."""
        return Response(EmergencySerializer(self.mine().get(uuid=subject)).data)


class EmergenciesToReview(Endpoint):
    """Emergency accesses to records of your own that wait for your review."""

    def operations(self) -> dict[str, Operation]:
        """List."""
        return {
            "GET": Operation(
                "emergency_to_review", _("List emergency accesses that wait for your review, the most urgent first"),
                paged_serializer(EmergencySerializer), help=_("At most 100."),
            )
        }  # fmt: skip

    def get(self, request: Request) -> Response:
        """All of them, to a hundred."""
        rows = list(uses_to_review(self.actor)[:PAGE])
        return Response(
            {"next": None, "previous": None, "results": EmergencySerializer(rows, many=True).data}
        )


class VerdictSerializer(StrictSerializer):
    """The verdict on an emergency access."""

    justified = serializers.BooleanField()
    note = serializers.CharField(max_length=1000)


class EmergencyReview(Endpoint):
    """Reviewing an emergency access."""

    def operations(self) -> dict[str, Operation]:
        """Review."""
        return {
            "POST": Operation(
                "emergency_review", _("Review an emergency access to a record of yours, once"), EmergencySerializer,
                takes=VerdictSerializer, writes=True, problems=("missing", "conflict", "duties"),
            )
        }  # fmt: skip

    def use(self, use: UUID) -> EmergencyAccess:
        """The use; DoesNotExist for whoever may not know of it."""
        rows = EmergencyAccess.objects.filter(mission=self.actor.mission)
        return rows.select_related("person", "position").get(uuid=use)

    @once("shown")
    def post(self, request: Request, use: UUID) -> Written:
        """Give the verdict."""
        found = self.use(use)
        given = VerdictSerializer(data=request.data, context=self.context)
        given.is_valid(raise_exception=True)
        break_glass_review(self.actor, use=found, **given.validated_data)
        return Written(200, use)

    def shown(self, request: Request, subject: UUID, use: UUID) -> Response:
        """The use with its verdict."""
        return Response(EmergencySerializer(self.use(use)).data)
