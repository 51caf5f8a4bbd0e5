"""Reading the marking of what comes in: this portal's own, the United Nations' words in four languages, TLP 2.0.

A marking that is not wholly understood counts as the most restrictive: never as none. No files here, no models.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote

from django.conf import settings
from django.utils import translation

from apps.mission.vocabulary import Classification, Sensitivity

#: Begins the statement that this portal writes into files for programs.
STATEMENT = "CIMIC-LABEL-1"

# The official words; those of the catalogues are read besides, see `_classifications`.
_OFFICIAL: dict[Classification, tuple[str, ...]] = {
    Classification.UNCLASSIFIED: (
        "unclassified", "non classifié", "no clasificado", "no clasificada", "غير سري", "غير سرية",
    ),
    Classification.CONFIDENTIAL: ("confidential", "confidentiel", "confidentielle", "confidencial", "سري", "سرية"),
    Classification.STRICTLY_CONFIDENTIAL: (
        "strictly confidential", "strictement confidentiel", "strictement confidentielle",
        "estrictamente confidencial", "strictly_confidential", "سري للغاية", "سرية للغاية",
    ),
}  # fmt: skip
_TLP: dict[str, Classification] = {
    "red": Classification.STRICTLY_CONFIDENTIAL,
    "amber+strict": Classification.CONFIDENTIAL,
    "amber strict": Classification.CONFIDENTIAL,
    "amber": Classification.CONFIDENTIAL,
    "green": Classification.UNCLASSIFIED,
    "clear": Classification.UNCLASSIFIED,
    "white": Classification.UNCLASSIFIED,
}
# Words of others' scales that make a marking of a piece of free text when they stand in capitals.
_FOREIGN = (
    "top secret", "très secret", "secret", "restricted", "restreint", "diffusion restreinte", "reservado",
    "cosmic", "atomal", "official-sensitive", "official sensitive", "noforn", "fouo", "cui",
    "vs-nfd", "limited distribution", "limdis", "for official use only",
)  # fmt: skip
# Whose scale it is. Beside a word of ours it makes the marking another's: NATO CONFIDENTIAL is not CONFIDENTIAL.
_OWNERS = ("nato", "otan", "eu", "ue", "mission", "national", "afisma", "amisom", "eufor", "eutm")
# Words of a statement that say nothing of its level.
_EMPTY = (
    "united nations", "nations unies", "naciones unidas", "الامم المتحدة", "un", "onu", "label", "security",
    "protective", "document",
)  # fmt: skip
# Names of fields that are made for a level, as `_plain` writes them.
_LEVELS = ("classification", "clasificacion", "التصنيف")
_HARMS = ("sensitivity", "sensibilite", "sensibilidad", "الحساسية")
_MARKS = ("marking", "tlp", "confidentiality", "securitylabel")
_TEXT_MOST = 500
_BRACKETS = re.compile(r"[\[(（]([^\])）]{2,60})[\])）]")


@dataclass(frozen=True)
class LabelRead:
    """The label that a marking states. `sensitivity` None: not stated. `known` False: taken as the most restrictive.

    `words` is what was read; `compartments` and `data_types` are codes; `is_exercise` None: not stated.
    """

    classification: Classification
    sensitivity: Sensitivity | None
    words: str
    known: bool = True
    compartments: tuple[str, ...] = ()
    data_types: tuple[str, ...] = ()
    is_exercise: bool | None = None


def most_restrictive(words: str) -> LabelRead:
    """The label of a marking that is not understood."""
    return LabelRead(Classification.STRICTLY_CONFIDENTIAL, Sensitivity.SEVERE, _shown(words), known=False)


def label_read(text: str) -> LabelRead | None:
    """The label that a statement of marking makes; None for an empty text.

    A statement is what stands in a field made for it. For names and titles see `label_in_words`.
    """
    if STATEMENT in text:
        return _own(text[text.index(STATEMENT) :])
    said = _plain(text)
    if not said:
        return None
    rest, level, harm = said, -1, None
    for colour in re.findall(r"\btlp\s*[:\s_-]\s*([a-z]+(?:\s*[+ _-]\s*strict)?)", said):
        found = _TLP.get(re.sub(r"\s*[+ _-]\s*", "+", colour))
        if found is None:
            return most_restrictive(text)
        level, rest = max(level, found), rest.replace(colour, " ", 1)
    for word, sensitivity in _sensitivities():
        rest, times = re.subn(word, " ", rest)
        if times:
            harm = max(harm if harm is not None else sensitivity, sensitivity)
    for word, found in _classifications():
        rest, times = re.subn(_whole(word), " ", rest)
        if times:
            level = max(level, found)
    for word in (*_EMPTY, *_LEVELS, *_HARMS, *_MARKS):
        rest = re.sub(_whole(word), " ", rest)
    if re.search(r"\w", rest) or (level < 0 and harm is None):
        return most_restrictive(text)
    return LabelRead(Classification(max(level, 0)), harm, _shown(text))


def label_in_words(text: str) -> LabelRead | None:
    """The marking in free text such as a file's name or title: what begins it, stands in brackets or in capitals.

    None when nothing there reads like a marking.
    """
    if STATEMENT in text:
        return label_read(text)
    flat = re.sub(r"[_\s]+", " ", unicodedata.normalize("NFC", text[:_TEXT_MOST])).strip()
    found: list[LabelRead | None] = []
    for match in _phrases().finditer(flat):
        phrase = match[0]
        in_brackets = any(span[1].strip() == phrase for span in _BRACKETS.finditer(flat))
        begins = match.start() == 0 and match["own"] is not None
        if begins or in_brackets or _in_capitals(phrase):
            found.append(label_read(phrase))
    return highest(found)


def is_for_a_marking(name: str) -> bool:
    """Whether a property of that name is made for a marking, so that whatever it says counts as one."""
    plain = _plain(name)
    mine = plain.startswith("msip_label") and plain.endswith("_name")
    return mine or plain == "security" or plain.endswith((*_LEVELS, *_HARMS, *_MARKS))


def are_columns_of_labels(names: Iterable[str]) -> bool:
    """Whether a table states labels: a column for the classification together with one for the sensitivity."""
    plain = {_plain(name) for name in names}
    return bool(plain & set(_LEVELS)) and bool(plain & set(_HARMS))


def highest(labels: Iterable[LabelRead | None]) -> LabelRead | None:
    """Of several markings of one thing the strictest in each part, in the words of the one that is highest."""
    known = [label for label in labels if label is not None]
    if not known:
        return None
    top = max(known, key=lambda label: (label.classification, label.sensitivity or 0, not label.known))
    harms = [label.sensitivity for label in known if label.sensitivity is not None]
    exercises = [label.is_exercise for label in known if label.is_exercise is not None]
    return LabelRead(
        top.classification, max(harms, default=None), top.words, all(label.known for label in known),
        tuple(sorted({code for label in known for code in label.compartments})),
        tuple(sorted({code for label in known for code in label.data_types})),
        any(exercises) if exercises else None,
    )  # fmt: skip


def _own(statement: str) -> LabelRead:
    """The portal's own statement; anything in it that is not understood makes it the most restrictive."""
    first = statement.splitlines()[0]
    parts = dict(part.strip().split("=", 1) for part in first.split(";")[1:] if "=" in part)
    said = {name: unquote(value) for name, value in parts.items()}
    try:
        classification = Classification[said["classification"]]
        sensitivity = Sensitivity[said["sensitivity"]]
        is_exercise = {"yes": True, "no": False}[said["exercise"]]
    except KeyError:
        return most_restrictive(statement)
    level = f"{classification.name}, {sensitivity.name}".replace("_", " ")
    return LabelRead(
        classification,
        sensitivity,
        level,
        True,
        _codes(said, "compartments"),
        _codes(said, "holds"),
        is_exercise,
    )


