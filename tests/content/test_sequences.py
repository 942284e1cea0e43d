"""Conditions in front matter: read from mails and magnet.md, and compiled into the funnel definition."""

from dataclasses import replace

import pytest

import leads.feature
from leads.conditions import EVER, HERE, JOINED
from leads.features import FEATURES
from leads.funnel import funnel_from_json, funnel_to_json
from lodestone.build import magnet_folder as folders
from lodestone.build.definition import compile_magnet
from lodestone.build.load import load_site
from lodestone.content.conditions.vocabulary import ActivityWords, Detail, Fact
from lodestone.features import FEATURES as BUILT
from lodestone.features.feature import Feature, Words
from lodestone.kinds import kinds
from lodestone.render.look import open_look
from tests.content.conftest import MAGNET, put

FORM = """\
clicks: true
form:
  fields:
    - {name: email, label: E-mail, type: email, required: true}
    - {name: role, label: Role, type: select, options: [sailor, pilot]}
"""
OWNER = ["is", "form.role", "sailor"]
UNTIL = [
    "or",
    ["did", "became_customer", EVER, 0, {}],
    ["did", "replied", JOINED, 0, {}],
    ["did", "booked", JOINED, 0, {}],
]


def magnet(more: str = "") -> str:
    return MAGNET.replace("---\nRead", f"{FORM}{more}---\nRead")


def mail(*lines: str) -> str:
    return "\n".join(("---", "subject: Hello", "after: 1 day", *lines, "---", "Hello.", ""))


def load(root, front: str = "", **mails: str):
    """The only magnet, and what there is to say about it. Mails are named by their step."""
    files = {
        f"magnets/tides/emails/{place}0-{step}.md": text
        for place, (step, text) in enumerate(mails.items(), 1)
    }
    put(root, {"magnets/tides/magnet.md": magnet(front), **files})
    site, problems = load_site(root)
    return (site.magnets[0] if site else None), problems


def compiled(root, front: str = "", **mails: str):
    _, problems = load(root, front, **mails)
    assert problems == []
    site, _ = load_site(root)
    return compile_magnet(open_look(site), site.magnets[0]).funnel


def test_a_sequence_ends_when_the_lead_buys_replies_or_books_unless_its_author_says_otherwise(root):
    assert compiled(root).until == UNTIL
    assert compiled(root, "sequence: {until: never}\n").until is None
    assert compiled(root, 'sequence: {until: role = "sailor"}\n').until == OWNER


def test_conditions_branches_and_priority_reach_the_functions(root):
    front = "sequence:\n  priority: 5\n  branches:\n    at-sea: role = sailor\n"
    funnel = compiled(
        root,
        front,
        one=mail(),
        two=mail("branch: at-sea"),
        three=mail("when: clicked one and no click in 7 days"),
    )
    when = [
        "and",
        ["did", "clicked", HERE, 0, {"step": "one"}],
        ["not", ["did", "clicked", HERE, 7 * 86400, {}]],
    ]
    assert [(each.slug, each.branch, each.when) for each in funnel.steps] == [
        ("one", "", None),
        ("two", "at-sea", None),
        ("three", "", when),
    ]
    assert (funnel.priority, funnel.branches) == (5, {"at-sea": OWNER})
    assert funnel_from_json(funnel_to_json(funnel)) == funnel


@pytest.mark.parametrize(
    ("written", "line", "column"),
    [
        ("when: role = sailer", 4, 14),
        ("when:   'role = sailer'", 4, 17),
        ('when: "sailor = role or role = sailer"', 4, 7 + 1),
        ("when: >-\n  role = pilot or\n  role =\n  sailer", 7, 3),
        ("when: |\n  role = sailor\n    or role = sailer", 6, 15),
        ("when: role =\n  pilot or role = sailer", 5, 19),
        ("when: role = sailor or", 4, 23),
    ],
)
def test_a_mistake_is_told_at_its_character_in_the_file_however_yaml_writes_the_value(
    root, written, line, column
):
    _, problems = load(root, one=mail(written))
    first = problems[0]
    assert (first.path, first.line, first.column) == ("magnets/tides/emails/10-one.md", line, column)


