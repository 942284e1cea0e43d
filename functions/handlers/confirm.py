"""/api/confirm: GET shows one button, POST confirms. GET changes nothing, as mail scanners fetch links."""

from typing import Any

from handlers.entry import on_lambda
from handlers.gate import closed_page
from handlers.http import page, redirect
from handlers.pages import Unreadable, message, nothing_stored, read_link
from handlers.wiring import Wiring
from leads import events
from leads.enrolment import may_confirm


def respond(event: dict[str, Any], wiring: Wiring) -> dict[str, Any]:
    """Show the page behind the opt-in mail's link, or confirm when its button posts."""
    try:
        request, token, (lead_id, magnet, ask) = read_link(event, wiring, "confirm")
    except Unreadable as unreadable:
        return unreadable.answer
    funnel = wiring.funnels.funnel(magnet)
    if funnel is None:
        return message(wiring, 410, "This offer has ended", "There is nothing to confirm any more.")
    if funnel.gated_by and (closed := closed_page(funnel, wiring)):
        return closed
    if request.method != "POST":
        values = {"title": funnel.title, "action": "/api/confirm", "token": token}
        return page(wiring.funnels.service_page("confirm"), values)
    known = wiring.read_lead(lead_id)
    enrolment = known.enrolments.get(magnet)
    if enrolment is None and known.erased_at:
        return nothing_stored(wiring)
    if enrolment is None or not may_confirm(enrolment, ask):
        text = (
            "You have unsubscribed since this mail was sent. If you want it after all, send the form again."
        )
        return message(wiring, 409, "This link no longer counts", text, (funnel.url, funnel.title))
    if wiring.ledger.append(lead_id, events.confirmed(magnet, ask, wiring.now())):
        wiring.count("Confirmed")
    return redirect(303, funnel.pages["confirmed"])


handler = on_lambda(respond, "ledger", "funnels", "signer")
