"""The lead's whole way through the real handlers: form, opt-in, delivery, drip, unsubscribe."""

import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest

from handlers import capture
from leads.funnel import Consent, Field, Step
from tests.world import DAY, ClientError, World, http, make_funnel


def test_a_submitted_form_brings_the_opt_in_mail_and_nothing_else_until_it_is_confirmed():
    world = World()
    answer = world.post("email=lead%40example.com&consent=yes")
    assert (answer["statusCode"], answer["headers"]["location"]) == (303, "/guide/thanks/")
    world.advance(days=60)
    assert world.mails() == ["opt-in"]


def test_confirming_brings_the_delivery_and_then_each_step_when_its_author_said():
    world = World()
    world.sign_up()
    assert world.mails() == ["opt-in", "delivery"]
    world.advance(days=30)
    assert world.mails() == ["opt-in", "delivery", "first", "second"]
    delivery, first, second = (each["at"] for each in world.sent[1:])
    assert first - delivery == timedelta(days=2)
    assert second == datetime(2026, 3, 8, 8, 0, tzinfo=UTC)  # the next 09:00 in Berlin after three more days
    assert [each.type for each in world.events("finished")] == ["finished"]


def test_seconds_in_the_queue_push_no_mail_past_its_hour():
    steps = tuple(Step(f"day-{day}", DAY, "09:00") for day in range(5))
    world = World(make_funnel(steps=steps))
    world.sign_up()
    while world.schedules:
        world.time = min(due for due, _ in world.schedules.values()) + timedelta(seconds=40)  # a slow worker
        world.fire_schedules()
        world.settle()
    first, *_, last = (each["at"] for each in world.sent[2:])
    assert last - first < timedelta(days=4, minutes=10)


def test_a_mail_that_was_held_up_for_long_does_not_bring_the_rest_at_once():
    world = World(make_funnel(steps=tuple(Step(f"step-{n}", DAY) for n in range(3))))
    world.sign_up()
    world.time += timedelta(days=10)  # nothing ran
    world.advance(hours=1)
    assert world.mails()[2:] == ["step-0"]
    world.advance(days=1)
    assert world.mails()[2:] == ["step-0", "step-1"]


def test_a_delay_of_a_minute_is_a_minute():
    world = World(make_funnel(steps=(Step("first", 60), Step("second", 20))))
    world.sign_up()
    assert world.mails() == ["opt-in", "delivery"]
    world.advance(minutes=2)
    delivery, first, second = (each["at"] for each in world.sent[1:])
    assert first - delivery == timedelta(seconds=60)
    assert second - first == timedelta(seconds=20)


def test_a_schedule_that_fires_early_and_lingers_loses_no_mail():
    world = World()
    world.sign_up()
    ((due, body),) = world.schedules.values()
    world.time = due - timedelta(seconds=3)
    world.deliver_message(body)  # fired, and not deleted yet: its name is still taken
    assert world.mails()[-1] == "delivery"
    assert len(world.schedules) == 2
    world.advance(minutes=1)
    assert world.mails()[-1] == "first"


def test_without_the_separate_tick_the_lead_gets_the_delivery_and_no_sequence():
    world = World()
    world.sign_up(extra="")
    world.advance(days=60)
    assert world.mails() == ["opt-in", "delivery"]


def test_unsubscribing_ends_everything_and_works_any_number_of_times():
    world = World()
    world.sign_up()
    link = world.link("unsubscribe")
    assert [world.unsubscribe(link, body="List-Unsubscribe=One-Click")["statusCode"] for _ in range(3)] == [
        200
    ] * 3
    world.advance(days=60)
    assert world.mails() == ["opt-in", "delivery"]
    assert {each.data["how"] for each in world.events("unsubscribed")} == {"one-click"}


def test_looking_at_a_link_changes_nothing():
    world = World()
    world.post("email=lead%40example.com&consent=yes")
    world.settle()
    before = dict(world.items)
    assert world.confirm(world.link("confirm"), "GET")["statusCode"] == 200
    assert world.confirm(world.link("confirm"), "HEAD")["statusCode"] == 200
    world.sign_up()
    kept = [each for each in world.items if each[1].startswith("EVENT#")]
    assert world.unsubscribe(world.link("unsubscribe"), "GET")["statusCode"] == 200
    assert [each for each in world.items if each[1].startswith("EVENT#")] == kept
    assert len(before) < len(world.items)


