"""The custom resource of `AccountSuppression`: the stack switches it on, deleting the stack leaves it on.

SES sends to addresses that bounced or complained unless its account-level suppression list is on, and
CloudFormation has no resource for that list. An error here does not fail a deployment: the stack's own mails
are covered by their configuration set, and `build.py doctor` reports the missing list.
"""

import json
import urllib.request
from collections.abc import Callable
from typing import Any

from aws.errors import code_of, status_of
from handlers.entry import LOGGER, on_lambda
from handlers.wiring import Wiring

#: A new IAM role may not be known to every service at once. The pause is in seconds.
_TRIES, _PAUSE = 5, 3.0


def respond(
    event: dict[str, Any], wiring: Wiring, deliver: Callable[[str, bytes], None] | None = None
) -> dict[str, Any]:
    """Do what CloudFormation asks for, and PUT the outcome to its `ResponseURL`.

    Delete changes nothing: other stacks, and mails of others in this account, may rely on the list.
    """
    outcome = "left as it is"
    if event["RequestType"] != "Delete":
        outcome = _switch_on(event["ResourceProperties"]["Reasons"], wiring)
    answer = {
        "Status": "SUCCESS",
        "Reason": outcome,
        "PhysicalResourceId": "account-suppression",
        "StackId": event["StackId"],
        "RequestId": event["RequestId"],
        "LogicalResourceId": event["LogicalResourceId"],
        "Data": {"Outcome": outcome},
    }
    (deliver or _deliver)(event["ResponseURL"], json.dumps(answer).encode())
    return answer


def _switch_on(reasons: list[str], wiring: Wiring) -> str:
    for tried in range(1, _TRIES + 1):
        try:
            wiring.account.suppress_after(reasons)
            return "on"
        except Exception as error:
            if status_of(error) == 403 and tried < _TRIES:
                wiring.sleep(_PAUSE)
                continue
            LOGGER.exception("the account's suppression list could not be switched on")
            return f"not switched on: {code_of(error) or type(error).__name__}"
    return ""


def _deliver(url: str, body: bytes) -> None:
    """PUT the answer without a content type, as the presigned address was signed without one."""
    request = urllib.request.Request(url, data=body, method="PUT", headers={"content-type": ""})  # noqa: S310
    with urllib.request.urlopen(request, timeout=20):  # noqa: S310  CloudFormation's own address
        pass


handler = on_lambda(respond)
