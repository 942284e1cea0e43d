"""A course: its page is a syllabus, its lessons are pages behind a link, and `check` says how long it takes."""

import json
from pathlib import Path

from bs4 import BeautifulSoup

from leads.lesson_actions import page_name
from leads.placeholders import decode, fill
from lodestone.build.load import load_site
from lodestone.build.pipeline import build
from tests.golden_mails import examples as compiled
from tests.kinds.conftest import SLUG
from tests.world import World

RULE = "  release: after the lesson before  # or: all at once, on dates, after enrolment"


def text(element) -> str:
    return " ".join(element.get_text(" ").split())


def lesson(root: Path, name: str, **values: str) -> BeautifulSoup:
    """A lesson's page, filled with these values."""
    out = root / "dist"
    assert load_site(root)[1] == []
    assert not build(root, out).failed
    pages = json.loads((out / "funnels" / f"{SLUG}.json").read_text("utf-8"))["pages"]
    html = fill(decode(pages[page_name(name)]), values, html=True)
    return BeautifulSoup(html, "html.parser")


def add(root: Path, name: str, front: str, body: str = "Words.") -> None:
    (root / "magnets" / SLUG / "lessons" / name).write_text(f"---\n{front}\n---\n\n{body}\n", "utf-8")


def test_the_page_says_what_one_can_do_afterwards_who_teaches_and_what_each_lesson_takes(built):
    page = built("course").page
    assert text(page.select_one(".hero .eyebrow")) == "Course · 2 lessons · 20 minutes in all"
    assert [text(each) for each in page.select(".outcomes li")][0] == "Name the first thing they can do"
    titles = [text(each) for each in page.select("#lessons h3")]
    assert titles == ["Where you are now 8 min", "The first step 12 min"]
    assert text(page.select_one("#lessons ol > li li")) == "Say what you want to change"
    assert text(page.select_one(".teacher strong")) == "Your name here"
    assert "20 minutes in all" in text(page.select_one(".rule-line"))
    assert "each opens 1 day after the one before is done, or all at once if you like" in text(page)


def test_a_course_needs_no_teacher(built):
    page = built("course", teacher="seo:\n  noindex: true\nbenefits:\n  - title: x\nexcerpt: |").page
    assert not page.select(".teacher")


def test_a_cover_stands_on_the_card_and_at_the_end_of_the_page(start):
    root = start("course", headline="cover: {src: cover.svg, alt: A knot}")
    cover = root / "magnets" / SLUG / "cover.svg"
    cover.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="300" height="420"/>', "utf-8")
    assert not build(root, root / "dist").failed
    for path, place in (("index.html", ".shelf .sheet img"), (f"{SLUG}/index.html", ".closing .sheet img")):
        page = BeautifulSoup((root / "dist" / "site" / path).read_text("utf-8"), "html.parser")
        assert page.select_one(place)["alt"] == "A knot"


def test_search_engines_are_told_of_a_course_with_its_lessons(built):
    described = built("course").described
    assert described["@type"] == "Course"
    assert described["hasCourseInstance"]["courseWorkload"] == "PT20M"
    assert [each["name"] for each in described["syllabusSections"]] == ["Where you are now", "The first step"]
    assert described["teaches"][0] == "Name the first thing they can do"


def test_the_lessons_text_is_on_no_public_page(built, tmp_path):
    site = built("course").site
    assert all("five minutes" not in each.read_text("utf-8") for each in site.rglob("*.html"))


def test_a_solution_is_folded_away_and_has_its_word(start):
    page = lesson(start("course"), "where-you-are")
    exercise = page.select_one(".exercise")
    assert text(exercise.select_one(".admonition-title")) == "Exercise"
    folded = exercise.select_one("details.solution")
    assert text(folded.summary) == "Solution"
    assert "open" not in folded.attrs


