"""POST /api/hooks/{provider}: what a provider reports of a lead, once its signature holds.

No token and no session: the provider's own signature is checked (`leads.feature.Hook`), with the secret that the
deployer handed over in `HookSecrets`. A provider repeats what was not answered with 2xx, and an event's key makes one
of several, so everything here may come twice.
"""

from typing import Any

from handlers.entry import LOGGER, on_lambda
from handlers.http import BadRequest, json_answer, read_request
from handlers.wiring import Wiring
from leads.feature import Hook
from leads.features import FEATURES
from leads.identity import lead_id


def respond(event: dict[str, Any], wiring: Wiring) -> dict[str, Any]:
    """Append what is reported, and say so; nothing is stored of what is not signed or cannot be read."""
    provider = (event.get("pathParameters") or {}).get("provider", "")
    hook, secret = _find(provider), wiring.settings.hook_secrets.get(provider)
    if hook is None or not secret:
        return json_answer(404, {"ok": False, "error": "no such hook"})
    try:
        request = read_request(event)
    except BadRequest as error:
        return json_answer(error.status, {"ok": False, "error": error.message})
    if not hook.is_signed(request.headers, request.body, secret, wiring.now()):
        wiring.count("HookUnsigned")
        return json_answer(401, {"ok": False, "error": "the signature does not hold"})
    try:
        reported = hook.read(request.body, wiring.now())
    except ValueError:
        LOGGER.exception("a hook's body could not be read", provider=provider)
        return json_answer(400, {"ok": False, "error": "the body cannot be read"})
    for each in reported:
        identity = lead_id(wiring.settings.identity_key, email=each.email, phone=each.phone)
        if wiring.ledger.append(identity, each.event):
            wiring.count("HookReported")
    return json_answer(200, {"ok": True, "events": len(reported)})


def _find(provider: str) -> Hook | None:
    hooks = (each for feature in FEATURES.values() for each in feature.hooks)
    return next((each for each in hooks if each.provider == provider), None)


handler = on_lambda(respond, "ledger")
