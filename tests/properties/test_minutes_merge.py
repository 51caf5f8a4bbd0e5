"""Merging minutes: whatever two people do to a text at the same time, no word that one of them wrote is lost."""

from __future__ import annotations

from collections import Counter

from hypothesis import example, given
from hypothesis import strategies as st

from apps.working_groups.minutes.merging import changes, merge

#: Few words, so that the same occur again and again: in base, in both versions, next to each other.
TEXTS = st.lists(
    st.sampled_from(["a", "bb", "c.", "été", "😀", " ", "  ", "\n", "\n\n", "\t"]), max_size=14
).map("".join)
ANY = st.text(max_size=40).filter(lambda text: "\x00" not in text)


def words(text: str) -> Counter[str]:
    """The words of a text, each as often as it stands there."""
    return Counter(text.split())


@given(base=TEXTS, mine=TEXTS, current=TEXTS)
@example(base="Intro.", mine="Intro. One", current="Intro. Two")
@example(base="the cat sat", mine="a dog ran", current="the bird sat down")
def test_no_word_that_either_wrote_is_lost(base: str, mine: str, current: str) -> None:
    found = words(merge(base, mine, current).text)
    for side in (mine, current):
        assert not (words(side) - words(base)) - found


@given(base=ANY, mine=ANY, current=ANY)
def test_no_word_of_any_script_is_lost(base: str, mine: str, current: str) -> None:
    found = words(merge(base, mine, current).text)
    for side in (mine, current):
        assert not (words(side) - words(base)) - found


@given(base=TEXTS, mine=TEXTS, current=TEXTS)
def test_no_word_is_made_up_and_none_run_together(base: str, mine: str, current: str) -> None:
    assert set(words(merge(base, mine, current).text)) <= set(words(base) | words(mine) | words(current))


@given(base=TEXTS, mine=TEXTS)
def test_whoever_writes_alone_gets_what_they_wrote(base: str, mine: str) -> None:
    for found in (merge(base, mine, base), merge(base, base, mine), merge(base, mine, mine)):
        assert found.text == mine
        assert not found.conflict


@given(base=TEXTS, mine=TEXTS)
def test_sending_the_same_again_changes_nothing(base: str, mine: str) -> None:
    """Where nobody wrote in between; where somebody did, the key of the save tells (test_minutes.py)."""
    assert merge(base, mine, merge(base, mine, base).text).text == mine


@given(
    texts=st.lists(st.sampled_from(["one", "two", "three", "four"]), min_size=1, max_size=6),
    place=st.integers(0, 6),
)
def test_changes_in_different_lines_do_not_meet(texts: list[str], place: int) -> None:
    lines = [f"Line {number} about {text}." for number, text in enumerate(texts)]
    base = "\n".join(lines)
    mine = "\n".join(["At the head.", *lines])
    at = min(place, len(lines))
    current = "\n".join([*lines[:at], "Further down.", *lines[at:]]) if at else f"{base}\nFurther down."
    found = merge(base, mine, current)
    assert not found.conflict
    assert sorted(found.text.split("\n")) == sorted([*lines, "At the head.", "Further down."])


def test_an_edit_is_kept_against_a_deletion() -> None:
    base = "Keep this. The old road is open. End."
    edited, deleted = base.replace("old", "new"), "Keep this. End."
    for found in (merge(base, edited, deleted), merge(base, deleted, edited)):
        assert "new" in found.text.split()


def test_a_deletion_that_nobody_touched_is_a_deletion() -> None:
    assert merge("one two three four five", "one three four five", "one two three four five six").text == (
        "one three four five six"
    )


def test_both_variants_stand_one_after_the_other() -> None:
    found = merge("leave on Monday at six", "leave on Tuesday at six", "leave on Friday at six")
    assert found.conflict
    assert found.text == "leave on Tuesday Friday at six"


@given(before=ANY, after=ANY)
def test_changes_turn_one_text_into_the_other_as_browsers_count(before: str, after: str) -> None:
    box = before.encode("utf-16-le")
    for begins, ends, text in changes(before, after):
        box = box[: begins * 2] + text.encode("utf-16-le") + box[ends * 2 :]
    assert box.decode("utf-16-le") == after
