"""A limited-time offer: a price or a code until an end that is kept."""

from pathlib import Path

from lodestone.kinds import Kind

KIND = Kind(
    name="offer",
    template="kinds/offer.html",
    card_template="cards/offer.html",
    features=("deadline",),
    needs=("deadline",),
    starter=Path(__file__).parent / "offer_starter",
    mails=Path(__file__).parent / "offer_mails",
    linked_type="Product",
    anchors=("form", "terms"),
    delivers="the link to the offer",
)
