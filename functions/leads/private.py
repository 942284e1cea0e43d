"""What is kept apart of a submission, and for a time alone: answers that have a consent of their own.

It is no event: the fold does not know it, so conditions, mails, scores and lists cannot. The lead sees it among
their data; the owner where they ask for it by name.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from leads.instants import iso


@dataclass(frozen=True, slots=True)
class Private:
    """What is kept apart of a submission, until `until`.

    `key` begins with the submission's event key. `body` is plain JSON: `consent`, the words that were agreed to, and
    `answers`, pairs of question and answer.
    """

    key: str
    magnet: str
    at: datetime
    until: datetime
    body: Mapping[str, Any]

    @property
    def rows(self) -> list[tuple[str, str]]:
        """The answers, each behind its question."""
        return [(str(asked), str(answer)) for asked, answer in self.body.get("answers", ())]


def to_json(kept: Iterable[Private]) -> list[dict[str, Any]]:
    """Plain JSON, for people."""
    return [
        {"magnet": each.magnet, "at": iso(each.at), "kept_until": iso(each.until), **each.body}
        for each in kept
    ]
