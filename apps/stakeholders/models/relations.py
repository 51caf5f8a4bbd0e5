"""What organisations are to each other, and who said how one wishes to be engaged."""

from __future__ import annotations

from uuid import uuid4

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.mission.models import Position
from apps.mission.vocabulary import EngagementStance
from apps.stakeholders.vocabulary import RelationKind

from .stakeholder import Stakeholder


class Relation(models.Model):
    """What `source` is to `target`; visible if, and only if, both records are."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    source = models.ForeignKey(Stakeholder, on_delete=models.CASCADE, related_name="relations_from")
    target = models.ForeignKey(Stakeholder, on_delete=models.CASCADE, related_name="relations_to")
    kind = models.CharField(_("relation"), max_length=16, choices=RelationKind)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("relation")
        verbose_name_plural = _("relations")
        constraints = [
            models.UniqueConstraint(fields=["source", "target", "kind"], name="stakeholders_relation_once"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="stakeholders_relation_two_ends"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.target_id}"


class StanceWord(models.Model):
    """The word that an organisation is to be engaged so from now on: by whom it came, and on whose behalf.

    Writing the row puts the stance in force, on the record and in the mission's structure, in the same statement. It
    is the word of a CMCoord officer, of the organisation itself, or of the record's keeper; the database looks.
    """

    id = models.BigAutoField(primary_key=True)
    stakeholder = models.ForeignKey(Stakeholder, on_delete=models.CASCADE, related_name="stance_words")
    stance = models.CharField(_("engagement stance"), max_length=12, choices=EngagementStance)
    reason = models.TextField(
        _("who wishes it so, and why"), max_length=2000, validators=[MaxLengthValidator(2000)]
    )
    position = models.ForeignKey(
        Position, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("as"), editable=False
    )
    actor = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("by"), editable=False
    )
    at = models.DateTimeField(_("on"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("word on the stance")
        verbose_name_plural = _("words on the stance")
        ordering = ("at", "id")

    def __str__(self) -> str:
        return str(self.get_stance_display())