def _codes(said: dict[str, str], name: str) -> tuple[str, ...]:
    return tuple(sorted(filter(None, said.get(name, "").split(","))))


def _plain(text: str) -> str:
    """Small letters without accents, one space between words: equal for all ways to write the same."""
    flat = unicodedata.normalize("NFKD", text[:_TEXT_MOST]).casefold()
    kept = "".join(c for c in flat if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")
    return re.sub(r"\s+", " ", kept).strip()


def _shown(text: str) -> str:
    kept = "".join(c for c in text if unicodedata.category(c) not in {"Cc", "Cf"})
    return re.sub(r"\s+", " ", kept).strip()[:60]


def _whole(word: str) -> str:
    return rf"(?<!\w){re.escape(word)}(?!\w)"


def _in_capitals(phrase: str) -> bool:
    letters = [c for c in phrase if c.isalpha()]
    return all(c.isupper() for c in letters) if letters else False


@cache
def _labels(kind: type[Classification | Sensitivity]) -> tuple[tuple[str, int], ...]:
    """The words of the portal's own languages for a scale, and its codes."""
    words = {(_plain(each.name), each.value) for each in kind}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            words |= {(_plain(str(each.label)), each.value) for each in kind}
    return tuple(words)


@cache
def _classifications() -> tuple[tuple[str, Classification], ...]:
    """All words for the classifications; the longest first, because some hold others."""
    words = {(word, Classification(value)) for word, value in _labels(Classification)}
    words |= {(_plain(word), level) for level, each in _OFFICIAL.items() for word in each}
    return tuple(sorted(words, key=lambda pair: -len(pair[0])))


@cache
def _sensitivities() -> tuple[tuple[str, Sensitivity], ...]:
    """Patterns of sensitivity: after its caption, or tied to a classification by a hyphen."""
    captions = "|".join(map(re.escape, _HARMS))
    return tuple(
        (rf"(?:(?<!\w)(?:{captions})\s*:?\s*|(?<=\w)-){re.escape(word)}(?!\w)", Sensitivity(value))
        for word, value in sorted(_labels(Sensitivity), key=lambda pair: -len(pair[0]))
    )


@cache
def _phrases() -> re.Pattern[str]:
    """What reads like a marking in free text, with whose scale it is."""
    own = {word for each in _OFFICIAL.values() for word in each}
    levels = set()
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            own |= {str(each.label) for each in Classification}
            levels |= {str(each.label) for each in Sensitivity} | {each.name for each in Sensitivity}
    own_words, foreign, owners, harms = (
        "|".join(sorted(map(re.escape, words), key=len, reverse=True))
        for words in (own, _FOREIGN, _OWNERS, levels)
    )
    tied = rf"(?:-(?:{harms})(?!\w))?"
    tlp = r"tlp[ :_-]{1,2}[a-z]+(?:[+ _-]strict)?"
    owner = rf"(?:(?:{owners})[ /-]{{1,3}})*"
    after = rf"(?:[ /-]{{1,3}}(?:{owners})(?!\w))*"
    return re.compile(
        rf"(?<!\w){owner}(?:(?P<own>{own_words}){tied}|(?P<tlp>{tlp})|(?P<foreign>{foreign}))(?!\w){after}",
        re.IGNORECASE,
    )
