"""The catalogues that gettext reads, compiled from the translations in `locale/` without gettext's own tools.

Not here: the texts (`locale/*/LC_MESSAGES/*.po`), and Django: this runs before its settings are read.
Run as a module: compiles what has changed.
"""

from __future__ import annotations

import hashlib
import io
import os
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "locale"


def _sources(folder: Path) -> list[Path]:
    return sorted(folder.glob("*/LC_MESSAGES/*.po"))


def _stamp(source: Path) -> Path:
    return source.with_suffix(".mo.source")


def _hash(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()[:32]


def _stale(source: Path) -> bool:
    try:
        compiled_from = _stamp(source).read_text()
    except FileNotFoundError:
        return True
    return not source.with_suffix(".mo").is_file() or compiled_from != _hash(source.read_bytes())


def are_current(folder: Path = FOLDER) -> bool:
    """True if each catalogue was compiled from the translations as they are now."""
    return not any(_stale(source) for source in _sources(folder))


def compile_catalogues(folder: Path = FOLDER) -> int:
    """Compile the translations that changed since they were last compiled, and return how many did.

    A folder that cannot be written is good as long as its catalogues are current. Raises OSError if they
    are not, ValueError if a translation cannot be read.
    """
    stale = [source for source in _sources(folder) if _stale(source)]
    if not stale:
        return 0
    # WHY: nothing but a change of texts needs it, and it takes longer to load than the rest of this.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import PoFileError, read_po

    for source in stale:
        text = source.read_bytes()
        try:
            texts = read_po(io.BytesIO(text), locale=source.parts[-3], abort_invalid=True)
        except PoFileError as error:
            raise ValueError(f"{source.parts[-3]}, {error}") from error
        catalogue = source.with_suffix(".mo")
        # WHY: several processes may start at once; each sees a whole catalogue, the old or the new one.
        fresh = catalogue.with_suffix(f".mo.{os.getpid()}")
        with fresh.open("wb") as out:
            write_mo(out, texts)
        fresh.replace(catalogue)
        _stamp(source).write_text(_hash(text))
    return len(stale)


def main() -> int:
    """Compile; a failure is one sentence and exit code 1."""
    try:
        compile_catalogues()
    except (OSError, ValueError) as error:
        print(f"The translations could not be compiled: {error}.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
