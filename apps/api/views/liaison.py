"""Liaison by programs: links between organisations, the matrix, whom to call in an area, hosts and counterparts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.idempotency import Written, once
from apps.api.operations import Operation, query
from apps.api.paging import paged_serializer
from apps.api.serializers import StrictModelSerializer
from apps.api.views.attached import StrictSerializer
from apps.api.views.base import Endpoint, OfRecord
from apps.api.views.newest import NewestFirst, place_parameter
from apps.api.views.presence import StakeholderRef
from apps.liaison_offices import calling, checking, matrix, selectors
from apps.liaison_offices.models import LiaisonLink, LiaisonOffice
from apps.liaison_offices.services import link_save, named_with, stakeholder_name, stakeholder_unname
from apps.liaison_offices.vocabulary import Level
from apps.mission.vocabulary import Side
from apps.records.errors import NotPermitted
from apps.records.services import is_editor
from apps.stakeholders.selectors import engageable

_WRITTEN = ("level", "mode", "primary", "alternate", "frequency_days", "area", "note", "is_active")


@extend_schema_field(OpenApiTypes.UUID)
class RecordId(serializers.Field[Any, Any, Any, Any]):
    """A record by its id; only one that the caller may choose can be named."""

    default_error_messages = {"unknown": _("There is nothing with this id that you could choose.")}

    def __init__(self, *, of: str, **kwargs: Any) -> None:
        self.of = of
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> Any:
        """The record."""
        actor = self.context["actor"]
        rows: Any = selectors.open_offices(actor) if self.of == "office" else engageable(actor)
        try:
            return rows.get(uuid=UUID(str(data)))
        except (ValueError, ObjectDoesNotExist):
            self.fail("unknown")

    def to_representation(self, value: Any) -> str:
        """Its id."""
        return str(value.uuid)


class LiaisonLinkSerializer(StrictModelSerializer):
    """Who is in touch with whom, at which level and how. The last contact is computed from engagements."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    a = RecordId(of="stakeholder", help_text=_("id of a stakeholder; stays as it was first written"))
    b = RecordId(of="stakeholder", help_text=_("id of a stakeholder; stays as it was first written"))
    a_title = serializers.CharField(source="a.title", read_only=True)
    b_title = serializers.CharField(source="b.title", read_only=True)
    office = serializers.SerializerMethodField(
        help_text=_("id of a liaison office; null where you read none")
    )

    class Meta:
        model = LiaisonLink
        fields = ("id", "a", "a_title", "b", "b_title", *_WRITTEN, "office", "last_contact_on")
        read_only_fields = ("last_contact_on",)

    @extend_schema_field({"type": "string", "format": "uuid", "nullable": True})
    def get_office(self, link: LiaisonLink) -> str | None:
        """The office, as far as the caller may know of it; read once for a page."""
        context: Any = self.context
        if "offices" not in context:
            rows = LiaisonOffice.objects.filter(mission=context["actor"].mission)
            context["offices"] = dict(rows.values_list("pk", "uuid"))
        found = context["offices"].get(link.office_id)
        return str(found) if found else None

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """No stance and no rule against it, and no second link of the kind."""
        link: Any = self.instance
        if link is not None and {"a", "b"} & set(attrs):
            stays = [_now("Both ends stay as they are.")]
            raise serializers.ValidationError({name: stays for name in ("a", "b") if name in attrs})
        said: dict[str, Any] = {
            name: attrs.get(name, getattr(link, name, None)) for name in ("a", "b", *_WRITTEN)
        }
        said["level"] = said["level"] or Level.OPERATIONAL
        said["mode"] = said["mode"] or LiaisonLink._meta.get_field("mode").get_default()
        if said["is_active"] is not False:
            checked = checking.link_checked(
                self.context["actor"], said["a"], said["b"], said, but=getattr(link, "pk", None)
            )
            if checked.errors:
                raise serializers.ValidationError({name: [text] for name, text in checked.errors.items()})
        return attrs


class ProblemOfLinkSerializer(serializers.Serializer[Any]):
    """What is wrong with a link: stale, uncovered, or against a rule."""

    kind = serializers.ChoiceField(choices=("stale", "uncovered", "rule"))
    text = serializers.CharField()


class MatrixLineSerializer(serializers.Serializer[Any]):
    """A link with what is wrong with it."""

    link = LiaisonLinkSerializer()
    problems = ProblemOfLinkSerializer(many=True)


class MissingLinkSerializer(serializers.Serializer[Any]):
    """Two organisations that a rule of the mission wants linked, and that are not."""

    a = StakeholderRef()
    b = StakeholderRef()
    where = serializers.CharField()


