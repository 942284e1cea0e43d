"""A compiled mail, filled for one lead: subject, both bodies and the headers that mail rules ask for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from leads import placeholders
from leads.events import SendId
from leads.feature import Enrolled
from leads.features import FEATURES
from leads.funnel import Funnel, Mail
from leads.lead import Lead
from leads.link_types import links_of
from leads.mail_headers import headers_of, sender_address
from leads.mail_text import FOLD, fold, may_be_link, one_line, printable
from leads.mail_types import MAIL_TYPES
from leads.tokens import Signer

#: The placeholders that every mail has, independent of the form: those of `_site_values`, and `email`.
ALWAYS_SAID = ("title", "site_name", "sender_name", "page_url", "email")

#: In characters. Inboxes show about a third of it; a placeholder's value may be long.
LONGEST_SUBJECT = 200


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail that is ready to send. Addresses are ASCII; every header value is printable ASCII.

    `send` is None for a mail that is not to a lead: SES's reports about it are ignored.
    """

    send: SendId | None
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
    """Fill the mail for this lead. The opt-in mail holds nothing that a visitor typed, as it may be spam."""
    links = links_for(funnel, lead.id, send, signer, now)
    values = {**_site_values(funnel), **links, **_counted(mail, funnel, lead.id, send, signer, now)}
    row = MAIL_TYPES.get(send.step)
    if row is None or row.says_answers:
        enrolment = lead.enrolments.get(funnel.slug)
        told = enrolment.answers if enrolment else {}
        answers = told if enrolment and enrolment.proven else _without_links(told)
        answers = {name: printable(value) for name, value in _with_countries(answers, funnel).items()}
        own = _words_of_features(Enrolled(lead, enrolment, funnel, number=send.ask)) if enrolment else {}
        values = {**answers, **own, **_contacts(funnel, lead), **values, "email": lead.email}
    return Letter(
        send=send,
        lead_id=lead.id,
        sender=sender_address(funnel.sender),
        reply_to=funnel.sender.reply_to,
        to=lead.email,
        subject=_subject(mail, funnel, values),
        html=placeholders.fill(mail.html, values, html=True),
        text=_text(mail, values),
        headers=headers_of(funnel, send, links["unsubscribe_url"]),
    )


def _subject(mail: Mail, funnel: Funnel, values: Mapping[str, str]) -> str:
    """The subject, in one line. If it is empty (an imported lead may lack an answer), the magnet's title."""
    filled = one_line(placeholders.fill(mail.subject, values, html=False), LONGEST_SUBJECT)
    return filled or one_line(funnel.title, LONGEST_SUBJECT)


def _text(mail: Mail, values: Mapping[str, str]) -> str:
    """The text part, filled and then folded; each line of an answer becomes a paragraph."""
    paragraphs = {name: value.replace("\n", f"\n{FOLD}") for name, value in values.items()}
    return fold(placeholders.fill(mail.text, paragraphs, html=False))


def links_for(funnel: Funnel, lead_id: str, send: SendId, signer: Signer, now: datetime) -> dict[str, str]:
    """The links a mail may carry, signed now, by their placeholders."""
    links = {}
    for row in links_of(send.step, funnel.features):
        payload = [lead_id, funnel.slug, send.ask] if row.numbered else [lead_id, funnel.slug]
        path = row.path.format(magnet=funnel.slug)
        links[row.variable] = f"{funnel.base_url}{path}?t={signer.sign(row.purpose, payload, now)}"
    return links


def _counted(
    mail: Mail, funnel: Funnel, lead_id: str, send: SendId, signer: Signer, now: datetime
) -> dict[str, str]:
    """The counted links, by placeholder. Steps of a sequence alone have some, and their `ask` is always 0."""
    address = f"{funnel.base_url}/api/click?t="
    known = [lead_id, send.magnet, send.step, send.attempt]
    return {f"click:{name}": address + signer.sign("click", [*known, name], now) for name in mail.links}


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


def _with_countries(answers: Mapping[str, str], funnel: Funnel) -> dict[str, str]:
    """The answers with countries by name: a mail to somebody in Austria does not say `AT`."""
    names = {
        each.name: each.labelled(answers[each.name])
        for each in funnel.fields
        if each.type == "country" and each.name in answers
    }
    return {**answers, **names}


def _words_of_features(enrolled: Enrolled) -> dict[str, str]:
    """What the magnet's features say in mails, by placeholder."""
    features = (FEATURES[key] for key in enrolled.funnel.features if key in FEATURES)
    return {name: printable(value) for each in features for name, value in each.words(enrolled).items()}


def _without_links(answers: Mapping[str, str]) -> dict[str, str]:
    """The answers that can hold no link: with single opt-in a stranger may have filled the form."""
    return {name: value for name, value in answers.items() if not may_be_link(value)}
