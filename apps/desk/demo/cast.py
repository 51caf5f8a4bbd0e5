"""Who is in the demo mission: invented organisations and people, in real positions. No record is told here."""

from __future__ import annotations

from dataclasses import dataclass

from apps.mission.vocabulary import Capacity, EngagementStance, OrganisationType, RequestKind, Role, Side

DOMAIN = "demo.example"
MISSION = ("unb", "UN Mission in the Upper Nile Basin – demonstration")
EXERCISE = ("heron", "Exercise Blue Heron – demonstration")

COMPONENTS = {
    "force": ("Force", "military"),
    "police": ("Police", "police"),
    "civil": ("Civilian component", "civilian"),
    "support": ("Mission support", "support"),
}
SECTORS = {
    "FSC": "Food security",
    "HEA": "Health",
    "WSH": "Water, sanitation and hygiene",
    "LOG": "Logistics",
    "SHL": "Shelter and household items",
    "PRO": "Protection",
    "EDU": "Education",
    "NUT": "Nutrition",
    "CCM": "Camp coordination and management",
}
COMPARTMENTS = {
    "medevac": "Medical evacuation",
    "secplan": "Security planning",
    "protection": "Protection cases",
}


@dataclass(frozen=True)
class Org:
    """An organisation as a reader and originator."""

    name: str
    acronym: str
    type: OrganisationType
    side: Side
    component: str = ""
    parent: str = ""
    stance: EngagementStance = EngagementStance.DIRECT


@dataclass(frozen=True)
class Holder:
    """A person in a position; days count from the telling: minus 200 lies in the past."""

    person: str
    capacity: Capacity = Capacity.HOLDER
    since: int = -200
    until: int | None = None


@dataclass(frozen=True)
class Post:
    """A position with its roles (`CLU:FSC` for one sector alone), rights and holders."""

    title: str
    org: str
    roles: tuple[str, ...]
    holders: tuple[Holder, ...]
    area: str = ""
    clearance: int = 0
    compartments: tuple[str, ...] = ()
    reports_to: str = ""


_T, _S = OrganisationType, Side
ORGS: dict[str, Org] = {
    "hom": Org("Office of the Head of Mission", "OHoM", _T.COMPONENT, _S.MISSION_CIVIL, "civil"),
    "civ": Org("Civil Affairs Division", "CAD", _T.COMPONENT, _S.MISSION_CIVIL, "civil", "hom"),
    "joc": Org("Joint Operations Centre", "JOC", _T.COMPONENT, _S.MISSION_CIVIL, "civil", "hom"),
    "dms": Org("Division of Mission Support", "DMS", _T.COMPONENT, _S.MISSION_CIVIL, "support", "hom"),
    "fhq": Org("Force Headquarters", "FHQ", _T.COMPONENT, _S.MISSION_MILITARY, "force", "hom"),
    "sn": Org("Sector North Headquarters", "Sector North", _T.COMPONENT, _S.MISSION_MILITARY, "force", "fhq"),
    "se": Org("Sector East Headquarters", "Sector East", _T.COMPONENT, _S.MISSION_MILITARY, "force", "fhq"),
    "pol": Org("Police Headquarters", "PHQ", _T.COMPONENT, _S.MISSION_POLICE, "police", "hom"),
    "bat1": Org("Infantry Battalion 1", "INFBAT 1", _T.CONTINGENT, _S.MISSION_MILITARY, "force", "fhq"),
    "bat3": Org("Infantry Battalion 3", "INFBAT 3", _T.CONTINGENT, _S.MISSION_MILITARY, "force", "sn"),
    "eng": Org("Engineer Company 2", "ENG COY 2", _T.CONTINGENT, _S.MISSION_MILITARY, "force", "fhq"),
    "riv": Org("Riverine Unit", "RIVUNIT", _T.CONTINGENT, _S.MISSION_MILITARY, "force", "sn"),
    "avn": Org("Aviation Unit", "AVNUNIT", _T.CONTINGENT, _S.MISSION_MILITARY, "force", "fhq"),
    "hos": Org("Level 2 Hospital", "L2 HOSP", _T.CONTINGENT, _S.MISSION_MILITARY, "force", "fhq"),
    "fpu": Org("Formed Police Unit 1", "FPU 1", _T.POLICE, _S.MISSION_POLICE, "police", "pol"),
    "ocha": Org("Office for the Coordination of Humanitarian Affairs", "OCHA", _T.UN, _S.HUMANITARIAN),
    "rchc": Org("Office of the Resident and Humanitarian Coordinator", "RC/HC Office", _T.UN, _S.HUMANITARIAN),
    "dss": Org("Department of Safety and Security", "UNDSS", _T.UN, _S.OTHER),
    "clu": Org("Inter-Cluster Coordination Group", "ICCG", _T.INTERNATIONAL, _S.HUMANITARIAN),
    "nbr": Org("Nile Basin Relief", "NBR", _T.INGO, _S.HUMANITARIAN),
    "hhi": Org("Hearth and Harvest International", "HHI", _T.INGO, _S.HUMANITARIAN),
    "dca": Org("Doctors for the Corridor", "DFC", _T.INGO, _S.HUMANITARIAN, stance=EngagementStance.VIA_OCHA),
    "rar": Org("Roof and Road", "R&R", _T.INGO, _S.HUMANITARIAN),
    "cwa": Org("Clear Wells Association", "CWA", _T.NNGO, _S.HUMANITARIAN),
    "lwi": Org("Lakes Women’s Initiative", "LWI", _T.NNGO, _S.HUMANITARIAN),
    "slc": Org("Sudd Logistics Cooperative", "SLC", _T.NNGO, _S.HUMANITARIAN),
    "bpe": Org("Bright Path Education", "BPE", _T.NNGO, _S.HUMANITARIAN),
    "jmn": Org("Jonglei Mothers’ Nutrition Network", "JMNN", _T.LOCAL_NGO, _S.HUMANITARIAN),
    "qhm": Org("Quiet Hands Medical", "QHM", _T.INGO, _S.HUMANITARIAN, stance=EngagementStance.UNLISTED),
    "nba": Org("Nile Basin Barge Company", "NBBC", _T.CIVIL_SOCIETY, _S.OTHER),
    "host": Org("Relief Liaison Office of the host authorities", "RLO", _T.GOVERNMENT, _S.HOST_STATE,
                stance=EngagementStance.LISTED),
}  # fmt: skip

