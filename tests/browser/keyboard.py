"""Somebody's keyboard: no mouse; each stop shows its focus and lies where it is seen; strokes are counted."""

from __future__ import annotations

import re
from typing import Any

from tests.browser.person import Person

#: What has the focus: its name, its words, and whether anybody can see that it has the focus.
_STOP = """() => {
  const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
  const words = (at.textContent || "").replace(/\\s+/g, " ").trim();
  /* A calendar's own button, within its field; the browser draws a frame around it. */
  const picker = /^date/.test(at.type || "") && !at.matches(":focus");
  return {
    name: at.name || "", words, tag: at.tagName,
    shows: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 && at.matches(":focus-visible")
      || picker,
    seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight
      && box.right > 0 && box.left < innerWidth,
  };
}"""
STOPS_MOST = 90


class Keyboard:
    """The keys that somebody presses. `strokes` are those that move or confirm; typed letters are not among them."""

    def __init__(self, person: Person) -> None:
        self.person, self.page = person, person.page
        self.strokes = 0

    def press(self, key: str, times: int = 1) -> None:
        """Press a key."""
        for _time in range(times):
            self.page.keyboard.press(key)
            self.strokes += 1

    def stop(self) -> dict[str, Any]:
        """What has the focus now."""
        found: dict[str, Any] = self.page.evaluate(_STOP)
        return found

    def to(self, wanted: str) -> None:
        """Tab to the control of that name, or to the link or button with these words; each stop on the way is seen."""
        passed = []
        for _number in range(STOPS_MOST):
            self.press("Tab")
            at = self.stop()
            passed.append(at["name"] or at["words"][:40])
            assert at["tag"] == "BODY" or (at["shows"] and at["seen"]), (
                f"{at} does not show its focus: {passed}"
            )
            if wanted in (at["name"], at["words"]):
                return
        raise AssertionError(f"{wanted!r} is not reached by Tab on {self.page.url}: {passed}")

    def content(self) -> None:
        """Past the head of the page, by its first stop."""
        self.to("Skip to the content")
        self.press("Enter")

    def enter(self, wanted: str, arrives: str = "") -> None:
        """Tab to it and press Enter; wait for the page where that leads: the end of its path, “*” for one step."""
        self.to(wanted)
        self.press("Enter")
        if arrives:
            ends = re.compile(re.escape(arrives).replace(r"\*", "[^/]+") + r"(\?[^#]*)?(#.*)?$")
            self.page.wait_for_url(ends)

    def write(self, name: str, text: str) -> None:
        """Tab to a field and type: its text, or the beginning of a choice."""
        self.to(name)
        self.page.keyboard.type(text)

    def date(self, name: str, day: str) -> None:
        """Tab to a day's field and type the day as the browser's calendar asks for it; then past its last part."""
        self.to(name)
        self.page.keyboard.type(f"{day[5:7]}{day[8:10]}{day[:4]}")
        assert self.person.field(name).input_value() == day