def test_a_solution_may_have_a_title_or_begin_with_a_heading_of_its_own(start):
    root = start("course")
    body = '> [!SOLUTION]\n> ## What *we* did\n>\n> Words.\n\n!!! solution "The `short` way"\n    More.'
    add(root, "30-more.md", "title: More", body)
    first, second = lesson(root, "more").select("details.solution")
    assert str(first.summary) == '<summary><h2 id="what-we-did">What <em>we</em> did</h2></summary>'
    assert text(first.p) == "Words."
    assert text(second.summary) == "The short way"
    assert text(second.p) == "More."


def test_a_link_to_another_lesson_leads_to_its_page_with_the_learners_token(start):
    page = lesson(start("course"), "the-first-step", token="TOKEN")
    assert page.find("a", string="where you are now")["href"] == "?t=TOKEN&lesson=where-you-are"


def test_a_video_is_a_poster_with_a_link_and_loads_nothing_from_elsewhere(start):
    root = start("course")
    (root / "magnets" / SLUG / "lessons" / "poster.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="640" height="360"/>', "utf-8"
    )
    body = '[![How to knot](poster.svg "Two minutes")](https://video.example.com/1)\n\n![Plain](poster.svg)'
    add(root, "30-video.md", "title: Video", body)
    page = lesson(root, "video")
    video, plain = page.select(".prose figure")
    assert video["class"] == ["video"]
    assert video.a["href"] == "https://video.example.com/1"
    assert text(video.figcaption) == "Two minutes"
    assert plain.get("class") is None
    for each in page.select("img, iframe, video, script, source"):
        assert each["src"].startswith("/assets/")


def test_a_file_beside_a_lesson_comes_with_it(start):
    root = start("course")
    (root / "magnets" / SLUG / "lessons" / "letters.csv").write_text("a,b\n", "utf-8")
    add(root, "30-data.md", "title: Data", "[The table](letters.csv)")
    href = lesson(root, "data").find("a", string="The table")["href"]
    assert (root / "dist" / "site" / href[1:]).read_text("utf-8") == "a,b\n"


def test_a_lesson_whose_page_would_not_fit_into_the_table_is_told(start):
    root = start("course")
    code = '{"a": [1, 2, 3], "b": null},\n' * 1000
    add(root, "30-long.md", "title: Long", f"```json\n{code}```")
    (problem,) = load_site(root)[1]
    assert problem.path.endswith("30-long.md")
    assert "the table holds 350 KB" in problem.message


def test_quizzes_that_would_not_fit_into_the_definition_are_told(start):
    root = start("course")
    questions = "".join(f"### Question {number}?\n= {number}\n> {'Well. ' * 60}\n\n" for number in range(700))
    add(root, "30-many.md", "title: Many", f"```quiz\n{questions}```")
    (problem,) = load_site(root)[1]
    assert problem.message.startswith("the quizzes of this course have")


def test_lessons_come_by_the_number_in_front_and_without_minutes_by_their_words(start):
    root = start("course")
    add(root, "9-first.md", "title: First of all", "word " * 700)
    (magnet,) = load_site(root)[0].magnets
    lessons = magnet.features["lessons"].lessons
    assert [each.name for each in lessons] == ["first", "where-you-are", "the-first-step"]
    assert lessons[0].minutes == 3


def test_a_course_compiles_when_each_lesson_opens(start):
    root = start("course")
    path = root / "magnets" / SLUG / "magnet.md"
    path.write_text(path.read_text("utf-8").replace(RULE, "  release: after enrolment"), "utf-8")
    add(root, "30-late.md", "title: Late\nafter: 10 days")
    out = root / "dist"
    assert not build(root, out).failed
    funnel = json.loads((out / "funnels" / f"{SLUG}.json").read_text("utf-8"))["funnel"]
    lessons = funnel["features"]["lessons"]["lessons"]
    assert [each["after"] for each in lessons] == [0, 86_400, 864_000]


