"""What clients other than a well-behaved browser send, and what must not come of it."""

import json
from dataclasses import replace
from urllib.parse import quote

import pytest

from aws.mailer import Mailer, Refused
from handlers import confirm, react, unsubscribe
from leads.events import SendId
from leads.folding import fold
from leads.funnel import Field, Option
from leads.letter import Letter, write_letter
from leads.rules import DEFAULT
from tests.world import ClientError, World, http, make_funnel, make_mail

JSON = {"content-type": "application/json"}


def test_the_longest_answers_that_a_form_allows_are_taken_in_any_script():
    fields = (*make_funnel().fields, *(Field(name, name, "textarea", max_length=4000) for name in "ab"))
    world = World(make_funnel(fields=fields))
    emoji, han = quote("🦊" * 4000), quote("書" * 4000)
    assert world.post(f"email=lead%40example.com&a={emoji}&b={han}")["statusCode"] == 303
    assert world.events("submitted")[0].data["answers"] == {"a": "🦊" * 4000, "b": "書" * 4000}


def test_half_a_surrogate_pair_in_json_reaches_neither_table_nor_answer():
    world = World()
    body = '{"email": "lead@example.com", "first_name": "\\ud800", "_tz": "\\ud800", "_landing": "\\udfff"}'
    assert world.post(body, **JSON)["statusCode"] == 200
    for item in world.items.values():
        json.dumps(item, ensure_ascii=False).encode()
    wrong = world.post('{"email": "\\ud800"}', accept="text/html", **JSON)
    wrong["body"].encode()


@pytest.mark.parametrize("handler", [confirm, unsubscribe])
@pytest.mark.parametrize("body", ['{"t": []}', '{"t": null}', '{"t": "\\ud800"}', "[]", ""])
def test_a_json_body_without_a_token_is_an_incomplete_link_and_no_error_of_ours(handler, body):
    world = World()
    assert handler.respond(http("POST", body, headers=JSON), world.wiring)["statusCode"] == 400


MULTIPART = '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'


@pytest.mark.parametrize(
    ("kind", "body", "how"),
    [
        ("multipart/form-data; boundary=x", MULTIPART, "one-click"),
        ("application/x-www-form-urlencoded", "List-Unsubscribe=One-Click", "one-click"),
        ("application/json", "", "page"),
        ("application/json", "{", "page"),
        ("application/x-www-form-urlencoded", "&".join(["a=1"] * 500), "page"),
    ],
)
def test_one_click_works_as_multipart_too_and_no_body_keeps_anybody_on_the_list(kind, body, how):
    world = World()
    world.sign_up()
    query = world.link("unsubscribe").partition("?")[2]
    event = http("POST", body, query=query, headers={"content-type": kind})
    assert unsubscribe.respond(event, world.wiring)["statusCode"] == 200
    assert [each.data["how"] for each in world.events("unsubscribed")] == [how]


def test_a_page_that_asked_for_json_in_its_referer_is_still_answered_with_a_page():
    world = World()
    answer = world.post("x" * 200_000, referer="https://press.example/?q=application/json")
    assert answer["headers"]["content-type"].startswith("text/html")


def test_the_error_page_never_ticks_the_consent_for_the_visitor():
    world = World()
    for value, ticked in (("", False), ("no", False), ("yes", True)):
        body = world.post(f"email=nonsense&consent={value}")["body"]
        assert ("id=consent checked" in body) is ticked


def test_an_option_that_its_author_wrote_in_decomposed_letters_can_be_chosen():
    decomposed = "Cafe\u0301"
    role = Field("place", "Place", "select", options=(Option(decomposed, decomposed),))
    world = World(make_funnel(fields=(*make_funnel().fields, role)))
    assert world.post(f"email=lead%40example.com&place={quote(decomposed)}")["statusCode"] == 303


