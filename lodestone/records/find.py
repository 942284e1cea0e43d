"""Find one lead by e-mail address, phone number or id."""

import re

from leads.identity import InvalidAnswer, normalise_email, normalise_phone
from lodestone.errors import CommandError
from lodestone.records.protocol import LeadRecords
from lodestone.records.stored_lead import StoredLead

#: What `leads.identity.lead_id` makes.
_ID = re.compile(r"[a-z2-7]{26}")


def find_id(records: LeadRecords, who: str) -> str:
    """Return the id that an address, a number or an id names. Raises CommandError if `who` is none of them."""
    who = who.strip()
    if _ID.fullmatch(who):
        return who
    try:
        if who.startswith("+"):
            return records.id_of(phone=normalise_phone(who, ""))
        return records.id_of(email=normalise_email(who))
    except InvalidAnswer as error:
        remedy = (
            "name an e-mail address, a phone number with its country code, or a lead's id of 26 characters"
        )
        raise CommandError(f"`{who}` names no lead", remedy) from error


def find_lead(records: LeadRecords, who: str) -> StoredLead:
    """Read the lead that an address, a number or an id names. Raises CommandError if there is none."""
    found = records.lead(find_id(records, who))
    if found is None:
        remedy = "look for a slip in the address; another stack or region would have leads of its own"
        raise CommandError(f"there is no lead `{who}` in {records.where}", remedy)
    return found
