"""The lives of a group, of a meeting and of a decision, as data."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.mission.vocabulary import Role
from apps.records.workflow import Outcome, State, Transition, Workflow
from apps.working_groups import calling, deciding, forms, groups, holding

KEEPER, EXPECTED = Role.REQUESTER, Role.UNIT

GROUP = Workflow(
    initial="draft",
    states=(
        State("draft", _("Draft"), KEEPER, editable=True, help=_("It does not meet yet.")),
        State(
            "active", pgettext_lazy("group", "Active"), editable=True,
            help=_("It meets. Its terms, members and meetings are kept by whoever leads it."),
        ),
        State(
            "suspended", pgettext_lazy("group", "Suspended"), editable=True,
            help=_("It does not meet for the time being."),
        ),
        State("closed", pgettext_lazy("group", "Closed"), outcome=Outcome.SUCCESS, help=_("It meets no more.")),
        State("discarded", _("Discarded"), outcome=Outcome.FAILURE, track=False, help=_("It was never set up.")),
    ),
    transitions=(
        Transition(
            "establish", _("Set up the group"), ("draft",), "active", (KEEPER,), guard=groups.may_establish,
            effect=groups.establishes, style="primary",
            help=_("From now on all who belong to it read this record, and whoever leads it keeps it."),
        ),
        Transition(
            "appoint", _("Appoint who leads"), ("active", "suspended"), "", (KEEPER,),
            form=lambda: forms.AppointForm, effect=groups.appoints,
            help=_("Chair, co-chair and secretariat are positions: whoever holds them leads the group."),
        ),
        Transition(
            "endorse", _("Endorse terms of reference"), ("active", "suspended"), "", (KEEPER,),
            form=lambda: forms.EndorseForm, effect=groups.endorses, offered=groups.has_endorsable,
            help=_("The version endorsed stays as it is; a later one replaces it."),
        ),
        Transition(
            "tell", _("Tell the group"), ("active", "suspended"), "", (KEEPER,), note_required=True,
            help=_("Everybody who reads this record is told that there is something new, and finds your words here."),
        ),
        Transition(
            "suspend", _("Suspend"), ("active",), "suspended", (KEEPER,), note_required=True,
            help=_("It does not meet for the time being. Say until when, and why."),
        ),
        Transition("resume", _("Resume"), ("suspended",), "active", (KEEPER,), help=_("It meets again.")),
        Transition(
            "close", _("Close the group"), ("active", "suspended"), "closed", (KEEPER,), note_required=True,
            effect=groups.closes, style="danger",
            help=_("It meets no more, and meetings ahead do not take place. What was decided stays in the register."),
        ),
        Transition(
            "discard", _("Discard"), ("draft",), "discarded", (KEEPER,), note_required=True, style="danger",
            help=_("Ends the draft. Say why."),
        ),
    ),
)  # fmt: skip

MEETING = Workflow(
    initial="draft",
    states=(
        State("draft", _("Draft"), KEEPER, editable=True, help=_("It is not called yet.")),
        State(
            "planned", pgettext_lazy("meeting", "Called"), editable=True,
            help=_("Those expected say whether they come and propose items; whoever keeps it builds the agenda."),
        ),
        State(
            "session", pgettext_lazy("meeting", "In session"), editable=True,
            help=_("Minutes are written while it goes on."),
        ),
        State(
            "minutes", pgettext_lazy("meeting", "Minutes being written"), KEEPER, hours=72, editable=True,
            help=_("It is over; its minutes are not out yet."),
        ),
        State(
            "circulated", pgettext_lazy("meeting", "Minutes circulated"), KEEPER, hours=168, editable=True,
            help=_("Whoever was expected may ask for corrections, until the minutes are adopted."),
        ),
        State(
            "adopted", pgettext_lazy("meeting", "Minutes adopted"), outcome=Outcome.SUCCESS,
            help=_("What was adopted stays as it is. What was wrong is amended, and the amendment added."),
        ),
        State(
            "cancelled", pgettext_lazy("meeting", "Cancelled"), outcome=Outcome.FAILURE, track=False,
            help=_("It does not take place."),
        ),
    ),
    transitions=(
        Transition(
            "call", _("Call the meeting"), ("draft",), "planned", (KEEPER,), guard=holding.may_call,
            effect=calling.called, offered=holding.by_itself, style="primary",
            help=_("Whoever belongs to the group reads it, is told and is expected."),
        ),
        Transition(
            "schedule", _("Call it with its series"), ("draft",), "planned", (KEEPER,), guard=holding.may_call,
            effect=calling.called, offered=holding.of_series,
            help=_("Whoever belongs to the group reads it and is expected."),
        ),
        Transition(
            "answer", _("Say whether I come"), ("planned",), "", (EXPECTED,), form=lambda: forms.AnswerForm,
            effect=holding.answers, offered=holding.is_expected, style="primary",
            help=_("In person, remotely, or not; and who comes instead."),
        ),
        Transition(
            "propose", _("Propose an item"), ("planned",), "", (EXPECTED, KEEPER), form=lambda: forms.ProposeForm,
            effect=holding.proposes, help=_("Whoever keeps the meeting takes it onto the agenda, or says why not."),
        ),
        Transition(
            "start", _("Open the meeting"), ("planned",), "session", (KEEPER,), effect=holding.starts,
            help=_("Attendance is noted and minutes are written from now on."),
        ),
        Transition(
            "move", _("Move it"), ("planned",), "", (KEEPER,), form=lambda: forms.MoveForm, effect=calling.moved,
            help=_("Another time or place. Calendars learn of it."),
        ),
        Transition(
            "end", _("End the meeting"), ("session",), "minutes", (KEEPER,), effect=holding.ends, style="primary",
            help=_("Items without a minute are carried over to the next meeting."),
        ),
        Transition(
            "circulate", _("Circulate the minutes"), ("minutes",), "circulated", (KEEPER,),
            guard=holding.may_circulate, style="primary",
            help=_("Everybody who reads the meeting is told, by a link, and may ask for corrections."),
        ),
        Transition(
            "correct", _("Ask for a correction"), ("circulated",), "", (EXPECTED, KEEPER),
            form=lambda: forms.CorrectForm, effect=holding.corrects,
            help=_("Of one item, or of the minutes as a whole."),
        ),
        Transition(
            "settle", _("Settle a correction"), ("circulated",), "", (KEEPER,), form=lambda: forms.SettleForm,
            effect=holding.settles, offered=holding.has_corrections,
            help=_("Change the minute first, then say that it was taken over; or say why not."),
        ),
        Transition(
            "revise", _("Take the minutes back"), ("circulated",), "minutes", (KEEPER,), note_required=True,
            help=_("They are written anew and circulated again."),
        ),
        Transition(
            "adopt", _("Adopt the minutes"), ("circulated",), "adopted", (KEEPER,), guard=holding.may_adopt,
            style="primary", help=_("They stay as they are from now on."),
        ),
        Transition(
            "amend", _("Amend"), ("adopted",), "", (KEEPER,), form=lambda: forms.AmendForm, effect=holding.amends,
            help=_("Adds what was wrong, and why. What was adopted stays."),
        ),
        Transition(
            "drop", _("Leave it out of its series"), ("planned",), "cancelled", (KEEPER,), note_required=True,
            offered=holding.of_series, effect=calling.left_out, style="danger",
            help=_("It does not take place. Calendars learn of it, and nobody is told besides."),
        ),
        Transition(
            "cancel", _("Cancel"), ("draft", "planned"), "cancelled", (KEEPER,), note_required=True,
            effect=calling.left_out, style="danger", help=_("It does not take place. Calendars learn of it."),
        ),
    ),
)  # fmt: skip

DECISION = Workflow(
    initial="draft",
    states=(
        State("draft", _("Draft"), KEEPER, editable=True, help=_("It stands in no register yet.")),
        State(
            "in_force", pgettext_lazy("decision", "In force"),
            help=_("It stays as it is. Another decision can replace it."),
        ),
        State(
            "superseded", pgettext_lazy("decision", "Replaced"), outcome=Outcome.SUCCESS,
            help=_("Another decision holds in its place."),
        ),
        State(
            "revoked", pgettext_lazy("decision", "Revoked"), outcome=Outcome.FAILURE, track=False,
            help=_("It holds no more."),
        ),
        State("discarded", _("Discarded"), outcome=Outcome.FAILURE, track=False, help=_("It was not made.")),
    ),
    transitions=(
        Transition(
            "record", _("Put it into the register"), ("draft",), "in_force", (KEEPER,), guard=deciding.may_record,
            effect=deciding.records, style="primary",
            help=_("It is in force and stays as it is from now on."),
        ),
        Transition(
            "supersede", _("Replace it"), ("in_force",), "superseded", (KEEPER,),
            form=lambda: forms.SupersedeForm, effect=deciding.supersedes,
            help=_("Name the decision that holds in its place."),
        ),
        Transition(
            "revoke", _("Revoke"), ("in_force",), "revoked", (KEEPER,), note_required=True, style="danger",
            help=_("It holds no more. Say who decided that, and when."),
        ),
        Transition(
            "discard", _("Discard"), ("draft",), "discarded", (KEEPER,), note_required=True, style="danger",
            help=_("Ends the draft. Say why."),
        ),
    ),
)  # fmt: skip
