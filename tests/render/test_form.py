"""The form, on the landing page and on the page with errors."""

from dataclasses import replace

import pytest

from leads.funnel import Consent, Field, Option
from leads.placeholders import Html, Placeholder
from lodestone.render.service import render_answers_page, render_form_page
from tests.render.factory import ALL_FIELDS, CONSENT


@pytest.fixture
def form(press):
    return press(funnel={"fields": ALL_FIELDS}).page().find("form")


def control(form, name):
    return form.find(attrs={"name": name})


def test_the_form_posts_every_field_under_its_own_name(form):
    names = {each["name"] for each in form.find_all(attrs={"name": True})}
    assert {field.name for field in ALL_FIELDS} <= names
    assert {"consent", "_consent", "_build", "_landing", "_referrer", "_tz", "_website"} <= names


@pytest.mark.parametrize(
    ("name", "attribute", "value"),
    [
        ("email", "type", "email"),
        ("email", "autocomplete", "email"),
        ("first_name", "autocomplete", "given-name"),
        ("phone", "type", "tel"),
        ("phone", "inputmode", "tel"),
        ("note", "maxlength", "500"),
        ("rate", "step", "any"),
        ("web", "type", "url"),
        ("renewal", "type", "date"),
        ("renewal", "min", "1900-01-01"),
        ("renewal", "max", "2199-12-31"),
        ("code", "pattern", "[A-Z]{3}"),
        ("code", "title", "Three capital letters."),
        ("size", "type", "radio"),
        ("topics", "type", "checkbox"),
    ],
)
def test_controls_carry_what_browsers_need(form, name, attribute, value):
    assert control(form, name)[attribute] == value


def test_controls_carry_nothing_that_html_does_not_know_for_them(form):
    for name in ("renewal", "rate"):
        assert not {"maxlength", "pattern"} & set(control(form, name).attrs)
    assert "min" not in control(form, "rate").attrs


def test_only_required_fields_are_required_and_the_others_say_optional(form):
    required = {each["name"] for each in form.find_all(required=True)}
    assert required == {"email", "size"}
    labels = {label["for"]: label.text for label in form.find_all("label")}
    assert "(optional)" in labels["top-first_name"]
    assert "(optional)" not in labels["top-email"]


def test_validation_works_without_scripts(form):
    assert "novalidate" not in form.attrs


def test_help_is_tied_to_its_field(form):
    notes = form.find(id=control(form, "email")["aria-describedby"])
    assert notes.text == "The download link goes there."


def test_consent_is_shown_word_for_word_and_never_ticked(form):
    consent = control(form, "consent")
    assert form.find("label", attrs={"for": consent["id"]}).text == CONSENT.text
    assert "checked" not in consent.attrs
    assert "required" not in consent.attrs
    assert control(form, "_consent")["value"] == CONSENT.hash


def test_consent_that_the_offer_depends_on_is_required(press):
    page = press(funnel={"consent": Consent("Yes.", True, "ab")}).page()
    assert "required" in control(page, "consent").attrs


def test_people_do_not_meet_the_trap(form):
    trap = control(form, "_website")
    assert (trap["tabindex"], trap["autocomplete"]) == ("-1", "off")
    assert trap.find_parent(attrs={"aria-hidden": "true"})


def test_the_page_with_errors_has_every_hole_the_function_fills(press):
    made = press(funnel={"fields": ALL_FIELDS})
    holes = {
        part.name
        for part in render_form_page(made.look, made.magnet, made.funnel)
        if isinstance(part, Placeholder)
    }
    assert {"summary", "value:email", "error:email", "invalid:email", "selected:role:design"} <= holes
    assert {"checked:size:2+", "checked:topics:a", "error:size", "invalid:topics", "value:note"} <= holes
    assert {"value:renewal", "error:renewal", "invalid:renewal"} <= holes
    assert {"checked:consent", "error:consent", "invalid:consent"} <= holes
    assert {"value:_landing", "value:_referrer", "value:_tz"} <= holes


