"""Reads one folder of magnets/: page, form, book, files and mails, each checked even if others have problems."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from leads.link_types import links_of_features
from leads.mail_types import MAIL_TYPES, service_mails_of
from lodestone.build.default_mails import Defaults
from lodestone.build.draft import Draft
from lodestone.content.conditions.vocabulary import vocabulary
from lodestone.content.counted_links import link_names
from lodestone.content.files import PICTURE_TYPES, FileFinder
from lodestone.content.forms import check_form, with_default_field
from lodestone.content.links import LinkChecker
from lodestone.content.mails import (
    MailFields,
    check_needed_links,
    fields_for_mails,
    load_mails,
    step_of,
)
from lodestone.content.model import Conditions, Document, KeyPath
from lodestone.content.placeholders import find_placeholders
from lodestone.content.places import key_place, top_of, value_place
from lodestone.content.problems import Problems
from lodestone.content.schema import FormFront, MagnetFront
from lodestone.content.sequences import (
    asks_for_links,
    default_until,
    read_sequence,
    says_nothing,
)
from lodestone.content.silence import check_heard
from lodestone.content.site_file import SiteFile
from lodestone.content.source import read_document
from lodestone.content.timing import check_dates, check_timing, known_dates
from lodestone.content.validate import did_you_mean, validate
from lodestone.content.variants import (
    check_tests,
    check_versions,
    load_versions,
    with_versions,
)
from lodestone.content.written_form import WrittenField, written_fields
from lodestone.features import FEATURES
from lodestone.features.feature import Reading, Words
from lodestone.kinds import Kind, front_of, kinds

Part = TypeVar("Part", bound=BaseModel)


def read_magnet(
    folder: Path, site: SiteFile, defaults: Defaults, finder: FileFinder, problems: Problems
) -> Draft | None:
    """Read everything in a magnet's folder; None if it has no readable magnet.md."""
    if "magnet.md" not in finder.listing(folder):
        names = [name for name in finder.listing(folder) if name.lower().endswith(".md")]
        near = get_close_matches("magnet.md", [name.lower() for name in names], n=1)
        help = "every folder in magnets/ needs one; begin a folder's name with `_` to leave it out"
        if near:
            help = f"rename `{next(name for name in names if name.lower() == near[0])}` to `magnet.md`"
        problems.add(top_of(folder / "magnet.md"), "this file is missing", help)
        return None
    doc = read_document(folder / "magnet.md", finder, problems)
    if doc is None:
        return None
    draft = _read_front(folder, doc, site, problems)
    _read_parts(draft, site, finder, problems)
    _check_folders(folder, finder, problems)
    _check_defaults(draft, defaults, problems)
    _check_links(draft, finder, problems)
    return draft


def _check_defaults(draft: Draft, defaults: Defaults, problems: Problems) -> None:
    """Check that the default mails of a magnet have the links that its features need."""
    own = {step_of(each.path) for each in draft.mail_docs}
    found = defaults.of(draft.kind) if draft.kind else {}
    for step in service_mails_of(draft.features):
        if step not in own and step in found:
            is_sites = found[step].doc.path.is_relative_to(problems.root)
            place = None if is_sites else key_place(draft.doc, ("kind",))
            check_needed_links(found[step], tuple(draft.features), problems, place)
    defaults_used = [
        found[step].doc for step in service_mails_of(draft.features) if step in found.keys() - own
    ]
    _check_links_somewhere(draft, [*draft.mail_docs, *defaults_used], problems)


def _check_links_somewhere(draft: Draft, mails: Sequence[Document], problems: Problems) -> None:
    """Report a link of a feature that one mail at least must carry, where none does."""
    docs = (*mails, *(each.doc for each in draft.versions))
    used = {each.placeholder.name for doc in docs for each in find_placeholders(doc.body) if each.placeholder}
    for row in links_of_features(draft.features):
        if row.needed_somewhere and row.variable not in used:
            message = f"no mail has `{{{{ {row.variable} }}}}`, so nobody is led there"
            problems.add(key_place(draft.doc, ("form",)), message, row.needed_somewhere)


