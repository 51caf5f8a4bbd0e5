"""What the demo mission is told at once: notices and emergency broadcasts, invented throughout. Data only."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Next:
    """A step by the post `who` (empty: the clock), `after` hours. `hours` is how long it holds from then on."""

    name: str
    after: float = 1
    who: str = ""
    note: str = ""
    hours: float | None = None
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Announced:
    """An announcement by the post `by`, `ago` days; `read` are posts whose holders say, one after the other, that they
    have read the edition in force, half an hour after the last step before the end.
    """

    by: str
    kind: str
    title: str
    message: str
    ago: float
    instruction: str = ""
    town: str = ""
    priority: int = 3
    hours: float | None = None
    asks: bool = False
    codes: tuple[str, str, str, str] = ("", "", "", "")
    classification: int = 0
    steps: tuple[Next, ...] = (Next("issue", 0.2),)
    read: tuple[str, ...] = ()


_ALL_SIDES = (
    "cmc", "nbr", "hhi", "dca", "rar", "cwa", "slc", "clog", "chea", "cfsc", "u9", "u9o", "s9n", "bat3", "riv", "sec",
    "fsc", "civ", "mov", "dms", "fpu",
)  # fmt: skip

ANNOUNCEMENTS: tuple[Announced, ...] = (
    Announced(
        "jocd", "emergency", "Flood at the river port of Malakal",
        "The river rises quickly at Malakal. The lower yard of the port has stood under water since 05:40. Two barges have "
        "broken loose and drift north. Nobody is known to be hurt.",
        21, "Keep off the river between Malakal and Kodok. Move vehicles and stores out of the lower yard now. Report people "
        "and goods that you miss to the joint operations centre, channel 3.",
        "Malakal", 1, 10, codes=("Met", "Immediate", "Severe", "Observed"),
        steps=(
            Next("issue", 0.1, "jocd"),
            Next("amend", 3, "jocc", "The barges are secured.", 14, {
                "message": "The river still rises at Malakal, more slowly. The lower yard of the port stands under water. Both "
                "barges are secured at the eastern bank. One person is slightly hurt.",
                "instruction": "Keep out of the port. The river may be used again south of Malakal, by daylight.",
                "severity": "Moderate",
            }),
            Next("expire"),
        ),
        read=(*_ALL_SIDES, "cos", "fc"),
    ),
    Announced(
        "sec", "emergency", "Shots near the airstrip of Bentiu",
        "Several shots were heard north of the airstrip of Bentiu at 14:20. It is not known who fired.",
        9, "Stay where you are, inside. No movement to or from the airstrip until you hear from us again.",
        "Bentiu", 1, 6, codes=("Security", "Immediate", "Severe", "Likely"),
        steps=(
            Next("issue", 0.1, "sec"),
            Next("cancel", 1.5, "sec", "It was an exercise of the police on their range, announced to the town and not to us. "
                 "Move as usual."),
        ),
        read=("cmc", "nbr", "cwa", "u9", "s9n", "fpu", "bat1", "rar"),
    ),
    Announced(
        "jocc", "notice", "Whom to call outside office hours",
        "From the first of next month the joint operations centre answers calls at night on one number for all sectors. The "
        "old numbers of the sectors are switched off on the same day.",
        3, "Write the new number into your movement plans and tell your drivers. It stands in the liaison list.",
        asks=True, priority=2, read=("cmc", "nbr", "dca", "u9", "u9o", "sec", "clog", "civ", "bat1", "mov"),
    ),
    Announced(
        "u9o", "notice", "Pontoon bridge south of Bor closed for repair",
        "Engineer Company 2 repairs the pontoon bridge south of Bor. Light vehicles cross from six to eight in the morning; "
        "trucks do not cross.",
        1.3, "Plan trucks over the northern crossing, or wait.", "Bor", hours=150,
    ),
    Announced(
        "sec", "notice", "New call signs for convoys on the eastern roads",
        "The call signs of convoys between Bor and Pibor have been overheard. New ones are in force from tonight.",
        5, "Fetch the list from the security office in person. Do not send it by mail or radio.", "Pibor", 2,
        asks=True, classification=1, read=("cmc", "nbr", "hhi", "u9", "s9e", "fsc", "bat1"),
    ),
    Announced(
        "fsc", "notice", "Road from Bor to Pibor: what we advise for the rains",
        "Draft of the security office in Sector East. The crossings are looked at again this week.",
        0.3, town="Pibor", steps=(),
    ),
    Announced(
        "cmcn", "notice", "Meeting on river movements in Malakal",
        "All who move on the river meet on Tuesday at nine in the office of OCHA in Malakal.",
        15, town="Malakal", steps=(Next("discard", 4, "cmcn", "It goes into the invitation to the working group."),),
    ),
)  # fmt: skip

EXERCISE: tuple[Announced, ...] = (
    Announced(
        "xjoc", "notice", "EXERCISE: play stops at 18:00", "EXERCISE. All injects after 18:00 are postponed to the next day.",
        2, "EXERCISE. Log off and come to the hot wash.", asks=True, read=("xcmc", "xcim"),
    ),
)  # fmt: skip
