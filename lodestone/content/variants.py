"""Versions of a mail under test: emails/20-prices.b.md beside emails/20-prices.md, decided by its `test:`.

A version gives what differs: its subject, its preheader or its text; the rest is as in the first file.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from leads.mail_types import MAIL_TYPES
from lodestone.content.counted_links import has_counted_link
from lodestone.content.files import FileFinder
from lodestone.content.mails import MailFields, check_words, letter_of, mail_paths, step_of
from lodestone.content.model import Document, MailSource
from lodestone.content.places import key_place, top_of, value_place
from lodestone.content.problems import Problems
from lodestone.content.schema import Line, MailFront, Strict
from lodestone.content.source import read_document
from lodestone.content.validate import did_you_mean, validate


class VersionFront(Strict):
    """Front matter of emails/<step>.b.md; a missing key has its value from emails/<step>.md."""

    subject: Line | None = None
    preheader: str | None = None


@dataclass(frozen=True)
class Version:
    """One more version of a mail, as written; `front` is None where its front matter has problems."""

    step: str
    letter: str
    doc: Document
    front: VersionFront | None


def load_versions(folder: Path, fields: MailFields, finder: FileFinder, problems: Problems) -> list[Version]:
    """Load the further versions of mails in a folder, by step and letter."""
    paths = [path for path in mail_paths(folder, finder) if letter_of(path)]
    loaded = (_load(path, fields, finder, problems) for path in paths)
    return sorted((each for each in loaded if each), key=lambda each: (each.step, each.letter))


def _load(path: Path, fields: MailFields, finder: FileFinder, problems: Problems) -> Version | None:
    doc = read_document(path, finder, problems)
    if doc is None:
        return None
    step = step_of(path)
    for key in doc.meta:
        trouble = _key_trouble(key)
        if trouble:
            problems.add(key_place(doc, (key,)), *trouble)
    front = validate(VersionFront, doc, problems, unknown_keys=False)
    check_words(step, doc, fields, problems)
    return Version(step, letter_of(path), doc, front)


def _key_trouble(key: str) -> tuple[str, str] | None:
    known = list(VersionFront.model_fields)
    if key in known:
        return None
    if key in MailFront.model_fields:
        help = "delete the line: versions differ in their words alone, all else is as in the first file"
        return f"a further version of a mail has no `{key}`", help
    return f"unknown key `{key}`", did_you_mean(key, known, "keys")


def with_versions(mails: Iterable[MailSource], versions: Sequence[Version]) -> list[MailSource]:
    """Attach to each mail its versions."""
    return [
        replace(mail, versions=tuple(_merged(mail, each) for each in versions if each.step == mail.step))
        for mail in mails
    ]


def _merged(first: MailSource, version: Version) -> MailSource:
    changes = version.front.model_dump(exclude_none=True) if version.front else {}
    own = version.doc
    doc = own if own.body.strip() else replace(own, body=first.doc.body)
    return MailSource(first.step, doc, first.front.model_copy(update=changes), version.letter)


def check_versions(docs: Sequence[Document], versions: Sequence[Version], problems: Problems) -> None:
    """Each version belongs to a mail that is tested, and each mail that is tested has some."""
    firsts = {step_of(doc.path): doc for doc in docs}
    seen: dict[tuple[str, str], Version] = {}
    for version in versions:
        earlier = seen.setdefault((version.step, version.letter), version)
        trouble = _file_trouble(version, earlier, firsts)
        if trouble:
            problems.add(top_of(version.doc.path), *trouble)
    for step, doc in firsts.items():
        if step not in MAIL_TYPES:
            _check_test_key(step, doc, [each.letter for each in versions if each.step == step], problems)


def _file_trouble(version: Version, earlier: Version, firsts: dict[str, Document]) -> tuple[str, str] | None:
    step, name = version.step, version.doc.path.name
    if step in MAIL_TYPES:
        return f"the {step} mail cannot be tested", "delete this file: it is what a lead asked for"
    if earlier is not version:
        return f"a second version `{version.letter}` of `{step}`", f"`{earlier.doc.path.name}` is one already"
    if step not in firsts:
        first = name.removesuffix(f".{version.letter}.md") + ".md"
        known = did_you_mean(step, list(firsts), "mails") if firsts else "there are no mails yet"
        return f"there is no mail `{step}` that this could be a version of", f"write `{first}` first; {known}"
    if version.letter == "a":
        help = f"the first version is `{firsts[step].path.name}` itself: call this one `b`"
        return "no file is version `a`", help
    return None


def _check_test_key(step: str, doc: Document, letters: list[str], problems: Problems) -> None:
    is_tested = ("test",) in doc.key_marks
    if is_tested and not letters:
        help = f"write the other version into `{doc.path.stem}.b.md`, or delete the line"
        problems.add(
            key_place(doc, ("test",)), f"there is one version of `{step}` alone: nothing to test", help
        )
    elif letters and not is_tested:
        help = "add `test: clicks` or, for who became a customer, replied or booked, `test: goal`"
        message = f"`{step}` has several versions and does not say what decides between them"
        problems.add(key_place(doc, ()), message, help)


def check_tests(mails: Iterable[MailSource], clicks: bool, problems: Problems) -> None:
    """Check that versions differ and that a test can be decided. `clicks`: whether the magnet counts clicks."""
    for mail in mails:
        if mail.front.test == "clicks" and not clicks:
            help = "add `clicks: true` to magnet.md, or decide by who reaches the goal: `test: goal`"
            problems.add(value_place(mail.doc, ("test",)), "clicks are not counted here", help)
        for message, version, help in (*_same(mail), *_without_links(mail)):
            problems.add(top_of(version.doc.path), message, help)


def _same(mail: MailSource) -> Iterator[tuple[str, MailSource, str]]:
    """Find versions with the same content as an earlier one."""
    known: dict[tuple[str, ...], MailSource] = {}
    for each in (mail, *mail.versions):
        content = each.front.subject, each.front.preheader.strip(), each.doc.body.strip()
        other = known.setdefault(content, each)
        if other is not each:
            yield (
                f"this version says what `{other.doc.path.name}` says",
                each,
                "change it, or delete the file",
            )


def _without_links(mail: MailSource) -> Iterator[tuple[str, MailSource, str]]:
    """Versions that nobody could click in, where clicks decide."""
    if mail.front.test == "clicks" and mail.versions:
        for each in (mail, *mail.versions):
            if not has_counted_link(each.doc):
                help = "link to a page, with words that are no address themselves, or decide by `test: goal`"
                yield "no link of this mail is counted, so that clicks cannot decide", each, help
