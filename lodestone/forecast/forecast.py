"""Forecast which mails a lead will get, and when, by a simulation of the drip.

None of the drip's rules is repeated here. The simulated clock moves to the end of each wait, a mail that is due counts
as sent at once, and `leads.drip.decide` decides what comes next, so quiet hours, caps over several magnets and dates
are right by construction. What cannot be known is assumed: that an undecided condition holds, and that no events but
mails happen.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from leads import events
from leads.conditions import describe
from leads.decisions import Decision, Send, Skip, Stop, Wait
from leads.drip import decide
from leads.events import Event
from leads.facts import facts_of
from leads.funnel import Condition, Funnel, Step
from leads.lead import Lead
from leads.mail_types import DELIVERY
from leads.rules import DEFAULT
from leads.variants import variant_of
from lodestone.forecast.undecided import Knowledge, evaluate
from lodestone.records.stored_lead import StoredLead, fold_lead

#: A forecast ends here, because a date may lie centuries ahead.
_HORIZON = timedelta(days=3660)


@dataclass(frozen=True)
class Expected:
    """A mail that is to come: when it goes out (`at`), or why it does not (`why_not`).

    `supposed` are the undecided conditions that have to hold by then; `delayed` is why the mail goes out later than its
    own timing says. A mail of an undecided branch has both `why_not` and `supposed`, and the mails behind it are those
    of a lead who does not take the branch.
    """

    magnet: str
    step: str
    at: datetime | None
    ask: int = 0
    variant: str = ""
    supposed: tuple[str, ...] = ()
    why_not: str = ""
    delayed: str = ""


@dataclass(frozen=True)
class Forecast:
    """The mails to come of all magnets of a lead, in order, and for each magnet why no mail follows them."""

    mails: tuple[Expected, ...]
    ends: Mapping[str, str]

    def of(self, magnet: str) -> tuple[Expected, ...]:
        """Return the mails of one magnet."""
        return tuple(each for each in self.mails if each.magnet == magnet)


@dataclass(frozen=True)
class Suppose:
    """The assumptions of a forecast: that an unconfirmed lead confirms at once; that the lead's answers are known."""

    confirms: bool = False
    answers: bool = True


def forecast(
    stored: StoredLead,
    funnels: Mapping[str, Funnel | None],
    now: datetime,
    suppose: Suppose | None = None,
) -> Forecast:
    """Forecast every mail to a lead. `funnels` are the definitions of all their magnets."""
    simulation = _Simulation(stored, funnels, now, suppose or Suppose())
    while simulation.advance():
        pass
    return Forecast(tuple(simulation.mails), simulation.ends)


def next_mail(
    stored: StoredLead, funnels: Mapping[str, Funnel | None], magnet: str, now: datetime
) -> Expected | None:
    """Forecast the next mail of one magnet; None if none is to come."""
    simulation = _Simulation(stored, funnels, now, Suppose())
    while True:
        found = next((each for each in simulation.mails if each.magnet == magnet and each.at), None)
        if found or not simulation.advance():
            return found