PEOPLE: dict[str, str] = {
    "okello": "Miriam Okello-Lind", "banda": "Joseph Banda-Rey", "haugland": "Sigrid Haugland",
    "rahman": "Colonel Tariq Rahman-Ode", "ekwueme": "Brigadier Ifeoma Ekwueme", "tamang": "Major Dipesh Tamang",
    "varga": "Captain Ilona Varga", "mbeki": "Captain Lungile Dlamu", "santos": "Major Rui Santarem",
    "kowal": "Anna Kowalczuk", "njoroge": "Peter Njoro", "lindqvist": "Erik Lindqvist-Moe",
    "adeyemi": "Folake Adeyemo", "costa": "Beatriz Costa-Lima", "singh": "Major Harpreet Singhal",
    "oumar": "Lieutenant Oumar Diallo-Ba", "petrov": "Captain Stoyan Petrov-Hale", "nair": "Lieutenant-Colonel Asha Nairn",
    "munoz": "Inspector Elena Muñiz", "sato": "Captain Kenji Satoh", "dupont": "Claire Dupontel",
    "abdalla": "Yusra Abdallah-Noor", "fischer": "Jonas Fischbach", "wani": "Rose Wani-Keji",
    "mensah": "Kwame Mensah-Tay", "romano": "Giulia Romanelli", "ali": "Hodan Ali-Warsame",
    "chen": "Mei-Ling Chenoweth", "garang": "Daniel Garang-Ayii", "nyaluk": "Nyaluk Bol-Deng",
    "brandt": "Lena Brandtner", "lado": "Simon Lado-Morris", "keiji": "Achol Majok-Lual", "osman": "Amina Osmani",
    "taban": "Grace Taban-Loro", "ohara": "Fionn O’Harran", "deng": "Mary Deng-Atem", "gatluak": "Peter Gatluak-Riek",
    "hassan": "Khalid Hassan-Idris", "virtanen": "Aino Virtala", "amara": "Isatu Amara-Cole", "park": "Ji-woo Parkes",
    "moyo": "Captain Tendai Moyo-Reis",
}  # fmt: skip

_ALL = ("medevac", "secplan", "protection")
_SUB, _ACT = Capacity.SUBSTITUTE, Capacity.ACTING


