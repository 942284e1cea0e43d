"""What the fault tests must find fault with: workers that send without claiming first."""

from aws.ledger import Ledger
from leads import events
from leads.events import Event
from tests.world import World


class Forgetful(Ledger):
    """A ledger that claims nothing beforehand: a mail is noted once it is sent, as simpler senders do."""

    def append(self, lead_id: str, event: Event) -> bool:
        if event.type == "claimed":
            return True
        if event.type in ("mailed", "failed"):
            super().append(lead_id, events.claimed(events.send_of(event), event.at, "worker"))
        return super().append(lead_id, event)


class WorldWithoutLedger(World):
    """The same world, whose workers have no ledger to claim a mail in."""

    def restart(self):
        wiring = super().restart()
        wiring.ledger = Forgetful(wiring._clients.dynamodb, wiring.settings.table)
        return wiring