class MatrixSerializer(serializers.Serializer[Any]):
    """The liaison matrix: links with problems first, and links that are missing."""

    links = MatrixLineSerializer(many=True)
    missing = MissingLinkSerializer(many=True)


class Links(NewestFirst):
    """Links between organisations."""

    row = LiaisonLinkSerializer

    def operations(self) -> dict[str, Operation]:
        """List and make."""
        return {
            "GET": Operation(
                "liaison-links", _("List links between organisations, the newest first"),
                paged_serializer(LiaisonLinkSerializer), parameters=[place_parameter()], problems=("invalid",),
                help=_("Of organisations that you may read both."),
            ),
            "POST": Operation(
                "liaison-link-make", _("Link two organisations"), LiaisonLinkSerializer, 201,
                takes=LiaisonLinkSerializer, writes=True,
                help=_("For those who keep the record of either, CMCoord and CIMIC officers."),
            ),
        }  # fmt: skip

    def get(self, request: Request) -> Response:
        """A page."""
        return self.page(request, selectors.links(self.actor).select_related("primary", "alternate"))

    @once("shown")
    def post(self, request: Request) -> Written:
        """Make one."""
        given = LiaisonLinkSerializer(data=request.data, context=self.context)
        given.is_valid(raise_exception=True)
        made = link_save(self.actor, link=LiaisonLink(**given.validated_data))
        return Written(201, made.uuid)

    def link(self, pair: UUID | None) -> LiaisonLink:
        """A link; ObjectDoesNotExist where the caller may not know both ends."""
        rows = LiaisonLink.objects.filter(a__mission=self.actor.mission)
        return rows.select_related("a", "b", "area", "primary", "alternate").get(uuid=str(pair))

    def shown(self, request: Request, subject: UUID | None, pair: UUID | None = None) -> Response:
        """The link as the caller may read it."""
        return Response(LiaisonLinkSerializer(self.link(subject or pair), context=self.context).data)


class LinkOne(Links):
    """One link."""

    http_method_names = ["get", "patch", "head", "options"]

    def operations(self) -> dict[str, Operation]:
        """Read and change."""
        return {
            "GET": Operation("liaison-link", _("Read a link"), LiaisonLinkSerializer, problems=("missing",)),
            "PATCH": Operation(
                "liaison-link-change", _("Change a link, or take it out of use"), LiaisonLinkSerializer,
                takes=LiaisonLinkSerializer, writes=True, problems=("missing",),
            ),
        }  # fmt: skip

    def get(self, request: Request, pair: UUID) -> Response:  # type: ignore[override]
        """The link."""
        return self.shown(request, pair)

    @once("shown")
    def patch(self, request: Request, pair: UUID) -> Written:
        """Change what is named."""
        link = self.link(pair)
        given = LiaisonLinkSerializer(link, data=request.data, partial=True, context=self.context)
        given.is_valid(raise_exception=True)
        for name, value in given.validated_data.items():
            setattr(link, name, value)
        link_save(self.actor, link=link)
        return Written(200, link.uuid)


def _only(request: Request, *known: str) -> None:
    """ValidationError for parameters that are not known."""
    errors = {n[:60]: [_now("There is no such parameter.")] for n in request._request.GET if n not in known}
    if errors:
        raise ValidationError(errors)


class LiaisonMatrix(Endpoint):
    """Who speaks to whom, what is wrong with it, and where nobody does."""

    def operations(self) -> dict[str, Operation]:
        """Read."""
        return {
            "GET": Operation(
                "liaison-matrix", _("Read the liaison matrix"), MatrixSerializer, problems=("invalid",),
                parameters=[
                    query("area", _("P-code of an area: it and all within it.")),
                    query("side", _("Only links of this side."), choices=Side.values),
                    query("level", _("Only this level."), choices=Level.values),
                    query("problems", _("With any value: only links with a problem.")),
                ],
            )
        }  # fmt: skip

    def get(self, request: Request) -> Response:
        """The matrix under the filters."""
        _only(request, "area", "side", "level", "problems")
        found = matrix.read(self.actor, request._request.GET)
        for line in found.lines:
            for name in ("primary", "alternate"):
                setattr(line.link, name, found.posts.rows.get(getattr(line.link, f"{name}_id")))
        said = {
            "links": [
                {
                    "link": line.link,
                    "problems": [{"kind": kind, "text": text} for kind, text in line.problems],
                }
                for line in found.lines
            ],
            "missing": found.gaps,
        }
        return Response(MatrixSerializer(said, context=self.context).data)


class PostSerializer(serializers.Serializer[Any]):
    """A position with who holds it now; empty where you may not know it."""

    title = serializers.CharField()
    people = serializers.ListField(child=serializers.CharField())
    vacant = serializers.BooleanField()


