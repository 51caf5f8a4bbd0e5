"""Reading settings from the environment, and naming everything wrong with them at once.

Here: typed reading of single variables. Not here: what any of them is for.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_YES = {"1", "true", "yes", "on"}
_NO = {"0", "false", "no", "off", ""}


class Environment:
    """The process's variables. A wrong one is noted, read as its default, and named by `refuse_if_wrong`."""

    def __init__(self, variables: Mapping[str, str] | None = None) -> None:
        self._variables = os.environ if variables is None else variables
        self.problems: list[str] = []

    def text(self, name: str, default: str | None = None, *, why: str = "") -> str:
        """The variable, or the content of the file that NAME_FILE names; without `default` it must be set."""
        file = self._variables.get(f"{name}_FILE", "")
        if file:
            try:
                return Path(file).read_text(encoding="utf-8").strip()
            except OSError as error:
                self.problems.append(f"{name}_FILE: {file} cannot be read ({error.strerror})")
                return default or ""
        value = self._variables.get(name, "").strip()
        if value:
            return value
        if default is None:
            self.problems.append(f"{name} is not set" + (f": {why}" if why else ""))
            return ""
        return default

    def flag(self, name: str, default: bool) -> bool:
        """A yes or no."""
        value = self._variables.get(name, "").strip().lower()
        if name not in self._variables or value == "":
            return default
        if value in _YES or value in _NO:
            return value in _YES
        self.problems.append(f"{name} must be yes or no, not {value!r}")
        return default

    def whole(self, name: str, default: int, *, least: int = 0, most: int = 10**9) -> int:
        """A whole number from `least` to `most`."""
        value = self._variables.get(name, "").strip()
        if not value:
            return default
        if value.isdecimal() and least <= int(value) <= most:
            return int(value)
        self.problems.append(f"{name} must be a whole number from {least} to {most}, not {value!r}")
        return default

    def names(self, name: str, default: list[str] | None = None, *, why: str = "") -> list[str]:
        """A list separated by commas."""
        value = self.text(name, None if default is None else "", why=why)
        return [word.strip() for word in value.split(",") if word.strip()] or (default or [])

    def choice(self, name: str, default: str, choices: set[str]) -> str:
        """One of the words in `choices`."""
        value = self.text(name, default)
        if value in choices:
            return value
        self.problems.append(f"{name} must be one of {', '.join(sorted(choices))}, not {value!r}")
        return default

    def database(self, name: str, default: str | None = None, *, why: str = "") -> dict[str, Any]:
        """A PostgreSQL address as Django's connection settings; a missing optional one is empty.

        The password may come apart from the address, in NAME_PASSWORD or the file NAME_PASSWORD_FILE.
        """
        url = self.text(name, default, why=why)
        if not url:
            return {}
        parts = urlsplit(url)
        query = dict(parse_qsl(parts.query))
        database = unquote(parts.path.lstrip("/"))
        try:
            port = parts.port
        except ValueError:
            port, database = None, ""
        if parts.scheme not in {"postgres", "postgresql"} or not database or not parts.username:
            # SECURITY: the address holds a password, so the message does not repeat it.
            self.problems.append(f"{name} must read postgresql://role:password@host:port/database")
            return {}
        return {
            "NAME": database,
            "USER": unquote(parts.username),
            "PASSWORD": unquote(parts.password or "") or self.text(f"{name}_PASSWORD", ""),
            "HOST": query.pop("host", "") or parts.hostname or "",
            "PORT": str(port or query.pop("port", "")),
            "OPTIONS": query,
        }

    def redis(self, name: str, *, why: str = "") -> str:
        """The address of a Redis-compatible server."""
        url = self.text(name, why=why)
        if url and urlsplit(url).scheme not in {"redis", "rediss", "unix"}:
            self.problems.append(f"{name} must begin with redis://, rediss:// or unix://")
        return url

    def refuse_if_wrong(self) -> None:
        """Raise one error that lists every variable that is missing or wrong."""
        if self.problems:
            lines = "\n".join(f"  - {problem}" for problem in self.problems)
            raise ImproperlyConfigured(f"The portal's settings are not complete:\n{lines}")
