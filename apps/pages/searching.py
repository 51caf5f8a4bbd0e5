"""Search over records of all types, or of one: its page of results and its count, whatever shows them.

No HTML. Who finds what is decided by the audited door; nothing here filters.
"""

from __future__ import annotations

import re
from functools import cached_property

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.need_to_know.selectors import SEARCH_CAP, search_count, searched
from apps.pages import cursors
from apps.pages.cursors import Place
from apps.pages.listing import NEWEST, PAGE, Page
from apps.records.actors import Actor
from apps.records.models import Record
from apps.records.registry import RecordType

QUERY_MOST = 100
_REFERENCE = re.compile(r"[A-Z]{2,8}-\d{4}-\d{5,10}")


class Search:
    """What somebody looks for: `words`, in records of one type or of all, from `place` on. Newest first, unranked."""

    def __init__(
        self, actor: Actor, words: str, record_type: type[RecordType] | None = None, place: str = ""
    ) -> None:
        self.actor, self.words, self.record_type = actor, words, record_type
        self.place = cursors.read(place, self.order)

    @property
    def order(self) -> str:
        """What its places are bound to: another search is another order."""
        return f"{NEWEST} {self._type or ''} {self.words}"

    @property
    def _type(self) -> str | None:
        return self.record_type.key if self.record_type else None

    @cached_property
    def page(self) -> Page:
        """The page that the place names."""
        before = (self.place.value, self.place.uuid) if self.place else None
        found = searched(self.words, self._type, before=before, most=PAGE + 1)
        rows = list(
            Record.objects.filter(mission=self.actor.mission, pk__in=found)
            .select_related("originator", "sector", "area")
            .order_by("-created_at", "-id")
        )
        older = None
        if len(rows) > PAGE:
            rows = rows[:PAGE]
            value, uuid = rows[-1].created_at, str(rows[-1].uuid)
            older = self.place.then(value, uuid) if self.place else Place(value, uuid)
        return Page(rows, self.place.back() if self.place else None, older, self.place is None)

    @cached_property
    def count(self) -> tuple[int, bool]:
        """(how many, whether more than that); not asked of the database when the first page holds them all."""
        if self.page.is_first and self.page.older is None:
            return len(self.page.rows), False
        found = search_count(self.words, self._type)
        return (SEARCH_CAP, True) if found > SEARCH_CAP else (found, False)

    @property
    def count_text(self) -> str:
        """“14 records”, “100+ records”."""
        number, more = self.count
        shown = number_format(number, force_grouping=True)
        if more:
            return _("%(number)s+ records") % {"number": shown}
        return ngettext("%(number)s record", "%(number)s records", number) % {"number": shown}


def reference_in(words: str) -> str:
    """The words as a reference in capital letters, if they look like one; else empty. Says nothing of whether it is."""
    wanted = words.strip().upper()
    return wanted if _REFERENCE.fullmatch(wanted) else ""


def referenced(actor: Actor, reference: str) -> Record | None:
    """The readable record with that reference; None alike for a hidden one and for none."""
    return Record.objects.filter(mission=actor.mission, reference=reference).first()
