"""A quarter of meetings in the demo mission, week by week, invented throughout. Data only; oldest week first."""

from __future__ import annotations

from dataclasses import dataclass

#: The thread of the quarter: the road to Pibor, barges past Kodok, convoys announced in time, a closed look at risk.


@dataclass(frozen=True)
class Task:
    """An action point: what, whose, how many days until due; `done` days after the meeting (None: still open).

    `said` is what the owner says when it is done; `verified` whether somebody else has seen that it is.
    """

    what: str
    owner: str
    days: int
    done: int | None = None
    said: str = ""
    verified: bool = True
    priority: int | None = None


@dataclass(frozen=True)
class Decided:
    """A decision; `replaces` is the title of an earlier one."""

    title: str
    text: str
    replaces: str = ""


@dataclass(frozen=True)
class Item:
    """An item of one week. Without a minute it is carried over; `closed` names whom it admits; `by` who proposed it."""

    title: str
    minute: str = ""
    closed: str = ""
    by: str = ""
    decided: tuple[Decided, ...] = ()
    tasks: tuple[Task, ...] = ()


@dataclass(frozen=True)
class Week:
    """One meeting: its items beside those that stand or were carried over (named by their titles), who sent regrets."""

    items: tuple[Item, ...]
    regrets: tuple[str, ...] = ()
    remote: tuple[str, ...] = ()
    correction: tuple[str, str, str] | None = None  # (by, text, reply; empty: taken over)
    summary: str = ""


ROUND = "Access and movements: round of the table"
POINTS = "Open action points"
OTHER = "Any other business"
STANDING: tuple[tuple[str, int], ...] = ((POINTS, 10), (ROUND, 15), (OTHER, 5))

ROAD, BARGE, NOTICE = "Road from Bor to Pibor", "Barges past the post at Kodok", "Convoys announced in time"
RISK, MARKET, RAINS = (
    "Risk on the Pibor road, humanitarian view",
    "Market days and patrols in Bor",
    "Before the rains: what must move",
)

