"""The tags say states, clocks, labels and priorities in words, and escape what people typed."""

from __future__ import annotations

import datetime as dt

import pytest
from django import forms
from django.template import Context, Template
from django.utils import timezone, translation

from apps.pages.templatetags import portal

NOW = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (30, "in less than a minute"),
        (-30, "just now"),
        (60, "in 1 minute"),
        (-59 * 60, "59 minutes ago"),
        (3600, "in 1 hour"),
        (47 * 3600, "in 47 hours"),
        (-49 * 3600, "2 days ago"),
        (400 * 86400, "in 400 days"),
    ],
)
def test_relative_time_uses_the_largest_whole_unit(seconds: int, words: str) -> None:
    assert portal.relative(NOW + dt.timedelta(seconds=seconds), NOW) == words


def test_exact_time_names_the_zone_of_the_reader() -> None:
    with timezone.override("Africa/Juba"):
        assert portal.exact_time(NOW) == "Sun 22 Nov 2026, 14:00 CAT"
    with timezone.override("UTC"):
        assert portal.exact_time(NOW).endswith("12:00 UTC")


@pytest.mark.parametrize(
    ("hours", "word", "tone"),
    [(-2, "Overdue", "bad"), (3, "Due soon", "warn"), (80, "in 3 days", "quiet")],
)
def test_a_clock_is_told_by_word_shape_and_tone(hours: int, word: str, tone: str) -> None:
    html = portal.due(timezone.now() + dt.timedelta(hours=hours, minutes=5))
    assert word in html
    assert f'class="due {tone}"' in html
    assert "<svg" in html
    assert 'datetime="' in html


def test_a_clock_that_has_stopped_is_not_overdue() -> None:
    html = portal.due(timezone.now() - dt.timedelta(days=3), done=True)
    assert "Overdue" not in html
    assert "data-relative" not in html


def test_a_state_shows_its_word_and_a_shape_for_every_tone() -> None:
    for tone, mark in portal.TONE_ICONS.items():
        html = portal.state_badge({"label": "In <b>work</b>", "tone": tone})
        assert f"#{mark}" in html
        assert "In &lt;b&gt;work&lt;/b&gt;" in html
    assert portal.state_badge(None) == ""


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ({"classification": 0, "sensitivity": 0}, ["Unclassified", "Sensitivity: low"]),
        (
            {"classification": 1, "sensitivity": 2, "compartments": ["Routes"]},
            ["Confidential", "high", "Routes"],
        ),
        (
            {"classification": 2, "sensitivity": 3},
            ["strictly-confidential", "Strictly confidential", "severe"],
        ),
    ],
)
def test_the_marking_names_classification_sensitivity_and_compartments(
    label: dict[str, object], words: list[str]
) -> None:
    html = Template("{% load portal %}{% label_line label %}").render(Context({"label": label}))
    for word in words:
        assert word in html


def test_an_unknown_classification_is_refused_rather_than_shown_as_open() -> None:
    with pytest.raises(ValueError, match="7"):
        portal.label_mark({"classification": 7})


def test_user_text_is_isolated_and_escaped() -> None:
    assert portal.bdi("<i>مرحبا</i>") == "<bdi>&lt;i&gt;مرحبا&lt;/i&gt;</bdi>"
    assert portal.bdi(None) == ""


class _Form(forms.Form):
    day = forms.DateField(
        label="Needed by", widget=forms.DateInput(attrs={"type": "date"}), help_text="Latest day"
    )
    agreed = forms.BooleanField(label="Agreed", required=False)
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


def test_a_field_in_error_is_described_marked_invalid_and_required_in_words() -> None:
    form = _Form({"day": "yesterday"})
    html = form["day"].as_field_group()
    assert "(required)" in html
    assert 'aria-invalid="true"' in html
    described = html.split('aria-describedby="')[1].split('"')[0].split()
    assert described == ["id_day_helptext", "id_day_error", "id_day_format"]
    for part in described:
        assert f'id="{part}"' in html


def test_choices_stand_in_a_fieldset_and_hidden_fields_bare() -> None:
    form = _Form()
    assert "<legend>Kind" in form["kind"].as_field_group()
    assert form["secret"].as_field_group().strip().startswith('<input type="hidden"')
    assert "(required)" not in form["agreed"].as_field_group()


def test_fields_carry_conditions_and_what_submitting_needs() -> None:
    form = _Form()
    form.fields["agreed"].show_when = "kind=a|b"  # type: ignore[attr-defined]
    form.fields["agreed"].needed_to_submit = True  # type: ignore[attr-defined]
    html = form["agreed"].as_field_group()
    assert 'data-show-when="kind=a|b"' in html
    assert "(needed before submitting)" in html


def test_the_error_summary_links_to_each_field() -> None:
    template = Template('{% include "pages/_error_summary.html" %}')
    html = template.render(Context({"form": _Form({"day": ""})}))
    assert 'href="#id_day"' in html
    assert 'role="alert"' in html
    assert template.render(Context({"form": _Form()})).strip() == ""


def test_times_are_told_in_the_readers_language() -> None:
    with translation.override("fr"), timezone.override("UTC"):
        assert portal.exact_time(NOW).startswith("dim")
