"""Joint plans by programs, beside what every record has and their parts: versions, and what changed between two."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.apart import IdentifiedSerializer, codes_of, row_serializer, united, with_structure
from apps.api.operations import Operation, query
from apps.api.paging import keyset_rows, paged, paged_serializer
from apps.api.serializers import StrictModelSerializer
from apps.api.views.apart import marked
from apps.api.views.base import OfRecord
from apps.api.views.newest import place_parameter
from apps.joint_plans import versions
from apps.joint_plans.models import Concurrence, JointPlan, Part, PartVersion, PlanVersion
from apps.joint_plans.part_rows import PlanParts
from apps.pages.listing import PLACE
from apps.pages.names import Names

#: What a version does not say of a part: whether it is still assumed, and on which record it rests.
_NOT_THEN = ("reference", "assumed")
_SAID = ("title", "kind", "purpose", "end_state", "area", "sector", "starts_on", "ends_on", "coordinator")
FROM = "from"

AnswerSerializer = row_serializer(
    StrictModelSerializer, Concurrence, ("organisation", "answer", "comment", "position", "at"), {}
)
PlanThenSerializer = row_serializer(StrictModelSerializer, JointPlan, _SAID, {})


class PlanVersionSerializer(StrictModelSerializer):
    """A version of a plan that circulated: when, why, and who said what of it."""

    url = serializers.SerializerMethodField()
    answers = serializers.SerializerMethodField(help_text=_("what contributing organisations said of it"))

    class Meta:
        model = PlanVersion
        fields: tuple[str, ...] = ("number", "url", "note", "at", "position", "endorsed_at", "answers")
        read_only_fields = fields
        extra_kwargs = {"position": {"allow_null": True}, "endorsed_at": {"allow_null": True}}

    @extend_schema_field({"type": "string", "format": "uri-reference"})
    def get_url(self, version: PlanVersion) -> str:
        """Where it is, whole."""
        return reverse(
            "api:joint_plan:version", kwargs={"uuid": self.context["record"].uuid, "number": version.number}
        )

    @extend_schema_field(AnswerSerializer(many=True))
    def get_answers(self, version: PlanVersion) -> Any:
        """In the order in which they were given."""
        return AnswerSerializer(self.context["answers"][version.number], many=True).data


@cache
def _part_then(kind: str) -> type[StrictModelSerializer]:
    return row_serializer(
        IdentifiedSerializer,
        PlanParts.kinds[kind].model,
        ("id", "kind", "code", *_said(kind)),
        PlanParts.named,
    )


def _said(kind: str) -> list[str]:
    return [name for name in PlanParts.kinds[kind].written if name not in _NOT_THEN]


PartThenSerializer = united(
    "PartThen", Part, {kind: _part_then(kind)().get_fields() for kind in PlanParts.kinds}, PlanParts.kinds
)


class PlanVersionWhole(PlanVersionSerializer):
    """A version as it was, as far as you read it now and would have read it then."""

    plan = PlanThenSerializer(read_only=True)
    parts = PartThenSerializer(many=True, read_only=True)

    class Meta(PlanVersionSerializer.Meta):
        fields = (*PlanVersionSerializer.Meta.fields, "plan", "parts")
        read_only_fields = fields


class ToldSerializer(serializers.Serializer[Any]):
    """A field that changed, in words."""

    label = serializers.CharField()  # type: ignore[assignment]
    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField(allow_blank=True)


class PartChangedSerializer(serializers.Serializer[Any]):
    """A part that was added, taken out or changed."""

    kind = serializers.CharField()
    code = serializers.CharField()
    title = serializers.CharField()
    how = serializers.ChoiceField(choices=["added", "removed", "changed"])
    fields = ToldSerializer(many=True)  # type: ignore[assignment]


class PlanDifferenceSerializer(serializers.Serializer[Any]):
    """What changed from one version to another, of what you read in both."""

    older = serializers.IntegerField()
    newer = serializers.IntegerField()
    plan = ToldSerializer(many=True)
    parts = PartChangedSerializer(many=True)


class OfVersions(OfRecord):
    """An address of a plan's versions."""

    def known(self, plan: JointPlan, found: Iterable[PlanVersion]) -> dict[str, Any]:
        """What the versions' serializers need: the plan, and what was answered to each of these versions."""
        answers: dict[int, list[Concurrence]] = defaultdict(list)
        rows = Concurrence.objects.filter(plan=plan, number__in=[each.number for each in found])
        for row in rows.select_related("organisation", "position"):
            answers[row.number].append(row)
        return self.context | {"record": plan, "answers": answers}

    def version(self, plan: JointPlan, number: int) -> PlanVersion:
        """A version; ObjectDoesNotExist for one that there is not."""
        return PlanVersion.objects.select_related("position").get(plan=plan, number=number)