def _check_links(draft: Draft, finder: FileFinder, problems: Problems) -> None:
    checker = LinkChecker(finder, problems)
    mails = (*draft.mail_docs, *(each.doc for each in draft.versions))
    checker.check_magnet(draft.doc, draft.anchors, mails, draft.link_texts)
    draft.outgoing = tuple(checker.outgoing)


def _read_front(folder: Path, doc: Document, site: SiteFile, problems: Problems) -> Draft:
    kind, is_known = _kind_of(doc, problems)
    model = front_of(kind) if kind else MagnetFront
    front = validate(model, doc, problems, unknown_keys=is_known)
    url = front.url if front else doc.meta.get("url")
    address = url if isinstance(url, str) and url.startswith("/") else f"/{folder.name}/"
    if front:
        front = with_default_field(front, site.front)
    return Draft(folder.name, folder, doc, front, kind, address)


def _kind_of(doc: Document, problems: Problems) -> tuple[Kind | None, bool]:
    """The magnet's kind, or the one its author seems to mean; and whether it is certain."""
    name = doc.meta.get("kind")
    known = kinds()
    if not isinstance(name, str) or name in known:
        return known.get(name) if isinstance(name, str) else None, isinstance(name, str)
    place = value_place(doc, ("kind",))
    problems.add(place, f"unknown kind `{name}`", did_you_mean(name, sorted(known), "kinds"))
    near = get_close_matches(name.lower(), known, n=1)
    return (known[near[0]], True) if near else (None, False)


def _read_parts(draft: Draft, site: SiteFile, finder: FileFinder, problems: Problems) -> None:
    doc, meta = draft.doc, draft.doc.meta
    form = draft.front.form if draft.front else _valid_part(FormFront, meta.get("form", {}))
    if form:
        check_form(form, doc, site.has_consent, problems)
    _check_pictures(draft, finder, problems)
    reading = Reading(draft.folder, doc, draft.front, site.front, finder, problems)
    _read_features(draft, reading)
    if draft.kind:
        draft.kind.own_keys.check(reading)
    fields = written_fields(meta, site.front.language if site.front else "en")
    words = {each.key: each.words(reading, draft.features[each.key]) for each in draft.abilities}
    own = {
        name: may_lack
        for each in draft.abilities
        for name, may_lack in {**each.placeholders, **words[each.key].placeholders}.items()
    }
    mail_fields = fields_for_mails(fields, tuple(draft.features) if draft.kind else None, own)
    for mail_doc, mail in load_mails(draft.folder / "emails", mail_fields, finder, problems):
        draft.mail_docs.append(mail_doc)
        draft.mails += [mail] if mail else []
    _read_versions(draft, mail_fields, site, finder, problems)
    dates = known_dates(doc, fields, tuple(name for each in words.values() for name in each.dates))
    draft.dates = check_dates(doc, dates, site.front, problems)
    check_timing(draft.mails, dates, site.front, problems)
    check_heard(draft.front, site.front, doc, problems)
    draft.conditions = _read_conditions(draft, fields, words, site, problems)


def _read_features(draft: Draft, reading: Reading) -> None:
    """Read the content of each feature of its kind; report one that the kind needs and the magnet lacks."""
    if draft.kind is None:
        return
    for each in draft.kind.abilities:
        if each.is_given(reading):
            draft.features[each.key] = each.read(reading)
        elif each.key in draft.kind.needs:
            message, help = each.how_to_give()
            place = key_place(draft.doc, ("kind",))
            reading.problems.add(place, message.format(kind=draft.kind.name), help)
    for each in FEATURES.values():
        has_keys = bool(each.front.model_fields)
        if each.key not in draft.kind.features and not has_keys and each.is_given(reading):
            message, help = each.not_here()
            reading.problems.add(key_place(draft.doc, ("form",)), message.format(kind=draft.kind.name), help)


def _read_versions(
    draft: Draft, fields: MailFields, site: SiteFile, finder: FileFinder, problems: Problems
) -> None:
    draft.versions = load_versions(draft.folder / "emails", fields, finder, problems)
    draft.mails = with_versions(draft.mails, draft.versions)
    check_versions(draft.mail_docs, draft.versions, problems)
    check_tests(draft.mails, _counts_clicks(draft, site), problems)


