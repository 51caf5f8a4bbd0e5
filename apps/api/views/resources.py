"""Resources by programs: what organisations can give. What is asked of them is in `views.asked`."""

from __future__ import annotations

import copy
from collections.abc import Collection, Sequence
from hashlib import sha256
from typing import Any, cast
from uuid import UUID

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.apart import IdentifiedSerializer
from apps.api.form_bodies import body_serializer, filled
from apps.api.idempotency import Written, once
from apps.api.operations import Operation, query
from apps.api.paging import anchored_page, paged, paged_serializer
from apps.api.versions import must_match
from apps.api.views.base import Endpoint
from apps.api.views.newest import place_parameter
from apps.joint_plans import resources
from apps.joint_plans.models import Resource
from apps.joint_plans.resource_forms import ResourceForm
from apps.mission.models import Organisation, Position
from apps.mission.vocabulary import RequestKind
from apps.need_to_know.known import known_organisations, unknown_organisation_ids
from apps.pages.listing import PLACE
from apps.records.apart import Named
from apps.records.errors import NotPermitted

KIND = "kind"
_NAMED = {"keeper": Named(Position), "readers": Named(Organisation, key="group_id")}
_WRITTEN = tuple(ResourceForm.base_fields)
_ONLY_READ = ("id", "url", "organisation")
CODE_OR_NULL = {"type": ["string", "null"], "format": "uuid"}

OfferBody = body_serializer(
    "OfferBody", ResourceForm, "What your organisation can give.", without=("is_active",)
)
OfferChangeBody = body_serializer("OfferChangeBody", ResourceForm, "What changes of an offer.", partial=True)


class ResourceSerializer(IdentifiedSerializer):
    """What an organisation can give. `readers` are told to that organisation alone."""

    url = serializers.SerializerMethodField()
    organisation = serializers.SerializerMethodField(help_text=_("null where you may not know it"))
    keeper = serializers.SerializerMethodField(help_text=_("null where you may not know it"))
    readers = serializers.SerializerMethodField(
        help_text=_("For a resource that opens to named organisations.")
    )

    class Meta:
        model = Resource
        fields = ("id", "url", "organisation", *_WRITTEN)
        read_only_fields = fields

    @extend_schema_field({"type": "string", "format": "uri-reference"})
    def get_url(self, resource: Resource) -> str:
        """Where it is, alone."""
        return reverse("api:resource", kwargs={"resource": resource.uuid})

    @extend_schema_field(CODE_OR_NULL)
    def get_organisation(self, resource: Resource) -> str | None:
        """Who gives it."""
        return str(resource.organisation.uuid) if self._is_known(resource) else None

    @extend_schema_field(CODE_OR_NULL)
    def get_keeper(self, resource: Resource) -> str | None:
        """The position that promises it."""
        return str(resource.keeper.uuid) if self._is_known(resource) else None

    @extend_schema_field({"type": ["array", "null"], "items": {"type": "string", "format": "uuid"}})
    def get_readers(self, resource: Resource) -> list[str] | None:
        """SECURITY: to whom it opens by name is told to those alone who offer it."""
        readers = self.context["readers"].get(resource.pk)
        return None if readers is None else [str(code) for code in readers]

    def _is_known(self, resource: Resource) -> bool:
        return resource.organisation_id not in unknown_organisation_ids(self.context["actor"])


def narrowed(request: Request, name: str, choices: Sequence[str]) -> str:
    """What the one filter of such a list asks for; empty where it asks for all. ValidationError by parameter."""
    given = request._request.GET
    errors = {each[:60]: [_now("There is no such parameter.")] for each in given if each not in (name, PLACE)}
    if name in given:
        try:
            serializers.ChoiceField(choices=list(choices)).run_validation(given[name])
        except serializers.ValidationError as wrong:
            errors[name] = [str(text) for text in wrong.detail]
    if errors:
        raise ValidationError(errors)
    return str(given.get(name, ""))


def tag_of(resource: Resource) -> str:
    """What is different whenever an offer says something else, also what not all of its readers are told."""
    said = [resource.serializable_value(name) for name in _WRITTEN]
    return sha256(repr(said).encode()).hexdigest()[:32]


