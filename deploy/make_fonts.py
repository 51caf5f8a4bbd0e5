#!/usr/bin/env python3
"""Make the fonts of PDF documents anew: fetch two open font families, keep the letters we print, note their hashes.

    python3 deploy/make_fonts.py      (needs requirements-dev.txt and npm)

The result is committed in `apps/pages/paper/fonts`: the fonts, their licences, and `fonts.json` with source, hash and
letters of each. Both families are under the SIL Open Font License 1.1 and reserve no font name.

Noto Sans has Latin, Greek and Cyrillic. Arabic is Vazirmatn: Noto's Arabic families draw a letter and its dots as two
glyphs, so that nobody could search or copy Arabic from the PDF, and no screen reader would read it well.
"""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parents[1] / "apps/pages/paper/fonts"
WEIGHTS = ("400Regular", "700Bold")
FEATURES = ["ccmp", "locl", "init", "medi", "fina", "isol", "rlig", "liga", "calt", "mark", "mkmk", "kern"]
#: Sentence marks, spaces and joiners; what steers direction is left out, the layout does that.
MARKS = [*range(0x2000, 0x200B), 0x200C, 0x200D, *range(0x2010, 0x2028), *range(0x2030, 0x205F)]


@dataclass(frozen=True)
class Family:
    """A font family: its package with version and hash, and the letters that we keep of it."""

    name: str
    package: str
    sha256: str
    letters: tuple[int, ...]


FAMILIES = (
    Family(
        "NotoSans", "@expo-google-fonts/noto-sans@0.4.2",
        "98cf14a19b8e67a0e76bfd4d5df98937b9734e6dde570bd750f2259042042548",
        (
            *range(0x20, 0x7F), *range(0xA0, 0xAD), *range(0xAE, 0x1C0), *range(0x1CD, 0x1DD), *range(0x1E2, 0x1F0),
            *range(0x1F8, 0x220), *range(0x226, 0x234), 0x186, 0x189, 0x243, 0x244,
            # Letters of African alphabets.
            0x253, 0x254, 0x256, 0x257, 0x259, 0x25B, 0x260, 0x263, 0x268, 0x269, 0x272, 0x289, 0x28B, 0x28C,
            0x2BB, 0x2BC, 0x2BE, 0x2BF, 0x2C6, 0x2C7, *range(0x2D8, 0x2DE), *range(0x300, 0x315),
            *range(0x323, 0x332), 0x342, 0x345,
            *range(0x37E, 0x3D0), *range(0x400, 0x460), *range(0x490, 0x4BA), 0x4D8, 0x4D9, 0x4E8, 0x4E9,
            # Letters with dots and lines below (transliteration, Yoruba), and Vietnamese.
            0x1E0C, 0x1E0D, 0x1E20, 0x1E21, 0x1E24, 0x1E25, 0x1E2A, 0x1E2B, 0x1E32, 0x1E33, 0x1E36, 0x1E37, 0x1E42,
            0x1E43, 0x1E46, 0x1E47, 0x1E5A, 0x1E5B, 0x1E62, 0x1E63, 0x1E6C, 0x1E6D, *range(0x1E80, 0x1E86),
            *range(0x1E92, 0x1E97), 0x1E9E, *range(0x1EA0, 0x1EFA),
            *MARKS, 0x2070, 0x2071, *range(0x2074, 0x208F), *range(0x20A0, 0x20C1), 0x2116, 0x2122, 0x2126, 0x2153,
            0x2154, *range(0x215B, 0x215F), 0x2212, 0x221E, 0x2248, 0x2260, 0x2264, 0x2265, 0x25CC, 0xFFFD,
        ),
    ),
    Family(
        "Vazirmatn", "@expo-google-fonts/vazirmatn@0.4.1",
        "af22b2898f1e7fad4398cde6856f0e83f79393862b9b3811f71b114abb3742a3",
        (
            0x20, 0x21, *range(0x28, 0x3B), 0xAB, 0xBB, *range(0x600, 0x61C), *range(0x61D, 0x700),
            *range(0x750, 0x780), 0x200C, 0x200D, 0x25CC,
        ),
    ),
)  # fmt: skip


def fetched(family: Family) -> dict[str, bytes]:
    """The members of the family's package that we use. Raises ValueError when it is not the one we know."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            ["npm", "pack", "--silent", family.package],  # noqa: S607
            cwd=folder,
            check=True,
            capture_output=True,
        )
        (packed,) = Path(folder).glob("*.tgz")
        data = packed.read_bytes()
    if hashlib.sha256(data).hexdigest() != family.sha256:
        raise ValueError(f"{family.package} is not what it was: {hashlib.sha256(data).hexdigest()}")
    wanted = {f"package/{weight}/{family.name}_{weight}.ttf" for weight in WEIGHTS} | {"package/LICENSE_FONT"}
    found = {}
    with tarfile.open(fileobj=io.BytesIO(data)) as members:
        for name in wanted:
            file = members.extractfile(name)
            assert file is not None, name
            found[name.rpartition("/")[2]] = file.read()
    return found


def subset(data: bytes, letters: tuple[int, ...]) -> tuple[bytes, set[int]]:
    """The font with these letters alone, and which of them it has. The same input makes the same bytes."""
    font = TTFont(io.BytesIO(data), recalcTimestamp=False)
    options = Options(hinting=False, glyph_names=False, layout_features=FEATURES, notdef_outline=True)
    options.drop_tables += ["DSIG", "STAT", "meta"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=letters)
    subsetter.subset(font)
    made = io.BytesIO()
    font.save(made)
    return made.getvalue(), set(font.getBestCmap())


def spans(letters: set[int]) -> list[list[int]]:
    """Sorted letters as [first, last] pairs."""
    made: list[list[int]] = []
    for letter in sorted(letters):
        if made and letter == made[-1][1] + 1:
            made[-1][1] = letter
        else:
            made.append([letter, letter])
    return made


def main() -> None:
    """Write fonts, licences and the list of them."""
    FONTS.mkdir(parents=True, exist_ok=True)
    files, letters = {}, set[int]()
    for family in FAMILIES:
        members = fetched(family)
        (FONTS / f"{family.name}-OFL.txt").write_bytes(members["LICENSE_FONT"])
        had: list[set[int]] = []
        for weight in WEIGHTS:
            name = f"{family.name}_{weight}.ttf"
            data, has = subset(members[name], family.letters)
            (FONTS / name).write_bytes(data)
            files[name] = {
                "source": family.package, "licence": "OFL-1.1", "sha256": hashlib.sha256(data).hexdigest()
            }  # fmt: skip
            had.append(has)
        letters |= set.intersection(*had)
    listed = {"files": files, "letters": spans(letters)}
    (FONTS / "fonts.json").write_text(json.dumps(listed, indent=1) + "\n", encoding="utf-8")
    size = sum((FONTS / name).stat().st_size for name in files)
    print(f"{len(files)} fonts, {size:,} bytes, {len(letters)} letters")


if __name__ == "__main__":
    main()
