"""Leads among table items that are in memory already."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from aws.funnels import FUNNEL, RULES, SITE
from aws.ledger import EVENT, LEAD, PRIVATE, event_of, private_of
from leads.events import Event
from leads.funnel import Funnel, funnel_from_json
from leads.lead import Lead
from leads.private import Private
from leads.rules import DEFAULT, rules_from_json
from lodestone.records.stored_lead import StoredLead, fold_lead


class ItemRecords:
    """The leads and the definitions among table items (`LeadRecords`). `at` is the stack's time."""

    def __init__(self, name: str, where: str, items: Iterable[dict[str, Any]], at: datetime):
        self.name, self.where = name, where
        self._at = at
        self._load(items)

    def now(self) -> datetime:
        return self._at

    def id_of(self, email: str = "", phone: str = "") -> str:
        """Return the id of the lead with this address or number; "" if there is none.

        Reads every lead, because only the stack has the key that ids are made with.
        """
        return next((each.id for each in self.leads() if _has_contact(each.lead, email, phone)), "")

    def lead(self, lead_id: str) -> StoredLead | None:
        events = self._events.get(lead_id)
        return fold_lead(lead_id, events, self.rules) if events else None

    def private(self, lead_id: str) -> Sequence[Private]:
        return [each for each in self._private.get(lead_id, ()) if each.until > self._at]

    def leads(self, magnets: Collection[str] | None = None) -> Iterator[StoredLead]:
        for lead_id, events in self._events.items():
            if magnets is None or any(each.magnet in magnets for each in events):
                yield fold_lead(lead_id, events, self.rules)

    def funnel(self, slug: str) -> Funnel | None:
        return self._funnels.get(slug)

    def funnels(self) -> Mapping[str, Funnel]:
        return self._funnels

    def _load(self, items: Iterable[dict[str, Any]]) -> None:
        self._events: dict[str, list[Event]] = defaultdict(list)
        self._private: dict[str, list[Private]] = defaultdict(list)
        self._funnels: dict[str, Funnel] = {}
        self.rules = DEFAULT
        for item in items:
            pk, sk = item["pk"]["S"], item["sk"]["S"]
            if pk.startswith(LEAD) and sk.startswith(EVENT):
                self._events[pk.removeprefix(LEAD)].append(event_of(item))
            elif pk.startswith(LEAD) and sk.startswith(PRIVATE):
                self._private[pk.removeprefix(LEAD)].append(private_of(item))
            elif (pk, sk) == (SITE, RULES):
                self.rules = rules_from_json(json.loads(item["body"]["S"]))
            elif sk == FUNNEL:
                funnel = funnel_from_json(json.loads(item["body"]["S"]))
                self._funnels[funnel.slug] = funnel


def _has_contact(lead: Lead, email: str, phone: str) -> bool:
    return lead.email.lower() == email.lower() if email else lead.phone == phone
