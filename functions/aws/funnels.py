"""Funnel definitions, mails and pages as the build published them; each read is kept for a minute.

Items: `pk = MAGNET#<slug>` with `sk = FUNNEL`, `MAIL#<step>`, `PAGE#form` and `PAGE#answers`; `pk = SITE` with
`PAGE#<name>`. Each holds its JSON in `body`.
"""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from leads.funnel import Funnel, Mail, funnel_from_json, mail_from_json
from leads.placeholders import Parts, decode

MAGNET, SITE, FUNNEL, MAIL, PAGE = "MAGNET#", "SITE", "FUNNEL", "MAIL#", "PAGE#"

#: No slug is as long as this many characters, and no key may be much longer (DynamoDB: 2,048 bytes).
_LONGEST_SLUG = 255

#: More than this many kept answers are someone guessing slugs; start afresh.
_KEPT_AT_MOST = 2000


class Funnels:
    """One table's funnel definitions, through a boto3 DynamoDB client."""

    def __init__(self, client: Any, table: str, now: Callable[[], datetime], keep_seconds: int):
        self._client = client
        self._table = table
        self._now = now
        self._keep = timedelta(seconds=keep_seconds)
        self._kept: dict[tuple[str, str], tuple[datetime, Any]] = {}

    def funnel(self, slug: str) -> Funnel | None:
        """The magnet's definition; None where there is no such magnet, whatever stands in its place."""
        if len(slug) > _LONGEST_SLUG:
            return None
        return self._read(MAGNET + slug, FUNNEL, funnel_from_json)

    def mail(self, slug: str, step: str) -> Mail | None:
        """One of the magnet's mails, compiled."""
        return self._read(MAGNET + slug, MAIL + step, mail_from_json)

    def form_page(self, slug: str) -> Parts | None:
        """The page that shows the form with errors."""
        return self._read(MAGNET + slug, PAGE + "form", decode)

    def answers_page(self, slug: str) -> Parts | None:
        """The page on which a lead puts their answers to the form right."""
        return self._read(MAGNET + slug, PAGE + "answers", decode)

    def service_page(self, name: str) -> Parts | None:
        """A page of the site's own, by its name (`lodestone.render.service` makes them)."""
        return self._read(SITE, PAGE + name, decode)

    def forget(self) -> None:
        """Read everything anew: the definitions were just published."""
        self._kept.clear()

    def _read(self, pk: str, sk: str, parse: Callable[[Any], Any]) -> Any:
        kept = self._kept.get((pk, sk))
        now = self._now()
        if kept and timedelta(0) <= now - kept[0] < self._keep:
            return kept[1]
        key = {"pk": {"S": pk}, "sk": {"S": sk}}
        item = self._client.get_item(TableName=self._table, Key=key).get("Item")
        found = parse(json.loads(item["body"]["S"])) if item else None
        if len(self._kept) >= _KEPT_AT_MOST:
            self._kept.clear()
        self._kept[pk, sk] = now, found
        return found


def definition_item(pk: str, sk: str, body: Any) -> dict[str, Any]:
    """What `publish` puts: the table item of one definition, mail or page."""
    return {"pk": {"S": pk}, "sk": {"S": sk}, "body": {"S": json.dumps(body, ensure_ascii=False)}}
