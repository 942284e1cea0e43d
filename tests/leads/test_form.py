"""What a visitor may send."""

from dataclasses import replace

import pytest

from leads.form import Submission, is_trap, read_form
from leads.funnel import Consent, Field, Option
from leads.posted import FieldError
from tests.world import make_funnel

EMAIL = Field("email", "E-mail", "email", required=True)


def read(field: Field, *values: str, **funnel):
    posted = {"email": ["lead@example.com"], field.name: list(values)}
    fields = (field,) if field.type == "email" else (EMAIL, field)
    return read_form(make_funnel(fields=fields, **funnel), posted)


def answer(field: Field, *values: str, **funnel) -> str:
    found = read(field, *values, **funnel)
    assert isinstance(found, Submission), found
    return found.answers.get(field.name, "")


def message(field: Field, *values: str) -> str:
    found = read(field, *values)
    assert isinstance(found, tuple), found
    assert [each.field for each in found] == [field.name]
    return found[0].message


def test_text_is_trimmed_normalised_and_freed_of_control_characters():
    assert answer(Field("name", "Name"), "  Jose\u0301\x00\r\nSmith ") == "José  Smith"


def test_a_text_area_keeps_its_line_breaks():
    assert answer(Field("note", "Note", "textarea"), "one\r\ntwo") == "one\ntwo"


def test_a_family_emoji_is_not_torn_apart():
    assert answer(Field("name", "Name"), "👩\u200d👧") == "👩\u200d👧"


def test_a_blank_answer_to_a_required_field_is_missing():
    assert message(Field("name", "Name", required=True), "   ") == "Fill in “Name”."


def test_an_answer_that_is_too_long_says_how_long_it_is():
    assert message(Field("name", "Name", max_length=3), "Anna") == "Shorten this to 3 characters; it has 4."


def test_a_pattern_must_match_whole_and_says_its_own_message():
    field = Field("zip", "ZIP", pattern=r"\d{5}", pattern_message="Five digits, please.")
    assert answer(field, "12345") == "12345"
    assert message(field, "123456") == "Five digits, please."


def test_a_choice_must_be_one_of_those_offered():
    field = Field("role", "Role", "select", options=(Option("cto", "CTO"), Option("cfo", "CFO")))
    assert answer(field, "cto") == "cto"
    assert message(field, "king") == "Choose one of the answers offered."


def test_several_ticks_are_kept_together():
    field = Field(
        "topics", "Topics", "checkboxes", options=(Option("a", "A"), Option("b", "B")), max_length=1
    )
    assert answer(field, "a", "b") == "a, b"


@pytest.mark.parametrize("number", ["12", "-3", "4.5", "4,5"])
def test_numbers_are_taken_with_either_decimal_sign(number):
    assert answer(Field("n", "N", "number"), number) == number.replace(",", ".")


@pytest.mark.parametrize("number", ["twelve", "1e9", "1.2.3", "٣"])
def test_what_is_no_number_is_refused(number):
    assert message(Field("n", "N", "number"), number) == "Enter a number."


def test_a_date_is_kept_as_browsers_send_it():
    assert answer(Field("renewal", "Renewal", "date"), " 2027-02-28 ") == "2027-02-28"
    assert answer(Field("renewal", "Renewal", "date"), "") == ""


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("28.2.2027", "Enter a date as year, month and day"),
        ("20270228", "Enter a date as year, month and day"),
        ("2027-W08-7", "Enter a date as year, month and day"),
        ("2027-02-28T10:00", "Enter a date as year, month and day"),
        ("٢٠٢٧-٠٢-٢٨", "Enter a date as year, month and day"),
        ("2027-02-30", "There is no such day"),
        ("0027-02-28", "Enter a year from 1900 to 2199"),
        ("9999-12-31", "Enter a year from 1900 to 2199"),
    ],
)
def test_what_is_no_date_is_refused_with_what_is_wrong(typed, said):
    assert message(Field("renewal", "Renewal", "date"), typed).startswith(said)


def test_a_required_date_that_is_missing_names_its_question():
    assert message(Field("renewal", "Renewal", "date", required=True)) == "Fill in “Renewal”."


def test_a_web_address_may_lack_its_scheme_but_not_be_a_script():
    assert answer(Field("site", "Site", "url"), "example.com/a") == "https://example.com/a"
    assert message(Field("site", "Site", "url"), "javascript://x").startswith("Enter a web address")
    assert message(Field("site", "Site", "url"), "https://[").startswith("Enter a web address")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Lead@Example.COM", "Lead@example.com"),
        (" lead+tag@example.com ", "lead+tag@example.com"),
        ("lead@münchen.de", "lead@xn--mnchen-3ya.de"),
    ],
)
def test_addresses_are_stored_in_one_form(typed, stored):
    assert read(EMAIL, typed).email == stored


@pytest.mark.parametrize("typed", ["lead", "lead@", "@example.com", "a b@example.com", "lead@example"])
def test_what_cannot_be_mailed_is_refused(typed):
    assert "such as name@example.com" in message(EMAIL, typed)


def test_letters_that_mail_cannot_carry_are_named():
    assert "Before the @" in message(EMAIL, "jörg@example.com")


