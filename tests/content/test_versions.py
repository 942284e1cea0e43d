"""Versions of a mail under test: from files to the funnel definition."""

import json

import pytest

from leads import placeholders
from leads.funnel import funnel_from_json, funnel_to_json
from lodestone.build.definition import compile_magnet
from lodestone.build.load import load_site
from lodestone.build.mail_checks import check_mails
from lodestone.build.pipeline import build
from lodestone.render.look import open_look
from tests.content.conftest import MAGNET, put

FIRST = """---
subject: One of two
preheader: The first of them
after: 1 day
test: clicks
---
Read [the tables](https://tides.example/tables){#tables}.
"""
MAGNET = MAGNET.replace("kind: ebook", "kind: ebook\nclicks: true")


@pytest.fixture
def compiled(root):
    """Compiles the magnet with these further files."""

    def load(**versions: str):
        files = {f"magnets/tides/emails/10-tables.{letter}.md": text for letter, text in versions.items()}
        put(root, {"magnets/tides/magnet.md": MAGNET, "magnets/tides/emails/10-tables.md": FIRST, **files})
        site, problems = load_site(root)
        assert problems == []
        made = compile_magnet(open_look(site), site.magnets[0])
        assert check_mails(site.magnets[0], made, root) == []
        return made

    return load


def mails_of(compiled) -> dict[str, tuple[str, str, dict]]:
    """Subject, text and links of each mail of the sequence."""
    return {
        mail.step: (
            placeholders.fill(mail.subject, {}, html=False),
            placeholders.fill(mail.text, {}, html=False),
            dict(mail.links),
        )
        for mail in compiled.mails
        if mail.step.startswith("tables")
    }


def test_a_version_is_a_mail_of_its_own_and_the_step_names_them_all(compiled):
    made = compiled(
        b="---\nsubject: The other\n---\n", c="---\n---\n[See](https://tides.example/new){#new}\n"
    )
    (step,) = made.funnel.steps
    assert (step.slug, step.after, step.variants, step.metric) == ("tables", 86400, ("a", "b", "c"), "clicks")
    assert set(mails_of(made)) == {"tables", "tables~b", "tables~c"}


def test_what_a_version_does_not_say_is_as_in_the_first_file(compiled):
    mails = mails_of(
        compiled(b="---\nsubject: The other\n---\n", c="---\n---\n[See](https://tides.example/new){#new}\n")
    )
    first, other, third = mails["tables"], mails["tables~b"], mails["tables~c"]
    assert other[0] == "The other"
    assert other[1:] == first[1:]
    assert third[0] == first[0]
    assert third[2] == {"new": "https://tides.example/new"}
    assert "the tables" not in third[1]


def test_a_mail_without_versions_is_not_under_test(root):
    put(root, {"magnets/tides/emails/10-tables.md": FIRST.replace("test: clicks\n", "")})
    site, problems = load_site(root)
    assert problems == []
    assert compile_magnet(open_look(site), site.magnets[0]).funnel.steps[0].variants == ()


def test_the_definition_is_the_same_after_a_way_through_json(compiled):
    made = compiled(b="---\nsubject: The other\n---\n")
    assert funnel_from_json(json.loads(json.dumps(funnel_to_json(made.funnel)))) == made.funnel


def test_a_condition_may_name_a_link_that_only_one_version_has(root, compiled):
    put(
        root,
        {
            "magnets/tides/emails/20-more.md": "---\nsubject: More\nafter: 1 day\n"
            "when: clicked tables link new\n---\nRead on.\n"
        },
    )
    made = compiled(b="---\n---\n[See](https://tides.example/new){#new}\n")
    assert made.funnel.steps[1].when == ["did", "clicked", "here", 0, {"step": "tables", "link": "new"}]


def test_a_build_writes_every_version(root, tmp_path_factory):
    out = tmp_path_factory.mktemp("built") / "dist"
    put(root, {"magnets/tides/magnet.md": MAGNET, "magnets/tides/emails/10-tables.md": FIRST})
    put(root, {"magnets/tides/emails/10-tables.b.md": "---\nsubject: The other\n---\n"})
    assert not build(root, out).problems
    written = json.loads((out / "funnels" / "tides.json").read_text("utf-8"))
    assert {"tables", "tables~b"} <= set(written["mails"])
    assert written["mails"]["tables~b"]["links"] == {"tables": "https://tides.example/tables"}