def test_a_mistake_that_spans_two_lines_is_underlined_to_the_end_of_the_first(root):
    _, problems = load(root, one=mail("when: >-\n  clicked in 0\n  days"))
    (problem,) = problems
    assert (problem.line, problem.column, problem.length) == (5, 14, 1)


def test_what_yaml_escapes_is_told_at_the_whole_value(root):
    _, problems = load(root, one=mail('when: "role = \\x22sailer\\x22"'))
    assert [(each.line, each.column) for each in problems] == [(4, 7)]


def test_a_mail_may_only_ask_for_mails_that_went_out_before_it(root):
    delivery = mail().replace("after: 1 day\n", "").replace("Hello.", "[Get it]({{ download_url }})")
    asks = mail("when: mailed one and mailed delivery and mailed two")
    put(root, {"magnets/tides/emails/delivery.md": delivery})
    _, problems = load(root, one=mail("when: mailed two"), two=asks)
    assert [(each.path.rpartition("/")[2], each.column) for each in problems] == [
        ("10-one.md", 14),
        ("20-two.md", 49),
    ]


def test_a_link_is_known_by_the_name_its_author_gave_it_or_by_its_words(root):
    body = "[Prices](https://quay.example/prices){#pricing} and [how we *sail*](/tides/) and [it]({{ page_url }})"
    first = mail().replace("Hello.", body)
    fine = mail("when: clicked one link pricing or clicked link how-we-sail")
    _, problems = load(root, one=first, two=fine)
    assert problems == []
    _, problems = load(root, one=first, two=mail("when: clicked one link prices or clicked two link pricing"))
    assert [(each.message, each.help) for each in problems] == [
        (
            "there is no link `prices` in `one`",
            "did you mean `pricing`? there are in `one`: pricing, how-we-sail",
        ),
        ("nobody has had the mail `two` when this is asked", "name a mail that goes out earlier"),
        ("there is no link `pricing` in `two`", "there is none to name: leave it out"),
    ]


def test_clicks_are_counted_in_mails_of_the_sequence_alone(root):
    _, problems = load(root, one=mail("when: clicked delivery"))
    assert [each.message for each in problems] == ["there is no mail `delivery`"]


def test_a_branch_may_only_ask_for_mails_before_its_first(root):
    front = "sequence:\n  branches:\n    late: mailed one and mailed two\n"
    _, problems = load(root, front, one=mail(), two=mail("branch: late"), three=mail("branch: late"))
    assert [each.message for each in problems] == ["nobody has had the mail `two` when this is asked"]


def test_a_branch_without_mails_is_worth_a_warning_and_stops_nothing(root):
    found, problems = load(root, "sequence: {branches: {idle: downloaded}}\n", one=mail())
    assert found is not None
    assert [(each.severity, each.message) for each in problems] == [
        ("warning", "no mail is on the branch `idle`")
    ]


def test_a_mail_on_a_branch_that_is_not_there_is_an_error(root):
    _, problems = load(root, one=mail("branch: at-sea"))
    assert [each.message for each in problems] == ["magnet.md has no branch `at-sea`"]
    assert "at-sea: …" in problems[0].help


@pytest.mark.parametrize("folder", ["site/emails", "magnets/tides/emails"])
@pytest.mark.parametrize("step", ["opt-in", "delivery"])
def test_what_answers_the_lead_has_no_condition(root, folder, step):
    body = "[Go]({{ confirm_url }})" if step == "opt-in" else "[Go]({{ download_url }})"
    put(root, {f"{folder}/{step}.md": f"---\nsubject: Hello\nwhen: customer\n---\n{body}\n"})
    _, problems = load(root)
    assert [(each.line, each.message) for each in problems] == [
        (3, f"the {step} mail goes to everybody; it has no `when`")
    ]


