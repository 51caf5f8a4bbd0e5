"""What people hang on a record: comments, attachments, links. None is ever wider than its record."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.mission.models import Position

from .record import Record


class Comment(models.Model):
    """A remark on a record, read by whoever reads the record."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    position = models.ForeignKey(Position, on_delete=models.PROTECT, null=True, related_name="+")
    text = models.TextField(_("comment"), max_length=10_000)
    mentions = ArrayField(models.BigIntegerField(), default=list, blank=True, editable=False)  # positions
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["record", "at"], name="records_comment_record")]

    def __str__(self) -> str:
        return f"{self.author_id} {self.at:%Y-%m-%d}"


class Attachment(models.Model):
    """A file of a record. `key` names it in the attachments folder; `name` is what people see."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="attachments")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("file name"), max_length=180)
    description = models.CharField(_("what it shows"), max_length=200, blank=True)
    media_type = models.CharField(max_length=100, editable=False)
    size = models.PositiveIntegerField(_("size in bytes"), editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    key = models.UUIDField(default=uuid4, editable=False)
    data_types = ArrayField(
        models.IntegerField(), verbose_name=_("protected data it holds"), default=list, blank=True
    )
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["record", "at"], name="records_attachment_record")]

    def __str__(self) -> str:
        return self.name


class RecordLink(models.Model):
    """A link between two records, visible if, and only if, both ends are."""

    class Relation(models.TextChoices):
        """What the link says, read from `source` to `target`."""

        RELATED = "related", _("is related to")
        FOLLOWS = "follows", _("follows from")
        REPLACES = "replaces", _("replaces")
        AROSE_FROM = "arose_from", _("arose from")
        BRANCH_OF = "branch_of", _("is a branch of")
        SEQUEL_TO = "sequel_to", _("is a sequel to")

        @classmethod
        def by_hand(cls) -> list[tuple[str, Any]]:
            """Those that people choose; the others are written with what they tell of."""
            told = {cls.AROSE_FROM, cls.BRANCH_OF, cls.SEQUEL_TO}
            return [choice for choice in cls.choices if choice[0] not in told]

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    source = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="links_from")
    target = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="links_to")
    relation = models.CharField(_("relation"), max_length=12, choices=Relation, default=Relation.RELATED)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "target", "relation"], name="records_recordlink_once"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="records_recordlink_two_ends"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.relation} {self.target_id}"
