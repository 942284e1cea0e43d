"""What an author may write as a condition, what it compiles to, and what they are told where it cannot be read."""

import pytest

from leads.conditions import EVER, HERE, JOINED
from lodestone.content.conditions.reader import DEEPEST, LONGEST, read_condition
from lodestone.content.conditions.vocabulary import ActivityWords, Detail, vocabulary
from lodestone.content.schema import FieldFront

FIELDS = [
    FieldFront(name="email", label="E-mail", type="email", required=True),
    FieldFront(
        name="role",
        label="Role",
        type="select",
        options=["freelancer", {"value": "boss", "label": "I own it"}],
    ),
    FieldFront(name="topics", label="Topics", type="checkboxes", options=["price", "the law"]),
    FieldFront(name="budget", label="Budget", type="number"),
    FieldFront(name="renewal", label="Renewal", type="date"),
    FieldFront(name="company", label="Company"),
    FieldFront(name="booked", label="Booked before?", type="radio", options=["yes", "never"]),
]
STEPS = ["step-1", "step-2", "in", "step-4"]
LINKS = {"step-2": ("pricing", "home page"), "step-4": ("terms",)}
WORDS = vocabulary(FIELDS, STEPS, features=("downloads",), links=LINKS).before(["step-4"])
WEEK = 7 * 86400


def compiled(text: str, words=WORDS) -> list:
    condition, troubles = read_condition(text, words)
    assert troubles == []
    return condition


def told(text: str, words=WORDS) -> list[tuple[str, str, str]]:
    """What is underlined, the message and the help of each trouble."""
    condition, troubles = read_condition(text, words)
    assert condition is None
    return [(text[offset : offset + length], message, help) for offset, length, message, help in troubles]


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("downloaded", ["did", "downloaded", HERE, 0, {}]),
        ("clicked step-2 link pricing", ["did", "clicked", HERE, 0, {"step": "step-2", "link": "pricing"}]),
        ("no click in 7 days", ["not", ["did", "clicked", HERE, WEEK, {}]]),
        ("Downloaded IN the last 36 hours", ["did", "downloaded", HERE, 36 * 3600, {}]),
        ('clicked link "home page" in 1 week', ["did", "clicked", HERE, WEEK, {"link": "home page"}]),
        ('clicked step "in" in 1 week', ["did", "clicked", HERE, WEEK, {"step": "in"}]),
        ("mailed delivery", ["did", "mailed", HERE, 0, {"step": "delivery"}]),
        ("customer", ["did", "became_customer", EVER, 0, {}]),
        ("replied", ["did", "replied", JOINED, 0, {}]),
        ("booked in 3 days", ["did", "booked", JOINED, 3 * 86400, {}]),
    ],
)
def test_what_a_lead_did(text, condition):
    assert compiled(text) == condition


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ('role = "freelancer"', ["is", "form.role", "freelancer"]),
        ("role is Boss", ["is", "form.role", "boss"]),
        ("role != boss", ["not", ["is", "form.role", "boss"]]),
        ('role is one of ("freelancer", boss)', ["is", "form.role", "freelancer", "boss"]),
        ("role not in (boss)", ["not", ["is", "form.role", "boss"]]),
        ('topics contains "the law"', ["has", "form.topics", "the law"]),
        ("topics does not contain price", ["not", ["has", "form.topics", "price"]]),
        ("budget >= 500", ["number", "form.budget", ">=", "500"]),
        ("budget>-19.90", ["number", "form.budget", ">", "-19.90"]),
        ('renewal before "2027-01-31"', ["date", "form.renewal", "<", "2027-01-31"]),
        ("company is empty", ["not", ["given", "form.company"]]),
        ("company is given", ["given", "form.company"]),
        ("company is not empty", ["given", "form.company"]),
        ("company contains 'a \"b\"'", ["contains", "form.company", 'a "b"']),
        ("company = 12", ["is", "form.company", "12"]),
        ('first.utm_source = "newsletter"', ["is", "first.utm_source", "newsletter"]),
        ('last.landing starts with "/guides/"', ["starts", "last.landing", "/guides/"]),
        ("stage = hot", ["is", "lead.stage", "hot"]),
        ("score >= 40", ["number", "lead.score", ">=", "40"]),
        ("email.domain = example.com", ["is", "lead.email.domain", "example.com"]),
        ("email is given", ["given", "lead.email"]),
    ],
)
def test_what_is_known_of_a_lead(text, condition):
    assert compiled(text) == condition


