"""Who speaks to whom in the demo mission: offices, links, encounters, invented throughout. Data only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Office:
    """An office that the post `by` runs. `officers` are (post, function, languages); `shifts` (post, first day from
    today, hour, hours long, how many days on end); `areas` P-codes; `channels` (kind, number, hours).
    """

    by: str
    title: str
    town: str
    address: str
    hours: str
    by_day: str
    by_night: str
    covers: str
    span: tuple[int, int] | None
    channels: tuple[tuple[str, str, str], ...]
    officers: tuple[tuple[str, str, str], ...]
    areas: tuple[str, ...]
    shifts: tuple[tuple[str, int, int, int, int], ...]
    host: str = ""
    state: str = "open"


@dataclass(frozen=True)
class Linked:
    """Two organisations in touch, by their keys on the register; written by the post `by`."""

    by: str
    a: str
    b: str
    level: str
    mode: str
    primary: str = ""
    alternate: str = ""
    area: str = ""
    days: int | None = None
    note: str = ""


@dataclass(frozen=True)
class Met:
    """An encounter that the post `by` reports, `ago` days (negative: ahead). `follow` are (what, post, days until due,
    outcome or empty, what came of it).
    """

    by: str
    kind: str
    title: str
    ago: int
    people: tuple[str, ...]
    town: str
    objective: str = ""
    points: str = ""
    customs: str = ""
    red: str = ""
    who: str = ""
    said: str = ""
    agreed: str = ""
    assessment: str = ""
    follow: tuple[tuple[str, str, int, str, str], ...] = ()
    state: str = "reported"
    note: str = ""


OFFICES: tuple[Office, ...] = (
    Office(
        "s9n", "Civil-military liaison office, Malakal", "Malakal", "Beside the old customs house, outside the mission’s camp",
        "Monday to Saturday, 07:30–18:00", "Come to the office, or call. No appointment is needed; weapons stay outside.",
        "Call the duty officer. For danger to life call the joint operations centre.", "daily", (7, 18),
        (("mobile", "+211 555 0301", "07:30–18:00"), ("satellite", "+88 555 0302", "around the clock"),
         ("radio", "VHF channel 5, Malakal Liaison", "07:30–18:00")),
        (("s9n", "primary", "English, Zulu"), ("bat3", "alternate", "English, French, Wolof")),
        ("SS07", "SS06"),
        (("s9n", 0, 7, 11, 6), ("bat3", 7, 7, 11, 5)), host="slc",
    ),
    Office(
        "s9e", "Civil-military liaison office, Bor", "Bor", "In the compound of the county administration, second gate",
        "Every day, 08:00–16:00", "Come, or call the CIMIC officer of the sector.", "Through the joint operations centre.",
        "daily", (8, 16),
        (("mobile", "+211 555 0311", "08:00–16:00"), ("radio", "VHF channel 3, Bor Liaison", "08:00–16:00")),
        (("s9e", "primary", "English, Portuguese"), ("eng", "alternate", "English")),
        ("SS03", "SS02"),
        (("s9e", 0, 8, 8, 14),), host="bridges",
    ),
    Office(
        "cmc", "Humanitarian liaison desk at the JOC", "Juba", "Room 12, beside the operations room",
        "Day and night", "Ask at the gate for the humanitarian liaison desk.", "The desk is staffed; ring twice.", "always", None,
        (("phone", "+211 555 0321", "around the clock"), ("email", "liaison.desk@demo.example", "")),
        (("cmc", "primary", "English, Arabic"), ("cmcn", "alternate", "English, Italian")),
        ("SS01",),
        (("cmc", 0, 0, 24, 4), ("cmcn", 4, 0, 24, 3), ("cmc", 8, 0, 24, 6)),
    ),
    Office(
        "civ", "Civil affairs office, Pibor", "Pibor", "Was beside the airstrip", "–", "–", "–", "none", None,
        (("mobile", "+211 555 0331", ""),), (("civ", "primary", "English, Norwegian"),), ("SS0308",), (), state="closed",
    ),
    Office(
        "s9e", "Civil-military liaison office, Pibor", "Pibor", "", "", "", "", "none", None, (), (), (), (), state="draft",
    ),
    Office(
        "s9n", "Liaison post, Kodok", "Kodok", "", "", "", "", "none", None, (), (), (), (), state="discarded",
    ),
)  # fmt: skip

LINKS: tuple[Linked, ...] = (
    Linked("s9e", "s9e", "hhi", "operational", "exchange", "s9e", "hhi", "SS03"),
    Linked("s9e", "s9e", "rar", "tactical", "ad_hoc", "s9e", "", "SS0303"),
    Linked("s9e", "s9e", "jmn", "tactical", "ad_hoc", "jmn", "", "SS0308", 21, "Through a woman who interprets."),
    Linked("s9e", "s9e", "dca", "operational", "interlocutor", "cmc", "", "", note="Through the CMCoord officer alone."),
    Linked("s9e", "s9e", "bridges", "tactical", "exchange", "civ", "s9e", "SS0303"),
    Linked("s9e", "s9e", "nbr", "operational", "co_location", "nbr", "s9e", "SS03", note="One container in the port, for now."),
    Linked("u9o", "elders", "s9e", "tactical", "ad_hoc", "", "", "SS0308", 14),
    Linked("u9", "bat3", "nbr", "tactical", "exchange", "bat3", "nbr", "SS07"),
    Linked("u9", "bat3", "slc", "tactical", "ad_hoc", "bat3", "", "SS07"),
    Linked("cmc", "nbr", "hhi", "operational", "exchange", "nbr", "hhi"),
)  # fmt: skip

MET: tuple[Met, ...] = (
    Met(
        "u9o", "key_leader", "Opening of the road to Pibor", 12, ("elders", "s9e"), "Pibor",
        objective="The road stays open for relief trucks until the rains.",
        points="Thank them for the truce of March. Ask for word two days before any movement of cattle. Offer the well.",
        customs="Greet the eldest first. Coffee before business; refuse it once, never twice.",
        red="No promise about the airstrip. No question about the chairman’s son.",
        who="Six elders, the commissioner’s deputy, two officers of the mission, a woman who interprets.",
        said="The chairman fears the youth of Likuangole more than hunger. He asked twice whether the battalion stays. "
        "The deputy commissioner wants the well beside his own compound.",
        agreed="The road Bor–Pibor stays open on Tuesdays and Fridays. The elders send word two days before cattle move. The "
        "mission repairs the crossing at the third kilometre.",
        assessment="They keep their word as long as the truce holds. The deputy is a guest here, not a host.",
        follow=(
            ("Repair the crossing at the third kilometre", "eng", 10, "", ""),
            ("Tell relief organisations the two days on which the road is open", "cmc", -3, "done", "Told in the weekly meeting."),
            ("Find another place for the well than the deputy’s compound", "s9e", 5, "", ""),
        ),
    ),
    Met(
        "s9e", "meeting", "Shelter kits in Bor", 20, ("rar",), "Bor", who="Programme manager, CIMIC officer of the sector.",
        said="They were not asked before the left-over kits were given out at the market.",
        agreed="No kit is given out by the sector without a word to the shelter cluster. The list of those who got one goes to "
        "the cluster.",
        assessment="Angry, and right.",
        follow=(("Send the list to the shelter cluster", "s9e", -10, "done", "Sent by hand."),), state="closed",
    ),
    Met(
        "s9e", "contact", "Handover of the sector: first call", 4, ("hhi",), "Bor", who="Logistics manager, new CIMIC officer.",
        said="They had not heard of the rotation. Two convoys are planned for next month.",
        agreed="A call every Monday at nine. Convoy plans come a week ahead.", assessment="Open and busy.",
        follow=(("Add the new telephone number to their list", "s9e", 3, "", ""),),
    ),
    Met(
        "s9n", "contact", "Barge of seed past the river post", 33, ("nbr",), "Malakal", who="Access focal point, CIMIC officer.",
        said="The crew was searched at the river post and lost half a day.",
        agreed="Barges of relief organisations are announced by radio and pass without a search.",
        assessment="A matter of one patrol commander.",
        follow=(("Instruct the river post", "bat3", -20, "done", "Instructed; the order is on the board."),),
    ),
    Met(
        "civ", "meeting", "Market and road safety", -3, ("bridges",), "Bor",
        objective="Hear where traders feel safe on the road to Pibor.", points="Listen. Bring the map without positions.",
        state="planned",
    ),
    Met("s9n", "contact", "Introduction at the returnee registration", -6, ("slc",), "Malakal", state="draft"),
    Met(
        "civ", "meeting", "Visit to the council of Akobo", 8, (), "Akobo", state="cancelled",
        note="The airstrip was under water.",
    ),
)  # fmt: skip
