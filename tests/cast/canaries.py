"""Unique tokens for hidden texts: whoever finds one outside has found a leak, and learns where it came from."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

SHORTEST = 10
"""Characters of a token at least: each page carries a random token of 64, in which three letters do occur by chance."""


@dataclass
class Canaries:
    """The tokens handed out so far: token -> where it was written."""

    tokens: dict[str, str] = field(default_factory=dict)

    def token(self, place: str) -> str:
        """A new token; letters and digits alone, so that no escaping can hide it."""
        made = "Kx" + secrets.token_hex(5)
        self.tokens[made] = place
        return made

    def known(self, text: str, place: str) -> None:
        """A text that was written anyway (a reference, an id) is a token too.

        Raises:
            ValueError: it is so short that a page's random values could hold it by chance.
        """
        if len(text) < SHORTEST:
            raise ValueError(f"{text!r} occurs by chance.")
        self.tokens[text] = place

    def found_in(self, text: str) -> set[str]:
        """The places whose tokens occur in `text`, whatever the case of the letters."""
        lowered = text.lower()
        return {place for token, place in self.tokens.items() if token.lower() in lowered}
