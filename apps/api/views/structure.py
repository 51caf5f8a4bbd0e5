"""Who the caller is, and the mission's structure by its codes: what clients need to fill in a record."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.operations import Operation, query
from apps.api.paging import keyset_page, paged_serializer
from apps.api.serializers import OrganisationRef
from apps.api.views.base import Endpoint
from apps.joc_products.models import ProductTemplate
from apps.joc_products.vocabulary import Kind
from apps.mission.models import Area, Compartment, DataType, Organisation, Position, Sector, VocabularyTerm
from apps.mission.vocabulary import Classification, Role
from apps.need_to_know.acting import missions_of
from apps.need_to_know.known import unknown
from apps.pages.listing import PLACE
from apps.records.registry import all_types


class EntranceSerializer(serializers.Serializer[Any]):
    """Where things are: record types by their path, and the mission's structure."""

    records = serializers.DictField(child=serializers.URLField())
    structure = serializers.DictField(child=serializers.URLField())
    search = serializers.URLField()
    me = serializers.URLField()
    schema = serializers.URLField()
    reference = serializers.URLField()


class Entrance(Endpoint):
    """The index."""

    def operations(self) -> dict[str, Operation]:
        """Read."""
        return {"GET": Operation("index", _("Where everything is"), EntranceSerializer)}

    def get(self, request: Request) -> Response:
        """Addresses."""

        def at(name: str) -> str:
            return request.build_absolute_uri(reverse(f"api:{name}"))

        return Response(
            {
                "records": {t.plural: at(f"{t.key}:list") for t in all_types()},
                "structure": {name: at(name) for name in STRUCTURE},
                "search": at("search"),
                "me": at("me"),
                "schema": at("schema"),
                "reference": at("reference"),
            }
        )


class MissionSerializer(serializers.Serializer[Any]):
    """A mission; its code goes into the header X-Mission to work in it."""

    code = serializers.CharField()
    name = serializers.CharField()
    time_zone = serializers.CharField()
    is_exercise = serializers.BooleanField()


class HeldSerializer(serializers.Serializer[Any]):
    """A position that you hold now."""

    id = serializers.UUIDField(source="uuid")
    title = serializers.CharField()
    organisation = OrganisationRef()
    roles = serializers.SerializerMethodField(help_text=_("codes of its roles"))

    def get_roles(self, position: Position) -> list[str]:
        """Codes of its roles."""
        return sorted({held.role for held in position.roles.all()})


class MeSerializer(serializers.Serializer[Any]):
    """You: the mission that this call works in, and the positions that you hold there now."""

    name = serializers.CharField()
    email = serializers.EmailField()
    language = serializers.CharField()
    time_zone = serializers.CharField()
    mission = MissionSerializer(allow_null=True)
    missions = MissionSerializer(many=True)
    positions = HeldSerializer(many=True)
    clearance = serializers.ChoiceField(choices=Classification.choices)
    compartments = serializers.ListField(child=serializers.CharField())


class Me(Endpoint):
    """The caller."""

    def operations(self) -> dict[str, Operation]:
        """Read."""
        return {"GET": Operation("me", _("Who you are, and in which positions"), MeSerializer)}

    def get(self, request: Request) -> Response:
        """Person, missions, positions; the latter empty for somebody who holds none."""
        user: Any = request.user
        actor = getattr(request._request, "actor", None)
        held = actor.compartments if actor else ()
        said = {
            "name": user.name,
            "email": user.email,
            "language": user.language,
            "time_zone": user.time_zone,
            "mission": actor.mission if actor else None,
            "missions": missions_of(user),
            "positions": actor.positions if actor else [],
            "clearance": actor.clearance if actor else 0,
            "compartments": list(Compartment.objects.filter(pk__in=held).values_list("code", flat=True))
            if held
            else [],
        }
        return Response(MeSerializer(said).data)


