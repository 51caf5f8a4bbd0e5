"""What people hang on a record: files, links; and its timeline. Comments are in a module of their own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.authors import author_known, author_name
from apps.api.codes import DataTypeCodes
from apps.api.connected import connected_json, end_json
from apps.api.idempotency import Written, once
from apps.api.operations import Operation, query
from apps.api.serializers import Moment
from apps.api.views.base import OfRecord
from apps.pages import timeline
from apps.pages.contents import timeline_of
from apps.pages.leaving import PURPOSE_MOST, file_answer, must_say_what_for
from apps.pages.names import Names
from apps.records import attachments
from apps.records.connections import connections
from apps.records.models import Attachment, Record, RecordLink
from apps.records.services import link_add
from apps.records.withheld import withheld_fill

BEFORE = "before"
PURPOSE = "purpose"
_MISSING = ("missing",)


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses names that it does not know."""

    def to_internal_value(self, data: Any) -> Any:
        """The values; unknown names are errors at their name."""
        unknown = [name for name in data if name not in self.fields]
        if unknown:
            raise serializers.ValidationError(
                {str(name)[:60]: [_("There is no such field.")] for name in unknown}
            )
        return super().to_internal_value(data)


class AttachmentSerializer(serializers.Serializer[Any]):
    """A file of a record."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    name = serializers.CharField(read_only=True)
    description = serializers.CharField(read_only=True)
    media_type = serializers.CharField(read_only=True)
    size = serializers.IntegerField(read_only=True, help_text=_("bytes, as it is stored"))
    sha256 = serializers.CharField(read_only=True, help_text=_("of the file as it is stored"))
    data_types = DataTypeCodes(read_only=True)
    author = serializers.SerializerMethodField(help_text=_("“restricted” for whom you may not know"))
    at = Moment(read_only=True)
    url = serializers.SerializerMethodField(help_text=_("where its content is"))

    def get_author(self, attachment: Attachment) -> str:
        """By name, if the caller may know it."""
        return author_name(attachment)

    def get_url(self, attachment: Attachment) -> str:
        """Where its content is."""
        record = self.context["record"]
        return reverse(
            f"api:{record.type}:attachment", kwargs={"uuid": record.uuid, "attachment": attachment.uuid}
        )


class UploadSerializer(StrictSerializer):
    """A file, what it shows, and the protected data that it holds."""

    file = serializers.FileField(max_length=180)
    description = serializers.CharField(max_length=200, required=False, allow_blank=True)
    data_types = DataTypeCodes(required=False)


class AttachmentsSerializer(serializers.Serializer[Any]):
    """The files of a record, oldest first."""

    results = AttachmentSerializer(many=True)


class Attachments(OfRecord):
    """Files of a record."""

    parser_classes = (MultiPartParser,)

    def operations(self) -> dict[str, Operation]:
        """List and upload."""
        return {
            "GET": Operation("attachments", _("List the files"), AttachmentsSerializer, problems=_MISSING),
            "POST": Operation(
                "attach", _("Upload a file; its type is told by its content"), AttachmentSerializer, 201,
                takes=UploadSerializer, takes_files=True, writes=True, problems=("missing",),
            ),
        }  # fmt: skip

    def get(self, request: Request, uuid: UUID) -> Response:
        """All files."""
        record = self.record(uuid)
        rows = author_known(record.attachments.select_related("author"), self.actor)
        return Response({"results": AttachmentSerializer(rows, many=True, context=self.context).data})

    @once("shown")
    def post(self, request: Request, uuid: UUID) -> Written:
        """Store one, after it was checked by its content."""
        record = self.record(uuid)
        given = UploadSerializer(data=request.data, context=self.context)
        given.is_valid(raise_exception=True)
        file = given.validated_data["file"]
        added = attachments.attachment_add(
            self.actor, record=record, name=file.name, content=file,
            description=given.validated_data.get("description", ""),
            data_types=given.validated_data.get("data_types", []),
        )  # fmt: skip
        return Written(201, added.uuid)

    def shown(self, request: Request, subject: UUID, uuid: UUID) -> Response:
        """The file added."""
        record = self.record(uuid)
        found = record.attachments.select_related("author").get(uuid=subject)
        return Response(AttachmentSerializer(found, context=self.context).data)


class AttachmentContent(OfRecord):
    """The content of a file."""

    def operations(self) -> dict[str, Operation]:
        """Download."""
        return {
            "GET": Operation(
                "download", _("Download a file"), OpenApiTypes.BINARY, media_type="application/octet-stream",
                help=_("The file carries its marking in its name, in the headers X-Label-… and, where its format "
                       "allows, inside. So its bytes differ from those that size and sha256 describe."),
                parameters=[query(PURPOSE, _("What you need it for, where the mission’s protocol asks that."))],
                problems=("missing", "invalid"),
            )
        }  # fmt: skip

    def get(self, request: Request, uuid: UUID, attachment: UUID) -> Any:
        """The bytes, for whoever reads the record now."""
        record = self.record(uuid)
        found = record.attachments.get(uuid=attachment)
        if must_say_what_for(self.actor, [record]):
            request._request.read_purpose = self.purpose(request)  # type: ignore[attr-defined]
        try:
            response = file_answer(self.actor, record, found)
        except FileNotFoundError:
            raise ObjectDoesNotExist from None
        # SECURITY: whatever the file is, a browser that shows it all the same runs nothing of it.
        response._csp_replace = {"default-src": ["'none'"], "sandbox": [""]}  # type: ignore[attr-defined]
        return response

    def purpose(self, request: Request) -> str:
        """What the caller needs it for. ValidationError at `purpose` when it is not said."""
        said = request._request.GET.get(PURPOSE, "").strip()
        if not said or len(said) > PURPOSE_MOST or "\0" in said:
            raise ValidationError({PURPOSE: [_now("Say what you need it for, in at most 300 characters.")]})
        return said


class LinkSerializer(serializers.Serializer[Any]):
    """A link as seen from this record; `forward` False turns the relation round."""

    id = serializers.UUIDField()
    relation = serializers.ChoiceField(
        choices=[*RecordLink.Relation.choices, *((each.key, each.forward) for each in connections())]
    )
    forward = serializers.BooleanField()
    record = serializers.UUIDField()
    type = serializers.CharField()
    reference = serializers.CharField()
    title = serializers.CharField()
    url = serializers.CharField()


class LinkToSerializer(StrictSerializer):
    """The id of another record that you can read, and how this one relates to it."""

    record = serializers.UUIDField()
    relation = serializers.ChoiceField(
        choices=RecordLink.Relation.by_hand(), default=RecordLink.Relation.RELATED
    )


class LinksSerializer(serializers.Serializer[Any]):
    """Links to records that you can read; of others nothing is told, not even their number."""

    results = LinkSerializer(many=True)


class Links(OfRecord):
    """Links between records."""

    def operations(self) -> dict[str, Operation]:
        """List and add."""
        return {
            "GET": Operation("links", _("List links to what you read"), LinksSerializer, problems=_MISSING),
            "POST": Operation(
                "link", _("Link it to another record"), LinkSerializer, 201, takes=LinkToSerializer,
                writes=True, problems=_MISSING,
            ),
        }  # fmt: skip

    def get(self, request: Request, uuid: UUID) -> Response:
        """All links of which both ends are readable."""
        record = self.record(uuid)
        rows = [*record.links_from.select_related("target"), *record.links_to.select_related("source")]
        rows.sort(key=lambda link: (link.at, link.pk))
        found = [_link_json(link, record) for link in rows]
        return Response({"results": [*found, *connected_json(record)]})

    @once("shown")
    def post(self, request: Request, uuid: UUID) -> Written:
        """Link the record to another."""
        record = self.record(uuid)
        given = LinkToSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        target = Record.objects.filter(uuid=given.validated_data["record"]).first()
        if target is None:
            raise ValidationError({"record": [_now("There is no such record that you can open.")]})
        try:
            link = link_add(
                self.actor, source=record, target=target, relation=given.validated_data["relation"]
            )
        except ValidationError as error:
            raise ValidationError({"record": error.messages}) from None
        return Written(201, link.uuid)

    def shown(self, request: Request, subject: UUID, uuid: UUID) -> Response:
        """The link."""
        record = self.record(uuid)
        return Response(_link_json(record.links_from.select_related("target").get(uuid=subject), record))


def _link_json(link: RecordLink, record: Record) -> dict[str, Any]:
    forward = link.source_id == record.pk
    return end_json(str(link.uuid), link.relation, forward, link.target if forward else link.source)


class WhoSerializer(serializers.Serializer[Any]):
    """A person in a position; without a position, the portal's clock or somebody who acted in none."""

    name = serializers.CharField()
    position = serializers.CharField()
    organisation = serializers.CharField()