class OfficeToCallSerializer(serializers.Serializer[Any]):
    """An office that answers for the area, and who is on duty there."""

    name = serializers.CharField()
    number = serializers.CharField(source="number.number", default="")
    reach = serializers.CharField()
    on_duty = PostSerializer(many=True)
    officers = PostSerializer(many=True)


class AgreedSerializer(serializers.Serializer[Any]):
    """What was agreed, and on which day."""

    held_on = serializers.DateField(allow_null=True)
    agreed = serializers.CharField()


class OpenSerializer(serializers.Serializer[Any]):
    """What is to be done, by whom and by when."""

    what = serializers.CharField()
    due = serializers.DateField(allow_null=True)
    owner = PostSerializer(allow_null=True)


class ThereSerializer(serializers.Serializer[Any]):
    """An organisation that is present there, how it is engaged, what was last agreed and what is open."""

    name = serializers.CharField()
    acronym = serializers.CharField()
    stance = serializers.CharField()
    how = serializers.CharField()
    engagement = serializers.CharField()
    agreed = AgreedSerializer(source="talks.agreed", allow_null=True)
    open = OpenSerializer(source="talks.open", many=True)


class CallingSerializer(serializers.Serializer[Any]):
    """Whom to call in an area."""

    offices = OfficeToCallSerializer(many=True)
    organisations = ThereSerializer(many=True)
    more = serializers.BooleanField(
        help_text=_("whether there are more organisations: choose a smaller area")
    )


class WhoToCall(Endpoint):
    """Whom to call in an area."""

    def operations(self) -> dict[str, Operation]:
        """Read."""
        return {
            "GET": Operation(
                "who-to-call", _("Read whom to call in an area"), CallingSerializer, problems=("invalid",),
                parameters=[query("area", _("P-code of an area: it and all within it."))],
                help=_("Offices and officers on duty, organisations, what was last agreed and what is open."),
            )
        }  # fmt: skip

    def get(self, request: Request) -> Response:
        """The page of that name, as data."""
        _only(request, "area")
        found = calling.in_area(self.actor, request._request.GET.get("area", "")[:20].replace("\0", ""))
        if found["area"] is None:
            raise ValidationError({"area": [_now("There is nothing with this code in your mission.")]})
        return Response(CallingSerializer(found | {"more": bool(found["more"])}, context=self.context).data)


class NamedSerializer(StrictSerializer):
    """An organisation that stands with the record."""

    stakeholder = RecordId(of="stakeholder")
    title = serializers.CharField(source="stakeholder.title", read_only=True)


class Named(OfRecord):
    """Hosts of an office, or counterparts of an engagement: those that the caller may know of."""

    def operations(self) -> dict[str, Operation]:
        """List, name, take back."""
        return {
            "GET": Operation(
                "with", _("List with whom it stands"), NamedSerializer(many=True), problems=("missing",)
            ),
            "POST": Operation(
                "with_add", _("Name an organisation; for those who keep the record"), NamedSerializer(many=True), 201,
                takes=NamedSerializer, writes=True, problems=("missing",),
            ),
            "DELETE": Operation(
                "with_remove", _("Take an organisation back"), NamedSerializer(many=True), takes=NamedSerializer,
                writes=True, problems=("missing",),
            ),
        }  # fmt: skip

    def get(self, request: Request, uuid: UUID) -> Response:
        """All of them."""
        return self.shown(request, None, uuid)

    def shown(self, request: Request, subject: UUID | None, uuid: UUID) -> Response:
        """All that the caller may know of."""
        rows = named_with(self.concrete(uuid))
        return Response(NamedSerializer(rows, many=True, context=self.context).data)

    def concrete(self, uuid: UUID) -> Any:
        """The record with its type's own columns."""
        return self.record_type.concrete(self.record(uuid))

    def given(self, request: Request, uuid: UUID) -> tuple[Any, Any]:
        """The record, the caller's to change, and the organisation named."""
        record = self.concrete(uuid)
        if not is_editor(self.actor, record):
            raise NotPermitted
        given = NamedSerializer(data=request.data, context=self.context)
        given.is_valid(raise_exception=True)
        return record, given.validated_data["stakeholder"]

    @once("shown")
    def post(self, request: Request, uuid: UUID) -> Written:
        """Name one; twice is once."""
        record, stakeholder = self.given(request, uuid)
        stakeholder_name(self.actor, record=record, stakeholder=stakeholder)
        return Written(201)

    @once("shown")
    def delete(self, request: Request, uuid: UUID) -> Written:
        """Take one back; one that is not there is taken back already."""
        record, stakeholder = self.given(request, uuid)
        for row in named_with(record):
            if row.stakeholder_id == stakeholder.pk:
                stakeholder_unname(self.actor, record=record, row_id=row.pk)
        return Written(200)
