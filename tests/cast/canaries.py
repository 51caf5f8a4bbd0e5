"""Unique tokens for hidden texts: whoever finds one outside has found a leak, and learns where it came from."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field


@dataclass
class Canaries:
    """The tokens handed out so far: token -> where it was written."""

    tokens: dict[str, str] = field(default_factory=dict)

    def token(self, place: str) -> str:
        """A new token; letters and digits alone, so that no escaping can hide it."""
        made = "Kx" + secrets.token_hex(5)
        self.tokens[made] = place
        return made

    def found_in(self, text: str) -> set[str]:
        """The places whose tokens occur in `text`, whatever the case of the letters."""
        lowered = text.lower()
        return {place for token, place in self.tokens.items() if token.lower() in lowered}
