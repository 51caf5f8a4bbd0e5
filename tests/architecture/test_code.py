"""Rules of the house that a reader of the code would have to remember: size, directions, calls that leak."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 400
OURS = ("apps", "cimic_portal", "bench")


def sources(*folders: str) -> list[Path]:
    """Python files without migrations."""
    return [
        path
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "migrations" not in path.parts
    ]


def named(path: Path) -> str:
    """The path as the project names it."""
    return path.relative_to(ROOT).as_posix()


def calls(path: Path) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of every attribute or name that is used in the file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute):
            yield node.lineno, ast.unparse(node)
        elif isinstance(node, ast.Name):
            yield node.lineno, node.id
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield node.lineno, f"{node.module}.{alias.name}"


# what -> (pattern over dotted names, why, files in which it is right)
BANNED: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "guardian's open defaults": (
        r"get_objects_for_(user|group)|get_perms$",
        "superusers and model permissions open all",
        (),
    ),
    "a question to guardian per row": (
        r"\.has_perms?$",
        "permissions on records are the row rule's",
        ("apps/mission/setup/",),
    ),
    "managers that pass the model's own": (r"\._base_manager$", "say which manager, and why", ()),
    "raw SQL through a model": (r"\.objects\.(raw|extra)$", "nobody can read what it selects", ()),
    "plans shown": (r"\.explain$", "row estimates tell of hidden rows", ()),
    "text past escaping": (r"mark_safe$", "whatever people wrote is escaped", ()),
    "pages without CSRF": (
        r"csrf_exempt$",
        "a session needs its token",
        ("apps/notifications/views/unsubscribing.py",),  # no session is asked: a signed token in the address
    ),
    "pickle": (r"^pickle\.|\.pickle$", "what is stored is JSON", ()),
    "the generic foreign key": (r"GenericForeignKey$", "nothing that carries access hangs on one", ()),
}


@pytest.mark.parametrize("what", BANNED)
def test_banned_calls(what: str) -> None:
    pattern, why, fit = BANNED[what]
    found = [
        f"{named(path)}:{line} {name}"
        for path in sources("apps", "cimic_portal")
        if not named(path).startswith(fit or ("-",))
        for line, name in calls(path)
        if re.search(pattern, name)
    ]
    assert found == [], why


def test_only_constants_pass_escaping() -> None:
    found = [
        f"{named(path)}:{node.lineno}"
        for path in sources("apps", "cimic_portal")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).endswith("SafeString")
        and not all(isinstance(argument, ast.Constant) for argument in node.args)
    ]
    assert found == []


def test_views_start_no_task() -> None:
    """A task is sent by the services, when their transaction has ended; never from a view, tag or serializer."""
    rooms = ("views", "api", "templatetags", "forms", "serializers")
    found = [
        f"{named(path)}:{line}"
        for path in sources("apps")
        if set(path.with_suffix("").parts) & set(rooms)
        for line, name in calls(path)
        if re.search(r"\.(delay|apply_async|send_task)$", name)
    ]
    assert found == []


def test_services_ask_one_clock() -> None:
    """In the kernel and in domain services "now" comes from the clock that the database shares."""
    rooms = [
        p
        for p in sources(
            "apps/records",
            "apps/need_to_know",
            "apps/releases",
            "apps/aid_requests",
            "apps/information_requests",
        )
        if p.name != "clock.py"
    ]
    found = [
        f"{named(path)}:{line}"
        for path in rooms
        for line, name in calls(path)
        if re.search(r"timezone\.now$|datetime\.now$", name)
    ]
    assert found == []


def test_guardian_is_known_in_one_room() -> None:
    found = [
        named(path)
        for path in sources("apps", "cimic_portal")
        if not named(path).startswith("apps/need_to_know/")
        and re.search(r"^\s*(from|import) guardian", path.read_text(), re.M)
    ]
    assert found == []


def test_modules_stay_small() -> None:
    sizes = {
        named(path): len(path.read_text(encoding="utf-8").splitlines()) for path in sources(*OURS, "tests")
    }
    assert {name: lines for name, lines in sizes.items() if lines > LIMIT} == {}


def test_no_drawer_for_odds_and_ends() -> None:
    assert [
        named(p) for p in sources(*OURS, "tests") if p.stem in {"utils", "helpers", "common", "misc"}
    ] == []


def test_modules_say_what_they_hold() -> None:
    silent = [
        named(path)
        for path in sources(*OURS)
        if path.read_text(encoding="utf-8").strip()
        and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_nothing_is_left_for_later() -> None:
    words = re.compile("TO" + "DO|FIX" + "ME|XX" + "X")
    assert [named(p) for p in sources(*OURS, "tests") if words.search(p.read_text(encoding="utf-8"))] == []


def test_import_directions() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]


TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
_INLINE = re.compile(
    r"<style\b|<script(?![^>]*\bsrc=)[^>]*>|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:"
    r"|(?<!help_text)(?<!\")\|safe\b|autoescape off"
)


def test_templates_hold_no_inline_script_or_style() -> None:
    """What the content security policy would refuse, and what would pass what people wrote unescaped.

    Help texts and constants are written in code, so they may hold marks of their own.
    """
    found = [
        f"{named(path)}:{number} {match.group()}"
        for path in TEMPLATES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (match := _INLINE.search(line)) and 'type="application/json"' not in line
    ]
    assert TEMPLATES
    assert found == []