def test_clicks_must_be_counted_to_be_asked_for_by_the_magnet_or_the_site(root):
    asks = mail("when: no click in 7 days")
    put(root, {"magnets/tides/magnet.md": MAGNET, "magnets/tides/emails/10-one.md": asks})
    assert [each.message for each in load_site(root)[1]] == ["clicks are not counted here"]
    site = (root / "site/site.yaml").read_text("utf-8")
    put(root, {"site/site.yaml": f"{site}sending: {{clicks: true}}\n"})
    assert load_site(root)[1] == []
    put(root, {"magnets/tides/magnet.md": MAGNET.replace("kind:", "clicks: false\nkind:")})
    assert [each.message for each in load_site(root)[1]] == ["clicks are not counted here"]


def test_conditions_are_checked_also_where_the_front_matter_has_other_problems(root):
    asks = mail("when: role = sailer and boats > 3 and rolle = x")
    front = (
        magnet()
        .replace("{name: role,", "{name: boats, type: numbr}\n    - {name: role,")
        .replace("title:", "titel:")
    )
    put(root, {"magnets/tides/magnet.md": front, "magnets/tides/emails/10-one.md": asks})
    told = [each.message for each in load_site(root)[1] if "emails" in each.path]
    assert told == ["`role` is never `sailer`", "unknown word `rolle`"]


def test_a_form_without_fields_asks_for_the_address_alone(root):
    put(root, {"magnets/tides/magnet.md": MAGNET})
    put(
        root,
        {"magnets/tides/emails/10-one.md": mail('when: email.domain = "example.com" and email is given')},
    )
    assert load_site(root)[1] == []


def test_a_feature_brings_activities_and_facts_of_its_own(root, monkeypatch):
    class Steps(Feature):
        key = "steps"

        def is_given(self, meta):
            return True

        def read(self, reading):
            return ("one", "two")

        def words(self, reading, content):
            finished = ActivityWords("finished_step", details=(Detail("lesson", "lesson", content),))
            return Words({"done": Fact("steps.done", "number")}, (finished,))

    monkeypatch.setitem(BUILT, "steps", Steps())
    monkeypatch.setitem(FEATURES, "steps", leads.feature.Feature("steps"))
    course = replace(kinds()["ebook"], features=("downloads", "steps"))
    monkeypatch.setattr(folders, "kinds", lambda: {"ebook": course})
    when = "when: finished step two in 2 days and steps.done >= 2"
    found, problems = load(root, one=mail(when))
    assert problems == []
    asked = ["did", "finished_step", HERE, 2 * 86400, {"lesson": "two"}]
    assert found.conditions.when == {"one": ["and", asked, ["number", "steps.done", ">=", "2"]]}
    _, problems = load(root, one=mail("when: finished step three"))
    assert [each.message for each in problems] == ["there is no lesson `three`"]


def test_a_condition_that_was_left_empty_is_told_and_does_not_mean_everybody(root):
    front = "sequence:\n  until:\n  branches:\n    sailors:\n"
    _, problems = load(root, front, first=mail("when:"), second=mail("branch: sailors"))
    assert sorted((each.message, each.line) for each in problems) == [
        ("`sailors` is empty", 15),
        ("`until` is empty", 13),
        ("`when` is empty", 4),
    ]


def test_an_exclamation_mark_is_no_tag_of_yaml_but_a_slip_that_is_told(root):
    _, problems = load(root, first=mail("when: !downloaded"))
    assert {each.message: each.help for each in problems} == {
        "a value cannot begin with `!`": 'put the value in quotes: `"!downloaded"`',
        "`!` has no meaning in a condition": "write `not`",
    }


def test_of_a_mail_that_is_misspelt_no_links_are_asked_for(root):
    _, problems = load(root, first=mail(), second=mail("when: clicked frist link prices"))
    assert [each.message for each in problems] == ["there is no mail `frist`"]