def test_the_page_with_errors_keeps_answers_and_links_errors_to_fields(press, filled):
    made = press(funnel={"fields": ALL_FIELDS})
    page = filled(
        render_form_page(made.look, made.magnet, made.funnel),
        **{
            "summary": Html('<div class="error-summary"><a href="#email">Write an address.</a></div>'),
            "value:email": 'x" onfocus="alert(1)',
            "invalid:email": Html(' aria-invalid="true"'),
            "error:email": Html('<p class="field-error" id="email-error">Write an address.</p>'),
            "value:note": "</textarea><script>",
            "checked:size:1": Html(" checked"),
            "selected:role:code": Html(" selected"),
        },
    )
    email = page.find(id=page.find(class_="error-summary").a["href"][1:])
    assert email["value"] == 'x" onfocus="alert(1)'
    assert email["aria-invalid"] == "true"
    assert page.find(id=email["aria-describedby"]).find(class_="field-error").text == "Write an address."
    assert page.find("textarea").text == "</textarea><script>"
    assert [each["value"] for each in page.find_all("input", checked=True)] == ["1"]
    assert page.find("option", selected=True)["value"] == "code"


def test_a_group_of_choices_is_where_its_error_links_to(press, filled):
    made = press(funnel={"fields": ALL_FIELDS})
    page = filled(render_form_page(made.look, made.magnet, made.funnel))
    assert page.find(id="size").name == "fieldset"
    assert page.find(id="topics").name == "fieldset"


def test_a_country_is_a_list_that_browsers_can_fill_in(press):
    field = Field("land", "Country", "country", options=(Option("DE", "Germany"), Option("FR", "France")))
    page = press(funnel={"fields": (*ALL_FIELDS, field)}).page()
    assert control(page, "land").name == "select"
    assert control(page, "land")["autocomplete"] == "country"
    values = [each["value"] for each in control(page, "land").find_all("option")]
    assert values == ["", "DE", "FR"]


def test_a_hidden_field_is_neither_seen_nor_corrected(press, filled):
    hidden = Field("source", "Where from", "hidden", prefill=True)
    made = press(funnel={"fields": (*ALL_FIELDS, hidden)})
    assert control(made.page(), "source")["type"] == "hidden"
    assert "Where from" not in made.page().find("form").text
    page = filled(render_form_page(made.look, made.magnet, made.funnel), **{"value:source": "spring"})
    assert control(page, "source")["value"] == "spring"
    answers = filled(render_answers_page(made.look, made.magnet, made.funnel))
    assert control(answers, "source") is None
    assert control(answers, "email") is None
    assert control(answers, "note")


def test_only_marked_fields_may_be_filled_in_from_the_address(press):
    page = press(funnel={"fields": (ALL_FIELDS[0], replace(ALL_FIELDS[1], prefill=True))}).page()
    form = page.find("form")
    assert [each["name"] for each in form.find_all(attrs={"data-prefill": True})] == ["email"]
    assert control(form, "email")["data-prefill"] == "200"


def test_the_page_says_of_a_pattern_what_the_server_would(press):
    field = Field("zip", "ZIP", pattern=r"\d{5}", invalid_message="Five digits.")
    assert control(press(funnel={"fields": (*ALL_FIELDS, field)}).page(), "zip")["title"] == "Five digits."


def test_an_option_keeps_its_tick_on_the_page_with_errors_whatever_its_value(press, filled):
    """Templates escape the names of placeholders, too."""
    value = "R&D <'\">"
    field = Field("team", "Team", "select", options=(Option(value, "R&D"), Option("b", "B")))
    made = press(funnel={"fields": (field,)})
    parts = render_form_page(made.look, made.magnet, made.funnel)
    page = filled(parts, **{f"selected:team:{value}": Html(" selected")})
    assert page.select_one("option[selected]")["value"] == value
