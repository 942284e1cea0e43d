"""What the owner is to be told goes over the mail queue: the worker alone may send mail."""

from aws.queue import DripMessage
from handlers.wiring import Wiring
from leads.mail_types import OWNER_NOTICE


def enqueue_notices(lead_id: str, magnet: str, wiring: Wiring) -> None:
    """Have the worker look at what the owner is to be told."""
    wiring.queue.put(DripMessage(lead_id, magnet, OWNER_NOTICE))
