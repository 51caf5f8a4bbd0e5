"""Who reads a record: grants given and taken back, and who would read it under another label."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.models import User
from apps.api.codes import CodeField, CompartmentCodes, DataTypeCodes
from apps.api.idempotency import Written, once
from apps.api.operations import Operation, query
from apps.api.serializers import Moment
from apps.api.views.attached import StrictSerializer
from apps.api.views.base import OfRecord
from apps.mission.models import Organisation, Position
from apps.mission.vocabulary import Classification, Scope
from apps.need_to_know.audience import audience_preview
from apps.need_to_know.grants import Given, grant_give, grant_revoke, grants_of, may_share
from apps.need_to_know.models import Right
from apps.records.errors import NotPermitted
from apps.records.services import is_editor, label_check

RIGHTS = {right.value.removesuffix("_record"): right for right in Right}
KEY = "key"


class GrantSerializer(serializers.Serializer[Any]):
    """A grant: to whom, what, by whom, why, until when. `key` names it when it is taken back."""

    key = serializers.CharField()
    to = serializers.CharField()
    kind = serializers.CharField(help_text=_("position, organisation, mission or person"))
    right = serializers.ChoiceField(choices=list(RIGHTS))
    granted_by = serializers.CharField()
    granted_at = Moment()
    reason = serializers.CharField()
    expires_at = Moment(allow_null=True)
    live = serializers.BooleanField()


class GrantsSerializer(serializers.Serializer[Any]):
    """The grants on a record, the newest first, and whether you may give and take back."""

    may_share = serializers.BooleanField()
    results = GrantSerializer(many=True)


class GiveSerializer(StrictSerializer):
    """A grant to one of: a position, an organisation, a person of your mission."""

    position = CodeField(model=Position, required=False)
    organisation = CodeField(model=Organisation, required=False)
    person = CodeField(model=User, required=False)
    right = serializers.ChoiceField(choices=list(RIGHTS), default="view")
    reason = serializers.CharField(max_length=300)
    until = Moment(required=False, allow_null=True, default=None)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Exactly one is named."""
        named = [name for name in ("position", "organisation", "person") if attrs.get(name) is not None]
        if len(named) != 1:
            raise serializers.ValidationError(
                {"position": [_("Name exactly one of: position, organisation, person.")]}
            )
        attrs["to"] = attrs[named[0]]
        attrs["named"] = named[0]
        return attrs


class Grants(OfRecord):
    """Grants on a record."""

    def operations(self) -> dict[str, Operation]:
        """List, give, take back."""
        return {
            "GET": Operation("grants", _("List the grants"), GrantsSerializer, problems=("missing",)),
            "POST": Operation(
                "grant", _("Give a grant, or renew one"), GrantsSerializer, 201, takes=GiveSerializer,
                writes=True, problems=("missing",),
            ),
            "DELETE": Operation(
                "revoke", _("Take a grant back; it opens nothing any more"), GrantsSerializer, writes=True,
                parameters=[query(KEY, _("The “key” of the grant."))], problems=("missing",),
            ),
        }  # fmt: skip

    def get(self, request: Request, uuid: UUID) -> Response:
        """All grants."""
        return self.shown(request, None, uuid)

    @once("shown")
    def post(self, request: Request, uuid: UUID) -> Written:
        """Give one."""
        record = self.record(uuid)
        given = GiveSerializer(data=request.data, context=self.context)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        try:
            grant_give(
                self.actor, record=record, to=values["to"], right=RIGHTS[values["right"]],
                reason=values["reason"], until=values["until"],
            )  # fmt: skip
        except ValidationError as error:
            wrong = error.message_dict
            raise ValidationError(
                {values["named"] if n == "to" else n: t for n, t in wrong.items()}
            ) from None
        return Written(201)

    @once("shown")
    def delete(self, request: Request, uuid: UUID) -> Written:
        """Take one back; its key stands in the address or in the body."""
        record = self.record(uuid)
        body: Any = request.data
        key = request._request.GET.get(KEY) or body.get(KEY)
        if not isinstance(key, str) or not key:
            raise ValidationError({KEY: [_now("Name the grant by its key.")]})
        grant_revoke(self.actor, record=record, key=key)
        return Written(200)

    def shown(self, request: Request, subject: UUID | None, uuid: UUID) -> Response:
        """The grants as they are now."""
        record = self.record(uuid)
        rows = [_grant_json(given) for given in grants_of(record)]
        return Response({"may_share": may_share(self.actor, record), "results": rows})


def _grant_json(given: Given) -> dict[str, Any]:
    moment = Moment().to_representation
    return {
        "key": given.key,
        "to": given.to,
        "kind": given.kind,
        "right": given.right.removesuffix("_record"),
        "granted_by": given.granted_by,
        "granted_at": moment(given.granted_at),
        "reason": given.reason,
        "expires_at": moment(given.expires_at) if given.expires_at else None,
        "live": not given.expired,
    }


class ProposalSerializer(StrictSerializer):
    """A proposed label; what is left out stays as it is."""

    scope = serializers.ChoiceField(choices=Scope.choices, required=False)
    classification = serializers.ChoiceField(choices=Classification.choices, required=False)
    compartments = CompartmentCodes(required=False)
    data_types = DataTypeCodes(required=False)


class ReaderSerializer(serializers.Serializer[Any]):
    """A person, in a position."""

    name = serializers.CharField()
    position = serializers.CharField()


class ReadersSerializer(serializers.Serializer[Any]):
    """Readers in one organisation."""

    organisation = serializers.CharField()
    readers = ReaderSerializer(many=True)


class AudienceSerializer(serializers.Serializer[Any]):
    """Who would read the record. `shut_out` are positions that are named but not cleared for the label."""

    people = serializers.IntegerField()
    organisations = ReadersSerializer(many=True)
    shut_out = serializers.ListField(child=serializers.CharField())


class AudiencePreview(OfRecord):
    """Who would read a record under another label."""

    def operations(self) -> dict[str, Operation]:
        """Preview."""
        return {
            "POST": Operation(
                "audience_preview", _("See who would read it under a proposed label; nothing is changed"),
                AudienceSerializer, takes=ProposalSerializer,
                problems=("missing", "invalid", "malformed", "media-type"),
            )
        }  # fmt: skip

    def post(self, request: Request, uuid: UUID) -> Response:
        """Readers by name, for those who may label or share the record."""
        record = self.record(uuid)
        # SECURITY: labels tried out one by one would tell any reader what others are cleared for.
        if not (is_editor(self.actor, record) or may_share(self.actor, record)):
            raise NotPermitted
        given = ProposalSerializer(data=request.data, context=self.context)
        given.is_valid(raise_exception=True)
        for name, value in given.validated_data.items():
            setattr(record, name, value)
        label_check(self.actor, record)
        found = audience_preview(
            self.actor, record=record, scope=record.scope, classification=record.classification,
            compartments=list(record.compartments), data_types=record.data_types,
            originator_group=record.originator.group_id,
            author_group=record.author_position.group_id,
        )  # fmt: skip
        by_organisation = [
            {"organisation": name, "readers": [{"name": r.name, "position": r.position} for r in readers]}
            for name, readers in found.organisations.items()
        ]
        return Response(
            {
                "people": found.people,
                "organisations": by_organisation,
                "shut_out": [str(s) for s in found.shut_out],
            }
        )
