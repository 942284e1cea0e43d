"""When each mail goes out to a reader, or why it does not: what was sent already, then what the forecast says."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from leads.enrolment import Attempt, Enrolment
from leads.events import SendId
from leads.frequency import NEVER_ARRIVED
from leads.funnel import Funnel, mail_name
from leads.instants import zone
from leads.mail_types import (
    DELIVERY,
    MAIL_TYPES,
    OPT_IN,
    SERVICE_MAILS,
    STILL_THERE,
    YOUR_DATA,
    service_mails_of,
)
from leads.sequence import remaining
from leads.variants import variant_of
from lodestone.forecast.forecast import Expected, Forecast, Suppose, forecast
from lodestone.formats.dates import day_and_hour
from lodestone.formats.spans import exact_span
from lodestone.preview.reader import Reader

SENT, COMES, MAY_COME, OTHERS, NEVER = "sent", "goes out", "may go out", "for others", "not for them"


@dataclass(frozen=True)
class Occasion:
    """One mail of a magnet, or one version of it. `at` is when it went or goes out, None if it does not.

    `state` is one of the constants above; `words` describe it.
    """

    name: str
    step: str
    variant: str
    send: SendId
    at: datetime | None
    state: str
    words: str


def occasions(reader: Reader, funnel: Funnel) -> tuple[Occasion, ...]:
    """Return an occasion for every mail, in the order of the sequence. Those outside of the sequence come last."""
    lead = reader.stored.lead
    funnels = {**reader.funnels, funnel.slug: funnel}
    foretold = forecast(reader.stored, funnels, reader.now, Suppose(confirms=True))
    found = _Occasions(
        reader, funnel, lead.enrolments[funnel.slug], foretold, zone(lead.time_zone, funnel.time_zone)
    )
    steps = [(step.slug, each) for step in funnel.steps for each in step.variants or ("",)]
    service = ((OPT_IN, ""), (DELIVERY, ""))
    of_features = [(step, "") for step in service_mails_of(funnel.features) if step not in SERVICE_MAILS]
    last = (*of_features, (YOUR_DATA, ""), (STILL_THERE, ""))
    return tuple(found.of(*each) for each in (*service, *steps, *last))


class _Occasions:
    """The occasions of one reader."""

    def __init__(
        self, reader: Reader, funnel: Funnel, enrolment: Enrolment, foretold: Forecast, where: ZoneInfo
    ):
        self._reader, self._funnel, self._enrolment = reader, funnel, enrolment
        self._foretold, self._where = foretold, where

    def of(self, step: str, variant: str) -> Occasion:
        """Return the occasion of one mail."""
        at, state, words = self._told(step, variant)
        ask = len(self._enrolment.asks) if step in (OPT_IN, DELIVERY) else self._number(step)
        send = SendId(self._funnel.slug, step, ask, 1)
        return Occasion(mail_name(step, variant), step, variant, send, at, state, words)

    def _number(self, step: str) -> int:
        """Return the number of the next mail of a feature, else of the last one; 0 for all others."""
        coming = (each.ask for each in self._foretold.of(self._funnel.slug) if each.step == step)
        sent = (each.send.ask for each in reversed(self._enrolment.attempts) if each.send.step == step)
        return next(coming, next(sent, 0))

    def _told(self, step: str, variant: str) -> tuple[datetime | None, str, str]:
        theirs = variant_of(self._reader.stored.id, self._funnel, step)
        if variant != theirs:
            return None, OTHERS, f"to those who get version {variant}; this reader gets {theirs}"
        sent = self._sent(step)
        if sent:
            lost = "; it did not arrive" if sent.outcome in NEVER_ARRIVED else ""
            return sent.at, SENT, self._when(sent.at) + lost
        mail = next((each for each in self._foretold.of(self._funnel.slug) if each.step == step), None)
        return self._coming(mail) if mail else (None, *self._absent(step))

    def _coming(self, mail: Expected) -> tuple[datetime | None, str, str]:
        provisos = [f"if {each}" for each in mail.supposed]
        if mail.at is None:
            return None, MAY_COME if provisos else NEVER, "; ".join(provisos) or mail.why_not
        delayed = [mail.delayed] if mail.delayed else []
        words = "; ".join((self._when(mail.at), *provisos, *delayed))
        return mail.at, MAY_COME if provisos else COMES, words

    def _absent(self, step: str) -> tuple[str, str]:
        """Explain a mail that the forecast does not have."""
        if step == YOUR_DATA:
            return OTHERS, "when the reader asks what is stored of them"
        if step == STILL_THERE:
            return OTHERS, self._sunset()
        if step in MAIL_TYPES and step not in SERVICE_MAILS:
            return OTHERS, f"once it is asked for: {MAIL_TYPES[step].words}"
        if step == OPT_IN and self._funnel.opt_in == "single":
            return OTHERS, "only to somebody who comes back after unsubscribing"
        passed = next((each for each in self._enrolment.skipped if each.step == step), None)
        if passed:
            return NEVER, f"skipped on {self._when(passed.at)}: {passed.words or passed.reason}"
        if step != DELIVERY and all(each.slug != step for each in remaining(self._enrolment, self._funnel)):
            return NEVER, "it stands before this reader's place"
        return NEVER, self._foretold.ends.get(self._funnel.slug, "")

    def _sunset(self) -> str:
        silence = self._funnel.sending.sunset
        if not silence:
            return "to nobody: `sending.sunset` is not set in site.yaml"
        return f"after {exact_span(silence)} without a sign of life, in the place of the next mail"

    def _sent(self, step: str) -> Attempt | None:
        tried = [
            each for each in self._enrolment.attempts if each.send.step == step and each.outcome != "failed"
        ]
        return max(tried, key=lambda each: each.at, default=None)

    def _when(self, at: datetime) -> str:
        return day_and_hour(at, self._where)