class OfResources(Endpoint):
    """An address of resources."""

    def json(self, found: Sequence[Resource]) -> list[Any]:
        """Resources as the caller may read them."""
        ours = set(resources.offering(self.actor).values_list("pk", flat=True))
        own = [row for row in found if row.organisation_id in ours]
        named = {group for row in own for group in row.readers}
        known = known_organisations(self.actor).filter(group_id__in=named).values_list("group_id", "uuid")
        codes: dict[int | None, UUID] = dict(known) if named else {}
        readers = {row.pk: [codes[group] for group in row.readers if group in codes] for row in own}
        return list(ResourceSerializer(found, many=True, context=self.context | {"readers": readers}).data)

    def shown(self, request: Request, subject: UUID, resource: UUID | None = None) -> Response:
        """An offer, with its tag.

        SECURITY: to those alone who may change it: whoever tries values would find in it to whom it opens by name.
        """
        found = self.resource(subject)
        response = Response(self.json([found])[0])
        if resources.is_ours(self.actor, found):
            response["ETag"] = f'"{tag_of(found)}"'
        return response

    def resource(self, uuid: UUID, *, lock: bool = False) -> Resource:
        """An offer; ObjectDoesNotExist for one of which the caller does not learn."""
        rows = resources.resources_of(self.actor)
        return (rows.select_for_update(of=("self",)) if lock else rows).get(uuid=uuid)


class ResourcesAll(OfResources):
    """What organisations can give."""

    def operations(self) -> dict[str, Operation]:
        """List and offer."""
        return {
            "GET": Operation(
                "resources", _("List what organisations can give, by kind"), paged_serializer(ResourceSerializer),
                parameters=[query(KIND, _("Of one kind."), choices=RequestKind.values), place_parameter()],
                problems=("invalid",),
            ),
            "POST": Operation(
                "resource_offer", _("Offer a resource"), ResourceSerializer, 201, takes=OfferBody, writes=True,
                help=_("In the name of your organisation, by a position of it that promises it."),
            ),
        }  # fmt: skip

    def get(self, request: Request) -> Response:
        """A page. ValidationError by parameter."""
        kind = narrowed(request, KIND, RequestKind.values)
        rows = resources.resources_of(self.actor)
        anchors = Resource.objects.filter(mission=self.actor.mission)
        wanted = rows.filter(kind=kind) if kind else rows
        found, places = anchored_page(request, wanted, anchors, ("kind", "capability", "id"), "resources")
        return paged(request, self.json(found), **places)

    @once("offered")
    def post(self, request: Request) -> Written:
        """Offer one."""
        if not resources.offering(self.actor).exists():
            raise NotPermitted
        form, _named = filled(
            lambda data: ResourceForm(data, actor=self.actor, instance=Resource()),
            cast("dict[str, Any]", request.data), named=_NAMED,
        )  # fmt: skip
        return Written(201, resources.resource_save(self.actor, resource=form.instance).uuid)

    def offered(self, request: Request, subject: UUID) -> Response:
        """The offer, and where it is."""
        response = self.shown(request, subject)
        response["Location"] = reverse("api:resource", kwargs={"resource": subject})
        return response


class ResourceOne(OfResources):
    """One offer."""

    def operations(self) -> dict[str, Operation]:
        """Read and change."""
        return {
            "GET": Operation(
                "resource", _("Read what an organisation can give"), ResourceSerializer, problems=("missing",)
            ),
            "PATCH": Operation(
                "resource_change", _("Change the fields that you name"), ResourceSerializer, takes=OfferChangeBody,
                writes=True, version="needed", problems=("missing", "stale", "version-needed"),
                help=_("For the organisation that gives it."),
            ),
        }  # fmt: skip

    def get(self, request: Request, resource: UUID) -> Response:
        """The offer."""
        return self.shown(request, resource)

    @once("shown")
    def patch(self, request: Request, resource: UUID) -> Written:
        """Change what the body names, and no more."""
        if not resources.is_ours(self.actor, self.resource(resource)):
            raise NotPermitted
        row = self.resource(resource, lock=True)
        must_match(request, tag_of(row))
        body = cast("dict[str, Any]", request.data)
        given = {name: value for name, value in body.items() if name not in _ONLY_READ}
        form, named = filled(
            lambda data: ResourceForm(data, actor=self.actor, instance=copy.copy(row)), given, named=_NAMED
        )
        self.take_over(row, form.instance, named)
        return Written(200, row.uuid)

    def take_over(self, row: Resource, said: Resource, named: Collection[str]) -> None:
        """Store of what the form made the fields that were named."""
        for name in named:
            setattr(row, name, getattr(said, name))
        resources.resource_save(self.actor, resource=row)
