"""What visitors of a survey do in a browser."""

from typing import Any


def now(page: Any) -> str:
    """The question that is shown."""
    return page.locator(".step:not([hidden])").get_attribute("id") or "contact"


def press(page: Any, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def choose(page: Any, label: str) -> None:
    page.locator(".step:not([hidden])").get_by_label(label, exact=True).click()


def wait_for(page: Any, name: str) -> None:
    page.locator(f"#{name}:not([hidden])").wait_for()