def test_a_choice_that_is_missing_names_its_question():
    field = Field("role", "Your role", "select", required=True, options=(Option("cto", "CTO"),))
    assert message(field) == "Choose an answer to “Your role”."


def test_a_phone_number_becomes_e164_by_the_sites_country():
    assert read(Field("phone", "Phone", "phone"), "030 901820").phone == "+4930901820"
    assert read(Field("phone", "Phone", "phone"), "+1 202 555 0114").phone == "+12025550114"
    assert "country code" in message(Field("phone", "Phone", "phone"), "12")


def test_without_a_country_a_number_must_carry_its_code():
    phone = Field("phone", "Phone", "phone")
    found = read_form(
        make_funnel(fields=(EMAIL, phone), country=""), {"email": ["a@example.com"], "phone": ["030901820"]}
    )
    assert [each.field for each in found] == ["phone"]


def test_one_of_two_optional_contacts_is_enough_and_none_is_too_few():
    fields = (Field("email", "E-mail", "email"), Field("phone", "Phone", "phone"))
    funnel = make_funnel(fields=fields)
    assert read_form(funnel, {"phone": ["+1 202 555 0114"]}).email == ""
    assert read_form(funnel, {}) == (
        FieldError("email", "Enter an e-mail address or a phone number, so that we can reach you."),
    )


def test_every_error_is_told_at_once_in_the_order_of_the_fields():
    fields = (Field("name", "Name", required=True), EMAIL)
    consent = Consent("Yes", True, "c0ffee")
    found = read_form(make_funnel(fields=fields, consent=consent), {"email": ["x"]})
    assert [each.field for each in found] == ["name", "email", "consent"]


def test_consent_is_given_only_by_a_tick():
    for value, given in (("yes", True), ("on", True), ("", False), ("no", False), ("false", False)):
        assert (
            read_form(make_funnel(), {"email": ["a@example.com"], "consent": [value]}).consent_given is given
        )
    assert read_form(make_funnel(), {"email": ["a@example.com"]}).consent_given is False


def test_keys_that_no_field_has_are_left_out():
    assert read_form(make_funnel(), {"email": ["a@example.com"], "is_admin": ["1"]}).answers == {}


def test_only_a_filled_trap_is_one():
    assert is_trap({"_website": ["http://spam.example"]})
    assert not is_trap({"_website": [""]})
    assert not is_trap({})


def test_a_funnel_survives_its_own_json_and_the_keys_of_a_newer_build():
    from leads.funnel import funnel_from_json, funnel_to_json

    funnel = make_funnel(fields=(replace(EMAIL, options=(Option("a", "A"),)),))
    raw = {**funnel_to_json(funnel), "from_the_future": 1}
    raw["fields"] = [{**each, "colour": "red"} for each in raw["fields"]]
    assert funnel_from_json(raw) == funnel


HIDDEN = Field("source", "Where from", "hidden", max_length=10)


def test_a_hidden_field_takes_what_a_link_says():
    assert answer(HIDDEN, " spring ") == "spring"
    assert answer(HIDDEN) == ""


@pytest.mark.parametrize("values", [("x" * 11,), ("spring", "summer"), ("spring", "spring")])
def test_a_hidden_value_that_cannot_be_taken_is_left_out_since_no_visitor_could_mend_it(values):
    assert answer(HIDDEN, *values) == ""


def test_a_hidden_field_with_options_takes_no_other():
    field = replace(HIDDEN, options=(Option("a", "Letter A"), Option("b", "Letter B")))
    assert answer(field, "b") == "b"
    assert answer(field, "c") == ""
    assert field.labelled("b") == "Letter B"


@pytest.mark.parametrize(
    ("field", "values"),
    [
        (Field("email", "E-mail", "email", required=True), ("ida@nowhere",)),
        (Field("phone", "Phone", "phone"), ("12",)),
        (Field("n", "N", "number"), ("twelve",)),
        (Field("site", "Site", "url"), ("javascript://x",)),
        (Field("day", "Day", "date"), ("2027-02-30",)),
        (Field("zip", "ZIP", pattern=r"\d{5}"), ("123",)),
        (Field("role", "Role", "select", options=(Option("cto", "CTO"),)), ("king",)),
    ],
)
def test_an_author_may_say_what_cannot_be_taken(field, values):
    assert message(replace(field, invalid_message="Not that."), *values) == "Not that."
    assert message(field, *values) != "Not that."


def test_an_author_may_say_what_is_missing_also_of_the_only_way_to_reach_the_lead():
    assert message(Field("name", "Name", required=True, missing_message="Your name?")) == "Your name?"
    email = replace(EMAIL, required=False, missing_message="Your address?")
    assert read_form(make_funnel(fields=(email,)), {}) == (FieldError("email", "Your address?"),)


def test_a_patterns_own_message_comes_first_and_a_length_is_always_told():
    field = Field(
        "zip",
        "ZIP",
        pattern=r"\d*",
        pattern_message="Digits.",
        invalid_message="Wrong.",
        max_length=5,
    )
    assert message(field, "x") == "Digits."
    assert message(field, "123456") == "Shorten this to 5 characters; it has 6."
