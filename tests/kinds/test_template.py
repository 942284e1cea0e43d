"""A template: its page shows it filled in and says what opens it; its first letter is about the first three cells."""

import csv
import io
import re
import runpy
import zipfile
from xml.etree import ElementTree

import pytest

from lodestone.build.load import load_site
from lodestone.content.problems import has_errors
from tests.conftest import ROOT
from tests.golden_mails import examples as compiled
from tests.kinds.conftest import SLUG, landing
from tests.world import World

EXAMPLE = ROOT / "magnets" / "quote-sheet"
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def test_the_page_shows_it_filled_in_above_the_form(built):
    made = built("template")
    hero = made.page.select_one(".hero")
    image = hero.img
    assert image["alt"] == "Say what stands in the picture, for those who cannot see it"
    assert (image["width"], image["height"]) == ("640", "200")
    assert "loading" not in image.attrs, "it stands on the first screen"
    assert (made.site / image["src"].lstrip("/")).is_file()
    assert hero.find_all(["img", "form"]) == [image, hero.form]


def test_the_page_says_what_opens_it_what_one_gets_and_what_one_may_do(built):
    rows = built("template").page.select(".label div")
    assert [(row.dt.text, row.dd.text) for row in rows] == [
        ("Opens in", "Excel, LibreOffice, Google Sheets"),
        ("You get", "CSV, 26 B"),
        ("Licence", "Use it and change it as you like. Please do not sell it."),
    ]


def test_without_a_licence_the_page_says_nothing_of_one(built):
    made = built("template", licence="")
    assert "Licence" not in made.page.select_one(".label").text
    assert "license" not in made.described


def test_search_engines_are_told_of_a_document_its_format_and_its_licence(built):
    described = built("template").described
    assert described["@type"] == "DigitalDocument"
    assert described["encodingFormat"] == ["text/csv"]
    assert described["license"]["name"].startswith("Use it and change it")
    assert re.fullmatch(
        r"https://www\.example\.com/assets/my-magnet/filled-in\.\w+\.svg", described["thumbnailUrl"]
    )


def test_the_card_on_the_index_page_shows_it_too(examples):
    page = landing(examples, "quote-sheet").page
    index = (examples / "index.html").read_text("utf-8")
    assert page.select_one(".hero img")["src"] in index


def test_a_template_starts_with_the_letter_on_its_first_three_cells(start):
    (magnet,) = load_site(start("template"))[0].magnets
    assert [each.step for each in magnet.drip] == ["first-three-cells"]
    delivery = next(each for each in magnet.service_mails if each.step == "delivery")
    assert delivery.front.subject == "Your template: {{ title }}"


@pytest.mark.parametrize("kind", ["ebook", "report", "template"])
def test_a_file_with_macros_is_warned_of_in_every_kind(start, kind):
    root = start(kind)
    path = root / "magnets" / SLUG / "magnet.md"
    text = path.read_text("utf-8")
    if "\nfiles:\n" in text:
        text = text.replace("\nfiles:\n", "\nfiles:\n  - Sums.XLSM\n")
    else:
        text = text.replace("\nbook:\n", "\nfiles:\n  - Sums.XLSM\nbook:\n")
    path.write_text(text, "utf-8")
    (path.parent / "Sums.XLSM").write_bytes(b"PK")
    _, problems = load_site(root)
    assert not has_errors(problems)
    (warning,) = problems
    assert warning.message == (
        "`Sums.XLSM` may hold macros: mail gateways and Windows SmartScreen block such files"
    )
    assert warning.help == "save it without macros, as `Sums.xlsx`"


def test_whoever_asks_for_the_example_gets_the_sheet_and_its_two_letters():
    funnel = next(each for each, _ in compiled() if each.kind == "template")
    world = World(funnel)
    world.sign_up(path=funnel.slug)
    assert world.mails() == ["opt-in", "delivery"]
    assert world.download(world.link("download"))["statusCode"] == 302, "one file is opened at once"
    world.advance(days=9)
    assert world.mails() == ["opt-in", "delivery", "first-three-cells", "an-empty-column"]


# The example's file


def cells() -> dict[str, str]:
    """What stands in each cell of the example: its words, or its formula behind `=`."""
    with zipfile.ZipFile(EXAMPLE / "quote-sheet.xlsx") as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            ElementTree.fromstring(archive.read(name))
        sheet = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    found = {}
    for cell in sheet.iter(f"{SHEET}c"):
        formula, words = cell.find(f"{SHEET}f"), cell.find(f"{SHEET}is/{SHEET}t")
        found[cell.get("r", "")] = f"={formula.text}" if formula is not None else getattr(words, "text", "")
    return found


def test_the_three_cells_of_the_first_letter_are_those_to_fill_in():
    letter = (EXAMPLE / "emails" / "10-first-three-cells.md").read_text("utf-8")
    sheet = cells()
    assert sheet["A4"] == "Your day rate"
    assert [sheet[f"{column}6"] for column in "ABCDEF"] == [
        "Piece of work",
        "Best",
        "Likely",
        "Worst",
        "Expected",
        "Price",
    ]
    named = re.findall(r"\*\*([A-G]\d+)", letter)
    assert named == ["B4", "A7", "C7", "B7", "D7"]
    assert {sheet[each] for each in named} == {""}, "they are empty"
    assert sheet["F7"] == '=IF(E7="","",E7*$B$4)'
    assert sheet["F15"] == "=SUM(F7:F14)"


def test_file_and_picture_are_what_the_script_makes(tmp_path):
    made = runpy.run_path(str(EXAMPLE / "artwork" / "make.py"))
    assert made["picture"]() == (EXAMPLE / "filled-in.svg").read_text("utf-8")
    with zipfile.ZipFile(EXAMPLE / "quote-sheet.xlsx") as archive:
        assert {name: archive.read(name).decode() for name in archive.namelist()} == made["parts"]()


def test_the_starters_file_is_a_table():
    starter = ROOT / "lodestone" / "kinds" / "template_starter" / "template.csv"
    rows = list(csv.reader(io.StringIO(starter.read_text("utf-8"))))
    assert rows[0] == ["What", "Who", "By when"]
