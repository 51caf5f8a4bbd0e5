"""A person's positions: what each has open, who is in it now and next, handing it over, naming a substitute."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.desk.handover.forms import HandoverForm, SubstituteForm
from apps.desk.handover.work import OpenWork, open_work
from apps.desk.items import section, waiting
from apps.mission import handover as handovers
from apps.mission.models import Handover, Position
from apps.mission.vocabulary import Capacity
from apps.pages.views.base import SignedInPage
from apps.records import clock
from apps.records.actors import Actor
from apps.records.errors import NotPermitted

_UNPROCESSABLE = 422


class MyPositions(SignedInPage):
    """The positions that the person is in, with who else is, and what lies ahead."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page."""
        person = _person(self)
        cards = [_card(position, person) for position in self.actor.positions]
        return render(request, "desk/positions.html", {"cards": cards})


class OnePosition(SignedInPage):
    """A page of one of the person's positions; any other is not there."""

    position: Position

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page; who is in the position without holding it is told what only its holder does."""
        try:
            return super().dispatch(request, *args, **kwargs)
        except NotPermitted as refusal:
            return render(request, "desk/refused.html", {"message": refusal.message}, status=403)

    def mine(self, uuid: UUID, *, as_holder: bool) -> Position:
        """The position, if it is the person's; Http404, NotPermitted for who only stands in for its holder."""
        found = next((p for p in self.actor.positions if p.uuid == uuid), None)
        if found is None:
            raise Http404
        if as_holder and handovers.held_as_holder(_person(self), found) is None:
            raise NotPermitted(
                _("Only the holder of the position does this, or the administrator of the mission.")
            )
        return found


class PositionWork(OnePosition):
    """What comes with the position: work, drafts, what was shared with it, notes of those who had it before."""

    def get(self, request: HttpRequest, position: UUID) -> HttpResponse:
        """The page."""
        mine = self.mine(position, as_holder=False)
        context = {
            **_card(mine, _person(self)),
            "work": _sections(self.actor, open_work(self.actor, mine)),
            "taken_over": [each for each in taken_over(self.actor) if each.position_id == mine.pk],
        }
        return render(request, "desk/position.html", context)


class HandOver(OnePosition):
    """Hands a position over to a colleague, at once or at a moment that lies ahead."""

    def get(self, request: HttpRequest, position: UUID) -> HttpResponse:
        """The form beside what will pass."""
        mine = self.mine(position, as_holder=True)
        return self.page(mine, HandoverForm(position=mine, holder=_person(self)))

    def post(self, request: HttpRequest, position: UUID) -> HttpResponse:
        """Hand over; the person may have no position afterwards, and is told so by the next page."""
        mine, person = self.mine(position, as_holder=True), _person(self)
        form = HandoverForm(request.POST, position=mine, holder=person)
        if not form.is_valid():
            return self.page(mine, form, _UNPROCESSABLE)
        try:
            made = handovers.position_hand_over(
                position=mine, leaver=person, made_by=person, **form.cleaned_data
            )
        except ValidationError as error:
            _put(form, error)
            return self.page(mine, form, _UNPROCESSABLE)
        messages.success(request, _told(made))
        return redirect("desk:positions")

    def page(self, position: Position, form: HandoverForm, status: int = 200) -> HttpResponse:
        """Draw it."""
        work = _sections(self.actor, open_work(self.actor, position))
        context = {**_card(position, _person(self)), "form": form, "work": work}
        return render(self.request, "desk/hand_over.html", context, status=status)


