"""`scoring:` and `owner_email:` of site.yaml: read, refused with a remedy, and part of what is published."""

from pathlib import Path

import yaml

from lodestone.build.definition import site_rules
from lodestone.build.load import load_site


def load(root: Path, **keys: object):
    """The bundled site file of the starter with more keys."""
    known = {
        "name": "The Press",
        "base_url": "https://press.example",
        "sender": {"name": "Ann", "email": "ann@press.example"},
        "postal_address": "1 Example Street",
    }
    (root / "site").mkdir(exist_ok=True)
    (root / "site" / "site.yaml").write_text(yaml.safe_dump(known | keys))
    return load_site(root)


def test_points_and_stages_of_the_owner_become_the_rules(tmp_path):
    site, problems = load(tmp_path, scoring={"points": {"clicked": "3", "booked": "-5"}, "warm": 5, "hot": 9})
    assert not problems
    rules = site_rules(site.front)
    assert (dict(rules.points), rules.warm, rules.hot) == ({"clicked": 3, "booked": -5}, 5, 9)


def test_points_for_what_nobody_does_are_refused_with_the_nearest_word(tmp_path):
    site, problems = load(tmp_path, scoring={"points": {"cliked": 3}})
    assert site is None
    (problem,) = problems
    assert problem.message == "no points are given for `cliked`"
    assert "did you mean `clicked`" in problem.help
    assert problem.line > 1


def test_points_for_the_ledger_s_own_events_are_refused(tmp_path):
    _, problems = load(tmp_path, scoring={"points": {"mailed": 3}})
    assert [each.message for each in problems] == ["no points are given for `mailed`"]


def test_hot_must_be_above_warm(tmp_path):
    _, problems = load(tmp_path, scoring={"warm": 9, "hot": 9})
    assert [each.message for each in problems] == ["a hot lead has a higher score than a warm one"]


def test_an_owner_s_address_that_is_none_is_told(tmp_path):
    _, problems = load(tmp_path, owner_email="nobody")
    assert [each.message for each in problems] == ["`nobody` is no e-mail address"]


def test_points_for_a_return_are_the_owner_s_too(tmp_path):
    site, problems = load(tmp_path, scoring={"points": {"downloaded_again": 20}})
    assert not problems
    assert site_rules(site.front).points == {"downloaded_again": 20}
    _, problems = load(tmp_path, scoring={"points": {"clicked_again": 20}})
    assert [each.message for each in problems] == ["no points are given for `clicked_again`"]
