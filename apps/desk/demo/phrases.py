"""What people in the demo mission usually write, by kind of request and by step. Stories say the rest."""

from __future__ import annotations

from random import Random
from typing import Any

from apps.desk.demo.cast import ORGS, POSTS
from apps.desk.demo.story import Alt, Story
from apps.mission.vocabulary import RequestKind

_K = RequestKind

#: Who takes each step.
TAKEN_BY = {
    "submit": "requester", "resubmit": "requester", "answer": "requester", "accept_offer": "requester",
    "refuse_offer": "requester", "confirm": "requester", "dispute": "requester", "withdraw": "requester",
    "ask_extension": "requester", "reopen": "requester",
    "validate": "cluster", "validate_afterwards": "cluster", "object_afterwards": "cluster",
    "object_in_execution": "cluster", "return": "cluster", "met_by_civilian": "cluster",
    "endorse": "cmcoord", "endorse_emergency": "cmcoord", "transmit": "cmcoord", "concur": "cmcoord",
    "take_up": "cimic", "hand_back": "cimic", "query": "cimic", "ask_security": "cimic", "recommend": "cimic",
    "give_opinion": "security",
    "approve": "decider", "approve_conditions": "decider", "counter_offer": "decider", "decline": "decider",
    "extend": "decider",
    "task": "joc", "suspend": "joc", "resume": "joc",
    "accept": "unit", "unable": "unit", "report_done": "unit",
}  # fmt: skip

