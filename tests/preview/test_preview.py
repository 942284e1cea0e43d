"""What `preview` writes: a page that stands alone, files for a mail program, and what it says of links and sizes."""

import email
import email.policy
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from leads import placeholders
from leads.funnel import Mail, Step
from lodestone.errors import CommandError
from lodestone.preview.command import PreviewRequest, preview
from lodestone.preview.destinations import BuiltSite, destinations, problems
from lodestone.preview.frames import framed
from lodestone.preview.letters import write_letters
from lodestone.preview.occasions import occasions
from lodestone.preview.reader import invent
from tests.local.small_site import write_small_site
from tests.publish.conftest import edit
from tests.test_command import run as run_command
from tests.world import DAY, make_funnel, make_mail

NOW = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = write_small_site(tmp_path / "site-root")
    first = root / "magnets/guide/emails/10-first.md"
    first.write_text(
        "---\nsubject: Hello & welcome\npreheader: Read on.\nafter: 2 days\n---\n\n"
        "Here is [the page](/guide/), and [another site](https://other.example/x).\n"
    )
    return root


def shown(root: Path, out: Path, step: str = "") -> BeautifulSoup:
    page = preview(PreviewRequest(root, "guide", step, out, lambda funnel: invent(funnel, {}, "", NOW)))
    return BeautifulSoup(page.read_text("utf-8"), "html.parser")


def test_every_mail_is_on_the_page_in_four_frames_with_its_parts(root, tmp_path):
    page = shown(root, tmp_path / "out")
    names = [each["id"] for each in page.select("article")]
    assert names == ["opt-in", "delivery", "first", "second", "your-data", "still-there"]
    first = page.select_one("#first")
    assert first.h2.text == "Hello & welcome"
    assert "Wed 25 Nov 2026, 08:30" in first.dl.text
    frames = first.select("iframe")
    assert len(frames) == 4
    assert all(not each["sandbox"] and "Here is" in each["srcdoc"] for each in frames)
    assert "Here is" in first.pre.text
    assert "List-Unsubscribe" in first.table.text


def test_the_page_runs_no_script_and_may_fetch_nothing(root, tmp_path):
    page = shown(root, tmp_path / "out")
    assert not page.select("script, link, img, [onclick], [src]")
    policy = page.select_one("meta[http-equiv=Content-Security-Policy]")["content"]
    assert policy.startswith("default-src 'none'")


def test_links_say_what_they_lead_to(root, tmp_path):
    rows = {
        each.td.text: each.select("td")[1].text
        for each in shown(root, tmp_path / "out").select("#first table")[-1].select("tbody tr")
    }
    assert rows["the page"] == "a page of the site"
    assert rows["another site"] == "another site; not fetched"
    assert rows["Unsubscribe"] == "unsubscribes"


