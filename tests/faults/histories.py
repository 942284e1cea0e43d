"""Random lives of a lead, lived through the real handlers while everything around them breaks.

A `History` draws what people do, what AWS delivers (late, twice, out of order), what the owner edits, and at which
AWS call, before or after it, the container dies. When it is over, nothing breaks any more and the reconcile runs now
and then, for as long as the longest sequence takes. `tests.faults.wrongs` says what no history may bring about.
"""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html import unescape
from random import Random
from typing import Any
from urllib.parse import urlencode

from leads import events
from leads.events import SendId
from leads.features.deadline import KEY, OF_A_LIST, Terms, configure
from leads.funnel import Funnel, Sending, Step
from leads.lesson_actions import COURSE_PAGE, page_name
from leads.mail_types import DELIVERY, OPT_IN
from leads.syllabus import AFTER_LESSON, Lesson, Syllabus
from leads.syllabus import configure as configure_lessons
from tests import example_feature
from tests.faults import surveys
from tests.offers import REMINDER, offer_funnel, publish_offer
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
    REMINDER,
    Step("slow", 3 * DAY, not_after="offer_end"),
)
#: The course is an offer, too: some days for each lead, and a code of a list.
_OFFER = Terms("course", window=9 * DAY, codes=OF_A_LIST, edition="one", low=2)
_BRANCHES = {"named": ["given", "form.first_name"], "nameless": ["not", ["given", "form.first_name"]]}
_NAMES = ("pipes", "loops", "files")
#: A course: each lesson a day after the one before was done, and a reminder.
LESSONS = configure_lessons(
    Syllabus(
        tuple(Lesson(name, name, 10, "", DAY if number else 0) for number, name in enumerate(_NAMES)),
        AFTER_LESSON,
        choice=True,
        stalled=7 * DAY,
    )
)
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
        self.results: list[dict[str, Any]] = []  # of the survey's forms, in the order of their answers
        self.erased = False
        self.edited = False
        self.reports: list[str] = []
        self.calm_since = self.world.time

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
        self.calm_since = self.world.time
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

    def _answer_survey(self) -> None:
        result = surveys.send_survey(self.world, surveys.any_answers(self.random))
        if result:
            self.promised.add(surveys.SLUG)
            self.results.append(result)

    def _confirm(self) -> None:
        if self._has(OPT_IN):
            self.world.confirm(self.world.link("confirm", OPT_IN))

    def _unsubscribe(self) -> None:
        if self._has(DELIVERY):
            self.world.unsubscribe(
                self.world.link("unsubscribe", DELIVERY), body="List-Unsubscribe=One-Click"
            )

    def _download(self) -> None:
        """Fetch the file of the latest delivery that has one: a survey's has none."""
        if any(each["step"] == DELIVERY and "/api/download?" in each["text"] for each in self.world.sent):
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

    def _act(self) -> None:
        """Press the button of a feature; the mail that answers it has a link that begins anew."""
        for name in self.random.sample(["again", "start"], 2):
            links = [each["text"] for each in self.world.sent if f"/trial/{name}?" in each["text"]]
            if links:
                self.world.act(self.world.link(f"do/guide/trial/{name}"))
                return

    def _claim(self) -> None:
        """Look at the offer of the course, and take its code."""
        if any("do/course/deadline/open?" in each["text"] for each in self.world.sent):
            link = self.world.link("do/course/deadline/open")
            self.world.act(link, "GET")
            self.world.act(link)

    def _learn(self) -> None:
        """Press a button on a page of the course: done, not after all, or the other pace."""
        links = [each["text"] for each in self.world.sent if "/course/lessons/read?" in each["text"]]
        if links:
            lesson = self.random.choice(("", "", *_NAMES))
            press_lesson(self.world, "course", lesson, self.random.choice([1, 1, 2]))

    def _hook(self) -> None:
        """A provider reports, perhaps the same again, perhaps of somebody who is no lead yet."""
        report_use(self.world, self.random.choice("abc"))

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
    "answer_survey": 2,
    "confirm": 3,
    "unsubscribe": 1,
    "download": 2,
    "activity": 4,
    "act": 3,
    "claim": 2,
    "learn": 4,
    "hook": 1,
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
    """Three magnets: conditions, branches, versions, days, quiet hours, a goal, features, a survey among them."""
    features = {**make_funnel().features, example_feature.KEY: example_feature.CONFIGURATION}
    world = kind(make_funnel(steps=_GUIDE, sending=_SENDING, until=_UNTIL, features=features))
    course = {"slug": "course", "url": "/course/", "opt_in": "single", "priority": 1}
    changes = {"steps": _COURSE, "branches": _BRANCHES, "sending": _SENDING}
    all_of = {**make_funnel().features, KEY: configure(_OFFER), "lessons": LESSONS}
    publish_offer(world, offer_funnel(_OFFER, features=all_of, **changes, **course), ("CODE-1", "CODE-2"))
    publish_lessons(world, "course")
    surveys.publish_survey(world)
    return world


def publish_lessons(world: World, magnet: str) -> None:
    """Put the pages of a course's lessons: nothing but their buttons."""
    for name in (*(page_name(each) for each in _NAMES), COURSE_PAGE):
        world.publish_page(magnet, name, "\ue000mark\ue001\ue000pace\ue001")


def press_lesson(world: World, magnet: str, lesson: str = "", times: int = 1) -> None:
    """Press the button of the page behind a course's link, perhaps twice."""
    address = f"do/{magnet}/lessons/read"
    page = world.act(f"{world.link(address)}&lesson={lesson}", "GET")["body"]
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    button = re.search(r'name="do" value="(\w+)"', page)
    if button:
        posted = {**{name: unescape(value) for name, value in fields.items()}, "do": button[1]}
        for _ in range(times):
            world.act(f"/api/{address}", "POST", urlencode(posted))


def report_use(world: World, report: str) -> None:
    """What the lead tries is used, and the provider says so until it is answered."""
    body = example_feature.report_body(report, at=world.time)
    answer = world.hook(example_feature.PROVIDER, body, **{"x-trials-signature": example_feature.sign(body)})
    assert answer["statusCode"] == 200


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
