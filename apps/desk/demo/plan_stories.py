"""What the demo mission plans together: the return of displaced people to one county, and the next plan like it.

Invented people and events in real places. Data alone; `planner.py` tells it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

KEEPER, ENDORSER, CMCOORD = "s9e", "cos", "cmc"

PLAN: dict[str, Any] = {
    "title": "Return of displaced people to Akobo, first phase",
    "kind": "return",
    "purpose": "Some 4,200 people in Bor have said that they want to go home to Akobo before the rains. They return only "
    "if the road is open, the clinic works, and nobody steps on what the war left behind.",
    "end_state": "The road from Waat is open to lorries, the clinic in Akobo sees patients every day, and no family that "
    "returned has left again for fear within three months.",
    "priority": 2,
}

#: Days that it lasts.
LENGTH = 110

#: Post -> as what its organisation takes part.
TAKE_PART: dict[str, str] = {
    "cmc": "planner",
    "eng": "contributor",
    "bat1": "contributor",
    "nbr": "contributor",
    "cpro": "contributor",
    "host": "informed",
}


@dataclass(frozen=True)
class Told:
    """A part: its kind and words; days count from the first day of the plan; `only` names posts whose organisations read it.

    `serves` is the key of an objective.
    """

    key: str
    kind: str
    title: str
    details: str = ""
    lead: str = ""
    sector: str = ""
    days: tuple[int, int] | None = None
    only: tuple[str, ...] = ()
    serves: str = ""
    more: dict[str, Any] = field(default_factory=dict)


PARTS: tuple[Told, ...] = (
    Told("road", "objective", "The road from Waat to Akobo is open", "For lorries of ten tons, in both directions."),
    Told("clinic", "objective", "The clinic in Akobo sees patients", "Every day, with a midwife among the staff."),
    Told("safe", "objective", "Families return when they choose to", "Nobody is moved, and nobody is hurried."),
    Told("survey", "activity", "Survey and clear the road of mines", "By hand where the survey says so; marked in white.",
         "eng", "PRO", (0, 34), more={"needs": "Two clearance teams, one medical team on call"}, serves="road"),
    Told("grade", "activity", "Grade the road and mend two culverts", "From Waat; the culverts are at km 21 and km 38.",
         "eng", "LOG", (25, 60), more={"needs": "One grader, two tippers, 400 m³ of gravel"}, serves="road"),
    Told("repair", "activity", "Repair the clinic and its water point", "Roof, two rooms, the borehole.", "nbr", "HEA",
         (30, 75), more={"needs": "Roofing sheets, a pump, six masons"}, serves="clinic"),
    Told("escort", "activity", "Escort of convoys to the clinic", "Twice a week while the road is not cleared.", "bat1",
         "LOG", (20, 75), more={"needs": "One platoon"}, serves="clinic"),
    Told("listen", "activity", "Listening sessions with those who want to return", "Women and men apart, in both places.",
         "cpro", "PRO", (5, 90), serves="safe"),
    Told("ferry", "assumption", "The ferry at Akobo carries lorries",
         "Until the bridge stands, every lorry crosses on it.",
         more={"then": "Stop convoys at the western bank and plan anew: another road, or boats."}),
    Told("rain", "assumption", "The road is dry until the end of the plan", "", days=(0, 110),
         more={"then": "Convoys go by air or wait."}),
    Told("go", "decision_point", "Go or wait, before the first families leave Bor",
         "Survey done, clinic open, families asked again.", days=(70, 70)),
    Told("mine", "risk", "A mine is found after the road was declared clear", "", more={
        "likelihood": 2, "impact": 5, "mitigation": "Second pass of the verges before the first convoy."}),
    Told("count", "indicator", "Families that returned and stayed", "Counted by the return monitors of the cluster.", more={
        "unit": "families", "baseline": 0, "target": 700, "source": "Return monitoring, monthly"}),
    Told("rules", "instruction", "Who speaks to the county", "The civil affairs officer alone speaks to the commissioner."),
    Told("patrol", "instruction", "Times and routes of the road patrol", "Sealed between the battalion and the engineers.",
         only=("bat1", "eng")),
    Told("maps", "annex", "Culverts and their load", "km 21: 8 t now, 15 t when mended. km 38: closed until mended."),
)  # fmt: skip

#: What each said of the first version; the days after it circulated.
FIRST: tuple[tuple[str, int, str, str], ...] = (
    ("eng", 1, "concur", ""),
    ("bat1", 1, "concur", ""),
    ("nbr", 2, "comment", "The pump comes six weeks after it is ordered. Begin the clinic a fortnight later."),
    ("cpro", 3, "non_concur", "Armed escorts to the door of the clinic mark its patients. Escorts must end at the county line."),
    ("cmc", 4, "comment", "Protection is right. Let us change the escort before this goes up."),
)  # fmt: skip
CHANGED = "Escorts end at the county line; the clinic begins a fortnight later."
SECOND: tuple[tuple[str, int, str, str], ...] = (
    ("cpro", 1, "concur", ""),
    ("nbr", 1, "concur", ""),
    ("bat1", 2, "concur", ""),
    ("eng", 2, "concur", ""),
    ("cmc", 2, "concur", ""),
)
REVISED = "The ferry sank. Lorries take the road by Lankien, and the engineers mend that one first."
THIRD = SECOND

REPORTS: tuple[tuple[str, int, str, str], ...] = (
    ("survey", 20, "under_way", "31 of 64 km surveyed; two finds, both cleared."),
    ("survey", 36, "done", "All of it. The second pass begins on Monday."),
    ("grade", 70, "done", "Both culverts carry 15 t."),
    ("repair", 85, "done", "Opened with a midwife and two clinical officers."),
)
READINGS: tuple[tuple[int, int], ...] = ((60, 40), (80, 310), (98, 655))

LESSON: dict[str, Any] = {
    "title": "One crossing is no plan: ask for the second way before endorsement",
    "expected": "One ferry would carry all convoys for three months.",
    "happened": "It sank in the sixth week. Convoys stood for nine days until another road was graded.",
    "why": "The assumption was written down, and nobody had looked at the road by Lankien before it was needed.",
    "next_time": "Survey a second way in the first two weeks, and write its cost into the plan before it is endorsed.",
}
REVIEW = (
    "Meant: 700 families home in three months. Happened: 655, three weeks late. The ferry was the single point on which "
    "everything stood; the review that its loss set off took four days and worked. Escorts that end at the county line "
    "kept the clinic open to all. Next time: a second way from the first day."
)
NEXT: dict[str, Any] = {
    "title": "Return of displaced people to Pibor, first phase",
    "kind": "return",
    "purpose": "About 1,900 people in Bor and Juba want to return to Pibor after the harvest.",
    "end_state": "Families that want to are home before the next rains, by a road that lorries can use.",
    "priority": 3,
}
NEXT_PARTS: tuple[Told, ...] = (
    Told("road", "objective", "The road from Bor to Pibor is open", "For lorries of ten tons, before the first rains."),
    Told("safe", "objective", "Families return when they choose to", "Nobody is moved, and nobody is hurried."),
    Told("second", "activity", "Survey the landing on the Kangen as a second way", "Before anything rests on the road alone.",
         "eng", "LOG", (0, 13), serves="road"),
    Told("survey", "activity", "Survey and clear the road of mines", "By hand where the survey says so; marked in white.",
         "eng", "PRO", (5, 35), more={"needs": "Two clearance teams, one medical team on call"}, serves="road"),
    Told("grade", "activity", "Grade the road from Bor to Pibor", "Drifts at km 61 and km 88 first.", "eng", "LOG", (8, 40),
         more={"needs": "One grader, two tippers"}, serves="road"),
    Told("escort", "activity", "Escort of convoys to the county line", "Twice a week while the road is not cleared.", "bat1",
         "LOG", (30, 80), more={"needs": "One platoon"}, serves="road"),
    Told("listen", "activity", "Listening sessions with those who want to return", "Women and men apart, in Bor and Juba.",
         "cpro", "PRO", (5, 85), serves="safe"),
    Told("rain", "assumption", "The road is dry until the end of the plan", "", days=(0, 90),
         more={"then": "Convoys go by air or wait."}),
    Told("go", "decision_point", "Road or river, before the first families leave", "Both ways surveyed.", days=(28, 28)),
    Told("rules", "instruction", "Who speaks to the county", "The civil affairs officer alone speaks to the commissioner."),
)  # fmt: skip
