"""A letter as a file that mail programs and spam filters open (RFC 5322), much as SES would make of it."""

from datetime import datetime
from email import charset
from email.header import Header
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime

from leads.letter import Letter

_UTF_8 = charset.Charset("utf-8")
_UTF_8.body_encoding = charset.QP


def as_mail_file(letter: Letter, at: datetime) -> bytes:
    """The letter as sent at an instant, its parts from plain to rich (RFC 2046, 5.1.4).

    Headers are written as `compat32` does: the newer policies break a long address, such as that of
    `List-Unsubscribe`, into encoded words, which no mail program takes for an address.
    """
    message = MIMEMultipart("alternative")
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{letter.send}@{letter.sender.rpartition('@')[2].rstrip('>')}>"
    message["From"] = letter.sender
    if letter.reply_to:
        message["Reply-To"] = letter.reply_to
    message["To"] = letter.to
    message["Subject"] = Header(letter.subject, header_name="Subject")
    for name, value in letter.headers.items():
        message[name] = value
    message.attach(MIMEText(letter.text, "plain", _UTF_8))
    message.attach(MIMEText(letter.html, "html", _UTF_8))
    message.set_boundary(f"=_{letter.lead_id}_{letter.send}")
    return message.as_bytes(policy=compat32.clone(linesep="\r\n"))
