"""Template tags that turn values into markup. Pure rendering: no queries, no permissions, no writes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import template
from django.forms import BoundField
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.mission.vocabulary import Classification, Priority, Sensitivity

register = template.Library()

#: Icon of each tone: a state is told by word, shape and colour together.
TONE_ICONS = {
    "draft": "circle-dashed",
    "waiting": "hourglass",
    "active": "circle-dot",
    "success": "check-circle",
    "danger": "error",
    "stopped": "stop",
}
#: Icons whose drawing points along the line of reading and is mirrored from right to left.
DIRECTIONAL = frozenset({"arrow-right", "arrow-left", "return", "send", "sign-out", "truck", "history"})
#: A due time nearer than this is shown as soon.
SOON = dt.timedelta(hours=24)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw an icon of the sprite; without `label` it is decoration and hidden from assistive technology."""
    direction = " directional" if name in DIRECTIONAL else ""
    href = f"{static('icons/sprite.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="icon{}" role="img" aria-label="{}"><use href="{}"></use></svg>',
            direction,
            label,
            href,
        )
    return format_html('<svg class="icon{}" aria-hidden="true"><use href="{}"></use></svg>', direction, href)


@register.simple_tag
def state_badge(state: Any, tone: str = "") -> SafeString:
    """Show a state by word, shape and colour.

    `state` has `label` and `tone` (draft, waiting, active, success, danger, stopped), or is the word itself.
    """
    if not state:
        return SafeString("")
    word = _read(state, "label") or state
    tone = tone or _read(state, "tone") or "active"
    return format_html(
        '<span class="badge {}">{}{}</span>', tone, icon(TONE_ICONS.get(tone, "circle-dot")), word
    )


@register.simple_tag
def when(moment: dt.datetime | dt.date | None, brief: bool = False) -> SafeString:
    """Say how long ago or until, with the exact local time and its zone in the title; `brief` goes without."""
    if moment is None:
        return SafeString("")
    if not isinstance(moment, dt.datetime):
        return format_html('<time datetime="{}">{}</time>', moment.isoformat(), exact_day(moment))
    title = SafeString("") if brief else format_html(' title="{}"', exact_time(moment))
    return format_html('<time datetime="{}"{} data-relative>{}</time>', _iso(moment), title, relative(moment))


@register.simple_tag
def moment(value: dt.datetime | dt.date | None) -> SafeString:
    """Say the exact local day and time with the zone."""
    if value is None:
        return SafeString("")
    if not isinstance(value, dt.datetime):
        return format_html('<time datetime="{}">{}</time>', value.isoformat(), exact_day(value))
    return format_html('<time datetime="{}">{}</time>', _iso(value), exact_time(value))


@register.simple_tag
def due(value: dt.datetime | None, done: bool = False, brief: bool = False) -> SafeString:
    """Show a clock: how long until, or overdue, and the exact local time with its zone.

    `done` shows a clock that no longer runs; `brief` leaves the exact time to the title, for tables.
    """
    if value is None:
        return SafeString("")
    exact = exact_time(value)
    stamp = format_html(
        '<time datetime="{}" title="{}"{}>{}</time>',
        _iso(value),
        exact,
        SafeString("") if done else SafeString(" data-relative"),
        exact if done else relative(value),
    )
    if done:
        return format_html('<span class="due quiet">{}</span>', stamp)
    left = value - timezone.now()
    tone, mark, word = "quiet", "clock", "" if brief else _("Due")
    if left < dt.timedelta(0):
        tone, mark, word = "bad", "warning", _("Overdue")
    elif left < SOON:
        tone, mark, word = "warn", "hourglass", _("Due soon")
    tail = SafeString("") if brief else format_html('<span class="exact">{}</span>', exact)
    head = format_html("{} <b>{}</b>", icon(mark), word) if word else format_html("{} {}", icon(mark), stamp)
    rest = stamp if word else SafeString("")
    return format_html('<span class="due {}"><span>{}</span> {} {}</span>', tone, head, rest, tail)


@register.inclusion_tag("pages/_label_line.html")
def label_line(label: Any, foot: bool = False) -> dict[str, Any]:
    """The marking at the top of a record: classification, sensitivity, compartments.

    `label` is anything with `classification`, `sensitivity` and (optionally) `compartments`: an iterable or
    manager of names. `foot` prints it at the foot of each sheet.
    """
    classification = Classification(int(_read(label, "classification") or 0))
    sensitivity = Sensitivity(int(_read(label, "sensitivity") or 0))
    compartments = _read(label, "compartment_names") or _read(label, "compartments") or ()
    if hasattr(compartments, "all"):
        compartments = compartments.all()
    return {
        "classification": classification.label,
        "key": classification.name.lower().replace("_", "-"),
        "sensitivity": sensitivity.label,
        "compartments": list(compartments) if isinstance(compartments, Iterable) else [],
        "foot": foot,
    }


