"""What can be chosen on the time line, and what was: views, units, filters. No queries."""

from __future__ import annotations

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.joint_plans.vocabulary import Progress

from .board import Board
from .periods import UNITS

UNIT_NAMES = {"week": lambda: _("Weeks"), "month": lambda: _("Months"), "quarter": lambda: _("Quarters")}


def views(board: Board) -> list[dict[str, Any]]:
    """The ways to look at the plan, each with its address."""
    asked = board.asked
    reset = {"open": "", "page": 1, "part": 1}
    return [
        {"label": _("Time line"), "url": asked.query(view="line"), "current": asked.view == "line"},
        {"label": _("Matrix"), "url": asked.query(view="matrix", **reset), "current": asked.view == "matrix"},
        {"label": _("By lead"), "url": asked.query(lanes="lead", **reset), "current": asked.lanes == "lead"},
        {"label": _("By area"), "url": asked.query(lanes="area", **reset), "current": asked.lanes == "area"},
        *(
            {"label": UNIT_NAMES[unit](), "url": asked.query(by=unit, at=None), "current": board.unit == unit}
            for unit in UNITS
        ),
    ]


def filters(board: Board) -> list[dict[str, Any]]:
    """The filters as selects: what can be chosen, and what is."""
    asked, choices = board.asked, board.choices()
    every = [
        ("objective", _("Objective"), choices["objective"]),
        ("area", _("Area"), choices["area"]),
        ("sector", _("Sector"), choices["sector"]),
        ("lead", _("Lead"), choices["lead"]),
        ("progress", _("Progress"), [(value, str(label)) for value, label in Progress.choices]),
        ("only", _("Marks"), [("overlap", _("Overlapping only"))]),
    ]
    return [
        {
            "name": name,
            "label": label,
            "choices": [
                {"value": value, "label": said, "on": value == getattr(asked, name)}
                for value, said in options
            ],
        }
        for name, label, options in every
        if options
    ]


def filters_said(board: Board) -> str:
    """The filters in use, in one line; empty when there are none."""
    said = [
        f"{each['label']}: {choice['label'].strip()}"
        for each in filters(board)
        for choice in each["choices"]
        if choice["on"]
    ]
    asked = board.asked
    if asked.since:
        said.append(f"{_('From')}: {date_format(asked.since, 'j M Y')}")
    if asked.until:
        said.append(f"{_('Until')}: {date_format(asked.until, 'j M Y')}")
    return "; ".join(said)
