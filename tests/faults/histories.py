"""Random lives of a lead, lived through the real handlers while everything around them breaks.

A `History` draws what people do, what AWS delivers (late, twice, out of order), what the owner edits, and at which
AWS call, before or after it, the container dies. When it is over, nothing breaks any more and the reconcile runs now
and then, for as long as the longest sequence takes. `wrongs` then says what no history may ever bring about.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from random import Random

from leads import events
from leads.decisions import Stop
from leads.drip import decide
from leads.enrolment import Enrolment
from leads.events import SendId
from leads.folding import fold
from leads.funnel import Funnel, Sending, Step
from leads.lead import Lead
from leads.mail_types import DELIVERY, OPT_IN, is_transactional
from leads.rules import DEFAULT
from tests.world import DAY, ClientError, Crash, World, make_funnel

#: Long enough for every sequence below, its pauses and caps, and two weeks of backoff.
CALM_DAYS = 60

_SENDING = Sending(quiet=("21:00", "08:00"))
_GUIDE = (
    Step("first", 2 * DAY),
    Step("second", 3 * DAY, "09:00"),
    Step("keen", DAY, when=["did", "clicked", "here", 0, {}]),
    Step("third", DAY, days=(0, 1, 2, 3, 4)),
)
_COURSE = (
    Step("one", DAY, branch="named"),
    Step("other", DAY, branch="nameless"),
    Step("two", DAY, "10:00", variants=("a", "b"), metric="clicks"),
)
_BRANCHES = {"named": ["given", "form.first_name"], "nameless": ["not", ["given", "form.first_name"]]}
_UNTIL = ["did", "became_customer", "ever", 0, {}]

#: What may come of a call to SES that does not end in a mail that is known to have gone out.
_REFUSALS: dict[str, Callable[[], Exception]] = {
    "throttled": lambda: ClientError("TooManyRequestsException", 429),
    "rejected": lambda: ClientError("MessageRejected"),
    "paused": lambda: ClientError("AccountSuspendedException"),
    "unknown": lambda: TimeoutError("read timed out"),
}

REPORTS = {
    "Delivery": {"delivery": {}},
    "DeliveryDelay": {"deliveryDelay": {"delayType": "MailboxFull"}},
    "Bounce": {"bounce": {"bounceType": "Transient", "bounceSubType": "MailboxFull"}},
}
FINAL_REPORTS = {
    "Bounce": {"bounce": {"bounceType": "Permanent", "bounceSubType": "General"}},
    "Complaint": {"complaint": {"complaintFeedbackType": "abuse"}},
}


class History:
    """One life, drawn from `random`."""

    def __init__(self, random: Random, world: World | None = None):
        self.random = random
        self.world = world or make_world()
        self.promised: set[str] = set()  # magnets whose form was answered with the thank-you page
        self.erased = False
        self.edited = False
        self.reports: list[str] = []

    # ── living ──
    def live(self, length: int, kill_rate: float) -> None:
        """`length` things happen; at some of them the container dies at some call."""
        # What ends everything is part of some lives only, or few would get far.
        names = [name for name in _OPERATIONS if name not in _ENDS or self.random.random() < 0.2]
        weights = [_OPERATIONS[name] for name in names]
        for operation in (*self._beginning(), *self.random.choices(names, weights, k=length)):
            self.world.arm(self.random.randint(1, 20) if self.random.random() < kill_rate else None)
            self.attempt(operation)
        self.world.arm(None)
        self.calm_down()

    def attempt(self, operation: str) -> None:
        """One thing happens, perhaps not to its end."""
        try:
            getattr(self, f"_{operation}")()
        except Crash:
            self.world.restart()

    def _beginning(self) -> list[str]:
        """Most histories begin as a lead's life does, so that the later steps are reached at all."""
        life = ["post", "pump", "confirm", "pump", "pump", "next_mail", "pump", "pump", "next_mail", "pump"]
        return life[: self.random.randint(1, len(life))]

    def calm_down(self) -> None:
        """From now on nothing breaks, every report arrives, and the reconcile runs now and then."""
        self.world.refusals.clear()
        while self.reports:
            self._report()
        for day in range(CALM_DAYS):
            if day % 6 == 0:
                self.world.reconcile()
            self.world.advance(days=1)

    # ── people ──
    def _post(self) -> None:
        magnet = self.random.choice(["guide", "guide", "course"])
        extra = self.random.choice(["", "&first_name=Ida", "&consent=yes", "&consent=yes&first_name=Jo"])
        answer = self.world.post(f"email=lead%40example.com{extra}", magnet)
        if answer["statusCode"] == 303:
            self.promised.add(magnet)

    def _confirm(self) -> None:
        if self._has(OPT_IN):
            self.world.confirm(self.world.link("confirm", OPT_IN))

    def _unsubscribe(self) -> None:
        if self._has(DELIVERY):
            self.world.unsubscribe(
                self.world.link("unsubscribe", DELIVERY), body="List-Unsubscribe=One-Click"
            )

    def _download(self) -> None:
        if self._has(DELIVERY):
            self.world.download(self.world.link("download", DELIVERY))

    def _activity(self) -> None:
        """Whatever else a lead may do: each is one event, written by a handler or a command in one put."""
        if not self.promised or not self._known():
            return
        now, magnet = self.world.time, self.random.choice(sorted(self.promised))
        sends = [SendId.parse(each["send"]) for each in self.world.sent]
        drawn = [
            events.unsubscribed(magnet, now, "page", scope="sequence"),
            events.preferred(magnet, now, self.random.choice(["weekly", "normal"])),
            events.data_requested(magnet, now),
            events.kept_subscribed(magnet, now),
            events.reached("customer", now, "course", "owner"),
            *(events.clicked(send, "pricing", now, "person") for send in sends[-1:]),
        ]
        self.world.wiring.ledger.append(self.world.lead_id(), self.random.choice(drawn))

    def _erase(self) -> None:
        if self.promised and self._known():
            self.erased = True
            self.world.wiring.ledger.append(self.world.lead_id(), events.erased(self.world.time, "lead"))

    # ── what AWS delivers ──
    def _stream(self) -> None:
        records, again = list(self.world.stream), self.random.random() < 0.3
        self.world.deliver_stream_or_keep(records)
        if again:
            self.world.stream = records + self.world.stream

    def _message(self) -> None:
        if not self.world.messages:
            return
        body = self.random.choice(self.world.messages)
        failures = self.world.deliver_message(body)["batchItemFailures"]
        if not failures and self.random.random() < 0.7:
            self.world.messages.remove(body)

    def _pump(self) -> None:
        self._stream()
        for _ in range(len(self.world.messages)):
            self._message()

    def _fire(self) -> None:
        before = dict(self.world.schedules)
        self.world.fire_schedules()
        if self.random.random() < 0.3:
            self.world.messages += [
                body for name, (_, body) in before.items() if name not in self.world.schedules
            ]

    def _next_mail(self) -> None:
        if self.world.schedules:
            self.world.time = max(self.world.time, min(due for due, _ in self.world.schedules.values()))
            self.world.fire_schedules()

    def _happen_to_mail(self) -> None:
        """SES will have something to say of a mail it took: soon, late, twice, or before we know that it took it."""
        if self.world.sent:
            self._draw_report(REPORTS)

    def _final_report(self) -> None:
        """The address is gone, or its owner complains."""
        if self.world.sent:
            self._draw_report(FINAL_REPORTS)

    def _draw_report(self, kinds: dict[str, dict]) -> None:
        mail, type = self.random.choice(self.world.sent), self.random.choice(sorted(kinds))
        self.reports += [report_of(mail, type, kinds[type], self.world)] * self.random.choice([1, 1, 2])

    def _report(self) -> None:
        if self.reports:
            body = self.reports.pop(self.random.randrange(len(self.reports)))
            self.reports.append(body)
            self.world.report(body)
            self.reports.remove(body)

    def _reconcile(self) -> None:
        self.world.reconcile()

    def _refuse(self) -> None:
        self.world.refusals.append(_REFUSALS[self.random.choice(sorted(_REFUSALS))]())

    def _lose(self) -> None:
        """A message or a schedule that nobody will ever see: only the reconcile brings it back."""
        if self.world.messages and self.random.random() < 0.5:
            self.world.messages.pop(self.random.randrange(len(self.world.messages)))
        elif self.world.schedules:
            del self.world.schedules[self.random.choice(sorted(self.world.schedules))]

    def _advance(self) -> None:
        minutes = self.random.choice([1, 11, 16, 60, 60 * 24, 60 * 24 * 4])
        self.world.time += timedelta(minutes=minutes)

    # ── the owner ──
    def _edit(self) -> None:
        """The sequence is edited while the lead is in it: a step goes, comes, or changes its place."""
        self.edited = True
        funnel = guide(self.world)
        steps = list(funnel.steps)
        edit = self.random.choice(["drop", "add", "swap"])
        if edit == "drop" and len(steps) > 1:
            steps.pop(self.random.randrange(len(steps)))
        elif edit == "add":
            known = {step.slug for step in steps}
            fresh = next(name for name in (f"extra-{n}" for n in range(99)) if name not in known)
            steps.insert(self.random.randint(0, len(steps)), Step(fresh, DAY))
        else:
            self.random.shuffle(steps)
        self.world.publish(replace(funnel, steps=tuple(steps)))

    # ── looking ──
    def _has(self, step: str) -> bool:
        return any(each["step"] == step for each in self.world.sent)

    def _known(self) -> bool:
        return any(pk.startswith("LEAD#") for pk, _ in self.world.items)


