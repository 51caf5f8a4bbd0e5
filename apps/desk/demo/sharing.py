"""How the demo mission shares information: its protocol, kinds of protected data, emergency roles, handovers."""

from __future__ import annotations

from datetime import datetime, timedelta

from apps.desk.demo.stage import Stage
from apps.mission.handover import position_hand_over
from apps.mission.models import DataType, Handover, Holding, Position, SharingProtocol
from apps.mission.protocols import protocol_copy, protocol_put_in_force
from apps.need_to_know.acting import acting_as
from apps.records import clock

#: Kinds of protected data that this mission adds: code -> (name, what belongs to it, sides that never read it).
KINDS = {
    "movement": (
        "Routes and times of convoys",
        "Who moves where and when, before it is over.",
        ["host_state"],
    ),
    "sites": ("Places kept out of harm’s way", "Clinics, shelters and stores that parties were told of.", []),
}
#: Kind -> (classification, sensitivity, permitted audience, channel).
LINES = {
    "beneficiary": (1, 3, "The organisation that serves them, and its cluster’s protection lead", "Never by mail"),
    "staff": (1, 2, "UNDSS, the organisation itself, and whoever answers for a movement", "The portal alone"),
    "source": (2, 3, "Whoever received it, by name", "In person"),
    "movement": (1, 2, "Organisations that move, CMCoord, the joint operations centre and the unit tasked",
                 "The portal, or by radio in code"),
    "sites": (0, 2, "The humanitarian side and the mission’s operations centre", "The portal alone"),
}  # fmt: skip
#: Record type -> (classification, sensitivity, scope) of a new record.
LABELS = {
    "aid_request": (0, 1, "organisation"),
    "announcement": (0, 0, "organisation"),
    "stakeholder": (0, 0, "organisation"),
    "liaison_office": (0, 0, "mission"),
    "action_point": (0, 1, "organisation"),
    "working_group": (0, 1, "private"),
    "meeting": (0, 1, "private"),
    "decision": (0, 1, "private"),
    "engagement": (0, 1, "organisation"),
    "information_request": (0, 1, "organisation"),
    "release": (0, 0, "mission"),
    "joc_product": (0, 1, "organisation"),
    "joint_plan": (0, 1, "organisation"),
}
SCOPE = (
    "Information on needs, access, movements and safety that humanitarian organisations and the mission give each other "
    "in the area of operations. It is shared so that aid reaches people and nobody is harmed by what was told; never to "
    "gain military advantage, and never about individuals beyond what their safety asks."
)
BREACH = (
    "Tell the head of the coordination office at once, by telephone, without repeating what was disclosed. Take the "
    "record back from whoever should not have it. Warn the people who could be harmed before anything else. Write down "
    "within a day what was disclosed, to whom and how; within seven days the release authorities of both sides agree "
    "what changes. Nobody is blamed for telling."
)
EMERGENCY = ("jocd", "sec")
HANDED_OVER = (
    "Two requests from Bor wait for an assessment; the one for the clinic is urgent. The battalion’s liaison answers on "
    "channel 4 in the mornings. Ask the CMCoord officer before promising an escort on the eastern road: the negotiation "
    "is hers, and it goes well."
)
PLANNED = (
    "The barge to Malakal is confirmed for Tuesdays. Our last request came back for the cargo list: the weights are in "
    "the store’s ledger. Please keep the elders’ phone numbers out of the portal; they asked for it."
)


class Sharing:
    """Puts a stage under its protocol and lets two of its positions pass on."""

    def __init__(self, stage: Stage, *, now: datetime) -> None:
        self.stage, self.now = stage, now

    def establish(self) -> None:
        """A version that was superseded, the one in force, and the draft of the next."""
        mission, since = self.stage.mission, timedelta(days=198)
        for code, (name, what, barred) in KINDS.items():
            DataType.objects.create(
                mission=mission, code=code, name=name, description=what, barred_sides=barred
            )
        first = SharingProtocol.objects.create(
            mission=mission, version="1.0", title="Information sharing in the Upper Nile Basin", scope=SCOPE,
            endorsed_by="Humanitarian country team and Head of Mission", endorsed_on=(self.now - since).date(),
            breach_procedure=BREACH, breach_position=self.stage.post("ochr"), break_glass_minutes=180,
        )  # fmt: skip
        self._fill(first)
        protocol_put_in_force(first, now=self.now - since)
        second = protocol_copy(first)
        SharingProtocol.objects.filter(pk=second.pk).update(
            endorsed_by=first.endorsed_by, endorsed_on=(self.now - timedelta(days=76)).date(),
            review_on=(self.now + timedelta(days=107)).date(), break_glass_minutes=120, ask_purpose=True,
        )  # fmt: skip
        protocol_put_in_force(second, now=self.now - timedelta(days=75))
        protocol_copy(second)
        for key in EMERGENCY:
            Position.objects.filter(pk=self.stage.post(key).pk).update(breaks_glass=True)

    def _fill(self, protocol: SharingProtocol) -> None:
        kinds = {kind.code: kind for kind in DataType.objects.filter(mission=protocol.mission)}
        for code, (classification, sensitivity, permitted, channel) in LINES.items():
            protocol.lines.create(
                data_type=kinds[code], classification=classification, sensitivity=sensitivity,
                permitted=permitted, channel=channel,
            )  # fmt: skip
        for key, (classification, sensitivity, scope) in LABELS.items():
            protocol.default_labels.create(
                record_type=key, classification=classification, sensitivity=sensitivity, scope=scope
            )

    def hand_over(self) -> None:
        """One position passed five days ago, as the cast has it; another will pass in twelve days."""
        self._pass_on("s9e", "santos", "moyo", at=self.now - timedelta(days=5), by="weber", note=HANDED_OVER)
        made = self.now - timedelta(days=1)
        self._pass_on(
            "nbr", "wani", "taban", at=self.now + timedelta(days=12), by="wani", note=PLANNED, arranged=made
        )

    def _pass_on(
        self,
        post: str,
        leaver: str,
        successor: str,
        *,
        at: datetime,
        by: str,
        note: str,
        arranged: datetime | None = None,
    ) -> None:
        position, person = self.stage.post(post), self.stage.person
        arranged = arranged or at
        # WHY: the cast says who was in a position when; here the same passing is arranged as people do it.
        Holding.objects.filter(position=position, person=person(successor), starts=at).delete()
        Holding.objects.filter(position=position, person=person(leaver), until=at).update(until=None)
        with clock.at(arranged), acting_as(person(by), self.stage.mission):
            made = position_hand_over(
                position=position, leaver=person(leaver), successor=person(successor), made_by=person(by), at=at,
                note=note, now=arranged,
            )  # fmt: skip
        Handover.objects.filter(pk=made.pk).update(made_at=arranged)
