"""A magnet, compiled: the funnel definition that page and functions share, its mails, its gated files."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from leads.features import FEATURES as OF_FUNCTIONS
from leads.funnel import (
    Consent,
    Field,
    Funnel,
    Mail,
    Sender,
    Sending,
    Step,
    funnel_to_json,
    mail_to_json,
)
from leads.identity import normalise_email
from leads.instants import iso
from leads.placeholders import Parts, encode
from leads.rules import Rules
from lodestone.build.page_paths import page_paths
from lodestone.content.countries import options_of
from lodestone.content.model import Conditions, Magnet, MailSource
from lodestone.content.schema import (
    ConsentFront,
    FieldFront,
    SenderFront,
    SendingFront,
    SiteFront,
)
from lodestone.features import FEATURES
from lodestone.features.feature import Feature, Making
from lodestone.kinds import Kind, kinds
from lodestone.media_types import media_type
from lodestone.render.landing import LandingParts, render_magnet
from lodestone.render.look import Look
from lodestone.render.mail import render_mail
from lodestone.render.pictures import Pictures
from lodestone.render.service import render_answers_page, render_form_page


@dataclass(frozen=True)
class Compiled:
    """One magnet as the functions and the private bucket need it.

    `pages` are those that functions fill, by name. `files` are the gated ones: key -> content or where it is.
    `pictures` are those of its mails: path in the published site -> content. `stock` are the pieces that its features
    give away once each.
    """

    funnel: Funnel
    mails: tuple[Mail, ...]
    pages: Mapping[str, Parts]
    files: Mapping[str, bytes | Path]
    pictures: Mapping[str, bytes]
    stock: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """What `dist/funnels/<slug>.json` holds."""
        return {
            "funnel": funnel_to_json(self.funnel),
            "mails": {mail.step: mail_to_json(mail) for mail in self.mails},
            "pages": {name: encode(parts) for name, parts in self.pages.items()},
            "files": {key: media_type(key) for key in self.files},
            "stock": list(self.stock),
        }


def compile_magnet(look: Look, magnet: Magnet) -> Compiled:
    """Everything that is served or sent for this magnet, but for its public pages."""
    kind = kinds()[magnet.front.kind]
    configured = {
        each.key: each.configure(look, magnet, magnet.features[each.key]) for each in _abilities(magnet)
    }
    known = {key: each for key, each in configured.items() if each}
    funnel = _funnel(look.site.front, magnet, kind, {key: each.configuration for key, each in known.items()})
    pictures = {path: content for each in known.values() for path, content in each.pictures.items()}
    mails = tuple(render_mail(look, funnel, source, pictures) for source in magnet.mails)
    pages = {
        "form": render_form_page(look, magnet, funnel),
        "answers": render_answers_page(look, magnet, funnel),
    }
    placed = Pictures(magnet.folder, f"assets/{magnet.slug}", look.read, pictures)
    for each in _abilities(magnet):
        pages |= each.filled_pages(Making(look, magnet, funnel, magnet.features[each.key], placed))
    files = {key: content for each in known.values() for key, content in each.files.items()}
    stock = tuple(piece for each in known.values() for piece in each.stock)
    return Compiled(funnel, mails, pages, files, pictures, stock)


def render_pages(look: Look, magnet: Magnet, funnel: Funnel) -> dict[str, bytes]:
    """The public pages of a magnet, and the pictures on them: path in the published site -> content."""
    kind = kinds()[magnet.front.kind]
    pictures = Pictures(magnet.folder, f"assets/{magnet.slug}", look.read)
    section: dict[str, Any] = {}
    facts: list[str] = []
    linked_data: dict[str, Any] = {}
    more: dict[str, str] = {}
    for each in _abilities(magnet):
        making = Making(look, magnet, funnel, magnet.features[each.key], pictures)
        section |= each.section(making)
        facts += each.facts(making)
        linked_data |= each.linked_data(making)
        more |= each.pages(making)
    own = Making(look, magnet, funnel, None, pictures)
    section |= kind.own_keys.section(own)
    linked_data |= kind.own_keys.linked_data(own)
    parts = LandingParts(kind.template, kind.linked_type, kind.delivers, section, tuple(facts), linked_data)
    return render_magnet(look, magnet, funnel, parts, more) | pictures.files


def render_card(look: Look, magnet: Magnet, files: dict[str, bytes]) -> str:
    """The magnet's entry on the index page; its cover is put into `files`, by path."""
    kind = kinds()[magnet.front.kind]
    pictures = Pictures(magnet.folder, f"assets/{magnet.slug}", look.read, files)
    cover = magnet.front.cover
    placed = pictures.place(cover.src, cover.alt) if cover else None
    shown = {
        name: value
        for each in _abilities(magnet)
        for name, value in each.card(magnet.features[each.key]).items()
    }
    shown |= kind.own_keys.card(magnet, pictures)
    return look.render(kind.card_template, magnet=magnet, front=magnet.front, cover=placed, **shown).strip()


