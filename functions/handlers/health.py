"""GET /api/health: 200 when the API, the function and the table answer."""

from typing import Any

from handlers.entry import LOGGER, on_lambda
from handlers.http import json_answer
from handlers.wiring import Wiring


def respond(event: dict[str, Any], wiring: Wiring) -> dict[str, Any]:
    """Read one item, as every capture does. The log tells the reason of a failure, the answer does not."""
    try:
        published = wiring.funnels.service_page("message") is not None
    except Exception:
        LOGGER.exception("the table cannot be read")
        return json_answer(503, {"ok": False})
    return json_answer(200, {"ok": True, "published": published})


handler = on_lambda(respond, "funnels")