def test_the_opt_in_mail_says_nothing_a_visitor_typed():
    world = World()
    world.post("email=victim%40example.com&first_name=Buy+pills&consent=yes")
    world.settle()
    assert "pills" not in json.dumps(world.sent, default=str)
    assert "List-Unsubscribe" not in world.sent[0]["headers"]


def test_delivery_and_drip_mails_carry_one_click_unsubscribe():
    world = World()
    world.sign_up()
    headers = world.sent[1]["headers"]
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Unsubscribe"] == f"<{world.link('unsubscribe', 'delivery')}>"
    assert headers["List-Id"] == "The Guide <guide.press.example>"


def test_a_double_click_stores_one_submission_and_sends_one_mail():
    world = World()
    for _ in range(3):
        assert world.post("email=lead%40example.com&consent=yes")["statusCode"] == 303
    world.settle()
    assert world.mails() == ["opt-in"]
    assert len(world.events("submitted")) == 1


def test_capture_is_one_write_and_no_other_call_once_the_funnel_is_known():
    world = World()
    world.post("email=first%40example.com")
    world.calls.clear()
    world.post("email=second%40example.com&consent=yes")
    assert world.calls == ["put_item"]


def test_the_answer_is_the_same_for_a_known_and_an_unknown_address():
    world = World()
    first = world.post("email=lead%40example.com&consent=yes")
    world.settle()
    world.confirm(world.link("confirm"))
    world.advance(days=1)
    assert world.post("email=lead%40example.com&consent=yes") == first


def test_asking_again_after_a_while_sends_the_delivery_again_but_no_step_twice():
    world = World()
    world.sign_up()
    world.advance(days=30)
    world.post("email=lead%40example.com&first_name=Ida&consent=yes")
    world.advance(days=30)
    assert world.mails() == ["opt-in", "delivery", "first", "second", "delivery"]


def test_a_stranger_can_make_us_send_three_opt_in_mails_a_day_at_most():
    world = World()
    for minute in range(0, 600, 15):
        world.post(f"email=victim%40example.com&first_name=try{minute}")
        world.advance(minutes=15)
    assert world.mails() == ["opt-in"] * 3


def test_an_unsubscribed_lead_comes_back_only_by_confirming_again_even_with_single_opt_in():
    world = World(make_funnel(opt_in="single"))
    world.post("email=lead%40example.com&consent=yes")
    world.settle()
    world.unsubscribe(world.link("unsubscribe"))
    world.advance(days=1)
    world.post("email=lead%40example.com&consent=yes&first_name=Ida")
    world.advance(days=5)
    assert world.mails() == ["delivery", "opt-in"]
    assert world.confirm(world.link("confirm"))["statusCode"] == 303
    world.advance(days=5)
    assert world.mails() == ["delivery", "opt-in", "delivery", "first"]


def test_confirming_an_old_opt_in_mail_after_unsubscribing_does_not_bring_the_mails_back():
    world = World()
    world.sign_up()
    old = world.link("confirm", "opt-in")
    world.advance(hours=1)
    world.unsubscribe(world.link("unsubscribe"))
    assert world.confirm(old)["statusCode"] == 409
    world.advance(days=60)
    assert world.mails() == ["opt-in", "delivery"]


def test_a_tick_that_comes_later_counts_only_after_it_is_confirmed():
    world = World()
    world.sign_up(extra="")
    world.advance(days=1)
    world.post("email=lead%40example.com&first_name=Ida&consent=yes")
    world.advance(days=30)
    assert world.mails() == ["opt-in", "delivery", "opt-in"]
    world.post("email=lead%40example.com&first_name=Ida&consent=yes")
    world.settle()
    world.confirm(world.link("confirm"))
    world.advance(days=30)
    assert world.mails()[-3:] == ["delivery", "first", "second"]


def test_consent_that_a_second_button_adds_opens_the_sequence_at_once():
    world = World()
    world.post("email=lead%40example.com")
    world.settle()
    without = world.link("confirm")
    world.advance(minutes=1)
    world.post("email=lead%40example.com&consent=yes")
    world.settle()
    with_consent = world.link("confirm")
    world.confirm(without)
    world.settle()
    world.confirm(with_consent)
    world.advance(days=30)
    assert world.mails() == ["opt-in", "opt-in", "delivery", "first", "second"]


