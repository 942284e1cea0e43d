"""Whether a request came through the CDN: it sends a secret along that nobody else knows.

The API has an address of its own, past the web ACL and the CDN's rate rule; whoever finds it gets nothing there.
"""

import hmac
from collections.abc import Mapping
from typing import Any

HEADER = "x-origin-secret"


def came_through_edge(event: Mapping[str, Any], secrets: tuple[str, ...]) -> bool:
    """Whether the request carries one of our secrets. Without secrets (no edge) all do; a queue's event is no request.

    Both sides hold a list. One secret in common is enough, so neither has to be the first to learn a new one.
    """
    if not secrets or "requestContext" not in event:
        return True
    sent = (event.get("headers") or {}).get(HEADER, "").encode("utf-8", "replace").split(b",")
    return any(hmac.compare_digest(each.strip(), secret.encode()) for each in sent for secret in secrets)


#: Whoever comes past the CDN is told nothing, not even that a secret is missing.
FORBIDDEN = {"statusCode": 403, "headers": {"cache-control": "no-store"}, "body": ""}
