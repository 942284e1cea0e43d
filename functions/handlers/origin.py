"""Whether a request came through the CDN, which adds a secret header to each request.

The API also has a public address that bypasses the web ACL and the CDN's rate rule: there it answers 403.
"""

import hmac
from collections.abc import Mapping
from typing import Any

HEADER = "x-origin-secret"


def came_through_edge(event: Mapping[str, Any], secrets: tuple[str, ...]) -> bool:
    """Whether the request carries one of our secrets. True also without secrets (no CDN) and for a queue.

    Both sides hold a list. One secret in common is enough, so a rotation may begin on either side.
    """
    if not secrets or "requestContext" not in event:
        return True
    sent = (event.get("headers") or {}).get(HEADER, "").encode("utf-8", "replace").split(b",")
    return any(hmac.compare_digest(each.strip(), secret.encode()) for each in sent for secret in secrets)


#: The answer to a request that bypassed the CDN. It does not say that a secret is missing.
FORBIDDEN = {"statusCode": 403, "headers": {"cache-control": "no-store"}, "body": ""}
