"""Two editions side by side: marks, words, lanes."""

from dataclasses import replace

from leads.funnel import Step
from lodestone.plan.cells import cells
from lodestone.plan.comparison import compare_rules, compare_steps
from lodestone.plan.outline import outline
from tests.plan.editions import AFTER, BEFORE, NOW, plan_of
from tests.world import DAY, make_funnel


def test_each_step_is_marked_by_what_became_of_it():
    rows = compare_steps(BEFORE, AFTER)
    assert [(row.slug, row.mark) for row in rows] == [
        ("first", ""),
        ("third", "moved"),
        ("old", "gone"),
        ("second", "changed"),
        ("offer", "new"),
        ("renewal", "new"),
    ]
    assert rows[3].changes == (
        "3 days → 5 days",
        'for everybody → if first_name = "Ida"',
        "one version → versions a, b",
    )


def test_a_step_that_is_gone_stands_behind_the_one_it_stood_behind():
    cut = make_funnel(steps=BEFORE.steps[1:])
    assert [row.slug for row in compare_steps(BEFORE, cut)][0] == "first"


def test_without_another_edition_nothing_is_new_and_nothing_is_gone():
    assert {row.mark for row in compare_steps(None, AFTER)} == {""}
    assert {row.mark for row in compare_steps(BEFORE, None)} == {""}


def test_what_concerns_the_whole_sequence_is_told_beneath_it():
    assert compare_rules(BEFORE, AFTER) == (
        "ends once: none → replied",
        "date webinar: none → Wed 16 Dec 2026, 18:00",
        "quiet hours: none → 21:00-08:00",
    )
    assert compare_rules(AFTER, replace(AFTER, priority=2)) == ("priority: 0 → 2",)
    assert compare_rules(BEFORE, BEFORE) == ()


def test_a_branch_has_a_lane_of_its_own_from_its_first_mail_on():
    main, buyers = outline(AFTER, NOW).lanes
    assert [each.step for each in main.mails] == ["first", "third", "second", "renewal"]
    assert (buyers.branch, buyers.condition) == ("buyers", "clicked first")
    assert [each.step for each in buyers.mails] == ["offer"]


def test_mails_behind_a_branch_come_later_to_those_who_are_on_it():
    funnel = replace(AFTER, steps=(Step("offer", DAY, branch="buyers"), Step("last", DAY)))
    main, buyers = outline(funnel, NOW).lanes
    assert (buyers.mails[1].at - main.mails[0].at).days == 1


def test_cells_say_before_and_after_in_the_sequence_s_own_zone():
    (sequence,) = plan_of(BEFORE, AFTER).sequences
    told = {row.slug: cells(row, sequence, None) for row in sequence.rows}
    assert told["second"].when == "3 days → 5 days"
    assert told["second"].goes_out == "Sat 28 Nov, 08:30 → Tue 1 Dec, 09:00"
    assert told["second"].readers == 'everybody → if first_name = "Ida"'
    assert told["second"].step == "second (a/b)"
    assert told["offer"].readers == "branch buyers: if clicked first"
    assert told["renewal"].goes_out == "by their `renewal_date`"
    assert (told["old"].sign, told["old"].goes_out) == ("-", "Mon 30 Nov, 09:00")
