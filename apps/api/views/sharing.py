"""Who reads a record: grants given, shortened and taken back, who would read it under another label, who did."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist, ValidationError
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
from apps.need_to_know.grant_history import grant_history
from apps.need_to_know.grants import (
    Given,
    grant_give,
    grant_narrow,
    grant_revoke,
    grants_of,
    may_share,
)
from apps.need_to_know.models import Right
from apps.records.errors import NotPermitted
from apps.records.services import is_editor, label_check

RIGHTS = {right.value.removesuffix("_record"): right for right in Right}
KEY = "key"


class GrantSerializer(serializers.Serializer[Any]):
    """A grant: to whom, what, by whom, why, until when. `key` names it when it is shortened or taken back."""

    key = serializers.UUIDField()
    to = serializers.CharField()
    kind = serializers.CharField(
        help_text=_("position, organisation, person …; “restricted” for whom you may not know")
    )
    right = serializers.ChoiceField(choices=list(RIGHTS))
    granted_by = serializers.CharField()
    granted_at = Moment()
    reason = serializers.CharField()
    expires_at = Moment(allow_null=True)
    live = serializers.BooleanField()
    mine = serializers.BooleanField(help_text=_("whether it was given to you, so that you may give it up"))


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


class ShortenSerializer(StrictSerializer):
    """A sooner end of a grant."""

    until = Moment()


class Grants(OfRecord):
    """Grants on a record."""

    def operations(self) -> dict[str, Operation]:
        """List, give or renew, shorten, take back."""
        key = query(KEY, _("The “key” of the grant."))
        return {
            "GET": Operation("grants", _("List the grants"), GrantsSerializer, problems=("missing",)),
            "POST": Operation(
                "grant", _("Give a grant, or renew one"), GrantsSerializer, 201, takes=GiveSerializer,
                writes=True, problems=("missing",),
            ),
            "PATCH": Operation(
                "shorten", _("Let a grant end sooner"), GrantsSerializer, takes=ShortenSerializer, writes=True,
                parameters=[key], problems=("missing",),
            ),
            "DELETE": Operation(
                "revoke", _("Take a grant back, or give up your own; it opens nothing any more"), GrantsSerializer,
                writes=True, parameters=[key], problems=("missing",),
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
    def patch(self, request: Request, uuid: UUID) -> Written:
        """Shorten one; its key stands in the address."""
        record = self.record(uuid)
        given = ShortenSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            grant_narrow(
                self.actor, record=record, key=self.key(request), until=given.validated_data["until"]
            )
        except ObjectDoesNotExist:
            raise ValidationError({KEY: [_now("There is no grant with this key.")]}) from None
        return Written(200)

    @once("gone")
    def delete(self, request: Request, uuid: UUID) -> Written:
        """Take one back; its key stands in the address or in the body."""
        record = self.record(uuid)
        grant_revoke(self.actor, record=record, key=self.key(request))
        return Written(200)

    def key(self, request: Request) -> str:
        """The key named by the call."""
        body: Any = request.data
        key = request._request.GET.get(KEY) or body.get(KEY)
        if not isinstance(key, str) or not key:
            raise ValidationError({KEY: [_now("Name the grant by its key.")]})
        return key

    def gone(self, request: Request, subject: UUID | None, uuid: UUID) -> Response:
        """The grants that are left; none for somebody who gave up what had opened the record to them."""
        try:
            return self.shown(request, subject, uuid)
        except ObjectDoesNotExist:
            return Response({"may_share": False, "results": []})

    def shown(self, request: Request, subject: UUID | None, uuid: UUID) -> Response:
        """The grants as they are now."""
        record = self.record(uuid)
        rows = [_grant_json(given) for given in grants_of(record, self.actor)]
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
        "mine": given.mine,
    }


class GrantChangeSerializer(serializers.Serializer[Any]):
    """What became of a grant: given, renewed, shortened or revoked. Names that you may not know are empty."""

    at = Moment()
    by = serializers.CharField()
    did = serializers.ChoiceField(choices=["given", "renewed", "shortened", "revoked"])
    to = serializers.CharField()
    kind = serializers.CharField()
    right = serializers.ChoiceField(choices=list(RIGHTS), allow_null=True)
    reason = serializers.CharField()
    until = Moment(allow_null=True)


class GrantChangesSerializer(serializers.Serializer[Any]):
    """The last changes of the grants on a record, the newest first."""

    results = GrantChangeSerializer(many=True)


class GrantHistory(OfRecord):
    """What became of the grants on a record."""

    def operations(self) -> dict[str, Operation]:
        """List."""
        return {
            "GET": Operation(
                "grant_history", _("Read what was given, renewed, shortened and taken back"), GrantChangesSerializer,
                problems=("missing",),
            )
        }  # fmt: skip

    def get(self, request: Request, uuid: UUID) -> Response:
        """All changes, at most 200."""
        moment = Moment().to_representation
        rows = [
            {
                "at": moment(each.at),
                "by": each.by,
                "did": each.did,
                "to": each.to,
                "kind": each.kind,
                "right": each.right.removesuffix("_record") if each.right else None,
                "reason": each.reason,
                "until": moment(each.until) if each.until else None,
            }
            for each in grant_history(self.actor, self.record(uuid))
        ]
        return Response({"results": rows})


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
    """Who would read the record. `shut_out` are positions that are named but not cleared for the label.

    `people` counts all; of them, `unnamed_people` stand for organisations whose names you may not know.
    """

    people = serializers.IntegerField()
    unnamed_people = serializers.IntegerField()
    unnamed_positions = serializers.IntegerField()
    organisations = ReadersSerializer(many=True)
    shut_out = serializers.ListField(child=serializers.CharField())
    barred = serializers.ListField(
        child=serializers.CharField(),
        help_text=_("positions named on a side that never reads what the record holds"),
    )


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
        ).as_seen_by(self.actor)  # fmt: skip
        by_organisation = [
            {"organisation": name, "readers": [{"name": r.name, "position": r.position} for r in readers]}
            for name, readers in found.organisations.items()
        ]
        return Response(
            {
                "people": found.people,
                "unnamed_people": found.unnamed_people,
                "unnamed_positions": found.unnamed_positions,
                "organisations": by_organisation,
                "shut_out": [str(each) for each in found.shut_out if not each.barred],
                "barred": [str(each) for each in found.shut_out if each.barred],
            }
        )
