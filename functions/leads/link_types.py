"""The signed links that mails carry, one row each: those that every magnet has, and those of features."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from leads.feature import LinkType
from leads.features import FEATURES
from leads.mail_types import OPT_IN, STILL_THERE, YOUR_DATA

#: As long as the key lives. Unsubscribing must work at least 30 days after the mail (CAN-SPAM, 16 CFR 316).
_FOR_GOOD = timedelta(days=3650)

_CORE = (
    LinkType(
        "confirm_url",
        "confirm",
        "/api/confirm",
        lifetime=timedelta(days=7),
        leads_to="confirms the address",
        mail=OPT_IN,
        numbered=True,
        needed_in=OPT_IN,
        why_needed="without it nobody can confirm; put it on a line of its own: `[Yes, send it]({{ confirm_url }})`",
        why_not_elsewhere="who gets this mail has confirmed already; delete it",
    ),
    LinkType(
        "unsubscribe_url", "unsubscribe", "/api/unsubscribe", lifetime=_FOR_GOOD, leads_to="unsubscribes"
    ),
    LinkType(
        "preferences_url",
        "unsubscribe",
        "/api/preferences",
        lifetime=_FOR_GOOD,
        leads_to="less mail, or the reader's data",
        not_in={OPT_IN: "who has not confirmed gets no mails to choose from; delete it"},
    ),
    # What opens all that is stored of a lead is for the one who asked for it just now.
    LinkType(
        "data_url",
        "data",
        "/api/data",
        lifetime=timedelta(days=1),
        leads_to="shows what is stored of the reader",
        mail=YOUR_DATA,
        numbered=True,
        needed_in=YOUR_DATA,
        why_needed="it leads to what the reader asked to see; put it on a line of its own: `[Show it]({{ data_url }})`",
        why_not_elsewhere="it opens all that is stored of the reader; write `{{ preferences_url }}` instead",
    ),
    LinkType(
        "stay_url",
        "stay",
        "/api/stay",
        lifetime=timedelta(days=365),
        leads_to="keeps the letters coming",
        mail=STILL_THERE,
        numbered=True,
        needed_in=STILL_THERE,
        why_needed="without it nobody can say yes; put it on a line of its own: `[Yes, go on]({{ stay_url }})`",
        why_not_elsewhere="nobody was asked anything; delete it",
    ),
)

#: Counted links stand in mails under names of their own (`click:<name>`). Whoever keeps a mail keeps what it links to.
_CLICK_LIFETIME = _FOR_GOOD

#: Every row by its placeholder, in order.
LINK_TYPES: Mapping[str, LinkType] = {
    each.variable: each
    for each in (*(row for feature in FEATURES.values() for row in feature.link_types), *_CORE)
}


def lifetime_of(purpose: str) -> timedelta:
    """How long links of a purpose work. Raises KeyError for a purpose that no row has."""
    if purpose == "click":
        return _CLICK_LIFETIME
    return {each.purpose: each.lifetime for each in LINK_TYPES.values()}[purpose]


def links_of_features(keys: Iterable[str]) -> tuple[LinkType, ...]:
    """The links of a magnet with these features, in whichever mail."""
    known = set(keys)
    foreign = {
        row.variable for key, feature in FEATURES.items() if key not in known for row in feature.link_types
    }
    return tuple(each for each in LINK_TYPES.values() if each.variable not in foreign)


def links_of(step: str, keys: Iterable[str]) -> tuple[LinkType, ...]:
    """The links that one mail of a magnet with these features may carry."""
    known = links_of_features(keys)
    return tuple(each for each in known if each.mail in ("", step) and step not in each.not_in)
