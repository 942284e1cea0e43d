"""Definition and code deploy in either order: each reads what the other's older or newer half wrote."""

import json
from pathlib import Path

from leads.features.downloads import assets_of
from leads.funnel import Funnel, funnel_from_json, funnel_to_json
from tests.world import World, make_funnel

#: As the build wrote it before there were `pages` and `features`.
BEFORE = Path(__file__).parent / "definition-before-features.json"


def test_a_definition_of_before_features_loads_whole():
    funnel = funnel_from_json(json.loads(BEFORE.read_text("utf-8")))
    assert isinstance(funnel, Funnel)
    assert funnel.pages == make_funnel().pages
    assert assets_of(funnel) == assets_of(make_funnel())
    assert [each.slug for each in funnel.steps] == ["first", "second"]
    assert (funnel.open_ended, funnel.owner_email) == (False, "")


def test_a_magnet_of_before_features_that_had_no_file_has_no_downloads():
    raw = json.loads(BEFORE.read_text("utf-8")) | {"assets": []}
    assert funnel_from_json(raw).features == {}


def test_a_lead_is_served_by_a_definition_of_before_features():
    world = World()
    item = world.items["MAGNET#guide", "FUNNEL"]
    world.items["MAGNET#guide", "FUNNEL"] = {**item, "body": {"S": BEFORE.read_text("utf-8")}}
    world.restart()
    world.sign_up()
    assert world.download(world.link("download"))["statusCode"] == 302
    assert world.mails() == ["opt-in", "delivery"]


def test_functions_of_before_features_find_every_key_they_need_in_what_is_written_now():
    before = json.loads(BEFORE.read_text("utf-8"))
    now = json.loads(json.dumps(funnel_to_json(make_funnel())))
    assert set(before) <= set(now)
    for key in ("assets", "thanks_url", "call_url", "confirmed_url"):
        assert now[key] == before[key]


def test_what_is_written_now_is_read_again_as_it_was():
    funnel = make_funnel(open_ended=True, owner_email="owner@press.example")
    assert funnel_from_json(json.loads(json.dumps(funnel_to_json(funnel)))) == funnel