def test_with_single_opt_in_the_delivery_comes_at_once():
    world = World(make_funnel(opt_in="single"))
    world.post("email=lead%40example.com&consent=yes")
    world.settle()
    assert world.mails() == ["delivery"]


def test_a_lead_known_by_phone_alone_is_stored_and_gets_no_mail():
    fields = (Field("email", "E-mail", "email"), Field("phone", "Phone", "phone"))
    world = World(make_funnel(fields=fields))
    answer = world.post("phone=030+901820&consent=yes")
    assert answer["headers"]["location"] == "/guide/call/"
    world.advance(days=60)
    assert world.sent == []
    assert world.events("submitted")[0].data["phone"] == "+4930901820"


def test_a_form_arrives_base64_encoded_as_http_api_sends_it():
    world = World()
    event = http("POST", b64encode(b"email=lead%40example.com").decode(), {"magnet": "guide"}, base64=True)
    assert capture.respond(event, world.wiring)["statusCode"] == 303


def test_json_is_taken_and_answered_as_json():
    world = World()
    kind = {"content-type": "application/json"}
    answer = world.post(json.dumps({"email": "lead@example.com", "consent": True}), **kind)
    assert json.loads(answer["body"]) == {"ok": True, "next": "/guide/thanks/"}
    wrong = world.post(json.dumps({"email": "lead@"}), **kind)
    assert wrong["statusCode"] == 422
    assert [each["field"] for each in json.loads(wrong["body"])["errors"]] == ["email"]


def test_wrong_input_comes_back_filled_in_with_its_error_and_the_landing_page_kept():
    world = World()
    landing = "https://press.example/guide/?utm_source=letter"
    answer = world.post("email=nonsense&first_name=%3Cb%3E&consent=yes", referer=landing)
    assert answer["statusCode"] == 422
    body = answer["body"]
    assert 'value="nonsense" aria-invalid="true"' in body
    assert "&lt;b&gt;" in body
    assert 'href="#email"' in body
    assert 'id="email-error"' in body
    assert "id=consent checked" in body
    assert f'name="_landing" value="{landing}"' in body


def test_the_touches_survive_without_javascript_and_an_error_page_in_between():
    world = World()
    landing = "https://press.example/guide/?utm_source=letter&gclid=abc&password=x"
    world.post("email=lead%40example.com", referer=landing)
    world.advance(days=1)
    body = "email=lead%40example.com&first_name=Ida&_landing=https%3A%2F%2Fpress.example%2Fguide%2F%3Futm_source%3Dad"
    world.post(body, referer="https://press.example/api/leads/guide")
    world.settle()
    profile = json.loads(world.items[f"LEAD#{world.lead_id()}", "PROFILE"]["profile"]["S"])
    assert profile["first_touch"] == {"landing": "/guide/", "utm_source": "letter", "gclid": "abc"}
    assert profile["last_touch"]["utm_source"] == "ad"


def test_the_consent_is_stored_word_for_word_with_hash_time_source_and_build():
    world = World()
    world.post("email=lead%40example.com&consent=yes&_build=b9", referer="https://press.example/guide/")
    event = world.events("submitted")[0]
    assert event.at == world.time
    assert event.data["consent"] == {
        "given": True,
        "text": "Yes, write to me.",
        "hash": "c0ffee",
        "purpose": "marketing-email",
        "source": "/guide/",
        "build": "b9",
    }


def test_a_page_that_showed_an_older_consent_text_asks_again():
    world = World()
    answer = world.post("email=lead%40example.com&consent=yes&_consent=0ld")
    assert answer["statusCode"] == 422
    assert "wording has changed" in answer["body"]


def test_a_machine_that_fills_the_hidden_field_is_thanked_and_forgotten():
    world = World()
    assert world.post("email=bot%40example.com&_website=spam")["statusCode"] == 303
    assert not [key for key in world.items if key[0].startswith("LEAD#")]


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        ("x" * 140_000, {}, 413),
        ("&".join(f"a{n}=1" for n in range(1300)), {}, 400),
        ("[1]", {"content-type": "application/json"}, 400),
        ("{", {"content-type": "application/json"}, 400),
        ('{"email": {"a": 1}}', {"content-type": "application/json"}, 400),
    ],
)
def test_a_body_that_is_no_form_is_refused_and_stores_nothing(body, headers, status):
    world = World()
    assert world.post(body, **headers)["statusCode"] == status
    assert not [key for key in world.items if key[0].startswith("LEAD#")]


