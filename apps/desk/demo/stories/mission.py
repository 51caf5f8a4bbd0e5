"""What the mission's own components ask of mission support."""

from apps.desk.demo.story import Attach, Say, Share, Step, Story, path
from apps.mission.vocabulary import RequestKind

_K = RequestKind.MISSION_SUPPORT
_TAKEN = ("submit", "take_up", "recommend")

STORIES = (
    Story(
        "yambio-kits", "civ", _K, "Transport of voter education kits to Yambio",
        "Sixty kits and four trainers to Yambio and two county towns.",
        "Yambio", 50, 12, people=None, priority=3, duration=4, scope="mission",
        events=(*path(*_TAKEN, "approve", "task", "accept"), Step("report_done", 90), Step("confirm", 20)),
    ),
    Story(
        "wau-meeting", "civ", _K, "Transport and tents for a peace meeting in Wau",
        "Three hundred delegates from six counties meet for five days; tents, water and transport from four airstrips.",
        "Wau", 13, 9, people=None, priority=2, duration=6,
        events=(
            Attach("arrivals.txt", "Arrivals by airstrip", ("Raja: 40", "Tonj: 75", "Kuajok: 90", "Aweil: 95")),
            *path(*_TAKEN, "approve", "task", "accept"),
            Share("post:cmc", "So that humanitarian flights are not planned for the same hours.", days=20),
            Say("adeyemi", "First two rotations done; tents stand."),
        ),
    ),
    Story(
        "quiet-visit", "civ", _K, "Discreet transport of mediators",
        "Two mediators travel to a county town and back within three days. Names and hours are passed on in person.",
        "Ulang", 4, 10, people=None, priority=1, duration=3, classification=2, sensitivity=3, scope="private",
        fields={"destination_place": "Told in person"},
        events=(
            Step("submit", 2), Step("take_up", 2), Step("recommend", 5),
            Share("post:sec", "Needs to know the days.", days=6),
        ),
    ),
    Story(
        "malakal-mast", "tec", _K, "Barge space for an antenna mast to Malakal",
        "One mast in eight parts, 3.2 tons, for the field office.",
        "Malakal", 9, 20, people=None, priority=3, duration=5, events=path(*_TAKEN, "approve"),
    ),
    Story(
        "juba-chairs", "civ", _K, "Hall and chairs for a women’s forum in Juba",
        "A hall for two days and 400 chairs.",
        "Juba", 5, 25, people=None, priority=3, duration=2, events=(Step("submit"), Step("hand_back", 20)),
    ),
)  # fmt: skip
