"""Findings of the doctor: how serious each is, what it means for the leads, and what to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How serious a finding is. `unseen`: the check could not read its facts."""

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
    """Return a finding that nothing is wrong."""
    return Finding(Severity.OK, says)


def warning(says: str, means: str, remedy: str, *copy: str) -> Finding:
    """Return a finding of a fault that affects few leads, or will affect leads later."""
    return Finding(Severity.WARNING, says, means, remedy, copy)


def error(says: str, means: str, remedy: str, *copy: str) -> Finding:
    """Return a finding of a fault that keeps leads from what they asked for."""
    return Finding(Severity.ERROR, says, means, remedy, copy)


def unseen(says: str, remedy: str) -> Finding:
    """Return a finding that a check could not read its facts. `remedy` is what it needs."""
    return Finding(Severity.UNSEEN, says, remedy=remedy)


def count(sections: Iterable[Section], severity: Severity) -> int:
    """Count the findings of this severity."""
    return sum(each.severity is severity for section in sections for each in section.findings)
