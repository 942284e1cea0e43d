"""GET /api/click: redirect a counted link of a mail to its destination, and store the click.

The destination is looked up in the published mails and never read from the address, so nobody can make our
host redirect to theirs. If the click cannot be stored, the reader is redirected all the same: a click changes
neither consent nor what was promised.
"""

from typing import Any

from handlers.entry import LOGGER, on_lambda
from handlers.http import Request, redirect
from handlers.pages import Unreadable, message, read_link
from handlers.wiring import Wiring
from leads import events
from leads.events import SendId
from leads.funnel import Funnel, mail_name
from leads.scanners import is_machine
from leads.variants import variant_of


def respond(event: dict[str, Any], wiring: Wiring) -> dict[str, Any]:
    """Redirect to the link's destination, or to the magnet's page if no mail has this link any more."""
    try:
        request, _, (lead_id, magnet, step, attempt, link) = read_link(event, wiring, "click")
    except Unreadable as unreadable:
        return unreadable.answer
    funnel = wiring.funnels.funnel(magnet)
    if funnel is None:
        text = "The offer that this link came with was withdrawn."
        return message(wiring, 410, "This link leads nowhere now", text)
    if request.method == "GET":
        _note(request, wiring, lead_id, SendId(magnet, step, 0, attempt), link)
    return redirect(302, _destination(wiring, funnel, lead_id, step, link) or funnel.base_url + funnel.url)


def _destination(wiring: Wiring, funnel: Funnel, lead_id: str, step: str, link: str) -> str:
    """The address of the link in the version that the lead has, else in any other; "" if none has it.

    The versions under test may have changed since the mail went out.
    """
    versions = next((each.variants for each in funnel.steps if each.slug == step), ())
    names = (mail_name(step, each) for each in (variant_of(lead_id, funnel, step), *versions))
    mails = (wiring.funnels.mail(funnel.slug, name) for name in dict.fromkeys(names))
    return next((mail.links[link] for mail in mails if mail and link in mail.links), "")


def _note(request: Request, wiring: Wiring, lead_id: str, send: SendId, link: str) -> None:
    by = "machine" if is_machine(request.headers.get("user-agent", "")) else "person"
    try:
        if wiring.ledger.append(lead_id, events.clicked(send, link, wiring.now(), by)):
            wiring.count("Clicked")
    except Exception:
        LOGGER.exception("a click could not be noted", lead=lead_id, send=str(send), link=link)


handler = on_lambda(respond, "ledger", "funnels", "signer")
