"""Compiling the translations: only what changed, never half a file, nothing to write when all is current."""

from __future__ import annotations

import gettext
from pathlib import Path

import pytest

from cimic_portal.catalogues import are_current, compile_catalogues

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
PLURALS = '"Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n'


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "fr" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text(f'{HEADER}{PLURALS}\nmsgid "Submit"\nmsgstr "Soumettre"\n')
    return path


def _said(source: Path, text: str) -> str:
    with source.with_suffix(".mo").open("rb") as catalogue:
        return gettext.GNUTranslations(catalogue).gettext(text)


def test_a_catalogue_is_compiled_once_for_each_change(source: Path) -> None:
    folder = source.parents[2]
    assert not are_current(folder)
    assert compile_catalogues(folder) == 1
    assert are_current(folder)
    assert _said(source, "Submit") == "Soumettre"
    assert compile_catalogues(folder) == 0
    source.write_text(source.read_text().replace("Soumettre", "Présenter"))
    assert not are_current(folder)
    assert compile_catalogues(folder) == 1
    assert _said(source, "Submit") == "Présenter"
    assert {path.name for path in source.parent.iterdir()} == {"django.po", "django.mo", "django.mo.source"}


def test_a_lost_catalogue_is_compiled_again(source: Path) -> None:
    folder = source.parents[2]
    compile_catalogues(folder)
    source.with_suffix(".mo").unlink()
    assert not are_current(folder)
    assert compile_catalogues(folder) == 1


def test_current_catalogues_need_no_writing(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = source.parents[2]
    compile_catalogues(folder)

    def refuse(*arguments: object, **options: object) -> None:
        raise PermissionError("read-only")

    monkeypatch.setattr(Path, "write_text", refuse)
    monkeypatch.setattr(Path, "replace", refuse)
    assert compile_catalogues(folder) == 0


def test_what_is_no_catalogue_is_named(source: Path) -> None:
    source.write_text(f"{HEADER}\nthis is no catalogue\n")
    with pytest.raises(ValueError, match="fr"):
        compile_catalogues(source.parents[2])
    assert not source.with_suffix(".mo").exists()
