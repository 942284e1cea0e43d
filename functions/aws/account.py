"""The SES account: its sending limits and its suppression list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from leads.pace import Allowance


@dataclass(frozen=True, slots=True)
class Account:
    """What SES's GetAccount says: the sending limits, and the count of mails sent in the last 24 hours."""

    allowance: Allowance
    sent: int


class SesAccount:
    """The account of this region, through a boto3 SES v2 client."""

    def __init__(self, client: Any):
        self._client = client

    def read(self) -> Account | None:
        """Read the account. None if SES does not answer as expected: that must never stop a mail."""
        try:
            quota = self._client.get_account()["SendQuota"]
            most = int(quota["Max24HourSend"])
            # SES says -1 for no quota. A rate below one mail a second is read as one.
            allowance = Allowance(max(float(quota["MaxSendRate"]), 1.0), None if most < 0 else most)
            return Account(allowance, int(quota.get("SentLast24Hours", 0)))
        except Exception:
            return None

    def suppress_after(self, reasons: Sequence[str]) -> None:
        """Switch on SES's suppression list for addresses with these reasons: BOUNCE, COMPLAINT."""
        self._client.put_account_suppression_attributes(SuppressedReasons=list(reasons))
