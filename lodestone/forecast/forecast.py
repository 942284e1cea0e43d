"""What a lead will get, and when: the drip itself, asked again and again, with imaginary mails in its ledger.

Nothing of the drip's rules is told a second time here. The clock jumps from one wait to the next, each mail that is
due counts as sent on the spot, and `leads.drip.decide` says what comes then: so quiet hours, caps over several magnets
and dates are right by construction. What nobody can know is supposed: that a condition which is still open lets its
mail through, that nothing happens but mails.
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
from leads.folding import fold
from leads.funnel import Condition, Funnel, Step
from leads.lead import Lead
from leads.mail_types import DELIVERY
from leads.rules import DEFAULT
from leads.variants import variant_of
from lodestone.forecast.undecided import Known, answer

#: No forecast looks further ahead: dates may be set centuries from now.
_HORIZON = timedelta(days=3660)


@dataclass(frozen=True)
class Expected:
    """One mail that is to come: when it goes out, or why it will not (`why_not`, then `at` is None).

    `supposed` are the conditions that have to hold by then and are still open; `delayed`, why it goes later than its
    own timing says. A mail of a branch that is still open has both `why_not` and `supposed`: the mails behind it are
    told for a lead who does not take that branch.
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
    """The mails to come of all magnets of a lead, in order, and per magnet why nothing follows them."""

    mails: tuple[Expected, ...]
    ends: Mapping[str, str]

    def of(self, magnet: str) -> tuple[Expected, ...]:
        """The mails of one magnet."""
        return tuple(each for each in self.mails if each.magnet == magnet)


@dataclass(frozen=True)
class Suppose:
    """What is taken for granted: that a lead who was asked confirms at once; that their `answers` are known."""

    confirms: bool = False
    answers: bool = True


def forecast(
    lead_id: str,
    history: Iterable[Event],
    funnels: Mapping[str, Funnel | None],
    now: datetime,
    suppose: Suppose | None = None,
) -> Forecast:
    """Every mail that a lead with this history has to expect. `funnels` are the definitions of all their magnets."""
    course = _Course(lead_id, history, funnels, now, suppose or Suppose())
    while course.goes_on():
        pass
    return Forecast(tuple(course.mails), course.ends)


def next_mail(
    lead_id: str,
    history: Iterable[Event],
    funnels: Mapping[str, Funnel | None],
    magnet: str,
    now: datetime,
) -> Expected | None:
    """The next mail of one magnet alone; None where none is to come."""
    course = _Course(lead_id, history, funnels, now, Suppose())
    while True:
        found = next((each for each in course.mails if each.magnet == magnet and each.at), None)
        if found or not course.goes_on():
            return found


