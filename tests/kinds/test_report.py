"""A report: its page shows the figures, how they were gathered and how to cite them, and its mails go out."""

import csv
import statistics

from lodestone.build.load import load_site
from tests.conftest import ROOT
from tests.golden_mails import examples as compiled
from tests.kinds.conftest import SLUG, landing
from tests.world import World

EXAMPLE = ROOT / "magnets" / "letters-counted"


def text(element) -> str:
    return " ".join(element.get_text(" ").split())


def test_the_first_figure_stands_above_the_form_and_the_others_below(built):
    page = built("report").page
    lead, *others = page.select(".hero .figure")
    assert text(lead) == "12 what this number counts, in a few words"
    assert [each.strong.text for each in others] == ["3 of 4", "5 days"]
    hero = page.select_one(".hero")
    order = [
        each for each in hero.find_all(["p", "form", "ul"]) if each in (lead, hero.form, others[0].parent)
    ]
    assert order == [lead, hero.form, others[0].parent]


def test_a_long_figure_is_set_smaller_wherever_it_stands(built):
    made = built("report", figures='figures:\n  - {value: "12,345,678 €", says: what they spend}')
    lead, *others = made.page.select(".hero .figure")
    assert "long" in lead["class"]
    assert not any("long" in each["class"] for each in others)
    assert made.page.select_one(".sheet-figure.long")


def test_the_page_says_how_it_is_known_and_when_it_came_out(built):
    page = built("report").page
    assert text(page.select_one("#method")).startswith("How we know Say whom or what you counted")
    assert page.time["datetime"] == "2026-01-31"
    assert page.time.text == "31 January 2026"


def test_a_citation_is_made_of_author_title_edition_day_and_address(built):
    made = built("report")
    line = "Your name here: My magnet. 2026 edition, 31 January 2026. https://www.example.com/my-magnet/"
    assert text(made.page.select_one(".citation")) == line
    assert made.described["creditText"] == line


def test_an_author_may_write_the_citation(built):
    made = built("report", edition='edition: "2026"\ncite: "Harbour (2026): Tides."')
    assert text(made.page.select_one(".citation")) == "Harbour (2026): Tides."


def test_a_report_without_edition_and_press_shows_nothing_in_their_place(built):
    made = built("report", edition="")
    assert text(made.page.select_one(".eyebrow")) == "Report"
    assert "edition" not in text(made.page.select_one(".citation"))
    assert not made.page.select_one('a[href^="mailto:"]')


def test_search_engines_are_told_of_a_report_with_its_date(built):
    described = built("report").described
    assert described["@type"] == "Report"
    assert described["datePublished"] == "2026-01-31"
    assert described["version"] == "2026"
    assert described["author"] == {"@type": "Organization", "name": "Your name here"}


def test_who_is_not_the_site_is_a_person_to_search_engines(built):
    described = built("report", edition='edition: "2026"\nauthor: Ida Marsh').described
    assert described["author"] == {"@type": "Person", "name": "Ida Marsh"}


def test_the_chart_is_a_table_with_bars_as_long_as_its_numbers(built):
    rows = built("report").page.select(".bars tr")
    assert [text(row) for row in rows] == [
        "The first group 9 days",
        "The second group 5 days",
        "The third group 4 days",
    ]
    assert [row.rect["width"] for row in rows] == ["100.0%", "55.6%", "44.4%"]
    assert all(row.svg["aria-hidden"] == "true" for row in rows)


def test_the_delivery_mail_of_a_report_says_how_to_cite_it(start):
    (magnet,) = load_site(start("report"))[0].magnets
    delivery = next(each for each in magnet.service_mails if each.step == "delivery")
    assert delivery.front.subject == "Your report: {{ title }}"
    assert magnet.slug == SLUG


def test_whoever_asks_for_the_example_gets_the_report_and_its_two_letters():
    funnel = next(each for each, _ in compiled() if each.kind == "report")
    world = World(funnel)
    world.sign_up(path=funnel.slug)
    assert world.mails() == ["opt-in", "delivery"]
    assert world.download(world.link("download"))["statusCode"] == 200
    world.advance(days=7)
    assert world.mails() == ["opt-in", "delivery", "count-one", "cut-the-first"]


def test_the_figures_of_the_example_are_those_of_its_table(examples):
    with (EXAMPLE / "eight-letters.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    page = landing(examples, "letters-counted").page
    figures = [each.strong.text for each in page.select(".hero .figure")]
    words = sorted((int(row["words"]) for row in rows), reverse=True)
    asking = sum(int(row["questions"]) > 0 for row in rows)
    days = statistics.median(int(row["days_after_the_one_before"]) for row in rows)
    links = max(int(row["links"]) for row in rows)
    assert figures == [
        f"{statistics.mean(words):.0f}",
        f"{asking} of {len(rows)}",
        str(links),
        f"{days:g} days",
    ]
    bars = {text(row.th): int(text(row.find_all("td")[1]).split()[0]) for row in page.select(".bars tr")}
    assert bars == {row["subject"]: int(row["words"]) for row in rows}
    assert list(bars.values()) == words
