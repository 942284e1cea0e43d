"""`deadline`, for the build: when an offer ends, its code, its price, and what is said after the end."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from leads import placeholders
from leads.features.deadline import (
    END,
    FOR_ALL,
    GENERATED,
    KEY,
    NO_CODE,
    OF_A_LIST,
    Terms,
    configure,
    terms_of,
)
from leads.instants import iso, parse_iso
from leads.moment_words import full_moment_in_words
from leads.placeholders import Parts
from lodestone.content.announced import NAME, note_announced
from lodestone.content.conditions.vocabulary import Fact
from lodestone.content.link_texts import LinkTexts
from lodestone.content.model import Magnet
from lodestone.content.places import key_place
from lodestone.content.validate import is_misspelt
from lodestone.features.deadline_checks import LAW, check_deadline, code_list, offer_name
from lodestone.features.deadline_front import DeadlineFront, PriceFront
from lodestone.features.feature import Configured, DatedNote, Feature, Making, Reading, Words
from lodestone.formats.spans import exact_span
from lodestone.render.look import Look
from lodestone.render.prose import render_prose

#: The word that stands for a code of each lead's own, in `code:`.
MADE = "generated"

_YES_OR_NO = {"yes": "yes", "no": "no"}


@dataclass(frozen=True)
class Deadline:
    """What a magnet has of the feature. `ends` is None where each lead has a time of their own."""

    front: DeadlineFront
    offer: str
    ends: datetime | None
    where: ZoneInfo
    site_zone: str
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Said:
    """The end and the price in words, for templates; "" where the offer has no such thing.

    Nothing of it claims that the offer is open: a page may lie in a cache.
    """

    price: PriceFront | None
    until: str
    instant: str
    window: str
    extended_from: str
    reason: str


class DeadlineFeature(Feature):
    """An offer that ends, for all at one instant or after a time of each lead's own, and its code."""

    key = KEY
    front = DeadlineFront
    placeholders = MappingProxyType({"offer_ends": False})

    def how_to_give(self) -> tuple[str, str]:
        help = (
            "add `ends: 2026-12-15 18:00`, one end for all, or `window: 3 days` from each lead's confirmation"
        )
        return "this {kind} never ends", help

    def read(self, reading: Reading) -> Deadline | None:
        codes = code_list(reading)
        if not any(
            name in reading.doc.meta or is_misspelt(name, reading.doc.meta) for name in ("ends", "window")
        ):
            message, help = self.how_to_give()
            kind = str(reading.doc.meta.get("kind"))
            reading.problems.add(key_place(reading.doc, ("kind",)), message.format(kind=kind), help)
        if not isinstance(reading.front, DeadlineFront) or reading.site is None:
            return None
        front, zone = reading.front, reading.site.time_zone
        instant = check_deadline(reading, front, zone)
        where = front.ends.where(zone) if front.ends else ZoneInfo(zone)
        return Deadline(front, offer_name(reading, front), instant, where, zone, codes)

    def link_texts(self, content: Deadline | None) -> LinkTexts:
        return LinkTexts(front_keys=(("afterwards",),))

    def words(self, reading: Reading, content: Deadline | None) -> Words:
        facts = {name: Fact(f"{KEY}.{name}", "choice", _YES_OR_NO) for name in ("open", "claimed")}
        return Words(facts=facts, dates=(END,))

    def notes(self, content: Deadline) -> tuple[str | DatedNote, ...]:
        notes: list[str | DatedNote] = []
        if content.ends:
            words = full_moment_in_words(content.ends, content.where)
            day = content.ends.astimezone(content.where).date()
            notes.append(DatedNote(f"ends on {words}", day, f"ended on {words}"))
        elif content.front.window:
            notes.append(
                f"ends {exact_span(int(content.front.window.total_seconds()))} after each lead's confirmation"
            )
        if content.codes:
            notes.append(f"{len(content.codes)} codes in {content.front.codes}")
        return tuple(notes)

    def configure(self, look: Look, magnet: Magnet, content: Deadline) -> Configured:
        front = content.front
        edition = hashlib.sha256("\n".join(sorted(content.codes)).encode()).hexdigest()[:12]
        made = front.code == MADE
        terms = Terms(
            offer=content.offer,
            ends=iso(content.ends) or "",
            window=int(front.window.total_seconds()) if front.window else 0,
            codes=OF_A_LIST if front.codes else GENERATED if made else FOR_ALL if front.code else NO_CODE,
            code="" if made else front.code or "",
            edition=edition if front.codes else "",
            low=front.low_stock if front.codes else 0,
            shop=front.shop or "",
            extended_from=iso(_extended_from(content)) or "",
        )
        return Configured(configure(terms), stock=content.codes)

    def filled_pages(self, making: Making) -> Mapping[str, Parts]:
        """`offer`: the button for the code. `code`: the code, and the way to the shop. `closed`: after the end.

        Placeholders: token, code, until, instant; those of `closed`: heading, said, when, instant.
        """
        content = making.content
        after = content.front.afterwards or ""
        shown = {
            "funnel": making.funnel,
            "front": making.magnet.front,
            "terms": terms_of(making.funnel),
            "afterwards": render_prose(after, making.pictures, making.funnel.language, id_prefix="after."),
            "placeholder": placeholders.mark,
            "page_url": "",
        }
        names = ("offer", "code", "closed")
        return {name: placeholders.split(making.look.render(f"offer/{name}.html", **shown)) for name in names}

    def section(self, making: Making) -> Mapping[str, Any]:
        return {"deadline": _said(making.content), "terms": terms_of(making.funnel)}

    def card(self, content: Deadline) -> Mapping[str, Any]:
        return {"deadline": _said(content)}

    def linked_data(self, making: Making) -> Mapping[str, Any]:
        """Describe the price. An offer that costs something is not free to access."""
        content = making.content
        price = content.front.price
        if price is None:
            return {}
        offer = {
            "@type": "Offer",
            "price": str(price.now.amount),
            "priceCurrency": price.now.currency,
            "url": content.front.shop or making.funnel.base_url + making.funnel.url,
        }
        if content.ends:
            offer["priceValidUntil"] = content.ends.astimezone(content.where).date().isoformat()
        return {"isAccessibleForFree": not price.now.amount, "offers": offer}

    def contradiction(
        self, published: Mapping[str, Any], configuration: Mapping[str, Any]
    ) -> tuple[str, str] | None:
        before, after = published.get("ends", ""), configuration["ends"]
        same = published.get("offer") == configuration["offer"]
        if not (same and before) or after == before or configuration["extended_from"] == before:
            return None
        if after and after < before:
            return None  # a warning of `check` is enough: nobody is lured by an end that comes sooner
        message = f"visitors were told that this offer ends at {before}"
        return message, f"keep that end, or write `extended:` with it and the reason; {LAW}"

    def note_published(self, folder: Path, configuration: Mapping[str, Any], day: str) -> tuple[Path, ...]:
        ends, path = configuration["ends"], folder / NAME
        if not ends or not note_announced(path, configuration["offer"], parse_iso(ends), day):
            return ()
        return (path,)


def _said(content: Deadline) -> Said:
    """What pages say of the end and the price."""
    front, ends, first = content.front, content.ends, _extended_from(content)
    return Said(
        price=front.price,
        until=full_moment_in_words(ends, content.where) if ends else "",
        instant=iso(ends) or "",
        window=exact_span(int(front.window.total_seconds())) if front.window else "",
        extended_from=full_moment_in_words(first, content.where) if first else "",
        reason=front.extended.reason.rstrip(".") if front.extended else "",
    )


def _extended_from(content: Deadline) -> datetime | None:
    """Return the end that was announced before, None if there was none."""
    was = content.front.extended
    return was.was.instants(content.site_zone)[0] if was else None