D, C, R = (compiled(word) for word in ("downloaded", "customer", "replied"))


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("downloaded or customer and replied", ["or", D, ["and", C, R]]),
        ("downloaded and customer or replied", ["or", ["and", D, C], R]),
        ("(downloaded or customer) and replied", ["and", ["or", D, C], R]),
        ("not downloaded and customer", ["and", ["not", D], C]),
        ("NOT (downloaded AND customer)", ["not", ["and", D, C]]),
        ("not not downloaded", ["not", ["not", D]]),
        ("downloaded or customer or replied", ["or", D, C, R]),
        ("((downloaded))", D),
    ],
)
def test_not_binds_closest_then_and_then_or(text, condition):
    assert compiled(text) == condition


def test_a_field_may_be_called_like_something_a_lead_does():
    assert compiled("booked = yes and booked") == [
        "and",
        ["is", "form.booked", "yes"],
        ["did", "booked", JOINED, 0, {}],
    ]


def test_a_field_called_like_a_fact_or_a_word_of_the_language_needs_its_full_name():
    fields = [FieldFront(name=name, label="?", type="number") for name in ("score", "not")]
    words = vocabulary([*FIELDS, *fields], STEPS, features=("downloads",))
    (trouble,) = told("score > 3", words)
    assert trouble[0] == "score"
    assert "`form.score`" in trouble[2]
    assert "`lead.score`" in trouble[2]
    assert compiled("form.score > 3 or form.not = 1 or lead.score > 4", words) == [
        "or",
        ["number", "form.score", ">", "3"],
        ["number", "form.not", "=", "1"],
        ["number", "lead.score", ">", "4"],
    ]


@pytest.mark.parametrize(
    ("text", "underlined", "message", "help"),
    [
        ("opened", "opened", "proves nothing", "`clicked`"),
        ("not opened step-2", "opened", "proves nothing", "`clicked`"),
        ("rolle = boss", "rolle", "unknown word `rolle`", "did you mean `role`?"),
        ("purchased", "purchased", "unknown word", "`customer`"),
        ("role = freelance", "freelance", "never `freelance`", "did you mean `freelancer`?"),
        ('role = "I own it"', '"I own it"', "never `I own it`", "what is stored is `boss`"),
        ("role in (boss, none)", "none", "never `none`", "freelancer, boss"),
        ("topics = price", "=", "several answers", "`topics contains "),
        ("role > boss", ">", "one of its options", "`role = "),
        ("budget >= lots", "lots", "no number", "digits"),
        ("budget >= 1,500", ",", "does not belong", "without separators"),
        ('renewal < "31.1.2027"', '"31.1.2027"', "no date", "2027-01-31"),
        ("stage = visitor", "visitor", "never `visitor`", "cold, warm, hot"),
        ("company = role", "role", "cannot be compared", "quotes"),
        ("company =", "", "a value is missing", "quotes"),
        ("company", "company", "what about `company`?", "is given"),
        ("company = key account", "account", "does not belong", '`"key account"`'),
        ("clicked stp-1", "stp-1", "no mail `stp-1`", "did you mean `step-1`?"),
        ("clicked step-2 link prices", "prices", "no link `prices` in `step-2`", "pricing, home page"),
        ("clicked step-1 link pricing", "pricing", "no link `pricing` in `step-1`", "none to name"),
        ("mailed step-4", "step-4", "nobody has had", "earlier"),
        ("no clicks", "clicks", "`no` goes with", "did you mean `click`?"),
        ("click", "click", "unknown word", "did you mean `clicked`?"),
        ("downloaded = yes", "downloaded", "something that a lead did", "stand alone"),
        ("clicked in a while", "in", "asks for a time", "`in 7 days`"),
        ("clicked in 0 days", "0 days", "at most ten years", "`in 7 days`"),
        (
            "clicked in 99999999999999999999999999 days",
            "99999999999999999999999999 days",
            "ten years",
            "`in 7",
        ),
        ("(downloaded", "(", "never closed", "`)`"),
        ("downloaded)", ")", "nothing opens", "`(`"),
        ("", "", "missing", "`downloaded`"),
        ("downloaded and", "", "missing", "`downloaded`"),
        ("= 3", "=", "cannot begin with `=`", "say what"),
        ("role = 'boss", "'", "never closed", "close it"),
        ("downloaded && customer", "&&", "no meaning", "`and`"),
        ("!customer", "!", "no meaning", "`not`"),
        ("os.system", "os.system", "unknown word", "words:"),
    ],
)
def test_a_mistake_is_told_at_its_character_with_a_remedy(text, underlined, message, help):
    found = told(text)[0]
    assert found[0] == underlined
    assert message in found[1]
    assert help in found[2]