@register.simple_tag
def label_mark(label: Any) -> SafeString:
    """The classification in short, for a table's cell: word, and a lock from CONFIDENTIAL upwards."""
    classification = Classification(int(_read(label, "classification") or 0))
    if classification is Classification.UNCLASSIFIED:
        return format_html('<span class="muted">{}</span>', classification.label)
    tone = "info" if classification is Classification.CONFIDENTIAL else "bad"
    return format_html('<span class="badge {}">{}{}</span>', tone, icon("lock"), classification.label)


@register.simple_tag
def priority_mark(value: Any, full: bool = False) -> SafeString:
    """Show a priority by its code, a shape for P1 and P2, and its meaning (`full`) or in the title."""
    if value in (None, ""):
        return SafeString("")
    priority = Priority(int(value))
    mark, tone = {Priority.P1: ("error", "bad"), Priority.P2: ("up", "warn")}.get(priority, ("", "quiet"))
    word = priority.label if full else priority.name
    return format_html(
        '<span class="badge plain {}" title="{}">{}{}</span>',
        tone,
        priority.label,
        icon(mark) if mark else "",
        word,
    )


@register.simple_tag
def control(field: BoundField, hint_id: str = "") -> SafeString:
    """Render a field's widget, described by its help, its errors and the format hint `hint_id`."""
    described = " ".join(part for part in (field.aria_describedby, hint_id) if part)
    return field.as_widget(attrs={"aria-describedby": described} if described else None)


@register.filter
def bdi(text: Any) -> SafeString:
    """Isolate text of unknown direction, such as a name or a reference."""
    return format_html("<bdi>{}</bdi>", text) if text not in (None, "") else SafeString("")


@register.filter
def widget_kind(field: BoundField) -> str:
    """Name the family of a field's widget: date, datetime, check, choices, file, hidden or text."""
    kind = field.widget_type
    if kind in {"date", "nativedate"}:
        return "date"
    if kind.startswith(("datetime", "splitdatetime", "nativedatetime")):
        return "datetime"
    if kind == "checkbox":
        return "check"
    if kind in {"radioselect", "checkboxselectmultiple"}:
        return "choices"
    if field.is_hidden:
        return "hidden"
    return "file" if "file" in kind else "text"


@register.simple_tag
def zone_name() -> str:
    """The name of the time zone in which times are shown and read on this page."""
    return timezone.get_current_timezone_name()


def exact_time(value: dt.datetime) -> str:
    """Day, date, time and zone in the current zone and language, for example “Mon 23 Nov 2026, 14:00 CAT”."""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    # Translators: day, date and time of a moment, in Django's date format letters.
    said = date_format(local, _("D j M Y, H:i"))
    return f"{said} {local.tzname() or ''}".strip()


def exact_day(value: dt.date) -> str:
    """Day and date in the current language, for example “Mon 23 Nov 2026”."""
    # Translators: day and date, in Django's date format letters.
    return date_format(value, _("D j M Y"))


def relative(value: dt.datetime, now: dt.datetime | None = None) -> str:
    """Say “in 3 hours” or “3 hours ago”, in the largest whole unit up to days."""
    seconds = (value - (now or timezone.now())).total_seconds()
    ahead, size = seconds >= 0, abs(seconds)
    if size < 60:
        return _("in less than a minute") if ahead else _("just now")
    if size < 3600:
        count = int(size // 60)
        text = (
            ngettext("in %(count)d minute", "in %(count)d minutes", count)
            if ahead
            else ngettext("%(count)d minute ago", "%(count)d minutes ago", count)
        )
    elif size < 2 * 86400:
        count = int(size // 3600)
        text = (
            ngettext("in %(count)d hour", "in %(count)d hours", count)
            if ahead
            else ngettext("%(count)d hour ago", "%(count)d hours ago", count)
        )
    else:
        count = int(size // 86400)
        text = (
            ngettext("in %(count)d day", "in %(count)d days", count)
            if ahead
            else ngettext("%(count)d day ago", "%(count)d days ago", count)
        )
    return text % {"count": count}


def _iso(value: dt.datetime) -> str:
    return (
        value.astimezone(dt.UTC).isoformat(timespec="minutes").replace("+00:00", "Z")
        if timezone.is_aware(value)
        else value.isoformat()
    )


def _read(thing: Any, name: str) -> Any:
    if isinstance(thing, dict):
        return thing.get(name)
    return getattr(thing, name, None)
