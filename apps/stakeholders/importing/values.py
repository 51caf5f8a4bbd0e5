"""What a cell says: days, numbers, degrees, and the terms of the register in the words of several languages.

Each reader takes a cell as the table has it and returns a value, or raises Refused with the reason in words; the column
is named by whoever asked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.dates import MONTHS, MONTHS_3
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.mission.vocabulary import EngagementStance, OrganisationType, Side
from apps.stakeholders.vocabulary import PresenceRole, PresenceStatus

from .matching import folded

MOST_NUMBER = 2_147_483_647
_YEARS = range(1900, 2101)
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ]\d{1,2}:\d\d.*)?")
_NUMERIC = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4})(?:[T ]\d{1,2}:\d\d.*)?")
_DAY_MONTH = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|er|º)?[\s./,-]+(?:de\s+)?([^\W\d_][^\d]*?)[\s./,-]+(?:de\s+|del\s+)?(\d{4})"
)
_MONTH_DAY = re.compile(r"([^\W\d_][^\d]*?)[\s.]+(\d{1,2})(?:st|nd|rd|th)?[\s,]+(\d{4})")
_GROUPED = re.compile(r"\d{1,3}(?:[,\s’']\d{3})+")
#: What a spreadsheet would run as a formula; files lead such text by an apostrophe, which is none of its own.
_LED = ("=", "+", "-", "@")
_BLANK_WORDS = frozenset(
    {"", "-", "--", "–", "—", "n/a", "na", "nil", "null", "none", "#n/a", "nan", "s/o", "n.d."}
)


class Refused(ValueError):
    """The cell does not say what its column is for; its text says why."""


def text_of(cell: Any) -> str:
    """The cell as text: whole numbers without a point, days in ISO form, white space as single spaces."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
    if isinstance(cell, date | time):
        return cell.isoformat()
    plain = unicodedata.normalize("NFC", str(cell))
    if plain[:1] == "'" and plain[1:2] in _LED:
        plain = plain[1:]
    return " ".join("".join(c if c.isprintable() else " " for c in plain).split())


def said(cell: Any) -> str:
    """The text, or nothing where it is one of the ways of writing that there is none."""
    plain = text_of(cell)
    return "" if plain.casefold() in _BLANK_WORDS else plain


def text_within(cell: Any, most: int) -> str:
    """The text; Refused when it is too long to be kept."""
    plain = said(cell)
    if len(plain) > most:
        raise Refused(_("This is longer than %(most)d characters.") % {"most": most})
    return plain


def day(cell: Any) -> date | None:
    """A day: a real date of a spreadsheet, ISO, or another form that can mean one day only."""
    if isinstance(cell, datetime):
        return _in_range(cell.date(), text_of(cell))
    if isinstance(cell, date):
        return _in_range(cell, text_of(cell))
    plain = said(cell)
    if not plain:
        return None
    ascii_digits = "".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in plain)
    if found := _ISO.fullmatch(ascii_digits):
        return _made(int(found[1]), int(found[3]), int(found[4]), plain)
    if found := _NUMERIC.fullmatch(ascii_digits):
        return _numeric(int(found[1]), int(found[3]), int(found[4]), plain)
    if found := _DAY_MONTH.fullmatch(ascii_digits):
        return _made(int(found[3]), _month(found[2], plain), int(found[1]), plain)
    if found := _MONTH_DAY.fullmatch(ascii_digits):
        return _made(int(found[3]), _month(found[1], plain), int(found[2]), plain)
    raise _no_date(plain)


def _numeric(first: int, second: int, year: int, plain: str) -> date:
    if first <= 12 and second <= 12 and first != second:
        one, other = _made(year, second, first, plain), _made(year, first, second, plain)
        raise Refused(
            _("“%(text)s” may be %(one)s or %(other)s: write it as %(iso)s.")
            % {
                "text": plain,
                "one": date_format(one, "j F Y"),
                "other": date_format(other, "j F Y"),
                "iso": one.isoformat(),
            }
        )
    return _made(year, second, first, plain) if second <= 12 else _made(year, first, second, plain)


def _made(year: int, month: int, number: int, plain: str) -> date:
    try:
        return _in_range(date(year, month, number), plain)
    except ValueError as error:
        if isinstance(error, Refused):
            raise
        raise Refused(_("“%(text)s” is a day that there is not.") % {"text": plain}) from None


