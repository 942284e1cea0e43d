"""What the build says of mails that it has rendered."""

from pathlib import Path

import pytest

from lodestone.build.pipeline import check
from tests.local.small_site import write_small_site
from tests.render.factory import make_png

BUNDLED = Path(__file__).parents[1] / "site" / "templates"


@pytest.fixture
def site(tmp_path):
    """Makes the small site with some files changed or added; the problems found in it."""

    def make(**files: str | bytes) -> list:
        root = write_small_site(tmp_path)
        for path, content in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(content if isinstance(content, bytes) else content.encode())
        return list(check(root).problems)

    return make


def template(name: str, *without: str) -> dict[str, str]:
    """The bundled template as the site's own, some of it left out."""
    text = (BUNDLED / name).read_text()
    for each in without:
        assert each in text
        text = text.replace(each, "")
    return {f"site/templates/{name}": text}


def first_mail(subject="Hello", body="Hello."):
    return {"magnets/guide/emails/10-first.md": f"---\nsubject: {subject}\nafter: 2 days\n---\n\n{body}\n"}


def test_a_site_whose_mails_are_whole_has_no_problem(site):
    assert site() == []


@pytest.mark.parametrize("name", ["mail.html", "mail.txt"])
def test_a_mail_of_a_sequence_without_an_unsubscribe_link_in_both_parts_is_an_error(site, name):
    problems = site(**template(name, "{{ unsubscribe_url }}"))
    assert {each.message for each in problems} == {
        f"the mail `{step}` has no unsubscribe link" for step in ("still-there", "first", "second")
    }
    assert all(f"site/templates/{name}" in each.help for each in problems)


@pytest.mark.parametrize(
    ("name", "part"), [("mail.html", '{{ address | join(", ") }}'), ("mail.txt", "{{ line }}")]
)
def test_a_mail_without_the_postal_address_in_both_parts_is_an_error(site, name, part):
    problems = site(**template(name, part))
    assert "the mail `first` does not show the sender's postal address" in [each.message for each in problems]
    assert all(each.severity == "error" and f"site/templates/{name}" in each.help for each in problems)


def test_a_postal_address_that_html_must_escape_is_found_all_the_same(tmp_path, site):
    write_small_site(tmp_path)
    text = (tmp_path / "site/site.yaml").read_text()
    assert site(**{"site/site.yaml": text.replace("1 Sample Lane,", "Smith & Sons,")}) == []


MAGNET = """---
kind: ebook
title: The Guide
summary: All of it.
files: [guide.txt]
form:
  fields:
    - {name: nick, label: Nickname}
    - {name: email, label: E-mail, type: email, required: true}
---

Read it.
"""


def test_a_subject_that_may_be_empty_is_an_error_that_points_at_it(site):
    subject = first_mail(subject="'{{ nick | default(\"\") }}'")
    (problem,) = site(**{"magnets/guide/magnet.md": MAGNET}, **subject)
    assert problem.message == "the mail `first` may have an empty subject"
    assert (problem.line, problem.column) == (2, 1)


@pytest.mark.parametrize("subject", ["{{ title }}", "{{ first_name }}"])
def test_a_subject_of_what_is_always_there_is_no_problem(site, subject):
    magnet = MAGNET.replace(
        "{name: nick, label: Nickname}", "{name: first_name, label: First name, required: true}"
    )
    assert site(**{"magnets/guide/magnet.md": magnet}, **first_mail(subject=f"'{subject}'")) == []


@pytest.mark.parametrize(("words", "severity"), [(15_000, None), (17_500, "warning"), (20_000, "error")])
def test_a_mail_near_what_gmail_shows_is_a_warning_and_a_longer_one_an_error(site, words, severity):
    problems = site(**first_mail(body="word " * words))
    assert [each.severity for each in problems] == [severity] * (severity is not None)


def test_a_picture_beside_a_mail_is_no_problem_and_needs_words(site):
    picture = {"magnets/guide/emails/images/jar.png": make_png(900, 300)}
    assert site(**picture, **first_mail(body="![A jar](images/jar.png)")) == []
    (problem,) = site(**picture, **first_mail(body="![](images/jar.png)"))
    assert (problem.severity, problem.message) == ("warning", "this picture has no alternative text")


@pytest.mark.parametrize(
    ("name", "text", "line", "message"),
    [
        ("mail.html", "<p>\n{% if a %}", 2, "the template cannot be read: Unexpected end of template"),
        ("mail.txt", "{{ nobody }}", 1, "uses something that is not there: 'nobody' is undefined"),
        ("kinds/ebook.html", "\n{{ nobody }}", 2, "uses something that is not there: 'nobody' is undefined"),
        ("index.html", "{{ nobody }}", 1, "uses something that is not there: 'nobody' is undefined"),
        ("service/data.html", "{{ nobody }}", 1, "uses something that is not there: 'nobody' is undefined"),
        ("favicon.svg", "{{ nobody }}", 1, "uses something that is not there: 'nobody' is undefined"),
        ("404.html", '{{ asset("n.css") }}', 1, "not there: there is no `n.css` in site/assets/"),
        ("404.html", '{% include "n.html" %}', 1, "no such template: n.html"),
        ("404.html", "<p>\n{{ 1 / 0 }}", 2, "the template fails: division by zero"),
        ("cards/ebook.html", "{{ front.title + 1 }}", 1, "the template fails: can only concatenate str"),
        ("kinds/ebook.html", '{% include "kinds/ebook.html" %}', 1, "the template fails: maximum recursion"),
        ("mail.html", b"<p>\n\xe9", 2, "it is not UTF-8 text"),
    ],
)
def test_a_template_that_fails_is_a_problem_of_its_line(site, name, text, line, message):
    problem, *more = site(**{f"site/templates/{name}": text})
    assert (problem.path, problem.line, more) == (f"site/templates/{name}", line, [])
    assert message in problem.message


def test_a_style_sheet_that_is_not_utf8_is_a_problem_of_its_line(site):
    (problem,) = site(**{"site/assets/site.css": b"a {}\n/* \xe9 */"})
    assert (problem.path, problem.line) == ("site/assets/site.css", 2)


@pytest.mark.parametrize("inner", ["*[b]({})*", "**[b]({})**", "`x` [b]({})", "&copy; [b]({})"])
@pytest.mark.parametrize(
    ("target", "message"), [("gone.txt", "no file"), ("../../../etc/hosts", "leaves the site's folder")]
)
def test_a_link_in_the_words_of_another_link_is_checked(site, inner, target, message):
    text = f"---\ntitle: T\n---\n\nx [a {inner.format(target)} d](https://example.com)\n"
    (problem,) = site(**{"site/pages/about.md": text})
    assert (problem.path, problem.line) == ("site/pages/about.md", 5)
    assert message in problem.message


def test_templates_that_fail_are_told_all_at_once_and_beside_other_problems(site):
    problems = site(
        **{f"site/templates/{each}": "{{ nobody }}" for each in ("index.html", "mail.html")},
        **first_mail(subject="'{{ typo }}'"),
    )
    assert {each.path for each in problems} >= {
        "site/templates/index.html",
        "magnets/guide/emails/10-first.md",
    }
