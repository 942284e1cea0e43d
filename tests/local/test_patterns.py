"""EventBridge's patterns."""

import pytest

from lodestone.local.patterns import matches

EVENT = {
    "source": "aws.ses",
    "resources": ["arn:a", "arn:b"],
    "detail": {"eventType": "Bounce", "size": 12, "mail": {"tags": {"lead": ["x"]}}, "gone": None},
}


@pytest.mark.parametrize(
    "pattern",
    [
        {},
        {"source": ["aws.ses"]},
        {"source": ["aws.s3", "aws.ses"]},
        {"resources": ["arn:b"]},
        {"detail": {"eventType": [{"prefix": "Bou"}]}},
        {"detail": {"eventType": [{"suffix": "nce"}]}},
        {"detail": {"eventType": [{"equals-ignore-case": "bounce"}]}},
        {"detail": {"eventType": [{"anything-but": ["Send", "Open"]}]}},
        {"detail": {"eventType": [{"anything-but": {"prefix": "S"}}]}},
        {"detail": {"size": [{"numeric": [">", 10, "<=", 12]}]}},
        {"detail": {"mail": {"tags": {"lead": [{"exists": True}], "send": [{"exists": False}]}}}},
        {"detail": {"gone": [None]}},
        {"$or": [{"source": ["aws.s3"]}, {"resources": ["arn:a"]}]},
    ],
)
def test_a_pattern_that_fits_matches(pattern):
    assert matches(pattern, EVENT)


@pytest.mark.parametrize(
    "pattern",
    [
        {"source": ["aws.s3"]},
        {"resources": ["arn:c"]},
        {"missing": ["x"]},
        {"missing": {"deeper": ["x"]}},
        {"detail": {"size": ["12"]}},
        {"detail": {"size": [{"numeric": ["<", 12]}]}},
        {"detail": {"eventType": [{"anything-but": "Bounce"}]}},
        {"source": ["aws.ses"], "detail": {"eventType": ["Send"]}},
    ],
)
def test_a_pattern_that_does_not_fit_does_not_match(pattern):
    assert not matches(pattern, EVENT)


def test_an_operator_that_is_not_eventbridges_is_an_error():
    with pytest.raises(ValueError, match="sounds-like"):
        matches({"source": [{"sounds-like": "aws"}]}, EVENT)
