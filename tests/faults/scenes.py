"""Ordinary lives of a lead in scenes, each of which can be played again after the container died in its middle."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random

from leads.features.deadline import GENERATED, OF_A_LIST, Terms
from leads.funnel import Field, Option, Sending, Step
from tests.faults.histories import (
    LESSONS,
    REPORTS,
    History,
    guide,
    make_world,
    press_lesson,
    publish_lessons,
    report_of,
    report_use,
)
from tests.faults.surveys import SLUG, send_survey
from tests.offers import OPEN, offer_world
from tests.world import DAY, ClientError, Crash, World, make_funnel

WINDOW = Terms("guide", window=3 * DAY, codes=GENERATED)
LIST = Terms("guide", ends="2026-03-20T08:00:00.000Z", codes=OF_A_LIST, edition="one", low=2)

Scene = Callable[[History], object]


def post(history: History) -> None:
    answer = history.world.post("email=lead%40example.com&consent=yes&first_name=Ida")
    if answer["statusCode"] == 303:
        history.promised.add("guide")


def pump(history: History) -> None:
    """Stream and queue, until both are empty; what was not answered comes again."""
    world = history.world
    while world.stream or world.messages:
        world.deliver_stream_or_keep(list(world.stream))
        for body in list(world.messages):
            if not world.deliver_message(body)["batchItemFailures"]:
                world.messages.remove(body)


def confirm(history: History) -> None:
    """Where nobody knows whether the mail with the button went out, none comes: the visitor sends the form again."""
    if not has(history, "opt-in"):
        history.world.time += timedelta(minutes=20)
        post(history)
        pump(history)
    history.world.confirm(history.world.link("confirm", "opt-in"))


def has(history: History, step: str) -> bool:
    return any(each["step"] == step for each in history.world.sent)


def next_mail(history: History) -> None:
    history._next_mail()
    pump(history)


def delivered(history: History) -> None:
    world = history.world
    for mail in world.sent:
        world.report(report_of(mail, "Delivery", REPORTS["Delivery"], world))


def throttled(history: History) -> None:
    history.world.refusals.append(ClientError("TooManyRequestsException", 429))
    next_mail(history)


def download(history: History) -> None:
    if has(history, "delivery"):
        history.world.download(history.world.link("download", "delivery"))


def lose_what_waits(history: History) -> None:
    history.world.schedules.clear()
    history.world.reconcile()


def unsubscribe(history: History) -> None:
    history.world.unsubscribe(history.world.link("unsubscribe"))


def choose(choice: str) -> Scene:
    """Press a button of the preference page. Whoever has not confirmed has no link to it."""

    def scene(history: History) -> None:
        if any("/api/preferences?" in each["text"] for each in history.world.sent):
            history.world.choose(history.world.link("preferences"), choice)

    return scene


def click(history: History) -> None:
    history.world.click("guide", "first", "pricing")


def look_at_data(history: History) -> None:
    if has(history, "your-data"):
        history.world.data(history.world.link("data", "your-data"))


def correct(history: History) -> None:
    if has(history, "your-data"):
        answers = {"first_name": "Ada", "email": "lead@example.com", "correct": "guide"}
        history.world.data(history.world.link("data", "your-data"), **answers)


def erase(history: History) -> None:
    if has(history, "your-data"):
        history.erased = True
        history.world.data(history.world.link("data", "your-data"), erase="yes", sure="yes")


def stay(history: History) -> None:
    if has(history, "still-there"):
        history.world.stay(history.world.link("stay", "still-there"))


def begin_trial(history: History) -> None:
    if has(history, "delivery"):
        history.world.act(history.world.link("do/guide/trial/start", "delivery"))


def begin_again(history: History) -> None:
    if has(history, "trial-welcome"):
        history.world.act(history.world.link("do/guide/trial/again", "trial-welcome"))


def used(history: History) -> None:
    report_use(history.world, "a")


def post_with_tick(history: History) -> None:
    answer = history.world.post("email=lead%40example.com&consent=yes&wants_edition=yes")
    if answer["statusCode"] == 303:
        history.promised.add("guide")


def tell_more(history: History) -> None:
    if has(history, "delivery"):
        history.world.act(history.world.link("do/guide/more_questions/answer", "delivery"), body="role=cto")


def publish_next_edition(history: History) -> None:
    features = {**guide(history.world).features, "editions": {"next": "/guide-2027/"}}
    history.world.publish(replace(guide(history.world), features=features))
    history.world.reconcile()


def edition_world(kind: type[World] = World) -> World:
    """A form with a tick for the next edition, and a question that is asked later."""
    plain = make_funnel()
    tick = Field("wants_edition", "The next edition", "tick", options=(Option("yes", "Mail me."),))
    features = {**plain.features, "editions": {"next": ""}, "more_questions": {"fields": ["role"]}}
    fields = (*plain.fields, Field("role", "Role", later=True), tick)
    return kind(make_funnel(features=features, fields=fields))


def look_at_offer(history: History) -> None:
    if has(history, "delivery"):
        history.world.act(history.world.link(OPEN, "delivery"), "GET")


def claim(history: History) -> None:
    if has(history, "delivery"):
        history.world.act(history.world.link(OPEN, "delivery"))


def offer_of(terms: Terms) -> Callable[[type[World]], World]:
    """Makes a world with an offer of two codes, or of codes that are made."""
    return lambda kind: offer_world(terms, ("CODE-1", "CODE-2"), kind)


def learn(history: History) -> None:
    """Mark the lesson that comes next as done; press again if the page failed."""
    if has(history, "delivery"):
        press_lesson(history.world, "guide")


def course_world(kind: type[World] = World) -> World:
    """A course of three lessons, each a day after the one before was done, with a reminder and a letter."""
    features = {**make_funnel().features, "lessons": LESSONS}
    world = kind(make_funnel(features=features, steps=(Step("first", 5 * DAY),)))
    publish_lessons(world, "guide")
    return world


def answer_survey(history: History) -> None:
    result = send_survey(history.world, {"role": "draw", "team": "3"})
    if result:
        history.promised.add(SLUG)
        history.results.append(result)


def confirm_survey(history: History) -> None:
    """As `confirm`, for the survey."""
    if not has(history, "opt-in"):
        history.world.time += timedelta(minutes=20)
        answer_survey(history)
        pump(history)
    history.world.confirm(history.world.link("confirm", "opt-in"))


def look_at_result(history: History) -> None:
    if has(history, "delivery"):
        history.world.act(history.world.link("do/survey/questions/result", "delivery"), "GET")


def silent_world(kind: type[World] = World) -> World:
    """A sequence so slow that the lead is asked whether to go on."""
    steps = tuple(Step(name, 20 * DAY) for name in ("first", "second"))
    return kind(make_funnel(steps=steps, sending=Sending(sunset=30 * DAY)))


_BEGIN: tuple[Scene, ...] = (post, pump, confirm, pump, download, next_mail)

_OFFERED: tuple[Scene, ...] = (post, pump, confirm, pump, look_at_offer)

#: The lives, each with the world it is lived in.
LIVES: dict[str, tuple[Callable[[type[World]], World], tuple[Scene, ...]]] = {
    "to its end": (make_world, (*_BEGIN, delivered, lose_what_waits, throttled, next_mail, pump)),
    "unsubscribed": (make_world, (*_BEGIN, next_mail, unsubscribe, pump, next_mail)),
    "fewer mails": (make_world, (*_BEGIN, click, choose("weekly"), pump, next_mail, next_mail)),
    "erased": (
        make_world,
        (*_BEGIN, choose("data"), pump, look_at_data, correct, pump, erase, pump, next_mail),
    ),
    "on trial": (make_world, (*_BEGIN[:-1], begin_trial, pump, used, pump, begin_again, pump, next_mail)),
    "asked more, and told of the next edition": (
        edition_world,
        (post_with_tick, pump, confirm, pump, tell_more, pump, publish_next_edition, pump, next_mail),
    ),
    "with a window": (offer_of(WINDOW), (*_OFFERED, claim, pump, next_mail, pump)),
    "with a code of a list": (offer_of(LIST), (*_OFFERED, claim, pump, claim, pump, next_mail)),
    "in a course": (
        course_world,
        (*_BEGIN[:-2], learn, pump, next_mail, pump, learn, pump, next_mail, learn, pump, next_mail),
    ),
    "left in the middle of a course": (course_world, (*_BEGIN[:-2], learn, pump, next_mail, next_mail)),
    "answered": (
        make_world,
        (
            answer_survey,
            pump,
            confirm_survey,
            pump,
            look_at_result,
            next_mail,
            answer_survey,
            pump,
            next_mail,
        ),
    ),
    "silent for long": (silent_world, (*_BEGIN, next_mail, pump, stay, pump, next_mail)),
}


def live(name: str, point: int | None, kind: type[World] = World) -> History:
    """A life, ended at one point and gone on with in a new container."""
    make, scenes = LIVES[name]
    history = History(Random(0), make(kind))
    history.world.arm(point)
    for scene in scenes:
        try:
            scene(history)
        except Crash:
            history.world.restart()
            scene(history)
    history.world.arm(None)
    history.calm_down()
    return history
