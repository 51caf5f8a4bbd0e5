"""The form of a link between two organisations: what forbids it is said at the field, of both ends one may know."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.liaison_offices import checking, selectors
from apps.liaison_offices.models import LiaisonLink
from apps.pages.forms import field_for, within_known, within_mission
from apps.records.actors import Actor
from apps.stakeholders.fields import StakeholderField
from apps.stakeholders.models import Stakeholder


class LinkForm(forms.ModelForm):
    """A link; its ends are named once and stay."""

    pairs: ClassVar[dict[str, str]] = {"a": "b", "level": "mode", "primary": "alternate"}

    a = StakeholderField(
        engaged=True, label=_("Between"), help_text=_("A part of its name, or its reference.")
    )
    b = StakeholderField(engaged=True, label=_("And"), help_text=_("Only organisations that you may engage."))

    class Meta:
        model = LiaisonLink
        fields = (
            "a", "b", "level", "mode", "primary", "alternate", "frequency_days", "area", "office", "note",
            "is_active",
        )  # fmt: skip
        formfield_callback = field_for

    def __init__(
        self, data: Any = None, *, actor: Actor, instance: LiaisonLink | None = None, **kwargs: Any
    ) -> None:
        self.actor = actor
        super().__init__(data, instance=instance, **kwargs)
        if self.instance.pk is not None:
            del self.fields["a"], self.fields["b"]
        else:
            del self.fields["is_active"]
            for name in ("a", "b"):
                field: Any = self.fields[name]
                field.for_actor(actor)
        within_mission(self, actor.mission)
        within_known(self, actor)
        office: Any = self.fields["office"]
        office.queryset = selectors.open_offices(actor)
        office.label_from_instance = lambda row: f"{row.title} ({row.reference})"
        for name in ("primary", "alternate"):
            post: Any = self.fields[name]
            post.queryset = post.queryset.filter(is_active=True).select_related("organisation")
            post.label_from_instance = lambda row: f"{row.title}, {row.organisation}"
        self.warning = ""

    def lines(self) -> list[list[forms.BoundField]]:
        """The fields, each on a line of its own or beside the one it belongs to."""
        seconds = {self.pairs[name] for name in self.pairs if name in self.fields}
        return [
            [self[each] for each in (name, self.pairs.get(name, "")) if each in self.fields]
            for name in self.fields
            if name not in seconds
        ]

    def clean(self) -> dict[str, Any]:
        """Two different ends, no stance and no rule against it, and no second link of the kind."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        one: Stakeholder | None = cleaned.get("a") if "a" in self.fields else self.instance.a
        other: Stakeholder | None = cleaned.get("b") if "b" in self.fields else self.instance.b
        if one is None or other is None or "mode" not in cleaned:
            return cleaned
        if one.pk == other.pk:
            self.add_error("b", _("This is the same organisation. Name another one."))
            return cleaned
        if cleaned.get("is_active", True):
            checked = checking.link_checked(self.actor, one, other, cleaned, but=self.instance.pk)
            for name, text in checked.errors.items():
                self.add_error(name if name in self.fields else None, text)
            self.warning = checked.warning
        return cleaned
