"""The headers of a mail that we set: the sender, the list, and one-click unsubscribe.

Their values are printable ASCII on one line, whatever an author or a lead wrote. SES sets the others, and
makes `Feedback-ID` (Gmail's feedback loop) from two message tags: see `aws.mailer`.
"""

from email.header import Header
from email.utils import formataddr

from leads.events import SendId
from leads.funnel import Funnel, Sender
from leads.mail_text import one_line
from leads.mail_types import MAIL_TYPES

#: In octets. SES refuses a longer address; its encoded name counts.
LONGEST_ADDRESS = 320

#: In characters. SES allows 995 in a header; RFC 2919 allows 255 for the id alone.
LONGEST_LIST_ID = 500


def sender_address(sender: Sender) -> str:
    """`From`: the sender's name in any script, and the address."""
    return _named(sender.name, sender.email, LONGEST_ADDRESS)


def headers_of(funnel: Funnel, send: SendId, unsubscribe_url: str) -> dict[str, str]:
    """RFC 2919 (List-Id), RFC 2369 and 8058 (one-click unsubscribe), RFC 3834 (Auto-Submitted).

    A mail that answers the lead is marked as automatic, so that it gets no absence note. The opt-in mail and
    the mail with the link to the lead's data belong to no list: there is nothing to unsubscribe from.
    """
    row = MAIL_TYPES.get(send.step)
    headers = {"Auto-Submitted": "auto-generated"} if row and row.transactional else {}
    if row and not row.in_list:
        return headers
    return headers | {
        "List-Id": _list_id(funnel),
        "List-Unsubscribe": f"<{unsubscribe_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _list_id(funnel: Funnel) -> str:
    """The magnet's List-Id. The title may change; the id stays, so that readers' filters go on working."""
    domain = funnel.sender.email.rpartition("@")[2]
    return _named(funnel.title, f"{funnel.slug}.{domain}", LONGEST_LIST_ID)


def _named(name: str, address: str, longest: int) -> str:
    """`name <address>`, the name shortened to fit into `longest` characters, or left out."""
    name = one_line(name, longest)
    while name:
        written = formataddr((_encoded(name), address))
        if len(written) <= longest:
            return written
        name = name[:-1].rstrip()
    return f"<{address}>"


def _encoded(name: str) -> str:
    """A name in ASCII: as it is, else in encoded words of at most 75 characters (RFC 2047)."""
    if name.isascii() and "=?" not in name:
        return name
    return Header(name, "utf-8", maxlinelen=75).encode(linesep="")
