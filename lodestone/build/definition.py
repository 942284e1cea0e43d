"""A magnet, compiled: the funnel definition that page and functions share, its mails, its gated files."""

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from leads.features.downloads import KEY as DOWNLOADS
from leads.features.downloads import Asset, configure
from leads.funnel import (
    Consent,
    Field,
    Funnel,
    Mail,
    Option,
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
from lodestone.content.model import Conditions, Magnet, MailSource
from lodestone.content.schema import (
    ConsentFront,
    FieldFront,
    OptionFront,
    SenderFront,
    SendingFront,
    SiteFront,
)
from lodestone.media_types import media_type
from lodestone.render.book import render_book
from lodestone.render.look import Look
from lodestone.render.mail import render_mail
from lodestone.render.service import render_answers_page, render_form_page


@dataclass(frozen=True)
class Compiled:
    """One magnet as the functions and the private bucket need it.

    `pages` are those that functions fill, by name. `files` are the gated ones: key -> content or where it is.
    `pictures` are those of its mails: path in the published site -> content.
    """

    funnel: Funnel
    mails: tuple[Mail, ...]
    pages: Mapping[str, Parts]
    files: Mapping[str, bytes | Path]
    pictures: Mapping[str, bytes]

    def to_json(self) -> dict:
        """What `dist/funnels/<slug>.json` holds."""
        return {
            "funnel": funnel_to_json(self.funnel),
            "mails": {mail.step: mail_to_json(mail) for mail in self.mails},
            "pages": {name: encode(parts) for name, parts in self.pages.items()},
            "files": {key: media_type(key) for key in self.files},
        }


def compile_magnet(look: Look, magnet: Magnet) -> Compiled:
    """Everything that is served or sent for this magnet, but for its public pages."""
    assets, files = _gather(look, magnet)
    funnel = _funnel(look.site.front, magnet, assets)
    pictures: dict[str, bytes] = {}
    mails = tuple(render_mail(look, funnel, source, pictures) for source in magnet.mails)
    pages = {
        "form": render_form_page(look, magnet, funnel),
        "answers": render_answers_page(look, magnet, funnel),
    }
    return Compiled(funnel, mails, pages, files, pictures)


def site_rules(front: SiteFront) -> Rules:
    """The rules that the site's leads are folded with."""
    return Rules(points=front.scoring.points, warm=front.scoring.warm, hot=front.scoring.hot)


def _funnel(site: SiteFront, magnet: Magnet, assets: tuple[Asset, ...]) -> Funnel:
    front = magnet.front
    consent = front.form.consent or site.defaults.consent
    assert consent is not None  # the content check saw to it
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
        fields=tuple(_field(each) for each in front.form.fields),
        consent=_consent(consent),
        opt_in=front.opt_in or site.defaults.opt_in,
        steps=tuple(_step(each, magnet.conditions) for each in magnet.drip),
        pages={name: f"{magnet.url}{name}/" for name in ("thanks", "call", "confirmed")},
        features={DOWNLOADS: configure(assets)} if assets else {},
        dates={name: _date(moment, site.time_zone) for name, moment in front.dates.items()},
        branches=magnet.conditions.branches,
        until=magnet.conditions.until,
        priority=front.sequence.priority,
        sending=_sending(site.sending, front.clicks),
        owner_email=normalise_email(site.owner_email) if site.owner_email else "",
    )
    return replace(funnel, build_id=_build_id(funnel, magnet))


def _sender(front: SenderFront) -> Sender:
    """Who the mails come from, with the addresses as SES takes them: domains in ASCII."""
    reply_to = normalise_email(front.reply_to) if front.reply_to else ""
    return Sender(front.name, normalise_email(front.email), reply_to)


def _build_id(funnel: Funnel, magnet: Magnet) -> str:
    """Twelve hex digits that stand for the definition and the page's own words: part of each consent's proof."""
    content = json.dumps([funnel_to_json(funnel), magnet.doc.text], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()[:12]


def _consent(front: ConsentFront) -> Consent:
    digest = hashlib.sha256(front.text.encode()).hexdigest()[:16]
    return Consent(text=front.text, required=front.required, hash=digest)


def _field(front: FieldFront) -> Field:
    return Field(
        name=front.name,
        label=front.label,
        type=front.type,
        required=front.required,
        help=front.help,
        options=tuple(_option(each) for each in front.options),
        pattern=front.pattern,
        pattern_message=front.pattern_message,
        max_length=front.max_length,
        autocomplete=front.autocomplete,
    )


def _option(front: OptionFront | str) -> Option:
    return Option(front, front) if isinstance(front, str) else Option(front.value, front.label)


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
    )


def _date(moment: datetime | date, zone: str) -> str:
    """A date with an hour as the instant it is in the site's zone; one without stays a day of the calendar."""
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


def _gather(look: Look, magnet: Magnet) -> tuple[tuple[Asset, ...], dict[str, bytes | Path]]:
    """The gated files: the book's HTML edition first, then the author's files in their order."""
    assets, files = [], {}
    if magnet.chapters:
        content = render_book(look, magnet)
        label = magnet.front.book.title or magnet.front.title
        asset = _asset(magnet.slug, f"{_file_name(label)}.html", label, content)
        assets.append(asset)
        files[asset.key] = content
    for gated in magnet.files:
        asset = _asset(magnet.slug, gated.path.name, gated.label, gated.path.read_bytes())
        assets.append(asset)
        files[asset.key] = gated.path
    return tuple(assets), files


def _asset(slug: str, filename: str, label: str, content: bytes) -> Asset:
    digest = hashlib.sha256(content).hexdigest()[:32]
    return Asset(f"{slug}/{digest}/{filename}", filename, label, media_type(filename), len(content))


def _file_name(title: str) -> str:
    """A title as a file name that every system takes: letters and digits of any script, joined by hyphens."""
    kept = (char if char.isalnum() else " " for char in unicodedata.normalize("NFC", title.lower()))
    return "-".join("".join(kept).split())[:80] or "book"
