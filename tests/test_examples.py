"""The example magnets: what we show must be whole, varied and true."""

import csv
import re
from pathlib import Path

import pytest

from lodestone.build.load import load_site

REPOSITORY = Path(__file__).parents[1]

_LINK = re.compile(r"\]\(")


@pytest.fixture(scope="module")
def examples():
    site, problems = load_site(REPOSITORY)
    assert not problems
    return {magnet.slug: magnet for magnet in site.magnets}


def words(text: str) -> int:
    return len(re.sub(r"\]\([^)]*\)", "]", text).split())


def chapters_of(magnet) -> tuple:
    return magnet.features["downloads"].chapters if "downloads" in magnet.features else ()


def _delivery(magnet):
    return next(each for each in magnet.service_mails if each.step == "delivery")


def test_the_examples_load_without_a_problem_or_a_warning(examples):
    assert set(examples) == {
        "dry-summer-garden",
        "how-you-price",
        "letters-counted",
        "pricing-your-work",
        "quote-sheet",
    }


def test_the_examples_differ_in_what_they_show(examples):
    pricing, garden = examples["pricing-your-work"], examples["dry-summer-garden"]
    assert [field.type for field in garden.front.form.fields] == ["email"]
    assert {field.type for field in pricing.front.form.fields} == {"text", "email", "select", "phone"}
    assert any(chapter.part for chapter in pricing.features["downloads"].chapters)
    assert not any(chapter.part for chapter in garden.features["downloads"].chapters)
    assert garden.features["downloads"].files
    assert not pricing.features["downloads"].files
    assert REPOSITORY / "magnets" in _delivery(pricing).doc.path.parents
    assert REPOSITORY / "magnets" not in _delivery(garden).doc.path.parents


def test_every_chapter_of_the_examples_has_substance(examples):
    for magnet in examples.values():
        for chapter in chapters_of(magnet):
            assert 750 <= words(chapter.doc.body) <= 1400, chapter.title


def test_every_mail_of_the_examples_is_short_and_asks_for_one_thing(examples):
    for magnet in examples.values():
        for mail in magnet.drip:
            assert 120 <= words(mail.doc.body) <= 300, mail.step
            assert len(_LINK.findall(mail.doc.body)) <= 1, mail.step


def test_no_consent_of_the_examples_is_a_condition_of_the_download(examples):
    assert not any(magnet.front.form.consent.required for magnet in examples.values())


def test_the_consents_promise_as_many_letters_as_there_are(examples):
    numbers = {2: "two", 3: "three", 5: "five"}
    for magnet in examples.values():
        assert numbers[len(magnet.drip)] in magnet.front.form.consent.text


def test_every_testimonial_of_the_examples_says_that_it_is_a_sample(examples):
    quotes = [each for magnet in examples.values() for each in magnet.front.testimonials]
    assert quotes
    assert all("sample" in each.role.lower() for each in quotes)


def test_the_table_of_plants_holds_the_plants_of_the_chapter(examples):
    garden = examples["dry-summer-garden"]
    (table,) = [each.path for each in garden.features["downloads"].files if each.path.suffix == ".csv"]
    with table.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    text = next(each.doc.body for each in garden.features["downloads"].chapters if each.title == "Plants")
    assert len(rows) == 24
    assert [
        row["plant"] for row in rows if f"\n| {row['plant']} *{row['botanical name'].split()[0]}" not in text
    ] == []


# The sums in the books


def chapter_text(magnet, file_name: str) -> str:
    return next(
        each.doc.body for each in magnet.features["downloads"].chapters if each.doc.path.name == file_name
    )


def number(cell: str) -> float:
    return float(re.sub(r"[^\d.]", "", cell))


def rows(text: str, columns: int) -> list[list[str]]:
    """The rows of a chapter's tables that have so many columns."""
    cells = (
        [cell.strip(" *") for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if line[:1] == "|"
    )
    return [row for row in cells if len(row) == columns]


def value_of(expression: str) -> float:
    """What `900 jars × €1.90 × 12 months` comes to: worked from left to right, words and units left out."""
    signs = re.findall(r"[×÷+]", expression)
    first, *others = (number(each) for each in re.split(r"[×÷+]", re.sub(r"[²³]", "", expression)))
    for sign, other in zip(signs, others, strict=True):
        first = {"×": first * other, "÷": first / other, "+": first + other}[sign]
    return first


def test_every_sum_that_stands_on_a_line_of_its_own_comes_out(examples):
    texts = [chapter.doc.body for magnet in examples.values() for chapter in chapters_of(magnet)]
    lines = [
        line
        for text in texts
        for line in re.findall(r"^ {4}([^=:\n]*\d[^=:\n]*)=([^=\n]*\d[^=\n]*)", text, re.M)
    ]
    sums = [(left, right) for left, right in lines if "(" not in left]
    assert len(sums) >= 6
    for left, right in sums:
        decimals = len(re.sub(r"[^\d.]", "", right).partition(".")[2])
        assert round(value_of(left), decimals) == value_of(right), left


def test_the_year_in_the_pricing_book_adds_up(examples):
    table = rows(chapter_text(examples["pricing-your-work"], "01-the-least-you-can-charge.md"), 4)
    lines = {row[0]: number(row[3]) for row in table if row[0].isdigit()}
    total = number(next(row[3] for row in table if row[1].startswith("What the year")))
    assert sum(lines.values()) == total
    assert lines["5"] == sum(lines[each] for each in "1234") / 10
    assert lines["2"] == (lines["1"] + lines["2"]) / 4


def test_the_three_guesses_in_the_pricing_book_are_weighed_right(examples):
    table = rows(chapter_text(examples["pricing-your-work"], "04-estimating.md"), 5)
    for piece, *figures in table[2:]:
        best, likely, worst, expected = map(number, figures)
        assert abs((best + 4 * likely + worst) / 6 - expected) <= 0.05 + 1e-9, piece
    pieces = [[number(cell) for cell in row[1:4]] for row in table[2:-1]]
    assert [number(cell) for cell in table[-1][1:4]] == [sum(column) for column in zip(*pieces, strict=True)]


def test_the_rises_in_the_pricing_book_cost_what_the_table_says(examples):
    table = rows(chapter_text(examples["pricing-your-work"], "08-raising-your-prices.md"), 3)
    rises = [(number(rise), number(lost), number(days)) for rise, lost, days in table if rise.endswith("%")]
    assert len(rises) == 5
    for rise, lost, days in rises:
        share = 1 - 1 / (1 + rise / 100)
        assert round(share * 100, 1) == lost
        assert abs(share * 129 - days) <= 0.5 + 1e-9
