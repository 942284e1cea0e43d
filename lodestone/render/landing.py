"""The pages of one magnet: landing, thank-you, call, confirmed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from leads.features.downloads import Asset, assets_of
from leads.funnel import Funnel
from leads.sizes import describe_size
from lodestone.content.model import Chapter, Magnet
from lodestone.content.schema import Benefit, Question, Testimonial
from lodestone.kinds import kinds
from lodestone.render.form import make_form
from lodestone.render.look import Look
from lodestone.render.pictures import Pictures, Placed
from lodestone.render.prose import render_prose

#: Words a minute, for the reading time of a book: the middle of what studies of silent reading report.
READING_SPEED = 230

_TYPE_NAMES = {
    "application/pdf": "PDF",
    "application/epub+zip": "EPUB",
    "application/zip": "ZIP",
    "text/html": "HTML",
    "text/csv": "CSV",
}


@dataclass(frozen=True)
class Quote:
    """A testimonial with its photo in place."""

    testimonial: Testimonial
    photo: Placed | None


@dataclass(frozen=True)
class ListedChapter:
    """A chapter as the contents list it; minutes of reading."""

    title: str
    minutes: int


@dataclass(frozen=True)
class ListedPart:
    """A part of a book as the contents list it; without a title where the book has no parts."""

    title: str
    chapters: tuple[ListedChapter, ...]


def render_magnet(look: Look, magnet: Magnet, funnel: Funnel) -> dict[str, bytes]:
    """Every file one magnet adds to the published site: path -> bytes."""
    pictures = Pictures(magnet.folder, f"assets/{magnet.slug}")
    common = {"magnet": magnet, "front": magnet.front, "funnel": funnel, "page_url": funnel.url}
    pages = {
        funnel.url: _render_landing(look, magnet, funnel, pictures, common),
        funnel.pages["thanks"]: _render_thanks(look, magnet, pictures, common),
        funnel.pages["confirmed"]: look.render("confirmed.html", **common),
    }
    if may_give_phone_alone(funnel):
        pages[funnel.pages["call"]] = look.render("call.html", **common)
    return {page_path(url): html.encode() for url, html in pages.items()} | pictures.files


def page_path(url: str) -> str:
    """Where the page of an absolute path lies in the published site."""
    return f"{url.lstrip('/')}index.html"


def may_give_phone_alone(funnel: Funnel) -> bool:
    """Whether a visitor can fill the form without an e-mail address."""
    types = {field.type: field for field in funnel.fields}
    return "phone" in types and not ("email" in types and types["email"].required)


def _render_landing(
    look: Look, magnet: Magnet, funnel: Funnel, pictures: Pictures, common: Mapping[str, object]
) -> str:
    front = magnet.front
    cover = pictures.place(front.cover.src, front.cover.alt) if front.cover else None
    card = pictures.place(front.seo.image) if front.seo.image else cover
    return look.render(
        kinds()[front.kind].template,
        **common,
        cover=cover,
        card=card,
        forms={prefix: make_form(front, look.site.front, funnel, prefix) for prefix in ("top-", "end-")},
        benefits=[each if isinstance(each, Benefit) else Benefit(title=each) for each in front.benefits],
        body=render_prose(magnet.doc.body, pictures, funnel.language, title=front.title),
        excerpt=render_prose(front.excerpt, pictures, funnel.language, top=3, id_prefix="excerpt."),
        parts=list_parts(magnet.chapters),
        facts=_facts(magnet, funnel),
        quotes=[Quote(each, _photo(each, pictures)) for each in front.testimonials],
        faq=_answers(front.faq, pictures, funnel.language),
        linked_data=_linked_data(look, magnet, funnel, card),
    )


def _answers(faq: list[Question], pictures: Pictures, language: str) -> list[tuple[str, str]]:
    """Each question with its answer in HTML."""
    return [
        (each.question, render_prose(each.answer, pictures, language, top=3, id_prefix=f"faq-{at}."))
        for at, each in enumerate(faq, 1)
    ]


def _render_thanks(look: Look, magnet: Magnet, pictures: Pictures, common: Mapping[str, object]) -> str:
    text = render_prose(magnet.front.thanks.text, pictures, look.site.front.language)
    return look.render("thanks.html", **common, text=text)


def _photo(testimonial: Testimonial, pictures: Pictures) -> Placed | None:
    photo = testimonial.photo
    return pictures.place(photo.src, photo.alt) if photo else None


def list_parts(chapters: tuple[Chapter, ...]) -> list[ListedPart]:
    """The contents of a book: parts in order, each with its chapters; one unnamed part where it has none."""
    parts: dict[str, list[ListedChapter]] = {}
    for chapter in chapters:
        parts.setdefault(chapter.part, []).append(ListedChapter(chapter.title, _minutes(chapter.doc.body)))
    return [ListedPart(title, tuple(listed)) for title, listed in parts.items()]


def _minutes(text: str) -> int:
    return max(1, round(len(text.split()) / READING_SPEED))


def _facts(magnet: Magnet, funnel: Funnel) -> list[str]:
    """The line beneath the summary: what one gets, in numbers."""
    facts = []
    if magnet.chapters:
        minutes = sum(_minutes(chapter.doc.body) for chapter in magnet.chapters)
        facts = [_count(len(magnet.chapters), "chapter"), f"{minutes} minutes to read"]
    return facts + [describe_file(asset) for asset in assets_of(funnel)]


def describe_file(asset: Asset) -> str:
    """Type and size as people say them: "PDF, 2.3 MB"."""
    suffix = asset.filename.rpartition(".")[2].upper()
    return f"{_TYPE_NAMES.get(asset.content_type.partition(';')[0], suffix)}, {describe_size(asset.size)}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _linked_data(look: Look, magnet: Magnet, funnel: Funnel, card: Placed | None) -> str:
    """schema.org description for search engines; JSON whose `<` cannot close the script element it stands in."""
    front, base = magnet.front, funnel.base_url
    book = {
        "@context": "https://schema.org",
        "@type": "Book",
        "name": front.title,
        "description": front.summary,
        "url": base + funnel.url,
        "inLanguage": funnel.language,
        "isAccessibleForFree": True,
        "publisher": {"@type": "Organization", "name": look.site.front.name, "url": base},
    }
    if front.book and front.book.author:
        book["author"] = {"@type": "Person", "name": front.book.author}
    if card:
        book["image"] = base + card.url
    return json.dumps(book, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
