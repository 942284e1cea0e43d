"""`downloads`: gated files, opened by a link that every mail may carry.

The configuration is `{"files": [{"key", "filename", "label", "content_type", "size"}, …]}`.
"""

from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from leads.event_types import EventType
from leads.events import Event
from leads.feature import Feature, LinkType
from leads.funnel import Funnel

KEY = "downloads"


@dataclass(frozen=True, slots=True)
class Asset:
    """A gated file in the private bucket. `size` is in bytes."""

    key: str  # "<slug>/<content hash>/<filename>": not guessable, changes with the content
    filename: str
    label: str
    content_type: str
    size: int


def configure(assets: tuple[Asset, ...]) -> dict[str, Any]:
    """The configuration of a magnet that delivers these files."""
    return {"files": [asdict(each) for each in assets]}


def assets_of(funnel: Funnel) -> tuple[Asset, ...]:
    """The gated files of a magnet, in the author's order."""
    names = {each.name for each in fields(Asset)}
    files = funnel.features.get(KEY, {}).get("files", ())
    return tuple(Asset(**{name: value for name, value in each.items() if name in names}) for each in files)


def downloaded(magnet: str, asset: str, at: datetime, by: str) -> Event:
    """The gated file was fetched; once a day and file. `by`: `person`, or `machine` for a mail scanner."""
    key = f"downloaded#{magnet}#{asset}#{at:%Y%m%d}#{by}"
    return Event("downloaded", at, key, magnet, {"asset": asset, "by": by})


def _file(event: Event) -> str:
    return f"Download of {event.data.get('asset', 'a file')}"


FEATURE = Feature(
    key=KEY,
    event_types=(
        EventType(
            "downloaded",
            words=_file,
            is_activity=True,
            is_sign_of_life=True,
            points=10,
            points_again=5,
            noun="download",
        ),
    ),
    link_types=(
        LinkType(
            "download_url",
            "download",
            "/api/download",
            lifetime=timedelta(days=30),
            leads_to="opens the download",
            not_in={"opt-in": "the download follows in the delivery mail; delete it"},
            needed_in="delivery",
            why_needed="it leads to what was promised; put it on a line of its own: `[Download]({{ download_url }})`",
        ),
    ),
)
