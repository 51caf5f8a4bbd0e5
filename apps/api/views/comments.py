"""Comments of a record, and whose attention they draw."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.db.models import BigAutoField, Lookup, OuterRef, QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.authors import author_known, author_name
from apps.api.idempotency import Written, once
from apps.api.operations import Operation, query
from apps.api.paging import keyset_page, paged_serializer
from apps.api.serializers import Moment, PositionRef
from apps.api.views.attached import StrictSerializer
from apps.api.views.base import OfRecord
from apps.mission.models import Position
from apps.need_to_know.known import unknown
from apps.need_to_know.mentions import mentionable
from apps.pages.listing import PLACE
from apps.records.actors import Actor
from apps.records.mentions import OFFERED_MOST
from apps.records.models import Comment
from apps.records.services import comment_add


@BigAutoField.register_lookup
class AnyOf(Lookup):
    """A key that is among those of an array: `pk__any_of=OuterRef("column")`."""

    lookup_name = "any_of"

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """Written so that the key's index is used."""
        key, key_params = self.process_lhs(compiler, connection)
        array, array_params = self.process_rhs(compiler, connection)
        return f"{key} = ANY ({array})", [*key_params, *array_params]


def mentions_known(rows: QuerySet[Comment], actor: Actor) -> QuerySet[Comment]:
    """The comments, each with the ids of the positions that it mentions and the actor may know."""
    known = (
        Position.objects.filter(pk__any_of=OuterRef("mentions"))
        .exclude(unknown(actor, "organisation"))
        .order_by("pk")
    )
    return rows.annotate(mentioned=ArraySubquery(known.values("uuid")))


class CommentSerializer(StrictSerializer):
    """A comment, read by whoever reads the record."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    text = serializers.CharField(max_length=10_000)
    author = serializers.SerializerMethodField(help_text=_("“restricted” for whom you may not know"))
    position = PositionRef(read_only=True, allow_null=True)
    mentions = serializers.ListField(
        child=serializers.UUIDField(), source="mentioned", required=False, max_length=OFFERED_MOST,
        help_text=_("ids of positions whose attention it draws: of those who take part and can read it"),
    )  # fmt: skip
    at = Moment(read_only=True)

    def get_author(self, comment: Comment) -> str:
        """By name, if the caller may know it."""
        return author_name(comment)

    def to_representation(self, instance: Any) -> Any:
        """Without the position of an author who may not be known."""
        said = super().to_representation(instance)
        if getattr(instance, "is_unknown", False):
            said["position"] = None
        return said


class Comments(OfRecord):
    """Comments of a record."""

    def operations(self) -> dict[str, Operation]:
        """List and add."""
        place = query(PLACE, _("Where the page begins; follow “next” and “previous”."))
        return {
            "GET": Operation(
                "comments", _("List the comments, oldest first"), paged_serializer(CommentSerializer),
                parameters=[place], problems=("missing", "invalid"),
            ),
            "POST": Operation(
                "comment", _("Add a comment"), CommentSerializer, 201, takes=CommentSerializer, writes=True,
                problems=("missing",),
            ),
        }  # fmt: skip

    def get(self, request: Request, uuid: UUID) -> Response:
        """A page of comments."""
        rows = self.known(self.record(uuid).comments.all())
        return keyset_page(request, rows, "at", CommentSerializer, tie="uuid")

    @once("shown")
    def post(self, request: Request, uuid: UUID) -> Written:
        """Add one."""
        record = self.record(uuid)
        given = CommentSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        added = comment_add(
            self.actor, record=record, text=given.validated_data["text"],
            mentions=self.mentioned(record, given.validated_data.get("mentioned", [])),
        )  # fmt: skip
        return Written(201, added.uuid)

    def mentioned(self, record: Any, wanted: list[UUID]) -> list[Position]:
        """The positions with these ids. ValidationError for any to which the comment cannot be addressed."""
        if not wanted:
            return []
        offered = {position.uuid: position for position in mentionable(self.actor, record)}
        if not set(wanted) <= offered.keys():
            raise ValidationError(
                {"mentions": [_now("Choose among those who take part and can read this now.")]}
            )
        return [offered[uuid] for uuid in wanted]

    def known(self, rows: QuerySet[Comment]) -> QuerySet[Comment]:
        """The comments with what the caller may know of those who wrote them and who are mentioned."""
        return mentions_known(author_known(rows.select_related("author", "position"), self.actor), self.actor)

    def shown(self, request: Request, subject: UUID, uuid: UUID) -> Response:
        """The comment added."""
        found = self.known(Comment.objects.all()).get(uuid=subject, record__uuid=uuid)
        return Response(CommentSerializer(found).data)
