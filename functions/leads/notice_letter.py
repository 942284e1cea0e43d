"""A notice as a mail to the site's owner: what happened, who the lead is, what they told."""

from html import escape

from leads.event_types import Notice
from leads.funnel import Funnel, answer_in_words
from leads.lead import Lead
from leads.letter import LONGEST_SUBJECT, Letter
from leads.mail_headers import sender_address
from leads.mail_text import fold, one_line, printable


def write_notice(notice: Notice, lead: Lead, funnel: Funnel) -> Letter:
    """Write the mail. It goes from the site's sender to its owner; answering it writes to the lead where possible."""
    paragraphs = [
        printable(each) for each in (*notice.text.split("\n\n"), *_about(lead, funnel)) if each.strip()
    ]
    body = "".join(f"<p>{'<br>'.join(escape(each).splitlines())}</p>" for each in paragraphs)
    return Letter(
        send=None,
        lead_id=lead.id,
        sender=sender_address(funnel.sender),
        reply_to=lead.email,
        to=funnel.owner_email or funnel.sender.reply_to or funnel.sender.email,
        subject=one_line(notice.subject, LONGEST_SUBJECT),
        html=f'<!doctype html><html lang="en"><meta charset="utf-8"><body>{body}</body></html>',
        text=fold("\n\n".join(paragraphs) + "\n"),
        headers={"Auto-Submitted": "auto-generated"},
    )


def _about(lead: Lead, funnel: Funnel) -> list[str]:
    """The lead's contacts and answers, with the labels of the form."""
    enrolment = lead.enrolments.get(funnel.slug)
    fields = {field.name: field for field in funnel.fields}
    answers = enrolment.answers.items() if enrolment else ()
    lines = [("E-mail", lead.email), ("Telephone", lead.phone)]
    lines += [answer_in_words(fields.get(name), name, value) for name, value in answers]
    who = "\n".join(f"{label}: {value}" for label, value in lines if value)
    return [who, f"They asked for “{funnel.title}”."]
