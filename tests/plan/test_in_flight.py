"""Leads in flight as a plan counts them."""

from datetime import timedelta

from leads import events
from leads.funnel import Step
from leads.rules import DEFAULT
from lodestone.plan.in_flight import InFlight, count_in_flight
from lodestone.publish.in_flight import changed_sequences
from lodestone.records.stored_lead import fold_lead
from tests.publish.cloud import NOW
from tests.publish.test_in_flight import history
from tests.world import DAY, make_funnel

FIRST, SECOND, THIRD = Step("first", 2 * DAY), Step("second", 2 * DAY), Step("third", 3 * DAY)
OLD = {"guide": make_funnel(steps=(FIRST, SECOND, THIRD))}


def counted(*histories: list, new: dict) -> InFlight:
    leads = [fold_lead(f"LEAD{n}", each, DEFAULT) for n, each in enumerate(histories)]
    return count_in_flight(leads, OLD, new, changed_sequences(OLD, new), NOW)


def test_each_lead_counts_for_the_mail_that_is_next_and_the_first_of_them_gives_the_time():
    early, late = history("first", days=2.5), history("first", days=2)
    found = counted(early, late, history(days=1), new=OLD)
    assert found.waiting == {("guide", "second"): 2, ("guide", "first"): 1}
    due = NOW - timedelta(days=2.5) + timedelta(hours=1, days=3)
    assert found.first["guide", "second"] == due
    assert not found.shifted
    assert not found.groups


def test_another_delay_shifts_those_who_wait_for_it():
    new = {"guide": make_funnel(steps=(FIRST, Step("second", 9 * DAY), THIRD))}
    found = counted(history("first", days=2), history(days=1), new=new)
    assert found.shifted == {("guide", "second"): 1}
    assert sum(found.groups.values()) == 2


def test_who_is_not_on_the_way_is_not_counted():
    gone = [*history("first"), events.unsubscribed("guide", NOW, "page")]
    done = [*history("first", "second", "third"), events.finished("guide", NOW)]
    assert not counted(gone, done, history(confirmed=False), history(consent=False), new=OLD).waiting