def _one(person: str, *more: Holder) -> tuple[Holder, ...]:
    return (Holder(person), *more)


POSTS: dict[str, Post] = {
    "cos": Post("Chief of Staff", "hom", ("DEC",), _one("okello"), clearance=2, compartments=_ALL),
    "civ": Post("Civil affairs officer", "civ", ("REQ",), _one("haugland"), clearance=2, compartments=("protection",)),
    "jocc": Post("Chief, Joint Operations Centre", "joc", ("JOC", "REL"), _one("kowal"), clearance=2, compartments=_ALL,
                 reports_to="cos"),
    "jocd": Post("JOC duty officer", "joc", ("JOC",), _one("njoroge", Holder("lindqvist", _SUB)), clearance=2,
                 compartments=("medevac", "secplan"), reports_to="jocc"),
    "dms": Post("Director of Mission Support", "dms", ("DEC",), _one("banda"), clearance=2, compartments=("medevac",),
                reports_to="cos"),
    "mov": Post("Movement control officer", "dms", ("UNIT",), _one("adeyemi"), clearance=1, reports_to="dms"),
    "tec": Post("Field technology officer", "dms", ("UNIT", "REQ"), _one("costa"), clearance=1, reports_to="dms"),
    "fc": Post("Force Commander", "fhq", ("DEC",), _one("ekwueme", Holder("rahman", _ACT, -4, 10)), clearance=2,
               compartments=_ALL, reports_to="cos"),
    "u9": Post("Chief U9 (CIMIC)", "fhq", ("CIM", "REL"), _one("tamang"), clearance=2, compartments=_ALL, reports_to="fc"),
    "u9o": Post("CIMIC operations officer (U9)", "fhq", ("CIM",),
                (Holder("varga", since=-62), Holder("park", since=-400, until=-60)), clearance=1,
                compartments=("medevac",), reports_to="u9"),
    "s9n": Post("CIMIC officer (S9), Sector North", "sn", ("CIM",), _one("mbeki"), "SS07", 1, (), "u9"),
    "s9e": Post("CIMIC officer (S9), Sector East", "se", ("CIM",),
                (Holder("moyo", since=-5), Holder("santos", until=-5)), "SS03", 1, (), "u9"),
    "bat1": Post("Operations officer, Infantry Battalion 1", "bat1", ("UNIT",), _one("singh"), "SS01", 1, ("secplan",)),
    "bat3": Post("Operations officer, Infantry Battalion 3", "bat3", ("UNIT",), _one("oumar"), "SS07", 1),
    "eng": Post("Operations officer, Engineer Company 2", "eng", ("UNIT",), _one("petrov"), "SS01", 1),
    "riv": Post("Operations officer, Riverine Unit", "riv", ("UNIT",), _one("sato"), "SS07", 1),
    "avn": Post("Tasking officer, Aviation Unit", "avn", ("UNIT",), _one("nair"), "SS01", 1, ("medevac",)),
    "hos": Post("Chief medical officer, Level 2 Hospital", "hos", ("UNIT",), _one("amara"), "SS03", 2, ("medevac",)),
    "fpu": Post("Operations officer, Formed Police Unit 1", "fpu", ("UNIT",), _one("munoz"), "SS06", 1),
    "pc": Post("Police Commissioner", "pol", ("DEC",), _one("virtanen"), clearance=2, reports_to="cos"),
    "sec": Post("Chief security adviser", "dss", ("SEC",), _one("dupont"), clearance=2, compartments=_ALL),
    "fsc": Post("Field security coordination officer", "dss", ("SEC",), _one("fischer"), "SS03", 1, (), "sec"),
    "cmc": Post("CMCoord officer", "ocha", ("CMC",), _one("abdalla", Holder("mensah", _SUB, -30, 30)), clearance=2,
                compartments=_ALL),
    "cmcn": Post("CMCoord officer, Malakal", "ocha", ("CMC",), _one("romano"), "SS07", 1, ("medevac",), "cmc"),
    "ochr": Post("Head of office", "ocha", ("REL",), _one("ali"), clearance=2, compartments=_ALL),
    "rchc": Post("Head, RC/HC Office", "rchc", (), _one("chen"), clearance=2, compartments=_ALL),
    "cfsc": Post("Food security cluster coordinator", "clu", ("CLU:FSC", "CLU:NUT"), _one("garang"), clearance=1),
    "chea": Post("Health cluster coordinator", "clu", ("CLU:HEA",), _one("nyaluk"), clearance=1,
                 compartments=("medevac",)),
    "cwsh": Post("WASH cluster coordinator", "clu", ("CLU:WSH", "CLU:EDU"), _one("brandt"), clearance=1),
    "clog": Post("Logistics cluster coordinator", "clu", ("CLU:LOG",), _one("lado"), clearance=1),
    "cshl": Post("Shelter and camp coordination cluster coordinator", "clu", ("CLU:SHL", "CLU:CCM"), _one("keiji"),
                 clearance=1),
    "cpro": Post("Protection cluster coordinator", "clu", ("CLU:PRO",), _one("osman"), clearance=1,
                 compartments=("protection",)),
    "nbr": Post("Access focal point", "nbr", ("REQ",), _one("wani", Holder("taban", _SUB)), clearance=1),
    "nbrh": Post("Head of mission", "nbr", ("REL",), _one("ohara"), clearance=1),
    "hhi": Post("Logistics manager", "hhi", ("REQ",), _one("deng"), clearance=1),
    "dca": Post("Medical coordinator", "dca", ("REQ",), _one("gatluak"), clearance=1, compartments=("medevac",)),
    "dcah": Post("Head of mission", "dca", ("REL",), (Holder("malual"),), clearance=1, compartments=("medevac",)),
    "rar": Post("Programme manager", "rar", ("REQ",), _one("hassan")),
    "cwa": Post("Field coordinator", "cwa", ("REQ",), (Holder("achan"),), "SS06"),
    "lwi": Post("Protection officer", "lwi", ("REQ",), (Holder("yar"),), "SS04", 1, ("protection",)),
    "slc": Post("Operations manager", "slc", ("REQ",), (Holder("loku"),)),
    "bpe": Post("Head of programmes", "bpe", ("REQ",), (Holder("awut"),)),
    "jmn": Post("Coordinator", "jmn", ("REQ",), (Holder("nyandeng"),), "SS03"),
    "host": Post("Liaison officer", "host", (), (Holder("lokonyen"),)),
    "adm": Post("Mission system administrator", "hom", ("ADM",), (Holder("weber"),)),
    "adm2": Post("Deputy system administrator", "hom", ("ADM",), (Holder("haddad"),)),
    "aud": Post("Internal oversight reviewer", "hom", ("AUD",), (Holder("silva"),), clearance=2),
}  # fmt: skip
PEOPLE |= {
    "achan": "Achan Otim-Luka", "yar": "Yar Mabior-Chol", "loku": "Emmanuel Loku-Wani", "awut": "Awut Kuol-Garang",
    "nyandeng": "Nyandeng Thon-Jok", "lokonyen": "Paul Lokonyen-Ohure", "weber": "Katrin Weberling",
    "malual": "Abuk Malual-Dut", "haddad": "Samir Haddadine", "silva": "Marta Silvério",
}  # fmt: skip