WEEKS: tuple[Week, ...] = (
    Week(
        (
            Item(ROAD, "Two convoys turned back at the third kilometre: the crossing is gone. The engineers can look at it, not "
                 "before next week. NBR asks that nobody goes alone meanwhile.", by="nbr",
                 tasks=(Task("Reconnaissance of the crossing at the third kilometre", "eng", 8, 6,
                             "Seen on Monday: passable for light vehicles; heavy trucks need a culvert."),)),
            Item(BARGE, by="hhi"),
            Item(POINTS, "None yet. The list is kept by the secretariat and read at the beginning of each meeting."),
            Item(ROUND, "Malakal quiet. Bor: patrols on the market road doubled since Friday. Akobo cut off by water."),
            Item(OTHER, "The group meets on Tuesdays at half past eight, in the OCHA compound, and by telephone."),
        ),
        regrets=("chea",), summary="First meeting of the quarter. The crossing on the Pibor road comes first.",
    ),
    Week(
        (
            Item(BARGE, "The crew of a seed barge was searched and lost half a day. S9 North takes it up with the post. HHI will "
                 "announce the next barge by radio as a trial.",
                 tasks=(Task("Instruct the river post at Kodok: no search of announced barges", "s9n", 10, 9,
                             "Instructed; the order is on the board of the post."),)),
            Item(ROAD, "The crossing was seen on Monday. A culvert is needed; the sector has pipes, no sand.",
                 tasks=(Task("Find sand for the culvert on the Pibor road", "clog", 14, 12, "Two truckloads from Bor."),)),
            Item(POINTS, "The reconnaissance is done and closed."),
            Item(ROUND, "Pibor: two incidents of stone-throwing. Malakal quiet."),
        ),
        remote=("cmcn", "s9n"),
    ),
    Week(
        (
            Item(NOTICE, "Three organisations told the sector of convoys on the morning itself. Patrols could not be moved. The "
                 "group wants one way for all.", by="s9e",
                 decided=(Decided("Convoys are announced two days ahead",
                                  "Humanitarian convoys on the roads Bor–Pibor and Bor–Ayod are announced to the CMCoord officer "
                                  "two days ahead, with date, hour and number of vehicles. It is an announcement, no request, and "
                                  "nobody waits for an answer."),)),
            Item(RISK, "Members compared what drivers report. Three saw armed youth at the same bend, always in the afternoon. "
                 "Agreed to travel before noon and not to say why outside this group.", closed="members", by="nbr"),
            Item(POINTS, "The river post was instructed. Sand is still looked for."),
            Item(ROUND, "Akobo: airstrip under water. Bor: a market day passed without trouble."),
        ),
        correction=("s9e", "It was two organisations, not three.", ""),
    ),
    Week(
        (
            Item(ROAD, "Sand has come. The engineers begin on Thursday and need three days; the road is closed meanwhile.",
                 decided=(Decided("No heavy trucks to Pibor until the culvert stands",
                                  "Members send no heavy trucks to Pibor until the engineers have said that the culvert at the "
                                  "third kilometre stands."),),
                 tasks=(Task("Build the culvert at the third kilometre", "eng", 10, 8, "Stands since Friday; open to 20 t."),)),
            Item(MARKET, by="rar"),
            Item(POINTS, "Two closed, one new."),
            Item(ROUND, "Fangak: boats of two organisations stopped for an hour, let go."),
        ),
        regrets=("hhi", "u9o"),
    ),
    Week(
        (
            Item(MARKET, "Traders say the patrol beside the well keeps women away in the morning. The sector can patrol from the "
                 "road instead and asks for the hours.",
                 tasks=(Task("Send the hours of the market to the sector", "rar", 5, 4, "Sent, with a sketch of the well."),
                        Task("Move the morning patrol in Bor from the well to the road", "s9e", 12, 10,
                             "Moved on Monday; traders told us they noticed."))),
            Item(ROAD, "The culvert stands. First heavy convoy on Wednesday, before noon.",
                 decided=(Decided("Heavy trucks to Pibor before noon",
                                  "Heavy trucks go to Pibor again, and leave the last bend before noon.",
                                  "No heavy trucks to Pibor until the culvert stands"),)),
            Item(POINTS, "The culvert is done. The group thanks the engineers."),
            Item(ROUND, "Malakal: returnee registration has begun; 900 people in a week."),
        ),
    ),
    Week(
        (
            Item("Seed and tools before the window closes", by="cfsc"),
            Item(NOTICE, "Eleven convoys announced in two weeks, ten of them in time. The eleventh was an ambulance.",
                 decided=(Decided("Medical evacuations need no announcement",
                                  "A medical evacuation by road is told to the CMCoord officer when it can be, and never waits "
                                  "for an announcement."),)),
            Item(POINTS, "Nothing overdue."),
            Item(ROUND, "Pibor: first heavy convoy arrived without trouble."),
        ),
        regrets=("rar",), remote=("s9n", "cmcn"),
    ),
    Week(
        (
            Item("Seed and tools before the window closes", "Four hundred tonnes in Bor, two barges for hire. The window closes in "
                 "five weeks. NBR and HHI share the second barge.",
                 tasks=(Task("One loading plan for both barges", "hhi", 7, 6, "Agreed with NBR; first barge loads Monday."),)),
            Item(RISK, "Two members stopped going to Pibor after threats by telephone. The others go on. Names stay here.",
                 closed="members", by="hhi"),
            Item(POINTS, "The patrol in Bor was moved. Closed."),
            Item(ROUND, "Kodok: three barges passed without a search."),
        ),
    ),
    Week(
        (
            Item(ROAD, "After the rain of Saturday the approach to the culvert is soft. Engineers look at it this week.",
                 tasks=(Task("Gravel on both approaches to the culvert", "eng", 21, None),)),
            Item("Distances from camps when convoys rest", by="nbr"),
            Item(POINTS, "One closed late: the loading plan waited for a signature."),
            Item(ROUND, "Akobo: airstrip open again for light aircraft."),
        ),
        regrets=("chea", "s9n"),
        correction=("hhi", "The signature was NBR’s.", "Who signed late does not matter here."),
    ),
    Week(
        (
            Item("Distances from camps when convoys rest", "Convoys rest no closer than two kilometres to a mission camp. Drivers "
                 "want shade: three places are named.",
                 decided=(Decided("Where convoys rest",
                                  "Humanitarian convoys rest no closer than two kilometres to a camp of the mission. Resting places: "
                                  "the mango trees at Anyidi, the school at Gadiang, the old market at Manyabol."),)),
            Item(RAINS, by="clog"),
            Item(POINTS, "Gravel: not begun, trucks are broken down."),
            Item(ROUND, "Pibor: road good until the bridge."),
        ),
    ),
    Week(
        (
            Item(RAINS, "The list of what must be in Pibor and Akobo before the rains has 31 lines. Logistics cluster ranks it.",
                 tasks=(Task("Rank the list of what must move before the rains", "clog", 6, 5, "Ranked with the clusters."),
                        Task("Say how many trucks the sector could escort in the last week before the rains", "s9e", 7, None))),
            Item(NOTICE, "The sector asks for three days. Members: two have worked.",
                 tasks=(Task("Ask the other sectors how much notice they need", "u9o", 14, None),)),
            Item(POINTS, "Gravel is late; the company has one truck back."),
            Item(ROUND, "Malakal: 4,100 returnees registered."),
        ),
        regrets=("chea",),
    ),
    Week(
        (
            Item(RAINS, "Of 31 lines 18 have a truck. Fuel is what is missing.",
                 decided=(Decided("Fuel first",
                                  "Until the rains, trucks that go to Pibor carry fuel for the clinics before anything else."),),
                 tasks=(Task("Fuel for the clinics in Pibor and Akobo: find 9,000 litres", "clog", 9, 7,
                             "Found 9,400 litres; loaded in Bor.", verified=False, priority=2),)),
            Item("Drone seen over the distribution in Anyidi", "People ran. S9 East says it was not the mission’s and will ask "
                 "further.", by="cpro",
                 tasks=(Task("Find out whose drone flew over the distribution in Anyidi", "s9e", 4, None, priority=1),)),
            Item(POINTS, "Gravel overdue: the Force engineer will be asked."),
            Item(ROUND, "Akobo: first heavy rain."),
        ),
    ),
    Week(
        (
            Item(RAINS, "Fuel is on its way. The last convoy before the rains leaves on Friday.", ),
            Item("Drone seen over the distribution in Anyidi"),
            Item(RISK, "What is told to drivers before the last convoy. Not minuted further.", closed="members", by="nbr"),
            Item(POINTS, "Two overdue: gravel, and the answer on trucks to be escorted."),
            Item(ROUND, "Pibor: threats by telephone have stopped."),
        ),
        remote=("cmcn",),
    ),
)  # fmt: skip

GROUP = {
    "title": "Civil-military coordination working group, Upper Nile and Jonglei",
    "purpose": "Humanitarian organisations and the mission’s liaison officers tell each other in time what moves where, keep "
    "apart what must be kept apart, and settle what gets into the other’s way.",
}
TERMS = (
    "1. The group is a humanitarian platform. It is chaired by OCHA. The mission’s military and police take part as observers.\n"
    "2. It gives no orders and asks for no permission. Announcements are announcements.\n"
    "3. It meets every week. Minutes go out within three days and are adopted at the next meeting.\n"
    "4. Members may ask for a closed item; observers leave for it."
)
#: (post, standing)
BELONG = (
    ("nbr", "member"), ("hhi", "member"), ("rar", "member"), ("clog", "member"), ("cfsc", "member"), ("chea", "member"),
    ("cpro", "member"), ("u9o", "observer"), ("s9n", "observer"), ("s9e", "observer"), ("eng", "observer"), ("fsc", "observer"),
)  # fmt: skip
