"""What a forecast promises is what the drip does: through edits, for random sequences and random histories."""

from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leads.funnel import SERVICE_MAILS, Funnel, Sending, Step
from leads.rules import SendingPolicy
from lodestone.forecast import Forecast, forecast
from tests.world import DAY, World, make_funnel

NAMES = tuple("abcdefgh")
CERTAIN = (
    ["is", "form.first_name", "Ida"],
    ["not", ["is", "form.first_name", "Ida"]],
    ["did", "mailed", "here", 0, {"step": "a"}],
)
OPEN = (["did", "clicked", "here", 0, {}], ["not", ["did", "downloaded", "here", 7 * DAY, {}]])
MANY = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))

step_of = st.builds(
    Step,
    slug=st.sampled_from(NAMES),
    after=st.sampled_from((0, 3600, DAY, 2 * DAY, 5 * DAY)),
    at=st.sampled_from(("", "", "09:00", "21:30")),
    days=st.sampled_from(((), (), (0, 1, 2, 3, 4), (6,))),
    anchor=st.sampled_from(("", "", "", "webinar", "confirmed", "nowhere")),
    offset=st.sampled_from((-DAY, -3600, 0, 2 * DAY)),
    when=st.sampled_from((None, None, *CERTAIN, *OPEN)),
    branch=st.sampled_from(("", "", "", "ida", "clickers")),
)
funnel_of = st.builds(
    make_funnel,
    steps=st.lists(step_of, max_size=6, unique_by=lambda step: step.slug).map(tuple),
    dates=st.just({"webinar": "2026-03-20T17:00:00.000Z"}),
    branches=st.just({"ida": CERTAIN[0], "clickers": OPEN[0]}),
    sending=st.builds(Sending, quiet=st.sampled_from((None, ("21:00", "08:00")))),
)


def promised(world: World, funnel: Funnel) -> Forecast:
    return forecast(world.lead_id(), world.events(), {"guide": funnel}, world.time, SendingPolicy())


def sequence_mails(world: World) -> list[dict]:
    return [each for each in world.sent if each["step"] not in SERVICE_MAILS]


@MANY
@given(st.lists(funnel_of, min_size=1, max_size=4), st.lists(st.integers(0, 12), min_size=4, max_size=4))
def test_through_any_edits_no_mail_comes_twice_and_what_is_certain_comes_when_promised(editions, days):
    world = World(editions[0])
    world.sign_up()
    for edition, span in zip(editions, days, strict=False):
        world.publish(edition)
        world.reconcile()
        world.settle()
        world.advance(days=span)
    before, told = len(world.sent), promised(world, editions[-1])
    world.advance(days=300)
    came = [(each["step"], each["at"]) for each in world.sent[before:]]
    doubtful = {each.step for each in told.mails if each.supposed or "clickers" in each.why_not}
    certain = [(each.step, each.at) for each in told.mails if each.at and each.step not in doubtful]
    assert [each for each in came if each[0] not in doubtful] == certain
    assert set(Counter(each["step"] for each in sequence_mails(world)).values()) <= {1}
    assert not {step for step, _ in came} & {each["step"] for each in world.sent[:before]}