#: Languages and zones that differ from English and the mission's own.
PREFERENCES = {"dupont": ("fr", "Africa/Juba"), "munoz": ("es", "Africa/Juba"), "hassan": ("ar", "Africa/Juba"),
               "chen": ("en", "Africa/Nairobi")}  # fmt: skip

_K = RequestKind
DECIDES: dict[RequestKind, tuple[str, ...]] = {
    _K.MCDA: ("fc",), _K.ESCORT: ("fc", "pc"), _K.FORCE_PROTECTION: ("fc", "pc"), _K.ENGINEERING: ("fc",),
    _K.LIFT: ("dms",), _K.MEDICAL: ("dms",), _K.UAV: ("cos",), _K.STORAGE: ("dms",), _K.COMMUNICATIONS: ("dms",),
    _K.MISSION_SUPPORT: ("dms", "cos"),
}  # fmt: skip
LEAD_TIMES = (
    ("submitted", 1, 1),
    ("for_decision", 1, 3),
    ("for_decision", 3, 96),
    ("under_assessment", 3, 96),
)

TERMS: dict[str, tuple[tuple[str, str], ...]] = {
    "decline_reason": (
        ("no_capacity", "No capacity in the time asked for"),
        ("not_last_resort", "Civilian means are available"),
        ("risk", "Risk is not acceptable"),
        ("mandate", "Outside the mandate"),
        ("caveat", "National caveat of the contingent"),
        ("perception", "Harm to how humanitarian work is seen"),
    ),
    "population_group": (
        ("displaced", "Displaced people"), ("host", "Host community"), ("returnees", "Returnees"),
        ("refugees", "Refugees"), ("children", "Children under five"), ("mothers", "Pregnant and nursing women"),
        ("staff", "Humanitarian staff"), ("mixed", "Mixed population"),
    ),
    "alternative": (
        ("transporter", "Commercial transporter"), ("air", "Civil air service"), ("route", "Another route or time"),
        ("negotiated", "Negotiated access"), ("partner", "Delivery by a local partner"),
        ("contractor", "Civil contractor"), ("postpone", "Postponement"), ("barge", "Commercial barge"),
    ),
}  # fmt: skip

