"""Names of structure (areas, organisations, positions, people, terms) by id:
for many rows at once, one query.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import Group
from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Cast, Coalesce, Concat, NullIf

from apps.accounts.models import User
from apps.mission.models import Area, Compartment, Organisation, Position, Sector, VocabularyTerm

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
}


@dataclass
class Names:
    """Collects what has to be named, asks once, and answers.

    Ids of models outside the mission's structure are answered by None:
    nothing but structure is ever named here.
    """

    wanted: dict[type[models.Model], set[int]] = field(default_factory=lambda: defaultdict(set))
    found: dict[tuple[type[models.Model], int], tuple[str, str]] = field(default_factory=dict)

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
        parts = self._principals()
        for model, ids in self.wanted.items():
            missing = {i for i in ids if (model, i) not in self.found}
            if missing:
                name, more = _NAMED[model]
                parts.append(
                    model._default_manager.filter(pk__in=missing)
                    .order_by()
                    .annotate(
                        of_model=Value(model._meta.label),
                        key=Cast(F("pk"), models.BigIntegerField()),
                        said=Concat(name, Value(""), output_field=models.TextField()),
                        added=Concat(more, Value(""), output_field=models.TextField()),
                    )
                    .values_list("of_model", "key", "said", "added")
                )
        self.wanted.clear()
        if not parts:
            return
        by_label: dict[str, type[models.Model]] = {m._meta.label: m for m in _NAMED}
        by_label[Group._meta.label] = Group
        for label, key, said, added in parts[0].union(*parts[1:], all=True):
            self.found[by_label[label], key] = (said, added)

    def _principals(self) -> list[Any]:
        """Names of the positions and organisations for which auth groups stand in grants."""
        groups = {i for i in self.wanted.pop(Group, set()) if (Group, i) not in self.found}
        if not groups:
            return []
        return [
            model._default_manager.filter(group_id__in=groups)
            .order_by()
            .annotate(
                of_model=Value(Group._meta.label),
                key=Cast(F("group_id"), models.BigIntegerField()),
                said=Concat(_NAMED[model][0], Value(""), output_field=models.TextField()),
                added=Concat(_NAMED[model][1], Value(""), output_field=models.TextField()),
            )
            .values_list("of_model", "key", "said", "added")
            for model in (Position, Organisation)
        ]

    def pair(self, model: type[models.Model] | None, key: Any) -> tuple[str, str] | None:
        """(name, addition) of a row of structure; None when unknown."""
        return None if model is None or key is None else self.found.get((model, int(key)))

    def text(self, model: type[models.Model] | None, key: Any) -> str:
        """The name in one line; empty when unknown."""
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
