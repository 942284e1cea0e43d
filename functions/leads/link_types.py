"""The signed links that mails carry, one row each: those that every magnet has, and those of features."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from leads.feature import LinkType
from leads.features import FEATURES
from leads.mail_types import OPT_IN, STILL_THERE, YOUR_DATA

#: In effect as long as the signing key is used. Unsubscribing must work for 30 days at least (CAN-SPAM, 16
#: CFR 316).
_TEN_YEARS = timedelta(days=3650)

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
        "unsubscribe_url", "unsubscribe", "/api/unsubscribe", lifetime=_TEN_YEARS, leads_to="unsubscribes"
    ),
    LinkType(
        "preferences_url",
        "unsubscribe",
        "/api/preferences",
        lifetime=_TEN_YEARS,
        leads_to="less mail, or the reader's data",
        not_in={OPT_IN: "who has not confirmed gets no mails to choose from; delete it"},
    ),
    # It opens all that is stored about a lead, so it must not work for a later reader of the mail.
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

#: Counted links have names of their own in mails (`click:<name>`). They must work in a mail that is kept.
_CLICK_LIFETIME = _TEN_YEARS

#: Every row by its placeholder, in order.
LINK_TYPES: Mapping[str, LinkType] = {
    each.variable: each
    for each in (*(row for feature in FEATURES.values() for row in feature.link_types), *_CORE)
}


def lifetime_of(purpose: str) -> timedelta:
    """How long links of a purpose work. Raises KeyError if no row has the purpose."""
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
