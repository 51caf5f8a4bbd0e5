"""Answering by a release: linking one to a request, and letting the asker read it once it is signed."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from apps.information_requests.models import Answer, InformationRequest
from apps.mission.vocabulary import Role
from apps.need_to_know.clearance import position_clears
from apps.need_to_know.grants import grant_give
from apps.records.actors import Actor
from apps.records.errors import Incomplete, NotPermitted
from apps.records.models import Record
from apps.records.originators import own_people
from apps.records.services import record_file
from apps.records.transitions import exercised_by, transition
from apps.releases.models import Release
from apps.releases.selectors import last_signature
from apps.releases.services import release_draft


def answer_link(actor: Actor, *, request: InformationRequest, release: Release) -> Answer:
    """Note that a release is to answer a request; seen by whoever reads both. NotPermitted for all but the drafter."""
    if exercised_by(actor, request, Role.UNIT) is None:
        raise NotPermitted
    if release.state in ("withdrawn", "superseded", "lapsed"):
        raise ValidationError({"release": [_("This release is not in force. Choose another.")]})
    made, _new = Answer.objects.get_or_create(
        request=request, release=release, defaults={"actor": actor.user}
    )
    return made


def answer_draft(
    actor: Actor, *, request: InformationRequest, release: Release, source: Record | None = None
) -> Release:
    """File the release that is to answer the request, drawn from a record of the portal or from none.

    Raises NotPermitted for all but the position to which the request is assigned; ValidationError by field.
    """
    position = exercised_by(actor, request, Role.UNIT)
    if position is None or request.state != "assigned":
        raise NotPermitted(_("Only the position to which it is assigned drafts the answer."))
    if source is None:
        filed: Release = record_file(actor, record=release, position=position)
    else:
        filed = release_draft(actor, source=source, release=release, position=position)
    answer_link(actor, request=request, release=filed)
    return filed


def answer_of(request: InformationRequest) -> Release | None:
    """The release chosen last to answer the request, if the actor reads it."""
    return (
        Release.objects.filter(answers_to__request_id=request.pk)
        .order_by("-answers_to__at", "-answers_to__pk")
        .first()
    )


def is_out(release: Release) -> bool:
    """Whether the release is signed and in force."""
    return release.state == "released" or (
        release.state in ("draft", "returned", "for_signature") and last_signature(release) is not None
    )


def answer_give(actor: Actor, request: InformationRequest) -> None:
    """Let those who asked read the release. Incomplete while it is unsigned, or too high for the asker.

    Where one asked for another organisation, that organisation's focal points read the answer too.
    """
    release = answer_of(request)
    if release is None or not is_out(release):
        raise Incomplete({"__all__": [_("A release authority must sign the answer first.")]})
    if not position_clears(request.author_position_id, release):
        raise Incomplete(
            {"__all__": [_("The asker may not read this label. Sign one that the asker may read.")]}
        )
    reason = _("Answer to %(reference)s") % {"reference": request.reference}
    asked_for = [people for role, people in own_people(request) if role == Role.REQUESTER]
    for to in [request.author_position, *(position for people in asked_for for position in people)]:
        grant_give(actor, record=release, to=to, reason=reason)


def on_signature(actor: Actor, release: Release) -> None:
    """Answer the requests that wait for this release, in the name of the release authority that signed it."""
    for request in InformationRequest.objects.filter(state="drafted", answers__release_id=release.pk):
        if answer_of(request) == release:
            transition(actor, record=request, name="answer")
