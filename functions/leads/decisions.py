"""What the drip may decide: send a mail, wait, skip a step, or stop."""

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
    """Nothing to do before `until`; then decide again. `reason` is for people."""

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
    """Nothing to do until the lead does something. `finished`: the sequence has ended just now.

    `ended_by` is the condition that ended it, in words; "" if all its mails were sent.
    """

    reason: str
    finished: bool = False
    ended_by: str = ""


Decision = Send | Wait | Skip | Stop