_CONSEQUENCE = {
    _K.ESCORT: (
        "Stocks in {place} last eleven more days. After that rations are cut to half, first for those who arrived last.",
        "The distribution in {place} is called off, and people start walking towards the river to find food.",
    ),
    _K.LIFT: (
        "The pipeline to {place} breaks at the end of the month, when the road is under water for good.",
        "Without this flight the stock for {place} misses the only dry week that the forecast shows.",
    ),
    _K.ENGINEERING: (
        "Each heavy rain cuts {place} off for days; two deliveries have turned back since the first of the month.",
        "The dyke holds back water from the site in {place}; if it gives way, about {people} people move again.",
    ),
    _K.MEDICAL: (
        "The ward in {place} has no surgeon; people with injuries wait for days and some do not live to be moved.",
        "Patients in {place} who need surgery have nowhere to go while the airstrip is closed to small aircraft.",
    ),
    _K.FORCE_PROTECTION: (
        "Staff stay in their compounds and the distribution in {place} stops.",
        "Looting like last month’s would end the programme in {place} and leave {people} people without service.",
    ),
}  # fmt: skip
_CONSEQUENCE_ELSE = (
    "The work in {place} stops within two weeks, and people who rely on it go elsewhere or go without.",
    "About {people} people in and around {place} lose a service that nobody else gives.",
)
_LAST_RESORT = (
    "Everything civilian was asked for first: each way tried is listed with its answer. None gets to {place} in time.",
    "The usual provider has stopped serving {place}, and no other civilian provider can take over before the date named.",
    "We put the work off twice to wait for a civilian way. A third delay would cost more than the support we ask for.",
)
_DISTINCTION = {
    _K.ESCORT: (
        "Our trucks are white, with our flag and no other mark. The escort keeps 300 metres away, front and rear, and stays "
        "outside the village while we work. No soldier rides in our vehicles, none of us in theirs.",
    ),
    _K.LIFT: (
        "Only humanitarian cargo and our own staff are on board. Our staff unload; the crew does not leave the aircraft side "
        "and carries no weapon in the open.",
    ),
}  # fmt: skip
_DISTINCTION_ELSE = (
    "The work is done apart from our own sites. Signs say who does what and why. No uniform and no weapon comes into a place "
    "where people are served.",
    "We told the community beforehand who comes, why, and until when. Humanitarian and military staff work at different hours.",
)
_ALTERNATIVES = {
    _K.ESCORT: (
        (Alt("transporter", "not_safe", "Three transporters asked; all refuse the stretch before {place} since the attacks."),
         Alt("negotiated", "not_enough", "Both sides gave their word for cars, not for loaded trucks; the letters are with OCHA.")),
        (Alt("route", "too_late", "The western track was scouted; it opens only when the swamp has dried."),
         Alt("air", "not_enough", "The civil air service offers four tons a week; the distribution needs sixty.")),
    ),
    _K.LIFT: (
        (Alt("air", "not_enough", "The civil air service can take a third of the load by the date; its letter is attached."),
         Alt("barge", "too_late", "The next barge leaves in four weeks, if the fuel for it arrives.")),
        (Alt("transporter", "not_available", "The road to {place} has been closed to trucks since the rain began."),),
    ),
    _K.ENGINEERING: (
        (Alt("contractor", "not_available", "Two contractors with graders asked; both have their machines across the river."),
         Alt("partner", "not_enough", "A local team works with hand tools and reaches thirty metres a day.")),
        (Alt("contractor", "too_late", "The only contractor can begin when the rains are over."),),
    ),
}  # fmt: skip
_ALTERNATIVES_ELSE = (
    (Alt("contractor", "not_available", "Asked two firms in writing; neither works in {place} at present."),
     Alt("partner", "not_enough", "Partners in {place} share what they have; it covers about a fifth.")),
    (Alt("postpone", "not_enough", "Put off twice; a third time would miss the season."),
     Alt("partner", "refused", "Asked at the cluster meeting; nobody has any to spare.")),
)  # fmt: skip
_KIND_FIELDS: dict[RequestKind, dict[str, Any]] = {
    _K.ESCORT: {
        "escort_route": "{origin} to {place} by the main road, one night stop at the county seat. Known checkpoints: four.",
        "escort_vehicles": 14,
        "escort_vehicle_types": "12 trucks of 10 tons, 2 light vehicles",
        "escort_crew": "Drivers from the region, two international staff",
        "escort_alternatives": "Other road, smaller convoys, a later date, delivery by local traders, and air were considered; "
        "each is listed with what came of it.",
        "humanitarian_need_text": "The last assessment counts {people} people in need around {place}; the programme has the "
        "highest criticality and cannot be delivered from elsewhere.",
        "humanitarian_need_met": True,
        "authorities_text": "The county authorities guarantee passage in writing but have no vehicles to go along.",
        "authorities_met": True,
        "security_text": "Attacks on this road were for loot, on unescorted trucks. A visible escort deters them; drivers and "
        "communities were asked and agree.",
        "security_met": True,
        "sustainability_text": "This is for one convoy. The access team goes on talking with both sides so that the next can go "
        "without.",
        "sustainability_met": True,
        "common_position": "The humanitarian country team’s position allows armed escorts here case by case, until the road has "
        "been quiet for six weeks.",
        "discontinuation_plan": "After this convoy we try two light vehicles without escort; if they pass, trucks follow.",
    },
    _K.UAV: {
        "uav_humanitarian_use": "To see which islands around {place} are still dry, and send boats to the right ones.",
        "uav_release_decision": "Only still pictures without people, released by the chief of staff to the access working group.",
    },
}  # fmt: skip
_CAPACITY = {
    _K.ESCORT: ("One platoon with four vehicles for {days} days; the battalion has a second platoon in reserve.",),
    _K.LIFT: ("One medium helicopter for two rotations; crew hours allow it from the day after tomorrow.",),
    _K.ENGINEERING: ("One grader, two tippers and eight engineers for {days} days; fuel is there.",),
    _K.MEDICAL: ("One surgical team and four beds for up to two weeks; evacuation by air by day only.",),
    _K.FORCE_PROTECTION: ("One section on foot and by vehicle, in daylight, relieved each day.",),
    _K.UAV: ("One flight of ninety minutes a day; pictures the same evening.",),
}  # fmt: skip
_CAPACITY_ELSE = ("Available from the mission’s own stock for {days} days without harm to its other work.",)
_TASK = {
    _K.ESCORT: "Escort the convoy of {org} from {origin} to {place} and back. Keep your distance as agreed; no search of cargo.",
    _K.LIFT: "Move the cargo of {org} from {origin} to {place}. Humanitarian cargo and staff only.",
    _K.ENGINEERING: "Carry out the works at {place} as drawn. Agree working hours with {org} each evening.",
    _K.MEDICAL: "Give surgical support at {place} by agreement with {org}. Patients by need alone.",
    _K.FORCE_PROTECTION: "Patrol around the distribution site at {place} in daylight. Do not enter the site.",
    _K.UAV: "Fly over {place} as drawn. No flight over gatherings; pictures only to the release authority.",
}  # fmt: skip
_DONE = {
    _K.ESCORT: "Convoy reached {place} and came back. No incident. Two stops at checkpoints, both short.",
    _K.LIFT: "All cargo delivered to {place} in two rotations; receipts signed by {org}.",
    _K.ENGINEERING: "Works at {place} finished and walked over with {org}. Drawings handed over.",
    _K.MEDICAL: "Team withdrawn from {place} as planned; patients handed over to {org}.",
    _K.UAV: "Flights over {place} flown as ordered; pictures with the release authority.",
}  # fmt: skip
_NAMES = (
    ("Stephen Lokudu", "+211 900 000 {n:03d}"), ("Rebecca Nyawech", "+211 900 001 {n:03d}"),
    ("James Pitia-Wol", "+211 900 002 {n:03d}"), ("Teresa Abuk-Dut", "+211 900 003 {n:03d}"),
    ("Moses Kenyi-Oyet", "+211 900 004 {n:03d}"),
)  # fmt: skip