def test_each_mail_is_a_file_that_a_mail_program_opens(root, tmp_path):
    shown(root, tmp_path / "out")
    raw = (tmp_path / "out" / "03-first.eml").read_bytes()
    letter = email.message_from_bytes(raw, policy=email.policy.default)
    assert letter["Subject"] == "Hello & welcome"
    assert letter["Date"].datetime == datetime(2026, 11, 25, 7, 30, tzinfo=UTC)
    assert [part.get_content_type() for part in letter.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert "Here is" in letter.get_body(("plain",)).get_content()
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_one_step_alone_leaves_nothing_of_an_earlier_preview(root, tmp_path):
    shown(root, tmp_path / "out")
    page = shown(root, tmp_path / "out", step="second")
    assert [each["id"] for each in page.select("article")] == ["second"]
    assert sorted(each.name for each in (tmp_path / "out").iterdir()) == ["01-second.eml", "index.html"]


def test_a_folder_with_other_things_is_left_alone(root, tmp_path):
    (tmp_path / "index.html").write_text("mine")
    with pytest.raises(CommandError, match="no preview wrote"):
        shown(root, tmp_path)
    assert (tmp_path / "index.html").read_text() == "mine"


def test_what_is_not_there_is_told_with_the_nearest_name(root, tmp_path):
    with pytest.raises(CommandError, match="did you mean `second`"):
        shown(root, tmp_path / "out", step="secnod")
    order = PreviewRequest(root, "giude", "", tmp_path / "out", lambda funnel: invent(funnel, {}, "", NOW))
    with pytest.raises(CommandError, match="did you mean `guide`"):
        preview(order)


def test_a_site_with_problems_has_no_preview(root, tmp_path, capsys):
    edit(root, "magnets/guide/magnet.md", "kind: ebook", "kind: ebok")
    order = PreviewRequest(root, "guide", "", tmp_path / "out", lambda funnel: invent(funnel, {}, "", NOW))
    assert preview(order) is None
    assert "unknown kind" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


FUNNEL = make_funnel(steps=(Step("first", DAY),))


def previewed(html: str, links: dict | None = None):
    """The step's mail with this HTML."""
    parts = placeholders.split(html)
    mails = {each: make_mail(each) for each in ("opt-in", "delivery", "your-data", "still-there")}
    mails["first"] = Mail("first", ("Subject",), parts, ("Text",), links or {})
    reader = invent(FUNNEL, {}, "", NOW)
    found = write_letters(reader, FUNNEL, mails, occasions(reader, FUNNEL))
    return next(each for each in found if each.occasion.name == "first")


def site(folder: Path) -> BuiltSite:
    return BuiltSite(
        "https://press.example", folder, frozenset({"/guide/", "/a.png"}), frozenset({"/api/click"})
    )


def test_what_leads_nowhere_is_a_problem(tmp_path):
    mail = previewed(
        '<a href="https://press.example/giude/">the guide</a><a href="https://press.example/api/nothing">x</a>'
        '<img src="https://press.example/b.png">'
    )
    assert problems(mail, site(tmp_path)) == (
        "the link “the guide” leads nowhere: https://press.example/giude/",
        "the link “x” leads nowhere: https://press.example/api/nothing?t=…",
        "there is no picture https://press.example/b.png",
        "the picture https://press.example/b.png has no alternative text",
    )


def test_a_mail_that_gmail_cuts_off_is_a_problem(tmp_path):
    assert problems(previewed("x" * 102_001), site(tmp_path)) == ("102 KB; Gmail cuts mails off at 102 KB",)


def test_a_counted_link_says_where_it_leads_in_the_end(tmp_path):
    mail = previewed(
        f'<a href="{placeholders.mark("click:pricing")}">Prices</a>', {"pricing": "https://other.example/p"}
    )
    (found,) = destinations(mail, site(tmp_path))
    assert (found.leads_to, found.url) == (
        "counts the click, then https://other.example/p",
        "https://press.example/api/click?t=…",
    )


def test_a_frame_answers_the_question_for_the_scheme_and_holds_the_site_s_pictures(tmp_path):
    (tmp_path / "a.png").write_bytes(b"png")
    html = (
        '<html><head><meta name="color-scheme" content="light dark"></head>'
        "<style>@media (prefers-color-scheme: dark) {}</style>"
        '<img src="https://press.example/a.png"><img src="https://other.example/b.png">'
    )
    dark, light = (framed(html, scheme, site(tmp_path)) for scheme in ("dark", "light"))
    assert "@media (min-width: 0px)" in dark
    assert "@media (max-width: 0px)" in light
    assert 'content="dark"' in dark
    assert 'src="data:image/png;base64,cG5n"' in dark
    assert 'src="https://other.example/b.png"' in dark  # which the page's policy keeps from being fetched


@pytest.mark.slow
def test_wrong_calls_are_told(root, tmp_path):
    for arguments in (("--lead", "ida@example.com", "--time-zone", "UTC"), ("--answer", "first_name")):
        assert run_command("preview", "guide", "--root", root, *arguments).returncode == 2
    unknown = run_command("preview", "guide", "--root", root, "--lead", "ida@example.com")
    assert (unknown.returncode, "there is no local stack" in unknown.stderr) == (1, True)
    made = run_command("preview", "guide", "--root", root, "--confirmed", "2026-11-23 07:30")
    assert made.stdout.splitlines()[-1] == f"wrote {root}/.local/preview/guide/index.html"
    assert "Wed 25 Nov 2026, 08:30" in made.stdout
