"""A survey's result: behind its link, in conditions, mails and the score, whatever comes later."""

from leads import events
from leads.facts import facts_of, rows_of_lead
from leads.folding import fold
from leads.rules import DEFAULT
from tests.questionnaire.authored import Authored, write
from tests.questionnaire.example_survey import FRONT, GOOD, QUESTIONS, SOFT, told
from tests.questionnaire.surveyed import page_of, publish, send, take_part
from tests.world import World


def test_the_link_of_the_delivery_mail_shows_the_result_and_changes_nothing(survey):
    world = survey()
    take_part(world, GOOD)
    before = dict(world.items)
    for method in ("GET", "HEAD"):
        answer = world.act(world.link("do/tides/questions/result"), method)
        assert answer["statusCode"] == 200
    assert page_of(answer).h1.get_text(strip=True) == "You are firm"
    assert page_of(answer).select_one('meta[name="robots"]')["content"] == "noindex"
    assert answer["headers"]["cache-control"] == "no-store"
    assert world.items == before
    share = page_of(answer).select_one(".share a")["href"]
    assert share == "/tides/firm/"


def test_each_form_s_mail_shows_that_form_s_result_and_another_s_form_changes_nothing(survey):
    world = survey()
    take_part(world, GOOD)
    link = world.link("do/tides/questions/result")
    world.advance(hours=1)
    send(world, {"email": "lead@example.com", **SOFT})
    world.settle()
    second = world.link("do/tides/questions/result")
    assert second != link
    assert page_of(world.act(link, "GET")).h1.get_text(strip=True) == "You are firm"
    assert page_of(world.act(second, "GET")).h1.get_text(strip=True) == "You are soft"
    lead = world.lead()
    assert lead.enrolments["tides"].told["questions"]["outcome"] == "firm"
    assert facts_of(lead, world.funnel).value("questions.outcome") == "firm"


def test_the_button_lets_any_result_count_also_one_that_counted_before(survey):
    world = survey()
    take_part(world, GOOD)
    first = world.link("do/tides/questions/result")
    world.advance(hours=1)
    send(world, {"email": "lead@example.com", **SOFT})
    world.settle()
    second = world.link("do/tides/questions/result")
    for link, outcome in ((second, "soft"), (first, "firm"), (second, "soft"), (second, "soft")):
        world.advance(minutes=1)
        assert world.act(link)["statusCode"] == 200
        assert world.lead().enrolments["tides"].told["questions"]["outcome"] == outcome
    assert len(world.events("result_replaced")) == 3


def test_the_button_of_a_form_that_is_erased_changes_nothing(survey):
    world = survey()
    take_part(world, GOOD)
    token = world.wiring.signer.sign("questions.result", [world.lead_id(), "tides", 3], world.time)
    for method in ("GET", "POST"):
        assert world.act(f"/api/do/tides/questions/result?t={token}", method)["statusCode"] == 200
    assert not world.events("result_replaced")


def test_the_link_of_an_erased_lead_and_one_without_a_result_say_so(survey):
    world = survey()
    take_part(world, GOOD)
    link = world.link("do/tides/questions/result")
    world.note(events.erased(world.time, "lead"))
    assert "You are firm" not in world.act(link, "GET")["body"]
    plain = survey()
    plain.wiring.ledger.append(
        "lead", events.submitted("tides", plain.time, {"email": "lead@example.com", "opt_in": "single"})
    )
    plain.settle()
    answer = plain.act(plain.link("do/tides/questions/result", "delivery"), "GET")
    assert page_of(answer).h1.get_text(strip=True) == "There is no result yet"


MAILS = {
    "10-soft.md": ("For {{ outcome }}", "You wrote {{ note | default('nothing') }}.",
                   'when: questions.outcome = "soft"\n'),
    "20-firm.md": ("For {{ outcome }}", "{{ role }} at {{ nerve }}: {{ note | default('nothing') }}.",
                   'when: questions.nerve >= 50 and questions.order.first = "B" and questions.uses contains "Ink"\n'),
}  # fmt: skip


