"""What the counted links of mails are called, for conditions that ask for one: `clicked step-2 link pricing`."""

from collections.abc import Mapping, Sequence

from lodestone.content.model import Document
from lodestone.content.placeholders import compile_placeholders
from lodestone.content.schema import SiteFront

#: Stands for the site's address where site.yaml has problems: only a link without words is named for its host.
_NOWHERE = "https://www.example.com"


def link_names(
    mails: Sequence[tuple[str, Document]], site: SiteFront | None
) -> Mapping[str, tuple[str, ...]]:
    """The names of each mail's links, in order, read from the mail as it will be rendered."""
    base_url = site.base_url.rstrip("/") if site else _NOWHERE
    language = site.language if site else "en"
    return {step: _names(mail.body, base_url, language) for step, mail in mails}


def _names(body: str, base_url: str, language: str) -> tuple[str, ...]:
    from lodestone.render.mail_links import read_links
    from lodestone.render.markdown import render_markdown  # slow to import, seldom asked for

    def absolute(kind: str, target: str) -> str:
        return base_url + target if target.startswith("/") else target

    marked = compile_placeholders(body)[0]
    html = render_markdown(marked, resolve=absolute, language=language).html
    return tuple(read_links(html).destinations)
