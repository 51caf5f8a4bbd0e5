"""What the demo mission releases and asks: tear-lines and requests for information, invented throughout. Data only."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

#: A label that everybody in the mission may read.
OPEN = {"classification": 0, "sensitivity": 0, "compartments": [], "data_types": [], "scope": "mission"}


@dataclass(frozen=True)
class Did:
    """A step by the post `who`, `after` hours. `write` draws up the release that answers a question."""

    who: str
    name: str
    after: float = 6
    note: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    write: Told | None = None


@dataclass(frozen=True)
class Told:
    """A release by the post `by`, drawn from the story or release `source` (empty: from no record)."""

    key: str
    by: str
    source: str
    title: str
    summary: str
    town: str = ""
    ago: float = 10
    handling: str = ""
    valid_days: float | None = None
    steps: tuple[Did, ...] = ()
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """A question by the post `by`, to an organisation or (empty) to the mission's desk."""

    key: str
    by: str
    title: str
    question: str
    purpose: str
    town: str
    ago: float
    needed: float
    priority: int = 3
    sector: str = "LOG"
    of: str = ""
    scope: str = "organisation"
    steps: tuple[Did, ...] = ()


def _sign(who: str, reason: str, name: str = "sign", after: float = 8, **label: Any) -> Did:
    return Did(who, name, after, data={**OPEN, **label, "reason": reason})


RELEASES: tuple[Told, ...] = (
    Told(
        "told-malakal", "dca", "malakal-surgery", "After the boat fire in Malakal",
        "A surgical team supported the hospital in Malakal for six days after a fire on a river boat. Most of the injured "
        "have gone home; nobody else needs to be brought out.",
        "Malakal", 44, steps=(
            Did("dca", "submit"),
            Did("dcah", "return", 5, "Take the number of beds out: it says too much about the hospital."),
            Did("dca", "resubmit", 3),
            _sign("dcah", "No patient, no numbers, and the support is over."),
        ),
    ),
    Told(
        "told-yambio", "dca", "yambio-team", "Surgery in Yambio",
        "The hospital in Yambio has no surgeon for about two weeks. Patients are referred to Wau.",
        "Yambio", 46, steps=(Did("dca", "submit"), _sign("dcah", "Known in the town; helps to refer patients.")),
    ),
    Told(
        "told-yambio-2", "dca", "told-yambio", "Surgery in Yambio – a surgeon has arrived",
        "A civilian surgeon works in Yambio again. Patients need not be referred to Wau any more.",
        "Yambio", 36, steps=(Did("dca", "submit"), _sign("dcah", "Replaces the first version.")),
    ),
    Told(
        "told-bunj", "cmc", "bunj-surgery", "Surgical supplies for Bunj",
        "Surgical supplies are on their way to Bunj by air. Partners who work there can ask the health cluster for them.",
        "Bunj", 0.35, handling="Not to be quoted with the name of the organisation before they have arrived.",
        steps=(Did("cmc", "submit", 1.5),),
    ),
    Told(
        "told-pibor", "dca", "pibor-evacuation", "Air movements at Pibor", "The airstrip at Pibor can be used by light aircraft.",
        "Pibor", 0.2,
    ),
    Told(
        "told-koch", "nbr", "koch-seed", "Seed for Koch", "Seed is to reach Koch before the first rains.",
        "Koch", 5, steps=(
            Did("nbr", "submit"),
            Did("nbrh", "return", 9, "Say which villages are served by others, or people will ask us all."),
        ),
    ),
    Told(
        "told-mayom", "nbr", "mayom-patrol", "Distributions in Mayom",
        "Distributions in Mayom go on as planned, from morning to noon, until the end of the month.",
        "Mayom", 24, valid_days=12, steps=(
            Did("nbr", "submit"), _sign("nbrh", "The days are known in the market anyway."),
            Did("", "lapse"),
        ),
    ),
    Told(
        "told-ganyiel", "nbr", "ganyiel-boats", "Boats to Ganyiel",
        "Three boats carry household items to Ganyiel every week.", "Ganyiel", 20, steps=(
            Did("nbr", "submit"), _sign("nbrh", "No dates and no landing places."),
            Did("nbrh", "withdraw", 60, "Two of the boats are under repair. A new release follows."),
        ),
    ),
)  # fmt: skip

