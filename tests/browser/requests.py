"""What the focal point writes into an armed-escort request, step by step of the form."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from tests.browser.person import Person

ZONE = ZoneInfo("Africa/Juba")
TITLE = "Escort of a food convoy from Juba to Bor"


def local(days: int) -> str:
    """A moment so many days ahead, as the browser's calendar writes it."""
    return f"{timezone.now().astimezone(ZONE) + timedelta(days=days):%Y-%m-%dT%H:%M}"


def day(days: int) -> str:
    """A day so many days ahead."""
    return local(days)[:10]


def need(title: str = TITLE) -> dict[str, Any]:
    """The first step."""
    return {
        "title": title,
        "kind": "armed_escort",
        "priority": 2,
        "sector": "Food security",
        "need_statement": "Two months of cereals for 12,000 displaced people in Bor.",
        "people_targeted": 12000,
        "population_group": "Internally displaced people",
        "consequence_if_not_met": "Rations end in nine days; the last distribution was halved.",
    }


def place() -> dict[str, Any]:
    """The second step."""
    return {
        "area": "SS0303",
        "destination_place": "Bor",
        "origin_area": "SS0101",
        "origin_place": "Juba",
        "ready_to_load": local(3),
        "needed_by": local(6),
        "duration": 2,
        "end_date": day(8),
    }


CARGO = {
    "cargo-0-item": "Sorghum",
    "cargo-0-quantity": 6400,
    "cargo-0-unit": "bags",
    "cargo-0-weight_mt": 320,
    "cargo-0-volume_m3": 410,
}
LAST_RESORT = {
    "last_resort_justification": "No transporter drives this road without an escort since the two ambushes.",
    "distinction_marking": True,
    "distinction_seating": True,
    "distinction_no_weapons": True,
    "distinction_measures": "Marked trucks, an interval of 500 m to the escort, no military in cabins.",
    "alternatives-0-option": "Commercial transporter",
    "alternatives-0-result": "refused",
    "alternatives-0-evidence": "Three written refusals.",
}
ESCORT = {
    "escort_route": "Juba – Mangalla – Gemmaiza – Bor; checkpoints at Mangalla and Gemmaiza.",
    "escort_vehicles": 14,
    "escort_vehicle_types": "Trucks, 30 t",
    "escort_crew": "South Sudanese, Ugandan",
    "escort_alternatives": "River barge: six weeks. Air drop: ten times the cost, not enough lift.",
    "humanitarian_need_text": "The distribution keeps 12,000 people alive; no other pipeline is open.",
    "humanitarian_need_met": True,
    "authorities_text": "County police cannot cover the road beyond Mangalla.",
    "authorities_met": True,
    "security_text": "Attacks stop at armed convoys; risk to staff falls from high to medium.",
    "security_met": True,
    "sustainability_text": "Escorts on this road may make later unescorted passage harder.",
    "sustainability_met": False,
}
POSITION_AND_PLAN = {
    "common_position": "The country team agreed on escorts on this road for food only, month by month.",
    "discontinuation_plan": "Ends when two convoys of the transporters' union have passed unharmed.",
}
CONTACT = {
    "contact_name": "Okot James",
    "contact_phone": "+211 912 000 111",
    "cost_basis": "no_cost",
}


def file_simple(person: Person, title: str) -> str:
    """File a draft by its first step; its address."""
    person.page.goto("/aid-requests/new/")
    person.fill(**need(title), scope="organisation")
    person.press("Save and close")
    person.page.wait_for_url("**/aid-requests/*-*-*/")
    return person.page.url.removeprefix(person.address)
