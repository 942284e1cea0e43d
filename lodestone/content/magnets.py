"""One folder of magnets/: its page, form, book, files and mails, each checked whatever is wrong with the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from leads.mail_types import SERVICE_MAILS
from lodestone.content.books import load_chapters
from lodestone.content.conditions.vocabulary import vocabulary
from lodestone.content.counted_links import link_names
from lodestone.content.files import PICTURE_TYPES, FileFinder
from lodestone.content.forms import check_form, default_field, with_default_field
from lodestone.content.mails import MailFields, fields_for_mails, load_mails, step_of
from lodestone.content.model import Chapter, Conditions, Document, GatedFile, Magnet, MailSource
from lodestone.content.places import key_place, top_of, value_place
from lodestone.content.problems import Problems
from lodestone.content.schema import BookFront, FormFront, MagnetFront
from lodestone.content.sequences import (
    asks_for_links,
    default_until,
    read_sequence,
    says_nothing,
    written_fields,
)
from lodestone.content.silence import check_heard
from lodestone.content.site_file import SiteFile
from lodestone.content.source import read_document
from lodestone.content.timing import check_dates, check_timing, known_dates
from lodestone.content.validate import did_you_mean, validate
from lodestone.content.variants import (
    Version,
    check_tests,
    check_versions,
    load_versions,
    with_versions,
)
from lodestone.kinds import Kind, kinds

Part = TypeVar("Part", bound=BaseModel)

_NO_ASSET = "name what the lead gets: `files:` with paths, or `book:` with chapters"


@dataclass
class Draft:
    """A magnet as far as it could be read. `front` is None where its front matter has problems, and `mails`
    holds those of `mail_docs` that have none there."""

    slug: str
    folder: Path
    doc: Document
    front: MagnetFront | None
    kind: Kind | None
    url: str
    mails: list[MailSource] = field(default_factory=list)
    mail_docs: list[Document] = field(default_factory=list)
    versions: list[Version] = field(default_factory=list)
    chapters: tuple[Chapter, ...] = ()
    files: tuple[GatedFile, ...] = ()
    conditions: Conditions = Conditions()

    def finish(self, defaults: Sequence[MailSource]) -> Magnet:
        """The magnet, with the given service mails (as `SERVICE_MAILS` has them) where it has none of its own."""
        own = {each.step: each for each in self.mails}
        drip = tuple(each for each in self.mails if each.step not in SERVICE_MAILS)
        mails = (own.get(each.step, each) for each in defaults)
        return Magnet(
            self.slug,
            self.folder,
            self.doc,
            self.front,
            self.url,
            *mails,
            drip,
            self.chapters,
            self.files,
            self.conditions,
        )


def read_magnet(folder: Path, site: SiteFile, finder: FileFinder, problems: Problems) -> Draft | None:
    """Everything in a magnet's folder; None where it has no readable magnet.md."""
    if "magnet.md" not in finder.listing(folder):
        names = [name for name in finder.listing(folder) if name.lower().endswith(".md")]
        near = get_close_matches("magnet.md", [name.lower() for name in names], n=1)
        help = "every folder in magnets/ needs one; begin a folder's name with `_` to leave it out"
        if near:
            help = f"rename `{next(name for name in names if name.lower() == near[0])}` to `magnet.md`"
        problems.add(top_of(folder / "magnet.md"), "this file is missing", help)
        return None
    doc = read_document(folder / "magnet.md", problems)
    if doc is None:
        return None
    draft = _read_front(folder, doc, site, problems)
    _read_parts(draft, site, finder, problems)
    _check_folders(folder, finder, problems)
    return draft


def _read_front(folder: Path, doc: Document, site: SiteFile, problems: Problems) -> Draft:
    kind, is_known = _kind_of(doc, problems)
    model = kind.front if kind else MagnetFront
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
    form = draft.front.form if draft.front else _salvaged(FormFront, meta.get("form", {}))
    if form:
        check_form(form, doc, site.has_consent, problems)
    _check_pictures(draft, finder, problems)
    draft.files = _gated_files(draft, finder, problems)
    book = draft.front.book if draft.front else _salvaged(BookFront, meta.get("book"))
    if book:
        draft.chapters = load_chapters(doc, book, finder, problems)
    if draft.kind and draft.kind.needs_asset and not meta.get("files") and "book" not in meta:
        problems.add(key_place(doc, ("kind",)), f"this {draft.kind.name} delivers nothing", _NO_ASSET)
    default = default_field(site.front.language if site.front else "en")
    fields = fields_for_mails(meta, (default.name,))
    for mail_doc, mail in load_mails(draft.folder / "emails", fields, finder, problems):
        draft.mail_docs.append(mail_doc)
        draft.mails += [mail] if mail else []
    _read_versions(draft, fields, site, finder, problems)
    dates = known_dates(doc)
    check_dates(doc, dates, site.front, site.today, problems)
    check_timing(draft.mails, dates, site.front, problems)
    check_heard(draft.front, site.front, doc, problems)
    draft.conditions = _read_conditions(draft, site, problems)


