"""What `sunset` needs: who reads without ever downloading shows it by a click, and only where clicks are counted."""

from datetime import timedelta

from lodestone.content.model import Document
from lodestone.content.places import value_place
from lodestone.content.problems import Problems
from lodestone.content.schema import MagnetFront, SiteFront

#: Below this, silence says nothing. Our choice: the letters of a sequence are often a week apart.
_SHORTEST = timedelta(days=30)

_UNHEARD = "readers who read every mail count as silent: no click of theirs is counted"


def check_sunset(front: SiteFront | None, doc: Document, problems: Problems) -> None:
    """A site that asks silent readers whether to go on, and cannot hear those who are not silent."""
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
    """The same of a magnet that counts no clicks where the site counts them."""
    if front and site and site.sending.sunset and site.sending.clicks and front.clicks is False:
        help = "delete the line, or `sunset:` in site/site.yaml; without clicks only a download breaks the silence"
        problems.warn(value_place(doc, ("clicks",)), _UNHEARD, help)
