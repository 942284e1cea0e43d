"""/api/unsubscribe: GET shows the page, POST unsubscribes at once, any number of times, without a redirect.

RFC 8058: the mailbox provider posts `List-Unsubscribe=One-Click` without cookies, multipart or as a form, and
expects 2xx. The link's token alone decides; a body that cannot be read must not keep anybody on the list.
"""

from typing import Any

from handlers.entry import on_lambda
from handlers.http import page
from handlers.pages import Unreadable, read_link
from handlers.wiring import Wiring
from leads import events


def respond(event: dict[str, Any], wiring: Wiring) -> dict[str, Any]:
    """The page behind every mail's unsubscribe link, and its post."""
    try:
        request, token, (lead_id, magnet) = read_link(event, wiring, "unsubscribe")
    except Unreadable as unreadable:
        return unreadable.answer
    if request.method != "POST":
        values = {"action": "/api/unsubscribe", "token": token}
        return page(wiring.funnels.service_page("unsubscribe"), values)
    how = "one-click" if b"One-Click" in request.body else "page"
    if wiring.ledger.append(lead_id, events.unsubscribed(magnet, wiring.now(), how)):
        wiring.count("Unsubscribed")
    return page(wiring.funnels.service_page("unsubscribed"), {"heading": "You are unsubscribed."})


handler = on_lambda(respond, "ledger", "funnels", "signer")
