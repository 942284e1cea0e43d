"""The service mails that stand in for those a magnet does not have: the site's own, the kind's, the bundled ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from leads.mail_types import SERVICE_MAILS, service_mails_of
from lodestone.content.files import FileFinder
from lodestone.content.links import LinkChecker
from lodestone.content.mails import default_mail
from lodestone.content.model import MailSource
from lodestone.content.problems import Problems
from lodestone.kinds import Kind, kinds

#: The key of the default mails that are read, and so checked, even if no kind uses them.
_ANY = ""


@dataclass(frozen=True)
class Defaults:
    """Default mails by kind and step; one with problems is missing."""

    by_kind: Mapping[str, Mapping[str, MailSource]]

    def of(self, kind: Kind) -> Mapping[str, MailSource]:
        """Those for magnets of a kind, by step."""
        return self.by_kind[kind.name]


def load_defaults(root: Path, finder: FileFinder, checker: LinkChecker, problems: Problems) -> Defaults:
    """Read the default mails of every kind, each file once, and check their links."""
    known: dict[tuple[str, Path | None], MailSource | None] = {}
    by_kind: dict[str, dict[str, MailSource]] = {}
    folders: dict[str, tuple[tuple[str, ...], Path | None]] = {_ANY: (SERVICE_MAILS, None)}
    folders |= {each.name: (service_mails_of(each.features), each.mails) for each in kinds().values()}
    for name, (steps, folder) in folders.items():
        found = by_kind.setdefault(name, {})
        own = _own_names(kinds()[name]) if folder else {}
        for step in steps:
            if (step, folder) not in known:
                known[step, folder] = mail = default_mail(step, root, folder, own, finder, problems)
                if mail:
                    checker.check_mail(mail.doc)
            if mail := known[step, folder]:
                found[step] = mail
    return Defaults(by_kind)


def _own_names(kind: Kind) -> dict[str, bool]:
    """The names that the mails of a kind may print, as its features fill them, each with whether it may be empty."""
    return {name: may_lack for each in kind.abilities for name, may_lack in each.placeholders.items()}
