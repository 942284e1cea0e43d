"""A workshop: a place in a room at an hour."""

from pathlib import Path

from lodestone.kinds import Kind

KIND = Kind(
    name="workshop",
    template="kinds/workshop.html",
    card_template="cards/workshop.html",
    features=("places",),
    needs=("places",),
    mails=Path(__file__).parent / "workshop_mails",
    linked_type="Event",
)