def _read_conditions(
    draft: Draft,
    fields: tuple[WrittenField, ...],
    feature_words: Mapping[str, Words],
    site: SiteFile,
    problems: Problems,
) -> Conditions:
    """Read the conditions of the sequence. `fields` are the form's, `feature_words` come by feature's key."""
    mails = [(step_of(each.path), each) for each in draft.mail_docs if step_of(each.path) not in MAIL_TYPES]
    if says_nothing(draft.doc, mails):
        return Conditions(default_until())
    words = vocabulary(
        [each.front for each in fields if each.front],
        [step for step, _ in mails],
        features=tuple(draft.features),
        links=_link_names(draft, mails, site) if asks_for_links(draft.doc, mails) else None,
        clicks=_counts_clicks(draft, site),
        unread=[each.name for each in fields if each.front is None],
    )
    for key, each in feature_words.items():
        words = words.with_words(
            {f"{key}.{name}": fact for name, fact in each.facts.items()}, each.activities
        )
    return read_sequence(draft.doc, mails, words, problems)


def _link_names(
    draft: Draft, mails: list[tuple[str, Document]], site: SiteFile
) -> Mapping[str, tuple[str, ...]]:
    return link_names([*mails, *((each.step, each.doc) for each in draft.versions)], site.front)


def _counts_clicks(draft: Draft, site: SiteFile) -> bool:
    """Whether clicks are counted; true if another problem hides it, so that no false problem is reported."""
    if draft.front is None or site.front is None:
        return True
    return site.front.sending.clicks if draft.front.clicks is None else draft.front.clicks


def _valid_part(model: type[Part], value: object) -> Part | None:
    """Validate a part of front matter that has problems elsewhere; None if the part has some, already reported."""
    try:
        return model.model_validate(value)
    except ValidationError:
        return None


def _check_pictures(draft: Draft, finder: FileFinder, problems: Problems) -> None:
    """The pictures that front matter names."""
    meta = draft.doc.meta
    cover, seo, testimonials = meta.get("cover"), meta.get("seo"), meta.get("testimonials")
    named: list[tuple[KeyPath, object]] = [(("cover", "src"), cover), (("seo", "image"), seo)]
    for own in draft.kind.own_keys.pictures if draft.kind else ():
        named.append(((own, "src"), meta.get(own)))
    for index, testimonial in enumerate(testimonials if isinstance(testimonials, list) else ()):
        photo = testimonial.get("photo") if isinstance(testimonial, dict) else None
        named.append((("testimonials", index, "photo", "src"), photo))
    for path, holder in named:
        written = holder.get(path[-1]) if isinstance(holder, dict) else None
        if isinstance(written, str) and written.strip():
            _check_picture(draft.doc, written.strip(), path, finder, problems)


def _check_picture(
    doc: Document, written: str, path: KeyPath, finder: FileFinder, problems: Problems
) -> None:
    if "://" in written:
        help = "pages load nothing from other sites: save the picture beside magnet.md and name it here"
        problems.add(value_place(doc, path), "this picture lies on another site", help)
        return
    found = _find(doc, written, path, finder, problems)
    if found and found.suffix.lower() not in PICTURE_TYPES:
        help = f"use one of {', '.join(PICTURE_TYPES)}"
        problems.add(value_place(doc, path), f"`{written}` is no picture that browsers show", help)


def _find(doc: Document, written: str, path: KeyPath, finder: FileFinder, problems: Problems) -> Path | None:
    found, message, help = finder.find(doc.path.parent, written)
    if found is None:
        problems.add(value_place(doc, path), message, help)
    return found


def _check_folders(folder: Path, finder: FileFinder, problems: Problems) -> None:
    """Report a folder that was meant to be `emails/`."""
    names = finder.listing(folder)
    if "emails" in names:
        return
    for name in ("email", "Emails", "mails", "mail", "e-mails"):
        if names.get(name):
            problems.add(top_of(folder / name), "this folder is not read", f"rename `{name}/` to `emails/`")