#: The small second mission: an exercise with people of its own, and two who work in both.
EXERCISE_POSTS: dict[str, Post] = {
    "xreq": Post("Focal point (exercise)", "xngo", ("REQ",), (Holder("xanna"),), clearance=1),
    "xclu": Post("Cluster coordinator (exercise)", "xhum", ("CLU",), (Holder("xbilal"),), clearance=1),
    "xcmc": Post("CMCoord officer (exercise)", "xhum", ("CMC",), (Holder("abdalla"),), clearance=1),
    "xcim": Post("CIMIC officer (exercise)", "xfhq", ("CIM",), (Holder("varga"),), clearance=1),
    "xjoc": Post("JOC duty officer (exercise)", "xfhq", ("JOC",), (Holder("xcarla"),), clearance=1),
    "xsec": Post("Security adviser (exercise)", "xhum", ("SEC",), (Holder("xdario"),), clearance=1),
    "xdec": Post("Force Commander (exercise)", "xfhq", ("DEC",), (Holder("xemil"),), clearance=1),
    "xunit": Post(
        "Operations officer, Transport Company (exercise)", "xfhq", ("UNIT",), (Holder("xfaye"),), clearance=1
    ),
    "xadm": Post("Exercise administrator", "xfhq", ("ADM",), (Holder("xgita"),)),
}
EXERCISE_ORGS: dict[str, Org] = {
    "xngo": Org("Exercise NGO", "EXNGO", _T.INGO, _S.HUMANITARIAN),
    "xhum": Org("Exercise humanitarian coordination", "EXHUM", _T.UN, _S.HUMANITARIAN),
    "xfhq": Org("Exercise Force Headquarters", "EXFHQ", _T.COMPONENT, _S.MISSION_MILITARY, "force"),
}
PEOPLE |= {
    "xanna": "Anna Ridder", "xbilal": "Bilal Karimi-Roe", "xcarla": "Carla Engström-Paz", "xdario": "Dario Bellini-Mor",
    "xemil": "Emil Nowakowski-Tan", "xfaye": "Faye Harrow", "xgita": "Gita Pillay-North",
}  # fmt: skip

#: The sign-ins that the command prints: post and what one sees there.
SHOWN = (
    ("nbr", "requesting organisation (NBR)"), ("hhi", "requesting organisation (HHI)"),
    ("cfsc", "cluster coordinator, food security"), ("chea", "cluster coordinator, health"),
    ("cmc", "CMCoord officer"), ("u9", "CIMIC, mission headquarters"), ("s9n", "CIMIC, Sector North"),
    ("s9e", "CIMIC, Sector East, who took the position over lately"),
    ("sec", "security adviser"), ("fc", "decision authority (Force Commander)"),
    ("dms", "decision authority (mission support)"), ("jocd", "JOC duty officer"), ("bat1", "executing unit (infantry)"),
    ("eng", "executing unit (engineers)"), ("civ", "mission component (civil affairs)"),
    ("host", "liaison of the host authorities"), ("aud", "auditor"), ("adm", "administrator of the mission"),
)  # fmt: skip


def address(person: str) -> str:
    """The demo address of a person, made of role and mission, not of the name."""
    return f"{ADDRESSES[person]}@{DOMAIN}"


def _addresses() -> dict[str, str]:
    found: dict[str, str] = {}
    for key, post in {**POSTS, **EXERCISE_POSTS}.items():
        for number, holder in enumerate(post.holders):
            found.setdefault(holder.person, key if number == 0 else f"{key}.{holder.capacity.value}")
    return found


ADDRESSES = _addresses()
ROLE_OF = {role.value: role for role in Role}
