"""Leads in flight: who is told of, what they get from now on, and that a profile says the same as the events."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from leads import events
from leads.events import SendId
from leads.funnel import Step
from lodestone.publish.in_flight import affected, changed_sequences, largest_first
from lodestone.publish.in_flight_words import sentence
from lodestone.records.stack import StackRecords
from lodestone.stack.outputs import read_stack
from tests.publish.cloud import NOW, Cloud
from tests.world import DAY, make_funnel

FIRST, SECOND, THIRD = Step("first", 2 * DAY), Step("second", 2 * DAY), Step("third", 3 * DAY, "09:00")
OLD = make_funnel(steps=(FIRST, SECOND, THIRD))


def history(*steps: str, days: float = 9, consent: bool = True, confirmed: bool = True) -> list:
    """A lead who asked `days` ago, and since then was sent the delivery and these steps, one a day."""
    asked = NOW - timedelta(days=days)
    data = {"email": "ida@example.com", "consent": {"given": consent, "text": "Yes"}, "opt_in": "double"}
    found = [events.submitted("guide", asked, data), *sent("opt-in", asked, 1)]
    if confirmed:
        at = asked + timedelta(hours=1)
        found += [events.confirmed("guide", 1, at), *sent("delivery", at, 1)]
        for number, step in enumerate(steps, 1):
            found += sent(step, at + timedelta(days=number))
    return found


def sent(step: str, at, ask: int = 0) -> list:
    send = SendId("guide", step, ask, 1)
    return [events.claimed(send, at, "worker"), events.mailed(send, at, f"m-{step}")]


def records_of(cloud: Cloud) -> StackRecords:
    return StackRecords(read_stack("lodestone", cloud), cloud, lambda: NOW)


def told(*histories: list, new, old=OLD) -> list[str]:
    """The sentences for these leads, once `old` becomes `new`."""
    cloud = Cloud()
    for number, each in enumerate(histories):
        cloud.keep_lead(f"LEAD{number}", each)
    changes = changed_sequences({"guide": old}, {"guide": new} if new else {})
    groups = affected((each.lead for each in records_of(cloud).leads(changes)), changes, NOW)
    return [sentence(group, leads) for group, leads in largest_first(groups).items()]


def test_a_dropped_mail_is_told_to_those_who_would_have_got_it_next():
    lines = told(history("first"), history("first"), history(), new=make_funnel(steps=(FIRST, THIRD)))
    assert lines == [
        "2 leads next get `third` instead of `second`",
        "1 lead next gets `first` as before; then `third` instead of `second` and `third`",
    ]


def test_a_mail_of_a_branch_is_named_with_its_branch():
    aside = Step("aside", DAY, branch="adas")
    steps = (FIRST, SECOND, aside, THIRD)
    new = make_funnel(steps=steps, branches={"adas": ["is", "form.first_name", "Ada"]})
    assert told(history("first", days=2), new=new) == [
        "1 lead next gets `second` as before; then `aside` (branch adas) and `third` instead of `third`"
    ]


def test_a_test_of_two_versions_changes_nothing_for_anybody_in_flight():
    tested = replace(SECOND, variants=("a", "b"), metric="clicks")
    assert told(history("first"), new=make_funnel(steps=(FIRST, tested, THIRD))) == []
    slower = replace(tested, after=5 * DAY)
    lines = told(history("first"), new=make_funnel(steps=(FIRST, slower, THIRD)))
    assert lines == [
        "1 lead next gets `second` as before; the delay of `second` changes from 2 days to 5 days"
    ]


def test_a_changed_delay_is_told_to_those_who_still_wait_for_it():
    slower = Step("second", 5 * DAY)
    lines = told(history("first"), history("first", "second"), new=make_funnel(steps=(FIRST, slower, THIRD)))
    assert lines == [
        "1 lead next gets `second` as before; the delay of `second` changes from 2 days to 5 days"
    ]


def test_an_hour_is_part_of_the_delay():
    lines = told(history("first", "second"), new=make_funnel(steps=(FIRST, SECOND, Step("third", 36 * 3600))))
    assert lines[0].endswith("the delay of `third` changes from 3 days, at 09:00 to 36 hours")


def test_a_condition_that_is_set_or_lifted_is_told_in_its_own_words():
    asked = Step("second", 2 * DAY, when=["is", "form.first_name", "Ida"])
    lines = told(history("first", days=2), new=make_funnel(steps=(FIRST, asked, THIRD)))
    assert lines == [
        '1 lead next gets `second` (if first_name = "Ida") as before; '
        '`second` is for those with first_name = "Ida" instead of for everybody'
    ]


def test_a_mail_that_is_due_and_not_for_a_lead_is_none_they_get():
    extra = Step("extra", DAY, when=["is", "form.first_name", "Ida"])
    new = make_funnel(steps=(FIRST, extra, SECOND, THIRD))
    assert told(history("first", days=9), new=new) == []  # it is due, and nobody is called Ida
    (line,) = told(history("first", days=1.5), new=new)
    assert line.startswith('1 lead next gets `extra` (if first_name = "Ida") instead of `second`')


def test_a_date_in_the_place_of_a_delay_is_told():
    dated = Step("second", at="09:00", anchor="confirmed", offset=3 * DAY)
    (line,) = told(history("first"), new=make_funnel(steps=(FIRST, dated, THIRD)))
    assert line.endswith("the timing of `second` changes from 2 days to 3 days after confirmed, at 09:00")


def test_a_sequence_cut_short_ends_for_those_who_had_all_that_is_left():
    assert told(history("first"), new=make_funnel(steps=(FIRST,))) == [
        "1 lead: the sequence ends now, without `second` and `third`"
    ]


def test_a_mail_put_before_a_leads_place_changes_nothing_for_them():
    assert told(history("first"), new=make_funnel(steps=(Step("zeroth"), FIRST, SECOND, THIRD))) == []


def test_a_mail_added_at_the_end_comes_to_those_on_the_way_and_not_to_those_who_finished():
    done = [*history("first", "second", "third"), events.finished("guide", NOW - timedelta(days=1))]
    new = make_funnel(steps=(FIRST, SECOND, THIRD, Step("fourth", DAY)))
    assert told(done, history("first", "second"), new=new) == [
        "1 lead next gets `third` as before; then `fourth` instead of nothing"
    ]


def test_a_withdrawn_magnet_ends_sequences_and_confirmations():
    lines = told(history("first"), history(confirmed=False), new=None)
    assert sorted(lines) == [
        "1 lead asked and did not confirm yet; the link in the opt-in mail will say that it was withdrawn",
        "1 lead: the sequence ends now, without `second` and `third`",
    ]


@pytest.mark.parametrize(
    "lead",
    [
        history(consent=False),
        history(confirmed=False),
        [*history("first"), events.unsubscribed("guide", NOW, "page")],
        [
            *history("first"),
            events.reported("bounced", SendId("guide", "first", 0, 1), NOW, "m-first", kind="hard"),
        ],
    ],
    ids=["no consent", "unconfirmed", "unsubscribed", "bounced"],
)
def test_who_gets_no_sequence_is_not_in_flight(lead):
    assert told(lead, new=make_funnel(steps=(FIRST,))) == []


def test_edits_that_leave_the_steps_alone_are_no_changed_sequence():
    assert changed_sequences({"guide": OLD}, {"guide": make_funnel(steps=OLD.steps, title="New")}) == {}
    assert changed_sequences({}, {"guide": OLD}) == {}


REFUSED = events.failed(SendId("guide", "second", 0, 1), NOW - timedelta(minutes=1), "rate", retry=True)
GIVEN_UP = events.failed(SendId("guide", "second", 0, 1), NOW - timedelta(minutes=1), "rejected", retry=False)


def test_a_refused_mail_that_is_tried_again_is_still_ahead_and_one_given_up_is_not():
    claim = events.claimed(SendId("guide", "second", 0, 1), NOW - timedelta(minutes=2), "worker")
    new = make_funnel(steps=(FIRST, THIRD))
    assert told([*history("first"), claim, REFUSED], new=new) == [
        "1 lead next gets `third` instead of `second`"
    ]
    assert told([*history("first"), claim, GIVEN_UP], new=new) == []


def test_leads_of_other_magnets_are_passed_over_and_each_lead_is_counted_once():
    cloud = Cloud()
    for number in range(11):
        cloud.keep_lead(f"LEAD{number}", history("first", "second"))
    other = {"email": "ben@example.com", "consent": {"given": True}, "opt_in": "single"}
    cloud.keep_lead("OTHER", [events.submitted("other", NOW, other)])
    found = Counter(each.id for each in records_of(cloud).leads(["guide"]))
    assert found == Counter(f"LEAD{number}" for number in range(11))
    assert len(list(records_of(cloud).leads())) == 12
    reads = {read for read in cloud.reads if not read.startswith(("describe_stacks", "scan"))}
    assert reads == {"query SITE"}  # the rules that fold them
