"""What is asked of resources that the caller keeps, by programs: reading it, promising, declining, releasing.

Whoever keeps a resource may not read the plan: of plan and activity it says what its reader has, and nothing else.
What is asked for, for an activity, is read and written below its part (`views.part_resources`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.apart import IdentifiedSerializer
from apps.api.idempotency import Written, once
from apps.api.operations import Operation, query
from apps.api.paging import anchored_page, paged, paged_serializer
from apps.api.serializers import address
from apps.api.views.apart import marked_by_all
from apps.api.views.attached import StrictSerializer
from apps.api.views.base import Endpoint
from apps.api.views.newest import place_parameter
from apps.api.views.resources import CODE_OR_NULL, narrowed
from apps.joint_plans import resources
from apps.joint_plans.models import JointPlan, Part, Promise
from apps.joint_plans.vocabulary import Promised
from apps.need_to_know.known import unknown_organisation_ids

STATE = "state"


class AskedPlanSerializer(serializers.Serializer[Any]):
    """The plan for which it is asked."""

    id = serializers.UUIDField(source="uuid")
    reference = serializers.CharField()
    title = serializers.CharField()
    url = serializers.SerializerMethodField()

    @extend_schema_field({"type": "string", "format": "uri-reference"})
    def get_url(self, plan: JointPlan) -> str:
        """Where it is."""
        return address(plan)


class AskedPartSerializer(serializers.Serializer[Any]):
    """The activity for which it is asked."""

    id = serializers.UUIDField(source="uuid")
    title = serializers.CharField()
    url = serializers.SerializerMethodField()

    @extend_schema_field({"type": "string", "format": "uri-reference"})
    def get_url(self, part: Part) -> str:
        """Where it is, alone."""
        return reverse("api:joint_plan:parts-one", kwargs={"uuid": part.plan.uuid, "item": part.uuid})


class AskedSerializer(IdentifiedSerializer):
    """What is asked of a resource that you keep. Plan and activity are null where you do not read them."""

    url = serializers.SerializerMethodField()
    resource = serializers.CharField(source="resource.capability")
    resource_id = serializers.UUIDField(source="resource.uuid")
    position = serializers.SerializerMethodField(help_text=_("null where you may not know it"))
    answers = serializers.SerializerMethodField(help_text=_("what you can say of it now"))

    class Meta:
        model = Promise
        fields: tuple[str, ...] = (
            "id", "url", "resource", "resource_id", "starts", "ends", "state", "note", "reason", "position", "at",
            "settled_at", "answers",
        )  # fmt: skip
        read_only_fields = fields
        extra_kwargs = {"settled_at": {"allow_null": True}}

    @extend_schema_field({"type": "string", "format": "uri-reference"})
    def get_url(self, promise: Promise) -> str:
        """Where it is, alone."""
        return reverse("api:resource-asked", kwargs={"promise": promise.uuid})

    @extend_schema_field(CODE_OR_NULL)
    def get_position(self, promise: Promise) -> str | None:
        """Who asked."""
        asker = promise.position
        if asker is None or asker.organisation_id in unknown_organisation_ids(self.context["actor"]):
            return None
        return str(asker.uuid)

    @extend_schema_field({"type": "array", "items": {"type": "string", "enum": Promised.values}})
    def get_answers(self, promise: Promise) -> list[str]:
        """The next steps of whoever keeps the resource."""
        return [str(each) for each in resources.open_steps(promise, True)]


class AskedWhole(AskedSerializer):
    """The same with plan and activity, for the OpenAPI document."""

    plan = AskedPlanSerializer(allow_null=True)
    part = AskedPartSerializer(allow_null=True)

    class Meta(AskedSerializer.Meta):
        fields = (*AskedSerializer.Meta.fields, "plan", "part")
        read_only_fields = fields


class AnswerBody(StrictSerializer):
    """What becomes of it. To decline or to release it needs a reason."""

    state = serializers.ChoiceField(choices=[each for each in Promised.choices if each[0] != Promised.ASKED])
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class OfAsked(Endpoint):
    """An address of what is asked of the caller's resources."""

    def answered(self, rows: Sequence[Promise], places: dict[str, Any] | None = None) -> Response:
        """What is asked for, marked as what it tells of plans; a page of it where there are places."""
        found = resources.asked_about(rows)
        said = []
        for promise, plan, part in found:
            told = dict(AskedSerializer(promise, context=self.context).data)
            told["plan"] = AskedPlanSerializer(plan).data if plan else None
            if part is not None and plan is not None:
                part.plan = plan
            told["part"] = AskedPartSerializer(part).data if part else None
            said.append(told)
        response = Response(said[0]) if places is None else paged(self.request, said, **places)
        plans = list({plan.pk: plan for _row, plan, _part in found if plan}.values())
        parts = [part.classification for _row, _plan, part in found if part]
        return marked_by_all(response, self.actor, plans, parts, reference="asked")

    def shown(self, request: Request, subject: UUID, promise: UUID | None = None) -> Response:
        """What is asked for, as the caller may read it now."""
        return self.answered([resources.asked_of(self.actor).get(uuid=subject)])


class Asked(OfAsked):
    """What is asked of resources that the caller keeps."""

    def operations(self) -> dict[str, Operation]:
        """List."""
        states = query(STATE, _("In one state."), choices=Promised.values)
        return {
            "GET": Operation(
                "resources_asked", _("List what is asked of resources that you keep, by time"),
                paged_serializer(AskedWhole), parameters=[states, place_parameter()], problems=("invalid",),
                help=_("Times, note and asker; plan and activity as far as you read them."),
            )
        }  # fmt: skip

    def get(self, request: Request) -> Response:
        """A page. ValidationError by parameter."""
        state = narrowed(request, STATE, Promised.values)
        mine = resources.asked_of(self.actor)
        wanted = mine.filter(state=state) if state else mine
        found, places = anchored_page(request, wanted, mine, ("starts", "id"), "resources asked")
        return self.answered(found, places)


class AskedOne(OfAsked):
    """One of them."""

    def operations(self) -> dict[str, Operation]:
        """Read."""
        return {
            "GET": Operation(
                "resource_asked", _("Read what is asked of a resource that you keep"), AskedWhole, problems=("missing",)
            )
        }  # fmt: skip

    def get(self, request: Request, promise: UUID) -> Response:
        """What is asked for."""
        return self.shown(request, promise)


class AskedAnswer(OfAsked):
    """What its keeper says of it."""

    def operations(self) -> dict[str, Operation]:
        """Promise, decline, release."""
        return {
            "POST": Operation(
                "resource_answer", _("Promise what is asked of you, decline it, or release it"), AskedWhole,
                takes=AnswerBody, writes=True, problems=("missing", "not-possible"),
                help=_("Nothing is promised twice for the same time: whoever comes second is told at “state”."),
            )
        }  # fmt: skip

    @once("shown")
    def post(self, request: Request, promise: UUID) -> Written:
        """Say what becomes of it."""
        found = resources.asked_of(self.actor).get(uuid=promise)
        given = AnswerBody(data=request.data)
        given.is_valid(raise_exception=True)
        resources.promise_settle(self.actor, promise=found, **given.validated_data)
        return Written(200, found.uuid)