def _abilities(magnet: Magnet) -> tuple[Feature, ...]:
    return tuple(FEATURES[key] for key in magnet.features)


def _added_fields(magnet: Magnet) -> tuple[Field, ...]:
    """The fields that features add to the form."""
    return tuple(field for each in _abilities(magnet) for field in each.fields(magnet.features[each.key]))


def site_rules(front: SiteFront) -> Rules:
    """The rules that the site's leads are folded with."""
    return Rules(points=front.scoring.points, warm=front.scoring.warm, hot=front.scoring.hot)


def _funnel(site: SiteFront, magnet: Magnet, kind: Kind, features: Mapping[str, Any]) -> Funnel:
    front = magnet.front
    consent = front.form.consent or site.defaults.consent
    assert consent is not None  # the content check refuses a form without one
    funnel = Funnel(
        slug=magnet.slug,
        kind=front.kind,
        title=front.title,
        url=magnet.url,
        base_url=site.base_url.rstrip("/"),
        site_name=site.name,
        language=site.language,
        time_zone=site.time_zone,
        country=site.country,
        postal_address=site.postal_address,
        sender=_sender(site.sender),
        build_id="",
        fields=(*(_field(each, site.country) for each in front.form.fields), *_added_fields(magnet)),
        consent=_consent(consent),
        opt_in=front.opt_in or site.defaults.opt_in,
        steps=tuple(_step(each, magnet.conditions) for each in magnet.drip),
        pages=page_paths(magnet.url, _abilities(magnet), magnet.features),
        features=features,
        open_ended=kind.open_ended,
        dates={name: _date(moment, site.time_zone) for name, moment in front.dates.items()},
        branches=magnet.conditions.branches,
        until=magnet.conditions.until,
        priority=front.sequence.priority,
        sending=_sending(site.sending, front.clicks),
        owner_email=normalise_email(site.owner_email) if site.owner_email else "",
        gated_by=tuple(key for key in features if OF_FUNCTIONS[key].closes),
    )
    return replace(funnel, build_id=_build_id(funnel, magnet))


def _sender(front: SenderFront) -> Sender:
    """Who the mails come from, with the addresses as SES takes them: domains in ASCII."""
    reply_to = normalise_email(front.reply_to) if front.reply_to else ""
    return Sender(front.name, normalise_email(front.email), reply_to)


def _build_id(funnel: Funnel, magnet: Magnet) -> str:
    """Hash the definition and the page's own words to twelve hex digits: part of each consent's proof."""
    content = json.dumps([funnel_to_json(funnel), magnet.doc.text], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()[:12]


def _consent(front: ConsentFront) -> Consent:
    digest = hashlib.sha256(front.text.encode()).hexdigest()[:16]
    return Consent(text=front.text, required=front.required, hash=digest)


def _field(front: FieldFront, home: str) -> Field:
    return Field(
        name=front.name,
        label=front.label,
        type=front.type,
        required=front.required,
        help=front.help,
        options=options_of(front, home),
        pattern=front.pattern,
        pattern_message=front.pattern_message,
        max_length=front.max_length,
        autocomplete=front.autocomplete,
        missing_message=front.errors.missing,
        invalid_message=front.errors.invalid,
        later=front.later,
        prefill=front.prefill or front.type == "hidden",
    )


def _step(source: MailSource, conditions: Conditions) -> Step:
    front = source.front
    return Step(
        slug=source.step,
        after=_seconds(front.after),
        at=front.at or "",
        days=tuple(front.days),
        anchor=front.due.anchor if front.due else "",
        offset=front.due.offset if front.due else 0,
        when=conditions.when.get(source.step),
        branch=front.branch or "",
        variants=("a", *(each.variant for each in source.versions)) if source.versions else (),
        metric=front.test or "",
        not_after=front.not_after or "",
    )


def _date(moment: datetime | date, zone: str) -> str:
    """Convert a date with an hour to an instant, read in the site's zone; a date without stays a calendar day."""
    if not isinstance(moment, datetime):
        return moment.isoformat()
    return iso(moment.replace(tzinfo=moment.tzinfo or ZoneInfo(zone)))


def _sending(front: SendingFront, clicks: bool | None) -> Sending:
    return Sending(
        quiet=front.quiet_hours,
        a_day=front.at_most.a_day,
        a_week=front.at_most.a_week,
        unsettled=front.unsettled,
        sunset=_seconds(front.sunset),
        clicks=front.clicks if clicks is None else clicks,
    )


def _seconds(span: timedelta | None) -> int:
    return int(span.total_seconds()) if span else 0
