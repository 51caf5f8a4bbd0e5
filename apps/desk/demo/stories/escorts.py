"""Armed escorts."""

from apps.desk.demo.story import (
    ASSESSED,
    ESCORT_DECIDABLE,
    Attach,
    Cargo,
    Clear,
    Say,
    Share,
    Step,
    Story,
    path,
)
from apps.mission.vocabulary import RequestKind

_K = RequestKind.ESCORT

STORIES = (
    Story(
        "bor-food", "nbr", _K, "Escort of a food convoy from Juba to Bor",
        "Fourteen trucks carry 118 tons of sorghum, beans and oil to Bor for 9,400 displaced people at the river sites. "
        "Two of our last three unescorted convoys were stopped and looted north of Mangalla.",
        "Bor", 88, 12, origin="Juba", sector="FSC", priority=2, people=9400, scope="mission",
        cargo=(Cargo("Sorghum, 50 kg", 1640, "bags", 82, 120), Cargo("Beans, 50 kg", 480, "bags", 24, 34),
               Cargo("Vegetable oil, 20 l", 600, "drums", 12, 15)),
        clearances=(Clear("RLO/JUB/0471"),),
        events=(
            Attach("route-juba-bor.png", "Route with stops", ("Juba", "Mangalla", "Gemmeiza", "Bor")),
            *path("submit", "validate", "endorse", "transmit"),
            Say("tamang", "We can put a platoon on this from Thursday. Is the night stop in Gemmeiza fixed?"),
            Say("wani", "Yes, at the county seat; the commissioner has agreed in writing."),
            *path("give_opinion", "recommend", "approve_conditions", "task", "accept"),
            Step("report_done", 80), Step("confirm", 20),
        ),
    ),
    Story(
        "pibor-food", "hhi", _K, "Escort of food and seed to Pibor",
        "Nine trucks with half rations and sorghum seed for 6,200 people in and around Pibor, before the track closes. "
        "Drivers refuse to go alone since a truck was burnt at Gumuruk.",
        "Pibor", 74, 14, origin="Bor", sector="FSC", priority=2, people=6200, group="host",
        cargo=(Cargo("Cereal, 50 kg", 700, "bags", 35, 52), Cargo("Sorghum seed, 25 kg", 400, "bags", 10, 14)),
        clearances=(Clear("RLO/BOR/0112"),),
        fields={"sustainability_met": False, "sustainability_text": "We cannot say yet how the next convoy goes without: talks "
                "with the age-sets have begun but nothing is agreed. We ask for an exception, for this convoy alone."},
        events=(
            *path(*ESCORT_DECIDABLE),
            Step("approve_conditions", 30, data={"conditions": "As an exception, once. The requester reports on the talks within "
                 "four weeks. Daylight only."}),
            *path("task", "accept"), Step("report_done", 96),
            Step("confirm", 30, data={"need_met": "partial", "timeliness": "late_usable", "conduct": "minor",
                 "neutrality_concern": True, "remarks": "Two soldiers came into the distribution line to keep order. They left at "
                 "once when asked, but people spoke of it. One truck turned back with a broken axle."}),
            Say("abdalla", "Noted for the next CMCoord meeting. The battalion has been asked to brief section leaders again."),
        ),
    ),
    Story(
        "akobo-milk", "jmn", _K, "Escort of therapeutic milk to Akobo",
        "Two light vehicles with therapeutic milk for the stabilisation centre in Akobo, where 140 children are treated.",
        "Akobo", 60, 9, origin="Waat", sector="NUT", priority=2, people=140, group="children",
        fields={"escort_vehicles": 2, "escort_vehicle_types": "2 light vehicles", "escort_crew": "Local staff only",
                "security_met": False, "security_text": "The community asked us not to come with soldiers; we ask because the "
                "driver was beaten on the last trip."},
        events=(
            *path(*ASSESSED),
            Step("give_opinion", 20, data={"outcome": "not_acceptable", "reasons": "An escort would make the vehicles a target in "
                 "Akobo, where soldiers are not welcome. Going without, with an elder on board, is the lesser risk."}),
            Step("recommend", 5, data={"advice": "decline", "reasons": "Security adviser and community both speak against it."}),
            Step("decline", 8, data={"reason": "perception", "explanation": "An armed escort would harm access to Akobo for longer "
                 "than it helps. OCHA offers to arrange safe passage with the elders."}),
            Say("abdalla", "Elders met on Friday; passage was given for Monday, and the milk arrived."),
        ),
    ),
    Story(
        "koch-seed", "nbr", _K, "Escort of seed and tools from Bentiu to Koch",
        "Eight trucks with sorghum seed and hand tools for 3,100 farming households in Koch, to be in the ground before the rain.",
        "Koch", 12, 11, origin="Bentiu", sector="FSC", priority=2, people=15500, group="returnees", duration=4,
        cargo=(Cargo("Sorghum seed, 25 kg", 1550, "bags", 38.8, 54), Cargo("Hoes and sickles", 6200, "pcs", 7.4, 18)),
        clearances=(Clear("RLO/BEN/0087"),),
        events=(
            *path(*ESCORT_DECIDABLE, "approve_conditions"),
            Step("task", 6, data={"unit": "fpu"}), Step("accept", 10),
            Share("org:hhi", "They share the trucks and the warehouse in Koch.", days=30),
            Say("munoz", "First leg done; the convoy stays the night in Guit as planned."),
        ),
    ),
    Story(
        "mayom-water", "cwa", _K, "Escort of a drilling rig to Mayom (first draft)",
        "One drilling rig and two support trucks go to Mayom, where five of eight wells are dry and 7,800 people share three pumps.",
        "Mayom", 6, 16, origin="Bentiu", sector="WSH", priority=2, people=7800, group="mixed",
        fields={"escort_vehicles": 3, "escort_vehicle_types": "Rig, 2 trucks", "authorities_met": False,
                "authorities_text": "The county is held by two administrations; each says the other must answer for the road.",
                "common_position": ""},
        events=(
            Attach("well-survey-mayom.pdf", "State of the wells", ("Eight wells visited on two days.", "Five dry, one with a broken "
                   "pump, two in use.", "Queues of up to six hours at Wangkai road.")),
        ),
    ),
    Story(
        "mayom-rig", "cwa", _K, "Escort of a drilling rig to Mayom",
        "One drilling rig and two support trucks go to Mayom, where five of eight wells are dry and 7,800 people share three pumps. "
        "Replaces the first draft.",
        "Mayom", 5.5, 16, origin="Bentiu", sector="WSH", priority=2, people=7800, group="mixed",
        clearances=(Clear("RLO/BEN/0091", 30),),
        fields={"escort_vehicles": 3, "escort_vehicle_types": "Rig, 2 trucks", "authorities_met": False,
                "authorities_text": "The county is held by two administrations; each says the other must answer for the road."},
        events=(
            *path(*ASSESSED),
            Step("query", 6, data={"question": "Which of the two administrations has seen the clearance, and may the rig stay "
                 "overnight in Wangkai?"}),
            Step("answer", 18, data={"answer": "Both have stamped it; copies are with the field office. The rig stays inside the "
                 "compound of the county hospital."}),
            *path("give_opinion", "recommend"),
        ),
    ),
    Story(
        "yirol-kits", "slc", _K, "Escort of dignity kits from Rumbek to Yirol",
        "Three trucks with 4,000 dignity kits and soap for women displaced by cattle raids around Yirol.",
        "Yirol", 4, 10, origin="Rumbek", sector="LOG", priority=2, people=4000, group="displaced",
        cargo=(Cargo("Dignity kits", 4000, "kits", 8, 40),),
        events=(
            *path(*ASSESSED),
            Step("query", 9, data={"question": "The lorry park in Yirol was moved. Where do you unload, and who guards the site?"}),
        ),
    ),
    Story(
        "nasir-food", "hhi", _K, "Escort of a food convoy to Nasir",
        "Twenty trucks with general rations for 17,000 people between Ulang and Nasir.",
        "Nasir", 3, 13, origin="Malakal", sector="FSC", priority=2, people=17000,
        events=(
            *path("submit"),
            Step("return", 10, "Twenty trucks are more than the store in Nasir holds. Please say how much is stored where, and add "
                 "the agreement with the county on the night stop in Ulang."),
            Say("deng", "Store keeper is counting; back with you tomorrow."),
        ),
    ),
    Story(
        "torit-shelter", "rar", _K, "Escort of shelter materials to Torit",
        "Six trucks with poles, sheeting and rope for 900 families whose huts burnt down south of Torit.",
        "Torit", 0.9, 9, origin="Juba", sector="SHL", priority=2, people=4700,
        cargo=(Cargo("Plastic sheeting, 4×6 m", 1800, "pcs", 7.6, 22), Cargo("Bamboo poles", 9000, "pcs", 14, 60)),
        events=(Step("submit", 2),),
    ),
    Story(
        "ayod-food", "nbr", _K, "Escort of a second food convoy to Ayod",
        "Ten trucks with cereals and oil for 8,300 people in Ayod and on the islands west of it; the first convoy covered a month.",
        "Ayod", 11, 15, origin="Bor", sector="FSC", priority=2, people=8300, scope="mission",
        cargo=(Cargo("Cereal, 50 kg", 1500, "bags", 75, 110), Cargo("Vegetable oil, 20 l", 400, "drums", 8, 10)),
        clearances=(Clear("RLO/BOR/0131"),),
        events=(
            *path(*ESCORT_DECIDABLE), Step("approve_conditions", 20),
            Share("post:rchc", "For the weekly access overview.", days=14),
            Step("task", 26),
        ),
    ),
    Story(
        "cueibet-soap", "lwi", _K, "Escort of hygiene items to Cueibet",
        "One truck with soap and buckets for women’s groups in Cueibet during the cholera watch.",
        "Cueibet", 47, 8, origin="Rumbek", sector="WSH", priority=3, people=2600, group="mothers",
        fields={"escort_vehicles": 1, "escort_vehicle_types": "1 truck"},
        events=(*path("submit", validate=Step("validate", 60)), Step("expire")),
    ),
    Story(
        "leer-food", "hhi", _K, "Escort of a food convoy to Leer",
        "Twelve trucks with 96 tons of cereals for the distribution in Leer: 8,900 people, one month.",
        "Leer", 34, 12, origin="Bentiu", sector="FSC", priority=2, people=8900,
        cargo=(Cargo("Cereal, 50 kg", 1920, "bags", 96, 140),),
        events=(
            *path(*ESCORT_DECIDABLE, "approve", "task", "accept"), Step("report_done", 70),
            Attach("receipts-leer.txt", "Receipts by truck", ("Trucks 1 to 9: complete.", "Truck 10: 41 bags short.",
                   "Trucks 11 and 12: turned back at the second checkpoint, returned full.")),
            Step("dispute", 24, "Ten of twelve trucks arrived, one of them short by 41 bags. The report says twelve. We ask for a "
                 "second escort for the two trucks that turned back."),
        ),
    ),
    Story(
        "kapoeta-books", "bpe", _K, "Escort of school materials to Kapoeta",
        "Two trucks with books and desks for fourteen schools before the term begins.",
        "Kapoeta", 52, 20, origin="Torit", sector="EDU", priority=3, people=5200, group="children",
        events=(
            *path("submit", "validate"),
            Step("withdraw", 30, "A trader’s convoy takes the trucks along on Monday; no escort is needed any more."),
        ),
    ),
    Story(
        "kajo-food", "nbr", _K, "Escort of rations to Kajo-keji",
        "Sixteen trucks with rations for 11,000 people who came back to Kajo-keji in the last two months.",
        "Kajo-keji", 66, 14, origin="Juba", sector="FSC", priority=2, people=11000, group="returnees",
        cargo=(Cargo("Cereal, 50 kg", 2400, "bags", 120, 176),),
        events=(
            *path(*ESCORT_DECIDABLE),
            Step("counter_offer", 16, data={"counter_offer": "Two convoys of eight trucks, five days apart, with one platoon each "
                 "time. Sixteen trucks at once are more than one platoon can hold together.", "changes_conditions": True,
                 "explanation": "The second platoon is bound until the end of the month."}),
            Step("concur", 6, "Two smaller convoys are even better seen from the humanitarian side; the measures stay the same."),
            Step("accept_offer", 10), *path("task", "accept"), Step("report_done", 150), Step("confirm", 18),
        ),
    ),
)  # fmt: skip
