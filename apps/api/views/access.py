"""Asking for access by reference, and deciding on it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.access.selectors import opened_to, reading_positions, releases_of
from apps.api.codes import CodeField
from apps.api.idempotency import Written, once
from apps.api.operations import Operation
from apps.api.paging import PAGE, paged_serializer
from apps.api.serializers import Moment, PositionRef, address
from apps.api.views.attached import StrictSerializer
from apps.api.views.base import Endpoint
from apps.api.views.newest import NewestFirst, place_parameter
from apps.mission.models import Position
from apps.need_to_know.access_requests import (
    access_ask,
    access_decide,
    access_requests_of,
    access_requests_to_decide,
    access_withdraw,
    answer_parts,
    state_of,
)
from apps.need_to_know.models import AccessRequest, AccessRequestTarget, Wanted
from apps.pages.searching import referenced
from apps.records.errors import NotPermitted

REFUSE = "refuse"


class AccessRequestSerializer(serializers.Serializer[Any]):
    """A request of yours. While nobody gives anything it says nothing of whether there is such a record."""

    id = serializers.UUIDField(source="uuid")
    reference = serializers.CharField()
    wanted = serializers.ChoiceField(choices=Wanted.choices)
    purpose = serializers.CharField()
    until = Moment()
    position = PositionRef()
    reader = PositionRef()
    asked_at = Moment()
    answer_by = Moment(source="lapses_at")
    state = serializers.SerializerMethodField(help_text=_("open, given, withdrawn or ended"))
    given = serializers.CharField(help_text=_("full, summary or existence; empty while nothing is"))
    answer = serializers.SerializerMethodField()
    opened = serializers.SerializerMethodField(
        help_text=_("reference of what was opened to you; null when you do not read it now")
    )

    def get_state(self, request: AccessRequest) -> str:
        """Where it stands."""
        return state_of(request)

    def get_answer(self, request: AccessRequest) -> str:
        """What was said."""
        return answer_parts(request)[1]

    def get_opened(self, request: AccessRequest) -> str | None:
        """The reference, while it is open."""
        reference = answer_parts(request)[0]
        return reference if reference in self.context["opened"] else None


class AskSerializer(StrictSerializer):
    """A request for access. `reader` is who would read it: your own position unless you name another."""

    reference = serializers.CharField(max_length=30)
    wanted = serializers.ChoiceField(choices=Wanted.choices)
    purpose = serializers.CharField(max_length=300)
    until = Moment()
    position = CodeField(model=Position, required=False, allow_null=True, default=None)
    reader = CodeField(model=Position, required=False, allow_null=True, default=None)


class AccessRequests(NewestFirst):
    """Your requests for access."""

    row, column = AccessRequestSerializer, "asked_at"

    def operations(self) -> dict[str, Operation]:
        """List and ask."""
        return {
            "GET": Operation(
                "access_requests", _("List your requests for access"), paged_serializer(AccessRequestSerializer),
                parameters=[place_parameter()], problems=("invalid",),
            ),
            "POST": Operation(
                "access_ask", _("Ask for access to a record by its reference"), AccessRequestSerializer, 201,
                takes=AskSerializer, writes=True,
                help=_("The answer is the same whether or not there is such a record. Its owner decides."),
            ),
        }  # fmt: skip

    def get(self, request: Request) -> Response:
        """The newest first."""
        return self.page(request, access_requests_of(self.actor))

    def shown_rows(self, rows: list[Any]) -> Any:
        """With what is open to the caller now."""
        self.context["opened"] = opened_to(self.actor, rows)
        return super().shown_rows(rows)

    @once("shown")
    def post(self, request: Request) -> Written:
        """Ask."""
        given = AskSerializer(data=request.data, context=self.context)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        reading = reading_positions(self.actor)
        position = values["position"] or (reading[0] if reading else None)
        if position not in reading:
            raise NotPermitted
        # WHY: whoever asks for somebody else's reading (its author does) reads the record themselves.
        if values["reader"] in (None, position) and referenced(
            self.actor, values["reference"].strip().upper()
        ):
            raise ValidationError({"reference": [_now("You read this record already.")]})
        made = access_ask(
            self.actor, reference=values["reference"], wanted=values["wanted"], purpose=values["purpose"],
            until=values["until"], position=position, reader=values["reader"],
        )  # fmt: skip
        return Written(201, made.uuid)

    def shown(self, request: Request, subject: UUID) -> Response:
        """The request as it stands now."""
        return _shown_request(self, subject)


def _shown_request(view: Endpoint, uuid: UUID) -> Response:
    found = access_requests_of(view.actor).get(uuid=uuid)
    context = {**view.context, "opened": opened_to(view.actor, [found])}
    return Response(AccessRequestSerializer(found, context=context).data)


class AccessWithdrawal(Endpoint):
    """Taking a request back."""

    def operations(self) -> dict[str, Operation]:
        """Withdraw."""
        return {
            "POST": Operation(
                "access_withdraw", _("Withdraw one of your requests for access"), AccessRequestSerializer,
                writes=True, problems=("missing",),
            )
        }  # fmt: skip

    @once("shown")
    def post(self, request: Request, asked: UUID) -> Written:
        """Take it back while nothing is given."""
        access_withdraw(self.actor, request=access_requests_of(self.actor).get(uuid=asked))
        return Written(200, asked)

    def shown(self, request: Request, subject: UUID, asked: UUID) -> Response:
        """The request as it stands now."""
        return _shown_request(self, asked)


class ToDecideSerializer(serializers.Serializer[Any]):
    """A request on a record to which you may give access."""

    id = serializers.UUIDField(source="request.uuid")
    reference = serializers.CharField(source="record.reference")
    record = serializers.SerializerMethodField(help_text=_("address of the record"))
    asker = serializers.CharField(source="request.asker.name")
    position = PositionRef(source="request.position")
    reader = PositionRef(source="request.reader")
    wanted = serializers.ChoiceField(source="request.wanted", choices=Wanted.choices)
    purpose = serializers.CharField(source="request.purpose")
    until = Moment(source="request.until")
    asked_at = Moment(source="request.asked_at")
    answer_by = Moment(source="request.lapses_at")
    decided_at = Moment(allow_null=True)
    given = serializers.SerializerMethodField(
        help_text=_("full, summary, existence or refuse; empty while open")
    )
    summaries = serializers.SerializerMethodField(help_text=_("references of releases that can be given"))

    def get_record(self, target: AccessRequestTarget) -> str:
        """Its address."""
        return address(target.record)

    def get_given(self, target: AccessRequestTarget) -> str:
        """What was decided."""
        return REFUSE if target.refused else target.request.given

    def get_summaries(self, target: AccessRequestTarget) -> list[str]:
        """Releases drawn from the record."""
        return list(releases_of(target.record).values_list("reference", flat=True))


class AccessToDecide(Endpoint):
    """Requests that wait for your decision."""

    def operations(self) -> dict[str, Operation]:
        """List."""
        return {
            "GET": Operation(
                "access_to_decide", _("List requests that wait for your decision, what lapses first at the top"),
                paged_serializer(ToDecideSerializer), help=_("At most 100."),
            )
        }  # fmt: skip

    def get(self, request: Request) -> Response:
        """All of them, to a hundred."""
        rows = list(access_requests_to_decide(self.actor)[:PAGE])
        return Response({"next": None, "previous": None, "results": ToDecideSerializer(rows, many=True).data})


class AccessDecisionSerializer(StrictSerializer):
    """A decision. `release` is the reference of a summary; `remark` is kept for yourselves."""

    given = serializers.ChoiceField(choices=[*Wanted.choices, (REFUSE, _("Nothing"))])
    until = Moment(required=False, allow_null=True, default=None)
    release = serializers.CharField(max_length=30, required=False, allow_blank=True, default="")
    answer = serializers.CharField(max_length=1900, required=False, allow_blank=True, default="")
    remark = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class AccessDecision(Endpoint):
    """Deciding on a request."""

    def operations(self) -> dict[str, Operation]:
        """Decide."""
        return {
            "POST": Operation(
                "access_decide", _("Decide on a request for access, once"), ToDecideSerializer,
                takes=AccessDecisionSerializer, writes=True, problems=("missing", "conflict"),
                help=_("“refuse” is not told to the asker: they see what they would see without such a record."),
            )
        }  # fmt: skip

    def target(self, asked: UUID) -> AccessRequestTarget:
        """The request; DoesNotExist for whoever does not decide on it."""
        rows = AccessRequestTarget.objects.filter(request__mission=self.actor.mission)
        return rows.select_related(
            "record", "request__asker", "request__position__organisation", "request__reader__organisation"
        ).get(request__uuid=asked)  # fmt: skip

    @once("shown")
    def post(self, request: Request, asked: UUID) -> Written:
        """Decide."""
        target = self.target(asked)
        given = AccessDecisionSerializer(data=request.data, context=self.context)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        release = None
        if values["release"]:
            wanted = values["release"].strip().upper()
            release = releases_of(target.record).filter(reference=wanted).first()
        access_decide(
            self.actor, target=target, given="" if values["given"] == REFUSE else values["given"],
            answer=values["answer"], until=values["until"], release=release, remark=values["remark"],
        )  # fmt: skip
        return Written(200, asked)

    def shown(self, request: Request, subject: UUID, asked: UUID) -> Response:
        """The request as it stands now."""
        return Response(ToDecideSerializer(self.target(asked)).data)
