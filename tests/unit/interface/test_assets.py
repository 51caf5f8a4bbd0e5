"""Stylesheet, script, icons and templates keep their promises: weight, content policy, no missing part."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template
from django.utils.translation import override

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
NAMES = [str(path.relative_to(ROOT / "templates")) for path in TEMPLATES]
STYLE = (ROOT / "static/css/portal.css").read_text()
SCRIPT = (ROOT / "static/js/portal.js").read_text()
SPRITE = (ROOT / "static/icons/sprite.svg").read_text()


@pytest.mark.parametrize(
    ("name", "limit"), [("css/portal.css", 8192), ("js/portal.js", 4096), ("icons/sprite.svg", 4096)]
)
def test_assets_stay_light(name: str, limit: int) -> None:
    assert len(gzip.compress((ROOT / "static" / name).read_bytes(), 9)) <= limit


@pytest.mark.parametrize("name", NAMES)
def test_every_template_compiles(name: str) -> None:
    assert get_template(name).template.name == name


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_no_template_breaks_the_content_policy(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"<style\b", text)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", text)
    assert not re.search(r"(src|href|action)=[\"'](https?:)?//", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_every_icon_named_in_a_template_is_drawn(path: Path) -> None:
    for name in re.findall(r'{% icon "([\w-]+)"', path.read_text()):
        assert f'id="{name}"' in SPRITE


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_no_template_leaves_a_comment_in_the_page(path: Path) -> None:
    assert all("#}" in line for line in path.read_text().splitlines() if "{#" in line)


def test_the_stylesheet_follows_the_direction_of_the_script() -> None:
    physical = re.findall(
        r"[\s;{](?:margin|padding|border)-(?:left|right)\b|[\s;{](?:left|right)\s*:|text-align:\s*(?:left|right)",
        STYLE,
    )
    assert physical == []


def test_no_asset_reaches_for_another_host() -> None:
    assert not re.search(r"url\(|@import", STYLE)
    assert not re.search(r"https?://|eval\(|new Function", SCRIPT)


def test_words_of_the_script_come_from_the_page() -> None:
    said = set(re.findall(r'say\("(\w+)"', SCRIPT)) - {"lost"}
    offered = set(re.findall(r"data-(\w+)=", (ROOT / "templates/pages/_save_state.html").read_text()))
    assert said
    assert said <= offered


@pytest.mark.parametrize("name", ["403_csrf.html", "500.html", "503.html"])
def test_a_page_that_stands_alone_says_its_language_and_direction(name: str) -> None:
    with override("ar"):
        assert '<html lang="ar" dir="rtl">' in get_template(name).render()
    with override("fr"):
        assert '<html lang="fr" dir="ltr">' in get_template(name).render()
