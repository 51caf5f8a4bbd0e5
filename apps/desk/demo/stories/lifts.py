"""Lifts by air and river, storage, communications and other means."""

from apps.desk.demo.story import (
    ASSESSED,
    DECIDABLE,
    ENDORSED,
    Alt,
    Attach,
    Cargo,
    Say,
    Share,
    Step,
    Story,
    path,
)
from apps.mission.vocabulary import RequestKind

_L, _S, _C, _M = RequestKind.LIFT, RequestKind.STORAGE, RequestKind.COMMUNICATIONS, RequestKind.MCDA

STORIES = (
    Story(
        "fangak-nets", "slc", _L, "River lift of nets and sheeting to Old Fangak",
        "22 tons of mosquito nets and plastic sheeting for 5,600 people on the dykes of Old Fangak, which only boats reach.",
        "Old Fangak", 80, 11, origin="Malakal", sector="LOG", priority=2, people=5600, scope="mission",
        cargo=(Cargo("Mosquito nets, bales", 240, "pcs", 9.6, 48), Cargo("Plastic sheeting, rolls", 310, "pcs", 12.4, 31)),
        events=(
            Attach("loading-plan.pdf", "Loading plan of the barge", ("Deck 1: sheeting, 310 rolls.", "Deck 2: nets, 240 bales.",
                   "Escort boat ahead, 200 m.")),
            *path(*DECIDABLE, "approve"), Step("task", 6, data={"unit": "riv"}), Step("accept"),
            Say("sato", "Water is low at Tonga; we go by day and slowly."),
            Step("report_done", 70), Step("confirm", 30),
        ),
    ),
    Story(
        "waat-seed", "hhi", _L, "Air lift of seed to Waat",
        "Twelve tons of sorghum seed for 2,400 households around Waat: the last two weeks in which sowing makes sense.",
        "Waat", 7, 12, origin="Bor", sector="FSC", priority=2, people=12000, group="host",
        cargo=(Cargo("Sorghum seed, 25 kg", 480, "bags", 12, 17),),
        events=(*path(*DECIDABLE), Step("approve", 20), Share("org:jmn", "They distribute the seed in Waat with us.", days=40)),
    ),
    Story(
        "akobo-vaccine", "dca", _L, "Air lift of measles vaccine to Akobo",
        "6,000 doses of measles vaccine in cold boxes for a campaign in Akobo and Nyirol after eleven confirmed cases.",
        "Akobo", 15, 9, origin="Juba", sector="HEA", priority=2, people=6000, group="children",
        cargo=(Cargo("Measles vaccine, cold boxes", 14, "cartons", 0.6, 1.4, cold=True),
               Cargo("Safety boxes and syringes", 60, "cartons", 0.9, 6)),
        events=(
            *path(*DECIDABLE, "approve", "task", "accept"), Step("report_done", 30),
            Say("nyaluk", "Cold chain monitor shows 2 to 8 °C all the way. Thank you."),
        ),
    ),
    Story(
        "ganyiel-boats", "nbr", _L, "Air lift of boat engines to Ganyiel",
        "Six outboard engines and spare parts, without which the health boats of Ganyiel lie still.",
        "Ganyiel", 65, 14, origin="Juba", sector="LOG", priority=3, people=14000, group="host",
        cargo=(Cargo("Outboard engines, 40 hp", 6, "pcs", 0.5, 2.4), Cargo("Engine oil, 5 l", 40, "cartons", 0.8, 1.2, "3")),
        events=(*path(*DECIDABLE, "approve", "task", "accept"), Step("report_done", 60), Step("auto_close")),
    ),
    Story(
        "pibor-nutrition", "jmn", _L, "Air lift of nutrition supplies to Pibor",
        "Nine tons of ready-to-use food for 1,900 children in nine outpatient centres around Pibor.",
        "Pibor", 8, 13, origin="Bor", sector="NUT", priority=2, people=1900, group="children",
        cargo=(Cargo("Ready-to-use therapeutic food", 620, "cartons", 9, 15),),
        events=(
            *path(*DECIDABLE),
            Step("counter_offer", 16, data={"counter_offer": "Space on the mission’s own resupply flights, three tons a week for "
                 "three weeks, with military passengers on board.", "changes_conditions": True,
                 "explanation": "No dedicated flight hours are left this month."}),
            Say("nyandeng", "Military passengers on the same flight worry us. We wait for the CMCoord officer’s view."),
        ),
    ),
    Story(
        "kodok-shelter", "rar", _L, "River lift of shelter kits to Kodok",
        "1,100 shelter kits for families moved from the west bank to Kodok, by barge from Malakal.",
        "Kodok", 5, 17, origin="Malakal", sector="SHL", priority=3, people=5500,
        cargo=(Cargo("Shelter kits", 1100, "kits", 27.5, 95),), events=path(*ENDORSED),
    ),
    Story(
        "bunj-surgery", "dca", _L, "Emergency air lift of surgical supplies to Bunj",
        "After fighting on Sunday the hospital in Bunj has 63 wounded and dressing material for one more day. One flight with "
        "420 kg of surgical supplies and two surgeons is needed by tomorrow noon.",
        "Bunj", 0.7, 1.6, origin="Malakal", sector="HEA", priority=1, people=63, group="refugees", emergency=True, duration=1,
        sensitivity=2, classification=1,
        consequence="People die of wounds that can be treated.",
        last_resort="The civil air service has no aircraft in reach before Wednesday, and the road is cut.",
        alternatives=(Alt("air", "too_late", "Asked at 07:10; first aircraft on Wednesday."),),
        cargo=(Cargo("Surgical sets and dressings", 28, "cartons", 0.42, 1.9), Cargo("Surgeons", 2, "pax", 0.2)),
        events=(
            Step("submit", 0.4), Step("endorse_emergency", 0.7), Step("transmit", 0.2),
            Say("mbeki", "Crew on standby, weather is good until 16:00.", 0.3), Step("recommend", 0.6), Step("approve", 0.5),
            Step("task", 0.3), Step("accept", 0.4),
        ),
    ),
    Story(
        "renk-kits", "slc", _L, "River lift of household kits to Renk",
        "3,200 household kits for people who cross at Joda and wait in Renk.",
        "Renk", 4, 20, origin="Malakal", sector="LOG", priority=3, people=16000, group="returnees",
        cargo=(Cargo("Household kits", 3200, "kits", 64, 210),), events=path("submit", "validate"),
    ),
    Story(
        "turalei-nets", "hhi", _L, "Air lift of fishing nets to Turalei",
        "2,000 fishing kits for flooded villages around Turalei.",
        "Turalei", 40, 18, origin="Wau", sector="FSC", priority=3, people=10000, group="host",
        cargo=(Cargo("Fishing kits", 2000, "kits", 6, 16),),
        events=(
            *path("submit", "validate"),
            Step("met_by_civilian", 24, who="garang", data={"provider": "slc", "remarks": "Their trucks reach Turalei by the eastern "
                 "road, which dried last week. All kits in two trips, at the common rate."}),
        ),
    ),
    Story(
        "panyagor-pumps", "cwa", _L, "Air lift of pumps to Panyagor",
        "Three pumps and pipes to drain the school yard of Panyagor, where 340 families camp.",
        "Panyagor", 1.2, 12, origin="Bor", sector="WSH", priority=3, people=1700, scope="private",
        cargo=(Cargo("Motor pumps", 3, "pcs", 0.4, 1.2), Cargo("Pipes, 50 m", 12, "pcs", 0.5, 3)),
    ),
    Story(
        "juba-store", "hhi", _S, "Storage of 300 tons of cereals in Juba",
        "Our warehouse roof leaks; 300 tons need a dry floor for three weeks.",
        "Juba", 83, 10, sector="LOG", priority=2, people=30000, group="mixed", duration=21,
        cargo=(Cargo("Cereal, 50 kg", 6000, "bags", 300, 440),),
        events=(
            *path(*DECIDABLE, "approve_conditions", "task", "accept"), Step("report_done", 300),
            Step("confirm", 30, data={"remarks": "Nothing lost, nothing wet. Access at the gate took an hour each time."}),
        ),
    ),
    Story(
        "malakal-store", "slc", _S, "Covered storage near the port of Malakal",
        "Space for 90 tons of mixed relief items between two barges, so that they need not stand in the open.",
        "Malakal", 18, 8, sector="LOG", priority=2, people=20000, group="mixed", duration=10, scope="mission",
        cargo=(Cargo("Mixed relief items, pallets", 150, "pallets", 90, 260),),
        events=(
            *path(*DECIDABLE, "approve", "task", "accept"), Step("report_done", 200),
            Say("loku", "We count the pallets on Thursday and confirm then."),
        ),
    ),
    Story(
        "bor-store", "rar", _S, "Storage of roofing sheets in Bor",
        "4,000 roofing sheets for schools and clinics, until the road to Twic East opens.",
        "Bor", 9, 21, sector="SHL", priority=3, people=6000, group="host", duration=20,
        cargo=(Cargo("Roofing sheets", 4000, "pcs", 24, 40),),
        events=(
            *path("submit"),
            Step("return", 12, "Please state weight and area, and for how long."),
            Step("resubmit", 20), Step("validate", 30),
        ),
    ),
    Story(
        "akobo-store", "jmn", _S, "Storage of nutrition supplies in Akobo",
        "Five tons need a locked room for two weeks while ours is rebuilt.",
        "Akobo", 58, 7, sector="NUT", priority=3, people=1900, group="children",
        cargo=(Cargo("Ready-to-use therapeutic food", 340, "cartons", 5, 8),),
        events=(*path("submit", "validate", "endorse"), Step("expire")),
    ),
    Story(
        "raja-radio", "slc", _C, "Radio repeater for convoys around Raja",
        "A shared repeater on the hill outside Raja, so that trucks keep in touch on 140 km without any network.",
        "Raja", 18, 14, sector="LOG", priority=3, people=400, group="staff", duration=30,
        events=(*path(*DECIDABLE, "approve", "task", "accept"), Step("report_done", 160)),
    ),
    Story(
        "torit-network", "bpe", _C, "Data link for the teachers’ centre in Torit",
        "A link for four hours a day during the teachers’ training in Torit, until the provider mends its mast.",
        "Torit", 6, 18, sector="EDU", priority=3, people=260, group="staff", duration=14, events=path(*ASSESSED),
    ),
    Story(
        "nyamlell-network", "cwa", _C, "Network for the flood watch in Nyamlell",
        "Messages from eleven river gauges reach nobody since the mast fell.",
        "Nyamlell", 37, 16, sector="WSH", priority=3, people=8000, group="host",
        events=(
            *path("submit", "validate"),
            Step("met_by_civilian", 40, data={"provider_name": "Telephone company of the state", "remarks": "The mast was put up again; "
                 "the company gives the gauges free messages until the end of the season."}),
        ),
    ),
    Story(
        "juba-generators", "nbr", _M, "Two generators for the cold room in Juba",
        "Our cold room lost both generators in a fire; 40,000 doses and insulin for six hospitals are in it.",
        "Juba", 69, 6, sector="HEA", priority=2, people=40000, group="mixed", duration=12,
        events=(*path(*DECIDABLE, "approve", "task", "accept"), Step("report_done", 40), Step("confirm", 200)),
    ),
    Story(
        "maridi-tents", "hhi", _M, "Large tents for the reception point in Maridi",
        "Six large tents so that people who arrive at night do not sleep in the rain.",
        "Maridi", 10, 16, sector="CCM", priority=2, people=1300, group="refugees", duration=20,
        events=(
            *path(*DECIDABLE),
            Step("ask_extension", 20, data={"until": 18, "reasons": "The site floods; the new site is ready in two weeks."}),
        ),
    ),
    Story(
        "renk-tankers", "slc", _M, "Water tankers for the transit centre in Renk",
        "Two tankers for three weeks: the treatment plant gives half of what 4,000 people need.",
        "Renk", 30, 10, sector="WSH", priority=2, people=4000, group="returnees", duration=20,
        events=(*path(*DECIDABLE), Step("approve", 90), Step("expire")),
    ),
)  # fmt: skip
