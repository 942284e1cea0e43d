"""Whatever happens, in whatever order, however often: the same lead, no mail twice, none forgotten."""

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from leads import events
from leads.decisions import Send, Skip, Stop, Wait
from leads.drip import decide
from leads.events import SendId
from leads.features.downloads import downloaded
from leads.folding import fold
from leads.lead_json import to_json
from leads.mail_types import DELIVERY, OPT_IN
from leads.rules import DEFAULT
from tests.hypothesis_profiles import examples
from tests.world import START, ClientError, Crash, World, make_funnel

# ── the fold ──────────────────────────────────────────────────────────────────────────────────────────

_minutes = st.integers(0, 60 * 24 * 30)
_magnets = st.sampled_from(["guide", "course"])
_sends = st.builds(
    SendId,
    _magnets,
    st.sampled_from([OPT_IN, DELIVERY, "first", "second"]),
    st.integers(0, 3),
    st.integers(1, 3),
)


def _at(minutes: int):
    return START + minutes * (events.RESUBMIT_WINDOW / 10)


def _submission(magnet: str, minutes: int, name: str, given: bool, opt_in: str):
    data = {
        "email": "lead@example.com",
        "answers": {"first_name": name},
        "consent": {"given": given, "text": "Yes"},
        "opt_in": opt_in,
        "touch": {"utm_source": name},
    }
    return events.submitted(magnet, _at(minutes), data)


_any_event = st.one_of(
    st.builds(
        _submission,
        _magnets,
        _minutes,
        st.sampled_from("abc"),
        st.booleans(),
        st.sampled_from(["double", "single"]),
    ),
    st.builds(lambda m, n, t: events.confirmed(m, n, _at(t)), _magnets, st.integers(1, 3), _minutes),
    st.builds(lambda m, t: events.unsubscribed(m, _at(t), "page"), _magnets, _minutes),
    st.builds(lambda s, t: events.claimed(s, _at(t), "worker"), _sends, _minutes),
    st.builds(lambda s, t: events.mailed(s, _at(t), "id"), _sends, _minutes),
    st.builds(lambda s, t, r: events.failed(s, _at(t), "why", r), _sends, _minutes, st.booleans()),
    st.builds(
        lambda k, s, t, h: events.reported(k, s, _at(t), "id", kind=h),
        st.sampled_from(["delivered", "bounced", "complained", "unheard-of"]),
        _sends,
        _minutes,
        st.sampled_from(["hard", "soft"]),
    ),
    st.builds(lambda m, t: events.finished(m, _at(t)), _magnets, _minutes),
    st.builds(lambda m, t: downloaded(m, "a.pdf", _at(t), "person"), _magnets, _minutes),
)


def _once(found):
    """As the table keeps them: of two events with one key, the first that came."""
    kept = {}
    for event in found:
        kept.setdefault(event.key, event)
    return list(kept.values())


