"""Which record types there are, by key and name. The rooms above tell; this room knows no record types."""

from __future__ import annotations

from collections.abc import Callable, Iterable

_source: list[Callable[[], Iterable[tuple[str, str]]]] = []


def tell(source: Callable[[], Iterable[tuple[str, str]]]) -> None:
    """Name the function that lists (key, name); asked each time: names are in the reader's language."""
    _source[:] = [source]


def choices() -> list[tuple[str, str]]:
    """Every record type, as choices of a form."""
    return [each for source in _source for each in source()]


def label(key: str) -> str:
    """The name of a record type; its key if no installed room knows it any more."""
    return dict(choices()).get(key, key)
