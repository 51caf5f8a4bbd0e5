"""Force protection: patrols and presence."""

from apps.desk.demo.story import ASSESSED, DECIDABLE, Say, Share, Step, Story, path
from apps.mission.vocabulary import RequestKind

_K = RequestKind.FORCE_PROTECTION

STORIES = (
    Story(
        "yirol-house", "lwi", _K, "Patrols near the women’s house in Yirol",
        "Twice this month armed men came to the house where women wait for their cases to be heard. We ask for patrols in the "
        "streets around it, never at its door.",
        "Yirol", 6, 12, sector="PRO", priority=2, people=40, group="host", duration=21, classification=1, sensitivity=3,
        compartments=("protection",), scope="private",
        fields={"destination_place": "Yirol, told in person"},
        events=(
            *path(*ASSESSED), Step("ask_security", 3), Step("give_opinion", 8), Step("recommend", 5),
            Share("person:yar", "Keeps reading if she changes her position.", days=90),
            Say("osman", "The place itself stays out of every document."),
        ),
    ),
    Story(
        "mayom-patrol", "nbr", _K, "Presence during distributions in Mayom",
        "Four distribution days in Mayom, for 9,800 people. Last time armed youths took 60 bags from people on their way home.",
        "Mayom", 43, 9, sector="FSC", priority=2, people=9800, duration=4,
        events=(
            *path(*DECIDABLE, "approve_conditions", "task", "accept"),
            Share("org:cwa", "They work on the same days.", days=10),
            Step("report_done", 130), Step("confirm", 20),
        ),
    ),
    Story(
        "abyei-market", "rar", _K, "Presence on market days in Abyei",
        "Vouchers for 1,200 families are spent on three market days in Abyei; traders stay away without some presence.",
        "Abyei", 7, 11, sector="SHL", priority=2, people=6000, group="mixed", duration=3,
        events=(*path(*DECIDABLE, "approve"), Step("task", 10)),
    ),
    Story(
        "rumbek-office", "lwi", _K, "Patrols near our office in Rumbek",
        "After two break-ins we ask for patrols at night.",
        "Rumbek", 29, 12, sector="PRO", priority=3, people=35, group="staff", duration=14, classification=1,
        events=(
            *path("submit", "validate"),
            Step("withdraw", 40, "The police of the town have put two officers at the corner; that is enough."),
        ),
    ),
    Story(
        "koch-clinic", "cwa", _K, "Presence at the water point of Koch",
        "Crowds at the last working water point of Koch turned on our staff yesterday; one was hurt.",
        "Koch", 1.6, 5, sector="WSH", priority=1, people=5200, group="mixed", emergency=True, duration=3,
        events=(
            Step("submit", 0.5), Step("endorse_emergency", 1), Step("transmit", 0.3),
            Step("object_afterwards", 9, "The water point serves about 900 people, and elders have taken charge of the queue since "
                 "this morning. Patrols would not help now."),
            Say("romano", "I endorsed on the figures given by telephone. The elders’ report came after.", 1),
        ),
    ),
)  # fmt: skip
