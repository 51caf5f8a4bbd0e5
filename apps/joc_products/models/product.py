"""JocProduct: a report on a period or an incident, its sections, and what contributors gave for them."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Case, F, Value, When
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.joc_products.vocabulary import SectionState
from apps.mission.models import Position
from apps.records.models import Record

from .templates import ProductTemplate

TEXT_MOST = 10_000


def _text(label: Any) -> models.TextField[str, str]:
    return models.TextField(
        label, max_length=TEXT_MOST, blank=True, default="", validators=[MaxLengthValidator(TEXT_MOST)]
    )


class JocProduct(Record):
    """A report that the JOC sets up, collects, compiles and has released. `needed_by` is when it is to be released.

    COMPUTED DATA, kept by the database: `edition`, and `contributions_open`, which is the template's at filing.
    Sections are copied from the template by the same insert, or from the product that this one corrects.
    """

    template = models.ForeignKey(
        ProductTemplate,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("template"),
    )
    period_from = models.DateTimeField(_("period from"), null=True, blank=True)
    period_to = models.DateTimeField(_("period until"), null=True, blank=True)
    incident_at = models.DateTimeField(_("time of the incident"), null=True, blank=True)
    contributions_due = models.DateTimeField(_("contributions due"), null=True, blank=True)
    edition = models.PositiveSmallIntegerField(_("edition"), db_default=1, editable=False)
    contributions_open = models.BooleanField(
        _("contributions are seen by all contributors"), db_default=True, editable=False
    )

    #: The correction that is being released in this transaction, which replaces this product.
    replaced_by: JocProduct | None = None

    class Meta:
        verbose_name = _("JOC product")
        verbose_name_plural = _("JOC products")

    def clean(self) -> None:
        """The kind is the template's; what is left empty is as the template has it; moments in their order."""
        from apps.joc_products import rules

        super().clean()
        rules.completed(self)
        if wrong := rules.contradictions(self):
            raise ValidationError({name: str(text) for name, text in wrong.items()})


class Contribution(models.Model):
    """A section of a product: who is asked for it, and what it says.

    The position writes its own until the JOC has taken it up. COMPUTED DATA: `is_open` says whether every reader of
    the product reads the section; `given_by`, `given_at`, `is_late` and `edited_at` are the database's word.
    """

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    product = models.ForeignKey(JocProduct, on_delete=models.CASCADE, related_name="contributions")
    number = models.PositiveSmallIntegerField(_("order"), default=1)
    heading = models.CharField(_("heading"), max_length=120)
    guidance = models.CharField(_("what belongs there"), max_length=500, blank=True, default="")
    position = models.ForeignKey(
        Position,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who is asked"),
    )
    is_required = models.BooleanField(_("needed for the release"), default=False)
    state = models.CharField(
        _("state"), max_length=8, choices=SectionState, default=SectionState.AWAITED, editable=False
    )
    text = _text(_("text"))
    given_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("given by"),
        editable=False,
    )
    given_at = models.DateTimeField(_("given"), null=True, editable=False)
    is_late = models.BooleanField(_("late"), db_default=False, editable=False)
    edited_at = models.DateTimeField(_("edited by the JOC"), null=True, editable=False)
    is_open = models.BooleanField(db_default=True, editable=False)
    version = models.PositiveIntegerField(_("version"), db_default=1, editable=False)
    # SECURITY: search reads this column, which holds nothing that not every reader of the product may read.
    searched = models.GeneratedField(
        expression=Case(
            When(is_open=True, then=F("text")), default=Value(""), output_field=models.TextField()
        ),
        output_field=models.TextField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ("number", "id")
        indexes = [models.Index(fields=["position", "state"], name="joc_products_section_asked")]

    def __str__(self) -> str:
        return self.heading


class Correction(models.Model):
    """A product that corrects one which is out and replaces it when it is released; visible if both are."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    product = models.ForeignKey(JocProduct, on_delete=models.CASCADE, related_name="corrects")
    corrected = models.ForeignKey(JocProduct, on_delete=models.CASCADE, related_name="corrected_by")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ("at", "id")
        constraints = [models.UniqueConstraint(fields=["product"], name="joc_products_correction_once")]

    def __str__(self) -> str:
        return f"{self.product_id} → {self.corrected_id}"


class Given(models.Model):
    """What a contributor gave, as they gave it: for those who compile and for the position that was asked."""

    id = models.BigAutoField(primary_key=True)
    product = models.ForeignKey(JocProduct, on_delete=models.CASCADE, related_name="given")
    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="given")
    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="+")
    text = _text(_("text"))
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("contribution as it was given")
        verbose_name_plural = _("contributions as they were given")
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.contribution_id} {self.at:%Y-%m-%d %H:%M}"
