"""How far an import has come, told outside its transaction so that its page can show it. A hint, never a fact."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.core.cache import cache

_SECONDS = 900
#: A run of which nothing was heard for so long is asked for again.
SILENT_SECONDS = 45


def _key(run: UUID) -> str:
    return f"stakeholders-import:{run}"


def tell(run: UUID, about: int) -> Callable[[int], None]:
    """A function that notes how many rows are done, of about so many."""

    def done(rows: int) -> None:
        try:
            cache.set(_key(run), [rows, max(about, rows)], _SECONDS)
            cache.set(f"{_key(run)}:alive", 1, SILENT_SECONDS)
        except Exception:  # noqa: S110 - WHY: without the cache there is no bar, and the import goes on.
            pass

    return done


def told(run: UUID) -> tuple[int, int]:
    """(rows done, about how many there are); noughts where nothing is known."""
    found = _asked(_key(run))
    return (int(found[0]), int(found[1])) if isinstance(found, list) else (0, 0)


def silent(run: UUID) -> bool:
    """Whether nothing was heard of the run for a while; noticed once, by whoever asks first."""
    try:
        return bool(cache.add(f"{_key(run)}:alive", 1, SILENT_SECONDS))
    except Exception:
        return False


def _asked(key: str) -> object:
    try:
        return cache.get(key)
    except Exception:
        return None
