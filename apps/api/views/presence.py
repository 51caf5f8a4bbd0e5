"""Presence by programs: who does what, where and when; one organisation's rows; overlaps; points as GeoJSON."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.idempotency import Written, once
from apps.api.operations import Operation, query
from apps.api.paging import PAGE, paged, paged_serializer
from apps.api.selectors import place_check
from apps.api.serializers import PositionRef, StrictModelSerializer, address
from apps.api.views.base import Endpoint, OfRecord
from apps.api.views.newest import place_parameter
from apps.pages.leaving import put_headers
from apps.pages.listing import PLACE
from apps.pages.structure import Structure
from apps.records.actors import Actor
from apps.records.errors import NotPermitted
from apps.records.marking import marking_of
from apps.stakeholders.models import Presence, Stakeholder
from apps.stakeholders.presence import overlaps, services
from apps.stakeholders.presence.filtering import PresenceFilters
from apps.stakeholders.presence.listing import ORDER, PresenceListing

_WRITTEN = (
    "activity", "role", "sector", "area", "place", "latitude", "longitude", "start", "end", "status", "population",
    "targeted", "reached", "source", "may_hint",
)  # fmt: skip


class StakeholderRef(serializers.ModelSerializer[Stakeholder]):
    """The organisation whose activity it is, and how it is engaged."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    url = serializers.SerializerMethodField()
    kind = serializers.CharField(read_only=True)
    side = serializers.CharField(read_only=True)
    stance = serializers.CharField(read_only=True)

    class Meta:
        model = Stakeholder
        fields = ("id", "reference", "url", "title", "acronym", "kind", "side", "stance")
        read_only_fields = fields

    @extend_schema_field({"type": "string", "format": "uri-reference"})
    def get_url(self, record: Stakeholder) -> str:
        """Where its whole record is."""
        return address(record)


