"""POST /api/hooks/{provider}: store what a provider reports about a lead, if its signature is valid.

No token and no session: the provider's own signature is checked (`leads.feature.Hook`), with the secret that
the deployer set in `HookSecrets`. A provider repeats a report that was not answered with 2xx; copies have the
same event key and are stored once.
"""

from typing import Any

from handlers.entry import LOGGER, on_lambda
from handlers.http import BadRequest, Request, json_answer, read_request
from handlers.wiring import Wiring
from leads.feature import Hook, Reported
from leads.features import FEATURES
from leads.identity import InvalidAnswer, lead_id, normalise_email, normalise_phone

#: What code raises that reads headers or a body of another shape than it expects.
_UNREADABLE = (AttributeError, LookupError, TypeError, ValueError, RecursionError)


def respond(event: dict[str, Any], wiring: Wiring) -> dict[str, Any]:
    """Store the reported events. A body that is unsigned or unreadable stores nothing."""
    provider = (event.get("pathParameters") or {}).get("provider", "")
    hook, secret = _find(provider), wiring.settings.hook_secrets.get(provider)
    if hook is None or not secret:
        return json_answer(404, {"ok": False, "error": "no such hook"})
    try:
        request = read_request(event)
    except BadRequest as error:
        return json_answer(error.status, {"ok": False, "error": error.message})
    if not _is_signed(hook, request, secret, wiring):
        wiring.count("HookUnsigned")
        return json_answer(401, {"ok": False, "error": "the signature does not hold"})
    try:
        reported = hook.read(request.body, wiring.now())
    except _UNREADABLE as error:
        # Not the error's text: it may quote the body, and no log line holds an address.
        LOGGER.warning("a hook's body could not be read", provider=provider, error=type(error).__name__)
        return json_answer(400, {"ok": False, "error": "the body cannot be read"})
    known = [(identity, each.event) for each in reported if (identity := _identity(each, wiring))]
    for identity, happened in known:
        if wiring.ledger.append(identity, happened):
            wiring.count("HookReported")
    return json_answer(200, {"ok": True, "events": len(known)})


def _is_signed(hook: Hook, request: Request, secret: str, wiring: Wiring) -> bool:
    """Whether the provider signed the body. A header that cannot be read counts as a wrong signature."""
    try:
        return hook.is_signed(request.headers, request.body, secret, wiring.now())
    except _UNREADABLE:
        return False


def _identity(reported: Reported, wiring: Wiring) -> str:
    """The id of the lead that a report names, by the normal form of its e-mail or phone; "" if it names none.

    Such a report is dropped: otherwise all of them would share one id.
    """
    try:
        email = normalise_email(reported.email) if reported.email else ""
        phone = normalise_phone(reported.phone, "") if reported.phone and not email else ""
    except InvalidAnswer:
        email = phone = ""
    if not email and not phone:
        LOGGER.warning("a hook reports of nobody that could be a lead", type=reported.event.type)
        return ""
    return lead_id(wiring.settings.identity_key, email=email, phone=phone)


def _find(provider: str) -> Hook | None:
    hooks = (each for feature in FEATURES.values() for each in feature.hooks)
    return next((each for each in hooks if each.provider == provider), None)


handler = on_lambda(respond, "ledger")
