"""Who is who in the demo mission: organisations and what is known of them, invented throughout. Data only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Works:
    """An activity: sector code, what, town; days from now when it began and ends; people targeted and reached."""

    sector: str
    activity: str
    town: str
    begun: int = -200
    ends: int | None = 160
    status: str = "ongoing"
    targeted: int | None = None
    reached: int | None = None
    population: str = ""


@dataclass(frozen=True)
class Known:
    """A file that the post `by` keeps. `org` is its key in the structure, whose name, type and side it then has.

    `contacts` are (function, telephone, other channel, hours); `people` (name, function, telephone, languages,
    consent); `caveats` (kind, P-code or empty, reason, classification); `related` (relation, key of another file).
    `dormant` and `discarded` are the notes with which it became so; `merged` the key of the file that took it over.
    """

    key: str
    by: str
    org: str = ""
    name: str = ""
    acronym: str = ""
    kind: str = ""
    side: str = ""
    town: str = ""
    sector: str = ""
    stance: str = "direct"
    other_names: str = ""
    purpose: str = ""
    engagement: str = ""
    culture: str = ""
    sensitivities: str = ""
    scope: str = "mission"
    classification: int = 0
    contacts: tuple[tuple[str, str, str, str], ...] = ()
    people: tuple[tuple[str, str, str, str, str], ...] = ()
    mandates: tuple[tuple[str, str], ...] = ()
    caveats: tuple[tuple[str, str, str, int], ...] = ()
    works: tuple[Works, ...] = ()
    related: tuple[tuple[str, str], ...] = ()
    dormant: str = ""
    merged: str = ""
    draft: bool = False
    discarded: str = ""


KNOWN: tuple[Known, ...] = (
    Known(
        "nbr", "nbr", "nbr", town="Malakal", sector="FSC", other_names="Nile Basin Relief International\nSecours du Nil",
        purpose="Food distribution and school meals along the White Nile, by barge in the rains and by truck in the dry "
        "season. Some forty staff in Malakal and Kodok.",
        engagement="Call the access focal point first, by day. Requests for escorts go through its head of mission. It does "
        "not join meetings in military compounds.",
        culture="Works in English and Arabic. Fridays are kept free.",
        contacts=(("Access focal point", "+211 555 0101", "HF: November Bravo 1", "07:30–17:00"),
                  ("Duty officer, Malakal", "+211 555 0102", "Satellite +88 555 0102", "around the clock")),
        people=(("Rose Wani-Keji", "Access focal point", "+211 555 0103", "English, Arabic, Shilluk", "civilian"),),
        mandates=(("May run food distributions in Upper Nile and Unity.", "Registration of the host authorities"),),
        works=(
            Works("FSC", "General food distribution", "Malakal", targeted=42_000, reached=38_500, population="Displaced people"),
            Works("FSC", "General food distribution", "Kodok", targeted=11_000, reached=9_800),
            Works("EDU", "School meals", "Malakal", -320, 90, targeted=6_200, reached=6_200, population="Children"),
            Works("FSC", "Seed distribution", "Melut", -30, 60, "planned", 3_500),
        ),
    ),
    Known(
        "hhi", "hhi", "hhi", town="Bor", sector="FSC", other_names="Hearth & Harvest",
        purpose="Seeds, tools and cash for farming households in Jonglei and Eastern Equatoria.",
        engagement="The logistics manager answers at once; decisions take two days.",
        contacts=(("Logistics manager", "+211 555 0111", "", "08:00–18:00"),),
        works=(
            Works("FSC", "Seeds and tools", "Bor", targeted=9_000, reached=7_400, population="Host community"),
            Works("FSC", "Cash for work on dykes", "Panyagor", -90, 120, targeted=1_800, reached=900),
            Works("FSC", "Seeds and tools", "Torit", -400, -30, "completed", 5_000, 4_950),
        ),
    ),
    Known(
        "dca", "cmc", "dca", town="Bentiu", sector="HEA", scope="mission",
        purpose="Surgery and mobile clinics on both sides of every line. Its independence is its access.",
        engagement="Through OCHA alone: ask the CMCoord officer, who speaks with its head of mission on Mondays. No "
        "uniformed visitor to its clinics, no photograph of them, no mention on a military map.",
        sensitivities="It suspended work for ten days in March after a patrol parked at its gate in Bentiu.",
        contacts=(("Medical coordinator", "+211 555 0121", "", "around the clock"),),
        works=(
            Works("HEA", "Surgical ward", "Bentiu", -600, None, population="Mixed population"),
            Works("HEA", "Mobile clinic", "Leer", -60, 200),
        ),
    ),
    Known(
        "qhm", "cmc", "qhm", scope="private", town="Pibor", sector="HEA", classification=1,
        purpose="A small surgical team. It asked not to be listed with any mission.",
        engagement="Only the CMCoord officers speak with it, by satellite telephone.",
        contacts=(("Team leader", "Satellite +88 555 0131", "", "06:00–07:00 and 18:00–19:00"),),
        works=(Works("HEA", "Surgery", "Pibor", -40, 90),),
    ),
    Known(
        "rar", "clog", "rar", town="Bor", sector="LOG", purpose="Shelter kits and road repair by hand.",
        contacts=(("Programme manager", "+211 555 0141", "", "08:00–17:00"),),
        works=(
            Works("SHL", "Shelter kits", "Bor", targeted=2_400, reached=2_150, population="Displaced people"),
            Works("LOG", "Road repair by hand", "Pibor", -50, 70, targeted=None),
        ),
    ),
    Known(
        "cwa", "cwa", "cwa", town="Bentiu", sector="WSH", other_names="Clear Wells",
        purpose="Boreholes and their upkeep in Unity, with committees of the villages.",
        culture="Visits are announced to the water committee first, never to its chairman alone.",
        contacts=(("Field coordinator", "+211 555 0151", "VHF channel 7", "07:00–16:00"),),
        people=(("Achan Otim-Luka", "Field coordinator", "+211 555 0152", "English, Nuer", "everybody"),),
        works=(
            Works("WSH", "Drilling of boreholes", "Bentiu", -100, 100, targeted=15_000, reached=8_000),
            Works("WSH", "Upkeep of boreholes", "Leer", -300, None, targeted=22_000, reached=21_000),
            Works("WSH", "Training of water committees", "Koch", -20, 40, "planned", 300),
        ),
    ),
    Known(
        "lwi", "lwi", "lwi", town="Rumbek", sector="PRO",
        purpose="Women’s centres and case work. Where they are is nobody’s business.",
        engagement="Ask the protection cluster first.", scope="organisation",
        works=(Works("PRO", "Women’s centre", "Rumbek", -500, None),),
    ),
    Known(
        "slc", "slc", "slc", town="Malakal", sector="LOG", purpose="Boats, warehouses and porters, for hire by any agency.",
        contacts=(("Operations manager", "+211 555 0161", "River radio: Sudd Base", "06:00–20:00"),),
        works=(Works("LOG", "Boats for hire", "Malakal"), Works("LOG", "Warehouse", "Bor")),
    ),
    Known(
        "bpe", "bpe", "bpe", town="Aweil", sector="EDU", purpose="Primary schools and teachers’ training.",
        contacts=(("Head of programmes", "+211 555 0171", "", "08:00–16:00"),),
        works=(Works("EDU", "Primary schools", "Aweil", targeted=4_100, reached=3_900, population="Children"),),
    ),
    Known(
        "jmn", "jmn", "jmn", town="Pibor", sector="NUT", purpose="Feeding of children under five, by mothers for mothers.",
        culture="The network decides in a circle; one visit is rarely enough. Bring a woman who interprets.",
        contacts=(("Coordinator", "+211 555 0181", "", "09:00–15:00"),),
        works=(Works("NUT", "Feeding of children under five", "Pibor", targeted=1_600, reached=1_450,
                     population="Children under five"),),
        related=(("partner_of", "hhi"),),
    ),
    Known(
        "nbbc", "mov", "nba", town="Malakal", sector="LOG", purpose="Eleven barges between Juba and Renk.",
        engagement="Contracts through the Division of Mission Support; it does not carry weapons.",
        contacts=(("Harbour master, Malakal", "+211 555 0191", "River radio: Barge One", "05:00–19:00"),),
    ),
    Known(
        "rlo", "cmc", "host", town="Juba",
        purpose="Office of the host authorities for relief movements: registration, travel papers, clearance of cargo.",
        engagement="In writing first, in person after two days. Ask for the officer of the state in question.",
        culture="Greetings before business. A refusal is seldom said; “come tomorrow” is one.",
        mandates=(("Clears relief cargo and movements in all states.", "Relief regulation of the host authorities"),),
    ),
    Known(
        "elders", "u9o", name="Council of Elders of Pibor", kind="community", side="other", town="Pibor",
        purpose="Twelve elders of the age sets; settles cattle disputes and opens roads after raids.",
        engagement="Through the civil affairs officer. Sit before speaking; the eldest speaks first. Never arrive armed.",
        culture="Meets at dawn under the tamarind by the airstrip. Promises made there are kept, and remembered.",
        sensitivities="The chairman’s son commands one of the youth groups. Do not ask him about it in public.",
        contacts=(("Chairman, through the commissioner’s office", "+211 555 0201", "", "mornings"),),
        mandates=(("Speaks for the age sets of Pibor in matters of peace.", "Custom"),),
    ),
    Known(
        "bridges", "civ", name="Bor Women for Peace", acronym="BWP", kind="501", side="other", town="Bor",
        purpose="Mediates between market traders and herders; knows every road to Pibor.",
        engagement="Directly, and early: they hear first.",
        contacts=(("Secretary", "+211 555 0211", "", "market days"),),
        related=(("partner_of", "rar"),),
    ),
    Known(
        "commission", "cmcn", name="Upper Nile Returnee Commission", acronym="UNRC", kind="435", side="host_state",
        town="Malakal", stance="listed", purpose="Registers people who return over the northern border.",
        engagement="Known to you; not engaged until its standing is settled.",
        dormant="No office since the rains.",
    ),
    Known(
        "front", "u9", name="Eastern Plains Front", kind="armed_group", side="other", town="Akobo", stance="listed",
        scope="organisation", classification=1,
        purpose="Armed group on the plains east of Akobo. Holds two crossings.",
        engagement="Contact is decided by the head of mission alone.",
        sensitivities="Two of its commanders receive medical care in Bunj.",
    ),
    Known(
        "country", "u9", name="Contributing country of Infantry Battalion 3", kind="435", side="other",
        scope="organisation", classification=1,
        purpose="Sends the battalion of Sector North for twelve months at a time.",
        related=(),
    ),
    Known(
        "bat3", "u9", "bat3", town="Malakal", scope="organisation",
        purpose="Infantry battalion of Sector North: river posts, patrols, escorts by day.",
        caveats=(
            ("armed_escort", "SS06", "National caveat: no escort in Unity State.", 1),
            ("uav", "", "National caveat: no imagery for other components.", 1),
        ),
        works=(Works("WSH", "Well at the river post", "Malakal", -15, 40, targeted=900),),
        related=(("contributed_by", "country"),),
    ),
    Known(
        "eng", "u9o", "eng", town="Bor", scope="organisation",
        purpose="Engineers: bridges, airstrips, drainage. Quick-impact projects in Jonglei.",
        works=(
            Works("LOG", "Pontoon bridge south of Bor", "Bor", -25, 20, targeted=None),
            Works("LOG", "Road repair, Bor to Pibor", "Pibor", -10, 80, targeted=None),
            Works("EDU", "Classrooms (quick-impact project)", "Bor", -5, 75, targeted=320),
        ),
    ),
    Known(
        "s9e", "s9e", "se", town="Bor",
        purpose="Headquarters of Sector East; its CIMIC officer coordinates small works.",
        contacts=(("CIMIC officer, Sector East", "+211 555 0221", "VHF channel 3", "07:00–19:00"),),
        works=(
            Works("WSH", "Borehole at Bor hospital (quick-impact project)", "Bor", -12, 50, targeted=2_000),
            Works("SHL", "Shelter kits, left-over stock", "Bor", -8, 12, targeted=150),
        ),
    ),
    Known(
        "old", "clog", name="Roof & Road (Bor)", kind="437", side="humanitarian", town="Bor", sector="LOG",
        purpose="Written down twice by two table keepers.", works=(Works("SHL", "Plastic sheets", "Bor", -300, -100, "completed", 800, 790),),
        merged="rar",
    ),
    Known(
        "traders", "u9o", name="Traders’ Union of Pibor", kind="501", side="other", town="Pibor", draft=True,
        purpose="To be asked: who speaks for it since the fire?",
    ),
    Known(
        "twice", "civ", name="Women of Bor", kind="501", side="other", town="Bor",
        discarded="It is Bor Women for Peace, which we have.",
    ),
)  # fmt: skip
