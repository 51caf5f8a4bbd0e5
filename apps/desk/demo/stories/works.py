"""Engineering."""

from apps.desk.demo.story import ASSESSED, DECIDABLE, Alt, Attach, Say, Share, Step, Story, path
from apps.mission.vocabulary import RequestKind

_K = RequestKind.ENGINEERING

STORIES = (
    Story(
        "bentiu-dyke", "rar", _K, "Repair of 400 metres of dyke at Bentiu",
        "The northern dyke of the Bentiu site is down to half its height on 400 metres. 11,000 people live behind it.",
        "Bentiu", 85, 9, sector="CCM", priority=2, people=11000, duration=10, scope="mission",
        events=(
            Attach("dyke-north.png", "Sections to be raised", ("Gate", "Km 0.4", "Km 0.8", "Pump 3", "Corner")),
            *path(*DECIDABLE, "approve_conditions", "task", "accept"),
            Step("suspend", 60, "Rain since Tuesday; the machines sink in. Everything stands under cover."),
            Say("hassan", "Volunteers fill sandbags meanwhile; we are at 3,000."),
            Step("resume", 70, "Two dry days; work goes on from the corner."),
            Step("report_done", 170), Step("confirm", 30),
        ),
    ),
    Story(
        "mingkaman-wells", "cwa", _K, "Drilling of two wells in Mingkaman",
        "Two wells for the new plots in Mingkaman, 2,200 people.",
        "Mingkaman", 63, 25, sector="WSH", priority=3, people=2200,
        events=(
            *path(*ASSESSED),
            Step("recommend", 20, data={"advice": "decline", "reasons": "A contractor with a rig is in Yirol and free."}),
            Step("decline", 20, data={"reason": "not_last_resort", "explanation": "A contractor’s rig is free in Yirol from the 12th. "
                 "The cluster coordinator has the contact. Ask again if that falls through."}),
        ),
    ),
    Story(
        "aweil-road", "nbr", _K, "Repair of the road to the Aweil distribution point",
        "Three washed-out places on nine kilometres keep trucks from the distribution point south of Aweil.",
        "Aweil", 21, 12, sector="FSC", priority=2, people=13000, group="host", duration=8,
        events=(
            *path(*DECIDABLE, "approve", "task", "accept"),
            Step("suspend", 90, "A shell was found beside the second place. Mine action has been asked to clear it."),
        ),
    ),
    Story(
        "malakal-drains", "rar", _K, "Drains for sector 4 of the Malakal site",
        "900 metres of drain in sector 4, where 3,400 people stand in water after each rain.",
        "Malakal", 16, 24, sector="CCM", priority=2, people=3400, duration=9,
        events=(
            *path(*DECIDABLE, "approve", "task"),
            Step("unable", 14, "Both excavators are down; hydraulic parts come with the next vessel, in three weeks at the earliest."),
            Say("mbeki", "Sector North asks whether Battalion 3’s backhoe can do the first 300 metres."),
        ),
    ),
    Story(
        "rumbek-school", "bpe", _K, "New roof for the school in Rumbek",
        "A storm took the roof of four classrooms; 480 children learn under trees.",
        "Rumbek", 44, 22, sector="EDU", priority=3, people=480, group="children",
        events=(
            *path("submit", "validate"),
            Step("met_by_civilian", 36, data={"provider": "rar", "remarks": "Their carpenters begin on Monday with sheets from their "
                 "store in Bor; done in ten days."}),
        ),
    ),
    Story(
        "wau-bridge", "cwa", _K, "Short bridge on the road to the wells of Wau",
        "A bridge of twelve metres, so that the maintenance truck reaches 23 wells east of Wau.",
        "Wau", 14, 10, sector="WSH", priority=3, people=9100, group="host", duration=12,
        alternatives=(Alt("contractor", "too_late", "One bid, start in eleven weeks."),),
        events=(
            *path(*DECIDABLE, "approve", "task", "accept"),
            Attach("bridge-progress.txt", "State after the first week", ("Abutments poured, both sides.", "Steel on site.",
                   "Detour signed."), 60),
            Share("person:chen", "Asked for photographs and progress.", days=21),
        ),
    ),
    Story(
        "mundri-strip", "rar", _K, "Clearing of the airstrip at Mundri",
        "The strip is overgrown on 200 metres; the civil air service has stopped landing.",
        "Mundri", 3, 14, sector="LOG", priority=2, people=21000, group="mixed", events=path("submit", "validate"),
    ),
    Story(
        "tonj-crossing", "hhi", _K, "Crossing for carts at Tonj",
        "A stone ford for carts and motorcycles near Tonj; two people drowned last month.",
        "Tonj", 0.6, 19, sector="FSC", priority=3, people=4300, group="host", events=(Step("submit", 1),),
    ),
)  # fmt: skip
