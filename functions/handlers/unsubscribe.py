"""/api/unsubscribe and /api/preferences: one page with choices; each post takes effect at once, without a redirect.

RFC 8058: the mailbox provider posts `List-Unsubscribe=One-Click` without cookies, multipart or as a form, and
expects 2xx. The link's token alone identifies the lead. A body that names no choice of the page, or cannot be
read, must not keep anybody on the list: it unsubscribes from everything.
"""

from typing import Any

from handlers.entry import on_lambda
from handlers.http import BadRequest, Request, page, read_request
from handlers.pages import Unreadable, nothing_stored, read_link
from handlers.wiring import Wiring
from leads.preferences import DATA, EVERYTHING, NORMAL, SERIES, WEEKLY, chosen
from leads.preferences_page import page_values

_COUNTED = {SERIES: "SeriesEnded", EVERYTHING: "Unsubscribed", DATA: "DataRequested"}


def respond(event: dict[str, Any], wiring: Wiring) -> dict[str, Any]:
    """Store the choice that the page's or the mail program's button posts, and show the preference page."""
    try:
        request, _, (lead_id, magnet) = read_link(_without_unreadable(event), wiring, "unsubscribe")
    except Unreadable as unreadable:
        return unreadable.answer
    choice = _choice(request) if request.method == "POST" else ""
    if choice:
        _note(choice, request, wiring, lead_id, magnet)
    lead = wiring.read_lead(lead_id)
    if not lead.enrolments:
        return nothing_stored(wiring, 200)
    funnels = {slug: wiring.funnels.funnel(slug) for slug in {magnet, *lead.enrolments}}

    def token(slug: str) -> str:
        return wiring.signer.sign("unsubscribe", [lead_id, slug], wiring.now())

    return page(wiring.funnels.service_page("preferences"), page_values(lead, magnet, funnels, choice, token))


def _without_unreadable(event: dict[str, Any]) -> dict[str, Any]:
    """The event, without its body if that is too large or cannot be decoded: the link's token is enough."""
    try:
        read_request(event)
    except BadRequest:
        return {**event, "body": ""}
    return event


def _choice(request: Request) -> str:
    try:
        posted = request.form().get("choice", [""])[0]
    except BadRequest:
        posted = ""
    return posted if posted in (SERIES, WEEKLY, NORMAL, DATA) else EVERYTHING


def _note(choice: str, request: Request, wiring: Wiring, lead_id: str, magnet: str) -> None:
    how = "one-click" if b"One-Click" in request.body else "page"
    if wiring.ledger.append(lead_id, chosen(choice, magnet, wiring.now(), how)) and choice in _COUNTED:
        wiring.count(_COUNTED[choice])


handler = on_lambda(respond, "ledger", "funnels", "signer")
