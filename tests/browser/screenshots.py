"""Pictures of a running portal's pages, to be looked at; it tests nothing.

`python3 -m tests.browser.screenshots ADDRESS EMAIL PASSWORD FOLDER [--whole]`

It takes sign-in, desk, list, the first record of the desk (else of the list), its share page, print and first open
step, and the steps of the form, at 1280 and 360 px, light and dark.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

SIZES = {"desk": (1280, 900), "phone": (360, 740)}
SCHEMES = ("light", "dark")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
)


def _shoot(page: Page, folder: Path, name: str, *, whole: bool) -> None:
    page.screenshot(path=folder / f"{name}.png", full_page=whole)


def take_pictures(
    browser: Browser, address: str, email: str, password: str, folder: Path, *, whole: bool
) -> None:
    """Sign in and photograph every page in each size and scheme; `whole` takes pages at their full length."""
    folder.mkdir(parents=True, exist_ok=True)
    cookies = None
    for size, (width, height) in SIZES.items():
        for scheme in SCHEMES:
            context = browser.new_context(
                base_url=address, color_scheme=scheme, viewport={"width": width, "height": height}, locale="en-GB"
            )  # fmt: skip
            page = context.new_page()
            tail = f"{size}-{scheme}"
            page.goto("/accounts/login/")
            _shoot(page, folder, f"sign-in-{tail}", whole=whole)
            if cookies is None:
                page.locator("[name=login]").fill(email)
                page.locator("[name=password]").fill(password)
                page.get_by_role("button", name="Sign in").click()
                page.wait_for_url(f"{address}/")
                cookies = context.cookies()
            context.add_cookies(cookies)
            for name, path in _paths(page).items():
                page.goto(path)
                _shoot(page, folder, f"{name}-{tail}", whole=whole)
            context.close()


def _paths(page: Page) -> dict[str, str]:
    """Name of the picture -> address."""
    found = {"desk": "/", "list": "/aid-requests/", "new": "/aid-requests/new/"}
    page.goto("/")
    records = page.locator(".work a.title")
    if not records.count():
        page.goto("/aid-requests/")
        records = page.locator("td.primary a")
    if records.count():
        record = records.first.get_attribute("href") or ""
        found |= {"record": record, "share": f"{record}share/", "print": f"{record}print/"}
        page.goto(record)
        steps = page.locator('.panel.now a[href*="/transitions/"]')
        if steps.count():
            found["step"] = steps.first.get_attribute("href") or ""
        if page.locator('.panel.now a[href*="/edit/"]').count():
            found |= {f"form-{step}": f"{record}edit/{step}/" for step in ("place", "label")}
    return found


def main() -> None:
    """Take them."""
    address, email, password, folder, *more = sys.argv[1:]
    with sync_playwright() as playwright:
        found = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        take_pictures(browser, address.rstrip("/"), email, password, Path(folder), whole="--whole" in more)
        browser.close()


if __name__ == "__main__":
    main()
