"""Rate limiting under SES's rate and daily quota: every mail gets a slot, the instant at which it may go out.

All workers share one small state, a `Pace`, and `reserve` is a pure function of it, so a compare-and-set of
one table item paces any number of workers (`aws.pacer`). It gives slots and not tokens: a mail that has to
wait knows until when, so no worker polls, and a backlog is sent at exactly the rate. Slots are given an hour
ahead (`HORIZON`). A message that gets none comes again when there may be one, at most once an hour.

Two lanes share the rate. A mail that a lead waits for (`FIRST`) never queues behind sequences (`DRIP`): its
lane has a part of the rate to itself, all of it while the drip idles, and the last tenth of the daily quota.

SES counts a *rolling* day, so slots are counted by the hour that they lie in: a 24-hour window touches at
most 25 hours of the clock, and no 25 hours in a row get more slots than the quota.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

#: The lanes: mails that a lead waits for, and all others.
FIRST, DRIP = "first", "drip"

#: A slot may be used this long after its instant. Later it is not valid: after an outage the delayed mails
#: must not go out in a burst.
HONOURED = timedelta(seconds=60)

#: Slots are given this far ahead. Later ones might not be used (quiet hours, tomorrow's quota, a pause of the
#: account), and a slot that is given and not used is lost.
HORIZON = timedelta(hours=1)

#: We use this part of SES's rate, as mails may reach SES at shorter intervals than their slots.
MARGIN = 0.9
#: The drip's part of that, unless the deployer sets a rate; and its maximum part if they do.
DRIP_SHARE, DRIP_SHARE_AT_MOST = 0.8, 0.9
#: The drip's part of the daily quota. The rest is for leads who sign up on a busy day.
DRIP_QUOTA_SHARE = 0.9

#: The drip's mails on the first day of a new domain, and the growth factor a day. Mailbox providers ask for a
#: slow start and publish no figures: these are our choice, well below the daily doubling that senders warn
#: against. The tenth day has 7,700 mails, the twentieth 440,000.
WARM_UP_START, WARM_UP_GROWTH = 200, 1.5
#: After so many days the ramp ends: no quota is lower than it.
_WARM_UP_DAYS = 45

_SECOND, _HOUR = 1_000_000, 3_600_000_000  # in microseconds, the unit of every instant below
_WINDOW = 24  # hours that lie before the one that a window ends in


@dataclass(frozen=True, slots=True)
class Allowance:
    """What SES allows the account in this region: mails a second, mails in 24 hours (None: no quota)."""

    rate: float
    quota: int | None


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits that we keep: `rate` mails a second in all, `drip` of them for sequences, `quota` in any 24
    hours (None: no quota), and the day on which a new domain began to send (None: it is not new)."""

    rate: float
    drip: float
    quota: int | None = None
    warm_up_since: date | None = None

    def most(self, lane: str, hour: int) -> float:
        """The most mails, with the next of this lane, in the 24 hours that end in `hour` (since 1970)."""
        quota = math.inf if self.quota is None else self.quota
        if lane == FIRST:
            return max(1, quota)
        return max(1, min(quota * DRIP_QUOTA_SHARE, self._warm_up(hour)))

    def _warm_up(self, hour: int) -> float:
        """A new domain's maximum. It limits sequences alone: a lead who waits for an opt-in mail is lost."""
        if self.warm_up_since is None:
            return math.inf
        days = (datetime.fromtimestamp(hour * 3600, UTC).date() - self.warm_up_since).days
        return math.inf if days >= _WARM_UP_DAYS else WARM_UP_START * WARM_UP_GROWTH ** max(days, 0)


@dataclass(frozen=True, slots=True)
class Pace:
    """The state of the slots given so far. Instants are microseconds since 1970.

    `first` and `drip` are each lane's earliest next slot. Until `alone` the first lane has the whole rate, so
    the drip's next slot is not before it. `hours` counts the slots by hour since 1970, of both lanes, and the
    mails that others sent from the same account.
    """

    first: int = 0
    drip: int = 0
    alone: int = 0
    hours: Mapping[int, int] = field(default_factory=dict)


def lane_of(step: str) -> str:
    """The lane of a mail, by its step."""
    # Here, so that capture, which sends nothing, does not load the tables.
    from leads.mail_types import OWNER_NOTICE, is_awaited

    return FIRST if step == OWNER_NOTICE or is_awaited(step) else DRIP


