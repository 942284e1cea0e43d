"""Ids and signed links."""

from datetime import timedelta

import pytest

from leads.identity import lead_id
from leads.link_types import lifetime_of
from leads.tokens import ExpiredToken, InvalidToken, Signer
from tests.world import START


def test_the_id_is_the_same_for_the_same_person_and_tells_nothing_of_the_address():
    one = lead_id("key", email="Ann@example.com")
    assert one == lead_id("key", email="ann@example.com")
    assert one != lead_id("other", email="ann@example.com")
    assert one != lead_id("key", email="bob@example.com")
    assert len(one) == 26
    assert set(one) <= set("abcdefghijklmnopqrstuvwxyz234567")


def test_an_address_and_a_phone_number_never_share_an_id():
    assert lead_id("key", email="+1202") != lead_id("key", phone="+1202")


def test_the_address_wins_where_both_are_known():
    assert lead_id("key", email="a@example.com", phone="+1202") == lead_id("key", email="a@example.com")


def test_a_token_carries_its_payload_until_it_expires():
    signer = Signer(["key"])
    token = signer.sign("confirm", ["lead", "guide", 1], START)
    assert signer.read("confirm", token, START + timedelta(days=6, hours=23), lifetime_of("confirm")) == [
        "lead",
        "guide",
        1,
    ]
    with pytest.raises(ExpiredToken) as caught:
        signer.read("confirm", token, START + timedelta(days=7, seconds=1), lifetime_of("confirm"))
    assert caught.value.payload == ["lead", "guide", 1]


def test_a_token_is_for_one_purpose_and_cannot_be_altered():
    signer = Signer(["key"])
    token = signer.sign("confirm", ["lead"], START)
    with pytest.raises(InvalidToken):
        signer.read("unsubscribe", token, START, lifetime_of("unsubscribe"))
    with pytest.raises(InvalidToken):
        signer.read("confirm", token[:-1] + ("A" if token[-1] != "A" else "B"), START, lifetime_of("confirm"))
    with pytest.raises(InvalidToken):
        Signer(["other"]).read("confirm", token, START, lifetime_of("confirm"))


def test_links_already_mailed_outlive_a_new_key():
    token = Signer(["old"]).sign("download", ["lead"], START)
    assert Signer(["old", "new"]).read("download", token, START, lifetime_of("download")) == ["lead"]
    fresh = Signer(["old", "new"]).sign("download", ["lead"], START)
    with pytest.raises(InvalidToken):
        Signer(["old"]).read("download", fresh, START, lifetime_of("download"))


def test_a_token_never_holds_an_address():
    assert "@" not in Signer(["key"]).sign("confirm", ["abc", "guide", 1], START)
