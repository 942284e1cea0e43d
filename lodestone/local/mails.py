"""The local inbox: every mail that would have been sent."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lodestone.data_directory.clock import moment, stamp
from lodestone.data_directory.store import Store


@dataclass(frozen=True)
class Mail:
    """One mail as its reader gets it. `at` is the local clock's time; `headers` are the ones a mail program shows."""

    id: int
    at: datetime
    sender: str
    to: str
    subject: str
    headers: Mapping[str, str]
    html: str
    text: str

    def to_json(self) -> dict[str, Any]:
        """Return the mail as in `/_local/mails.json`."""
        return {
            "at": stamp(self.at),
            "to": self.to,
            "from": self.sender,
            "subject": self.subject,
            "headers": dict(self.headers),
            "html": self.html,
            "text": self.text,
        }


class Mails:
    """The mails to all recipients."""

    def __init__(self, store: Store):
        self._store = store

    def add(self, mail: Mail) -> int:
        """Store a mail; its id."""
        return self._store.run(
            "insert into mails (at, mail) values (?, ?)", stamp(mail.at), json.dumps(mail.to_json())
        )

    def all(self) -> list[Mail]:
        """Return every mail, oldest first."""
        return [_mail(row) for row in self._store.rows("select id, mail from mails order by id")]

    def find(self, id: int) -> Mail | None:
        """Return a mail; None if there is none with this id."""
        rows = self._store.rows("select id, mail from mails where id = ?", id)
        return _mail(rows[0]) if rows else None

    def count(self) -> int:
        """Return the number of mails."""
        return self._store.rows("select count(*) from mails")[0][0]


def _mail(row: tuple[Any, ...]) -> Mail:
    id, raw = row[0], json.loads(row[1])
    at, sender = moment(raw.pop("at")), raw.pop("from")
    return Mail(id=id, at=at, sender=sender, **raw)
