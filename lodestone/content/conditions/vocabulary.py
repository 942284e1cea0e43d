"""The words of a magnet's conditions: the facts, with their types, and what a lead can do.

Activities come from the rows of event types (`leads.event_table`), features' ones too; a feature adds facts, and
details of its events (`lodestone.features.feature.Words`). The parser knows no word by name.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from leads.attribution import CLICK_IDS
from leads.conditions import HERE, LEAD_FACTS, RESERVED, phrase
from leads.event_table import EVENT_TYPES
from leads.event_types import EventType
from leads.features import FEATURES
from leads.mail_types import DELIVERY, OPT_IN
from lodestone.content.countries import options_of
from lodestone.content.schema import FieldFront

#: The detail that names a mail.
MAIL = "step"

#: The stages in which a lead gets mails of a sequence (`leads.lead.stage`).
STAGES = ("cold", "warm", "hot")

#: The keys that `leads.attribution.touch` stores; the campaign parameters are those that Google Analytics documents
#: ("URL builders: collect campaign data with custom URLs").
_CAMPAIGN = ("source", "medium", "campaign", "term", "content", "id")
TOUCH_KEYS = ("landing", "referrer", *(f"utm_{each}" for each in _CAMPAIGN), *sorted(CLICK_IDS))

_TYPES = {
    "select": "choice",
    "radio": "choice",
    "country": "choice",
    "checkboxes": "several",
    "number": "number",
    "date": "date",
}


@dataclass(frozen=True)
class Fact:
    """Something known of a lead. `key` is its compiled name, `options` what is stored and what the visitor reads.

    `type`: text, choice (one of the options), several (of them), number, date; told, where only that there is an
    answer may be asked; or any, where a mistake elsewhere hides the type.
    """

    key: str
    type: str = "text"
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Detail:
    """A word that narrows an activity: the mail of `clicked step-2`, the link of `clicked step-2 link pricing`.

    The first detail of an activity needs no name in front. `values` are the allowed ones, None if any is;
    `of_first` gives those allowed for each value of the first detail.
    """

    name: str
    called: str
    values: tuple[str, ...] | None = None
    of_first: Mapping[str, tuple[str, ...]] | None = None


@dataclass(frozen=True)
class ActivityWords:
    """How a condition asks for an activity: `clicked` and, where there is a noun, `no click`. `type` is the event's."""

    type: str
    noun: str = ""
    scope: str = HERE
    details: tuple[Detail, ...] = ()

    @property
    def phrase(self) -> str:
        """The words that stand for it, one or more."""
        return phrase(self.type)


@dataclass(frozen=True)
class Vocabulary:
    """The words of a magnet's conditions. `refused` maps words that are not allowed to a reason and a help.

    `unsent` are mails that nobody has got when the condition is evaluated.
    """

    facts: Mapping[str, Fact]
    activities: tuple[ActivityWords, ...]
    refused: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    unsent: frozenset[str] = frozenset()

    def with_words(self, facts: Mapping[str, Fact], activities: Iterable[ActivityWords]) -> "Vocabulary":
        """Return a copy with a feature's facts, and its activities, which replace those of the same type."""
        more = {each.type: each for each in activities}
        known = (more.pop(each.type, each) for each in self.activities)
        return replace(self, facts={**self.facts, **facts}, activities=(*known, *more.values()))

    def before(self, unsent: Iterable[str]) -> "Vocabulary":
        """Return a copy for a condition that is evaluated before these mails go out."""
        return replace(self, unsent=frozenset(unsent))