#: What happens, and how often.
_OPERATIONS = {
    "post": 3,
    "confirm": 3,
    "unsubscribe": 1,
    "download": 2,
    "activity": 4,
    "erase": 1,
    "stream": 6,
    "message": 10,
    "pump": 6,
    "fire": 5,
    "next_mail": 6,
    "happen_to_mail": 4,
    "final_report": 1,
    "report": 4,
    "reconcile": 2,
    "refuse": 3,
    "lose": 2,
    "advance": 4,
    "edit": 1,
}
_ENDS = frozenset({"unsubscribe", "erase", "final_report"})


def make_world(kind: type[World] = World) -> World:
    """Two magnets: conditions, branches, versions, days, quiet hours and a goal among them."""
    world = kind(make_funnel(steps=_GUIDE, sending=_SENDING, until=_UNTIL))
    course = {"slug": "course", "url": "/course/", "opt_in": "single", "priority": 1}
    world.publish(make_funnel(steps=_COURSE, branches=_BRANCHES, sending=_SENDING, **course))
    return world


def guide(world: World) -> Funnel:
    """The guide as it is published now."""
    world.wiring.funnels.forget()
    funnel = world.wiring.funnels.funnel("guide")
    assert funnel
    return funnel


def report_of(mail: dict, type: str, detail: dict, world: World) -> str:
    """SES's report of a mail, as EventBridge puts it on the feedback queue."""
    stamp = world.time.isoformat()
    (name,) = detail
    return json.dumps(
        {
            "detail": {
                "eventType": type,
                name: {"timestamp": stamp, **detail[name]},
                "mail": {
                    "messageId": mail["id"],
                    "timestamp": stamp,
                    "tags": {"lead": [mail["lead"]], "send": [mail["send"]]},
                },
            }
        }
    )


