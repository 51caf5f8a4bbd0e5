"""Whom to call, and by what right an organisation acts: contacts as positions, people with their consent, mandates."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.mission.models import Area
from apps.stakeholders.vocabulary import Consent

from .stakeholder import Stakeholder


class Contact(models.Model):
    """A function that can be reached, whoever holds it: no personal data.

    Read with the record by those whom the organisation's stance lets engage it; the database decides.
    """

    id = models.BigAutoField(primary_key=True)
    stakeholder = models.ForeignKey(Stakeholder, on_delete=models.CASCADE, related_name="contacts")
    function = models.CharField(_("function"), max_length=120)
    area = models.ForeignKey(
        Area,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("for the area"),
    )
    phone = models.CharField(_("telephone"), max_length=60, blank=True, default="")
    email = models.EmailField(_("e-mail"), blank=True, default="")
    channel = models.CharField(
        _("other channel"), max_length=120, blank=True, default="",
        help_text=_("Radio call sign, satellite telephone, messenger …"),
    )  # fmt: skip
    hours = models.CharField(_("when"), max_length=120, blank=True, default="")
    is_first = models.BooleanField(_("call first"), default=False)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ("-is_first", "id")

    def __str__(self) -> str:
        return self.function


class Person(models.Model):
    """A person in such a function: personal data, shown no further than they agreed and no longer.

    Whatever they agreed, a side that the mission bars from lists of humanitarian staff never reads people of
    humanitarian or development organisations (invariant I20).
    """

    id = models.BigAutoField(primary_key=True)
    stakeholder = models.ForeignKey(Stakeholder, on_delete=models.CASCADE, related_name="people")
    name = models.CharField(_("name"), max_length=120)
    function = models.CharField(_("function"), max_length=120, blank=True, default="")
    phone = models.CharField(_("telephone"), max_length=60, blank=True, default="")
    email = models.EmailField(_("e-mail"), blank=True, default="")
    languages = models.CharField(_("languages"), max_length=120, blank=True, default="")
    consent = models.CharField(
        _("agreed to be shown to"), max_length=12, choices=Consent, default=Consent.NOT_ASKED
    )
    consent_on = models.DateField(_("agreed on"), null=True, blank=True)
    consent_until = models.DateField(
        _("agreed until"),
        null=True,
        blank=True,
        help_text=_("Left empty, for a year from the day they agreed."),
    )

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ("id",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(consent=Consent.NOT_ASKED)
                | models.Q(consent_on__isnull=False, consent_until__isnull=False),
                name="stakeholders_person_consent",
                violation_error_message=_("Say when they agreed, or that they were not asked."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Consent has a day and an end; without an end it lasts a year."""
        super().clean()
        if self.consent == Consent.NOT_ASKED:
            self.consent_on = self.consent_until = None
            return
        if self.consent_on is None:
            raise ValidationError({"consent_on": _("Say when they agreed.")})
        if self.consent_on > timezone.localdate():
            raise ValidationError({"consent_on": _("This day is still to come.")})
        if self.consent_until is None:
            self.consent_until = self.consent_on + timedelta(days=365)
        if self.consent_until < self.consent_on:
            raise ValidationError({"consent_until": _("This lies before the day on which they agreed.")})


class Mandate(models.Model):
    """By what right an organisation acts, and within which bounds."""

    id = models.BigAutoField(primary_key=True)
    stakeholder = models.ForeignKey(Stakeholder, on_delete=models.CASCADE, related_name="mandates")
    text = models.TextField(_("what it may and must do"), max_length=2000)
    source = models.CharField(
        _("where it is written"), max_length=200, blank=True, default="",
        help_text=_("Resolution, agreement, status-of-forces agreement, registration …"),
    )  # fmt: skip
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid until"), null=True, blank=True)

    class Meta:
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        ordering = ("id",)

    def __str__(self) -> str:
        return self.source or self.text[:60]

    def clean(self) -> None:
        """Dates the right way round."""
        super().clean()
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValidationError({"valid_to": _("This lies before the day from which it is valid.")})
