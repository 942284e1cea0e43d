"""The two example magnets: what we show must be whole, varied and true."""

import csv
import re
from pathlib import Path

import pytest

from lodestone.content.load import load_site

REPOSITORY = Path(__file__).parents[1]

_LINK = re.compile(r"\]\(")


@pytest.fixture(scope="module")
def examples():
    site, problems = load_site(REPOSITORY)
    assert not problems
    return {magnet.slug: magnet for magnet in site.magnets}


def words(text: str) -> int:
    return len(re.sub(r"\]\([^)]*\)", "]", text).split())


def test_the_examples_load_without_a_problem_or_a_warning(examples):
    assert set(examples) == {"dry-summer-garden", "pricing-your-work"}


def test_the_examples_differ_in_what_they_show(examples):
    pricing, garden = examples["pricing-your-work"], examples["dry-summer-garden"]
    assert [field.type for field in garden.front.form.fields] == ["email"]
    assert {field.type for field in pricing.front.form.fields} == {"text", "email", "select", "phone"}
    assert any(chapter.part for chapter in pricing.chapters)
    assert not any(chapter.part for chapter in garden.chapters)
    assert garden.files
    assert not pricing.files
    assert REPOSITORY / "magnets" in pricing.delivery_mail.doc.path.parents
    assert REPOSITORY / "magnets" not in garden.delivery_mail.doc.path.parents


def test_every_chapter_of_the_examples_has_substance(examples):
    for magnet in examples.values():
        for chapter in magnet.chapters:
            assert 750 <= words(chapter.doc.body) <= 1400, chapter.title


def test_every_mail_of_the_examples_is_short_and_asks_for_one_thing(examples):
    for magnet in examples.values():
        for mail in magnet.drip:
            assert 120 <= words(mail.doc.body) <= 300, mail.step
            assert len(_LINK.findall(mail.doc.body)) <= 1, mail.step


def test_no_consent_of_the_examples_is_a_condition_of_the_download(examples):
    assert not any(magnet.front.form.consent.required for magnet in examples.values())


def test_the_consents_promise_as_many_letters_as_there_are(examples):
    numbers = {3: "three", 5: "five"}
    for magnet in examples.values():
        assert numbers[len(magnet.drip)] in magnet.front.form.consent.text


def test_every_testimonial_of_the_examples_says_that_it_is_a_sample(examples):
    quotes = [each for magnet in examples.values() for each in magnet.front.testimonials]
    assert quotes
    assert all("sample" in each.role.lower() for each in quotes)


def test_the_table_of_plants_holds_the_plants_of_the_chapter(examples):
    garden = examples["dry-summer-garden"]
    (table,) = [each.path for each in garden.files if each.path.suffix == ".csv"]
    with table.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    text = next(each.doc.body for each in garden.chapters if each.title == "Plants")
    assert len(rows) == 24
    assert [
        row["plant"] for row in rows if f"\n| {row['plant']} *{row['botanical name'].split()[0]}" not in text
    ] == []