def test_length_and_depth_are_limited():
    assert compiled("(" * DEEPEST + "downloaded" + ")" * DEEPEST) == D
    assert told("(" * DEEPEST + "(downloaded" + ")" * DEEPEST + ")")[0][0] == "("
    assert told("not " * (DEEPEST + 1) + "downloaded")[0][0] == "not"
    longest = "downloaded".ljust(LONGEST)
    assert compiled(longest) == D
    assert told(f"{longest} and customer")[0][0] == " and customer"


def test_every_mistake_of_a_condition_is_told_at_once():
    text = "opened or (rolle = boss and role in (bos, freelancer) and no opens) or budget > a or and clicked step-9"
    assert [each[0] for each in told(text)] == ["opened", "rolle", "bos", "opens", "a", "and", "step-9"]


def test_where_clicks_are_not_counted_nobody_may_ask_for_them():
    words = vocabulary(FIELDS, STEPS, features=("downloads",), clicks=False)
    for text in ("clicked", "no click in 7 days"):
        (trouble,) = told(text, words)
        assert trouble[1] == "clicks are not counted here"
        assert "`clicks: true`" in trouble[2]


def test_links_that_are_not_known_may_have_any_name():
    assert compiled("clicked step-1 link anything", vocabulary(FIELDS, STEPS, features=("downloads",)))


def test_a_field_with_problems_of_its_own_may_be_asked_for_anything():
    words = vocabulary(FIELDS, STEPS, features=("downloads",), unread=["shoes"])
    assert compiled('shoes = 3 or shoes contains "x" or shoes is empty', words)


# ── a kind of magnet brings words of its own ──

QUIZ = ActivityWords("passed_quiz", "passed quiz", HERE, (Detail("quiz", "quiz", ("basics", "tides")),))
ANSWERED = ActivityWords(
    "answered",
    "answer",
    HERE,
    (
        Detail("question", "question", ("goal", "size")),
        Detail("with", "answer", ("more", "less"), {"goal": ("more", "less"), "size": ("5",)}),
    ),
)
COURSE = WORDS.with_words(
    {}, (QUIZ, ANSWERED, ActivityWords("lesson", details=(Detail("lesson", "lesson"),)))
)


def test_a_kind_of_magnet_adds_deeds_without_touching_the_parser():
    assert compiled("passed quiz basics in 2 days and not answered goal with more", COURSE) == [
        "and",
        ["did", "passed_quiz", HERE, 2 * 86400, {"quiz": "basics"}],
        ["not", ["did", "answered", HERE, 0, {"question": "goal", "with": "more"}]],
    ]
    assert compiled("lesson 3", COURSE) == ["did", "lesson", HERE, 0, {"lesson": "3"}]
    assert told("passed quiz basic", COURSE)[0][1:] == (
        "there is no quiz `basic`",
        "did you mean `basics`? there are: basics, tides",
    )
    assert told("answered size with more", COURSE)[0][0] == "more"
    assert told("passed quiz")[0][0] == "passed"
