"""A report: figures that somebody gathered, with how and when, and the file or book that holds the whole."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints

from lodestone.content.model import Magnet
from lodestone.content.places import value_place
from lodestone.content.schema import Line, MagnetFront, Strict, Text
from lodestone.features.downloads import Gated
from lodestone.features.feature import Making, Reading
from lodestone.kinds import Kind, OwnKeys
from lodestone.render.prose import render_prose

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")


def _day(value: str) -> str:
    """Return the day as it is written, `2026-11-28`; what is no day of the calendar is refused."""
    if not _DAY.fullmatch(value):
        raise ValueError("write the day alone, as year, month and day: `2026-11-28`")
    try:
        date.fromisoformat(value)
    except ValueError:
        raise ValueError("the calendar has no such day; write one such as `2026-11-28`") from None
    return value


def _number(value: str) -> str:
    if not _NUMBER.fullmatch(value):
        raise ValueError("write a number alone, such as `63` or `4.5`; the unit stands in `unit:`")
    if value.startswith("-"):
        raise ValueError("a bar has no length below 0; show such numbers in a table of the page's text")
    return value


def _email(value: str) -> str:
    if not _EMAIL.fullmatch(value):
        raise ValueError("write an e-mail address: `press@example.com`")
    return value


class Figure(Strict):
    """A key figure: the number as it is printed, and what it says."""

    value: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=12)]
    says: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]


class ChartRow(Strict):
    """A bar of the chart."""

    label: Line
    value: Annotated[str, AfterValidator(_number)]


class Chart(Strict):
    """One chart of the report, drawn as a table with bars."""

    title: Line
    unit: Annotated[str, StringConstraints(strip_whitespace=True, max_length=20)] = ""
    rows: Annotated[list[ChartRow], Field(min_length=1, max_length=20)]


class Press(Strict):
    """Whom journalists may write to."""

    name: Line
    email: Annotated[Line, AfterValidator(_email)]


class ReportKeys(Strict):
    """The keys that a report has beside those of every magnet."""

    figures: Annotated[list[Figure], Field(min_length=1, max_length=4)]
    method: Text  # Markdown: how the data was gathered, from how many, when
    published: Annotated[str, AfterValidator(_day)]
    edition: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] = ""
    author: Line | None = None  # default: the book's author, else the site's name
    cite: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = ""
    chart: Chart | None = None
    press: Press | None = None


class ReportFront(ReportKeys, MagnetFront):
    """Front matter of a report."""


class ReportPage(OwnKeys):
    """What a report's page shows beside what every landing page does."""

    markdown = (("method",),)

    def check(self, reading: Reading) -> None:
        chart = reading.doc.meta.get("chart")
        rows = chart.get("rows") if isinstance(chart, dict) else None
        if isinstance(rows, list) and len(rows) == 1:
            place = value_place(reading.doc, ("chart", "rows", 0))
            reading.problems.add(place, "one bar compares nothing", "add a second row, or delete `chart:`")

    def section(self, making: Making) -> Mapping[str, Any]:
        front = _front(making.magnet)
        return {
            "published": _in_words(front.published),
            "citation": front.cite or _citation(making),
            "method": _prose(front.method, making),
            "bars": _bars(front.chart) if front.chart else (),
        }

    def linked_data(self, making: Making) -> Mapping[str, Any]:
        front = _front(making.magnet)
        is_person = _author(making) != making.look.site.front.name
        described: dict[str, Any] = {
            "author": {"@type": "Person" if is_person else "Organization", "name": _author(making)},
            "datePublished": front.published,
            "creditText": front.cite or _citation(making),
        }
        return described | ({"version": front.edition} if front.edition else {})


def _front(magnet: Magnet) -> ReportFront:
    assert isinstance(magnet.front, ReportFront)
    return magnet.front


def _author(making: Making) -> str:
    """Return who is cited: the report's author, else its book's, else the site."""
    gated = making.magnet.features.get("downloads")
    of_book = gated.book.author if isinstance(gated, Gated) and gated.book else ""
    return _front(making.magnet).author or of_book or making.look.site.front.name


def _prose(text: str, making: Making) -> str:
    return render_prose(text, making.pictures, making.funnel.language, top=3, id_prefix="method.")


def _citation(making: Making) -> str:
    """Return `Thornacre Press: The title. Edition 2026, 28 November 2026. https://…`."""
    front = _front(making.magnet)
    edition = f"{front.edition} edition, " if front.edition else ""
    address = making.funnel.base_url + making.funnel.url
    return f"{_author(making)}: {front.title}. {edition}{_in_words(front.published)}. {address}"


def _in_words(day: str) -> str:
    """Return `2026-11-28` as `28 November 2026`."""
    found = date.fromisoformat(day)
    return f"{found.day} {found:%B %Y}"


def _bars(chart: Chart) -> tuple[tuple[str, str, str], ...]:
    """Return each row's label, its value, and the length of its bar in per cent of the longest."""
    longest = max(float(each.value) for each in chart.rows) or 1
    return tuple((each.label, each.value, f"{float(each.value) / longest:.1%}") for each in chart.rows)


KIND = Kind(
    name="report",
    template="kinds/report.html",
    card_template="cards/report.html",
    features=("downloads", "editions", "more_questions"),
    needs=("downloads",),
    front=ReportFront,
    own_keys=ReportPage(),
    starter=Path(__file__).parent / "report_starter",
    mails=Path(__file__).parent / "report_mails",
    linked_type="Report",
    anchors=("form", "figures", "method"),
)
