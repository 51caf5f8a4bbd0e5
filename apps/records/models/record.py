"""Record: the one row that everything shareable has. Lists filter and sort by its columns alone."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.mission.models import Area, Mission, Organisation, Position, Sector
from apps.mission.vocabulary import Classification, Priority, Scope, Sensitivity
from apps.records.field_rules import withheld_names
from apps.records.reading import note_loaded

if TYPE_CHECKING:
    from apps.records.registry import RecordType
    from apps.records.withheld import Filling


# COMPUTED DATA: the database's triggers own these columns; an update from the application leaves them out.
COMPUTED = frozenset(
    {
        "audience", "editors", "state", "state_since", "due_at", "auto_at", "auto_step",
        "version", "reference", "created_at", "updated_at",
    }
)  # fmt: skip


class Record(models.Model):
    """A thing that can be shared. It is readable if, and only if, the row rule in `need_to_know` says so.

    COMPUTED DATA, kept by the database and never written by the application: `audience`, `editors`,
    `state`, `state_since`, `due_at`, `auto_at`, `auto_step`, `version`, `reference`, `created_at`, `updated_at`.
    """

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    # WHY: every index below begins with the mission; one more would only make writing slower.
    mission = models.ForeignKey(
        Mission, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False
    )
    type = models.CharField(max_length=40, editable=False)
    reference = models.CharField(_("reference"), max_length=30, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=200)
    state = models.CharField(_("state"), max_length=40, editable=False)
    state_since = models.DateTimeField(_("in this state since"), db_default=Now(), editable=False)
    due_at = models.DateTimeField(_("due"), null=True, blank=True, editable=False)
    auto_at = models.DateTimeField(null=True, blank=True, editable=False)
    auto_step = models.CharField(max_length=40, blank=True, default="", editable=False)

    kind = models.CharField(_("kind"), max_length=40, blank=True, default="")
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority, null=True, blank=True)
    sector = models.ForeignKey(
        Sector, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("sector")
    )
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area")
    )
    needed_by = models.DateTimeField(_("needed by"), null=True, blank=True)

    originator = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("originator")
    )
    author = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name=_("filed by")
    )
    author_position = models.ForeignKey(
        Position, on_delete=models.PROTECT, related_name="+", verbose_name=_("filed as")
    )

    classification = models.PositiveSmallIntegerField(
        _("classification"), choices=Classification, default=Classification.UNCLASSIFIED
    )
    sensitivity = models.PositiveSmallIntegerField(
        _("sensitivity"), choices=Sensitivity, default=Sensitivity.MODERATE
    )
    compartments = ArrayField(models.IntegerField(), verbose_name=_("compartments"), default=list, blank=True)
    data_types = ArrayField(
        models.IntegerField(), verbose_name=_("protected data it holds"), default=list, blank=True
    )
    scope = models.CharField(_("audience"), max_length=12, choices=Scope, default=Scope.ORGANISATION)
    audience = ArrayField(models.IntegerField(), default=list, editable=False)
    editors = ArrayField(models.IntegerField(), default=list, editable=False)

    version = models.PositiveIntegerField(db_default=1, editable=False)
    created_at = models.DateTimeField(_("filed"), db_default=Now(), editable=False)
    updated_at = models.DateTimeField(_("last changed"), db_default=Now(), editable=False)

    #: What was put onto the record of its withheld values; None: nothing yet (`withheld.withheld_fill`).
    filling: Filling | None = None

    class Meta:
        verbose_name = _("record")
        verbose_name_plural = _("records")
        permissions = [("share_record", "Can share record"), ("manage_record", "Can manage record")]
        indexes = [
            GinIndex(fields=["audience"], name="records_record_audience"),
            models.Index(fields=["mission", "type", "-created_at", "-id"], name="records_record_newest"),
            models.Index(fields=["mission", "type", "state", "-created_at", "-id"], name="records_record_state"),
            models.Index(fields=["mission", "type", "-updated_at", "-id"], name="records_record_updated"),
            models.Index(fields=["mission", "type", "needed_by", "id"], name="records_record_needed_by"),
            models.Index(fields=["mission", "type", "due_at", "id"], name="records_record_due"),
            models.Index(fields=["mission", "type", "priority", "-created_at", "-id"], name="records_record_priority"),
            models.Index(fields=["auto_at"], name="records_record_auto", condition=models.Q(auto_at__isnull=False)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.reference

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert whole; update everything but the computed columns."""
        from apps.records.withheld import withheld_settle

        if not self._state.adding and kwargs.get("update_fields") is None:
            kwargs["update_fields"] = [
                field.name
                for field in self._meta.concrete_fields
                if not field.primary_key and field.name not in COMPUTED
            ]
        if not self._state.adding:
            withheld_settle(self, kwargs["update_fields"])
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """The record's page."""
        return self.record_type.url(self)

    @classmethod
    def from_db(cls, db: Any, field_names: Any, values: Any, **more: Any) -> Any:
        """Make the record, and note that somebody loaded it."""
        made = super().from_db(db, field_names, values, **more)
        known = made.__dict__
        if (pk := known.get("id") or made.pk) is not None:
            note_loaded(pk, known.get("classification"), known.get("sensitivity"))
        return made

    def refresh_from_db(
        self, using: str | None = None, fields: Any = None, from_queryset: Any = None
    ) -> None:
        """Read it anew; a record that was filled with its withheld values is filled again."""
        from apps.records.withheld import withheld_fill

        filled = self.filling is not None
        super().refresh_from_db(using=using, fields=fields, from_queryset=from_queryset)
        if filled and (fields is None or withheld_names(self.record_type.field_rules) & set(fields)):
            withheld_fill(self)

    @property
    def withheld_fields(self) -> frozenset[str]:
        """Fields that the actor may not have, with their labels: until the record is filled, all under a rule."""
        if self.filling is not None:
            return self.filling.fields
        return frozenset() if self._state.adding else withheld_names(self.record_type.field_rules)

    @property
    def is_exercise(self) -> bool:
        """Whether it is an exercise of itself: of a kind that is one. In a mission that is one, everything is."""
        return self.kind in self.record_type.exercise_kinds

    @property
    def record_type(self) -> builtins.type[RecordType]:
        """The declaration of this record's type."""
        from apps.records.registry import by_key

        return by_key(self.type)
