"""A compiled mail, filled for one lead: subject, both bodies and the headers that mail rules ask for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import formataddr

from leads import slots
from leads.events import SendId
from leads.funnel import DELIVERY, OPT_IN, Funnel, Mail, Sender
from leads.lead import Lead
from leads.tokens import Signer

#: Anything that a mail program might turn into a link.
_LINK = re.compile(r"://|www\.|@|\w\.[a-z]{2,}(\W|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail ready to go. Addresses are ASCII; every header value is printable ASCII."""

    send: SendId
    lead_id: str
    sender: str
    reply_to: str
    to: str
    subject: str
    html: str
    text: str
    headers: Mapping[str, str]


def write_letter(
    mail: Mail, funnel: Funnel, lead: Lead, send: SendId, signer: Signer, now: datetime
) -> Letter:
    """Fill the mail for this lead. Nothing a visitor typed enters the opt-in mail: it would relay spam."""
    links = links_for(funnel, lead.id, send, signer, now)
    values = {**_site_values(funnel), **links}
    if send.step != OPT_IN:
        answers = lead.answers if lead.proven else _without_links(lead.answers)
        values = {**answers, **_contacts(funnel, lead), **values, "email": lead.email}
    return Letter(
        send=send,
        lead_id=lead.id,
        sender=_from(funnel.sender),
        reply_to=funnel.sender.reply_to,
        to=lead.email,
        subject=_one_line(slots.fill(mail.subject, values, html=False)),
        html=slots.fill(mail.html, values, html=True),
        text=slots.fill(mail.text, values, html=False),
        headers=_headers(funnel, send, links["unsubscribe_url"]),
    )


def links_for(funnel: Funnel, lead_id: str, send: SendId, signer: Signer, now: datetime) -> dict[str, str]:
    """The links a mail may carry, signed now."""

    def link(path: str, purpose: str, payload: list) -> str:
        return f"{funnel.base_url}/api/{path}?t={signer.sign(purpose, payload, now)}"

    return {
        "confirm_url": link("confirm", "confirm", [lead_id, funnel.slug, send.ask])
        if send.step == OPT_IN
        else "",
        "download_url": link("download", "download", [lead_id, funnel.slug]),
        "unsubscribe_url": link("unsubscribe", "unsubscribe", [lead_id, funnel.slug]),
    }


def _site_values(funnel: Funnel) -> dict[str, str]:
    return {
        "title": funnel.title,
        "site_name": funnel.site_name,
        "sender_name": funnel.sender.name,
        "page_url": funnel.base_url + funnel.url,
    }


def _contacts(funnel: Funnel, lead: Lead) -> dict[str, str]:
    """E-mail address and phone number under the names that the form's author gave their fields."""
    known = {"email": lead.email, "phone": lead.phone}
    return {field.name: known[field.type] for field in funnel.fields if field.type in known}


def _without_links(answers: Mapping[str, str]) -> dict[str, str]:
    """With single opt-in a stranger may have filled the form: what could be a link in their words is left out."""
    return {name: value for name, value in answers.items() if not _LINK.search(value)}


def _headers(funnel: Funnel, send: SendId, unsubscribe_url: str) -> dict[str, str]:
    """RFC 2919 (List-Id), RFC 2369 and 8058 (one-click unsubscribe), RFC 3834 (Auto-Submitted)."""
    domain = funnel.sender.email.rpartition("@")[2]
    headers = {"Auto-Submitted": "auto-generated"} if send.step in (OPT_IN, DELIVERY) else {}
    if send.step == OPT_IN:
        return headers
    return headers | {
        "List-Id": f"<{funnel.slug}.{domain}>",
        "List-Unsubscribe": f"<{unsubscribe_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _from(sender: Sender) -> str:
    """The sender's name in any script (RFC 2047), without a character that could end the header."""
    return formataddr((_one_line(sender.name), sender.email))


def _one_line(text: str) -> str:
    return " ".join(text.split())
