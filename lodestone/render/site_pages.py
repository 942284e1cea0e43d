"""The pages that belong to the site and not to one magnet: index, notices, not-found, what crawlers read."""

from collections.abc import Sequence
from typing import Protocol

from lodestone.content.model import Page
from lodestone.render.landing import page_path
from lodestone.render.look import Look
from lodestone.render.pictures import Pictures
from lodestone.render.prose import render_prose


class Listed(Protocol):
    """A magnet as the site's pages list it: `html` is its entry on the index page."""

    @property
    def title(self) -> str: ...

    @property
    def url(self) -> str: ...

    @property
    def is_hidden(self) -> bool: ...

    @property
    def html(self) -> str: ...


def render_site_pages(look: Look, listed: Sequence[Listed]) -> dict[str, bytes]:
    """Index, site pages, 404, sitemap and robots.txt: path -> bytes."""
    files: dict[str, bytes] = {}
    files["index.html"] = look.render("index.html", page_url="/", listed=listed).encode()
    for page in look.site.pages:
        files[page_path(f"/{page.slug}/")] = _render_page(look, page, files).encode()
    files["404.html"] = look.render("404.html", page_url="/404.html", listed=listed).encode()
    files["sitemap.xml"] = _render_sitemap(look, listed).encode()
    files["robots.txt"] = (
        f"User-agent: *\nDisallow: /api/\n\nSitemap: {look.site.front.base_url}/sitemap.xml\n".encode()
    )
    return files


def _render_page(look: Look, page: Page, files: dict[str, bytes]) -> str:
    pictures = Pictures(page.doc.path.parent, f"assets/{page.slug}", look.read, files)
    body = render_prose(page.doc.body, pictures, look.site.front.language, title=page.front.title)
    return look.render("page.html", page_url=f"/{page.slug}/", page=page, body=body)


def _render_sitemap(look: Look, listed: Sequence[Listed]) -> str:
    pages = [f"/{page.slug}/" for page in look.site.pages]
    magnets = [each.url for each in listed if not each.is_hidden]
    return look.render("sitemap.xml", urls=["/", *magnets, *pages])