def test_an_unknown_magnet_is_not_found():
    assert World().post("email=lead%40example.com", path="nothing")["statusCode"] == 404


def test_the_download_link_leads_to_the_file_and_is_noted_once_a_day():
    world = World()
    world.sign_up()
    link = world.link("download", "delivery")
    for _ in range(2):
        answer = world.download(link)
        assert answer["statusCode"] == 302
        assert answer["headers"]["location"].startswith("https://bucket.example/guide/abc/guide.pdf")
    assert [each.data["by"] for each in world.events("downloaded")] == ["person"]


def test_a_look_at_the_download_link_notes_nothing():
    world = World()
    world.sign_up()
    assert world.download(world.link("download", "delivery"), method="HEAD")["statusCode"] == 302
    assert world.events("downloaded") == []


def test_an_expired_link_says_so_and_leads_back_to_the_offer():
    world = World()
    world.sign_up()
    link = world.link("download", "delivery")
    world.time += timedelta(days=31)
    answer = world.download(link)
    assert answer["statusCode"] == 410
    assert "/guide/" in answer["body"]


def test_a_mangled_link_is_refused_without_a_traceback():
    world = World()
    world.sign_up()
    confirm = world.link("confirm", "opt-in")
    for link in ("?t=", "?t=abc", confirm[:-3], confirm.replace("t=", "t=x"), world.link("unsubscribe")):
        assert world.confirm(link)["statusCode"] == 400


def test_a_token_for_one_purpose_opens_no_other():
    world = World()
    world.sign_up()
    assert world.unsubscribe(world.link("download"))["statusCode"] == 400


def test_a_refusal_that_may_pass_is_tried_again_later_and_sent_once():
    world = World()
    world.refusals = [ClientError("TooManyRequestsException", 429)] * 2
    world.post("email=lead%40example.com&consent=yes")
    world.settle()
    assert world.mails() == []
    world.advance(hours=1)
    assert world.mails() == ["opt-in"]
    assert world.sent[0]["attempt"] == 3


def test_a_step_that_is_refused_for_now_is_tried_again_after_the_pause_and_not_after_its_own_delay():
    world = World()
    world.sign_up()
    world.refusals = [ClientError("TooManyRequestsException", 429)] * 2
    world.advance(days=2, minutes=30)
    assert world.mails() == ["opt-in", "delivery", "first"]
    assert world.sent[-1]["attempt"] == 3


def test_a_refusal_that_lasts_for_weeks_loses_no_mail():
    world = World()
    world.post("email=lead%40example.com&consent=yes")
    world.refusals = [ClientError("SendingPausedException")] * 15
    world.advance(days=20)
    assert world.mails() == ["opt-in"]


def test_a_claim_whose_answer_was_lost_is_known_for_our_own():
    world = World()
    world.post("email=lead%40example.com&consent=yes")
    world.repeat_puts = True  # the SDK puts again what it had no answer to
    world.settle()
    assert world.mails() == ["opt-in"]


def test_a_stranger_cannot_put_words_into_a_confirmed_leads_mails():
    world = World()
    world.sign_up()
    world.advance(hours=1)
    world.post("email=lead%40example.com&first_name=Buy+pills&consent=yes")
    world.advance(days=30)
    assert "pills" not in json.dumps(world.sent, default=str)
    assert "Ida" in world.sent[-1]["text"]


def test_what_a_lead_confirms_of_themselves_counts():
    world = World()
    world.sign_up()
    world.advance(hours=1)
    world.unsubscribe(world.link("unsubscribe"))
    world.advance(hours=1)
    world.post("email=lead%40example.com&first_name=Ada&consent=yes")
    world.settle()
    world.confirm(world.link("confirm"))
    world.settle()
    assert "Ada" in world.sent[-1]["text"]


def test_with_single_opt_in_nothing_that_could_be_a_link_enters_a_mail():
    for words in ("see+spam.example%2Fx", "https%3A%2F%2Fspam.example", "www.spam", "a%40b.example"):
        world = World(make_funnel(opt_in="single"))
        world.post(f"email=victim%40example.com&first_name={words}")
        world.settle()
        assert "spam" not in world.sent[0]["text"].replace(world.link("download"), "")
        assert "delivery for there" in world.sent[0]["text"]


