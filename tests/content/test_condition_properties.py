"""Whatever is written as a condition: compiled, or told where it is wrong; and in words it is itself again."""

from hypothesis import example, given
from hypothesis import strategies as st

from leads.conditions import EVER, HERE, describe
from lodestone.content.conditions.reader import DEEPEST, LONGEST, read_condition
from tests.content.test_conditions import COURSE, compiled

_PIECES = """
    and or not no in ( ( ) ) , = != < >= is one of contains starts with given empty link the last days
    role boss "boss" topics price budget 500 -1.5 company stage hot step-2 step-9 pricing 7 opened
    downloaded clicked click mailed customer replied booked first.utm_source lead.score passed quiz
    " 'x “x” && é \U0001f600
"""
_soup = st.lists(st.sampled_from(_PIECES.split()), max_size=25).map(" ".join)


@given(_soup | st.text(max_size=80))
@example("(" * LONGEST)
@example("not " * (LONGEST // 4))
@example("x" * (LONGEST + 1))
@example("\x00")
def test_any_text_is_compiled_or_told_at_places_within_it(text):
    condition, troubles = read_condition(text, COURSE)
    assert (condition is None) == bool(troubles)
    for offset, length, message, help in troubles:
        assert 0 <= offset <= len(text)
        assert 1 <= length <= max(1, len(text) - offset)
        assert message
        assert help
    if condition is not None:
        assert compiled(describe(condition), COURSE) == condition


_plain = st.text(
    st.characters(codec="utf-8", exclude_characters="'", exclude_categories=["C"]), min_size=1, max_size=9
)
_text = _plain.filter(lambda text: text.strip() == text)
_did = st.builds(
    lambda activity, seconds: ["did", *activity[:2], seconds, activity[2]],
    st.sampled_from(
        [
            ("downloaded", HERE, {}),
            ("clicked", HERE, {"step": "step-2", "link": "home page"}),
            ("clicked", HERE, {"step": "in"}),
            ("clicked", HERE, {"link": "terms"}),
            ("became_customer", EVER, {}),
            ("passed_quiz", HERE, {"quiz": "tides"}),
            ("answered", HERE, {"question": "size", "with": "5"}),
            ("lesson", HERE, {"lesson": "12"}),
        ]
    ),
    st.integers(0, 3650 * 24 * 60).map(lambda minutes: minutes * 60),
)
_facts = st.one_of(
    st.just(["given", "form.company"]),
    st.lists(st.sampled_from(["freelancer", "boss"]), min_size=1, max_size=3).map(
        lambda of: ["is", "form.role", *of]
    ),
    st.lists(_text, min_size=1, max_size=3).map(lambda of: ["is", "form.company", *of]),
    st.builds(
        lambda test, text: [test, "first.referrer", text], st.sampled_from(["contains", "starts"]), _text
    ),
    st.just(["has", "form.topics", "the law"]),
    st.builds(
        lambda sign, number: ["number", "form.budget", sign, str(number)],
        st.sampled_from(["=", "<", "<=", ">", ">="]),
        st.integers(-(10**14), 10**14) | st.decimals(-999, 999, places=2),
    ),
    st.builds(lambda day: ["date", "form.renewal", "=", day.isoformat()], st.dates()),
)
_conditions = st.recursive(
    _did | _facts,
    lambda inner: (
        inner.map(lambda part: ["not", part])
        | st.builds(
            lambda word, parts: [word, *parts],
            st.sampled_from(["and", "or"]),
            st.lists(inner, min_size=2, max_size=3),
        )
    ),
    max_leaves=6,
)


@given(_conditions)
def test_a_compiled_condition_in_words_compiles_to_the_same_again(condition):
    text = describe(condition)
    if len(text) <= LONGEST and text.count("not") + text.count("(") <= DEEPEST:
        assert compiled(text, COURSE) == condition
