"""The texts that the sources show, and what a catalogue lacks of them. No test lives here."""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(settings.BASE_DIR)
LANGUAGES = [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
_PLACE = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|</?[a-z][^>]*>")

# A text, by its context and its singular.
Key = tuple[str, str]


def _in_template(path: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    # WHY: what templates indent for the eye, Python would read as blocks.
    lines = io.BytesIO("\n".join(line.lstrip() for line in code.splitlines()).encode())
    for _, said, _, context in extract("python", lines, keywords=KEYWORDS, options={"encoding": "utf-8"}):
        yield context or "", said if isinstance(said, tuple) else (said,)


def _in_code(path: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    # WHY: the syntax tree also holds the calls inside f-strings, which extraction passes over in silence.
    for node in ast.walk(ast.parse(path.read_bytes())):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name not in KEYWORDS:
            continue
        spec = KEYWORDS[name] or (1,)
        said = {
            place: argument.value
            for place, argument in enumerate(node.args, start=1)
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
        }
        forms = tuple(said[place] for place in spec if isinstance(place, int) and place in said)
        if forms:
            context = next((said[part[0]] for part in spec if isinstance(part, tuple)), "")
            yield context, forms


def _sources() -> Iterator[Path]:
    for folder, suffixes in (("apps", {".py", ".html", ".txt"}), ("cimic_portal", {".py"})):
        yield from (path for path in sorted((ROOT / folder).rglob("*")) if path.suffix in suffixes)
    yield from (path for path in sorted((ROOT / "templates").rglob("*")) if path.suffix in {".html", ".txt"})


def shown_texts() -> dict[Key, tuple[str, ...]]:
    """Every text that code and templates hand to gettext: singular, or singular and plural."""
    found: dict[Key, tuple[str, ...]] = {}
    for path in _sources():
        for context, forms in _in_code(path) if path.suffix == ".py" else _in_template(path):
            key = (context, forms[0])
            # WHY: a text that is counted in one place and not in another has one entry, the counted one.
            if len(forms) >= len(found.get(key, ())):
                found[key] = forms
    return found


def catalogue(language: str) -> Catalog:
    """The translations of a language, as they are kept."""
    with (ROOT / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as lines:
        return read_po(lines, locale=language, abort_invalid=True)


def _places(text: str) -> list[str]:
    return sorted(_PLACE.findall(text))


def _wrong(forms: tuple[str, ...], found: Message | None, plurals: int) -> str:
    if found is None:
        return "is missing"
    if found.fuzzy:
        return "is fuzzy"
    counted = len(forms) > 1
    said = found.string if isinstance(found.string, (tuple, list)) else (found.string,)
    if not all(said) or len(said) != (plurals if counted else 1):
        return "is not translated, or not in every number"
    if counted:
        # A singular or dual may say its number in words; the form for many has every placeholder.
        strange = any(set(_places(form)) - set(_places(forms[-1])) for form in said)
        wrong = strange or _places(said[-1]) != _places(forms[-1])
    else:
        wrong = _places(said[0]) != _places(forms[0])
    if wrong:
        return "has other placeholders or tags"
    if any(form != form.strip() for form in said) and forms[0] == forms[0].strip():
        return "has spaces around it"
    if said[0] == forms[0] and len(re.findall(r"[^\W\d_]{2,}", _PLACE.sub("", forms[0]))) > 3:
        return "says the English words"
    return ""


def lacks(catalog: Catalog, texts: dict[Key, tuple[str, ...]]) -> list[str]:
    """What is wrong with a catalogue, one line for each text; empty if it is whole."""
    found = []
    for (context, singular), forms in texts.items():
        problem = _wrong(forms, catalog.get(singular, context or None), catalog.num_plurals)
        if problem:
            found.append(f"{singular!r} {problem}")
    return found
