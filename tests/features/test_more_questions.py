"""Questions that are asked later: only what is missing, only of who has the mail, and nothing stored is printed."""

from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

import pytest
from bs4 import BeautifulSoup

from leads import events
from leads.conditions import holds
from leads.facts import facts_of
from leads.features.more_questions import PAGE, told_more
from leads.funnel import Field, Option
from leads.placeholders import mark
from lodestone.build.load import load_site
from lodestone.content.conditions.reader import read_condition
from lodestone.content.conditions.vocabulary import Fact, vocabulary
from lodestone.kinds import kinds
from tests.world import World, make_funnel

LINK = "do/guide/more_questions/answer"
LATER = (
    Field("role", "Role", "select", options=(Option("cto", "CTO"), Option("cfo", "CFO")), later=True),
    Field("seats", "Seats", "number", later=True, invalid_message="How many? Digits, please."),
    Field("note", "Note", "textarea", later=True),
)
FORM = (
    f"<h1>{mark('heading')}</h1>{mark('summary')}<form action='{mark('action')}'>"
    + "".join(
        f"<fieldset id={each.name}{mark('skip:' + each.name)}>{mark('value:' + each.name)}"
        f"{mark('error:' + each.name)}</fieldset>"
        for each in LATER
    )
    + f"{mark('token')}</form>"
)


def funnel(**changes):
    plain = make_funnel()
    features = {**plain.features, "more_questions": {"fields": [each.name for each in LATER]}}
    return make_funnel(fields=(*plain.fields, *LATER), features=features, **changes)


@pytest.fixture
def world() -> World:
    world = World(funnel())
    world.publish_page("guide", PAGE, FORM)
    world.sign_up("&consent=yes&role=cto")
    return world


def answers(world: World) -> dict:
    return dict(world.lead().enrolments["guide"].answers)


def page_of(answer: dict) -> BeautifulSoup:
    return BeautifulSoup(answer["body"], "html.parser")


def asked(answer: dict) -> list[str]:
    return [each["id"] for each in page_of(answer).select("fieldset:not([hidden])")]


def test_the_first_form_neither_asks_nor_takes_them(world):
    assert answers(world) == {"first_name": "Ida"}


def test_the_page_asks_what_is_missing_and_looking_changes_nothing(world):
    before = dict(world.items)
    answer = world.act(world.link(LINK), "GET")
    assert answer["statusCode"] == 200
    assert asked(answer) == ["role", "seats", "note"]
    assert page_of(answer).h1.text == "Three more questions"
    assert world.items == before


def test_answers_are_one_event_and_are_not_asked_again_nor_printed(world):
    link = world.link(LINK)
    for _ in range(2):
        answer = world.act(link, body="role=cfo&note=Two%0Alines")
        world.settle()
    assert answer["statusCode"] == 200
    assert len(world.events("told_more")) == 1
    assert answers(world) == {"first_name": "Ida", "role": "cfo", "note": "Two\nlines"}
    again = world.act(link, "GET")
    assert asked(again) == ["seats"]
    assert page_of(again).h1.text == "One more question"
    assert all("disabled" in each.attrs for each in page_of(again).select("fieldset[hidden]"))
    assert not any(word in again["body"] for word in ("cfo", "Two", "Ida", "lead@example.com"))


def test_who_has_the_link_cannot_change_what_was_answered(world):
    link = world.link(LINK)
    world.act(link, body="role=cfo&seats=3")
    world.time += timedelta(seconds=1)
    world.act(link, body="role=cto&seats=99&first_name=Mallory&note=x")
    world.settle()
    assert answers(world) == {"first_name": "Ida", "role": "cfo", "seats": "3", "note": "x"}


def test_two_answers_to_one_question_leave_the_earlier_in_whatever_order_they_are_stored(world):
    early, late = (world.time + timedelta(seconds=each) for each in (1, 2))
    world.note(told_more("guide", late, {"role": "cto"}))
    world.note(told_more("guide", early, {"role": "cfo"}))
    assert answers(world)["role"] == "cfo"


def test_a_wrong_answer_comes_back_with_its_error_and_nothing_is_stored(world):
    answer = world.act(world.link(LINK), body="role=cfo&seats=many")
    assert answer["statusCode"] == 422
    assert page_of(answer).select_one("#seats .field-error").text == "How many? Digits, please."
    assert page_of(answer).select_one(".error-summary a")["href"] == "#seats"
    assert "many" in page_of(answer).select_one("#seats").text
    assert not world.events("told_more")


