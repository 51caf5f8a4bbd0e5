"""Which organisation a row means, among the files that the importing person may read and no others.

SECURITY: everything here is read under the row rule. A file that the person may not know of is not found, so that a
row of the same name begins a file of their own, exactly as if there were none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from apps.records.actors import Actor
from apps.stakeholders.models import Stakeholder

from .matching import Names, folded
from .places import Asked
from .table import UnreadableTable

#: States in which a file takes part; one that was merged lives on in the names of the one that took it over.
STATES = ("draft", "registered", "dormant")
NEW = "new"
#: Beginning a file takes longer than anything else that an import does; more of them would not fit into its time.
MOST_BEGUN = 2_500


@dataclass(slots=True)
class Known:
    """A file on the register, as far as an import needs it. `mine`: the person may change it."""

    pk: int
    uuid: str
    title: str
    reference: str
    acronym: str
    other_names: str
    kind: str
    side: str
    state: str
    classification: int
    sensitivity: int
    mine: bool

    @property
    def names(self) -> list[str]:
        """Every name it is known by."""
        return [each for each in (self.title, self.acronym, *self.other_names.splitlines()) if each.strip()]


@dataclass(slots=True)
class Begun:
    """An organisation that the table brings: a file is begun for it. `row` is where it was met first."""

    key: str
    row: int
    title: str
    acronym: str = ""
    other_names: str = ""
    kind: str = ""
    side: str = ""
    stance: str = ""
    classification: int = 0
    sensitivity: int = 0
    closed: bool = False
    pk: int | None = None


@dataclass(frozen=True, slots=True)
class Meant:
    """What became of looking for an organisation: a known one, one to begin, or a question."""

    known: Known | None = None
    begin: bool = False
    asked: Asked | None = None


@dataclass
class Organisations:
    """The files that may be meant, and those that the table begins."""

    by_pk: dict[int, Known] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    begun: dict[str, Begun] = field(default_factory=dict)
    _names: Names = field(default_factory=Names)
    _by_uuid: dict[str, Known] = field(default_factory=dict)
    _aliases: dict[str, str] = field(default_factory=dict)
    _kept: dict[tuple[str, str], Meant] = field(default_factory=dict)

    @classmethod
    def of(cls, actor: Actor, answers: Mapping[str, str]) -> Organisations:
        """Those that the actor may read; two queries."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('app.lent_edit')::bigint[]")
            lent = set(cursor.fetchone()[0])
        made = cls(answers=answers)
        rows = Stakeholder.objects.filter(
            mission=actor.mission, type="stakeholder", state__in=STATES
        ).values_list(
            "pk", "uuid", "title", "reference", "acronym", "other_names", "kind", "side", "state", "classification",
            "sensitivity", "editors",
        )  # fmt: skip
        principals = set(actor.principals)
        for row in rows.order_by("pk").iterator(2000):
            pk, uuid, title, reference, acronym, others, kind, side, state, level, harm, editors = row
            mine = bool(principals & set(editors or ())) or pk in lent
            known = Known(
                pk, str(uuid), title, reference, acronym, others, kind, side, state, level, harm, mine
            )
            made.by_pk[pk] = made._by_uuid[known.uuid] = known
            made._names.add(pk, known.names)
        return made

    def find(self, name: str, acronym: str) -> Meant:
        """Which one a row means that gives this name and acronym; remembered for rows that give the same."""
        key = (folded(name), folded(acronym))
        if key not in self._kept:
            self._kept[key] = self._find(name or acronym, acronym)
        return self._kept[key]

    def _find(self, name: str, acronym: str) -> Meant:
        exact = [self.by_pk[int(str(pk))] for pk in self._names.exact(name)]
        if exact:
            # WHY: the same organisation may have files of several keepers; what one imports goes to one's own.
            mine = [known for known in exact if known.mine] or exact[:1]
            if len(mine) == 1:
                return Meant(mine[0])
            return self._answered(name, mine)
        pks = [int(str(each.key)) for each in self._names.resembling(name)]
        if acronym and folded(acronym) != folded(name):
            # WHY: two organisations may share an acronym: with another name it is only a resemblance.
            pks = [*(int(str(pk)) for pk in self._names.exact(acronym)), *pks]
        like = [self.by_pk[pk] for pk in dict.fromkeys(pks)]
        return self._answered(name, like) if like else Meant(begin=True)

    def _answered(self, name: str, like: list[Known]) -> Meant:
        key = f"org:{folded(name)}"
        answer = self.answers.get(key, "")
        if answer == NEW:
            return Meant(begin=True)
        # SECURITY: an answer names one of those that may be read, or it is none.
        if answer in self._by_uuid:
            return Meant(self._by_uuid[answer])
        options = tuple((known.uuid, f"{known.title} ({known.reference})") for known in like[:6])
        return Meant(asked=Asked(key, name, options))

    def met_before(self, name: str, acronym: str) -> Begun | None:
        """The organisation that an earlier row of the table began under this name or acronym."""
        plain = folded(name or acronym)
        return self.begun.get(self._aliases.get(plain, plain))

    def begin(self, begun: Begun) -> Begun:
        """Note one that the table brings. UnreadableTable when it brings too many at once."""
        if len(self.begun) >= MOST_BEGUN:
            text = _(
                "The table brings more than %(most)d organisations that are not on the register. Bring it in parts."
            )
            raise UnreadableTable(text % {"most": MOST_BEGUN})
        self.begun[begun.key] = begun
        for name in (begun.acronym, *begun.other_names.splitlines()):
            if plain := folded(name):
                self._aliases.setdefault(plain, begun.key)
        return begun


def names_with(known: Any, *names: str) -> str:
    """The other names of a file with these among them, where they are not known yet."""
    have = {folded(each) for each in known.names}
    more = []
    for name in names:
        if name and folded(name) not in have:
            have.add(folded(name))
            more.append(name)
    return "\n".join([*(line for line in known.other_names.splitlines() if line.strip()), *more])
