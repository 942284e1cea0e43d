"""What the drip may answer: send this, wait until then, pass this over, or stop."""

from dataclasses import dataclass
from datetime import datetime

from leads.events import SendId


@dataclass(frozen=True, slots=True)
class Send:
    """This mail is due: claim it, send it, record what came of it. `due`: since when, for a step."""

    send: SendId
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing to do before `until`; then ask again. `reason`, for people."""

    step: str
    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Skip:
    """This step is due and not for this lead: note it, then ask again. `reason`: when, branch or missed."""

    step: str
    due: datetime | None
    reason: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Stop:
    """Nothing more until the lead does something. `finished`: the sequence has come to its end just now.

    `ended_by` is the condition that ended it, in words; "" where its mails have run out.
    """

    reason: str
    finished: bool = False
    ended_by: str = ""


Decision = Send | Wait | Skip | Stop