QUESTIONS: tuple[Asked, ...] = (
    Asked(
        "ask-bor-pibor", "nbr", "The road from Bor to Pibor",
        "Can loaded trucks of twenty tons use the road from Bor to Pibor in the next two weeks, and where not?",
        "We decide whether to send food for Pibor by road or to ask for an air lift.",
        "Pibor", 12, 9, 2, steps=(
            Did("nbr", "ask", 1), Did("jocc", "accept", 3),
            Did("jocc", "assign", 1, data={"drafter": "jocd", "instructions": "Ask the engineers and the sector."}),
            Did("jocd", "put_forward", 20, write=Told(
                "answer-bor-pibor", "jocd", "", "State of the road from Bor to Pibor",
                "Trucks up to ten tons can pass when it has been dry for two days. Twenty tons cannot pass the last two "
                "crossings before Pibor. The state is looked at again every week.", "Pibor",
                handling="For planning of humanitarian movements.")),
            Did("jocc", "sign_answer", 6, data=OPEN),
            Did("nbr", "satisfied", 4),
        ),
    ),
    Asked(
        "ask-fangak-river", "hhi", "Depth of the river at Old Fangak",
        "How deep is the channel at Old Fangak this month, for barges with two metres of draught?",
        "We load a barge in Bor and must know how much it may carry.",
        "Old Fangak", 0.4, 6, 2, steps=(Did("hhi", "ask", 1),),
    ),
    Asked(
        "ask-yirol-patrols", "lwi", "Patrols around Yirol in the evenings",
        "On which evenings will there be patrols around Yirol in the next month?",
        "We plan the opening hours of the women’s house.",
        "Yirol", 2, 12, of="fhq", steps=(Did("lwi", "ask", 2), Did("u9o", "accept", 9)),
    ),
    Asked(
        "ask-rumbek-store", "rar", "Free floor in the store in Rumbek",
        "How many square metres of the store in Rumbek are free until the end of the rains?",
        "Roof sheets for eight hundred families arrive before the road closes.",
        "Rumbek", 4, 14, sector="SHL", steps=(
            Did("rar", "ask", 2), Did("jocd", "accept", 8),
            Did("jocd", "assign", 1, data={"drafter": "jocc"}),
        ),
    ),
    Asked(
        "ask-koch-food", "rchc", "Food partners in Koch",
        "Which organisations deliver food in Koch county this season, and for how many people?",
        "A donor visits next week and asks what is not covered.",
        "Koch", 3, 5, 2, "FSC", "ocha", steps=(
            Did("rchc", "ask", 1), Did("ochr", "accept", 4),
            Did("ochr", "assign", 1, data={"drafter": "cmc"}),
            Did("cmc", "put_forward", 16, write=Told(
                "answer-koch-food", "cmc", "koch-seed", "Food and seed in Koch county",
                "Two organisations serve Koch county this season with food and seed; the northern villages are not covered yet.",
                "Koch")),
        ),
    ),
    Asked(
        "ask-bentiu-water", "dca", "Flood around Bentiu",
        "Which quarters of Bentiu stood under water at the last flight over them?",
        "We move the mobile clinic before the next rain.",
        "Bentiu", 6, 4, 2, "HEA", "ocha", steps=(
            Did("dca", "ask", 1), Did("cmc", "accept", 4),
            Did("cmc", "assign", 1, data={"drafter": "cmcn"}),
            Did("cmcn", "put_forward", 14, write=Told(
                "answer-bentiu", "cmcn", "bentiu-flood", "Flooded quarters of Bentiu",
                "The quarters south of the airstrip stood under water; the hospital and the market did not.", "Bentiu")),
            Did("nbrh", "sign_answer", 10, data={**OPEN, "scope": "organisation", "reason": "Quarters alone, no pictures."}),
        ),
    ),
    Asked(
        "ask-ulang-talks", "slc", "Talks in Ulang", "Who takes part in the talks in Ulang, and when?",
        "Our boats pass Ulang every week.", "Ulang", 3, 7, of="joc", steps=(
            Did("slc", "ask", 2),
            Did("jocc", "decline", 10, "Nothing of it can be told to anybody at present. Ask again in a month."),
        ),
    ),
    Asked(
        "ask-wau-curfew", "cwa", "Hours of the curfew in Wau", "Until which hour may trucks move in Wau this week?",
        "Our water trucks come home after dark.", "Wau", 8, 3, 2, "WSH", steps=(
            Did("cwa", "ask", 1), Did("jocd", "accept", 3),
            Did("jocc", "assign", 1, data={"drafter": "jocd"}),
            Did("jocd", "put_forward", 10, write=Told(
                "answer-wau", "jocd", "", "Movement in Wau", "Movement in Wau is restricted in the evenings.", "Wau")),
            Did("jocc", "sign_answer", 5, data=OPEN),
            Did("cwa", "unsatisfied", 4, "It does not say until which hour."),
        ),
    ),
    Asked(
        "ask-akobo-strip", "bpe", "The airstrip at Akobo", "Is the airstrip at Akobo open for light aircraft?",
        "School books are to go there.", "Akobo", 5, 10, sector="EDU", steps=(
            Did("bpe", "ask", 2), Did("bpe", "withdraw", 20, "The books go by boat now."),
        ),
    ),
    Asked(
        "ask-waat-market", "jmn", "Prices in Waat", "What does a sack of sorghum cost in Waat?", "", "Waat", 0.5, 9, sector="NUT",
    ),
)  # fmt: skip
