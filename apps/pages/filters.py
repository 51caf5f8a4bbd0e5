"""The filters of a list, made from the type's declaration. They work on columns of Record alone."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from apps.need_to_know.selectors import searched
from apps.pages.structure import Structure
from apps.records.actors import Actor
from apps.records.models import Record
from apps.records.registry import Filter, RecordType
from apps.records.workflow import Outcome

SEARCHED = 5001  # newest matches that other filters, orders and files work on: one more than a file holds
OPEN, CLOSED = "open", "closed"
_STRUCTURE = {"area", "sector", "organisation"}


class RecordFilters(django_filters.FilterSet):
    """Base of all lists' filters; `actor` and `structure` serve the filters that depend on the reader."""

    def __init__(
        self, *args: Any, actor: Actor, structure: Structure, record_type: type[RecordType], **kwargs: Any
    ):
        self.actor, self.structure, self.record_type = actor, structure, record_type
        super().__init__(*args, **kwargs)
        for declared in record_type.filters:
            if declared.kind in _STRUCTURE:
                self.filters[declared.key].extra["choices"] = _Later(structure, declared.kind)

    def search(self, queryset: QuerySet[Record], name: str, value: str) -> QuerySet[Record]:
        """Records with all these words: the newest SEARCHED of them, where other filters or orders join in."""
        return queryset.filter(pk__in=searched(value, self.record_type.key, most=SEARCHED))

    def by_state(self, queryset: QuerySet[Record], name: str, value: str) -> QuerySet[Record]:
        """One state, or all open or ended ones."""
        if value in (OPEN, CLOSED):
            return queryset.filter(state__in=states_that_are(self.record_type, value == OPEN))
        return queryset.filter(state=value)

    def by_structure(self, queryset: QuerySet[Record], name: str, value: str) -> QuerySet[Record]:
        """Rows whose column is that area (or lies in it), sector or organisation."""
        declared = next(f for f in self.record_type.filters if f.key == name)
        return queryset.filter(**{f"{declared.field}__in": self.structure.ids(declared.kind, value)})

    def by_mine(self, queryset: QuerySet[Record], name: str, value: bool) -> QuerySet[Record]:
        """What my positions filed."""
        return queryset.filter(author_position_id__in=self.actor.position_ids) if value else queryset

    def by_check(self, queryset: QuerySet[Record], name: str, value: bool) -> QuerySet[Record]:
        """What meets the type's own condition."""
        declared = next(f for f in self.record_type.filters if f.key == name)
        return queryset.filter(declared.where(self.actor)) if value and declared.where else queryset

    def by_open(self, queryset: QuerySet[Record], name: str, value: bool) -> QuerySet[Record]:
        """What is not at its end."""
        return queryset.filter(state__in=states_that_are(self.record_type, True)) if value else queryset


class _Later:
    """Choices that are read when a form shows or checks them."""

    def __init__(self, structure: Structure, kind: str) -> None:
        self.structure, self.kind = structure, kind

    def __call__(self) -> list[tuple[str, str]]:
        return self.structure.choices(self.kind)

    def __deepcopy__(self, memo: dict[int, Any]) -> _Later:
        # WHY: forms copy their fields; a copied structure would be read a second time.
        return self


def states_that_are(record_type: type[RecordType], is_open: bool) -> list[str]:
    """Codes of the states in which work goes on, or of the others."""
    return [s.code for s in record_type.workflow.states if (s.outcome is Outcome.OPEN) == is_open]


@lru_cache(maxsize=64)
def filters_for(record_type: type[RecordType]) -> type[RecordFilters]:
    """The FilterSet class of a record type."""
    declared: dict[str, Any] = {
        "q": django_filters.CharFilter(
            method="search",
            label=_("Words or reference"),
            max_length=100,
            help_text=_("In titles, texts and comments; the last word may be its first letters."),
            widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
        )
    }
    for each in record_type.filters:
        declared |= _filters(record_type, each)
    meta = type("Meta", (), {"model": Record, "fields": []})
    return type(
        f"{record_type.key.title().replace('_', '')}Filters", (RecordFilters,), {**declared, "Meta": meta}
    )


def _filters(record_type: type[RecordType], declared: Filter) -> dict[str, Any]:
    key, common = declared.key, {"field_name": declared.field, "label": declared.label}
    if declared.kind == "state":
        choices = [
            (OPEN, _("Any open state")),
            (CLOSED, _("Any ended state")),
            *((s.code, s.label) for s in record_type.workflow.states),
        ]
        return {
            key: django_filters.ChoiceFilter(
                method="by_state", choices=choices, empty_label=_("Any"), **common
            )
        }
    if declared.kind in _STRUCTURE:
        return {
            key: django_filters.ChoiceFilter(
                method="by_structure", choices=[], empty_label=_("Any"), **common
            )
        }
    if declared.kind == "mine":
        return {key: django_filters.BooleanFilter(method="by_mine", widget=forms.CheckboxInput, **common)}
    if declared.kind == "check":
        named = {"field_name": key, "label": declared.label}
        return {key: django_filters.BooleanFilter(method="by_check", widget=forms.CheckboxInput, **named)}
    if declared.kind == "open":
        return {key: django_filters.BooleanFilter(method="by_open", widget=forms.CheckboxInput, **common)}
    if declared.kind == "date_range":
        date = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        return {
            f"{key}_from": django_filters.DateFilter(
                field_name=declared.field, method=_since,
                label=format_lazy(_("{date} from"), date=declared.label),
                widget=date,
            ),
            f"{key}_to": django_filters.DateFilter(
                field_name=declared.field, method=_until,
                label=format_lazy(_("{date} until"), date=declared.label),
                widget=date,
            ),
        }  # fmt: skip
    choices = _choices(record_type, declared)
    if declared.kind == "multichoice":
        widget = forms.CheckboxSelectMultiple
        return {key: django_filters.MultipleChoiceFilter(choices=choices, widget=widget, **common)}
    return {key: django_filters.ChoiceFilter(choices=choices, empty_label=_("Any"), **common)}


def _choices(record_type: type[RecordType], declared: Filter) -> Any:
    if declared.choices is not None:
        return getattr(declared.choices, "choices", declared.choices)
    if declared.field == "kind" and record_type.kinds is not None:
        return record_type.kinds.choices
    return Record._meta.get_field(declared.field).choices or []  # type: ignore[union-attr]


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _since(queryset: QuerySet[Record], name: str, value: Any) -> QuerySet[Record]:
    """From the beginning of that day, in the reader's zone."""
    return queryset.filter(**{f"{name}__gte": _midnight(value)})


def _until(queryset: QuerySet[Record], name: str, value: Any) -> QuerySet[Record]:
    """To the end of that day, in the reader's zone."""
    return queryset.filter(**{f"{name}__lt": _midnight(value + timedelta(days=1))})