class DifferenceSerializer(serializers.Serializer[Any]):
    """A field before and after, in words."""

    field = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()


class EntrySerializer(serializers.Serializer[Any]):
    """Something that happened: a step, a change, a comment, a file, a grant."""

    id = serializers.CharField()
    at = Moment()
    who = WhoSerializer()
    text = serializers.CharField()
    note = serializers.CharField()
    state = serializers.CharField(allow_null=True)
    changes = DifferenceSerializer(many=True)


class TimelineSerializer(serializers.Serializer[Any]):
    """A page of the timeline, newest first; “next” is the address of older entries."""

    next = serializers.URLField(allow_null=True)
    results = EntrySerializer(many=True)


class Timeline(OfRecord):
    """What happened to a record."""

    def operations(self) -> dict[str, Operation]:
        """Read."""
        return {
            "GET": Operation(
                "timeline", _("Read what happened, newest first"), TimelineSerializer,
                parameters=[query(BEFORE, _("A moment; only older entries are shown."))],
                problems=(*_MISSING, "invalid"),
            )
        }  # fmt: skip

    def get(self, request: Request, uuid: UUID) -> Response:
        """A page of the timeline in words."""
        record = withheld_fill(self.record(uuid))
        found = timeline_of(record.pk, before=self.before(request))
        names = Names(self.actor)
        timeline.wanted(self.record_type, found.timeline, names)
        names.load()
        entries = [
            _entry_json(each) for each in timeline.entries(self.record_type, record, found.timeline, names)
        ]
        older = None
        if found.older is not None:
            address_ = request.build_absolute_uri(request.path)
            older = f"{address_}?{BEFORE}={found.older.isoformat().replace('+00:00', 'Z')}"
        return Response({"next": older, "results": entries})

    def before(self, request: Request) -> Any:
        """The moment in the address, if any."""
        given = request._request.GET.get(BEFORE)
        if not given:
            return None
        try:
            moment = parse_datetime(given)
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            raise ValidationError({BEFORE: [_now("This is no moment such as 2026-11-22T10:00:00Z.")]})
        return moment


def _entry_json(entry: dict[str, Any]) -> dict[str, Any]:
    who, state = entry["who"], entry.get("state")
    return {
        "id": entry["id"],
        "at": Moment().to_representation(entry["at"]),
        "who": {part: str(who.get(part) or "") for part in ("name", "position", "organisation")},
        "text": str(entry["text"]),
        "note": str(entry.get("note") or ""),
        "state": state["code"] if state else None,
        "changes": entry.get("changes", []),
    }
