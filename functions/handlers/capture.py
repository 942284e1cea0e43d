"""POST /api/leads/{magnet}: a form becomes a lead. One read of the funnel a minute, one write, no other call."""

from datetime import timedelta
from typing import Any

from handlers.entry import on_lambda
from handlers.http import BadRequest, Request, asks_for_json, json_answer, page, read_request, redirect
from handlers.pages import message
from handlers.wiring import Wiring
from leads import events
from leads.attribution import touch
from leads.form import Submission, is_trap, read_form, ticked_texts
from leads.form_page import error_answer, page_values
from leads.form_parts import Parts, read_parts
from leads.funnel import Funnel
from leads.identity import lead_id
from leads.instants import known_zone
from leads.posted import FieldError, Posted


def respond(event: dict[str, Any], wiring: Wiring) -> dict[str, Any]:
    """Accept the submission and say what comes next, the same for a known and an unknown address."""
    try:
        request = read_request(event)
        posted = request.form()
    except BadRequest as error:
        return _whole_form_error(event, wiring, error)
    funnel = wiring.funnels.funnel(request.path["magnet"])
    if funnel is None:
        return message(
            wiring, 404, "This offer is not there", "It may have ended, or the address is mistyped."
        )
    if funnel.gated_by and (closed := _closed(request, funnel, wiring)):
        return closed
    if is_trap(posted):
        wiring.count("Trapped")
        return _accepted(request, funnel.pages["thanks"])
    parts = read_parts(funnel, posted)
    if parts.is_anonymous and not parts.errors:
        wiring.count("Answered")
        return _shown(request, posted, parts, funnel, wiring)
    found = () if parts.is_anonymous else read_form(funnel, posted)
    if not isinstance(found, Submission) or parts.errors:
        wiring.count("Rejected")
        errors = () if isinstance(found, Submission) else found
        return _rejected(request, posted, (*parts.errors, *errors), parts, funnel, wiring)
    _store(found, request, posted, parts, funnel, wiring)
    if parts.answer and not request.wants_json:
        return _shown(request, posted, parts, funnel, wiring)
    return _accepted(request, funnel.pages["thanks" if found.email else "call"])


def _closed(request: Request, funnel: Funnel, wiring: Wiring) -> dict[str, Any] | None:
    """The answer of a magnet that takes nobody any more. After 410 our script posts plainly, and the page is shown."""
    from handlers.gate import closed_page  # here, so that other magnets' forms load no features

    answer = closed_page(funnel, wiring)
    error = FieldError("", "This form is closed.")
    return json_answer(410, error_answer((error,))) if answer and request.wants_json else answer


def _shown(request: Request, posted: Posted, parts: Parts, funnel: Funnel, wiring: Wiring) -> dict[str, Any]:
    """The page with which a feature answers its part of the form. The form on it knows where the visitor landed."""
    assert parts.answer is not None
    values = {**page_values(funnel, posted, (), _landing(request, posted)), **parts.answer.values}
    return page(wiring.funnels.magnet_page(funnel.slug, parts.answer.page), values)


def _store(
    found: Submission, request: Request, posted: Posted, parts: Parts, funnel: Funnel, wiring: Wiring
) -> None:
    identity = lead_id(wiring.settings.identity_key, email=found.email, phone=found.phone)
    data = _submitted(found, request, posted, funnel) | ({"told": parts.told} if parts.told else {})
    submission = events.submitted(funnel.slug, wiring.now(), data)
    for body, days in parts.private:
        wiring.ledger.keep_apart(identity, submission, body, submission.at + timedelta(days=days))
    wiring.count("Captured" if wiring.ledger.append(identity, submission) else "Resubmitted")


def _submitted(found: Submission, request: Request, posted: Posted, funnel: Funnel) -> dict[str, Any]:
    """The event's data: the answers and the proof of consent (GDPR Art. 7(1): who, when, how, told what)."""
    where = touch(_landing(request, posted), _first(posted, "_referrer"), funnel.base_url)
    consent = {
        "given": found.consent_given,
        "text": funnel.consent.text,
        "hash": funnel.consent.hash,
        "purpose": funnel.consent.purpose,
        "source": where.get("landing", funnel.url),
        "build": _first(posted, "_build")[:64] or funnel.build_id,
    }
    known = {
        "email": found.email,
        "phone": found.phone,
        "answers": dict(found.answers),
        "consent": consent,
        "ticks": ticked_texts(funnel, found.answers),
        "touch": where,
        "opt_in": funnel.opt_in,
        # The script sends the browser's zone. Without a valid one, the CDN's guess by IP address counts.
        "time_zone": known_zone(
            _first(posted, "_tz")[:64], request.headers.get("cloudfront-viewer-time-zone", "")[:64]
        ),
    }
    return {name: value for name, value in known.items() if value}


def _landing(request: Request, posted: Posted) -> str:
    """The page that the form was sent from. After an error page, the form itself carries it."""
    return _first(posted, "_landing") or request.headers.get("referer", "")


def _first(posted: Posted, name: str) -> str:
    return (posted.get(name) or ("",))[0]


def _accepted(request: Request, url: str) -> dict[str, Any]:
    return json_answer(200, {"ok": True, "next": url}) if request.wants_json else redirect(303, url)


def _rejected(
    request: Request,
    posted: Posted,
    errors: tuple[FieldError, ...],
    parts: Parts,
    funnel: Funnel,
    wiring: Wiring,
) -> dict[str, Any]:
    if request.wants_json:
        return json_answer(422, error_answer(errors))
    values = {**page_values(funnel, posted, errors, _landing(request, posted)), **parts.values}
    return page(wiring.funnels.magnet_page(funnel.slug, parts.form_page), values, 422)


def _whole_form_error(event: dict[str, Any], wiring: Wiring, error: BadRequest) -> dict[str, Any]:
    if asks_for_json(event.get("headers") or {}):
        return json_answer(error.status, error_answer((FieldError("", error.message),)))
    return message(wiring, error.status, "The form could not be read", error.message)


handler = on_lambda(respond, "ledger", "funnels")
