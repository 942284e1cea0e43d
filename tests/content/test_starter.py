"""The starter of a magnet: it builds as it is, and nothing that an author wrote is ever overwritten."""

import random
from pathlib import Path

import pytest

from lodestone.build.load import load_site
from lodestone.cli.starter import StarterError, write_starter
from lodestone.content.problems import has_errors, render
from lodestone.kinds import kinds


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_a_starter_in_an_empty_folder_loads_without_a_problem(tmp_path, kind):
    written = write_starter(tmp_path, kind, "my-guide")
    site, problems = load_site(tmp_path)
    assert problems == []
    (magnet,) = site.magnets
    assert (magnet.slug, magnet.front.kind, magnet.front.title) == ("my-guide", kind, "My guide")
    assert sorted(written) == sorted(each for each in tmp_path.rglob("*") if each.is_file())
    assert not any("__" in each.read_text("utf-8") for each in written)


def test_an_ebook_starts_with_two_chapters_and_two_mails(tmp_path):
    write_starter(tmp_path, "ebook", "my-guide")
    (magnet,) = load_site(tmp_path)[0].magnets
    assert len(magnet.features["downloads"].chapters) == 2
    assert [each.step for each in magnet.drip] == ["first-steps", "one-week-on"]
    assert "# " in magnet.doc.text.split("\n---\n")[0]


def test_a_site_that_is_there_keeps_its_own_settings(tmp_path):
    write_starter(tmp_path, "ebook", "one")
    settings = tmp_path / "site" / "site.yaml"
    settings.write_text(settings.read_text("utf-8").replace("Your name here", "Harbour Press"), "utf-8")
    write_starter(tmp_path, "ebook", "two")
    assert "Harbour Press" in settings.read_text("utf-8")
    assert [each.slug for each in load_site(tmp_path)[0].magnets] == ["one", "two"]


def test_a_magnet_that_is_there_is_not_overwritten(tmp_path):
    write_starter(tmp_path, "ebook", "one")
    with pytest.raises(StarterError, match="magnets/one/ is there already"):
        write_starter(tmp_path, "ebook", "one")


@pytest.mark.parametrize(
    ("kind", "slug", "said"),
    [
        ("ebok", "a", "did you mean `ebook`"),
        ("ebook", "My Guide!", "for instance `my-guide`"),
        ("ebook", "../a", "for instance `a`"),
        ("ebook", "", "cannot be part of an address"),
        ("ebook", "a--b", "for instance `a-b`"),
    ],
)
def test_what_cannot_be_started_is_refused_and_writes_nothing(tmp_path, kind, slug, said):
    with pytest.raises(StarterError, match=said):
        write_starter(tmp_path, kind, slug)
    assert not list(tmp_path.iterdir())


SNIPPETS = (
    *(
        "\n",
        ": ",
        "- ",
        "  ",
        '"',
        "'",
        "{",
        "}",
        "[",
        "]",
        "{{",
        "\0",
        "#",
        "---\n",
        "&a ",
        "*a",
        "|\n",
        ">\n",
    ),
    *(
        "null",
        "~",
        "\t",
        "!!int ",
        "? ",
        "\x85",
        "\u2028",
        "%",
        "@",
        "<<: *a\n",
        "\ue000",
        "](",
        "[^",
        "`",
        "{%",
    ),
)


@pytest.mark.parametrize("seed", range(120))
def test_no_slip_of_the_hand_ever_ends_in_a_traceback(tmp_path, seed):
    """Three random slips in the starter of a kind: whatever comes of them is a site or told as problems."""
    chance = random.Random(seed)
    write_starter(tmp_path, sorted(kinds())[seed % len(kinds())], "my-guide")
    files = sorted(each for each in tmp_path.rglob("*") if each.is_file())
    for _ in range(3):
        path = chance.choice(files)
        slip(path, chance)
    site, problems = load_site(tmp_path)
    assert (site is None) == has_errors(problems)
    assert "YAML cannot read" not in render(problems)


def slip(path: Path, chance: random.Random) -> None:
    text = path.read_text("utf-8")
    at = chance.randrange(len(text) + 1)
    if chance.random() < 0.5:
        text = text[:at] + chance.choice(SNIPPETS) + text[at:]
    else:
        text = text[:at] + text[at + chance.randint(1, 12) :]
    path.write_text(text, "utf-8")
