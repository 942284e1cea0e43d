"""`hook`: what a provider signed is stored once, and nothing else is stored at all."""

import base64
import json

import pytest

from leads.identity import lead_id
from leads.instants import iso
from tests.example_feature import report_body, sign
from tests.features.conftest import trial_world
from tests.world import ENVIRONMENT, START, World


def report(world: World, body: str, provider: str = "trials", **headers: str) -> dict:
    return world.hook(provider, body, **{"x-trials-signature": sign(body), **headers})


def body_of(answer: dict) -> dict:
    assert answer["headers"]["content-type"] == "application/json"
    return json.loads(answer["body"])


def test_what_is_signed_is_an_event_of_the_lead_and_a_repeated_report_is_the_same():
    world = trial_world()
    body = report_body("r1", "r2", at=world.time)
    for _ in range(2):
        answer = report(world, body)
        assert (answer["statusCode"], body_of(answer)) == (200, {"ok": True, "events": 2})
        world.settle()
    assert len(world.events("trial_used")) == 2
    assert world.lead().enrolments["guide"].features["trial"]["uses"] == 2


@pytest.mark.parametrize("signature", ["", "0" * 64, "é", sign("another body")])
def test_what_is_not_signed_is_refused_and_nothing_is_stored(signature):
    world = trial_world()
    before = dict(world.items)
    answer = report(world, report_body("r1", at=world.time), **{"x-trials-signature": signature})
    assert answer["statusCode"] == 401
    assert world.metrics["HookUnsigned"] == 1
    assert world.items == before


def test_a_request_without_any_signature_is_refused_and_is_no_failure_of_ours():
    world = trial_world()
    assert world.hook("trials", report_body("r1", at=world.time), accept="*/*")["statusCode"] == 401
    assert not world.events("trial_used")


def test_nobody_listens_to_an_unknown_provider_nor_to_one_without_a_secret(monkeypatch):
    world = trial_world()
    body = report_body("r1", at=world.time)
    assert report(world, body, "unheard-of")["statusCode"] == 404
    assert report(world, body, "unused")["statusCode"] == 404  # a secret that no feature asks for
    monkeypatch.setitem(ENVIRONMENT, "HOOK_SECRETS", "trials=")
    world.restart()
    assert report(world, body)["statusCode"] == 404
    assert not world.events("trial_used")


@pytest.mark.parametrize("body", ["{", "", "\udcff"])
def test_a_signed_body_that_cannot_be_read_is_refused(body):
    world = trial_world()
    body = body.encode("utf-8", "replace").decode()
    assert report(world, body)["statusCode"] == 400
    assert not world.events("trial_used")


def test_a_body_that_is_too_large_is_not_even_looked_at():
    world = trial_world()
    assert report(world, " " * 200_000)["statusCode"] == 413


def test_the_signature_is_of_the_bytes_that_were_sent_also_where_the_gateway_encoded_them():
    world = trial_world()
    body = report_body("r1", at=world.time)
    encoded = base64.b64encode(body.encode()).decode()
    answer = world.hook("trials", encoded, base64=True, **{"x-trials-signature": sign(body)})
    assert answer["statusCode"] == 200
    assert len(world.events("trial_used")) == 1


@pytest.mark.parametrize("email", ["LEAD@Example.COM", "lead@EXAMPLE.com"])
def test_the_provider_s_spelling_of_an_address_finds_the_same_lead(email):
    world = trial_world()
    report(world, report_body("r1", at=world.time, email=email))
    assert len(world.events("trial_used")) == 1


def test_an_address_of_another_script_and_a_number_are_brought_into_the_form_s_normal_form():
    world = trial_world()
    for who in ({"email": "ada@bücher.example"}, {"phone": "+49 30 901820"}):
        assert body_of(report(world, report_body("r1", at=world.time, **who)))["events"] == 1
    for contact in ({"email": "ada@xn--bcher-kva.example"}, {"phone": "+4930901820"}):
        assert world.wiring.ledger.events(lead_id(ENVIRONMENT["IDENTITY_KEY"], **contact))


@pytest.mark.parametrize("who", [{"email": ""}, {"email": "nobody"}, {"phone": "12"}])
def test_a_report_of_nobody_is_dropped_and_does_not_pile_up_under_one_id(who):
    world = trial_world()
    before = dict(world.items)
    answer = report(world, report_body("r1", at=world.time, **who))
    assert (answer["statusCode"], body_of(answer)["events"]) == (200, 0)
    assert world.items == before


def test_a_report_about_a_magnet_that_the_lead_never_asked_for_counts_and_changes_no_state():
    world = trial_world()
    body = json.dumps(
        {"uses": [{"magnet": "course", "report": "r", "at": START.isoformat(), "email": "lead@example.com"}]}
    )
    assert report(world, body)["statusCode"] == 200
    world.settle()
    assert set(world.lead().enrolments) == {"guide"}
    assert world.lead().score == 11


@pytest.mark.parametrize("body", ["{}", "[]", '{"uses": [5]}', "[" * 100_000, "5", "no JSON"])
def test_a_signed_body_of_another_shape_is_refused_and_is_no_failure_of_ours(body):
    world = trial_world()
    assert report(world, body)["statusCode"] == 400
    assert not world.events("trial_used")


def test_no_log_line_quotes_a_body(caplog):
    body = report_body("r1", at=START).replace(iso(START), "secret.person@example.com")
    assert "secret.person" in body
    assert report(trial_world(), body)["statusCode"] == 400
    (line,) = (each for each in caplog.records if "could not be read" in each.getMessage())
    assert line.exc_info is None
    assert "secret.person" not in str(vars(line))
