"""Put the owner's notices on the mail queue: only the worker may send mail."""

from aws.queue import DripMessage
from handlers.wiring import Wiring
from leads.mail_types import OWNER_NOTICE


def enqueue_notices(lead_id: str, magnet: str, wiring: Wiring) -> None:
    """Have the worker mail the pending notices about this lead."""
    wiring.queue.put(DripMessage(lead_id, magnet, OWNER_NOTICE))
