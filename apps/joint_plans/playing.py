"""Where the exercise of a plan is played: a mission of its own, which people change over to."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.joint_plans.models import JointPlan, Play
from apps.mission.models import Mission
from apps.need_to_know.acting import missions_of
from apps.records.actors import Actor
from apps.records.errors import NotPermitted
from apps.records.exercises import stands_apart
from apps.records.services import is_editor
from apps.records.transitions import refusals


def stages(actor: Actor) -> list[Mission]:
    """Missions that are exercises and in which the actor holds a position now."""
    return [each for each in missions_of(actor.user) if each.is_exercise] if actor.user else []


def play_set(actor: Actor, *, plan: JointPlan, mission: Mission | None) -> None:
    """Say in which mission the exercise is played, or that it is in none. NotPermitted for whoever may not say so."""
    if not (stands_apart(actor, plan) and is_editor(actor, plan)):
        raise NotPermitted
    with refusals():
        if mission is None:
            Play.objects.filter(plan=plan).delete()
        else:
            Play.objects.update_or_create(plan=plan, defaults={"mission": mission})


class PlayForm(forms.Form):
    """The mission in which it is played, of those in which the actor works."""

    mission = forms.ChoiceField(
        label=_("Played in"), required=False,
        help_text=_("Exercises in which you hold a position. An administrator sets up a mission that is an exercise."),
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {each.code: each for each in stages(actor)}
        offered: Any = self.fields["mission"]
        offered.choices = [("", _("Not said")), *((code, each.name) for code, each in self.known.items())]

    def chosen(self) -> Mission | None:
        """The mission; None for none."""
        return self.known.get(self.cleaned_data["mission"])


def shown(actor: Actor, plan: JointPlan) -> dict[str, Any] | None:
    """What `joint_plans/_exercise.html` draws; None for a plan that is no exercise among real records.

    Whoever holds no position in the mission in which it is played is not told its name.
    """
    if not stands_apart(actor, plan):
        return None
    play = Play.objects.filter(plan=plan).first()
    mine = {each.pk: each for each in stages(actor)} if play is not None else {}
    mission = mine.get(play.mission_id) if play is not None else None
    return {
        "is_played": play is not None,
        "mission": mission,
        "change_url": reverse("desk:mission", args=[mission.code]) if mission is not None else "",
        "set_url": reverse("joint_plans:play", kwargs={"uuid": plan.uuid}) if is_editor(actor, plan) else "",
    }
