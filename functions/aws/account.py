"""The SES account as a whole: what it may send, and whom it must not."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from leads.pace import Allowance


@dataclass(frozen=True, slots=True)
class Account:
    """What GetAccount says of sending: the allowance, and what was sent in the last 24 hours."""

    allowance: Allowance
    sent: int


class SesAccount:
    """The account of this region, through a boto3 SES v2 client."""

    def __init__(self, client: Any):
        self._client = client

    def read(self) -> Account | None:
        """What may be sent; None where SES cannot be asked or answers oddly: that must never stop a mail."""
        try:
            quota = self._client.get_account()["SendQuota"]
            most = int(quota["Max24HourSend"])
            # -1 is SES's word for no quota at all. A rate below one a second is no rate.
            allowance = Allowance(max(float(quota["MaxSendRate"]), 1.0), None if most < 0 else most)
            return Account(allowance, int(quota.get("SentLast24Hours", 0)))
        except Exception:
            return None

    def suppress_after(self, reasons: Sequence[str]) -> None:
        """Have SES keep a list of addresses that no mail goes to. `reasons`: BOUNCE, COMPLAINT."""
        self._client.put_account_suppression_attributes(SuppressedReasons=list(reasons))
