"""Funnel definitions, mails and pages as the build published them; each read is kept for a minute.

Items: `pk = MAGNET#<slug>` with `sk = FUNNEL`, `MAIL#<step>` and `PAGE#<name>` (`form`, `answers`, and those of its
features); `pk = SITE` with `PAGE#<name>` and `RULES`. Each holds its JSON in `body`.
"""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from leads.funnel import Funnel, Mail, funnel_from_json, mail_from_json
from leads.placeholders import Parts, decode
from leads.rules import DEFAULT, Rules, rules_from_json

MAGNET, SITE, FUNNEL, MAIL, PAGE, RULES = "MAGNET#", "SITE", "FUNNEL", "MAIL#", "PAGE#", "RULES"

Definition = TypeVar("Definition")

#: The longest slug that is looked up, in characters. DynamoDB refuses a key of more than 2,048 bytes.
_LONGEST_SLUG = 255

#: More kept answers than this mean that someone guesses slugs: the cache is then emptied.
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
        """The magnet's definition; None if no magnet has this slug."""
        if len(slug) > _LONGEST_SLUG:
            return None
        return self._read(MAGNET + slug, FUNNEL, funnel_from_json)

    def mail(self, slug: str, step: str) -> Mail | None:
        """One of the magnet's mails, compiled."""
        return self._read(MAGNET + slug, MAIL + step, mail_from_json)

    def magnet_page(self, slug: str, name: str) -> Parts | None:
        """A page of the magnet that functions fill: `form` (the form with errors), `answers` (where a lead
        corrects them), or a page of a feature."""
        found: Parts | None = self._read(MAGNET + slug, PAGE + name, decode)
        return found

    def service_page(self, name: str) -> Parts | None:
        """A page of the site's own, by its name (`lodestone.render.service` makes them)."""
        found: Parts | None = self._read(SITE, PAGE + name, decode)
        return found

    def rules(self) -> Rules:
        """The rules of the fold, as the owner published them; the defaults if none are published."""
        found: Rules | None = self._read(SITE, RULES, rules_from_json)
        return found or DEFAULT

    def forget(self) -> None:
        """Empty the cache, because the definitions were just published."""
        self._kept.clear()

    def _read(self, pk: str, sk: str, parse: Callable[[Any], Definition]) -> Definition | None:
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
