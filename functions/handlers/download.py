"""GET /api/download: a mailed link becomes a short-lived link to the gated file.

A download is stored as an event, once a day. It changes neither the lead's consent nor their mails, so GET
serves the file at once, without a page in between.
"""

from html import escape
from typing import Any
from urllib.parse import quote

from handlers.entry import on_lambda
from handlers.http import Request, page, redirect
from handlers.pages import Unreadable, message, read_link
from handlers.wiring import Wiring
from leads.features.downloads import Asset, assets_of, downloaded
from leads.placeholders import Html
from leads.scanners import is_machine
from leads.sizes import describe_size


def respond(event: dict[str, Any], wiring: Wiring) -> dict[str, Any]:
    """Redirect to the file, or list the files if the magnet has several."""
    try:
        request, token, (lead_id, magnet) = read_link(event, wiring, "download")
    except Unreadable as unreadable:
        return unreadable.answer
    funnel = wiring.funnels.funnel(magnet)
    assets = assets_of(funnel) if funnel else ()
    if funnel is None or not assets:
        text = "The offer behind this link was withdrawn. Answer the mail if you still need the file."
        return message(wiring, 410, "The file is no longer here", text)
    asset = _asked_for(assets, request)
    if asset is None:
        items = Html("".join(_item(each, token) for each in assets))
        return page(wiring.funnels.service_page("download"), {"title": funnel.title, "items": items})
    if request.method == "GET":
        _note(request, wiring, lead_id, magnet, asset)
    return redirect(302, wiring.assets.link(asset))


def _asked_for(assets: tuple[Asset, ...], request: Request) -> Asset | None:
    if len(assets) == 1:
        return assets[0]
    name = request.query.get("file")
    return next((each for each in assets if each.filename == name), None)


def _note(request: Request, wiring: Wiring, lead_id: str, magnet: str, asset: Asset) -> None:
    by = "machine" if is_machine(request.headers.get("user-agent", "")) else "person"
    if wiring.ledger.append(lead_id, downloaded(magnet, asset.filename, wiring.now(), by)):
        wiring.count("Downloaded")


def _item(asset: Asset, token: str) -> str:
    href = f"/api/download?t={quote(token)}&file={quote(asset.filename)}"
    facts = f"{asset.filename.rpartition('.')[2].upper()}, {describe_size(asset.size)}"
    return f'<li><a href="{escape(href)}">{escape(asset.label)}</a> <span>{escape(facts)}</span></li>'


handler = on_lambda(respond, "ledger", "funnels", "signer", "assets")
