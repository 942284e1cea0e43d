"""The page in the stead of a form or a confirmation whose magnet takes nobody any more.

Apart from the handlers, so that those of magnets that never close load no features.
"""

from typing import Any

from handlers.http import page
from handlers.wiring import Wiring
from leads.features import FEATURES
from leads.funnel import Funnel


def closed_page(funnel: Funnel, wiring: Wiring, status: int = 200) -> dict[str, Any] | None:
    """The page of the first feature that closes the magnet now (`leads.feature.Feature.closes`); None if none does."""
    for key in funnel.gated_by:
        closes = FEATURES[key].closes if key in FEATURES else None
        answer = closes(funnel, wiring.now(), wiring.stock) if closes else None
        if answer:
            wiring.count("TurnedAway")
            return page(wiring.funnels.magnet_page(funnel.slug, answer.page), answer.values, status)
    return None