def test_a_date_with_an_hour_is_in_the_sites_zone_and_one_without_in_the_learners(start):
    root = start("course")
    path = root / "magnets" / SLUG / "magnet.md"
    words = path.read_text("utf-8").replace(RULE, "  release: on dates")
    path.write_text(words.replace("  after: 1 day", "  # after: 1 day"), "utf-8")
    front = root / "magnets" / SLUG / "lessons" / "20-the-first-step.md"
    front.write_text(front.read_text("utf-8").replace("minutes: 12", "minutes: 12\non: 2027-01-31"), "utf-8")
    add(root, "30-late.md", "title: Late\non: 2027-02-01 09:00")
    site = root / "site" / "site.yaml"
    assert "\ntime_zone: UTC" in site.read_text("utf-8")
    site.write_text(site.read_text("utf-8").replace("time_zone: UTC", "time_zone: Europe/Berlin"), "utf-8")
    assert not build(root, root / "dist").failed
    funnel = json.loads((root / "dist" / "funnels" / f"{SLUG}.json").read_text("utf-8"))["funnel"]
    lessons = funnel["features"]["lessons"]["lessons"]
    assert [each["on"] for each in lessons] == ["", "2027-01-31", "2027-02-01T08:00:00.000Z"]


def test_whoever_takes_the_example_gets_its_link_its_lessons_and_its_letter():
    funnel, mails = next((each, mails) for each, mails in compiled() if each.kind == "course")
    world = World(funnel)
    world.sign_up(path=funnel.slug)
    assert world.mails() == ["opt-in", "delivery"]
    assert {mail.step for mail in mails} >= {"lesson-open", "course-reminder"}
    world.advance(days=30)
    assert world.mails() == ["opt-in", "delivery", "course-reminder", "course-reminder"]


def messages(root: Path) -> list[str]:
    return [each.message for each in load_site(root)[1]]


def test_a_mistake_in_how_lessons_open_invents_none_in_the_lessons(start):
    root = start("course", **{RULE.split(":")[0]: "  release: on date"})
    add(root, "30-on.md", "title: On\non: 2027-01-31")
    assert messages(root) == ["`release` cannot be `on date`"]


def test_a_mistake_in_a_lesson_invents_none_where_others_link_to_it(start):
    root = start("course")
    add(root, "30-wrong.md", "title: Wrong\nminutes: 10 min")
    add(root, "40-right.md", "title: Right", "See [the one before](30-wrong.md).")
    assert messages(root) == ["`minutes`: expected a whole number, found `10 min`"]


def test_answers_of_a_quiz_that_would_be_read_as_something_else_are_told(start):
    root = start("course")
    quiz = "### Which?\n- ( ) One\n- Two\n- (x)Three\n- (x) Four\n\n### How many?\n= 3..1\n"
    add(root, "30-quiz.md", "title: Quiz", f"```quiz\n{quiz}```")
    assert messages(root) == [
        "this answer has no brackets",
        "this answer has no brackets",
        "no number lies from 3 to 1",
    ]


def test_a_quiz_with_a_capital_letter_does_not_print_its_key(start):
    root = start("course")
    add(root, "30-quiz.md", "title: Quiz", "```Quiz\n### Which?\n- ( ) One\n- (x) Two\n```")
    assert "(x)" not in lesson(root, "quiz").text


def test_a_misspelt_quiz_does_not_print_its_key_either(start):
    root = start("course")
    add(root, "30-quiz.md", "title: Quiz", "```quizz\n### Which?\n- ( ) One\n- (x) Two\n```")
    add(root, "40-code.md", "title: Code", "```sql\nselect 1\n```")
    assert messages(root) == ["`quizz` would be shown as code, with its key"]


def test_one_lesson_of_one_minute_is_not_said_to_be_several(start):
    root = start("course")
    folder = root / "magnets" / SLUG / "lessons"
    for path in folder.iterdir():
        path.unlink()
    add(root, "10-only.md", "title: Only\nminutes: 1")
    assert not build(root, root / "dist").failed
    for path in ("index.html", f"{SLUG}/index.html"):
        page = BeautifulSoup((root / "dist" / "site" / path).read_text("utf-8"), "html.parser")
        assert "1 lesson, 1 minute" in text(page)
        assert "1 lessons" not in text(page)
        assert "1 minutes" not in text(page)
