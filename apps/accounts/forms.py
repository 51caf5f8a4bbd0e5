"""The forms of a person's own account."""

from __future__ import annotations

import zoneinfo
from functools import lru_cache
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User

_FOLDERS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


@lru_cache(maxsize=1)
def zone_names() -> tuple[str, ...]:
    """Names of time zones that people live in, UTC first; historical aliases are left out."""
    names = sorted(name for name in zoneinfo.available_timezones() if name.split("/")[0] in _FOLDERS)
    return ("UTC", *names)


class AccountForm(forms.ModelForm):
    """What a person changes about their own account. The e-mail address is the administrator's to change."""

    time_zone = forms.ChoiceField(label=_("Time zone"), help_text=_("Times are shown and read in this zone."))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    class Meta:
        model = User
        fields: ClassVar[list[str]] = ["name", "language", "time_zone"]
        labels: ClassVar[dict[str, Any]] = {"name": _("Name")}
        help_texts: ClassVar[dict[str, Any]] = {
            "name": _("As others see it beside what you write and decide.")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = zone_names()
        kept = () if self.instance.time_zone in names else (self.instance.time_zone,)
        zone = self.fields["time_zone"]
        assert isinstance(zone, forms.ChoiceField)
        zone.choices = [(name, name.replace("_", " ")) for name in (*kept, *names)]
        self.fields["name"].widget.attrs["autocomplete"] = "name"
