"""What the demo mission's Joint Operations Centre reported, invented throughout. Data only."""

from __future__ import annotations

from dataclasses import dataclass

#: Kind -> heading -> the post that is asked for it; the JOC writes all others itself.
ASKED: dict[str, dict[str, str]] = {
    "daily": {
        "Political": "civ", "Military": "fc", "Police": "pc", "Humanitarian and protection of civilians": "cmc",
        "Security and safety": "sec", "Mission support": "dms",
    },
    "special_incident": {"Who is affected": "s9n", "Action taken": "bat3"},
}  # fmt: skip


@dataclass(frozen=True)
class Reported:
    """A product begun so many days ago. `said` are heading and text; an empty text says that there is nothing."""

    kind: str
    ago: float
    said: dict[str, str]
    state: str = "released"
    title: str = ""
    incident_hours: float | None = None
    note: str = ""
    corrected: tuple[str, str] | None = None  # heading and text of the corrected edition


REPORTS: tuple[Reported, ...] = (
    Reported(
        "daily", 3.0,
        {
            "Highlights": "The road Bor–Pibor was open to relief trucks for the second day. Two cattle raids in Akobo; "
            "no movement of forces seen.",
            "Political": "The commissioner of Pibor received the elders; the truce of March was confirmed in public.",
            "Military": "Routine patrols. A checkpoint of unknown allegiance north of Malakal was gone by noon.",
            "Police": "",
            "Humanitarian and protection of civilians": "About 400 people arrived in Bor from Uror. Shelter kits last for a week.",
            "Security and safety": "A staff vehicle was stoned in Malakal market; nobody was hurt.",
            "Mission support": "Fuel at Bor for six days.",
            "Outlook": "Rain is expected in Jonglei from Thursday: the crossing at the third kilometre may close.",
        },
        corrected=("Mission support", "Fuel at Bor for nine days."),
    ),
    Reported(
        "daily", 2.0,
        {
            "Highlights": "A barge with seed passed the river post at Malakal without a search, as agreed.",
            "Political": "",
            "Military": "Two long patrols from Sector East reached Likuangole.",
            "Police": "Forty officers of the host police began their course in Malakal.",
            "Humanitarian and protection of civilians": "Registration of the arrivals from Uror began in Bor.",
            "Security and safety": "No incidents.",
            "Mission support": "The Level 2 hospital in Bor is without its surgeon until Saturday.",
            "Outlook": "Market day in Pibor; more people on the road than usual.",
        },
    ),
    Reported(
        "special_incident", 1.2,
        {
            "What": "Shots were fired at a convoy of three relief trucks. One driver was wounded in the arm.",
            "Where": "Road Malakal–Kodok, about 12 km north of Malakal.",
            "When": "This morning at about 09:40; reported by the convoy at 09:55.",
            "Who is affected": "One man wounded, treated in Malakal. Eleven others unhurt.",
            "Action taken": "A patrol reached the place within 50 minutes and brought the convoy back.",
            "Further action": "The road is closed to relief traffic until the security adviser has assessed it.",
            "Assessment": "Probably robbers, not a party to the conflict. Moderate confidence.",
        },
        title="Shots at a relief convoy north of Malakal", incident_hours=1.5,
    ),
    Reported(
        "daily", 0.02,
        {
            "Political": "Talks on the opening of the Kodok road are planned for Friday.",
            "Military": "Engineers repair the crossing at the third kilometre.",
            "Humanitarian and protection of civilians": "A measles campaign for children under five begins in Bor.",
            "Police": "",
            "Security and safety": "The road Malakal–Kodok stays closed to relief traffic.",
        },
        state="collecting",
    ),
    Reported("weekly", 0.01, {}, state="draft"),
    Reported("monthly", 4.0, {"Highlights": "To be written.", "Outlook": "To be written."}, state="compiling"),
    Reported("flash", 1.25, {"What": "Shots at a relief convoy.", "Where": "North of Malakal.", "When": "09:40."},
             state="for_release", title="Shots at a relief convoy: first word", incident_hours=1.0),
    Reported("flash", 5.0, {"What": "A fire.", "Where": "Bor port.", "When": "Last night."}, state="returned",
             title="Fire at the port of Bor", incident_hours=1.0, note="Say whether anybody was hurt."),
    Reported("flash", 6.0, {}, state="withdrawn", title="Helicopter overdue", incident_hours=0.5,
             note="It has landed; its radio was off."),
)  # fmt: skip