def wrongs(history: History) -> Iterator[str]:
    """What must never be, once all is calm; nothing where all is well."""
    world = history.world
    sent = Counter(each["send"].rpartition("_")[0] for each in world.sent)
    # What an erased lead was sent is forgotten with the rest; whoever asks anew is sent it anew.
    if not history.erased:
        yield from (f"{send} went out {count} times" for send, count in sent.items() if count > 1)
    if not history.promised or not history._known():
        return
    lead = fold(world.lead_id(), world.events(), DEFAULT)
    if not history.erased:
        yield from (
            f"{magnet}: the lead is lost" for magnet in history.promised if magnet not in lead.enrolments
        )
    for magnet, enrolment in lead.enrolments.items():
        yield from _unfinished(lead, magnet, enrolment, history)
        yield from _unwanted(enrolment, world)


def _unfinished(lead: Lead, magnet: str, enrolment: Enrolment, history: History) -> Iterator[str]:
    """Mails that should have gone out and did not: nothing may be left to do after so long."""
    world = history.world
    decision = decide(lead, world.wiring.funnels_of(lead, magnet), magnet, world.time)
    if not isinstance(decision, Stop):
        yield f"{magnet}: still to do: {decision}"
    if enrolment.status != "confirmed" or lead.suppression or not enrolment.consent.get("given"):
        return
    if isinstance(decision, Stop) and decision.reason.startswith("asked whether to go on"):
        return  # silence is an answer
    if not enrolment.finished_at:
        yield f"{magnet}: the sequence never came to its end"
    ended = any(each.data.get("reason") for each in world.events("finished") if each.magnet == magnet)
    if not ended and not (history.edited and magnet == "guide"):
        funnel = world.wiring.funnels.funnel(magnet)
        settled = {each.send.step for each in enrolment.attempts} | {each.step for each in enrolment.skipped}
        yield from (f"{magnet}: {step.slug} never came" for step in funnel.steps if step.slug not in settled)


def _unwanted(enrolment: Enrolment, world: World) -> Iterator[str]:
    """Mails after the lead said no."""
    if enrolment.status != "unsubscribed" or enrolment.ended_at is None:
        return
    for each in world.sent:
        send = SendId.parse(each["send"])
        # Instants are kept in milliseconds.
        late = each["at"] - enrolment.ended_at > timedelta(milliseconds=1)
        if late and send and send.magnet == enrolment.magnet and not is_transactional(send.step):
            yield f"{send} went out after the lead unsubscribed"
