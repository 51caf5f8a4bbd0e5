"""Medical support and imagery."""

from apps.desk.demo.story import ASSESSED, DECIDABLE, Attach, Say, Share, Step, Story, path
from apps.mission.vocabulary import RequestKind

_M, _U = RequestKind.MEDICAL, RequestKind.UAV

STORIES = (
    Story(
        "malakal-surgery", "dca", _M, "Surgical team for Malakal after a boat fire",
        "Thirty-one people with burns came in tonight after a fire on a boat. Our theatre can take six a day.",
        "Malakal", 57, 1.8, sector="HEA", priority=1, people=31, group="mixed", emergency=True, duration=6, sensitivity=3,
        classification=1, compartments=("medevac",),
        consequence="Those with deep burns die within days if nobody operates.",
        events=(
            Step("submit", 0.5), Step("endorse_emergency", 0.8), Step("transmit", 0.2), Step("recommend", 0.8),
            Step("approve", 0.6), Step("task", 0.4), Step("accept", 0.5),
            Step("validate_afterwards", 9, data={"remarks": "Seen myself this morning. Right to go ahead.", "cluster_priority": 1}),
            Step("report_done", 130), Step("confirm", 40, data={"remarks": "Twenty-eight people lived. The team worked in our theatre "
                 "in plain clothes, as agreed."}),
        ),
    ),
    Story(
        "pibor-evacuation", "dca", _M, "Medical evacuation by air from Pibor",
        "Four people with gunshot wounds need a hospital with intensive care. They belong to different age-sets and must not travel "
        "on one flight.",
        "Pibor", 0.5, 2, sector="HEA", priority=1, people=4, group="host", duration=1, sensitivity=3, classification=1,
        compartments=("medevac",), scope="private",
        events=(Step("submit", 0.5), Step("validate", 0.8), Step("endorse", 0.6), Step("transmit", 0.3), Say("tamang", "Two flights, two hours apart, can be done. Asking "
                "the aviation unit now.", 0.4)),
    ),
    Story(
        "yambio-team", "dca", _M, "Surgical team for Yambio",
        "Our surgeon is ill; the hospital in Yambio has none for two weeks.",
        "Yambio", 49, 9, sector="HEA", priority=2, people=190000, group="mixed", duration=14, classification=1,
        events=(
            *path(*DECIDABLE),
            Step("decline", 18, data={"reason": "caveat", "explanation": "The contingent may not work outside the places named in its "
                 "agreement. A civilian surgeon has been asked for through the health cluster."}),
        ),
    ),
    Story(
        "bor-ward", "dca", _M, "Twelve beds for cholera patients in Bor",
        "The treatment centre in Bor is full; twelve more beds and two nurses for two weeks.",
        "Bor", 8, 9, sector="HEA", priority=2, people=600, group="host", duration=14,
        events=(
            *path(*DECIDABLE, "approve_conditions", "task", "accept"),
            Say("amara", "Beds stand since this morning, outside the camp fence, with our own water point."),
            Share("org:lwi", "They bring patients from across the river.", days=20),
        ),
    ),
    Story(
        "terekeka-clinic", "nbr", _M, "Mobile clinic for Terekeka", "Still to be written: a day or two of a mobile clinic.",
        "Terekeka", 2, 10, sector="HEA", partial=True, scope="private", fields={"contact_name": "Rebecca Nyawech"},
    ),
    Story(
        "bentiu-flood", "nbr", _U, "Pictures of the flood around Bentiu",
        "Boats go out blindly between 140 islands. Pictures of one week would show which are still dry.",
        "Bentiu", 71, 8, sector="CCM", priority=2, people=27000, group="displaced", duration=7,
        events=(
            *path(*DECIDABLE, "approve_conditions", "task", "accept"), Step("report_done", 160),
            Attach("islands.png", "Islands with people", ("Nhialdiu", "Dingding", "Kuach", "Rotriak")), Step("confirm", 40),
        ),
    ),
    Story(
        "leer-pictures", "hhi", _U, "Pictures of the crossings south of Leer",
        "Before twelve trucks go we need to know which of seven crossings carry weight.",
        "Leer", 5, 15, sector="LOG", priority=2, people=8900, duration=3, sensitivity=2,
        events=(
            *path(*ASSESSED), Step("ask_security", 4), Step("give_opinion", 10, data={"outcome": "with_measures",
                "reasons": "People fear drones here. Tell the county two days before, and fly high."}), Step("recommend", 6),
        ),
    ),
    Story(
        "fangak-pictures", "cwa", _U, "Pictures of the dykes of Old Fangak",
        "Weekly pictures of the dykes until the end of the flood.",
        "Old Fangak", 54, 20, sector="WSH", priority=3, people=5600, duration=60,
        events=(
            *path(*DECIDABLE),
            Step("decline", 20, data={"reason": "no_capacity", "explanation": "Flight hours do not allow sixty days. Satellite pictures "
                 "of the same place are free and can be had through the coordination office."}),
        ),
    ),
    Story(
        "cueibet-tracks", "lwi", _U, "Pictures of the tracks around Cueibet", "Which tracks do women use to the new market?",
        "Cueibet", 6, 20, sector="PRO", partial=True, scope="private", classification=1, compartments=("protection",),
        sensitivity=2, fields={"contact_name": "Yar Mabior-Chol"},
    ),
)  # fmt: skip
