"""Guards and effects of the steps of a release: what must hold before one, and which row it writes."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.mission.vocabulary import Role
from apps.records import clock
from apps.records.actors import Actor
from apps.records.errors import Incomplete
from apps.records.services import label_check
from apps.records.transitions import exercised_by, transition
from apps.records.workflow import Text
from apps.releases.labels import PARTS, Label
from apps.releases.models import Release, Signature
from apps.releases.selectors import earlier_versions, floor_of
from apps.releases.signing import signed


def missing(release: Release) -> dict[str, list[Text]]:
    """Field -> what must be answered before it is put before the release authority."""
    found: dict[str, list[Text]] = {}
    if not release.title.strip():
        found["title"] = [gettext_lazy("Give the release a title.")]
    if not release.summary.strip():
        found["summary"] = [gettext_lazy("Write what may be told.")]
    if release.valid_until and release.valid_until <= clock.now():
        found["valid_until"] = [gettext_lazy("This moment is over. Choose one that lies ahead, or none.")]
    return found


def is_complete(actor: Actor, release: Release) -> None:
    """Incomplete, by field, unless all is answered."""
    if errors := missing(release):
        raise Incomplete({name: [str(text) for text in texts] for name, texts in errors.items()})


def is_anothers(actor: Actor, release: Release) -> bool:
    """Whether somebody else drafted it."""
    return release.author_id != actor.user_id


def is_own(actor: Actor, release: Release) -> bool:
    """Whether the actor drafted it: a release authority may sign its own draft."""
    return release.author_id == actor.user_id


def has_newer(actor: Actor, release: Release) -> bool:
    """Whether a new version was signed."""
    return Signature.objects.filter(
        release__drawn_from__source_id=release.pk, release__drawn_from__relation="version"
    ).exists()


def proposed_label(release: Release, data: dict[str, Any]) -> Label:
    """The label under which it is to go out: what the form says, the present one where it is silent."""
    given = {part: data[part] if data.get(part) is not None else getattr(release, part) for part in PARTS}
    return Label(
        int(given["classification"]),
        int(given["sensitivity"]),
        frozenset(getattr(each, "pk", each) for each in given["compartments"]),
        frozenset(getattr(each, "pk", each) for each in given["data_types"]),
        str(given["scope"]),
    )


def signs(actor: Actor, release: Release, data: dict[str, Any]) -> None:
    """Write the signature, which applies its label; what this is a new version of is superseded, others are told.

    ValidationError by field: a label below what the release is drawn from needs a reason.
    """
    label, reason = proposed_label(release, data), str(data.get("reason") or "").strip()
    floor = floor_of(release)
    if floor is not None and label.below(floor) and not reason:
        raise ValidationError(
            {"reason": [_("The label is below what this is drawn from. Say why it may be.")]}
        )
    label_check(actor, Release(**label.values()))
    Signature.objects.create(
        release=release, reason=reason, position=exercised_by(actor, release, Role.RELEASE), **label.values()
    )
    release.refresh_from_db()
    for old in earlier_versions(release):
        transition(actor, record=old, name="supersede")
    signed(actor, release)
