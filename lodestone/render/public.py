"""The whole published site, from a loaded one: path in dist/site -> bytes."""

from collections.abc import Mapping

from leads.funnel import Funnel
from lodestone.render.landing import render_magnet
from lodestone.render.look import Look
from lodestone.render.site_pages import render_site_pages


def render_public(look: Look, funnels: Mapping[str, Funnel]) -> dict[str, bytes]:
    """Assets, site pages and every magnet's pages. `funnels` is by slug and has every magnet of the site."""
    files = dict(look.files) | render_site_pages(look, funnels)
    for magnet in look.site.magnets:
        files |= render_magnet(look, magnet, funnels[magnet.slug])
    return files
