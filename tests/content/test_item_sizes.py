"""A magnet that the table would refuse is told of by `check`, and not by AWS halfway through a publish."""

import re

from lodestone.build.pipeline import check


def write(root, help_words: int) -> None:
    site = root / "site" / "site.yaml"
    site.parent.mkdir(parents=True)
    site.write_text(
        "name: Shop\nbase_url: https://shop.example\npostal_address: Here\n"
        "sender:\n  name: Shop\n  email: shop@shop.example\ndefaults:\n  consent:\n    text: Yes.\n"
    )
    folder = root / "magnets" / "long"
    (folder / "questions").mkdir(parents=True)
    (folder / "magnet.md").write_text("---\nkind: survey\ntitle: Long\nsummary: Long.\n---\n")
    text = "word " * help_words
    (folder / "questions" / "10-a.md").write_text(f"# Well?\n\n{text}\n\n- Yes\n- No\n")


def test_a_page_that_is_too_large_for_the_table_is_a_problem(tmp_path):
    write(tmp_path, 90_000)
    (problem,) = check(tmp_path).problems
    assert re.fullmatch(r"the page `form` has 45\d kB; the table takes 406 kB for each", problem.message)
    assert problem.path == "magnets/long/magnet.md"


def test_a_page_that_fits_is_none(tmp_path):
    write(tmp_path, 1000)
    assert not check(tmp_path).problems