class _Course:
    """One imaginary course of events."""

    def __init__(
        self,
        lead_id: str,
        history: Iterable[Event],
        funnels: Mapping[str, Funnel | None],
        now: datetime,
        suppose: Suppose,
    ):
        self.mails: list[Expected] = []
        self.ends: dict[str, str] = {}
        self._lead_id, self._history, self._funnels = lead_id, list(history), dict(funnels)
        self._now, self._at, self._suppose = now, now, suppose
        self._fold = 0, Lead(lead_id)  # how much of the history, and the lead
        self._wakes = dict.fromkeys(self._folded().enrolments, now)
        self._supposed: dict[tuple[str, str], tuple[str, ...]] = {}
        self._delayed: dict[tuple[str, str], str] = {}

    def goes_on(self) -> bool:
        """Let the next thing happen: whoever is to be asked first is asked. False where nothing more will.

        Each magnet has a wake of its own, as each has a schedule: what one of them sends wakes no other.
        """
        if not self._wakes:
            return False
        magnet = min(self._wakes, key=lambda each: (self._wakes[each], each))
        self._at = max(self._at, self._wakes[magnet])
        lead = self._folded()
        decision = decide(lead, self._funnels, magnet, self._at)
        if not self._happens(decision, lead, magnet):
            self._sleep(decision, magnet)
        return True

    def _sleep(self, decision: Decision, magnet: str) -> None:
        """Until when the magnet need not be asked; for good where nothing follows, or only in another age."""
        if isinstance(decision, Wait) and decision.until <= self._now + _HORIZON:
            self._note_delay(decision, magnet)
            self._wakes[magnet] = decision.until
        else:
            del self._wakes[magnet]

    def _folded(self) -> Lead:
        """Folded once for each history: time alone changes no lead."""
        known, lead = self._fold
        if known < len(self._history):
            lead = fold(self._lead_id, self._history, DEFAULT)
            self._fold = len(self._history), lead
        return lead

    def _happens(self, decision: Decision, lead: Lead, magnet: str) -> bool:
        """Whether the decision changed anything: then the magnet is to be asked anew."""
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
        supposed = self._supposed.get(name) or self._open(lead, funnel, send.step)
        self._supposed[name] = supposed
        mail = Expected(send.magnet, send.step, self._at, send.ask, variant, supposed)
        self.mails.append(replace(mail, delayed=self._delayed.pop(name, "")))
        claim = events.claimed(send, self._at, "forecast", decision.due, variant)
        self._history += [claim, events.mailed(send, self._at, f"forecast-{send}")]

    def _skip(self, decision: Skip, lead: Lead, magnet: str) -> None:
        """An open condition is supposed to hold; what is certain, or nobody's choice, is skipped."""
        step, funnel = self._step(magnet, decision.step), self._funnels[magnet]
        if decision.reason == "when" and step and funnel and self._open_one(step.when, lead, funnel):
            self._supposed[magnet, step.slug] = self._open(lead, funnel, step.slug)
            steps = tuple(replace(each, when=None) if each is step else each for each in funnel.steps)
            self._funnels[magnet] = replace(funnel, steps=steps)
            return
        supposed = self._open_branch(step, lead, funnel) if decision.reason == "branch" else ()
        self.mails.append(Expected(magnet, decision.step, None, supposed=supposed, why_not=decision.words))
        words = decision.words
        self._history.append(
            events.skipped(magnet, decision.step, self._at, decision.due, decision.reason, words)
        )

    def _open_branch(self, step: Step | None, lead: Lead, funnel: Funnel | None) -> tuple[str, ...]:
        """The condition of a step's branch, in words, where it is open: it is decided at the branch's first mail."""
        if step is None or funnel is None:
            return ()
        mails = {each.slug for each in funnel.steps if each.branch == step.branch}
        told = [each.supposed for each in self.mails if each.magnet == funnel.slug and each.step in mails]
        if told:
            return told[0]
        decided = any(each.step in mails for each in lead.enrolments[funnel.slug].skipped)
        condition = funnel.branches.get(step.branch)
        is_open = not decided and self._open_one(condition, lead, funnel)
        return (describe(condition),) if is_open and condition else ()

    def _stop(self, decision: Stop, lead: Lead, magnet: str) -> bool:
        enrolment = lead.enrolments[magnet]
        if decision.finished:
            self._history.append(events.finished(magnet, self._at, decision.ended_by))
        elif self._suppose.confirms and enrolment.status == "unconfirmed" and not lead.suppression:
            self._history.append(events.confirmed(magnet, len(enrolment.asks), self._at))
            return True
        else:
            self.ends.setdefault(magnet, decision.reason)
            return False
        self.ends[magnet] = decision.reason
        return True

    def _note_delay(self, decision: Wait, magnet: str) -> None:
        if decision.reason != "due then":
            self._delayed[magnet, decision.step] = decision.reason

    def _open(self, lead: Lead, funnel: Funnel | None, slug: str) -> tuple[str, ...]:
        """The conditions of a step, in words, that are still open."""
        step = self._step(funnel.slug, slug) if funnel else None
        if step is None or funnel is None:
            return ()
        conditions = funnel.branches.get(step.branch), step.when
        return tuple(describe(each) for each in conditions if self._open_one(each, lead, funnel))

    def _open_one(self, condition: Condition | None, lead: Lead, funnel: Funnel) -> bool:
        doubtful = {step for (slug, step), words in self._supposed.items() if slug == funnel.slug and words}
        known = Known(self._now, self._suppose.answers, doubtful)
        return bool(condition) and answer(condition, facts_of(lead, funnel), self._at, known) is None

    def _step(self, magnet: str, slug: str) -> Step | None:
        funnel = self._funnels[magnet]
        return next((each for each in funnel.steps if each.slug == slug), None) if funnel else None


def stranger(funnel: Funnel, at: datetime) -> list[Event]:
    """The history of somebody nobody knows yet, who has just sent the form, with their consent."""
    data = {"email": "somebody@example.com", "consent": {"given": True}, "opt_in": funnel.opt_in}
    return [events.submitted(funnel.slug, at, data)]


def after_delivery(mails: Iterable[Expected]) -> tuple[Expected, ...]:
    """The mails behind the delivery mail: the sequence."""
    found = tuple(mails)
    place = next((n for n, each in enumerate(found) if each.step == DELIVERY), -1)
    return found[place + 1 :]
