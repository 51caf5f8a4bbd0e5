"""Text that is found again wherever it turns up: each call gives a new token."""

from __future__ import annotations

import itertools

_numbers = itertools.count(1)


def canary(word: str) -> str:
    """`word` with a token that nothing else contains."""
    return f"{word} cnry{next(_numbers):06d}x"
