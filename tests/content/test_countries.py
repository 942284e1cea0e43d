"""The field type `country`: a list by name, stored by code."""

from importlib.resources import files

import pytest

from leads.enrolment import Enrolment
from leads.event_types import Notice
from leads.events import SendId
from leads.form import Submission, read_form
from leads.funnel import Field, Mail
from leads.lead import Lead
from leads.letter import write_letter
from leads.notice_letter import write_notice
from leads.placeholders import Placeholder
from leads.tokens import Signer
from lodestone.content.conditions.reader import read_condition
from lodestone.content.conditions.vocabulary import vocabulary
from lodestone.content.countries import COUNTRIES, options_of
from lodestone.content.schema import FieldFront
from tests.world import START, World, make_funnel

FRONT = FieldFront(name="country", label="Country", type="country")
COUNTRY = Field("country", "Country", "country", options=options_of(FRONT, "DE"))
EMAIL = Field("email", "E-mail", "email", required=True)


def funnel():
    return make_funnel(fields=(EMAIL, COUNTRY))


def test_the_codes_are_those_of_the_time_zone_database():
    listed = (files("tzdata") / "zoneinfo" / "iso3166.tab").read_text("utf-8").splitlines()
    assert set(COUNTRIES) == {line.split("\t")[0] for line in listed if line and not line.startswith("#")}
    assert len(set(COUNTRIES.values())) == len(COUNTRIES)


def test_countries_stand_by_name_and_the_sites_own_comes_first_once():
    names = [each.label for each in options_of(FRONT, "DE")]
    assert names[:3] == ["Germany", "Afghanistan", "Åland Islands"]
    assert names[-1] == "Zimbabwe"
    assert names.count("Germany") == 1
    assert [each.label for each in options_of(FRONT)][0] == "Afghanistan"


def test_an_author_may_offer_some_and_name_them_in_another_language():
    front = FieldFront(
        name="land",
        label="Land",
        type="country",
        options=["DE", {"value": "AT", "label": "Österreich"}],
    )
    assert [(each.value, each.label) for each in options_of(front, "AT")] == [
        ("DE", "Germany"),
        ("AT", "Österreich"),
    ]


@pytest.mark.parametrize("sent", ["ZZ", "Germany", "de"])
def test_a_country_that_is_not_offered_is_refused(sent):
    found = read_form(funnel(), {"email": ["a@example.com"], "country": [sent]})
    assert [each.message for each in found] == ["Choose one of the answers offered."]


def test_a_country_is_stored_by_its_code_and_printed_by_its_name():
    found = read_form(funnel(), {"email": ["a@example.com"], "country": ["CI"]})
    assert isinstance(found, Submission)
    assert found.answers == {"country": "CI"}
    told = Enrolment("guide", answers=found.answers)
    lead = Lead("l" * 26, email="a@example.com", enrolments={"guide": told})
    place = (Placeholder("country"),)
    mail = Mail("first", place, place, place)
    letter = write_letter(mail, funnel(), lead, SendId("guide", "first", 0, 1), Signer(["key"]), START)
    assert (letter.subject, letter.html, letter.text.strip()) == ("Côte d’Ivoire",) * 3


def test_the_page_with_a_leads_data_says_the_name():
    world = World(funnel())
    world.sign_up("&consent=yes&country=CH")
    assert world.lead().enrolments["guide"].answers["country"] == "CH"
    assert "<dt>Country</dt><dd>Switzerland</dd>" in world.data(world.data_link())["body"]


def test_the_owner_s_notice_says_the_name():
    told = Enrolment("guide", answers={"country": "CH"})
    lead = Lead("l" * 26, email="a@example.com", enrolments={"guide": told})
    assert "Country: Switzerland" in write_notice(Notice("A lead", "Somebody came."), lead, funnel()).text


def test_the_correction_page_shows_the_country_chosen_and_takes_another():
    world = World(funnel())
    world.sign_up("&consent=yes&country=CH")
    link = world.data_link()
    token = link.partition("?t=")[2]
    assert world.data(link, t=token, correct="guide", country="LI")["statusCode"] == 200
    assert world.lead().enrolments["guide"].answers["country"] == "LI"
    assert world.data(link, t=token, correct="guide", country="XX")["statusCode"] == 422


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ('country = "DE"', ["is", "form.country", "DE"]),
        ('country is one of ("de", "AT")', ["is", "form.country", "DE", "AT"]),
        ("country is given", ["given", "form.country"]),
    ],
)
def test_conditions_ask_for_the_code(text, condition):
    assert read_condition(text, vocabulary([FRONT], [])) == (condition, [])


def test_a_condition_that_names_a_country_is_told_its_code_and_an_unknown_one_a_short_list():
    words = vocabulary([FRONT], [])
    [(_, _, _, named)] = read_condition('country = "Germany"', words)[1]
    assert named == "that is what the visitor reads; what is stored is `DE`"
    [(_, _, message, help)] = read_condition('country = "Atlantis"', words)[1]
    assert message == "`country` is never `Atlantis`"
    assert help.endswith(", …")
    assert len(help) < 200
