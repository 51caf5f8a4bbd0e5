"""What becomes of a plan's parts, by programs: progress, what was decided, what indicators showed; their order.

What a part says, and whether an assumption still holds, is written where the part is (`views.apart`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, cast
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.apart import below_json, below_rows, below_serializer, shown_serializer
from apps.api.form_bodies import body_serializer, filled
from apps.api.idempotency import Written, once
from apps.api.operations import Operation
from apps.api.paging import anchored_page, paged, paged_serializer
from apps.api.versions import must_match
from apps.api.views.apart import RowsShown, marked
from apps.api.views.attached import StrictSerializer
from apps.api.views.newest import place_parameter
from apps.joint_plans import parts
from apps.joint_plans.part_forms import DecidedForm, ReadingForm, ReportForm
from apps.joint_plans.part_rows import PlanParts
from apps.joint_plans.vocabulary import PartKind
from apps.pages.listing import PLACE
from apps.records.actors import Actor
from apps.records.apart import Under

ON_A_PART = ("missing", "not-possible", "conflict", "stale", "version-needed")
BELOW_A_PART = ("missing", "not-possible", "conflict")

ReportBody = body_serializer(
    "ReportBody", ReportForm, "How far an activity is; without `report` it stays as it is."
)
DecidedBody = body_serializer("DecidedBody", DecidedForm, "What was decided, and when.")
ReadingBody = body_serializer("ReadingBody", ReadingForm, "What an indicator showed on a day.")


class MoveBody(StrictSerializer):
    """Whether it changes places with the part before or after it."""

    to = serializers.ChoiceField(choices=["up", "down"])


class OfPart(RowsShown):
    """An address below a part of a plan, of one kind where `kind` says so."""

    key = "parts"
    kind: ClassVar[str] = ""

    def part(self, uuid: UUID, item: UUID) -> Any:
        """The part; ObjectDoesNotExist for one that there is not, and for one of another kind."""
        part = PlanParts.get(self.record(uuid), item)
        if self.kind not in ("", part.kind):
            raise ObjectDoesNotExist
        return part

    def held(self, request: Request, part: Any, may: Callable[[Actor, Any], None]) -> Any:
        """The part as it stands, locked, for a write on what If-Match names by whoever `may`.

        WHY: whoever leads an activity may not lock the part, but the row with what is told of it.
        """
        may(self.actor, part)
        row = type(part)._default_manager.select_for_update(of=("self",)).get(pk=part.pk)
        must_match(request, PlanParts.tag(row))
        row.plan = part.plan
        return row

    @property
    def answer(self) -> type[serializers.Serializer[Any]]:
        """A part, for the OpenAPI document."""
        return shown_serializer(self.record_type.key, self.key)


class PartProgress(OfPart):
    """How far an activity is."""

    kind = PartKind.ACTIVITY

    def operations(self) -> dict[str, Operation]:
        """Report."""
        return {
            "POST": Operation(
                "parts_progress", _("Say how far an activity is"), self.answer, takes=ReportBody, writes=True,
                version="needed", problems=ON_A_PART,
                help=_("For whoever leads it or keeps the plan, while the plan is carried out."),
            )
        }  # fmt: skip

    @once("shown")
    def post(self, request: Request, uuid: UUID, item: UUID) -> Written:
        """Report."""
        row = self.held(request, self.part(uuid, item), parts.may_report)
        form, _named = filled(
            lambda data: ReportForm(data, initial={"report": row.report}),
            cast("dict[str, Any]", request.data),
        )
        parts.activity_report(self.actor, activity=row, **form.cleaned_data)
        return Written(200, row.uuid)


class PartOutcome(OfPart):
    """What was decided at a decision point."""

    kind = PartKind.DECISION_POINT

    def operations(self) -> dict[str, Operation]:
        """Write down."""
        return {
            "POST": Operation(
                "parts_outcome", _("Write down what was decided at a decision point"), self.answer, takes=DecidedBody,
                writes=True, version="needed", problems=ON_A_PART,
                help=_("For whoever keeps the plan, while the plan is carried out."),
            )
        }  # fmt: skip

    @once("shown")
    def post(self, request: Request, uuid: UUID, item: UUID) -> Written:
        """Write it down."""
        row = self.held(request, self.part(uuid, item), parts.may_decide)
        form, _named = filled(DecidedForm, cast("dict[str, Any]", request.data))
        parts.decision_note(self.actor, point=row, **form.cleaned_data)
        return Written(200, row.uuid)


class PartMove(OfPart):
    """The place of a part among those of its kind."""

    def operations(self) -> dict[str, Operation]:
        """Move."""
        return {
            "POST": Operation(
                "parts_move", _("Change places with the part before or after it"), self.answer, takes=MoveBody,
                writes=True, version="needed", problems=ON_A_PART,
                help=_("For those who keep the plan. The first one stays where it is on “up”, the last one on “down”."),
            )
        }  # fmt: skip

    @once("shown")
    def post(self, request: Request, uuid: UUID, item: UUID) -> Written:
        """Move it by one place."""
        row = self.locked(request, self.record(uuid), item)
        given = MoveBody(data=request.data)
        given.is_valid(raise_exception=True)
        parts.part_move(self.actor, part=row, up=given.validated_data["to"] == "up")
        return Written(200, row.uuid)


class BelowPart(OfPart):
    """Rows that hang on a part: those that its own answer begins with."""

    @property
    def under(self) -> Under:
        """What the declaration says of such rows."""
        return PlanParts.kinds[self.kind].under[0]

    def row_shown(self, request: Request, subject: UUID, uuid: UUID, item: UUID, **_kwargs: UUID) -> Response:
        """A row as the caller may read it now."""
        part = self.part(uuid, item)
        found = below_rows(self.under, part).get(uuid=subject)
        response = Response(below_json(self.under, [found], self.context)[0])
        return marked(response, self.actor, part.plan, [part.classification])


class BelowPartAll(BelowPart):
    """All such rows, in the order of `columns`, the last of which is unique."""

    columns: ClassVar[tuple[str, ...]] = ()

    def get(self, request: Request, uuid: UUID, item: UUID) -> Response:
        """A page. ValidationError by parameter."""
        part = self.part(uuid, item)
        given = request._request.GET
        if wrong := {name[:60]: [_now("There is no such parameter.")] for name in given if name != PLACE}:
            raise ValidationError(wrong)
        rows = below_rows(self.under, part)
        found, places = anchored_page(request, rows, rows, self.columns, self.under.key)
        response = paged(request, below_json(self.under, found, self.context), **places)
        return marked(response, self.actor, part.plan, [part.classification])


class PartReadings(BelowPartAll):
    """What an indicator showed."""

    kind, columns = PartKind.INDICATOR, ("on", "id")

    def operations(self) -> dict[str, Operation]:
        """List and add."""
        row = below_serializer(self.under)
        return {
            "GET": Operation(
                "parts_readings", _("List what an indicator showed, the oldest first"), paged_serializer(row),
                parameters=[place_parameter()], problems=("missing", "invalid"),
            ),
            "POST": Operation(
                "parts_readings_add", _("Say what an indicator showed"), row, 201, takes=ReadingBody, writes=True,
                problems=BELOW_A_PART,
                help=_("For those who take part, while the plan is carried out. Another reading of the day mends one."),
            ),
        }  # fmt: skip

    @once("row_shown")
    def post(self, request: Request, uuid: UUID, item: UUID) -> Written:
        """Add one."""
        part = self.part(uuid, item)
        parts.may_measure(self.actor, part)
        form, _named = filled(ReadingForm, cast("dict[str, Any]", request.data))
        made = parts.reading_add(self.actor, indicator=part, **form.cleaned_data)
        return Written(201, made.uuid)
