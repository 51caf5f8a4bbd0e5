"""Forms of a holder: handing over, naming a substitute."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.mission.handover import colleagues
from apps.mission.models import Position
from apps.pages.forms import NativeDateTime

_CHOOSE = _("Choose one")


class PersonChoice(forms.ModelChoiceField):
    """People by their names."""

    def label_from_instance(self, obj: Any) -> str:
        """The name, without the address."""
        return str(obj.name)


class _WithColleague(forms.Form):
    """Chooses among the people of the position's organisation, besides oneself."""

    chosen = ""

    def __init__(self, *args: Any, position: Position, holder: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields[self.chosen]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = colleagues(position).exclude(pk=holder.pk)


class HandoverForm(_WithColleague):
    """To whom, when, and what they should know."""

    chosen = "successor"
    successor = PersonChoice(
        label=_("Who takes over"), queryset=User.objects.none(), empty_label=_CHOOSE,
        help_text=_("People of your organisation who have an account."),
    )  # fmt: skip
    at = forms.DateTimeField(
        label=_("At"), required=False, widget=NativeDateTime,
        help_text=_("Empty: at once. Otherwise it happens by itself at that moment."),
    )  # fmt: skip
    note = forms.CharField(
        label=_("Note for the successor"), max_length=5000, required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("What is under way, whom to call, what to watch. The successor reads it on their desk."),
    )  # fmt: skip


class SubstituteForm(_WithColleague):
    """Who stands in, from when, until when."""

    chosen = "person"
    person = PersonChoice(
        label=_("Who stands in for you"), queryset=User.objects.none(), empty_label=_CHOOSE,
        help_text=_("They read and do whatever the position may, from the first moment to the last."),
    )  # fmt: skip
    starts = forms.DateTimeField(
        label=_("From"), required=False, widget=NativeDateTime, help_text=_("Empty: at once.")
    )
    until = forms.DateTimeField(label=_("Until"), widget=NativeDateTime)