def test_an_empty_page_is_told_so(world):
    answer = world.act(world.link(LINK), body="role=&seats=+&note=")
    assert answer["statusCode"] == 422
    assert "Answer one question at least" in answer["body"]
    assert not world.events("told_more")


def test_when_all_is_answered_the_page_says_so(world):
    link = world.link(LINK)
    world.act(link, body="role=cfo&seats=3&note=x")
    for method in ("GET", "POST"):
        answer = world.act(link, method, body="role=cto" if method == "POST" else "")
        assert "no more questions" in answer["body"]
    assert len(world.events("told_more")) == 1


def test_a_question_of_another_feature_that_the_form_does_not_ask_is_none_of_these(world):
    tick = Field("wants_edition", "Next", "tick", options=(Option("yes", "Tell me"),), later=True)
    world.publish(funnel())
    world.publish_page("guide", PAGE, FORM)
    world.act(world.link(LINK), body="wants_edition=yes&role=cto")
    assert tick.name not in answers(world)


def test_the_lead_sees_and_corrects_the_answers_like_all_others(world):
    world.act(world.link(LINK), body="role=cfo&seats=3")
    link = world.data_link()
    assert "<dt>Role</dt><dd>CFO</dd>" in world.data(link)["body"]
    world.time += timedelta(seconds=1)
    world.data(link, t=link.partition("?t=")[2], correct="guide", role="cto", first_name="Ida")
    assert answers(world) == {"first_name": "Ida", "role": "cto"}
    # What was taken back is missing again, and may be told again.
    assert asked(world.act(world.link(LINK, "delivery"), "GET")) == ["seats", "note"]


def test_who_was_erased_finds_no_question(world):
    link = world.link(LINK)
    world.note(events.erased(world.time, "lead"))
    assert world.act(link, "GET")["statusCode"] == 410


def test_it_is_a_sign_of_life_and_counts_for_the_score(world):
    before = world.lead()
    world.time += timedelta(hours=1)
    world.act(world.link(LINK), body="role=cfo")
    lead = world.lead()
    assert (lead.score - before.score, lead.last_sign) == (10, world.time)


def test_a_condition_asks_whether_something_is_missing_or_was_told(world):
    words = vocabulary([], [], features=("more_questions",))
    words = words.with_words({"more_questions.missing": Fact("more_questions.missing", "number")}, ())
    missing, told = (
        read_condition(text, words)[0] for text in ("more_questions.missing > 0", "told more in 7 days")
    )
    facts = facts_of(world.lead(), world.funnel)
    assert (holds(missing, facts, world.time), holds(told, facts, world.time)) == (True, False)
    world.act(world.link(LINK), body="role=cfo&seats=3&note=x")
    facts = facts_of(world.lead(), world.funnel)
    assert (holds(missing, facts, world.time), holds(told, facts, world.time)) == (False, True)


# ── the build ──


@pytest.fixture
def written(tmp_path):
    """A site whose one magnet has these fields, this mail and this kind; what its author is told."""
    from lodestone.cli.starter import write_starter

    def write(field: str, mail: str, kind: str = "ebook") -> list[tuple[str, str]]:
        write_starter(tmp_path, kind, "guide")
        path = tmp_path / "magnets/guide/magnet.md"
        text = path.read_text("utf-8")
        path.write_text(
            text.replace("    - name: email\n", f"    - {field}\n    - name: email\n", 1), "utf-8"
        )
        first = next((tmp_path / "magnets/guide/emails").glob("10-*"))
        first.write_text(f"{first.read_text('utf-8')}\n\n{mail}\n", "utf-8")
        return [(each.message, each.help) for each in load_site(tmp_path)[1]]

    return write


ROLE = "{name: role, label: Role, later: true}"
MORE = "[Tell us more]({{ more_url }})"


def test_a_later_field_whose_link_stands_in_a_mail_is_right(written):
    assert written(ROLE, MORE) == []


def test_a_magnet_without_later_fields_has_no_such_link(written):
    [(message, _)] = written("{name: role, label: Role}", MORE)
    assert "more_url" in message


def test_a_kind_that_asks_all_at_once_says_so(written):
    alone = replace(kinds()["ebook"], features=("downloads",))
    with patch.dict(kinds(), {"ebook": alone}):
        [(message, help)] = written(ROLE, "Nothing.")
    assert message == "magnets of the kind `ebook` ask all their questions at once"
    assert help == "delete `later: true`, or choose another kind"


def test_later_fields_that_no_mail_leads_to_are_told(written):
    [(message, help)] = written(ROLE, "Nothing.")
    assert message == "no mail has `{{ more_url }}`, so nobody is led there"
    assert "[Answer a question]({{ more_url }})" in help
