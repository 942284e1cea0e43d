"""The preview as one self-contained page: every mail at desktop and phone width, light and dark, its text, headers and
links. The page's own policy forbids scripts and fetches, in its frames too."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from leads.sizes import describe_size
from lodestone.preview.destinations import BuiltSite, destinations, problems
from lodestone.preview.frames import framed
from lodestone.preview.letters import Previewed
from lodestone.preview.reader import Reader
from lodestone.render.mail import LARGEST_MAIL

_HERE = Path(__file__).parent

#: Every page that this module renders contains it. A folder with such a page may be overwritten.
MARK = '<meta name="generator" content="Lodestone preview">'


def render_page(
    title: str, reader: Reader, mails: tuple[Previewed, ...], files: Mapping[str, str], site: BuiltSite
) -> str:
    """Render the page. `files` are the names of the .eml files, by mail."""
    templates = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return templates.get_template("preview.html").render(
        title=title,
        mark=MARK,
        reader=reader.name,
        invented=reader.invented,
        style=(_HERE / "templates" / "preview.css").read_text("utf-8"),
        mails=[_shown(each, files[each.occasion.name], site) for each in mails],
    )


def _shown(previewed: Previewed, file: str, site: BuiltSite) -> dict[str, Any]:
    facts, html = previewed.facts, previewed.letter.html
    return {
        "occasion": previewed.occasion,
        "file": file,
        "subject": previewed.letter.subject,
        "preheader": facts.preheader,
        "frames": {scheme: framed(html, scheme, site) for scheme in ("light", "dark")},
        "text": previewed.letter.text,
        "headers": facts.headers,
        "html_size": describe_size(facts.html_size),
        "text_size": describe_size(facts.text_size),
        "share": f"{facts.html_size / LARGEST_MAIL:.0%}",
        "links": destinations(previewed, site),
        "problems": problems(previewed, site),
    }