def limits_of(allowance: Allowance | None, send_rate: float = 0, warm_up_since: date | None = None) -> Limits:
    """The limits that follow from what SES allows and what the deployer set.

    `send_rate` is the drip's, in mails a second, 0 for our share of SES's; a rate that leaves nothing for the
    first lane is lowered. If SES's limits are not known, we send at the deployer's rate, or one mail a
    second, a new account's limit.
    """
    if allowance is None:
        rate = send_rate / DRIP_SHARE if send_rate else 1.0
        return Limits(rate, rate * DRIP_SHARE, None, warm_up_since)
    rate = allowance.rate * MARGIN
    drip = min(send_rate, rate * DRIP_SHARE_AT_MOST) if send_rate else rate * DRIP_SHARE
    return Limits(rate, drip, allowance.quota, warm_up_since)


def reserve(
    pace: Pace, lane: str, count: int, now: datetime, limits: Limits, until: datetime | None = None
) -> tuple[tuple[datetime, ...], Pace]:
    """Take `count` slots of one lane, in order, none before `now`; return them and the new pace.

    No slot is after `until`: if there are fewer in time, fewer are returned.
    """
    pace = replace(pace, hours=_recent(pace.hours, now))
    slots: list[datetime] = []
    while len(slots) < count:
        at = _next_slot(pace, lane, _micros(now), limits)
        if until and _instant(at) > until:
            break
        pace = _taken(pace, lane, at, limits)
        slots.append(_instant(at))
    return tuple(slots), pace


def next_free(pace: Pace, lane: str, now: datetime, limits: Limits) -> datetime:
    """The lane's next slot, as things are."""
    return _instant(_next_slot(pace, lane, _micros(now), limits))


def hold(pace: Pace, lane: str, now: datetime, pause: timedelta) -> Pace:
    """Delay the lane's next slot by `pause`, as SES throttled us."""
    later = max(_lane(pace, lane), _micros(now)) + pause // timedelta(microseconds=1)
    return replace(pace, first=later) if lane == FIRST else replace(pace, drip=later)


def observe(pace: Pace, now: datetime, sent: int) -> Pace:
    """Count the mails that others sent: SES's `sent` of the last 24 hours, less our own slots.

    They are counted in the current hour, which is later than they were sent, and so on the safe side.
    """
    hour = _micros(now) // _HOUR
    ours = sum(count for each, count in pace.hours.items() if hour - _WINDOW <= each <= hour)
    others = max(0, sent - ours)
    hours = {**pace.hours, hour: pace.hours.get(hour, 0) + others} if others else pace.hours
    return replace(pace, hours=hours)


def booked(pace: Pace, lane: str, now: datetime, limits: Limits) -> timedelta:
    """How long a mail of the lane has to wait for a slot from now, because of the rate or the daily quota."""
    return next_free(pace, lane, now, limits) - now


def _lane(pace: Pace, lane: str) -> int:
    return pace.first if lane == FIRST else max(pace.drip, pace.alone)


def _next_slot(pace: Pace, lane: str, now: int, limits: Limits) -> int:
    at = max(now, _lane(pace, lane))
    while _room(pace.hours, at // _HOUR, lane, limits) < 1:
        at = (at // _HOUR + 1) * _HOUR
    return at


def _taken(pace: Pace, lane: str, at: int, limits: Limits) -> Pace:
    """The pace once a mail of the lane has the slot `at`."""
    hour = at // _HOUR
    pace = replace(pace, hours={**pace.hours, hour: pace.hours.get(hour, 0) + 1})
    if lane == DRIP:
        return replace(pace, drip=at + _gap(limits.drip))
    if at < pace.drip:
        return replace(pace, first=at + _gap(limits.rate - limits.drip))
    end = at + _gap(limits.rate)
    return replace(pace, first=end, alone=end)


def _gap(rate: float) -> int:
    return math.ceil(_SECOND / rate)


def _room(hours: Mapping[int, int], hour: int, lane: str, limits: Limits) -> float:
    """How many more slots the hour can hold: the minimum over all windows that contain it."""
    in_window = sum(hours.get(each, 0) for each in range(hour - _WINDOW, hour))
    room = math.inf
    for end in range(hour, hour + _WINDOW + 1):
        in_window += hours.get(end, 0)
        room = min(room, limits.most(lane, end) - in_window)
        in_window -= hours.get(end - _WINDOW, 0)
    return room


def _recent(hours: Mapping[int, int], now: datetime) -> dict[int, int]:
    """The hours that a window from `now` on contains."""
    oldest = _micros(now) // _HOUR - _WINDOW
    return {hour: count for hour, count in hours.items() if hour >= oldest}


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _micros(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1)


def _instant(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)
