"""The site's accent, made readable: whatever colour a marketer picks, text in it and on it keeps WCAG AA.

Contrast is WCAG 2.2's: relative luminance of sRGB, 4.5:1 for text.
"""

from collections.abc import Callable
from dataclasses import dataclass

from lodestone.content.schema import Theme

#: Backgrounds of the accent, by scheme: the page and the raised surface of cards. As in site.css.
PAPER, PAPER_RAISED, INK = "#faf8f4", "#ffffff", "#1d1a16"
NIGHT, NIGHT_RAISED, CHALK = "#16171a", "#1f2125", "#ece8e1"
AA = 4.5

Rgb = tuple[int, int, int]


@dataclass(frozen=True)
class Accent:
    """An accent for one scheme: as text and rules, and as a filled surface with the text upon it."""

    text: str
    fill: str
    on_fill: str


def light_accent(theme: Theme) -> Accent:
    """The accent for light backgrounds, darkened only as far as contrast needs."""
    return _accent(theme.accent, (PAPER, PAPER_RAISED), towards=INK)


def dark_accent(theme: Theme) -> Accent:
    """The accent for dark backgrounds, lightened only as far as contrast needs."""
    return _accent(theme.accent_dark, (NIGHT, NIGHT_RAISED), towards="#ffffff")


def theme_stylesheet(theme: Theme) -> str:
    """The custom properties that site.css, mail.css and book.css take the accent from."""
    light, dark = light_accent(theme), dark_accent(theme)
    return (
        f":root{{{_properties(light)}}}\n@media (prefers-color-scheme:dark){{:root{{{_properties(dark)}}}}}\n"
    )


def contrast(first: str, second: str) -> float:
    """WCAG contrast of two #rrggbb colours, 1 to 21."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mix(first: str, second: str, share: float) -> str:
    """`share` (0 to 1) of the second colour in the first, in sRGB."""
    pairs = zip(_rgb(first), _rgb(second), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _accent(colour: str, grounds: tuple[str, ...], towards: str) -> Accent:
    text = _moved_until(colour, towards, lambda each: all(contrast(each, g) >= AA for g in grounds))
    on_fill = max("#ffffff", "#16130f", key=lambda each: contrast(each, text))
    return Accent(text, text, on_fill)


def _moved_until(colour: str, towards: str, good: Callable[[str], bool]) -> str:
    steps = (mix(colour, towards, step / 40) for step in range(41))
    return next((each for each in steps if good(each)), towards)


def _properties(accent: Accent) -> str:
    return f"--accent:{accent.text};--accent-fill:{accent.fill};--on-accent:{accent.on_fill}"


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _rgb(colour: str) -> Rgb:
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))
