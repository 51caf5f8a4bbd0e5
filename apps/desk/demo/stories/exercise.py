"""The exercise: a small mission of its own, in the same installation, that never meets the other one."""

from apps.desk.demo.story import ESCORT_DECIDABLE, Cargo, Say, Step, Story, path
from apps.mission.vocabulary import RequestKind

STORIES = (
    Story(
        "x-escort", "xreq", RequestKind.ESCORT, "EXERCISE: escort to Mundri", "EXERCISE. Five trucks, scripted attack on day 2.",
        "Mundri", 4, 9, origin="Juba", sector="FSC", priority=2, people=500,
        events=(*path(*ESCORT_DECIDABLE), Say("xcarla", "EXERCISE: inject 7 follows at 14:00.")),
    ),
    Story(
        "x-lift", "xreq", RequestKind.LIFT, "EXERCISE: air lift to Maridi", "EXERCISE. Two tons of medicine, airstrip closed at H+6.",
        "Maridi", 3, 8, origin="Juba", sector="HEA", priority=2, people=300, cargo=(Cargo("Medicine", 40, "cartons", 2, 5),),
        events=path("submit", "validate", "endorse", "transmit", "recommend", "approve", "task"),
    ),
    Story(
        "x-bridge", "xreq", RequestKind.ENGINEERING, "EXERCISE: bridge at Yei", "EXERCISE. Bridge is down in the scenario.",
        "Yei", 3, 15, sector="LOG", people=2000, events=path("submit", "validate"),
    ),
    Story(
        "x-storage", "xreq", RequestKind.STORAGE, "EXERCISE: storage in Juba", "EXERCISE. Ten tons for a week.",
        "Juba", 6, 9, sector="LOG", people=900, cargo=(Cargo("Relief items", 20, "pallets", 10, 30),),
        events=(
            *path("submit", "validate", "endorse", "transmit", "recommend", "approve", "task", "accept"),
            Step("report_done", 20), Step("confirm", 10),
        ),
    ),
    Story(
        "x-draft", "xreq", RequestKind.MEDICAL, "EXERCISE: mass casualty", "EXERCISE. To be completed by the players.",
        "Torit", 0.5, 3, sector="HEA", partial=True, fields={"contact_name": "Exercise control"},
    ),
)  # fmt: skip
