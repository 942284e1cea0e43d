"""The pages of a course that functions fill: one for each lesson, and one with all of them."""

from typing import Any
from urllib.parse import unquote
from xml.etree.ElementTree import Element, SubElement

from leads import placeholders
from leads.funnel import Funnel
from leads.lesson_actions import COURSE_PAGE, page_name
from lodestone.content.books import chapter_targets, resolve_in_book
from lodestone.content.lessons import LessonSource
from lodestone.content.model import Magnet
from lodestone.content.quizzes import quiz_blocks
from lodestone.markdown.headings import shift_headings, take_off_title
from lodestone.markdown.html import prepare, write_html
from lodestone.markdown.parser import parse
from lodestone.markdown.tree import drop_attribute, find, lone_child, rename, set_attribute
from lodestone.render.look import Look
from lodestone.render.pictures import Pictures
from lodestone.render.prose import size_pictures


def render_course(
    look: Look, magnet: Magnet, funnel: Funnel, lessons: tuple[LessonSource, ...], pictures: Pictures
) -> dict[str, placeholders.Parts]:
    """Every page of a course by name, ready to be filled. `leads.lesson_page` says with what.

    Pictures and files beside the lessons are published under addresses that nobody guesses.
    """
    beside = Pictures(lessons[0].chapter.doc.path.parent, pictures.address, pictures.read, pictures.files)
    common: dict[str, Any] = {"magnet": magnet, "front": magnet.front, "funnel": funnel, "page_url": ""}
    pages = {COURSE_PAGE: look.render("course/course.html", **common, placeholder=placeholders.mark)}
    for number, each in enumerate(lessons, 1):
        pages[page_name(each.name)] = look.render(
            "course/lesson.html",
            **common,
            placeholder=placeholders.mark,
            lesson=each,
            number=number,
            total=len(lessons),
            body=render_lesson(each, lessons, beside, funnel.language),
        )
    return {name: placeholders.split(html) for name, html in pages.items()}


def render_lesson(
    lesson: LessonSource, lessons: tuple[LessonSource, ...], pictures: Pictures, language: str
) -> str:
    """A lesson's text as HTML: links to other lessons lead to their pages, with the learner's token."""
    targets = chapter_targets([each.chapter for each in lessons])
    chapter = lesson.chapter

    def resolve(kind: str, target: str) -> str | None:
        found = resolve_in_book(targets, chapter, unquote(target)) if kind == "link" else None
        return _address(found, lesson.name) if found else pictures.resolve(kind, target)

    tree = parse(chapter.doc.body).copy()
    for block in list(quiz_blocks(tree)):
        block.tag, block.text = "raw", placeholders.mark("quiz")
    root = prepare(tree, language, resolve)
    take_off_title(root, chapter.title)
    shift_headings(root, 2)
    size_pictures(root, pictures)
    for paragraph in find(root, "p"):
        make_figure(paragraph)
    return write_html(root)


def _address(anchor: str, own: str) -> str:
    """Turn `#pipes--exercises` into the address of the lesson `pipes` and its heading."""
    name, _, heading = anchor.removeprefix("#").partition("--")
    fragment = f"#{heading}" if heading else ""
    return (
        fragment if name == own and fragment else f"?t={placeholders.mark('token')}&lesson={name}{fragment}"
    )


def make_figure(paragraph: Element) -> None:
    """Make a figure of a picture alone in its paragraph, and a poster of one that links to a video elsewhere.

    The picture's title is the caption. Nothing is loaded from where the video lies until somebody follows the link.
    """
    alone = lone_child(paragraph)
    image = alone if alone is not None and alone.tag == "img" else _pictured(alone)
    if alone is None or image is None:
        return
    rename(paragraph, "figure")
    paragraph.text = alone.tail = None
    caption = drop_attribute(image, "title")
    if alone is not image:
        set_attribute(paragraph, "class", "video")
    if caption:
        SubElement(paragraph, "figcaption").text = caption


def _pictured(link: Element | None) -> Element | None:
    """The picture that a link to another site holds, and nothing beside it."""
    if link is None or link.tag != "a" or "://" not in link.get("href", ""):
        return None
    if len(link) != 1 or link[0].tag != "img" or (link.text or "").strip() or (link[0].tail or "").strip():
        return None
    return link[0]
