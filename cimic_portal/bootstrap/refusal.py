"""The one error that start-up shows to a person. Nothing else lives here."""

from __future__ import annotations


class Refusal(Exception):
    """Start-up cannot go on. The text is one sentence that says what is wrong and what to do."""