def _in_range(made: date, plain: str) -> date:
    if made.year not in _YEARS:
        raise Refused(_("“%(text)s” lies outside the years %(first)d to %(last)d.")
                      % {"text": plain, "first": _YEARS[0], "last": _YEARS[-1]})  # fmt: skip
    return made


def _no_date(plain: str) -> Refused:
    return Refused(_("“%(text)s” is no date: write it like 2024-03-31.") % {"text": plain})


def _month(word: str, plain: str) -> int:
    found = _months().get(folded(word))
    if found is None:
        raise _no_date(plain)
    return found


# Names of months that the catalogues of dates do not have.
_MORE_MONTHS = {
    1: ("كانون الثاني", "janv", "ene"), 2: ("شباط", "févr", "fevr"), 3: ("آذار",), 4: ("نيسان", "avr", "abr"),
    5: ("أيار",), 6: ("حزيران",), 7: ("تموز", "juil"), 8: ("آب", "ago"), 9: ("أيلول", "sept", "set"),
    10: ("تشرين الأول",), 11: ("تشرين الثاني",), 12: ("كانون الأول", "dic", "déc"),
}  # fmt: skip


@cache
def _months() -> dict[str, int]:
    found: dict[str, int] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for names in (MONTHS, MONTHS_3):
                for number, name in names.items():
                    found.setdefault(folded(str(name)), number)
    for number, names_more in _MORE_MONTHS.items():
        for name in names_more:
            found.setdefault(folded(name), number)
    return found


def number(cell: Any) -> int | None:
    """A whole number of people, from nought."""
    if isinstance(cell, bool):
        raise _no_number(text_of(cell))
    if isinstance(cell, float) and not cell.is_integer():
        raise _no_number(text_of(cell))
    plain = said(cell)
    if not plain:
        return None
    bare = re.sub(r"[,\s’']", "", plain) if _GROUPED.fullmatch(plain) else plain
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+", bare):
        raise Refused(
            _("“%(text)s” may be a number with or without decimals: write it without the point.")
            % {"text": plain}
        )
    bare = re.sub(r"[.,]0+$", "", bare)
    if not bare.isdecimal():
        raise _no_number(plain)
    if len(bare) > 12 or int(bare) > MOST_NUMBER:
        raise Refused(_("“%(text)s” is too large a number.") % {"text": plain})
    return int(bare)


def _no_number(plain: str) -> Refused:
    return Refused(_("“%(text)s” is no whole number.") % {"text": plain})


def degrees(cell: Any, most: int) -> Decimal | None:
    """Decimal degrees between −`most` and `most`, to five decimals."""
    plain = said(cell)
    if not plain:
        return None
    bare = plain.replace("−", "-")
    if re.fullmatch(r"[+-]?\d{1,3},\d+", bare):
        bare = bare.replace(",", ".")
    try:
        if isinstance(cell, bool) or not re.fullmatch(r"[+-]?\d+(\.\d+)?([eE][+-]?\d{1,2})?", bare):
            raise InvalidOperation
        found = Decimal(bare)
    except InvalidOperation:
        raise Refused(
            _("“%(text)s” is no number of degrees: write it like 9.0025.") % {"text": plain}
        ) from None
    if abs(found) > most:
        raise Refused(
            _("%(value)s lies outside −%(most)d to %(most)d degrees.") % {"value": plain, "most": most}
        )
    return round(found, 5)


