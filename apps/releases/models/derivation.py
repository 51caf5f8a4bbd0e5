"""What a record is drawn from, and under which label it was signed for release. Rows are written once."""

from __future__ import annotations

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.mission.models import Position
from apps.mission.vocabulary import Classification, Scope, Sensitivity
from apps.records.models import Record

from .release import Release


class Derivation(models.Model):
    """One record drawn from another, visible if, and only if, both are: a release betrays no hidden source.

    COMPUTED DATA: `raised_at`, set by the database when the source was labelled higher after the signature,
    emptied by the next signature.
    """

    class Relation(models.TextChoices):
        """What the source is to the derived record."""

        SOURCE = "source", _("it is drawn from this")
        VERSION = "version", _("it is a new version of this")

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    derived = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="drawn_from")
    source = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="released_as")
    relation = models.CharField(max_length=8, choices=Relation, default=Relation.SOURCE)
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    position = models.ForeignKey(Position, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(db_default=Now(), editable=False)
    raised_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("derivation")
        verbose_name_plural = _("derivations")
        ordering = ("at", "id")
        constraints = [
            models.UniqueConstraint(fields=["derived", "source"], name="releases_derivation_once"),
            models.CheckConstraint(condition=~Q(derived=F("source")), name="releases_derivation_two_ends"),
        ]

    def __str__(self) -> str:
        return f"{self.derived_id} ← {self.source_id}"


class Signature(models.Model):
    """A release authority's word: the release goes out under this label, for this reason.

    Read by the originator alone (the position that filed the release, and its release authority): the reason
    may tell of the source. Writing the row applies the label, in the same statement.
    """

    id = models.BigAutoField(primary_key=True)
    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="signatures")
    classification = models.PositiveSmallIntegerField(_("classification"), choices=Classification)
    sensitivity = models.PositiveSmallIntegerField(_("sensitivity"), choices=Sensitivity)
    compartments = ArrayField(models.IntegerField(), verbose_name=_("compartments"), default=list, blank=True)
    data_types = ArrayField(
        models.IntegerField(), verbose_name=_("protected data it holds"), default=list, blank=True
    )
    scope = models.CharField(_("audience"), max_length=12, choices=Scope)
    reason = models.TextField(_("reason"), max_length=4000, blank=True, default="")
    position = models.ForeignKey(
        Position, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("as"), editable=False
    )
    actor = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("by"), editable=False
    )
    at = models.DateTimeField(_("on"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        ordering = ("at", "id")

    def __str__(self) -> str:
        return self.get_classification_display()
