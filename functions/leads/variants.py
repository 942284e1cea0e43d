"""Which version of a mail under test a lead gets: always the same one, evenly spread, and not stored."""

import hashlib

from leads.funnel import Funnel


def variant_of(lead_id: str, funnel: Funnel, step: str) -> str:
    """The version's name, by a hash of lead, magnet and step; "" if the mail is not under test.

    The step is hashed, too, so that a lead who got "b" once does not get every "b".
    """
    variants = next((each.variants for each in funnel.steps if each.slug == step), ())
    if not variants:
        return ""
    digest = hashlib.sha256(f"{lead_id}|{funnel.slug}|{step}".encode()).digest()
    return variants[int.from_bytes(digest[:8], "big") % len(variants)]
