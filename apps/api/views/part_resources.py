"""What is asked for, for an activity of a plan, by programs: reading it, asking, releasing what is needed no more.

What its keeper says of it is said where it is asked of them (`views.resources`).
"""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request

from apps.api.apart import below_serializer
from apps.api.form_bodies import body_serializer, filled
from apps.api.idempotency import Written, once
from apps.api.operations import Operation
from apps.api.paging import paged_serializer
from apps.api.serializers import Moment
from apps.api.views.attached import StrictSerializer
from apps.api.views.newest import place_parameter
from apps.api.views.plan_parts import BELOW_A_PART, BelowPart, BelowPartAll
from apps.joint_plans import resources
from apps.joint_plans.models import Promise, Resource
from apps.joint_plans.resource_forms import AskForm
from apps.joint_plans.vocabulary import PartKind, Promised
from apps.records.apart import Named
from apps.records.errors import NotPermitted
from apps.records.services import is_editor

AskBody = body_serializer(
    "AskBody", AskForm, "A resource, from when until when; without times on the days of the activity.",
    starts=Moment(required=False), ends=Moment(required=False),
)  # fmt: skip


class ReleaseBody(StrictSerializer):
    """Why it is needed no more; whoever keeps the resource as well must say so."""

    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class PartResources(BelowPartAll):
    """What is asked for, for an activity."""

    kind, columns = PartKind.ACTIVITY, ("starts", "id")

    def operations(self) -> dict[str, Operation]:
        """List and ask."""
        row = below_serializer(self.under)
        return {
            "GET": Operation(
                "parts_resources", _("List what is asked for, for an activity, by time"), paged_serializer(row),
                parameters=[place_parameter()], problems=("missing", "invalid"),
            ),
            "POST": Operation(
                "parts_resources_ask", _("Ask for a resource for an activity"), row, 201, takes=AskBody, writes=True,
                problems=BELOW_A_PART,
                help=_("For those who keep the plan. The resource’s keeper reads the note, even without the plan."),
            ),
        }  # fmt: skip

    @once("row_shown")
    def post(self, request: Request, uuid: UUID, item: UUID) -> Written:
        """Ask."""
        part = self.part(uuid, item)
        resources.may_ask(self.actor, part.plan)
        form, _named = filled(
            lambda data: AskForm(data, actor=self.actor, plan=part.plan, activity=part),
            cast("dict[str, Any]", request.data), named={"resource": Named(Resource)},
        )  # fmt: skip
        made = resources.promise_ask(self.actor, plan=part.plan, part=part, **form.cleaned_data)
        return Written(201, made.uuid)


class PartResourceRelease(BelowPart):
    """Releasing what is needed no more."""

    kind = PartKind.ACTIVITY

    def operations(self) -> dict[str, Operation]:
        """Release."""
        return {
            "POST": Operation(
                "parts_resources_release", _("Release a resource that is needed no more"),
                below_serializer(self.under), takes=ReleaseBody, writes=True, problems=BELOW_A_PART,
                help=_("For those who keep the plan."),
            )
        }  # fmt: skip

    @once("row_shown")
    def post(self, request: Request, uuid: UUID, item: UUID, promise: UUID) -> Written:
        """Release it."""
        part = self.part(uuid, item)
        found = Promise.objects.get(part_id=part.pk, uuid=promise)
        if not is_editor(self.actor, part.plan):
            raise NotPermitted
        given = ReleaseBody(data=request.data)
        given.is_valid(raise_exception=True)
        resources.promise_settle(self.actor, promise=found, state=Promised.RELEASED, **given.validated_data)
        return Written(200, found.uuid)