class Words:
    """The usual words for one story; the dice choose among several, always the same for the same seed."""

    def __init__(self, story: Story, dice: Random) -> None:
        self.story, self.dice = story, dice
        # WHY: the exercise has no organisation of the cast; its requests speak of themselves.
        org = ORGS[POSTS[story.by].org].acronym if story.by in POSTS else "the exercise NGO"
        self.known = {
            "place": story.town, "origin": story.origin or story.town, "org": org, "days": story.duration,
            "people": f"{story.people or 0:,}",
        }  # fmt: skip

    def _fill(self, value: Any) -> Any:
        return value.format(**self.known) if isinstance(value, str) else value

    def _pick(self, texts: tuple[Any, ...]) -> Any:
        return texts[self.dice.randrange(len(texts))]

    def say(self, field: str) -> str:
        """The usual answer to a question of the form."""
        kind = self.story.kind
        texts = {
            "consequence": _CONSEQUENCE.get(kind, _CONSEQUENCE_ELSE),
            "last_resort": _LAST_RESORT,
            "distinction": _DISTINCTION.get(kind, _DISTINCTION_ELSE),
        }[field]
        return str(self._fill(self._pick(texts)))

    def of_kind(self) -> dict[str, Any]:
        """Answers that only this kind asks for."""
        return {name: self._fill(value) for name, value in _KIND_FIELDS.get(self.story.kind, {}).items()}

    def contact(self) -> dict[str, str]:
        """Somebody at the place, with a number that nobody has."""
        name, phone = self._pick(_NAMES)
        return {"contact_name": name, "contact_phone": phone.format(n=self.dice.randrange(1000))}

    def alternatives(self) -> tuple[Alt, ...]:
        """What was tried first."""
        found = self._pick(_ALTERNATIVES.get(self.story.kind, _ALTERNATIVES_ELSE))
        return tuple(Alt(each.option, each.result, self._fill(each.evidence)) for each in found)

    def note(self, step: str) -> str:
        """The remark that goes with a step; empty where none is usual."""
        texts: dict[str, tuple[str, ...]] = {
            "report_done": (_DONE.get(self.story.kind, "Done as ordered at {place}; {org} was there."),),
            "transmit": ("Sent with the endorsement; the requester knows that the mission reads it from now on.", ""),
            "accept": ("Understood. Reconnaissance tomorrow, start as ordered.", "Accepted."),
            "concur": ("The offer keeps the measures of distinction; the humanitarian side can live with it.",),
            "withdraw": ("The need has changed; a smaller request follows.",),
            "return": ("Please say more exactly where and for how many people, and attach the assessment.",),
            "hand_back": ("Please name dates and the cost line.",),
            "suspend": ("Shots were heard near the route; everybody is back in {origin}. We look again tomorrow.",),
            "resume": ("Quiet for two days, and the community has sent word. Work goes on.",),
            "unable": ("Both graders are down; parts come next week at the earliest.",),
            "dispute": ("What arrived is not what was reported; the receipts show the difference.",),
            "refuse_offer": ("What is offered does not reach the place in time.",),
            "object_afterwards": ("The figures are not those of the cluster’s assessment.",),
            "object_in_execution": ("The figures are not those of the cluster’s assessment.",),
        }  # fmt: skip
        return str(self._fill(self._pick(texts.get(step, ("",)))))

    def data(self, step: str) -> dict[str, Any]:
        """The usual answers to a step's form."""
        make = getattr(self, f"_data_{step}", None)
        return {name: self._fill(value) for name, value in make().items()} if make else {}

    def _data_validate(self) -> dict[str, Any]:
        remarks = (
            "Agrees with the cluster’s assessment of last month. Partners in {place} confirm it.",
            "Checked with partners in {place}: real, and nobody else is on it.",
            "",
        )
        rank = min(3, max(1, self.story.priority + self.dice.choice((-1, 0, 0))))
        return {
            "need_is_real": True, "not_duplicate": True, "cluster_priority": rank, "remarks": self._pick(remarks)
        }  # fmt: skip

    _data_validate_afterwards = _data_validate

    def _data_endorse(self) -> dict[str, Any]:
        remarks = (
            "The ways tried are credible, and the end date is firm.",
            "Discussed with the access group; no objection.",
            "",
        )
        return {"last_resort": True, "distinction": True, "time_bound": True, "remarks": self._pick(remarks)}

    _data_endorse_emergency = _data_endorse

    def _data_give_opinion(self) -> dict[str, Any]:
        reasons = (
            "Travel in daylight only; check in by radio every hour; turn back if there is fighting within 20 km of the route.",
            "Risk is medium with these measures: no night stop outside the county seat, two satellite telephones, a medic.",
        )
        number = f"SRM-{self.dice.randrange(100, 999)}"
        return {"outcome": "with_measures", "reasons": self._pick(reasons), "srm_reference": number}

    def _data_recommend(self) -> dict[str, Any]:
        reasons = (
            "The request is complete and the humanitarian side stands behind it. Capacity is there; the risk can be borne.",
            "Worth doing: small for us, large for {place}. The unit knows the place.",
        )
        advice = "conditions" if self.story.kind in {_K.ESCORT, _K.FORCE_PROTECTION} else "approve"
        capacity = _CAPACITY.get(self.story.kind, _CAPACITY_ELSE)
        return {"advice": advice, "capacity": self._pick(capacity), "reasons": self._pick(reasons)}

    def _data_query(self) -> dict[str, Any]:
        return {"question": "What is the largest single load, and who receives it in {place}?"}

    def _data_answer(self) -> dict[str, Any]:
        return {"answer": "Two tons on one pallet. Our team leader in {place} receives and signs for it."}

    def _data_approve(self) -> dict[str, Any]:
        return {"explanation": self._pick(("Approved as asked.", "Approved. Report when done."))}

    def _data_approve_conditions(self) -> dict[str, Any]:
        conditions = (
            "Daylight only. The unit keeps the distance agreed. Stop and report if anybody takes pictures of the escort together "
            "with humanitarian staff.",
            "The requester tells the community beforehand. The unit leaves when the end date is reached, finished or not.",
        )
        return {"conditions": self._pick(conditions), "explanation": ""}

    def _data_counter_offer(self) -> dict[str, Any]:
        return {
            "counter_offer": "Half the load this week, the rest in ten days.",
            "explanation": "",
            "conditions": "",
        }

    def _data_decline(self) -> dict[str, Any]:
        explanation = "All such means are committed until the end of the month. Ask again then if the need is still there."
        return {"reason": "no_capacity", "explanation": explanation}

    def _data_extend(self) -> dict[str, Any]:
        return {"extended_until": 10, "explanation": "The weather has not allowed it; the need is the same."}

    def _data_ask_extension(self) -> dict[str, Any]:
        return {"until": 10, "reasons": "The road to {place} has been under water for a week."}

    _data_reopen = _data_ask_extension

    def _data_task(self) -> dict[str, Any]:
        task = _TASK.get(
            self.story.kind, "Carry out the support at {place} as approved, by agreement with {org}."
        )
        return {
            "order_ref": f"FRAGO {self.dice.randrange(100, 480)}", "task": task,
            "coordinating_instructions": "Direct liaison with {org} authorised. Conditions of the decision apply. Report daily.",
        }  # fmt: skip

    def _data_met_by_civilian(self) -> dict[str, Any]:
        return {"remarks": "Starts within the week and covers the whole need."}

    def _data_confirm(self) -> dict[str, Any]:
        remarks = (
            "Came on time and kept its distance. People in {place} asked few questions.",
            "Good contact with the unit every day. Next time the drawings should reach us earlier.",
            "",
        )
        return {
            "need_met": "full",
            "timeliness": "on_time",
            "conduct": "good",
            "remarks": self._pick(remarks),
        }
