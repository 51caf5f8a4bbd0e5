"""Naming a reader in a form: what people type, or a code, to a person or principal of the mission, and back.

Nobody is found whose name the actor may not know. No HTML, no records.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from apps.accounts.models import User
from apps.mission.models import Holding, PrincipalOwner
from apps.need_to_know.known import unknown
from apps.need_to_know.principals import kind_label, kinds, principals_named
from apps.records.actors import Actor

PERSON = "person"
LEAST = 2  # letters before anything is proposed
OFFERED = 12
Named = PrincipalOwner | User


@dataclass(frozen=True)
class Candidate:
    """Somebody who can be named: `code` for forms, `label` for people, `kind` in words."""

    code: str
    label: str
    kind: str


@dataclass(frozen=True)
class Meant:
    """Whom a text means: one, or several to choose from, or nobody."""

    one: Any = None
    label: str = ""
    several: list[Candidate] = field(default_factory=list)


def meant(actor: Actor, text: str, of: frozenset[str] | None = None) -> Meant:
    """Whom a code (`position:<uuid>`, `person:<id>` …) or a name as it is offered means; `of` these kinds alone."""
    text, of = text.strip(), all_kinds() if of is None else of
    kind, _sep, key = text.partition(":")
    if kind in of and (found := _by_code(actor, kind, key)) is not None:
        return Meant(found, _label(actor, found))
    offered = candidates(actor, text, of)
    exact = [each for each in offered if each.label.casefold() == text.casefold()]
    if len(exact) == 1:
        kind, _sep, key = exact[0].code.partition(":")
        return Meant(_by_code(actor, kind, key), exact[0].label)
    return Meant(several=exact or offered)


def all_kinds() -> frozenset[str]:
    """Every kind of reader that can be named."""
    return frozenset({PERSON, *(kind.key for kind in kinds() if kind.searched)})


def candidates(actor: Actor, words: str, of: frozenset[str]) -> list[Candidate]:
    """Who is named like these words, at most OFFERED of each kind; a query or two for each kind."""
    if len(words.strip()) < LEAST or "\0" in words:
        return []
    asked = words.replace(",", " ").replace("(", " ").replace(")", " ").split()[:8]
    found: list[Candidate] = []
    for kind in kinds():
        if kind.key in of and kind.searched:
            rows: Any = kind.nameable(actor).filter(_all_words(asked, kind.searched))
            by_group = {row.group_id: row.uuid for row in rows.order_by(kind.searched[0])[:OFFERED]}
            found += [
                Candidate(f"{kind.key}:{by_group[group]}", named.name, kind_label(kind.key))
                for group, named in principals_named(by_group).items()
            ]
    if PERSON in of:
        held = _held(actor).filter(
            _all_words(asked, ("person__name", "position__title", "position__organisation__name",
                               "position__organisation__acronym"))
        )  # fmt: skip
        seen: dict[int, Candidate] = {}
        for holding in held.order_by("person__name", "pk")[: OFFERED * 2]:
            seen.setdefault(
                holding.person_id,
                Candidate(f"{PERSON}:{holding.person_id}", _person_label(holding), kind_label(PERSON)),
            )
        found += list(seen.values())[:OFFERED]
    return found


def principal_of(to: Named) -> int:
    """The principal that stands for somebody in audiences."""
    return -to.pk if isinstance(to, User) else int(to.group_id)


def _by_code(actor: Actor, kind: str, key: str) -> Named | None:
    try:
        if kind == PERSON:
            holding = _held(actor).filter(person_id=int(key)).first()
            return holding.person if holding else None
        declared = next((each for each in kinds() if each.key == kind), None)
        return declared.nameable(actor).filter(uuid=UUID(key)).first() if declared else None
    except (ValueError, OverflowError):
        return None


def _label(actor: Actor, found: Named) -> str:
    if isinstance(found, User):
        holding = _held(actor).filter(person=found).order_by("pk").first()
        return _person_label(holding) if holding else found.name
    named = principals_named([found.group_id])
    return named[found.group_id].name if found.group_id in named else str(found)


def _held(actor: Actor) -> QuerySet[Holding]:
    """What people hold in the mission now, for organisations that the actor may know of."""
    held = Holding.objects.current().filter(position__mission=actor.mission, position__is_active=True)
    return held.exclude(unknown(actor, "position__organisation")).select_related(
        "person", "position__organisation"
    )


def _person_label(holding: Holding) -> str:
    return f"{holding.person.name} ({holding.position.title}, {holding.position.organisation})"


def _all_words(words: list[str], columns: tuple[str, ...]) -> Q:
    """Every word occurs in one of the columns."""
    wanted = Q()
    for word in words:
        one = Q()
        for column in columns:
            one |= Q(**{f"{column}__icontains": word})
        wanted &= one
    return wanted