class PlanVersions(OfVersions):
    """The versions of a plan that circulated."""

    def operations(self) -> dict[str, Operation]:
        """List."""
        return {
            "GET": Operation(
                "versions", _("List the versions that circulated, with the answers to each"),
                paged_serializer(PlanVersionSerializer), parameters=[place_parameter()],
                problems=("missing", "invalid"),
            )
        }  # fmt: skip

    def get(self, request: Request, uuid: UUID) -> Response:
        """A page, the oldest first. ValidationError by parameter."""
        plan = self.record(uuid)
        if wrong := {
            name[:60]: [_now("There is no such parameter.")] for name in request._request.GET if name != PLACE
        }:
            raise ValidationError(wrong)
        rows = PlanVersion.objects.filter(plan=plan).select_related("position")
        found, places = keyset_rows(request, rows, "number")
        said = PlanVersionSerializer(found, many=True, context=self.known(plan, found)).data
        return marked(paged(request, said, **places), self.actor, plan, [])


class PlanVersionOne(OfVersions):
    """One version, whole."""

    def operations(self) -> dict[str, Operation]:
        """Read."""
        return {
            "GET": Operation(
                "version", _("Read a version as it was"), PlanVersionWhole, problems=("missing",),
                help=_("A part is in it where you read it now and would have read it then."),
            )
        }  # fmt: skip

    def get(self, request: Request, uuid: UUID, number: int) -> Response:
        """What the plan said of itself, and its parts."""
        plan = self.record(uuid)
        found = self.version(plan, number)
        context = self.known(plan, [found])
        then = versions.filled(JointPlan(), found.content)
        parts = versions.rows_at(plan, number)
        with_structure([then, *parts])
        context["codes"] = codes_of(
            PlanParts.named, [(row, _part_then(row.kind).Meta.fields) for row in parts]
        )
        said = PlanVersionSerializer(found, context=context).data
        made = {kind: _part_then(kind)(context=context) for kind in {row.kind for row in parts}}
        said |= {
            "plan": PlanThenSerializer(then, context=context).data,
            "parts": [made[row.kind].to_representation(row) for row in parts],
        }
        return marked(Response(said), self.actor, plan, [row.classification for row in parts])


class PlanDifference(OfVersions):
    """What changed up to a version."""

    def operations(self) -> dict[str, Operation]:
        """Read."""
        return {
            "GET": Operation(
                "difference", _("Read what changed from one version to another, in words"), PlanDifferenceSerializer,
                parameters=[query(FROM, _("Number of the other version; the one before where none is named."))],
                problems=("missing", "invalid"),
            )
        }  # fmt: skip

    def get(self, request: Request, uuid: UUID, number: int) -> Response:
        """Of the plan itself, and of its parts by kind. ValidationError for a version that there is not."""
        plan = self.record(uuid)
        newer = self.version(plan, number).number
        told = versions.difference(plan, self.older(plan, newer, request), newer, Names(self.actor))
        rows = PartVersion.objects.filter(plan=plan, number__lte=newer)
        highest = rows.aggregate(most=Max("classification", default=0))["most"]
        return marked(Response(PlanDifferenceSerializer(told).data), self.actor, plan, [highest])

    def older(self, plan: JointPlan, newer: int, request: Request) -> int:
        """The number of the other version."""
        given = request._request.GET
        errors = {name[:60]: [_now("There is no such parameter.")] for name in given if name != FROM}
        said = given.get(FROM, str(max(1, newer - 1)))
        fits = said.isascii() and said.isdecimal() and len(said) < 10
        if not fits or not PlanVersion.objects.filter(plan=plan, number=int(said)).exists():
            errors[FROM] = [_now("There is no such version.")]
        if errors:
            raise ValidationError(errors)
        return int(said)
