"""Checks `sunset`, which needs counted clicks: they alone show that somebody reads without downloading."""

from datetime import timedelta

from lodestone.content.model import Document
from lodestone.content.places import value_place
from lodestone.content.problems import Problems
from lodestone.content.schema import MagnetFront, SiteFront

#: A shorter silence means nothing. Our choice: the letters of a sequence are often a week apart.
_SHORTEST = timedelta(days=30)

_UNHEARD = "readers who read every mail count as silent: no click of theirs is counted"


def check_sunset(front: SiteFront | None, doc: Document, problems: Problems) -> None:
    """Warn of a `sunset` that is too short, or on a site that does not count clicks."""
    if front and front.sending.sunset and front.sending.sunset < _SHORTEST:
        help = "a month is little, `180 days` is usual: most readers of a good letter click nothing for weeks"
        message = (
            "after so short a silence nearly everybody is asked whether to go on, instead of getting a mail"
        )
        problems.warn(value_place(doc, ("sending", "sunset")), message, help)
    if front and front.sending.sunset and not front.sending.clicks:
        help = (
            "add `clicks: true` beside it; without, everybody is asked who has not downloaded for that long"
        )
        problems.warn(value_place(doc, ("sending", "sunset")), _UNHEARD, help)


def check_heard(front: MagnetFront | None, site: SiteFront | None, doc: Document, problems: Problems) -> None:
    """Warn of a magnet that counts no clicks on a site with `sunset` that does."""
    if front and site and site.sending.sunset and site.sending.clicks and front.clicks is False:
        help = "delete the line, or `sunset:` in site/site.yaml; without clicks only a download breaks the silence"
        problems.warn(value_place(doc, ("clicks",)), _UNHEARD, help)
