"""Sets one document: a program of its own, run by `typesetting` with bounds on time and memory.

It takes the document as JSON on standard input and answers with the PDF; the exit code tells whether there is one.
Nothing of the portal may be imported here. The layout may read its own folder and nothing else, there are no packages,
and the fonts are ours alone.
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path

import typst

PAPER = Path(__file__).with_name("paper")
CPU_SECONDS = 40
MEMORY = 2_000_000_000
NOWHERE = Path("/nonexistent")


def bound() -> None:
    """Limit time and memory, and write no file."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def set_paper(layout: bytes, document: str) -> bytes:
    """Set a document (JSON) by the text of a layout. Raises typst.TypstError."""
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(PAPER / "fonts")]
    )
    compiler = typst.Compiler(
        root=PAPER, font_paths=fonts, sys_inputs={"document": document}, package_path=NOWHERE,
        package_cache_path=NOWHERE,
    )  # fmt: skip
    made = compiler.compile(layout, format="pdf", pdf_standards="ua-1")
    assert isinstance(made, bytes)
    return made


def main() -> int:
    """Answer with the PDF of the document; 3 when there is none."""
    bound()
    try:
        made = set_paper((PAPER / "document.typ").read_bytes(), sys.stdin.buffer.read().decode())
    except typst.TypstError as error:
        # The message is the typesetter's own and names a place in the layout; the document is not in it.
        sys.stderr.write(f"{error}\n")
        return 3
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
