"""`act`: a feature's page shows, its button acts once, and a link opens nothing but what it was made for."""

import json
from datetime import timedelta

import pytest

from leads import events
from tests.features.conftest import start_trial, trial_world
from tests.world import Crash, make_funnel

LINK = "do/guide/trial/start"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_changes_nothing(method):
    world = trial_world()
    before = dict(world.items)
    answer = world.act(world.link(LINK), method)
    assert answer["statusCode"] == 200
    assert "<h1>Try it?</h1>" in answer["body"]
    assert answer["headers"]["cache-control"] == "no-store"
    assert answer["headers"]["referrer-policy"] == "no-referrer"
    assert world.items == before
    assert not world.stream


def test_pressed_twice_it_is_one_event_and_one_mail():
    world = trial_world()
    link = world.link(LINK)
    assert world.act(link)["statusCode"] == 200
    world.time += timedelta(seconds=1)
    assert world.act(link)["statusCode"] == 200
    world.settle()
    assert len(world.events("trial_started")) == 1
    assert world.metrics["Acted"] == 1
    assert world.mails() == ["opt-in", "delivery", "trial-welcome"]


def test_an_action_may_lead_on_to_another_address():
    world = trial_world()
    start_trial(world)
    account = "https://trials.example/account"
    answer = world.act(world.link("do/guide/trial/account"), "GET")
    assert (answer["statusCode"], answer["headers"]["location"]) == (303, account)
    # Chromium checks a redirect after a POST against `form-action` of our policy, so a page leads on.
    answer = world.act(world.link("do/guide/trial/account"))
    assert (answer["statusCode"], answer["headers"]["Refresh"]) == (200, f"0; url={account}")
    assert account in answer["body"]


def test_an_expired_link_shows_the_way_to_a_new_one():
    world = trial_world()
    link = world.link(LINK)
    world.time += timedelta(days=5, seconds=1)
    answer = world.act(link)
    assert answer["statusCode"] == 410
    assert "expired" in answer["body"]
    assert "/guide/" in answer["body"]
    assert not world.events("trial_started")


def test_an_altered_link_and_one_for_another_purpose_are_refused():
    world = trial_world()
    link = world.link(LINK)
    unsubscribing = world.link("unsubscribe").partition("?t=")[2]
    start_trial(world)
    again = world.link("do/guide/trial/again").partition("?t=")[2]
    head = link.partition("?t=")[0]
    before = dict(world.items)
    for token in (link.partition("?t=")[2][:-2] + "AA", unsubscribing, again, "", "x"):
        answer = world.act(f"{head}?t={token}")
        assert answer["statusCode"] == 400
        assert "not complete" in answer["body"]
    assert world.items == before


def test_a_link_of_one_magnet_opens_nothing_of_another():
    world = trial_world()
    world.publish(make_funnel(slug="course", features={"trial": {"days": 3}}))
    link = world.link(LINK)
    assert world.act(link.replace("/guide/", "/course/"))["statusCode"] == 400
    assert not world.events("trial_started")


def test_what_nobody_knows_is_not_found():
    world = trial_world()
    link = world.link(LINK)
    for wrong in ("trial/stop", "trail/start", "downloads/start"):
        assert world.act(link.replace("trial/start", wrong))["statusCode"] == 404


def test_a_magnet_that_has_the_feature_no_more_or_is_gone_says_so():
    world = trial_world()
    link = world.link(LINK)
    world.publish(make_funnel())
    assert world.act(link)["statusCode"] == 410
    world.withdraw("guide")
    assert world.act(link)["statusCode"] == 410
    assert not world.events("trial_started")


def test_who_has_erased_everything_finds_the_page_that_says_so():
    world = trial_world()
    link = world.link(LINK)
    world.note(events.erased(world.time, "lead"))
    for method in ("GET", "POST"):
        answer = world.act(link, method)
        assert answer["statusCode"] == 410
        assert "is erased" in answer["body"]
    assert [each.type for each in world.events()] == ["erased"]


def test_a_button_may_post_a_form_or_json_with_the_token_in_it_or_in_the_address():
    for body, type in (
        ("wish=soon", "application/x-www-form-urlencoded"),
        ('{"wish": "soon"}', "application/json"),
    ):
        world = trial_world()
        answer = world.act(world.link(LINK), "POST", body, **{"content-type": type})
        assert "14 days. soon" in answer["body"]
    world = trial_world()
    head, _, token = world.link(LINK).partition("?t=")
    body = json.dumps({"t": token, "wish": "<b>"})
    answer = world.act(f"{head}?", "POST", body, **{"content-type": "application/json"})
    assert "14 days. &lt;b&gt;" in answer["body"]
    assert len(world.events("trial_started")) == 1


@pytest.mark.parametrize(
    ("body", "status"), [("{", 400), ('{"a": {}}', 400), ('"' + "x" * 200_000 + '"', 413)]
)
def test_a_body_that_cannot_be_read_or_is_too_large_changes_nothing(body, status):
    world = trial_world()
    answer = world.act(world.link(LINK), "POST", body, **{"content-type": "application/json"})
    assert answer["statusCode"] == status
    assert not world.events("trial_started")


def test_a_container_that_dies_before_its_answer_leaves_one_event_when_the_button_is_pressed_again():
    for point in range(1, 20):
        world = trial_world()
        link = world.link(LINK)
        world.restart()
        world.arm(point)
        try:
            world.act(link)
        except Crash:
            world.restart()
            world.act(link)
        else:
            break
        world.arm(None)
        world.settle()
        assert len(world.events("trial_started")) == 1
        assert world.mails().count("trial-welcome") == 1
    assert point > 4
