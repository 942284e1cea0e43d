"""The pages of one magnet: landing, thank-you, call, confirmed, and those of its features."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from leads.funnel import Funnel
from lodestone.content.model import Magnet
from lodestone.content.schema import Benefit, Question, Testimonial
from lodestone.render.form import make_form
from lodestone.render.look import Look
from lodestone.render.pictures import Pictures, Placed
from lodestone.render.prose import render_prose


@dataclass(frozen=True)
class Quote:
    """A testimonial with its published photo."""

    testimonial: Testimonial
    photo: Placed | None


@dataclass(frozen=True)
class LandingParts:
    """What a landing page is made of beside the words that every magnet has: its kind's template, and its features'
    sections (names for the template), facts in numbers, and properties at schema.org.
    """

    template: str
    linked_type: str
    section: Mapping[str, Any] = field(default_factory=dict)
    facts: tuple[str, ...] = ()
    linked_data: Mapping[str, Any] = field(default_factory=dict)
    delivers: str = "your download"


def render_magnet(
    look: Look, magnet: Magnet, funnel: Funnel, parts: LandingParts, more: Mapping[str, str]
) -> dict[str, bytes]:
    """Every file one magnet adds to the published site: path -> bytes. `more` are pages of its features, by name."""
    pictures = Pictures(magnet.folder, f"assets/{magnet.slug}", look.read)
    common = {"magnet": magnet, "front": magnet.front, "funnel": funnel, "page_url": funnel.url}
    common["delivers"] = parts.delivers
    pages = {
        funnel.url: _render_landing(look, magnet, funnel, pictures, common, parts),
        funnel.pages["thanks"]: _render_thanks(look, magnet, pictures, common),
        funnel.pages["confirmed"]: look.render("confirmed.html", **common),
    }
    if may_give_phone_alone(funnel):
        pages[funnel.pages["call"]] = look.render("call.html", **common)
    pages |= {funnel.pages[name]: html for name, html in more.items()}
    return {page_path(url): html.encode() for url, html in pages.items()} | pictures.files


def page_path(url: str) -> str:
    """The path in the published site of the page at an absolute path."""
    return f"{url.lstrip('/')}index.html"


def may_give_phone_alone(funnel: Funnel) -> bool:
    """Whether a visitor can fill the form without an e-mail address."""
    types = {field.type: field for field in funnel.fields}
    return "phone" in types and not ("email" in types and types["email"].required)


def _render_landing(
    look: Look,
    magnet: Magnet,
    funnel: Funnel,
    pictures: Pictures,
    common: Mapping[str, object],
    parts: LandingParts,
) -> str:
    front = magnet.front
    cover = pictures.place(front.cover.src, front.cover.alt) if front.cover else None
    card = pictures.place(front.seo.image) if front.seo.image else cover
    return look.render(
        parts.template,
        **common,
        cover=cover,
        card=card,
        forms={prefix: make_form(front, look.site.front, funnel, prefix) for prefix in ("top-", "end-")},
        benefits=[each if isinstance(each, Benefit) else Benefit(title=each) for each in front.benefits],
        body=render_prose(magnet.doc.body, pictures, funnel.language, title=front.title),
        excerpt=render_prose(front.excerpt, pictures, funnel.language, top=3, id_prefix="excerpt."),
        facts=parts.facts,
        quotes=[Quote(each, _photo(each, pictures)) for each in front.testimonials],
        faq=_answers(front.faq, pictures, funnel.language),
        linked_data=_linked_data(look, magnet, funnel, card, parts),
        **parts.section,
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


def _linked_data(look: Look, magnet: Magnet, funnel: Funnel, card: Placed | None, parts: LandingParts) -> str:
    """schema.org description for search engines; JSON whose `<` cannot close the script element it stands in."""
    front, base = magnet.front, funnel.base_url
    described: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": parts.linked_type,
        "name": front.title,
        "description": front.summary,
        "url": base + funnel.url,
        "inLanguage": funnel.language,
        "isAccessibleForFree": True,
        "publisher": {"@type": "Organization", "name": look.site.front.name, "url": base},
        **parts.linked_data,
    }
    if card:
        described["image"] = base + card.url
    return json.dumps(described, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
