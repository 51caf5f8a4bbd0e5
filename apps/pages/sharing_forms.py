"""Forms of sharing: to whom, what, why, until when. They check what is typed; services decide."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.need_to_know.models import Right
from apps.pages import naming
from apps.pages.forms import NativeDateTime
from apps.records import clock
from apps.records.actors import Actor
from apps.records.models import Record

REASON_MOST = 300
TODAY, TWO_DAYS, WEEK, OPEN, MOMENT = "today", "2d", "1w", "open", "at"
_SPANS = {TWO_DAYS: timedelta(days=2), WEEK: timedelta(days=7)}


class NamedInput(forms.TextInput):
    """A field in which somebody is named: proposals while typing, and a choice where a name was not enough."""

    template_name = "pages/_named_input.html"

    def __init__(self) -> None:
        super().__init__({"autocomplete": "off", "maxlength": "200"})
        self.kinds: frozenset[str] = frozenset()
        self.shown = ""
        self.several: list[naming.Candidate] = []

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """What was chosen among several, else what was typed."""
        return data.get(f"{name}_one") or data.get(name)

    def format_value(self, value: Any) -> Any:
        """The name of whoever was found, never a code."""
        return self.shown or super().format_value(value)

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """With where proposals come from."""
        context = super().get_context(name, value, attrs)
        query = "&".join(f"kind={kind}" for kind in sorted(self.kinds))
        context["widget"]["proposals"] = f"{reverse('pages:names')}?{query}"
        context["widget"]["several"] = self.several
        return context


class NamedField(forms.CharField):
    """Somebody of the mission, by the name as it is proposed or by a code. The cleaned value is the one named."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=200, widget=NamedInput(), **kwargs)
        self.actor: Actor | None = None

    def for_actor(self, actor: Actor, kinds: frozenset[str]) -> None:
        """Find what this actor may name, of these kinds."""
        widget: Any = self.widget
        self.actor, widget.kinds = actor, kinds

    def clean(self, value: Any) -> Any:
        """The one meant; ValidationError, with proposals to choose from, when that is nobody or several."""
        text = super().clean(value)
        if self.actor is None or not text:
            return None
        widget: Any = self.widget
        found = naming.meant(self.actor, text, widget.kinds)
        if found.one is not None:
            widget.shown = found.label
            return found.one
        widget.several = found.several
        if found.several:
            raise forms.ValidationError(_("Choose whom you mean."))
        raise forms.ValidationError(
            _("Nobody of this mission is named so. Type a part of the name or title.")
        )


class LastingForm(forms.Form):
    """Until when: a usual span, or a moment. `end` is the moment; None for “until it is taken back”."""

    spans: ClassVar[tuple[tuple[str, Any], ...]] = (
        (TODAY, gettext_lazy("the end of today")),
        (TWO_DAYS, gettext_lazy("two days from now")),
        (WEEK, gettext_lazy("a week from now")),
        (OPEN, gettext_lazy("it is taken back")),
        (MOMENT, gettext_lazy("another moment")),
    )
    open_ended: ClassVar[bool] = True

    lasts = forms.ChoiceField(
        label=gettext_lazy("Until"), required=False, initial=TWO_DAYS, widget=forms.RadioSelect, choices=spans
    )
    until = forms.DateTimeField(label=gettext_lazy("Moment"), required=False, widget=NativeDateTime)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.open_ended:
            self.fields["lasts"].choices = [each for each in self.spans if each[0] != OPEN]  # type: ignore[attr-defined]
        self.fields["until"].show_when = f"lasts={MOMENT}"  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Work out the end."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        lasts, until = given.get("lasts"), given.get("until")
        if "until" in self.errors or "lasts" in self.errors:
            return given
        lasts = lasts or (MOMENT if until else TWO_DAYS)
        if lasts == MOMENT and until is None:
            self.add_error("until", _("Say the day and the time."))
        elif lasts != MOMENT and until is not None:
            self.add_error("lasts", _("You also wrote a moment: choose “another moment”, or clear it."))
        given["end"] = until if lasts == MOMENT else end_of(lasts)
        return given


def end_of(span: str) -> datetime | None:
    """When a usual span that begins now is over, for the reader's time zone; None for an open one."""
    if span == TODAY:
        tomorrow = timezone.localtime(clock.now()).date() + timedelta(days=1)
        return timezone.make_aware(datetime.combine(tomorrow, datetime.min.time()))
    return clock.now() + _SPANS[span] if span in _SPANS else None


class GrantForm(LastingForm):
    """A new grant. Reading for two days unless said otherwise."""

    field_order = ["to", "right", "reason", "lasts", "until"]

    to = NamedField(
        label=gettext_lazy("Share with"),
        help_text=gettext_lazy(
            "A person, a position or an organisation. Type a part of the name, then choose."
        ),
    )
    right = forms.ChoiceField(
        label=gettext_lazy("They may"), widget=forms.RadioSelect, choices=Right.choices, initial=Right.VIEW
    )
    reason = forms.CharField(
        label=gettext_lazy("Why they need to know"),
        max_length=REASON_MOST,
        help_text=gettext_lazy("Kept with the grant, for everybody who can read the record."),
    )

    def __init__(
        self, *args: Any, actor: Actor, record: Record, rights: Sequence[Right], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].for_actor(actor, naming.all_kinds())  # type: ignore[attr-defined]
        words = right_words(record)
        self.fields["right"].choices = [(right.value, words[right]) for right in rights]  # type: ignore[attr-defined]


def right_words(record: Record) -> dict[Right, str]:
    """What each right lets people do."""
    own = {"organisation": record.originator}
    return {
        Right.VIEW: _("read it"),
        Right.CHANGE: _("read it and change it, as long as it is open to changes"),
        Right.SHARE: _("read it and let others read it (people of %(organisation)s only)") % own,
        Right.MANAGE: _(
            "do all of this, and take back what others were given (people of %(organisation)s only)"
        )
        % own,
    }


class RenewForm(LastingForm):
    """A grant given again, with a new end and a new reason."""

    field_order = ["reason", "lasts", "until"]

    reason = forms.CharField(label=gettext_lazy("Why they still need to know"), max_length=REASON_MOST)


class ShortenForm(LastingForm):
    """A sooner end of a grant."""

    open_ended = False


class AskForm(LastingForm):
    """Proposing a reader to whoever may share the record."""

    open_ended = False
    field_order = ["reader", "purpose", "lasts", "until"]

    reader = NamedField(
        label=gettext_lazy("Who should read it"),
        help_text=gettext_lazy("A position. Type a part of its title or organisation, then choose."),
    )
    purpose = forms.CharField(label=gettext_lazy("Why they need to know"), max_length=REASON_MOST)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reader"].for_actor(actor, frozenset({"position"}))  # type: ignore[attr-defined]


class ShareManyForm(LastingForm):
    """One reader for many records. `sure` comes with the page that says how many they are."""

    field_order = ["to", "reason", "lasts", "until"]

    to = NamedField(
        label=gettext_lazy("Share with"),
        help_text=gettext_lazy("A position or an organisation. Type a part of the name, then choose."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why they need to know"),
        max_length=REASON_MOST,
        help_text=gettext_lazy("Kept with the grants, for everybody who can read the records."),
    )
    sure = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].for_actor(actor, naming.all_kinds() - {naming.PERSON})  # type: ignore[attr-defined]