class AreaSerializer(serializers.ModelSerializer[Area]):
    """An administrative area."""

    parent = serializers.CharField(  # type: ignore[assignment]
        source="parent.pcode", allow_null=True, default=None
    )

    class Meta:
        model = Area
        fields = ("pcode", "name", "level", "parent", "latitude", "longitude", "valid_from", "valid_to")


class SectorSerializer(serializers.ModelSerializer[Sector]):
    """A sector or cluster."""

    class Meta:
        model = Sector
        fields = ("code", "name")


class TermSerializer(serializers.ModelSerializer[VocabularyTerm]):
    """A term of one of the mission's own lists."""

    class Meta:
        model = VocabularyTerm
        fields = ("vocabulary", "code", "label")


class CompartmentSerializer(serializers.ModelSerializer[Compartment]):
    """A compartment that you hold."""

    class Meta:
        model = Compartment
        fields = ("code", "name")


class DataTypeSerializer(serializers.ModelSerializer[DataType]):
    """A kind of protected data, and the sides that never read it."""

    barred_sides = serializers.ListField(child=serializers.CharField(), help_text=_("codes of sides"))

    class Meta:
        model = DataType
        fields = ("code", "name", "description", "barred_sides")


class OrganisationSerializer(serializers.ModelSerializer[Organisation]):
    """An organisation of the mission."""

    id = serializers.UUIDField(source="uuid")

    class Meta:
        model = Organisation
        fields = ("id", "name", "acronym", "org_type", "side", "engagement_stance")


class PositionSerializer(serializers.ModelSerializer[Position]):
    """A position in use, without who holds it."""

    id = serializers.UUIDField(source="uuid")
    organisation = OrganisationRef()
    area = serializers.CharField(source="area.pcode", allow_null=True, default=None)
    roles = serializers.SerializerMethodField(help_text=_("codes of its roles"))

    class Meta:
        model = Position
        fields = ("id", "title", "organisation", "area", "roles")

    def get_roles(self, position: Position) -> list[str]:
        """Codes of its roles."""
        return sorted({held.role for held in position.roles.all()})


class ProductTemplateSerializer(serializers.ModelSerializer[ProductTemplate]):
    """What a kind of JOC product consists of, and by when it is due."""

    id = serializers.UUIDField(source="uuid")

    class Meta:
        model = ProductTemplate
        fields = (
            "id", "kind", "name", "release_hour", "incident_hours", "contributions_hours", "contributions_open",
        )  # fmt: skip


class StructureList(Endpoint):
    """A list of one kind of structure of the caller's mission."""

    row: Any = None
    named: str = ""
    column: str = "code"
    tie: str = ""
    said: Any = ""
    searched: tuple[str, ...] = ("name",)
    chosen: Mapping[str, tuple[str, Any]] = MappingProxyType({})  # parameter -> (lookup, choices)

    def operations(self) -> dict[str, Operation]:
        """List."""
        return {
            "GET": Operation(
                self.named, self.said, paged_serializer(self.row), parameters=self.parameters(),
                problems=("invalid",),
            )
        }  # fmt: skip

    def parameters(self) -> list[OpenApiParameter]:
        """Search, choices, cursor."""
        made = [query("q", _("Part of a name or code."))]
        made += [
            query(name, _("Only these."), choices=[str(c) for c, _text in choices] if choices else ())
            for name, (_lookup, choices) in self.chosen.items()
        ]
        return [*made, query(PLACE, _("Where the page begins; follow “next” and “previous”."))]

    def rows(self) -> QuerySet[Any]:
        """What the caller may know of."""
        model = self.row.Meta.model
        return model._default_manager.filter(mission=self.actor.mission)

    def get(self, request: Request) -> Response:
        """A page of rows."""
        rows, given, errors = self.rows(), request._request.GET, {}
        for name, value in given.items():
            if name not in {"q", PLACE, *self.chosen}:
                errors[name[:60]] = [_now("There is no such parameter.")]
            elif "\0" in value:
                errors[name] = [_now("Null characters are not allowed.")]
            elif name == "q" and value:
                found = Q()
                for column in self.searched:
                    found |= Q(**{f"{column}__icontains": value[:100]})
                rows = rows.filter(found)
            elif name in self.chosen and value:
                lookup, choices = self.chosen[name]
                if choices and value not in {str(code) for code, _text in choices}:
                    errors[name] = [_now("This is none of the choices.")]
                else:
                    rows = rows.filter(**{lookup: value})
        if errors:
            raise ValidationError(errors)
        return keyset_page(request, rows, self.column, self.row, tie=self.tie)