def test_a_mail_can_say_the_phone_number_and_an_address_field_of_any_name():
    fields = (Field("work_email", "E-mail", "email", required=True), Field("mobile", "Phone", "phone"))
    funnel = make_funnel(fields=fields)
    world = World(funnel)
    world.post("work_email=lead%40example.com&mobile=030+901820")
    lead = fold(world.lead_id(), world.events(), DEFAULT)
    from leads.placeholders import Placeholder

    mail = replace(make_mail("first"), text=(Placeholder("work_email"), " ", Placeholder("mobile")))
    letter = write_letter(mail, funnel, lead, SendId("guide", "first", 0, 1), world.wiring.signer, world.time)
    assert letter.text == "lead@example.com +4930901820"


def test_one_stream_record_that_fails_does_not_keep_the_leads_behind_it_waiting():
    world = World()
    world.post("email=one%40example.com")
    world.post("email=two%40example.com")
    broken = {"dynamodb": {"NewImage": {"pk": {"S": "LEAD#x"}}, "SequenceNumber": "0"}}
    answer = react.respond({"Records": [broken, *world.stream]}, world.wiring)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}
    assert len(world.messages) == 2


def _letter() -> Letter:
    world = World()
    world.sign_up()
    lead = fold(world.lead_id(), world.events(), DEFAULT)
    send = SendId("guide", "first", 0, 1)
    return write_letter(make_mail("first"), world.funnel, lead, send, world.wiring.signer, world.time)


class _Refusing:
    def __init__(self, error: Exception):
        self.error = error

    def send_email(self, **request: object) -> dict:
        raise self.error


def _error(code: str, status: int, message: str = "") -> ClientError:
    error = ClientError(code, status)
    error.args = (f"An error occurred ({code}) when calling the SendEmail operation: {message}",)
    return error


@pytest.mark.parametrize(
    ("error", "retry"),
    [
        (
            _error("MessageRejected", 400, "Email address is not verified. These failed: a@press.example"),
            True,
        ),
        (_error("MessageRejected", 400, "Address blacklisted."), False),
        (_error("BadRequestException", 400), False),
        (_error("AccessDeniedException", 403), True),
        (_error("InvalidSignatureException", 403), True),
    ],
)
def test_a_refusal_is_final_only_where_it_is_about_the_mail_itself(error, retry):
    outcome = Mailer(_Refusing(error), "mail").send(_letter())
    assert outcome == Refused(error.response["Error"]["Code"], retry)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (_error("TooManyRequestsException", 429), "TooManyRequestsException"),
        (_error("ThrottlingException", 400, "Maximum sending rate exceeded."), "ThrottlingException"),
        (_error("ThrottlingException", 400, "Daily message quota exceeded."), "daily quota"),
        (_error("LimitExceededException", 400), "LimitExceededException"),
        (_error("SendingPausedException", 400), "SendingPausedException"),
    ],
)
def test_being_too_fast_says_nothing_of_the_mail(error, reason):
    assert Mailer(_Refusing(error), "mail").send(_letter()) == Refused(reason, retry=True, throttled=True)


@pytest.mark.parametrize(
    ("script", "known"),
    [
        ("", "Europe/Dublin"),
        ("&_tz=Asia/Tokyo", "Asia/Tokyo"),
        ("&_tz=Mars/Olympus", "Europe/Dublin"),
        ("&_tz=..%2F..%2Fetc%2Fpasswd", "Europe/Dublin"),
        ("&_tz=Etc%2FUnknown", "Europe/Dublin"),
    ],
)
def test_where_no_script_names_a_time_zone_that_exists_the_cdn_does(script, known):
    world = World()
    world.post(f"email=lead%40example.com{script}", **{"cloudfront-viewer-time-zone": "Europe/Dublin"})
    assert world.events("submitted")[0].data["time_zone"] == known


def test_where_nobody_knows_the_time_zone_none_is_stored_and_the_sites_counts():
    world = World()
    world.post("email=lead%40example.com&_tz=Mars/Olympus", **{"cloudfront-viewer-time-zone": "x" * 300})
    assert "time_zone" not in world.events("submitted")[0].data
