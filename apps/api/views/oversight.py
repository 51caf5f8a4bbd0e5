"""What is said of sharing as a whole: the audit's log of reads, for auditors, and the protocol, for everybody."""

from __future__ import annotations

import logging
from datetime import date
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.access.selectors import ReadFilters, reads_filtered
from apps.api.operations import Operation, query
from apps.api.paging import paged_serializer
from apps.api.problems import ApiProblem
from apps.api.serializers import Moment, PositionRef
from apps.api.views.base import Endpoint
from apps.api.views.newest import NewestFirst, place_parameter
from apps.mission.models import DefaultLabel, ProtocolLine, SharingProtocol
from apps.mission.vocabulary import Classification, Scope, Sensitivity
from apps.need_to_know.known import unknown_organisation_ids
from apps.need_to_know.models import Channel
from apps.need_to_know.models.reading import Via
from apps.records.actors import NoActor

log = logging.getLogger(__name__)

_DAYS = ("first_day", "last_day")


class ReadSerializer(serializers.Serializer[Any]):
    """A read of a restricted record. It says nothing of the record but its reference."""

    at = Moment()
    reference = serializers.CharField()
    number = serializers.IntegerField(allow_null=True, help_text=_("of the entry within its record's chain"))
    person = serializers.CharField(source="person.name")
    email = serializers.EmailField(source="person.email")
    position = PositionRef(allow_null=True)
    channel = serializers.ChoiceField(choices=Channel.choices)
    via = serializers.ChoiceField(choices=Via.choices)
    classification = serializers.ChoiceField(
        choices=Classification.choices, allow_null=True,
        help_text=_("the highest of what was shown; null where it was not noted yet"),
    )  # fmt: skip
    purpose = serializers.CharField(allow_blank=True)
    hash = serializers.CharField()


class AuditReads(NewestFirst):
    """The log of reads, for auditors; to everybody else the address is missing."""

    row, column, tie = ReadSerializer, "at", "hash"
    known = ("person", "reference", "channel", "via", *_DAYS)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """For auditors."""
        super().initial(request, *args, **kwargs)
        if request.method == "OPTIONS":
            return
        try:
            if self.actor.audits:
                return
        except NoActor:
            pass
        raise ApiProblem("missing")

    def operations(self) -> dict[str, Operation]:
        """List."""
        parameters = [
            query("person", _("Part of a name, or an e-mail address.")),
            query("reference", _("The reference of a record.")),
            query("channel", _("Only these."), choices=Channel.values),
            query("via", _("Only these."), choices=Via.values),
            query("first_day", _("From this day on: 2026-11-30.")),
            query("last_day", _("Up to and including this day.")),
            place_parameter(),
        ]
        return {
            "GET": Operation(
                "audit_reads", _("List the log of reads of restricted records, for auditors"),
                paged_serializer(ReadSerializer), parameters=parameters, problems=("missing", "invalid"),
            )
        }  # fmt: skip

    def get(self, request: Request) -> Response:
        """A page, the newest first."""
        given, errors = request._request.GET, {}
        narrowed: dict[str, Any] = {}
        for name, choices in (("channel", Channel.values), ("via", Via.values)):
            if given.get(name) and given[name] not in choices:
                errors[name] = [_now("This is none of the choices.")]
        for name in _DAYS:
            if given.get(name) and (day := _day(given[name])) is None:
                errors[name] = [_now("Write a day as 2026-11-30.")]
            elif given.get(name):
                narrowed[name] = day
        if errors:
            raise ValidationError(errors)
        # SECURITY: who watches the watchers: outside the database, which an auditor's calls read.
        log.info("audit opened: person %s, mission %s, api", self.actor.user_id, self.actor.mission.pk)
        for name in ("person", "reference", "channel", "via"):
            narrowed[name] = given.get(name, "").replace("\0", "")[:100]
        return self.page(request, reads_filtered(self.actor, ReadFilters(**narrowed)))


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


class LineSerializer(serializers.ModelSerializer[ProtocolLine]):
    """A line of the protocol's table."""

    data_type = serializers.CharField(source="data_type.code")
    name = serializers.CharField(source="data_type.__str__")
    barred_sides = serializers.ListField(child=serializers.CharField(), source="data_type.barred_sides")
    classification = serializers.ChoiceField(choices=Classification.choices)
    sensitivity = serializers.ChoiceField(choices=Sensitivity.choices)

    class Meta:
        model = ProtocolLine
        fields = (
            "data_type", "name", "barred_sides", "classification", "sensitivity", "permitted", "channel"
        )  # fmt: skip


class DefaultLabelSerializer(serializers.ModelSerializer[DefaultLabel]):
    """The label that new records of a type begin with."""

    classification = serializers.ChoiceField(choices=Classification.choices)
    sensitivity = serializers.ChoiceField(choices=Sensitivity.choices)
    scope = serializers.ChoiceField(choices=Scope.choices)

    class Meta:
        model = DefaultLabel
        fields = ("record_type", "classification", "sensitivity", "scope")


class ProtocolSerializer(serializers.ModelSerializer[SharingProtocol]):
    """The information sharing protocol in force. `decimals` are those of coordinates, by sensitivity; −1 is none."""

    id = serializers.UUIDField(source="uuid")
    in_force_from = Moment(allow_null=True)
    decimals = serializers.ListField(child=serializers.IntegerField())
    breach_position = serializers.SerializerMethodField()
    lines = LineSerializer(many=True)
    default_labels = DefaultLabelSerializer(many=True)

    class Meta:
        model = SharingProtocol
        fields = (
            "id", "version", "title", "scope", "endorsed_by", "endorsed_on", "review_on", "in_force_from",
            "breach_procedure", "breach_position", "decimals", "break_glass_minutes", "review_days",
            "request_days", "ask_purpose", "lines", "default_labels",
        )  # fmt: skip

    def get_breach_position(self, protocol: SharingProtocol) -> str | None:
        """Whom to tell of a breach; null when the caller may not know the organisation."""
        position = protocol.breach_position
        if position is None or position.organisation_id in unknown_organisation_ids(self.context["actor"]):
            return None
        return f"{position.title}, {position.organisation.name}"


class Protocol(Endpoint):
    """The information sharing protocol."""

    def operations(self) -> dict[str, Operation]:
        """Read."""
        return {
            "GET": Operation(
                "protocol", _("The information sharing protocol in force"), ProtocolSerializer, problems=("missing",)
            )
        }  # fmt: skip

    def get(self, request: Request) -> Response:
        """The one in force; missing when there is none."""
        found = SharingProtocol.objects.filter(mission=self.actor.mission, state="in_force")
        protocol = (
            found.select_related("breach_position__organisation")
            .prefetch_related("lines__data_type", "default_labels")
            .first()
        )
        if protocol is None:
            raise ObjectDoesNotExist
        return Response(ProtocolSerializer(protocol, context=self.context).data)
