"""Compiles mails: an author's Markdown in the house layout, as HTML and as plain text, with placeholders."""

import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element

from leads import placeholders
from leads.funnel import Funnel, Mail, mail_name
from leads.mail_types import MAIL_TYPES
from lodestone.content.model import MailSource
from lodestone.content.placeholders import compile_placeholders
from lodestone.markdown.html import prepare, write_html
from lodestone.markdown.mail_links import read_links, take_off_names
from lodestone.markdown.parser import parse
from lodestone.markdown.text import write_text
from lodestone.render.colour import dark_accent, light_accent
from lodestone.render.direction import direction_of
from lodestone.render.look import Look
from lodestone.render.mail_body import fit_for_mail
from lodestone.render.mail_pictures import fit_pictures, place_picture
from lodestone.render.pictures import Pictures

#: Bytes. Gmail hides the rest of a longer mail behind a link, and the unsubscribe link with it.
LARGEST_MAIL = 102_000
#: Bytes. With long answers of a lead, a mail above this may exceed the limit.
LARGE_MAIL = 90_000

_MARK = re.compile(f"{placeholders.OPEN}(.*?){placeholders.CLOSE}")


def render_mail(
    look: Look, funnel: Funnel, source: MailSource, published: dict[str, bytes] | None = None
) -> Mail:
    """One mail of a magnet, ready to be filled and sent. Pictures beside it are put into `published`, by path."""
    files = {} if published is None else published
    pictures = Pictures(source.doc.path.parent, f"assets/{funnel.slug}", look.read, files)
    own_placeholders: dict[str, placeholders.Placeholder] = {}
    subject = _placed(source.front.subject, "subject", own_placeholders)
    preheader = _placed(source.front.preheader, "preheader", own_placeholders)
    marked, found, _ = compile_placeholders(source.doc.body)
    own_placeholders |= found
    body = _read_body(marked, funnel, pictures)
    links = _count_links(body, source.step, funnel)
    layout = {
        "funnel": funnel,
        "direction": direction_of(funnel.language),
        "subject": subject,
        "preheader": preheader,
        "purpose": source.step if source.step in MAIL_TYPES else "sequence",
        "address": [line.strip() for line in funnel.postal_address.splitlines() if line.strip()],
        "unsubscribe_url": placeholders.mark("unsubscribe_url"),
        "preferences_url": placeholders.mark("preferences_url"),
    }
    text = look.render("mail.txt", body=write_text(body), **layout)
    fit_for_mail(body)
    html = _render_html(look, write_html(body, scrolls=False), layout)
    in_subject, in_html, in_text = (
        placeholders.split(part, own_placeholders) for part in (subject, html, text)
    )
    return Mail(mail_name(source.step, source.variant), in_subject, in_html, in_text, links)


def _count_links(body: Element, step: str, funnel: Funnel) -> Mapping[str, str]:
    """Count the body's links if it is a sequence mail and the owner counts clicks; return their destinations."""
    if funnel.sending.clicks and step not in MAIL_TYPES:
        return read_links(body).destinations
    take_off_names(body)
    return {}


def _placed(text: str, name: str, own_placeholders: dict[str, placeholders.Placeholder]) -> str:
    """Put marks into a text for the author's placeholders, with names that the body's do not use."""
    marked, found, _ = compile_placeholders(text)
    own_placeholders |= {f"{name}-{key}": placeholder for key, placeholder in found.items()}
    return _MARK.sub(lambda match: placeholders.mark(f"{name}-{match[1]}"), marked)


def _read_body(markdown: str, funnel: Funnel, pictures: Pictures) -> Element:
    def absolute(kind: str, target: str) -> str:
        target = place_picture(pictures, target) if kind == "image" else target
        return funnel.base_url + target if target.startswith("/") else target

    root = prepare(parse(markdown).copy(), funnel.language, absolute)
    fit_pictures(root, pictures, funnel.base_url)
    return root


def _render_html(look: Look, body: str, layout: dict[str, object]) -> str:
    import css_inline  # a compiled library: loaded where mails are made, not where pages are

    theme = look.site.front.theme
    start, end = ("right", "left") if layout["direction"] == "rtl" else ("left", "right")
    html = look.render(
        "mail.html",
        body=body,
        light=light_accent(theme),
        dark=dark_accent(theme),
        start=start,
        end=end,
        **layout,
    )
    inlined = css_inline.CSSInliner(load_remote_stylesheets=False).inline(html)
    return inlined.replace(' data-css-inline="keep"', "")
