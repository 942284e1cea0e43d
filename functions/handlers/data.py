"""/api/data: show a lead what is stored about them; correct, export and erase it (GDPR Art. 15 to 20).

The link is mailed to the lead's own address and works for a day. GET changes nothing; corrections and
erasures are posts.
"""

from dataclasses import dataclass
from typing import Any

from handlers.entry import on_lambda
from handlers.http import BadRequest, Request, attachment, page
from handlers.pages import Unreadable, message, nothing_stored, read_link
from handlers.wiring import Wiring
from leads import events
from leads.correction import as_posted, read_correction
from leads.data_page import ACTION, page_values
from leads.events import Event
from leads.form_page import page_values as form_values
from leads.funnel import Funnel
from leads.lead import Lead
from leads.lead_json import take_away
from leads.posted import FieldError, Posted
from leads.private import Private


@dataclass(frozen=True, slots=True)
class _Visit:
    """A lead's request to see or change what is stored about them."""

    request: Request
    token: str
    lead: Lead
    history: list[Event]
    wiring: Wiring


def respond(event: dict[str, Any], wiring: Wiring) -> dict[str, Any]:
    """Show the page, or do what it posts."""
    try:
        request, token, (lead_id, _, _) = read_link(event, wiring, "data")
        posted = request.form() if request.method == "POST" else {}
    except Unreadable as unreadable:
        return unreadable.answer
    except BadRequest as error:
        return message(wiring, error.status, "The form could not be read", error.message)
    history = wiring.ledger.events(lead_id)
    visit = _Visit(request, token, wiring.fold(lead_id, history), history, wiring)
    if not visit.lead.enrolments:
        return nothing_stored(wiring)
    return _act(visit, posted) if request.method == "POST" else _show(visit)


def _show(visit: _Visit) -> dict[str, Any]:
    query = visit.request.query
    if query.get("format") == "json":
        return attachment(
            "my-data.json", take_away(visit.lead, visit.history, visit.wiring.now(), _private(visit))
        )
    if query.get("view") == "erase":
        return _ask_to_erase(visit, 200)
    funnel = _funnel(visit, query.get("correct", ""))
    if funnel:
        return _form(visit, funnel, as_posted(funnel, visit.lead), (), 200)
    return _everything(visit, "")


def _act(visit: _Visit, posted: Posted) -> dict[str, Any]:
    if "erase" in posted:
        # A ticked box is required, so that a press by mistake erases nothing.
        return _erase(visit) if "sure" in posted else _ask_to_erase(visit, 422)
    funnel = _funnel(visit, (posted.get("correct") or [""])[0])
    if funnel is None:
        text = "Go back, load the page again, and try once more."
        return message(visit.wiring, 400, "The form could not be read", text)
    return _correct(visit, funnel, posted)


def _funnel(visit: _Visit, slug: str) -> Funnel | None:
    """The definition of something that the lead asked for."""
    return visit.wiring.funnels.funnel(slug) if slug in visit.lead.enrolments else None


def _everything(visit: _Visit, done: str) -> dict[str, Any]:
    funnels = {slug: visit.wiring.funnels.funnel(slug) for slug in visit.lead.enrolments}
    values = page_values(visit.lead, visit.history, _private(visit), funnels, visit.token, done)
    return page(visit.wiring.funnels.service_page("data"), values)


def _private(visit: _Visit) -> list[Private]:
    return visit.wiring.ledger.private(visit.lead.id, visit.wiring.now())


def _form(
    visit: _Visit, funnel: Funnel, posted: Posted, errors: tuple[FieldError, ...], status: int
) -> dict[str, Any]:
    values = form_values(funnel, posted, errors, landing="")
    values |= {"token": visit.token, "action": ACTION, "email": visit.lead.email}
    return page(visit.wiring.funnels.magnet_page(funnel.slug, "answers"), values, status)


def _correct(visit: _Visit, funnel: Funnel, posted: Posted) -> dict[str, Any]:
    told = read_correction(funnel, visit.lead, posted)
    if not isinstance(told, dict):
        return _form(visit, funnel, posted, told, 422)
    if not told:
        return _everything(visit, "There was nothing to put right: that is what we have stored.")
    note = events.corrected(funnel.slug, visit.wiring.now(), told)
    visit.wiring.ledger.append(visit.lead.id, note)
    visit.wiring.count("Corrected")
    history = [*visit.history, note]
    after = _Visit(
        visit.request, visit.token, visit.wiring.fold(visit.lead.id, history), history, visit.wiring
    )
    return _everything(after, "It is put right, and counts from now on.")


def _ask_to_erase(visit: _Visit, status: int) -> dict[str, Any]:
    fault = "" if status == 200 else "Tick the box first: erasing cannot be undone."
    values = {"token": visit.token, "action": ACTION, "fault": fault}
    return page(visit.wiring.funnels.service_page("erase"), values, status)


def _erase(visit: _Visit) -> dict[str, Any]:
    """Erase the lead. The event comes first: if the rest fails, `react` and the daily reconcile finish it."""
    wiring, lead_id = visit.wiring, visit.lead.id
    wiring.ledger.append(lead_id, events.erased(wiring.now(), "lead"))
    left = wiring.ledger.erase(lead_id, wiring.ledger.events(lead_id))
    wiring.ledger.store_profile(wiring.fold(lead_id, left))
    visit.wiring.count("Erased")
    return page(visit.wiring.funnels.service_page("erased"), {"heading": "Everything is erased."})


handler = on_lambda(respond, "ledger", "funnels", "signer")