_LEVELS = [(str(level), "") for level in range(5)]


class Areas(StructureList):
    """Areas."""

    row, named, column, said = AreaSerializer, "areas", "pcode", _("List the areas")
    searched = ("name", "pcode")
    chosen = MappingProxyType({"level": ("level", _LEVELS), "parent": ("parent__pcode", None)})

    def rows(self) -> QuerySet[Any]:
        """With the area each is part of."""
        return super().rows().select_related("parent")


class Sectors(StructureList):
    """Sectors."""

    row, named, said = SectorSerializer, "sectors", _("List the sectors")
    searched = ("name", "code")


class Terms(StructureList):
    """Terms."""

    row, named, said = TermSerializer, "terms", _("List the terms of the mission’s own lists")
    column, tie, searched = "code", "vocabulary", ("label", "code")
    chosen = MappingProxyType({"vocabulary": ("vocabulary", VocabularyTerm.Vocabulary.choices)})

    def rows(self) -> QuerySet[Any]:
        """Terms in use."""
        return super().rows().filter(is_active=True)


class Compartments(StructureList):
    """Compartments."""

    row, named, said = CompartmentSerializer, "compartments", _("List the compartments that you hold")
    searched = ("name", "code")

    def rows(self) -> QuerySet[Any]:
        """SECURITY: a compartment that somebody does not hold is not named to them."""
        return super().rows().filter(pk__in=self.actor.compartments)


class DataTypes(StructureList):
    """Kinds of protected data."""

    row, named, said = DataTypeSerializer, "data-types", _("List the kinds of protected data")
    searched = ("name", "code")

    def rows(self) -> QuerySet[Any]:
        """Kinds in use."""
        return super().rows().filter(is_active=True)


class Organisations(StructureList):
    """Organisations."""

    row, named, said = OrganisationSerializer, "organisations", _("List the organisations")
    column, tie, searched = "name", "uuid", ("name", "acronym")

    def rows(self) -> QuerySet[Any]:
        """Organisations that the caller may know of."""
        return super().rows().exclude(unknown(self.actor))


class Positions(StructureList):
    """Positions."""

    row, named, said = PositionSerializer, "positions", _("List the positions in use")
    column, tie, searched = "title", "uuid", ("title", "organisation__name", "organisation__acronym")
    chosen = MappingProxyType({"role": ("roles__role", Role.choices)})

    def rows(self) -> QuerySet[Any]:
        """Positions in use, of organisations that the caller may know of."""
        rows = super().rows().filter(is_active=True).exclude(unknown(self.actor, "organisation")).distinct()
        return rows.select_related("organisation", "area").prefetch_related("roles")


class ProductTemplates(StructureList):
    """Templates of JOC products."""

    row, named, said = ProductTemplateSerializer, "product-templates", _("List the templates of JOC products")
    column, tie = "name", "uuid"
    chosen = MappingProxyType({"kind": ("kind", Kind.choices)})

    def rows(self) -> QuerySet[Any]:
        """Templates in use."""
        return super().rows().filter(is_active=True)


STRUCTURE: dict[str, type[StructureList]] = {
    view.named: view
    for view in (
        Areas,
        Sectors,
        Terms,
        Compartments,
        DataTypes,
        Organisations,
        Positions,
        ProductTemplates,
    )
}