class PresenceSerializer(StrictModelSerializer):
    """What an organisation does in an area, from when until when."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    stakeholder = StakeholderRef(read_only=True)

    class Meta:
        model = Presence
        fields = ("id", "stakeholder", *_WRITTEN, "updated_at")
        read_only_fields = ("updated_at",)


class OverlapSerializer(serializers.Serializer[Any]):
    """Activities of a civil and a mission organisation in one district, sector and time: the first three of each."""

    civil = PresenceSerializer(many=True)
    mission = PresenceSerializer(many=True)


class HintSerializer(serializers.Serializer[Any]):
    """A row of yours where somebody is active whom you may not see; named to CMCoord officers alone."""

    presence = PresenceSerializer()
    organisations = serializers.ListField(child=serializers.CharField())


class OverlapsSerializer(serializers.Serializer[Any]):
    """Possible duplication among what you read, and where you should ask; `officers` know whom."""

    overlaps = OverlapSerializer(many=True)
    more = serializers.BooleanField(help_text=_("whether there are more: choose an area or a sector"))
    hints = HintSerializer(many=True)
    officers = PositionRef(many=True)


def filter_parameters() -> list[Any]:
    """The filters, for the OpenAPI document."""
    fields: Any = PresenceFilters.base_fields

    def codes(field: Any) -> list[str]:
        return [code for code, _label in field.choices if code]

    return [
        query("q", _("Words in the organisation’s name or in the activity.")),
        query("area", _("P-code of an area: it and all within it.")),
        query("sector", _("Code of a sector.")),
        *(
            query(name, fields[name].label, choices=codes(fields[name]))
            for name in ("side", "role", "status")
        ),
        query("since", _("Active on this day or later (YYYY-MM-DD).")),
        query("until", _("Active on this day or earlier (YYYY-MM-DD).")),
    ]


def listing_of(
    actor: Actor,
    request: Request,
    *,
    stakeholder: Stakeholder | None = None,
    beside: tuple[str, ...] = (PLACE,),
) -> PresenceListing:
    """The list that an address asks for, whose other parameters are `beside`. ValidationError by parameter."""
    given = request._request.GET
    listing = PresenceListing(actor, given, stakeholder=stakeholder, size=PAGE)
    errors: dict[str, list[str]] = {}
    for name, values in given.lists():
        if name not in {*beside, *listing.filters.fields}:
            errors[name[:60]] = [_now("There is no such parameter.")]
        elif any("\0" in value for value in values):
            errors[name] = [_now("Null characters are not allowed.")]
    if not errors:
        errors = {name: [str(text) for text in texts] for name, texts in listing.filters.errors.items()}
    place_check(given, ORDER, errors)
    if errors:
        raise ValidationError(errors)
    return listing


def page_of(
    request: Request, listing: PresenceListing, context: dict[str, Any], *, reference: str
) -> Response:
    """A page of rows with the marking of what it holds."""
    page = listing.page
    response = paged(
        request, PresenceSerializer(page.rows, many=True, context=context).data,
        newer=page.newer, older=page.older, order=ORDER, first=page.is_first,
    )  # fmt: skip
    records = list({row.stakeholder_id: row.stakeholder for row in page.rows}.values())
    put_headers(response, marking_of(listing.actor, records, reference=reference, names=False))
    return response


class PresenceAll(Endpoint):
    """Who does what, where."""

    def operations(self) -> dict[str, Operation]:
        """List."""
        return {
            "GET": Operation(
                "presence", _("List who does what, where, by name of the organisation"),
                paged_serializer(PresenceSerializer), parameters=[*filter_parameters(), place_parameter()],
                problems=("invalid",),
                help=_("Of organisations on the register that you may read. `stance` says how to engage each."),
            )
        }  # fmt: skip

    def get(self, request: Request) -> Response:
        """A page."""
        return page_of(request, listing_of(self.actor, request), self.context, reference="presence")


class PresenceRows(OfRecord):
    """What one organisation does, where."""

    def operations(self) -> dict[str, Operation]:
        """List and add."""
        return {
            "GET": Operation(
                "presence", _("List what it does, where and when"), paged_serializer(PresenceSerializer),
                parameters=[*filter_parameters(), place_parameter()], problems=("missing", "invalid"),
            ),
            "POST": Operation(
                "presence_add", _("Add an activity; for those who keep its record"), PresenceSerializer, 201,
                takes=PresenceSerializer, writes=True, problems=("missing", "not-possible"),
                help=_("Coordinates are rounded as the mission shows places at the record’s sensitivity."),
            ),
        }  # fmt: skip

    def get(self, request: Request, uuid: UUID) -> Response:
        """A page of its rows."""
        record = self.record(uuid)
        listing = listing_of(self.actor, request, stakeholder=record)
        return page_of(request, listing, self.context, reference=record.reference)

    @once("shown")
    def post(self, request: Request, uuid: UUID) -> Written:
        """Add one."""
        record = self.record(uuid)
        if not services.may_write(self.actor, record):
            raise NotPermitted
        given = PresenceSerializer(data=request.data, context=self.context)
        given.is_valid(raise_exception=True)
        made = services.presence_save(
            self.actor, stakeholder=record, presence=Presence(**given.validated_data)
        )
        return Written(201, made.uuid)

    def row(self, uuid: UUID, row: UUID) -> Presence:
        """One of its rows; ObjectDoesNotExist for one of another record."""
        return Presence.objects.select_related("stakeholder", "area", "sector").get(
            stakeholder__uuid=uuid, uuid=row
        )

    def shown(self, request: Request, subject: UUID | None, uuid: UUID, row: UUID | None = None) -> Response:
        """A row as the caller may read it."""
        found = self.row(uuid, subject or uuid)
        response = Response(PresenceSerializer(found, context=self.context).data)
        put_headers(response, marking_of(self.actor, [found.stakeholder], names=False))
        return response


class PresenceRow(PresenceRows):
    """One of its activities."""

    http_method_names = ["get", "patch", "delete", "head", "options"]

    def operations(self) -> dict[str, Operation]:
        """Read, change, take away."""
        return {
            "GET": Operation(
                "presence_row", _("Read one activity"), PresenceSerializer, problems=("missing",)
            ),
            "PATCH": Operation(
                "presence_change", _("Change an activity"), PresenceSerializer, takes=PresenceSerializer,
                writes=True, problems=("missing", "not-possible"),
            ),
            "DELETE": Operation(
                "presence_remove", _("Take an activity away"), None, 204, writes=True,
                problems=("missing", "not-possible"),
            ),
        }  # fmt: skip

    def get(self, request: Request, uuid: UUID, row: UUID) -> Response:  # type: ignore[override]
        """The row."""
        self.record(uuid)
        return self.shown(request, row, uuid)

    @once("shown")
    def patch(self, request: Request, uuid: UUID, row: UUID) -> Written:
        """Change what is named."""
        record, present = self.record(uuid), self.row(uuid, row)
        if not services.may_write(self.actor, record):
            raise NotPermitted
        given = PresenceSerializer(present, data=request.data, partial=True, context=self.context)
        given.is_valid(raise_exception=True)
        for name, value in given.validated_data.items():
            setattr(present, name, value)
        services.presence_save(self.actor, stakeholder=record, presence=present)
        return Written(200, present.uuid)

    @once("gone")
    def delete(self, request: Request, uuid: UUID, row: UUID) -> Written:
        """Take it away."""
        self.record(uuid)
        services.presence_remove(self.actor, presence=self.row(uuid, row))
        return Written(204)

    def gone(self, request: Request, subject: UUID | None, uuid: UUID, row: UUID) -> Response:
        """Nothing."""
        return Response(status=204)


class PresenceOverlaps(Endpoint):
    """Where civil and mission activities meet, and where somebody should be asked."""

    def operations(self) -> dict[str, Operation]:
        """Read."""
        return {
            "GET": Operation(
                "presence_overlaps", _("Read where civil and mission activities may do the same"), OverlapsSerializer,
                parameters=[
                    query("area", _("P-code of an area: it and all within it.")),
                    query("sector", _("Code of a sector.")),
                ],
                problems=("invalid",),
                help=_(
                    "Pairs whose two ends you read, and hints: rows of yours in whose district, sector and time "
                    "somebody is active whom you may not see. Ask one of the officers."
                ),
            )
        }  # fmt: skip

    def get(self, request: Request) -> Response:
        """Pairs under the filters; hints about one's own rows."""
        areas, sector = self.filters(request)
        found = overlaps.overlaps(self.actor, areas=areas, sector=sector)
        hinted = overlaps.hints(areas=areas, sector=sector)
        said = {
            "overlaps": found,
            "more": len(found) == overlaps.MOST or len(hinted) == overlaps.HINTS_MOST,
            "hints": hinted,
            "officers": overlaps.officers(self.actor) if hinted else [],
        }
        response = Response(OverlapsSerializer(said, context=self.context).data)
        rows = [row for each in found for row in (*each.civil, *each.mission)] + [h.presence for h in hinted]
        records = list({row.stakeholder_id: row.stakeholder for row in rows}.values())
        put_headers(response, marking_of(self.actor, records, reference="overlaps", names=False))
        return response

    def filters(self, request: Request) -> tuple[list[int] | None, int | None]:
        """Ids of the areas and of the sector asked for. ValidationError by parameter."""
        given, errors = request._request.GET, {}
        structure, ids = Structure(self.actor), {}
        for name, value in given.items():
            if name not in ("area", "sector"):
                errors[name[:60]] = [_now("There is no such parameter.")]
            elif value:
                ids[name] = structure.ids(name, str(value))
                if not ids[name]:
                    errors[name] = [_now("There is nothing with this code in your mission.")]
        if errors:
            raise ValidationError(errors)
        return ids.get("area"), ids["sector"][0] if "sector" in ids else None
