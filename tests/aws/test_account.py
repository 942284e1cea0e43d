"""SES's word on the account."""

from typing import Any

import pytest

from aws.account import Account, SesAccount
from leads.pace import Allowance


class _Ses:
    def __init__(self, answer: Any):
        self._answer = answer

    def get_account(self) -> dict:
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


def quota(most: float, rate: float = 14.0) -> dict:
    return {"SendQuota": {"Max24HourSend": most, "MaxSendRate": rate, "SentLast24Hours": 120.0}}


@pytest.mark.parametrize(
    ("answer", "account"),
    [
        (quota(50_000.0), Account(Allowance(14.0, 50_000), 120)),
        (quota(-1.0), Account(Allowance(14.0, None), 120)),  # SES's word for no quota at all
        (quota(200.0, 0.0), Account(Allowance(1.0, 200), 120)),
        ({}, None),
        ({"SendQuota": {"Max24HourSend": "many"}}, None),
        (NotImplementedError(), None),
    ],
)
def test_whatever_get_account_answers_is_understood_or_passed_over(answer, account):
    assert SesAccount(_Ses(answer)).read() == account