# Words of tables for the terms of the register, beside their labels in every language of the portal.
_TYPE_WORDS: dict[OrganisationType, tuple[str, ...]] = {
    OrganisationType.DONOR: ("donor agency", "bailleur", "bailleur de fonds", "donante", "مانح"),
    OrganisationType.GOVERNMENT: ("government", "gouvernement", "gobierno", "حكومة", "authorities", "ministry"),
    OrganisationType.INGO: ("ingo", "international ngo", "ongi", "ong internationale", "ong internacional",
                            "international non governmental organization", "منظمة غير حكومية دولية"),
    OrganisationType.INTERNATIONAL: ("international organization", "international organisation", "io", "igo",
                                     "organisation internationale", "organizacion internacional", "منظمة دولية"),
    OrganisationType.NNGO: ("nngo", "national ngo", "ongn", "ong nationale", "ong nacional",
                            "national non governmental organization", "منظمة غير حكومية وطنية"),
    OrganisationType.UN: ("un", "un agency", "united nations", "onu", "agence onu", "nations unies", "naciones unidas",
                          "agence des nations unies", "agencia de la onu", "الأمم المتحدة"),
    OrganisationType.CIVIL_SOCIETY: ("civil society", "cso", "cbo", "societe civile", "sociedad civil",
                                     "المجتمع المدني", "community based organization"),
    OrganisationType.LOCAL_NGO: ("local ngo", "lngo", "ong locale", "ong local", "منظمة غير حكومية محلية"),
}  # fmt: skip
_STATUS_WORDS: dict[PresenceStatus, tuple[str, ...]] = {
    PresenceStatus.PLANNED: ("planned", "pipeline", "prevu", "planifie", "planificado", "previsto", "مخطط"),
    PresenceStatus.ONGOING: ("ongoing", "on going", "active", "in progress", "implementing", "en cours", "actif",
                             "en curso", "activo", "جار", "جاري", "قيد التنفيذ", "مستمر"),
    PresenceStatus.SUSPENDED: ("suspended", "on hold", "suspendu", "suspendido", "paused", "معلق", "متوقف"),
    PresenceStatus.COMPLETED: ("completed", "complete", "finished", "closed", "ended", "done", "termine", "acheve",
                               "completado", "finalizado", "terminado", "مكتمل", "منته", "منتهي"),
    PresenceStatus.UNKNOWN: ("unknown", "inconnu", "desconocido", "غير معروف"),
}  # fmt: skip
_ROLE_WORDS: dict[PresenceRole, tuple[str, ...]] = {
    PresenceRole.IMPLEMENTING: ("implementing", "implementer", "impl", "implementing partner", "mise en oeuvre",
                                "ejecutor", "implementador", "منفذ"),
    PresenceRole.PROGRAMMING: ("programming", "prog", "lead", "leading", "programming partner", "programmation",
                               "programacion", "برمجة"),
    PresenceRole.FUNDING: ("funding", "funder", "donor", "bailleur", "donante", "financement", "ممول", "مانح"),
    PresenceRole.PRESENT: ("present", "presence", "presente", "حاضر"),
}  # fmt: skip


@cache
def _words(terms: Any, more: Any = None) -> dict[str, str]:
    """Folded word -> code: codes, labels in every language, and the words of tables."""
    found: dict[str, str] = {}

    def know(word: str, code: str) -> None:
        if plain := folded(word):
            found.setdefault(plain, code)

    for code in terms.values:
        know(str(code), code)
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for code, label in terms.choices:
                know(str(label), code)
    for term, words in _MORE.get(terms, {}).items():
        for word in words:
            know(word, term.value)
    return found


_MORE: dict[Any, dict[Any, tuple[str, ...]]] = {
    OrganisationType: _TYPE_WORDS,
    PresenceStatus: _STATUS_WORDS,
    PresenceRole: _ROLE_WORDS,
}


def organisation_type(*cells: Any) -> str:
    """The type that the first of the cells says which says one; empty where none does: it is then not said."""
    words = _words(OrganisationType)
    return next((words[folded(said(cell))] for cell in cells if folded(said(cell)) in words), "")


def side(cell: Any) -> str:
    """The side; empty where it is not said or not known."""
    return _words(Side).get(folded(said(cell)), "")


def status(cell: Any) -> str:
    """How far an activity has come; not known where nothing is said."""
    return _term(cell, PresenceStatus, PresenceStatus.UNKNOWN, _("planned, ongoing, suspended or completed"))


def role(cell: Any, otherwise: str) -> str:
    """The role; `otherwise` where nothing is said."""
    return _term(cell, PresenceRole, otherwise, _("implementing, programming, funding or present"))


def stance(cell: Any) -> str:
    """The engagement stance. What is not understood counts as the strictest; empty where nothing is said."""
    plain = said(cell)
    if not plain:
        return ""
    return _words(EngagementStance).get(folded(plain), str(EngagementStance.UNLISTED))


def _term(cell: Any, terms: Any, otherwise: str, offered: str) -> str:
    plain = said(cell)
    if not plain:
        return str(otherwise)
    found = _words(terms).get(folded(plain))
    if found is None:
        raise Refused(_("“%(text)s” is not understood: write %(words)s.") % {"text": plain, "words": offered})
    return found


def listed(names: Iterable[str], most: int = 8) -> str:
    """Names as a sentence has them, at most so many."""
    every = [name for name in names if name]
    more = len(every) - most
    shown = ", ".join(every[:most])
    return _("%(names)s and %(number)d more") % {"names": shown, "number": more} if more > 0 else shown