class CancelHandover(OnePosition):
    """Takes back a handover of one's own position that lies ahead."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, position: UUID) -> HttpResponse:
        """Cancel the planned handover by the person; nothing planned is no error."""
        mine, person = self.mine(position, as_holder=True), _person(self)
        for planned in handovers.planned_handovers(mine).filter(leaver=person):
            try:
                handovers.handover_cancel(planned)
            except ValidationError as error:
                messages.error(request, " ".join(error.messages))
            else:
                messages.success(
                    request,
                    _(
                        "The handover is cancelled. What was shared with you in person still ends at that moment: "
                        "ask for it again where you need it."
                    ),
                )
        return redirect("desk:positions")


class NameSubstitute(OnePosition):
    """Names a colleague to stand in for some time, or ends that time."""

    def get(self, request: HttpRequest, position: UUID) -> HttpResponse:
        """The form, below those who stand in already."""
        mine = self.mine(position, as_holder=True)
        return self.page(mine, SubstituteForm(position=mine, holder=_person(self)))

    def post(self, request: HttpRequest, position: UUID) -> HttpResponse:
        """Name one, or end the time of the one that `end` names."""
        mine, person = self.mine(position, as_holder=True), _person(self)
        if "end" in request.POST:
            return self.end(mine, request.POST["end"])
        form = SubstituteForm(request.POST, position=mine, holder=person)
        if not form.is_valid():
            return self.page(mine, form, _UNPROCESSABLE)
        try:
            held = handovers.substitute_name(position=mine, holder=person, **form.cleaned_data)
        except ValidationError as error:
            _put(form, error)
            return self.page(mine, form, _UNPROCESSABLE)
        messages.success(request, _("%(name)s stands in for you.") % {"name": held.person.name})
        return redirect("desk:substitute", position=mine.uuid)

    def end(self, position: Position, key: str) -> HttpResponse:
        """End a substitute's time; one that is over already is no error."""
        found = handovers.substitutes_of(position).filter(pk=key).first() if key.isdecimal() else None
        if found is not None:
            handovers.substitute_end(found)
            messages.success(self.request, _("%(name)s no longer stands in.") % {"name": found.person.name})
        return redirect("desk:substitute", position=position.uuid)

    def page(self, position: Position, form: SubstituteForm, status: int = 200) -> HttpResponse:
        """Draw it."""
        context = {
            **_card(position, _person(self)),
            "form": form,
            "substitutes": list(handovers.substitutes_of(position)),
        }
        return render(self.request, "desk/substitute.html", context, status=status)


def _person(page: SignedInPage) -> User:
    assert page.actor.user is not None
    return page.actor.user


def _put(form: Any, error: ValidationError) -> None:
    """Show a refusal at its field, or above where the form has no such field."""
    found = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for name, texts in found.items():
        for text in texts:
            form.add_error(name if name in form.fields else None, text)


def _card(position: Position, person: User) -> dict[str, Any]:
    """A position with those who are in it, and what its holder may do."""
    found = handovers.tenures(position)
    own = [held for held in found.now if held.person_id == person.pk]
    planned = list(handovers.planned_handovers(position))
    return {
        "position": position,
        "tenures": found,
        "mine": own,
        "holds": any(held.capacity == Capacity.HOLDER for held in own),
        "planned": planned,
        "can_cancel": any(each.leaver_id == person.pk for each in planned),
    }


def _told(made: Handover) -> str:
    words = {"position": made.position.title, "successor": made.successor.name}
    if made.at > timezone.now():
        words["at"] = date_format(timezone.localtime(made.at), "DATETIME_FORMAT")
        return _("%(position)s will pass to %(successor)s at %(at)s.") % words
    return _("%(position)s has passed to %(successor)s.") % words


def _sections(actor: Actor, work: OpenWork) -> dict[str, Any]:
    """Open work as `desk/_open_work.html` draws it."""
    return {
        "waiting": waiting(actor, work.waiting),
        "drafts": section(actor, "drafts", work.drafts, clock=False),
        "given": work.given,
    }


def taken_over(actor: Actor) -> list[Handover]:
    """What the desk says for fourteen days about positions that the person took over; one query."""
    assert actor.user is not None
    return handovers.taken_over_lately(actor.user, actor.position_ids, clock.now())
