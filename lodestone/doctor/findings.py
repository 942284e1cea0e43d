"""What an examination finds: how bad it is, what it means for the leads, and what to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """`unseen` is neither good nor bad: the doctor could not look."""

    OK = "ok"
    UNSEEN = "unseen"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding, in sentences. `copy` holds commands or DNS records, to be copied as they stand."""

    severity: Severity
    says: str
    means: str = ""
    remedy: str = ""
    copy: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """The findings of the checks that belong together."""

    title: str
    findings: tuple[Finding, ...]


def ok(says: str) -> Finding:
    """All is well here."""
    return Finding(Severity.OK, says)


def warning(says: str, means: str, remedy: str, *copy: str) -> Finding:
    """Works today; will hurt, or hurts a few."""
    return Finding(Severity.WARNING, says, means, remedy, copy)


def error(says: str, means: str, remedy: str, *copy: str) -> Finding:
    """Leads do not get what they were promised."""
    return Finding(Severity.ERROR, says, means, remedy, copy)


def unseen(says: str, remedy: str) -> Finding:
    """Could not look, and what it needs to look."""
    return Finding(Severity.UNSEEN, says, remedy=remedy)


def count(sections: Iterable[Section], severity: Severity) -> int:
    """How many findings are of that severity."""
    return sum(each.severity is severity for section in sections for each in section.findings)
