"""The end of an offer as an author writes it: day, hour and, where it is not the site's, the zone."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from pydantic import PlainValidator

from lodestone.content.times import parse_moment

_ZONE = re.compile(r"(?P<moment>.*\d)\s+(?P<zone>[A-Za-z][\w/+-]*)")
_HELP = "write day and hour: `2026-12-15 18:00`, or `2026-12-15 18:00 Europe/Berlin`"


@dataclass(frozen=True)
class Ending:
    """A wall time, aware if it was written with its offset, and the zone that was named (""  for the site's)."""

    moment: datetime
    zone: str = ""

    def where(self, site_zone: str) -> ZoneInfo:
        """Return the zone whose clock it is read on."""
        return ZoneInfo(self.zone or site_zone)

    def instants(self, site_zone: str) -> tuple[datetime, ...]:
        """Return the instants, in UTC, at which the clock shows it: none in a gap, two in a repeated hour."""
        if self.moment.tzinfo:
            return (self.moment.astimezone(UTC),)
        where = self.where(site_zone)
        both = {self.moment.replace(tzinfo=where, fold=fold).astimezone(UTC) for fold in (0, 1)}
        shown = (each for each in both if each.astimezone(where).replace(tzinfo=None) == self.moment)
        return tuple(sorted(shown))


def parse_ending(value: object) -> Ending:
    """Parse `2026-12-15 18:00 Europe/Berlin`. Raises ValueError if it has no hour, or names no zone there is."""
    text = value.strip() if isinstance(value, str) else ""
    named = _ZONE.fullmatch(text)
    zone = named["zone"] if named and named["zone"] != "Z" else ""
    if zone and zone not in available_timezones():
        raise ValueError(f"unknown time zone `{zone}`; {_HELP}")
    try:
        moment = parse_moment(named["moment"] if named and zone else text)
    except ValueError:
        raise ValueError(_HELP) from None
    if not isinstance(moment, datetime):
        raise ValueError(f"an offer ends at an hour, not on a day: {_HELP}")
    if zone and moment.tzinfo:
        raise ValueError("this names a zone and an offset; write one of them")
    return Ending(moment, zone)


OfferEnd = Annotated[Ending, PlainValidator(parse_ending)]