def _read_versions(
    draft: Draft, fields: MailFields, site: SiteFile, finder: FileFinder, problems: Problems
) -> None:
    draft.versions = load_versions(draft.folder / "emails", fields, finder, problems)
    draft.mails = with_versions(draft.mails, draft.versions)
    check_versions(draft.mail_docs, draft.versions, problems)
    check_tests(draft.mails, _counts_clicks(draft, site), problems)


def _read_conditions(draft: Draft, site: SiteFile, problems: Problems) -> Conditions:
    mails = [
        (step_of(each.path), each) for each in draft.mail_docs if step_of(each.path) not in SERVICE_MAILS
    ]
    if says_nothing(draft.doc, mails):
        return Conditions(default_until())
    fields, unread = written_fields(draft.doc.meta, site.front.language if site.front else "en")
    words = vocabulary(
        fields,
        [step for step, _ in mails],
        links=_link_names(draft, mails, site) if asks_for_links(draft.doc, mails) else None,
        clicks=_counts_clicks(draft, site),
        unread=unread,
    )
    if draft.kind and draft.front:
        words = words.with_activities(draft.kind.activities(draft.front))
    return read_sequence(draft.doc, mails, words, problems)


def _link_names(
    draft: Draft, mails: list[tuple[str, Document]], site: SiteFile
) -> Mapping[str, tuple[str, ...]]:
    return link_names([*mails, *((each.step, each.doc) for each in draft.versions)], site.front)


def _counts_clicks(draft: Draft, site: SiteFile) -> bool:
    """Whether clicks are counted; where another problem hides it, an author is not told that they are not."""
    if draft.front is None or site.front is None:
        return True
    return site.front.sending.clicks if draft.front.clicks is None else draft.front.clicks


def _salvaged(model: type[Part], value: object) -> Part | None:
    """A part of front matter that has problems elsewhere; its own have been told already."""
    try:
        return model.model_validate(value)
    except ValidationError:
        return None


def _gated_files(draft: Draft, finder: FileFinder, problems: Problems) -> tuple[GatedFile, ...]:
    entries = draft.doc.meta.get("files")
    files, names = [], set()
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        written = entry.get("path") if isinstance(entry, dict) else entry
        if not isinstance(written, str) or not written.strip():
            continue
        path = ("files", index, "path") if isinstance(entry, dict) else ("files", index)
        found = _find(draft.doc, written.strip(), path, finder, problems)
        if found and found.name in names:
            message = f"a second file named `{found.name}`"
            problems.add(
                value_place(draft.doc, path), message, "the lead could not tell them apart; rename one"
            )
        elif found:
            names.add(found.name)
            label = entry.get("label") if isinstance(entry, dict) else None
            files.append(GatedFile(found, label if isinstance(label, str) else _label(found)))
    return tuple(files)


def _label(path: Path) -> str:
    """`pricing-worksheet.pdf` as "Pricing worksheet"."""
    words = path.stem.replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def _check_pictures(draft: Draft, finder: FileFinder, problems: Problems) -> None:
    """The pictures that front matter names."""
    meta = draft.doc.meta
    cover, seo, voices = meta.get("cover"), meta.get("seo"), meta.get("testimonials")
    named = [(("cover", "src"), cover), (("seo", "image"), seo)]
    for index, voice in enumerate(voices if isinstance(voices, list) else ()):
        photo = voice.get("photo") if isinstance(voice, dict) else None
        named.append((("testimonials", index, "photo", "src"), photo))
    for path, holder in named:
        written = holder.get(path[-1]) if isinstance(holder, dict) else None
        if isinstance(written, str) and written.strip():
            _check_picture(draft.doc, written.strip(), path, finder, problems)


def _check_picture(doc: Document, written: str, path: tuple, finder: FileFinder, problems: Problems) -> None:
    if "://" in written:
        help = "pages load nothing from other sites: save the picture beside magnet.md and name it here"
        problems.add(value_place(doc, path), "this picture lies on another site", help)
        return
    found = _find(doc, written, path, finder, problems)
    if found and found.suffix.lower() not in PICTURE_TYPES:
        help = f"use one of {', '.join(PICTURE_TYPES)}"
        problems.add(value_place(doc, path), f"`{written}` is no picture that browsers show", help)


def _find(doc: Document, written: str, path: tuple, finder: FileFinder, problems: Problems) -> Path | None:
    found, message, help = finder.find(doc.path.parent, written)
    if found is None:
        problems.add(value_place(doc, path), message, help)
    return found


def _check_folders(folder: Path, finder: FileFinder, problems: Problems) -> None:
    """A folder that was meant to hold the mails must not be passed over in silence."""
    names = finder.listing(folder)
    if "emails" in names:
        return
    for name in ("email", "Emails", "mails", "mail", "e-mails"):
        if names.get(name):
            problems.add(top_of(folder / name), "this folder is not read", f"rename `{name}/` to `emails/`")
