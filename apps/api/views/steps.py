"""Workflow steps: which are open to the caller now, and taking one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api import steps
from apps.api.idempotency import Written, once
from apps.api.operations import Operation
from apps.api.serializers import whole_serializer
from apps.api.versions import tagged
from apps.api.views.base import OfRecord, expecting
from apps.api.views.records import RecordShown
from apps.records.errors import IllegalTransition
from apps.records.transitions import open_to, transition


class ChoiceSerializer(serializers.Serializer[Any]):
    """A value that a field takes, and its words."""

    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]


class NeedSerializer(serializers.Serializer[Any]):
    """A field that a step asks for. `code` is answered by the code of a choice."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    type = serializers.CharField()
    required = serializers.BooleanField()  # type: ignore[assignment]
    help = serializers.CharField()
    choices = ChoiceSerializer(many=True, required=False)
    max_length = serializers.IntegerField(required=False)
    min_value = serializers.IntegerField(required=False)
    max_value = serializers.IntegerField(required=False)


class StepSerializer(serializers.Serializer[Any]):
    """A step open to you now: its target state and what it needs. `as` is your position in it."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    help = serializers.CharField()
    target = serializers.CharField()
    fields = NeedSerializer(many=True)  # type: ignore[assignment]

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """“as” is a word of Python's, so it is added by name."""
        found = super().get_fields()
        found["as"] = serializers.UUIDField()
        return found


class StepsSerializer(serializers.Serializer[Any]):
    """The steps open to you now, in the order of the workflow."""

    state = serializers.CharField()
    version = serializers.IntegerField()
    results = StepSerializer(many=True)


class TakenSerializer(serializers.Serializer[Any]):
    """A note, and beside it the fields that `GET …/transitions/` names for the step."""

    note = serializers.CharField(required=False, allow_blank=True, max_length=4000)


class Steps(OfRecord):
    """Which steps are open."""

    def operations(self) -> dict[str, Operation]:
        """List."""
        return {
            "GET": Operation(
                "transitions", _("List the steps open to you now, with what each needs"), StepsSerializer,
                problems=("missing",),
            )
        }  # fmt: skip

    def get(self, request: Request, uuid: UUID) -> Response:
        """The steps that the caller may take now."""
        record = self.record(uuid)
        found = [steps.offer_json(offer, self.actor, record) for offer in open_to(self.actor, record)]
        return tagged(Response({"state": record.state, "version": record.version, "results": found}), record)


class StepTaken(RecordShown, OfRecord):
    """Taking a step."""

    def operations(self) -> dict[str, Operation]:
        """Take."""
        return {
            "POST": Operation(
                "transition", _("Take a step of the workflow"), whole_serializer(self.record_type),
                takes=TakenSerializer, writes=True, version="taken",
                problems=("missing", "not-possible", "conflict", "stale", "incomplete", "duties"),
            )
        }  # fmt: skip

    @once("shown")
    def post(self, request: Request, uuid: UUID, name: str) -> Written:
        """Take the step with the data that its form asks for; all it causes happens with it or not at all."""
        record = self.record(uuid)
        try:
            step = self.record_type.workflow.transition(name)
        except KeyError:
            raise IllegalTransition from None
        with expecting(request, needed=False) as version:
            data, note = self.cleaned(step, record, request)
            transition(self.actor, record=record, name=name, data=data, note=note, expected_version=version)
        return Written(200, record.uuid)

    def cleaned(self, step: Any, record: Any, request: Request) -> tuple[dict[str, Any], str]:
        """The data of a step that is open; one that is not open is refused before its fields are read."""
        given: Any = request.data
        if any(offer.step.name == step.name for offer in open_to(self.actor, record)):
            return steps.clean(step, self.actor, record, given)
        return {}, str(given.get(steps.NOTE) or "")
