"""What `sunset` needs: who reads without ever downloading shows it by a click, and only where clicks are counted."""

from lodestone.content.model import Document
from lodestone.content.places import value_place
from lodestone.content.problems import Problems
from lodestone.content.schema import MagnetFront, SiteFront

_UNHEARD = "readers who read every mail count as silent: no click of theirs is counted"


def check_sunset(front: SiteFront | None, doc: Document, problems: Problems) -> None:
    """A site that asks silent readers whether to go on, and cannot hear those who are not silent."""
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
