"""/api/do/{magnet}/{feature}/{action}: the pages and buttons that features bring, behind signed links.

GET shows a page and changes nothing: mail scanners fetch every link. The feature decides what the button does
(`leads.feature.Action`); this handler appends the events.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handlers.entry import on_lambda
from handlers.http import BadRequest, page, redirect
from handlers.pages import Unreadable, invalid_link, message, nothing_stored, read_link
from handlers.wiring import Wiring
from leads.feature import Action, Answer, Enrolled, Visit, action_purpose
from leads.features import FEATURES
from leads.form import read_fields
from leads.form_page import page_values
from leads.funnel import Field, Funnel
from leads.posted import FieldError, Posted


def respond(event: dict[str, Any], wiring: Wiring) -> dict[str, Any]:
    """Show the action's page, or do what its button posts."""
    path = event.get("pathParameters") or {}
    slug, key, name = (path.get(each, "") for each in ("magnet", "feature", "action"))
    action = _find(key, name)
    if action is None:
        return message(wiring, 404, "There is nothing here", "The address may be mistyped.")
    try:
        request, token, payload = read_link(event, wiring, action_purpose(key, name))
        posted = request.form() if request.method == "POST" else {}
    except Unreadable as unreadable:
        return unreadable.answer
    except BadRequest as error:
        return message(wiring, error.status, "The form could not be read", error.message)
    lead_id, magnet, number = [*payload, 0][:3]
    if magnet != slug:
        return invalid_link(wiring)
    funnel = wiring.funnels.funnel(magnet)
    if funnel is None or key not in funnel.features:
        return message(wiring, 410, "This offer has ended", "There is nothing behind this link any more.")
    lead = wiring.read_lead(lead_id)
    enrolment = lead.enrolments.get(magnet)
    if enrolment is None:
        return nothing_stored(wiring)
    enrolled, form = Enrolled(lead, enrolment, funnel), _PostedForm(funnel, posted)
    visit = Visit(
        enrolled, token, number, posted, wiring.now(), form, wiring.nonce, wiring.stock, request.query
    )
    if request.method != "POST":
        return _answer(action.show(visit), magnet, wiring)
    answer = action.do(visit)
    for each in answer.events:
        if wiring.ledger.append(lead_id, each):
            wiring.count("Acted")
    if answer.location and not answer.location.startswith("/"):
        return _leave_for(answer.location, wiring)
    return _answer(answer, magnet, wiring)


@dataclass(frozen=True, slots=True)
class _PostedForm:
    """What a button posted, for features that ask questions (`leads.feature.PostedForm`)."""

    funnel: Funnel
    posted: Posted

    def read(self, fields: Sequence[Field]) -> tuple[Mapping[str, str], Mapping[str, str]]:
        values, errors = read_fields(fields, self.posted, self.funnel.country)
        return values, {each.field: each.message for each in errors}

    def page_values(self, errors: Mapping[str, str]) -> Mapping[str, str]:
        told = [FieldError(field, message) for field, message in errors.items()]
        return page_values(self.funnel, self.posted, told, landing="")


def _leave_for(location: str, wiring: Wiring) -> dict[str, Any]:
    """A page that leads on to another site by itself.

    No redirect: after a form's POST, Chromium checks it against `form-action` of our Content-Security-Policy.
    """
    text = "The next page opens by itself. If it does not, this link leads there."
    answer = message(wiring, 200, "One moment", text, (location, "Go on"))
    return answer | {"headers": {**answer["headers"], "Refresh": f"0; url={location}"}}


def _find(key: str, name: str) -> Action | None:
    feature = FEATURES.get(key)
    return next((each for each in feature.actions if each.name == name), None) if feature else None


def _answer(answer: Answer, magnet: str, wiring: Wiring) -> dict[str, Any]:
    """A redirect to the answer's address, else the magnet's page of that name, else the site's."""
    if answer.location:
        return redirect(303, answer.location)
    parts = wiring.funnels.magnet_page(magnet, answer.page) or wiring.funnels.service_page(answer.page)
    return page(parts, answer.values, answer.status)


handler = on_lambda(respond, "ledger", "funnels", "signer")