@examples(2)
@given(st.lists(_any_event, max_size=25), st.randoms(use_true_random=False))
def test_any_order_and_any_redelivery_of_events_gives_the_same_lead(found, random):
    history = _once(found)
    lead = fold("lead", history, DEFAULT)
    shuffled = [*history, *random.sample(history, len(history) // 2)]
    random.shuffle(shuffled)
    assert fold("lead", shuffled, DEFAULT) == lead
    to_json(lead)


@examples(2)
@given(st.lists(_any_event, max_size=25), _minutes)
def test_a_mail_that_may_have_gone_out_is_never_decided_again(found, minutes):
    history = _once(found)
    for magnet in ("guide", "course"):
        funnel = replace(make_funnel(), slug=magnet)
        decision = decide(fold("lead", history, DEFAULT), {magnet: funnel}, magnet, _at(minutes))
        if isinstance(decision, Send):
            same = [
                e
                for e in history
                if e.magnet == magnet
                and (e.data.get("step"), e.data.get("ask")) == (decision.send.step, decision.send.ask)
            ]
            tried = {e.data["attempt"] for e in same if e.type != "unheard-of"}
            assert decision.send.attempt not in tried
            certain = {e.data["attempt"] for e in same if e.type == "failed" and e.data["retry"]}
            assert decision.send.attempt == 1 or decision.send.attempt - 1 in certain
        else:
            assert isinstance(decision, Wait | Skip | Stop)


# ── the whole funnel, breaking ────────────────────────────────────────────────────────────────────────

_ops = st.one_of(
    st.tuples(
        st.just("post"),
        st.sampled_from(["", "&first_name=Ida", "&consent=yes", "&consent=yes&first_name=Jo"]),
    ),
    st.tuples(st.just("confirm"), st.none()),
    st.tuples(st.just("unsubscribe"), st.none()),
    st.tuples(st.just("stream"), st.booleans()),
    st.tuples(st.just("message"), st.tuples(st.integers(0, 5), st.booleans())),
    st.tuples(st.just("advance"), st.sampled_from([1, 11, 16, 60, 60 * 24, 60 * 24 * 4])),
    st.tuples(st.just("fire"), st.booleans()),
    st.tuples(st.just("pump"), st.none()),
    st.tuples(st.just("next_mail"), st.none()),
    st.tuples(st.just("reconcile"), st.none()),
    st.tuples(st.just("refuse"), st.sampled_from(["throttle", "reject", "unknown"])),
)
# Most histories begin as a lead's life does, so that the later steps are reached at all.
_crash = st.one_of(st.none(), st.integers(1, 30))
_life = ["post", "pump", "confirm", "pump", "pump", "next_mail", "pump", "pump", "next_mail", "pump", "pump"]
_begin = st.integers(0, len(_life)).flatmap(
    lambda length: st.tuples(
        *(
            st.tuples(st.just((each, "&consent=yes" if each == "post" else None)), _crash)
            for each in _life[:length]
        )
    )
)
_history = st.builds(
    lambda begin, rest: [*begin, *rest], _begin, st.lists(st.tuples(_ops, _crash), max_size=25)
)

_REFUSALS = {
    "throttle": lambda: ClientError("TooManyRequestsException", 429),
    "reject": lambda: ClientError("MessageRejected"),
    "unknown": lambda: TimeoutError("read timed out"),
}


class Chaos:
    """A history of what people do, what AWS delivers (twice, late, out of order) and where containers die."""

    def __init__(self) -> None:
        self.world = World()
        self.promised = 0  # submissions that were answered with the thank-you page
        self.kills = 0

    def run(self, operation: str, argument, crash_at: int | None) -> None:
        self.world.arm(crash_at)
        try:
            getattr(self, f"_{operation}")(argument)
        except Crash:
            self.kills += 1
            self.world.restart()
        self.world.arm(None)

    def _post(self, extra: str) -> None:
        answer = self.world.post(f"email=lead%40example.com{extra}")
        self.promised += answer["statusCode"] == 303

    def _confirm(self, _) -> None:
        if any(each["step"] == OPT_IN for each in self.world.sent):
            self.world.confirm(self.world.link("confirm", OPT_IN))

    def _unsubscribe(self, _) -> None:
        if any(each["step"] == DELIVERY for each in self.world.sent):
            self.world.unsubscribe(self.world.link("unsubscribe", DELIVERY))

    def _stream(self, again: bool) -> None:
        records = list(self.world.stream)
        self.world.deliver_stream_or_keep(records)
        if again:
            self.world.stream = records + self.world.stream

    def _message(self, which) -> None:
        place, again = which
        if not self.world.messages:
            return
        body = self.world.messages[place % len(self.world.messages)]
        failures = self.world.deliver_message(body)["batchItemFailures"]
        if not again and not failures:
            self.world.messages.remove(body)

    def _advance(self, minutes: int) -> None:
        self.world.time += minutes * (events.RESUBMIT_WINDOW / 10)

    def _fire(self, again: bool) -> None:
        before = dict(self.world.schedules)
        self.world.fire_schedules()
        if again:
            self.world.messages += [
                body for name, (_, body) in before.items() if name not in self.world.schedules
            ]

    def _pump(self, _) -> None:
        self._stream(False)
        for place in range(len(self.world.messages)):
            self._message((place, False))

    def _next_mail(self, _) -> None:
        if self.world.schedules:
            self.world.time = max(self.world.time, min(due for due, _ in self.world.schedules.values()))
            self.world.fire_schedules()

    def _reconcile(self, _) -> None:
        self.world.reconcile()

    def _refuse(self, how: str) -> None:
        self.world.refusals.append(_REFUSALS[how]())

    def calm_down(self) -> None:
        """From now on nothing breaks; the daily reconcile runs."""
        self.world.refusals.clear()
        for _ in range(12):
            self.world.reconcile()
            self.world.advance(days=1)


@examples(3)
@given(_history)
def test_no_crash_redelivery_or_clock_move_sends_a_mail_twice_or_forgets_one(history):
    chaos = Chaos()
    for (operation, argument), crash_at in history:
        chaos.run(operation, argument, crash_at)
    chaos.calm_down()
    world = chaos.world
    sent = Counter((each["step"], each["ask"]) for each in world.sent)
    assert max(sent.values(), default=0) <= 1, sent
    if not chaos.promised:
        return
    lead = fold(world.lead_id(), world.events(), DEFAULT)
    enrolment = lead.enrolments["guide"]
    tried = {(each.send.step, each.send.ask) for each in enrolment.attempts}
    ask = len(enrolment.asks)
    if enrolment.status == "unconfirmed":
        assert (OPT_IN, ask) in tried
    if enrolment.status == "confirmed":
        assert (DELIVERY, ask) in tried
        if enrolment.consent["given"]:
            assert {("first", 0), ("second", 0)} <= tried
            assert enrolment.finished_at
    if enrolment.status == "unsubscribed":
        assert all(each["at"] <= enrolment.ended_at for each in world.sent)
