"""Names of structure (areas, organisations, positions, people, terms) by id:
for many rows at once, one query.

What the reader may not know by name is “restricted”, wherever names are asked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import Group
from django.db import models
from django.db.models import BooleanField, Case, F, Q, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, NullIf
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.mission.models import Area, Compartment, DataType, Organisation, Position, Sector, VocabularyTerm
from apps.need_to_know.known import unknown, unknown_organisation_ids, unknown_person
from apps.need_to_know.principals import principals_named
from apps.records.actors import Actor

# Model -> (its name, what is added to it): both are expressions over its row.
_NAMED: dict[type[models.Model], tuple[Any, Any]] = {
    Area: (F("name"), F("pcode")),
    Sector: (F("name"), F("code")),
    Organisation: (F("name"), F("acronym")),
    Position: (
        F("title"),
        Coalesce(NullIf(F("organisation__acronym"), Value("")), F("organisation__name")),
    ),
    User: (F("name"), Value("")),
    VocabularyTerm: (F("label"), Value("")),
    Compartment: (F("name"), F("code")),
    DataType: (F("name"), F("code")),
}


@dataclass
class Names:
    """Collects what has to be named, asks once, and answers with what its reader may know.

    Ids of models outside the mission's structure are answered by None:
    nothing but structure is ever named here.
    """

    actor: Actor
    wanted: dict[type[models.Model], set[int]] = field(default_factory=lambda: defaultdict(set))
    found: dict[tuple[type[models.Model], int], tuple[str, str]] = field(default_factory=dict)
    hidden: set[tuple[type[models.Model], int]] = field(default_factory=set)

    def want(self, model: type[models.Model] | None, ids: Iterable[Any]) -> None:
        """Note ids that will have to be named."""
        if model in _NAMED or model is Group:
            self.wanted[model].update(int(i) for i in ids if i is not None)

    def want_row(self, row: models.Model) -> None:
        """Note whatever structure a row refers to."""
        for column in row._meta.concrete_fields:
            if column.is_relation:
                self.want(column.related_model, [getattr(row, column.attname)])

    def load(self) -> None:
        """Ask for all that is wanted and not known yet; one query, or none."""
        parts, groups = self._principals()
        for model, ids in self.wanted.items():
            missing = {i for i in ids if (model, i) not in self.found and (model, i) not in self.hidden}
            if missing:
                parts.append(self._part(model, model, missing))
        self.wanted.clear()
        if not parts:
            return
        by_label: dict[str, type[models.Model]] = {m._meta.label: m for m in _NAMED}
        by_label[Group._meta.label] = Group
        for label, key, said, added, kept_back in parts[0].union(*parts[1:], all=True):
            if kept_back:
                self.hidden.add((by_label[label], key))
            else:
                self.found[by_label[label], key] = (said, added)
        self._further({g for g in groups if (Group, g) not in self.found and (Group, g) not in self.hidden})

    def _part(self, model: type[models.Model], named: type[models.Model], ids: set[int]) -> Any:
        """The names of rows of `named` by id, or by their principal where groups are asked for."""
        name, more = _NAMED[named]
        key = "group_id" if model is Group else "pk"
        return (
            named._default_manager.filter(**{f"{key}__in": ids})
            .order_by()
            .annotate(
                of_model=Value(model._meta.label),
                key=Cast(F(key), models.BigIntegerField()),
                said=Concat(name, Value(""), output_field=models.TextField()),
                added=Concat(more, Value(""), output_field=models.TextField()),
                kept_back=self._kept_back(named),
            )
            .values_list("of_model", "key", "said", "added", "kept_back")
        )

    def _kept_back(self, model: type[models.Model]) -> Any:
        """Whether the reader may not know the name."""
        conditions: dict[type[models.Model], Callable[[], Q]] = {
            Position: lambda: unknown(self.actor, "organisation"),
            Organisation: lambda: unknown(self.actor),
            User: lambda: unknown_person(self.actor),
        }
        if model not in conditions:
            return Value(False, BooleanField())
        return Case(
            When(conditions[model](), then=Value(True)), default=Value(False), output_field=BooleanField()
        )

    def _principals(self) -> tuple[list[Any], set[int]]:
        """Names of the positions and organisations for which auth groups stand in grants."""
        groups = {i for i in self.wanted.pop(Group, set()) if (Group, i) not in self.found}
        return (
            [self._part(Group, model, groups) for model in (Position, Organisation)] if groups else []
        ), groups

    def _further(self, groups: set[int]) -> None:
        """Names of principals of other kinds."""
        named = principals_named(groups)
        unknown_ids = (
            unknown_organisation_ids(self.actor) if any(p.organisation_id for p in named.values()) else ()
        )
        for group, principal in named.items():
            if principal.organisation_id in unknown_ids:
                self.hidden.add((Group, group))
            else:
                self.found[Group, group] = (principal.name, "")

    def pair(self, model: type[models.Model] | None, key: Any) -> tuple[str, str] | None:
        """(name, addition) of a row of structure; None when unknown, or not for the reader to know."""
        return None if model is None or key is None else self.found.get((model, int(key)))

    def is_hidden(self, model: type[models.Model] | None, key: Any) -> bool:
        """Whether there is a name that the reader may not know."""
        return model is not None and key is not None and (model, int(key)) in self.hidden

    def text(self, model: type[models.Model] | None, key: Any) -> str:
        """The name in one line; “restricted” for what the reader may not know, empty when unknown."""
        if self.is_hidden(model, key):
            return _("restricted")
        pair = self.pair(model, key)
        if pair is None:
            return ""
        name, added = pair
        if model in (Position, Group) and added:
            return f"{name}, {added}"
        return f"{name} ({added})" if added and model in (Area, Sector) else name

    def person(self, user_id: int | None, position_id: int | None = None) -> dict[str, Any]:
        """A person as fragments show one."""
        name = self.pair(User, user_id)
        position = self.pair(Position, position_id)
        if name is None:
            return {"restricted": True}
        return {
            "name": name[0],
            "position": position[0] if position else "",
            "organisation": position[1] if position else "",
        }
