"""A limited-time offer: its page says until when and never that it is open; price and end are honest."""

from datetime import UTC, date, datetime

import pytest

from leads.funnel import Step
from lodestone.build.definition import compile_magnet
from lodestone.build.load import load_site
from lodestone.build.pipeline import check
from lodestone.forecast.forecast import Suppose, after_delivery, forecast, invented_lead
from lodestone.formats.steps import timing
from lodestone.plan.outline import outline
from lodestone.render.look import open_look
from tests.golden_mails import examples as compiled
from tests.kinds.conftest import landing
from tests.offers import publish_offer
from tests.world import DAY, START, World

ENDS = "ends: 2027-01-31 18:00 Europe/Berlin"
UNTIL = "Sunday 31 January 2027, 18:00 Berlin time (UTC+01:00)"


def text(element) -> str:
    return " ".join(element.get_text(" ").split())


def test_the_page_says_until_when_with_the_instant_for_the_script(built):
    made = built("offer", window=ENDS)
    said = made.page.select_one(".coupon-end")
    assert text(said) == f"Until {UNTIL}"
    assert said.time["datetime"] == "2027-01-31T17:00:00.000Z"


def test_a_window_is_said_without_a_date(built):
    page = built("offer").page
    assert text(page.select_one(".coupon-end")) == "For 7 days from the moment you confirm your address"
    assert not page.select("time")


@pytest.mark.parametrize("end", [ENDS, "window: 7 days"])
def test_no_public_page_claims_that_the_offer_is_open(built, end):
    made = built("offer", window=end)
    for path in made.site.rglob("*.html"):
        words = path.read_text("utf-8").lower()
        assert not [each for each in ("still open", "hurry", "last chance", "only today") if each in words]
        assert "welcome</code>" not in words
        assert '"code"' not in words


def test_an_end_that_was_put_off_says_from_when_and_why(built):
    more = "\nextended:\n  was: 2027-01-15 18:00 Europe/Berlin\n  reason: our shop was out of order.\n"
    page = built("offer", window=ENDS + more).page
    assert text(page.select_one(".extended")) == (
        "Extended from Friday 15 January 2027, 18:00 Berlin time (UTC+01:00) because our shop was out of order."
    )


def test_a_former_price_stands_beside_the_lowest_of_thirty_days(built):
    price = "price:\n  was: 29 EUR\n  lowest_30_days: 25.50 EUR"  # above the starter's `now:`
    made = built("offer", price=price)
    assert (
        text(made.page.select_one(".price"))
        == "19 EUR before 29 EUR lowest price of the last 30 days: 25.50 EUR"
    )


def test_search_engines_are_told_the_price_and_until_when(built):
    described = built("offer", window=ENDS).described
    assert described["@type"] == "Product"
    assert described["isAccessibleForFree"] is False
    assert described["offers"] == {
        "@type": "Offer",
        "price": "19",
        "priceCurrency": "EUR",
        "priceValidUntil": "2027-01-31",
        "url": "https://shop.example.com/",
    }


def test_check_tells_when_it_ends_and_how_many_days_that_is(start):
    root = start("offer", window=ENDS, code="codes: codes.txt")
    (root / "magnets/my-magnet/codes.txt").write_text("AAA\nBBB\n")
    assert check(root, date(2027, 1, 19)).notes == (
        f"my-magnet: ends on {UNTIL}, in 12 days",
        "my-magnet: 2 codes in codes.txt",
    )
    assert check(root, date(2027, 1, 31)).notes[0].endswith(", today")
    assert check(root, date(2027, 2, 1)).notes[0] == f"my-magnet: ended on {UNTIL}, 1 day ago"


def test_the_mails_of_an_offer_speak_of_no_download(start):
    (magnet,) = load_site(start("offer"))[0].magnets
    for mail in magnet.service_mails:
        if mail.step in ("opt-in", "delivery"):
            assert "download" not in mail.doc.text


def test_the_pages_after_the_form_speak_of_no_download(built):
    site = built("offer").site
    for name in ("thanks", "confirmed"):
        page = (site / "my-magnet" / name / "index.html").read_text("utf-8")
        assert "download" not in page
        assert "the link to the offer" in page


def test_a_forecast_knows_the_reminder_of_each_leads_own_window():
    funnel = next(each for each, _ in compiled() if each.kind == "offer")
    stored = invented_lead(funnel, START)
    found = forecast(stored, {funnel.slug: funnel}, START, Suppose(confirms=True, answers=False))
    (mail,) = after_delivery(found.of(funnel.slug))
    assert (mail.step, (mail.at - START).days if mail.at else None) == ("one-day-left", 6)
    assert mail.supposed == ("not claimed code",)


def test_whoever_asks_for_the_example_is_reminded_once_and_who_has_a_code_is_not():
    for takes, expected in ((False, ["one-day-left"]), (True, [])):
        funnel = next(each for each, _ in compiled() if each.kind == "offer")
        world = World(funnel)
        publish_offer(world, funnel, ("AAA",))
        world.sign_up(path=funnel.slug)
        if takes:
            assert world.act(world.link(f"do/{funnel.slug}/deadline/open"))["statusCode"] == 303
        world.advance(days=20)
        assert world.mails()[2:] == expected


def test_the_codes_of_the_example_are_on_no_page(examples):
    codes = [line for line in (landing(examples, "garden-notebook").site.glob("**/*")) if line.is_file()]
    assert not [path for path in codes if b"DRY-" in path.read_bytes()]


def test_a_plan_says_that_a_reminder_comes_too_late_and_not_that_it_has_no_date(start):
    root = start("offer", window=ENDS)
    site, _ = load_site(root)
    funnel = compile_magnet(open_look(site), site.magnets[0]).funnel
    late = outline(funnel, datetime(2027, 1, 31, 12, tzinfo=UTC)).find("one-day-left")
    assert late.why_not == "too late for a mail before `offer_end`"
    due = outline(funnel, datetime(2027, 1, 1, 12, tzinfo=UTC)).find("one-day-left")
    assert due.at == datetime(2027, 1, 30, 17, tzinfo=UTC)


def test_a_step_that_makes_no_sense_after_the_end_says_so_to_people():
    assert (
        timing(Step("slow", 2 * DAY, "09:00", not_after="offer_end"))
        == "2 days, at 09:00, not after offer_end"
    )


@pytest.mark.parametrize(
    ("line", "message"),
    [("windows: 7 days", "unknown key `windows`"), ("# no end yet", "this offer never ends")],
)
def test_an_end_that_is_misspelt_or_missing_invents_no_problems_in_the_mails(start, line, message):
    root = start("offer", window=line)
    assert [each.message for each in load_site(root)[1]] == [message]
