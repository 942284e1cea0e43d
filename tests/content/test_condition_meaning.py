"""What an author wrote, asked of a lead with a history: words, compiled form and facts fit together."""

from datetime import timedelta

import pytest

from leads import events
from leads.conditions import holds
from leads.events import SendId
from leads.facts import facts_of
from leads.features.downloads import downloaded
from leads.folding import fold
from leads.rules import DEFAULT
from lodestone.content.conditions.reader import read_condition
from tests.content.test_conditions import WORDS
from tests.world import START, make_funnel

DAY = timedelta(days=1)
NOW = START + 20 * DAY


def sent(step: str, day: int) -> list[events.Event]:
    send = SendId("guide", step, 0, 1)
    at = START + day * DAY
    return [events.claimed(send, at, "w"), events.mailed(send, at + timedelta(seconds=1), f"m-{step}")]


def click(step: str, link: str, day: int, magnet: str = "guide", by: str = "person") -> events.Event:
    return events.clicked(SendId(magnet, step, 0, 1), link, START + day * DAY, by)


HISTORY = [
    events.submitted(
        "guide",
        START,
        {
            "email": "ada@Quay.example",
            "answers": {
                "role": "freelancer",
                "topics": "price, the law",
                "budget": "750.50",
                "renewal": "2027-01-31",
            },
            "consent": {"given": True},
            "touch": {"utm_source": "Newsletter", "landing": "/guides/tides/"},
            "time_zone": "Europe/Berlin",
        },
    ),
    events.confirmed("guide", 1, START),
    downloaded("guide", "guide/abc/guide.html", START + DAY, "person"),
    *sent("step-1", 2),
    *sent("step-2", 4),
    click("step-2", "pricing", 5),
    click("step-1", "home page", 18, by="machine"),
    click("step-1", "home page", 19, magnet="course"),
    events.reached("replied", START + 12 * DAY, "course", "owner"),
]
FACTS = facts_of(fold("lead", HISTORY, DEFAULT), make_funnel())

TRUE = [
    "downloaded",
    "downloaded in 19 days",
    "clicked step-2 link pricing",
    "clicked link pricing in 15 days",
    "no click in 7 days",
    "no click step-1",
    "mailed step-2 and not mailed in 7 days",
    "replied",
    "replied in 8 days and no reply in 7 days",
    "not customer and not booked and no call",
    'role = "Freelancer"',
    "role is not boss",
    'topics contains "the LAW" and topics contains price',
    "budget > 750 and budget < 751 and budget = 750.50",
    'renewal after "2027-01-30" and renewal before "2027-02-01"',
    "company is empty and role is given",
    "company != Acme",
    'first.utm_source = "newsletter"',
    'last.landing starts with "/guides/"',
    'email.domain = "quay.example" and time_zone = "europe/berlin"',
    "score >= 30",
    "stage = hot",
    "booked != yes",
]
FALSE = [
    "downloaded in 18 days",
    "clicked step-1",
    "clicked in 14 days",
    'clicked link "home page"',
    "no mail",
    "customer or booked",
    'role in ("boss")',
    "topics does not contain price",
    "budget > 750.5",
    'renewal before "2027-01-31"',
    "company = Acme or company contains A",
    "phone is given",
    "first.utm_campaign is given",
    "stage = warm or stage = cold",
]


def asked(text: str) -> bool:
    condition, troubles = read_condition(text, WORDS)
    assert troubles == []
    return holds(condition, FACTS, NOW)


@pytest.mark.parametrize("text", TRUE)
def test_it_holds(text):
    assert asked(text)
    assert not asked(f"not ({text})")


@pytest.mark.parametrize("text", FALSE)
def test_it_does_not_hold(text):
    assert not asked(text)
    assert asked(f"not ({text})")
