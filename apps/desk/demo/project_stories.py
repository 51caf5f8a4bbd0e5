"""What the demo mission builds and practises: a clinic, with money and a committee; an exercise; and what can be asked for.

Invented people and events in real places. Data alone; `builder.py` tells it.
"""

from __future__ import annotations

from typing import Any

from apps.desk.demo.plan_stories import Told

#: Key -> the post that promises it, what it can do, kind of support, hours of notice, conditions.
RESOURCES: dict[str, tuple[str, str, str, int, str]] = {
    "grader": ("eng", "Grade a gravel road, 4 km a day", "engineering", 72, "Fuel comes from whoever asks."),
    "clear": ("eng", "Survey and clear a road of mines", "engineering", 168, "A medical team stands by."),
    "platoon": (
        "bat1",
        "Escort a convoy of up to twenty lorries",
        "armed_escort",
        48,
        "As a last resort alone.",
    ),
    "barge": ("riv", "Carry 40 tons by river", "lift", 96, "Not above Nasir when the water is low."),
}
#: Activity of the next return plan -> the resource that is asked for it.
ASKED = {"grade": "grader", "survey": "clear"}

PROJECT: dict[str, Any] = {
    "title": "Repair of the clinic in Pibor",
    "kind": "qip",
    "purpose": "The clinic lost its roof in the storms. 9,000 people have no other within a day’s walk.",
    "end_state": "Two rooms and the maternity ward are dry, and the water point gives water all year.",
    "priority": 2,
}
PROJECT_LENGTH = 75
PROJECT_PART: dict[str, str] = {
    "nbr": "contributor",
    "eng": "contributor",
    "cmc": "contributor",
    "host": "informed",
}
BUILT: dict[str, Any] = {
    "dual_use": "clinic",
    "works_type": "Roof, two rooms, borehole",
    "place": "Pibor town, beside the market",
    "beneficiaries": 9000,
    "do_no_harm": "No uniformed staff inside the fence, and no mission mark on the building.",
    "sustainability": "The county health department pays two clinical officers; Nile Basin Relief trains them.",
}
ASKED_FOR, APPROVED = "42000", "40000"
#: Amount, and what must be done before it is paid.
INSTALMENTS = (
    ("16000", "When it is endorsed"),
    ("16000", "When the roof is on"),
    ("8000", "When the clinic is open"),
)
LOOKED_AT = (
    "Asked the health cluster and looked at who does what in the county: nobody else repairs a clinic there."
)
WHY = "See the purpose; the county commissioner and the health department asked for it in writing."
FOUND: tuple[tuple[int, int, str], ...] = (
    (12, 35, "Walls mended, timber on the ground. The masons wait for roofing sheets."),
    (30, 60, "The roof is on. The pump has not come yet."),
)
PROJECT_PARTS: tuple[Told, ...] = (
    Told("clinic", "objective", "The clinic in Pibor sees patients", "Every day, in the rains too."),
    Told("roof", "activity", "Roof and two rooms", "Local masons, paid by the week.", "nbr", "HEA", (0, 40), serves="clinic"),
    Told("water", "activity", "Borehole and pump", "Deepened to 60 m.", "nbr", "WSH", (30, 62), serves="clinic"),
    Told("level", "activity", "Level the track from the road to the clinic",
         "600 m, for an ambulance in the rains. The engineers work outside the fence.", "eng", "HEA", (62, 74),
         more={"needs": "One grader for two days"}, serves="clinic"),
    Told("sheets", "risk", "Roofing sheets come late", "", more={
        "likelihood": 3, "impact": 2, "mitigation": "Ordered from two sellers."}),
    Told("sick", "indicator", "Patients seen in a week", "From the register of the clinic.", more={
        "unit": "patients", "baseline": 40, "target": 250, "source": "Clinic register"}),
)  # fmt: skip

EXERCISE_PLAN: dict[str, Any] = {
    "title": "Dry Season: a convoy is hit, and its wounded are brought out",
    "kind": "exercise",
    "purpose": "To practise who calls whom between the first report and the hospital, by day and without a helicopter.",
    "end_state": "Every step of the evacuation was taken once by whoever takes it in earnest, and its time was noted.",
    "priority": 3,
}
EXERCISE_LENGTH = 3
EXERCISE_PART: dict[str, str] = {
    "cmc": "planner", "bat1": "contributor", "hos": "contributor", "nbr": "contributor",
}  # fmt: skip
EXERCISE_PARTS: tuple[Told, ...] = (
    Told("chain", "objective", "The chain from report to hospital holds", "In under two hours."),
    Told("report", "activity", "First report and call-out", "By radio; the script names no real convoy.", "bat1", "LOG",
         (0, 0), serves="chain"),
    Told("bring", "activity", "Bring three wounded to the landing site", "By road.", "bat1", "HEA", (1, 1), serves="chain"),
    Told("receive", "activity", "Receive and sort them at the hospital", "With actors.", "hos", "HEA", (1, 2), serves="chain"),
    Told("stop", "instruction", "Who stops the exercise", "Anybody, with the word REAL three times."),
)  # fmt: skip
