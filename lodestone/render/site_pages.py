"""The pages that belong to the site and not to one magnet: index, notices, not-found, what crawlers read."""

from collections.abc import Sequence

from lodestone.content.model import Page
from lodestone.render.landing import page_path
from lodestone.render.look import Look
from lodestone.render.pictures import Pictures
from lodestone.render.prose import render_prose


def render_site_pages(look: Look, cards: Sequence[str]) -> dict[str, bytes]:
    """Index, site pages, 404, sitemap and robots.txt: path -> bytes. `cards` are the magnets' entries on the index."""
    files: dict[str, bytes] = {}
    files["index.html"] = look.render("index.html", page_url="/", cards=cards).encode()
    for page in look.site.pages:
        files[page_path(f"/{page.slug}/")] = _render_page(look, page, files).encode()
    files["404.html"] = look.render("404.html", page_url="/404.html", listed=look.site.magnets).encode()
    files["sitemap.xml"] = _render_sitemap(look).encode()
    files["robots.txt"] = (
        f"User-agent: *\nDisallow: /api/\n\nSitemap: {look.site.front.base_url}/sitemap.xml\n".encode()
    )
    return files


def _render_page(look: Look, page: Page, files: dict[str, bytes]) -> str:
    pictures = Pictures(page.doc.path.parent, f"assets/{page.slug}", files)
    body = render_prose(page.doc.body, pictures, look.site.front.language, title=page.front.title)
    return look.render("page.html", page_url=f"/{page.slug}/", page=page, body=body)


def _render_sitemap(look: Look) -> str:
    pages = [f"/{page.slug}/" for page in look.site.pages]
    magnets = [magnet.url for magnet in look.site.magnets if not magnet.front.seo.noindex]
    return look.render("sitemap.xml", urls=["/", *magnets, *pages])
