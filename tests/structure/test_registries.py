"""Registries that are written by hand hold everything there is: features, event types, and what reads them."""

import json
import re
from pathlib import Path

import pytest

from leads import events
from leads.event_table import EVENT_TYPES, NOT_STREAMED
from leads.events import Event
from leads.feature import Feature, action_purpose
from leads.features import FEATURES
from leads.link_types import LINK_TYPES, lifetime_of
from leads.mail_types import MAIL_TYPES, SERVICE_MAILS, STILL_THERE
from tests.world import START

ROOT = Path(__file__).resolve().parents[2]


def modules(folder: Path) -> set[str]:
    return {path.stem for path in folder.glob("*.py") if path.stem != "__init__"}


def test_every_file_of_features_is_registered_under_its_name():
    assert set(FEATURES) == modules(ROOT / "functions" / "leads" / "features")


def test_the_stream_leaves_out_exactly_the_types_that_say_so():
    text = (ROOT / "template.yaml").read_text()
    (listed,) = re.findall(r'"anything-but": (\[[^]]*\])', text)
    assert set(json.loads(listed)) == set(NOT_STREAMED)


def test_every_event_that_can_be_made_has_a_row():
    source = (ROOT / "functions" / "leads" / "events.py").read_text()
    made = set(re.findall(r'(?:Event|_of_send)\(\s*"(\w+)"', source)) | set(events.GOALS.values())
    assert len(made) > 15
    assert made <= set(EVENT_TYPES)


@pytest.mark.parametrize("name", sorted(EVENT_TYPES))
def test_every_type_has_words_for_people_also_without_data(name):
    assert EVENT_TYPES[name].words(Event(name, START, "key")).strip()


def test_no_feature_takes_the_name_of_another_row():
    features = FEATURES.values()
    for rows, table in (
        ([each.name for one in features for each in one.event_types], EVENT_TYPES),
        ([each.step for one in features for each in one.mail_types], MAIL_TYPES),
        ([each.variable for one in features for each in one.link_types], LINK_TYPES),
    ):
        assert len(rows) == len(set(rows))
        for name in rows:
            assert any(table[name] in of_feature(one) for one in features)
    providers = [each.provider for one in features for each in one.hooks]
    assert len(providers) == len(set(providers))


def of_feature(feature: Feature) -> tuple:
    return (*feature.event_types, *feature.mail_types, *feature.link_types)


def test_every_action_has_a_link_that_leads_to_it_or_nobody_could_sign_a_token_for_it():
    for key, feature in FEATURES.items():
        assert feature.key == key
        purposes = {each.purpose for each in feature.link_types}
        assert {action_purpose(key, each.name) for each in feature.actions} <= purposes


def test_an_event_that_the_owner_is_told_of_wakes_react_or_only_the_daily_repair_would_tell():
    assert [each.name for each in EVENT_TYPES.values() if each.notice and not each.streams] == []


def test_a_mail_that_every_magnet_has_is_transactional_but_the_question_whether_to_go_on():
    assert [step for step in SERVICE_MAILS if not MAIL_TYPES[step].transactional] == [STILL_THERE]


def test_a_link_that_one_mail_has_alone_names_a_mail_there_is():
    for row in LINK_TYPES.values():
        assert {row.mail, row.needed_in, *row.not_in} <= {"", *MAIL_TYPES}
        assert lifetime_of(row.purpose).days >= 1
