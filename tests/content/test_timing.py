"""When mails go out, from what an author writes to what the functions read."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from leads.funnel import Funnel, Sending, Step, funnel_from_json, funnel_to_json
from lodestone.build.definition import compile_magnet
from lodestone.build.load import load_site
from lodestone.build.pipeline import build
from lodestone.content.problems import Problem
from lodestone.content.times import parse_by_date, parse_duration, parse_moment, parse_quiet_hours
from lodestone.render.look import open_look
from tests.content.conftest import MAGNET, SITE, put

FORM = """\
form:
  fields:
    - {name: email, label: E-mail, type: email, required: true}
    - {name: renewal, label: Renewed on, type: date}
"""


def write(root: Path, *timings: str, dates: str = "", site: str = "", magnet: str = "") -> None:
    """A mail for each timing, in this order."""
    head = f"{FORM}{f'dates: {dates}' if dates else ''}\n{magnet}files:"
    files = {"site/site.yaml": SITE + site, "magnets/tides/magnet.md": MAGNET.replace("files:", head)}
    for number, timing in enumerate(timings):
        files[f"magnets/tides/emails/{number + 1}0-m{number + 1}.md"] = (
            f"---\nsubject: S\n{timing}\n---\nText.\n"
        )
    put(root, files)


def compiled(root: Path) -> Funnel:
    site, problems = load_site(root)
    assert problems == []
    funnel = compile_magnet(open_look(site), site.magnets[0]).funnel
    assert funnel_from_json(funnel_to_json(funnel)) == funnel
    return funnel


def steps(root: Path, *timings: str, **rest: str) -> tuple[Step, ...]:
    write(root, *timings, **rest)
    return compiled(root).steps


def problems(root: Path, *timings: str, today: date | None = None, **rest: str) -> list[Problem]:
    write(root, *timings, **rest)
    return load_site(root, today)[1]


def test_a_mail_by_a_date_is_compiled_to_seconds_before_or_after_it(root):
    found = steps(
        root,
        'due: 1 week before webinar\nat: "09:00"\ndays: [fri, Monday]',
        "due: 2 hours before webinar",
        "due: at webinar",
        "due: 30 minutes after webinar",
        dates="{webinar: 2031-12-03 18:00}",
    )
    assert found == (
        Step("m1", at="09:00", days=(0, 4), anchor="webinar", offset=-604_800),
        Step("m2", anchor="webinar", offset=-7200),
        Step("m3", anchor="webinar"),
        Step("m4", anchor="webinar", offset=1800),
    )


@pytest.mark.parametrize(
    ("written", "compiled_to"),
    [
        ("2031-12-03 18:00", "2031-12-03T17:00:00.000Z"),
        ("2031-07-03 18:00", "2031-07-03T16:00:00.000Z"),
        ("2031-12-03 18:00 +00:00", "2031-12-03T18:00:00.000Z"),
        ("2031-12-03T18:00:30Z", "2031-12-03T18:00:30.000Z"),
        ("'2031-12-03 18:00'", "2031-12-03T17:00:00.000Z"),
        ("2031-12-03", "2031-12-03"),
    ],
)
def test_a_date_with_an_hour_is_an_instant_in_the_sites_zone_and_one_without_stays_a_day(
    root, written, compiled_to
):
    write(root, dates=f"{{webinar: {written}}}", site="time_zone: Europe/Berlin\n")
    assert compiled(root).dates == {"webinar": compiled_to}


def test_what_the_site_decided_about_sending_goes_along_with_each_magnet(root):
    write(
        root,
        site='sending: {quiet_hours: "21:00-08:00", at_most: {a_day: 2, a_week: 3}, '
        "unsettled: at-least-once, sunset: 180 days, clicks: true}\n",
    )
    sending = Sending(("21:00", "08:00"), 2, 3, "at-least-once", 180 * 86_400, True)
    assert compiled(root).sending == sending
    write(root, site="sending: {clicks: true}\n", magnet="clicks: false\n")
    assert compiled(root).sending == Sending(clicks=False)


def test_a_site_that_says_nothing_of_sending_sends_at_any_hour_and_once_a_day(root):
    assert compiled(root).sending == Sending(None, 1, 0, "never-twice", 0, False)


def test_days_by_one_word(root):
    found = steps(
        root, "after: 1 day\ndays: weekdays", "after: 1 day\ndays: weekends", "after: 1 day\ndays: sun"
    )
    assert [each.days for each in found] == [(0, 1, 2, 3, 4), (5, 6), (6,)]


def test_mails_may_count_from_the_readers_own_date_and_from_when_they_confirmed(root):
    found = steps(root, "due: 3 hours after confirmed", 'due: 1 week before renewal\nat: "09:00"')
    assert [each.anchor for each in found] == ["confirmed", "renewal"]


def test_a_date_that_is_past_is_warned_of_on_the_day_after_and_stops_nothing(root):
    dates = "{webinar: 2031-12-03 18:00, sale: 2031-12-04}"
    assert problems(root, dates=dates, today=date(2031, 12, 3)) == []
    assert [each.message for each in problems(root, dates=dates, today=date(2031, 12, 4))] == [
        "`webinar` is past"
    ]
    late = problems(root, dates=dates, today=date(2031, 12, 5))
    assert [(each.severity, each.path) for each in late] == [("warning", "magnets/tides/magnet.md")] * 2
    assert build(root, root / "dist", today=date(2031, 12, 5)).pages


def test_mails_by_dates_of_their_own_need_no_common_order(root):
    assert not problems(
        root,
        'due: 1 day before renewal\nat: "09:00"',
        "due: 2 days after confirmed",
        'due: on renewal\nat: "09:00"',
        dates="{webinar: 2031-12-03 18:00}",
    )


def test_an_hour_is_compared_where_two_mails_share_a_day(root):
    (found,) = problems(
        root,
        'due: 1 day before webinar\nat: "17:00"',
        'due: 1 day before webinar\nat: "09:00"',
        dates="{webinar: 2031-12-03 18:00}",
    )
    assert found.message == "this mail is due before `10-m1.md`, and stands behind it"


def test_the_name_of_a_date_is_underlined_where_it_stands(root):
    (found,) = problems(root, "due: >-\n  1 day\n  before befor", dates="{before: 2031-12-03 18:00}")
    assert (found.line, found.column, found.length) == (5, 10, 5)
    assert found.help.startswith("did you mean `before`?")


@pytest.mark.parametrize(
    ("timing", "dates", "message"),
    [
        ("due:", "", "`due` is empty"),
        ("after:", "", "`after` is empty"),
        ("after: 1 day\ndays:", "", "`days` is empty"),
        ("due: on webinar", "{webinar: }", "`webinar` is empty"),
        ("due: on confirmed", "soon", "`dates`: expected keys and values, found text"),
    ],
)
def test_a_time_that_was_left_empty_is_no_time(root, timing, dates, message):
    assert [each.message for each in problems(root, timing, dates=dates)] == [message]


def test_quiet_hours_of_a_site_that_has_problems_of_its_own_are_not_guessed(root):
    found = problems(root, 'after: 1 day\nat: "22:00"', site="sending: {quiet_hours: night}\n")
    assert [each.path for each in found] == ["site/site.yaml"]


def test_a_form_may_ask_for_a_date_in_every_page_that_shows_it(root):
    write(root)
    build(root, root / "dist")
    page = (root / "dist/site/tides/index.html").read_text()
    assert '<input type="date" id="top-renewal" name="renewal"' in page


@pytest.mark.parametrize(
    "written", ["", "soon", "2 fortnights", "-1 day", "1.5 days", "99999999999999999 days", "²days"]
)
def test_what_is_no_duration_is_refused(written):
    with pytest.raises(ValueError, match="write a"):
        parse_duration(written)


def test_durations_in_words():
    assert parse_duration(" 90 minutes ") == timedelta(minutes=90)
    assert parse_duration("1week") == timedelta(days=7)


@pytest.mark.parametrize(
    "written", ["before x", "1 day before", "1 day x", "in 2 days", "on", "on a b", ["on x"]]
)
def test_what_counts_from_no_date_is_refused(written):
    with pytest.raises(ValueError, match="write `1 day before webinar`"):
        parse_by_date(written)


@pytest.mark.parametrize(
    "written",
    ["21-8", "21:00", "21:00-24:00", "21:00-21:00", "21:00-08:00-09:00", "", None, ["21:00", "08:00"]],
)
def test_what_are_no_quiet_hours_is_refused(written):
    with pytest.raises(ValueError, match="write two"):
        parse_quiet_hours(written)


@pytest.mark.parametrize("written", ["21:00-08:00", "21:00 - 08:00", "21:00–08:00", "21:00 to 08:00"])
def test_quiet_hours_in_the_ways_people_write_them(written):
    assert parse_quiet_hours(written) == ("21:00", "08:00")


@pytest.mark.parametrize(
    "written",
    ["3.12.2031", "12/03/2031", "2031-12", "2031-12-03 6pm", "2031-02-29", "2031-12-03 24:30", "1800-01-01"],
)
def test_what_is_no_date_is_refused(written):
    with pytest.raises(ValueError, match="write"):
        parse_moment(written)
