"""Pacing under SES's rate and daily quota: every mail gets a slot, an instant at which it may go out.

All workers share one small state, a `Pace`, and `reserve` is a pure function of it, so a fleet of any size is
paced by a compare-and-set of one table item (`aws.pacer`). Slots and not tokens: a mail that has to wait knows
until when, so nobody polls, and a backlog drains at exactly the rate. They are given an hour ahead (`HORIZON`);
who finds none in it comes back when there may be one, once an hour at most.

Two lanes share the rate. What a lead is waiting for (`FIRST`) never queues behind sequences (`DRIP`): it has a
part of the rate to itself, all of it while the drip idles, and the last tenth of the daily quota.

SES counts a *rolling* day, so slots are counted by the hour they lie in: a 24-hour window touches 25 hours of
the clock at most, and no 25 hours in a row are given more slots than the quota.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

#: The lanes: what a lead is waiting for, and everything else.
FIRST, DRIP = "first", "drip"

#: A slot may be used this long after its instant. Later it is given up: what an outage held back must not
#: go out in a burst.
HONOURED = timedelta(seconds=60)

#: Slots are given this far ahead. Who finds none comes back without: a slot beyond quiet hours, tomorrow's quota or a
#: pause of the account might not be used, and what is given and not used is lost.
HORIZON = timedelta(hours=1)

#: Of what SES allows a second, so much is used: sends that were slots apart may arrive closer together.
MARGIN = 0.9
#: The drip's part of that, unless the deployer sets a rate; and the most it gets if they do.
DRIP_SHARE, DRIP_SHARE_AT_MOST = 0.8, 0.9
#: The drip's part of the daily quota. The rest is for leads who sign up on a busy day.
DRIP_QUOTA_SHARE = 0.9

#: The drip's first day with a new domain, in mails, and the growth a day. Mailbox providers ask for a slow
#: start and publish no figures: these are our choice, well below the doubling that senders warn of. The
#: tenth day has 7,700, the twentieth 440,000.
WARM_UP_START, WARM_UP_GROWTH = 200, 1.5
#: After so many days no quota is lower than the ramp.
_WARM_UP_DAYS = 45

_SECOND, _HOUR = 1_000_000, 3_600_000_000  # in microseconds, the unit of every instant below
_WINDOW = 24  # hours that lie before the one that a window ends in


@dataclass(frozen=True, slots=True)
class Allowance:
    """What SES says that this account may send in this region: mails a second, mails in 24 hours (None: any)."""

    rate: float
    quota: int | None


@dataclass(frozen=True, slots=True)
class Limits:
    """What we hold ourselves to: `rate` mails a second in all, `drip` of them the sequences', `quota` in any
    24 hours (None: any), and the day on which a new domain began to send (None: it is not new)."""

    rate: float
    drip: float
    quota: int | None = None
    warm_up_since: date | None = None

    def most(self, lane: str, hour: int) -> float:
        """How many mails the 24 hours that end in `hour` (since 1970) may hold for one more of this lane to go."""
        quota = math.inf if self.quota is None else self.quota
        if lane == FIRST:
            return max(1, quota)
        return max(1, min(quota * DRIP_QUOTA_SHARE, self._warm_up(hour)))

    def _warm_up(self, hour: int) -> float:
        """The ramp binds sequences alone: whom an opt-in mail keeps waiting is lost."""
        if self.warm_up_since is None:
            return math.inf
        days = (datetime.fromtimestamp(hour * 3600, UTC).date() - self.warm_up_since).days
        return math.inf if days >= _WARM_UP_DAYS else WARM_UP_START * WARM_UP_GROWTH ** max(days, 0)


@dataclass(frozen=True, slots=True)
class Pace:
    """Where the slots given so far end. Instants are microseconds since 1970.

    `first` and `drip` are when each lane's next slot may be. `alone` is until when the first lane had the
    whole rate to itself, which the drip stays behind. `hours` counts the slots in each hour since 1970, both
    lanes together, and what others sent from the same account.
    """

    first: int = 0
    drip: int = 0
    alone: int = 0
    hours: Mapping[int, int] = field(default_factory=dict)


def lane_of(step: str) -> str:
    """The lane of a mail, by its step."""
    # Here, so that capture, which sends nothing, does not load the tables.
    from leads.mail_types import OWNER_NOTICE, is_transactional

    return FIRST if step == OWNER_NOTICE or is_transactional(step) else DRIP


def limits_of(allowance: Allowance | None, send_rate: float = 0, warm_up_since: date | None = None) -> Limits:
    """The limits that follow from what SES allows and what the deployer set.

    `send_rate` is the drip's, in mails a second, 0 for our share of SES's; a rate that leaves nothing for the
    first lane is lowered. Without a word from SES we send at the deployer's rate, or one mail a second, which
    is what a new account may.
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
    """`count` slots for mails of one lane, none before `now`, in order; and the pace without them.

    None is behind `until`: where there are fewer in time, fewer are given.
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
    """SES throttled us: the lane's next slot comes `pause` later than it would have."""
    later = max(_lane(pace, lane), _micros(now)) + pause // timedelta(microseconds=1)
    return replace(pace, first=later) if lane == FIRST else replace(pace, drip=later)


def observe(pace: Pace, now: datetime, sent: int) -> Pace:
    """SES counted `sent` mails in the last 24 hours: what goes beyond our own slots was sent by others.

    It is entered in the hour it was seen in, which is later than the truth and so on the safe side.
    """
    hour = _micros(now) // _HOUR
    ours = sum(count for each, count in pace.hours.items() if hour - _WINDOW <= each <= hour)
    others = max(0, sent - ours)
    hours = {**pace.hours, hour: pace.hours.get(hour, 0) + others} if others else pace.hours
    return replace(pace, hours=hours)


def booked(pace: Pace, lane: str, now: datetime, limits: Limits) -> timedelta:
    """How long a mail of the lane waits for a slot that is asked for now: for its turn, or for the day's quota."""
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
    """How many more slots the hour can hold: the least that any window around it leaves."""
    in_window = sum(hours.get(each, 0) for each in range(hour - _WINDOW, hour))
    room = math.inf
    for end in range(hour, hour + _WINDOW + 1):
        in_window += hours.get(end, 0)
        room = min(room, limits.most(lane, end) - in_window)
        in_window -= hours.get(end - _WINDOW, 0)
    return room


def _recent(hours: Mapping[int, int], now: datetime) -> dict[int, int]:
    """Without what no window that is still to come can see."""
    oldest = _micros(now) // _HOUR - _WINDOW
    return {hour: count for hour, count in hours.items() if hour >= oldest}


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _micros(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1)


def _instant(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)
