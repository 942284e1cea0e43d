"""Telling a mail scanner's visit from a person's, by what it says of itself. A guess, used for scores only."""

_MARKS = (
    "barracuda",
    "bot",
    "crawl",
    "curl",
    "fireeye",
    "headless",
    "link preview",
    "mimecast",
    "proofpoint",
    "python",
    "safelinks",
    "scan",
    "spider",
    "symantec",
    "trendmicro",
    "urlpreview",
    "wget",
)


def is_machine(user_agent: str) -> bool:
    """Whether the user agent is empty or names a scanner, a crawler or a program."""
    lowered = user_agent.lower()
    return not lowered or any(mark in lowered for mark in _MARKS)