class _Simulation:
    """A simulation of the drip for one lead."""

    def __init__(
        self,
        stored: StoredLead,
        funnels: Mapping[str, Funnel | None],
        now: datetime,
        suppose: Suppose,
    ):
        self.mails: list[Expected] = []
        self.ends: dict[str, str] = {}
        self._stored, self._funnels = stored, dict(funnels)
        self._new: list[Event] = []  # simulated, and not folded yet
        self._now, self._at, self._suppose = now, now, suppose
        self._wakes = dict.fromkeys(stored.lead.enrolments, now)
        self._supposed: dict[tuple[str, str], tuple[str, ...]] = {}
        self._delayed: dict[tuple[str, str], str] = {}

    def advance(self) -> bool:
        """Simulate the decision of the magnet that wakes first; False if none will wake.

        Each magnet has a wakeup of its own, as each has a schedule: a mail of one of them wakes no other.
        """
        if not self._wakes:
            return False
        magnet = min(self._wakes, key=lambda each: (self._wakes[each], each))
        self._at = max(self._at, self._wakes[magnet])
        lead = self._folded()
        decision = decide(lead, self._funnels, magnet, self._at)
        if not self._carry_out(decision, lead, magnet):
            self._sleep(decision, magnet)
        return True

    def _sleep(self, decision: Decision, magnet: str) -> None:
        """Set the magnet's next wakeup, or none if no mail follows before the horizon."""
        if isinstance(decision, Wait) and decision.until <= self._now + _HORIZON:
            self._note_delay(decision, magnet)
            self._wakes[magnet] = decision.until
        else:
            del self._wakes[magnet]

    def _folded(self) -> Lead:
        """Return the folded lead; fold again only if there are new events."""
        if self._new:
            self._stored, self._new = self._stored.with_events(*self._new), []
        return self._stored.lead

    def _carry_out(self, decision: Decision, lead: Lead, magnet: str) -> bool:
        """Carry out a decision; True if the magnet has to decide again at once."""
        if isinstance(decision, Send):
            self._send(decision, lead)
        elif isinstance(decision, Skip):
            self._skip(decision, lead, magnet)
        elif isinstance(decision, Stop):
            return self._stop(decision, lead, magnet)
        return isinstance(decision, Send | Skip)

    def _send(self, decision: Send, lead: Lead) -> None:
        send = decision.send
        funnel = self._funnels[send.magnet]
        variant = variant_of(lead.id, funnel, send.step) if funnel else ""
        name = send.magnet, send.step
        supposed = self._supposed.get(name) or self._undecided(lead, funnel, send.step)
        self._supposed[name] = supposed
        mail = Expected(send.magnet, send.step, self._at, send.ask, variant, supposed)
        self.mails.append(replace(mail, delayed=self._delayed.pop(name, "")))
        claim = events.claimed(send, self._at, "forecast", decision.due, variant)
        self._new += [claim, events.mailed(send, self._at, f"forecast-{send}")]

    def _skip(self, decision: Skip, lead: Lead, magnet: str) -> None:
        """Assume that an undecided condition holds; skip the step in every other case."""
        step, funnel = self._step(magnet, decision.step), self._funnels[magnet]
        if decision.reason == "when" and step and funnel and self._is_undecided(step.when, lead, funnel):
            self._supposed[magnet, step.slug] = self._undecided(lead, funnel, step.slug)
            steps = tuple(replace(each, when=None) if each is step else each for each in funnel.steps)
            self._funnels[magnet] = replace(funnel, steps=steps)
            return
        supposed = self._undecided_branch(step, lead, funnel) if decision.reason == "branch" else ()
        self.mails.append(Expected(magnet, decision.step, None, supposed=supposed, why_not=decision.words))
        words = decision.words
        self._new.append(
            events.skipped(magnet, decision.step, self._at, decision.due, decision.reason, words)
        )

    def _undecided_branch(self, step: Step | None, lead: Lead, funnel: Funnel | None) -> tuple[str, ...]:
        """Describe the condition of a step's branch if it is undecided. The branch's first mail decides it."""
        if step is None or funnel is None:
            return ()
        mails = {each.slug for each in funnel.steps if each.branch == step.branch}
        told = [each.supposed for each in self.mails if each.magnet == funnel.slug and each.step in mails]
        if told:
            return told[0]
        decided = any(each.step in mails for each in lead.enrolments[funnel.slug].skipped)
        condition = funnel.branches.get(step.branch)
        is_undecided = not decided and self._is_undecided(condition, lead, funnel)
        return (describe(condition),) if is_undecided and condition else ()

    def _stop(self, decision: Stop, lead: Lead, magnet: str) -> bool:
        enrolment = lead.enrolments[magnet]
        if decision.finished:
            self._new.append(events.finished(magnet, self._at, decision.ended_by))
        elif self._suppose.confirms and enrolment.status == "unconfirmed" and not lead.suppression:
            self._new.append(events.confirmed(magnet, len(enrolment.asks), self._at))
            return True
        else:
            self.ends.setdefault(magnet, decision.reason)
            return False
        self.ends[magnet] = decision.reason
        return True

    def _note_delay(self, decision: Wait, magnet: str) -> None:
        if decision.reason != "due then":
            self._delayed[magnet, decision.step] = decision.reason

    def _undecided(self, lead: Lead, funnel: Funnel | None, slug: str) -> tuple[str, ...]:
        """Describe the undecided conditions of a step."""
        step = self._step(funnel.slug, slug) if funnel else None
        if step is None or funnel is None:
            return ()
        conditions = funnel.branches.get(step.branch), step.when
        return tuple(describe(each) for each in conditions if self._is_undecided(each, lead, funnel))

    def _is_undecided(self, condition: Condition | None, lead: Lead, funnel: Funnel) -> bool:
        doubtful = {step for (slug, step), words in self._supposed.items() if slug == funnel.slug and words}
        known = Knowledge(self._now, self._suppose.answers, doubtful)
        return bool(
            condition and evaluate(condition, facts_of(lead, funnel, self._at), self._at, known) is None
        )

    def _step(self, magnet: str, slug: str) -> Step | None:
        funnel = self._funnels[magnet]
        return next((each for each in funnel.steps if each.slug == slug), None) if funnel else None


def invented_lead(funnel: Funnel, at: datetime) -> StoredLead:
    """Invent a lead who has just sent the form, with their consent."""
    data = {"email": "somebody@example.com", "consent": {"given": True}, "opt_in": funnel.opt_in}
    return fold_lead("somebody", [events.submitted(funnel.slug, at, data)], DEFAULT)


def after_delivery(mails: Iterable[Expected]) -> tuple[Expected, ...]:
    """Return the mails behind the delivery mail: those of the sequence."""
    found = tuple(mails)
    place = next((n for n, each in enumerate(found) if each.step == DELIVERY), -1)
    return found[place + 1 :]