def test_many_forms_bomb_a_mailbox_no_better_than_one():
    world = World()
    for number in range(12):
        world.publish(make_funnel(slug=f"guide-{number}"))
        world.post("email=victim%40example.com", path=f"guide-{number}")
        world.advance(minutes=15)
    assert world.mails() == ["opt-in"] * 6


def test_the_profile_fits_a_write_unit_and_follows_the_mails():
    world = World(make_funnel(consent=Consent("Yes, " + "write to me. " * 40, False, "c0ffee")))
    world.sign_up()
    world.advance(days=30)
    item = world.items[f"LEAD#{world.lead_id()}", "PROFILE"]
    assert sum(len(name) + len(next(iter(value.values()))) for name, value in item.items()) < 1024
    profile = json.loads(item["profile"]["S"])
    assert profile["enrolments"]["guide"]["mails"] == len(world.mails())
    assert profile["enrolments"]["guide"]["last_mail"] == "second"
    assert profile["enrolments"]["guide"]["finished_at"]
    assert "Yes, write" not in item["profile"]["S"]


def test_a_mail_that_ses_rejects_for_good_does_not_stop_the_sequence():
    world = World()
    world.sign_up()
    world.refusals = [ClientError("MessageRejected")]
    world.advance(days=30)
    assert world.mails() == ["opt-in", "delivery", "second"]


def test_a_timeout_of_ses_leaves_the_mail_unknown_and_it_is_never_sent_again():
    world = World()
    world.sign_up()
    world.refusals = [TimeoutError("read timed out")]
    world.time += timedelta(days=2)
    world.fire_schedules()
    body = world.messages.pop()
    assert world.deliver_message(body) == {"batchItemFailures": [{"itemIdentifier": "m"}]}
    world.deliver_message(body)
    world.advance(days=30)
    assert world.mails() == ["opt-in", "delivery", "second"]


def test_steps_may_be_added_dropped_and_reordered_while_a_lead_is_in_flight():
    world = World()
    world.sign_up()
    world.advance(days=2, minutes=5)
    assert world.mails()[-1] == "first"
    steps = (Step("new-before", DAY), Step("first", DAY), Step("third", DAY), Step("second", DAY))
    world.publish(make_funnel(steps=steps))
    world.advance(days=30)
    assert world.mails()[-3:] == ["first", "third", "second"]


def test_a_step_added_after_the_end_is_for_leads_who_come_later():
    world = World()
    world.sign_up()
    world.advance(days=30)
    world.publish(make_funnel(steps=(*make_funnel().steps, Step("third", DAY))))
    world.reconcile()
    world.advance(days=30)
    assert "third" not in world.mails()


def _report(world: World, type: str, **detail) -> str:
    mail = world.sent[-1]
    stamp = world.time.isoformat()
    key = type[:1].lower() + type[1:]
    tags = {"lead": [mail["lead"]], "send": [mail["send"]]}
    body = {
        "eventType": type,
        "mail": {"messageId": mail["id"], "timestamp": stamp, "tags": tags},
        key: detail,
    }
    return json.dumps({"source": "aws.ses", "detail": body})


@pytest.mark.parametrize(
    ("type", "detail", "stopped"),
    [
        ("Bounce", {"bounceType": "Permanent", "bounceSubType": "General"}, True),
        ("Bounce", {"bounceType": "Transient", "bounceSubType": "MailboxFull"}, False),
        ("Complaint", {"complaintFeedbackType": "abuse"}, True),
        ("Complaint", {"complaintFeedbackType": "not-spam"}, False),
        ("Delivery", {}, False),
        ("Something New", {}, False),
    ],
)
def test_what_ses_reports_stops_the_mails_where_it_must(type, detail, stopped):
    world = World()
    world.sign_up()
    report = _report(world, type, **detail)
    for _ in range(2):
        assert world.report(report) == {"batchItemFailures": []}
    world.advance(days=30)
    assert (world.mails() == ["opt-in", "delivery"]) is stopped


def test_a_report_that_is_none_goes_back_to_the_queue():
    assert World().report("{}") == {"batchItemFailures": [{"itemIdentifier": "m"}]}


def test_a_new_container_knows_nothing_and_needs_nothing():
    world = World()
    world.sign_up()
    world.schedules.clear()
    world.restart()
    world.reconcile()
    world.advance(days=30)
    assert world.mails() == ["opt-in", "delivery", "first", "second"]