def test_results_decide_who_gets_a_mail_and_mails_print_them(survey):
    world = survey(mails=MAILS)
    take_part(world, GOOD)
    world.advance(days=5)
    assert world.mails() == ["opt-in", "delivery", "firm"]
    assert world.sent[-1]["subject"] == "For You are firm"
    assert "Draw at 100: Hello." in world.sent[-1]["text"]
    other = survey(mails=MAILS)
    take_part(other, SOFT)
    other.advance(days=5)
    assert other.mails() == ["opt-in", "delivery", "soft"]
    assert "You wrote nothing." in other.sent[-1]["text"]


def test_until_an_address_is_proven_no_mail_prints_what_could_be_a_stranger_s_link(survey):
    mails = {"10-hi.md": ("Hi", "You wrote {{ note | default('nothing') }}, {{ role }}.", "")}
    single = survey(mails=mails, opt_in="single")
    take_part(single, {**GOOD, "note": "see evil.example.com"})
    single.advance(days=3)
    assert "You wrote nothing, Draw." in " ".join(single.sent[-1]["text"].split())
    proven = survey(mails=mails)
    take_part(proven, {**GOOD, "note": "see evil.example.com"})
    proven.advance(days=3)
    assert "evil.example.com" in proven.sent[-1]["text"]


def test_the_outcome_s_points_are_in_the_score_once(survey):
    plain, firm = survey(), survey()
    take_part(plain, SOFT)
    take_part(firm, GOOD)
    assert firm.lead().score - plain.lead().score == 7
    firm.advance(minutes=30)
    send(firm, {"email": "lead@example.com", "consent": "yes", **GOOD})
    send(firm, {"email": "lead@example.com", "consent": "yes", **GOOD})
    firm.settle()
    again = events.submitted(
        "tides", firm.time, {"email": "lead@example.com", "told": {"questions": told(firm)}}
    )
    counted = firm.lead().score
    assert fold(firm.lead_id(), [*firm.events(), *reversed(firm.events())], DEFAULT).score == counted
    firm.note(again)
    submitted = len(firm.events("submitted"))
    per_form = (firm.lead().score - 7) - (plain.lead().score)
    assert per_form == (submitted - 1) * _points_of_a_form(plain)


def _points_of_a_form(world: World) -> int:
    """What one more form is worth, without any outcome."""
    once = world.lead().score
    events_now = world.events()
    more = events.submitted("tides", world.time, {"email": "lead@example.com"})
    return fold(world.lead_id(), [*events_now, more], DEFAULT).score - once


def test_any_order_of_events_gives_the_same_result(survey):
    world = survey()
    take_part(world, GOOD)
    world.advance(hours=2)
    send(world, {"email": "lead@example.com", **SOFT})
    world.settle()
    history = world.events()
    expected = fold(world.lead_id(), history, DEFAULT)
    for rotated in range(len(history)):
        shuffled = [*history[rotated:], *history[:rotated]]
        assert fold(world.lead_id(), [*shuffled, *reversed(shuffled)], DEFAULT) == expected


def test_people_read_the_result_and_the_answers_in_their_own_words(survey):
    world = survey()
    take_part(world, GOOD)
    assert rows_of_lead(world.lead(), {"tides": world.funnel}) == [
        ("Outcome", "You are firm"),
        ("Nerve", "100, high"),
        ("Score", "100"),
        ("What do you do?", "Draw"),
        ("Which?", "Pen, Ink"),
        ("How many?", "3"),
        ("What first?", "B, A"),
        ("And?", "Hello"),
    ]


def test_a_later_edition_changes_no_result_that_was_told(survey, tmp_path):
    world = survey()
    take_part(world, GOOD)
    link = world.link("do/tides/questions/result")
    questions = [{**QUESTIONS[0], "points": [4, 0], "options": ["Write", "Sketch"]}]
    fewer: Authored = write(tmp_path / "later", questions, **FRONT | {"outcomes": [
        {**FRONT["outcomes"][0]}, {**FRONT["outcomes"][1], "text": "So it is."}]})  # fmt: skip
    publish(world, fewer)
    page = page_of(world.act(link, "GET"))
    assert page.h1.get_text(strip=True) == "You are firm"
    assert page.select_one(".result-bars td:last-child").text == "100 %"
    assert facts_of(world.lead(), world.funnel).value("questions.role") == "Draw"
    assert ("note", "Hello") in rows_of_lead(world.lead(), {"tides": world.funnel})
