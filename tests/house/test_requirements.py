"""Requirements are pinned with hashes, and the two locks agree."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ["requirements.txt", "requirements-dev.txt", "cimic_portal/bootstrap/installer.txt"]


def pins(lock: str) -> dict[str, str]:
    """Name and version of each requirement, and whatever has no hash as an error."""
    text = re.sub(r"\\\n\s*", " ", (ROOT / lock).read_text())
    found = {}
    for line in text.splitlines():
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        match = re.match(r"(?P<name>[\w.-]+)==(?P<version>\S+).* --hash=sha256:[0-9a-f]{64}", line)
        assert match, f"{lock}: not pinned with a hash: {line[:80]}"
        found[match["name"]] = match["version"]
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_has_a_version_and_a_hash(lock: str) -> None:
    assert pins(lock)


def test_the_development_lock_holds_what_the_portal_runs_on() -> None:
    assert pins("requirements.txt").items() <= pins("requirements-dev.txt").items()


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_every_wish_is_in_its_lock(name: str) -> None:
    wishes = [
        re.match(r"[\w.-]+", line).group().lower()  # type: ignore[union-attr]
        for line in (ROOT / f"{name}.in").read_text().splitlines()
        if line and line[0] not in "#-"
    ]
    assert set(wishes) <= {pin.lower() for pin in pins(f"{name}.txt")}
