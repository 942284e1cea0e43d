"""Mails that count from dates, of the magnet and of the lead: from the form to the mail, through the real handlers."""

from datetime import UTC, datetime, timedelta

from leads.funnel import Field, Sending, Step
from tests.world import DAY, World, make_funnel

FIELDS = (Field("email", "E-mail", "email", required=True), Field("renewal", "Renewed on", "date"))
REMINDER = Step("reminder", anchor="renewal", offset=-7 * DAY, at="09:00", days=(0, 1, 2, 3, 4))
WEBINAR = Step("webinar", anchor="webinar", offset=-DAY, at="09:00")


def sequence_of(world: World) -> list[tuple[str, datetime]]:
    """Each mail of the sequence, and when it went out."""
    return [(each["step"], each["at"]) for each in world.sent if each["step"] not in ("opt-in", "delivery")]


def signed_up(form: str, **funnel) -> World:
    """A lead who sent this form on 2 March 2026 and confirmed, half a year on."""
    world = World(make_funnel(fields=FIELDS, **funnel))
    world.sign_up(f"&consent=yes{form}")
    world.advance(days=180)
    return world


def test_a_mail_counts_from_the_date_that_the_lead_gave_and_moves_to_an_earlier_day_that_suits():
    # A week before Monday 6 April is a Monday; a week before Sunday 5 April a Sunday, so it goes on the Friday.
    assert sequence_of(signed_up("&renewal=2026-04-06", steps=(REMINDER,))) == [
        ("reminder", datetime(2026, 3, 30, 7, tzinfo=UTC))
    ]
    assert sequence_of(signed_up("&renewal=2026-04-05", steps=(REMINDER,))) == [
        ("reminder", datetime(2026, 3, 27, 8, tzinfo=UTC))
    ]


def test_a_lead_without_the_date_is_passed_over_and_the_rest_of_the_sequence_goes_on():
    world = signed_up("&renewal=", steps=(REMINDER, Step("letter", 2 * DAY)))
    assert [step for step, _ in sequence_of(world)] == ["letter"]
    (passed,) = world.events("skipped")
    assert passed.data["words"] == "this lead has no date `renewal`"


def test_a_date_that_is_none_is_sent_back_to_the_visitor():
    world = World(make_funnel(fields=FIELDS))
    answer = world.post("email=lead%40example.com&consent=yes&renewal=2026-02-30")
    assert answer["statusCode"] == 422
    assert not [pk for pk, _ in world.items if pk.startswith("LEAD#")]


def test_a_webinar_is_at_one_instant_and_the_mail_before_it_at_each_leads_own_hour():
    dates = {"webinar": "2026-03-12T17:00:00.000Z"}  # in Auckland that is Friday, the 13th
    berlin = signed_up("&_tz=Europe/Berlin", steps=(WEBINAR,), dates=dates)
    auckland = signed_up("&_tz=Pacific/Auckland", steps=(WEBINAR,), dates=dates)
    assert sequence_of(berlin) == [("webinar", datetime(2026, 3, 11, 8, tzinfo=UTC))]
    assert sequence_of(auckland) == [("webinar", datetime(2026, 3, 11, 20, tzinfo=UTC))]


def test_a_mail_before_a_date_is_sent_ahead_of_quiet_hours_and_not_behind_them():
    steps = (Step("soon", anchor="webinar", offset=-2 * 3600),)
    world = signed_up(
        "", steps=steps, dates={"webinar": "2026-03-12T07:30:00.000Z"}, sending=Sending(("21:00", "08:00"))
    )
    assert sequence_of(world) == [("soon", datetime(2026, 3, 11, 19, 59, tzinfo=UTC))]


def test_a_mail_for_the_day_itself_is_passed_over_where_the_day_ended_while_nothing_ran():
    step = Step("today", anchor="sale", at="09:00")
    world = World(make_funnel(fields=FIELDS, steps=(step,), dates={"sale": "2026-03-12"}))
    world.sign_up()
    world.time += timedelta(days=11)
    world.advance(days=30)
    assert sequence_of(world) == []
    assert world.events("skipped")[0].data["reason"] == "missed"


def test_every_hour_of_the_sequence_is_the_clocks_own_across_a_change_of_clocks():
    steps = tuple(Step(f"day-{n}", DAY, "09:00") for n in range(30))
    sent = sequence_of(signed_up("&_tz=America/New_York", steps=steps))
    assert [at.hour for _, at in sent] == [14] * 5 + [13] * 25  # clocks change on 8 March