def vocabulary(
    fields: Sequence[FieldFront],
    steps: Sequence[str],
    *,
    features: Iterable[str] = (),
    links: Mapping[str, tuple[str, ...]] | None = None,
    clicks: bool = True,
    unread: Iterable[str] = (),
) -> Vocabulary:
    """The words for a magnet with these fields, these features and, in its sequence, these mails.

    `links` are the names of the counted links of each mail, None where they are not known; `clicks` says whether
    clicks are counted at all; `unread` are names of fields that have problems of their own.
    """
    facts = dict(_known_of_everybody())
    refused = dict(_REFUSED)
    own = {each.name: _field_fact(each) for each in fields}
    own |= {name: Fact(f"form.{name}", "any") for name in unread if name not in own}
    for name, fact in own.items():
        facts[f"form.{name}"] = fact
        if name in RESERVED or (name in LEAD_FACTS and fact.key != f"lead.{name}"):
            facts.pop(name, None)
            refused[name] = _ambiguous(name)
        else:
            facts[name] = fact
    activities = tuple(_activities(steps, links if clicks else None, clicks, features))
    return Vocabulary(facts, activities, refused if clicks else refused | _NOT_COUNTED)


@cache
def _known_of_everybody() -> Mapping[str, Fact]:
    """Facts that need no form."""
    own = {name: Fact(f"lead.{name}") for name in LEAD_FACTS}
    own["score"] = Fact("lead.score", "number")
    own["stage"] = Fact("lead.stage", "choice", {stage: stage for stage in STAGES})
    touches = (f"{visit}.{key}" for visit in ("first", "last") for key in TOUCH_KEYS)
    return own | {f"lead.{name}": fact for name, fact in own.items()} | {name: Fact(name) for name in touches}


def _field_fact(front: FieldFront) -> Fact:
    """A field of the form. Address and number are the lead's own, not among the answers (`leads.form`)."""
    if front.type in ("email", "phone"):
        return Fact(f"lead.{front.type}")
    options = {each.value: each.label for each in options_of(front)}
    type = "choice" if front.type == "hidden" and options else _TYPES.get(front.type, "text")
    return Fact(f"form.{front.name}", type, options)


def _activities(
    steps: Sequence[str],
    links: Mapping[str, tuple[str, ...]] | None,
    clicks: bool,
    features: Iterable[str],
) -> Iterator[ActivityWords]:
    """What a lead of such a magnet can do, and, as `mailed`, what they were sent."""
    if clicks:
        names = None if links is None else tuple(link for each in links.values() for link in each)
        mail = Detail(MAIL, "mail", tuple(steps))
        yield _of_row(EVENT_TYPES["clicked"], mail, Detail("link", "link", names, links))
    for key in features:
        yield from (_of_row(row) for row in FEATURES[key].event_types if row.is_activity)
    yield ActivityWords("mailed", "mail", HERE, (Detail(MAIL, "mail", (*steps, DELIVERY, OPT_IN)),))
    of_features = {row.name for each in FEATURES.values() for row in each.event_types}
    for name, row in EVENT_TYPES.items():
        if row.is_activity and name == row.name and name not in (*of_features, "clicked"):
            yield _of_row(row)


def _of_row(row: EventType, *details: Detail) -> ActivityWords:
    return ActivityWords(row.name, row.noun, row.scope, details)


def _ambiguous(name: str) -> tuple[str, str]:
    if name in RESERVED:
        return f"`{name}` is a word of this language", f"write `form.{name}` for the form's field"
    help = f"write `form.{name}` for the form's field, `lead.{name}` for what is known of the lead"
    return f"`{name}` means two things here", help


_OPENS = (
    "`{}` proves nothing: mail programs fetch a mail's pictures by themselves, whoever reads it",
    "ask for what a person did: `clicked`, `downloaded`, `replied`",
)
_BUYS = "unknown word `{}`", "did you mean `customer`?"
_LEAVES = "`{}` need not be asked", "whoever unsubscribes gets no more mails anyway; leave it out"
_REFUSED = {
    word: (trouble[0].format(word), trouble[1])
    for words, trouble in (
        (("opened", "open", "opens", "read"), _OPENS),
        (("bought", "purchased", "paid", "converted"), _BUYS),
        (("unsubscribed", "unsubscribes"), _LEAVES),
    )
    for word in words
}
_NOT_COUNTED = dict.fromkeys(
    ("clicked", "click", "clicks"),
    ("clicks are not counted here", "add `clicks: true` to magnet.md, or ask for `downloaded`"),
)
