"""Registries that are written by hand hold everything there is: features, event types, and what reads them."""

import json
import re
from pathlib import Path

import pytest

from leads import events
from leads.event_table import EVENT_TYPES, NOT_STREAMED
from leads.events import Event
from leads.features import FEATURES
from leads.link_types import LINK_TYPES, lifetime_of
from leads.mail_types import MAIL_TYPES
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


def test_no_two_rows_have_one_name():
    keys = [name for feature in FEATURES.values() for name in (each.name for each in feature.event_types)]
    assert len(keys) == len(set(keys))
    variables = [row.variable for feature in FEATURES.values() for row in feature.link_types]
    assert len(variables) == len(set(variables))


def test_a_link_that_one_mail_has_alone_names_a_mail_there_is():
    for row in LINK_TYPES.values():
        assert {row.mail, row.needed_in, *row.not_in} <= {"", *MAIL_TYPES}
        assert lifetime_of(row.purpose).days >= 1
