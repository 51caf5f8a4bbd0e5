"""A form field in which a stakeholder is named: by reference, or by a name as it is proposed while typing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.records.actors import Actor
from apps.stakeholders import selectors
from apps.stakeholders.models import Stakeholder


class StakeholderInput(forms.TextInput):
    """Proposals while typing, and a choice where a name was not enough."""

    template_name = "pages/_named_input.html"

    def __init__(self) -> None:
        super().__init__({"autocomplete": "off", "maxlength": "230"})
        self.shown = ""
        self.several: list[dict[str, str]] = []
        self.engaged = False

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """What was chosen among several, else what was typed."""
        return data.get(f"{name}_one") or data.get(name)

    def format_value(self, value: Any) -> Any:
        """The name of the one that was found."""
        return self.shown or super().format_value(value)

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """With where proposals come from."""
        context = super().get_context(name, value, attrs)
        query = f"?of={name}{'&engaged=1' if self.engaged else ''}"
        context["widget"] |= {"proposals": reverse("stakeholders:like") + query, "several": self.several}
        return context


class StakeholderField(forms.CharField):
    """A stakeholder that the actor may know of. With `engaged`, only one whose stance lets the actor engage it.

    The cleaned value is the stakeholder; None where nothing was typed. One that may not be known is not found.
    """

    def __init__(self, *, engaged: bool = False, **kwargs: Any) -> None:
        super().__init__(max_length=230, widget=StakeholderInput(), **kwargs)
        self.actor: Actor | None = None
        self.engaged = engaged
        widget: Any = self.widget
        widget.engaged = engaged

    def for_actor(self, actor: Actor) -> None:
        """Find what this actor may name."""
        self.actor = actor

    def clean(self, value: Any) -> Stakeholder | None:
        """The one meant; ValidationError, with a choice, when that is none or several."""
        text = super().clean(value)
        if self.actor is None or not text:
            return None
        widget: Any = self.widget
        found = selectors.meant(self.actor, text, engaged=self.engaged)
        if len(found) == 1:
            widget.shown = str(selectors.named(found[0]))
            return found[0]
        widget.several = [
            {"code": each.reference, "label": each.title, "kind": each.reference} for each in found
        ]
        if found:
            raise forms.ValidationError(_("Several are named so. Choose the one you mean."))
        raise forms.ValidationError(
            _(
                "No organisation that you could choose here is named so. Type a part of its name, or its reference."
            )
        )
