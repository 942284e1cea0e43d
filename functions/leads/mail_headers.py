"""The headers of a mail that are ours: who it is from, which list it belongs to, how it is ended at one press.

Their values are printable ASCII on one line, whatever an author or a lead wrote. SES writes the rest, and makes
`Feedback-ID` (Gmail's feedback loop) of two message tags: see `aws.mailer`.
"""

from email.header import Header
from email.utils import formataddr

from leads.events import SendId
from leads.funnel import Funnel, Sender
from leads.mail_text import one_line
from leads.mail_types import MAIL_TYPES

#: SES refuses a longer address, counted with its name as it is encoded; in octets.
LONGEST_ADDRESS = 320

#: SES takes 995 characters in a header; a list's name needs far fewer, and RFC 2919 gives its id 255.
LONGEST_LIST_ID = 500


def sender_address(sender: Sender) -> str:
    """`From`: the sender's name in any script, and the address."""
    return _named(sender.name, sender.email, LONGEST_ADDRESS)


def headers_of(funnel: Funnel, send: SendId, unsubscribe_url: str) -> dict[str, str]:
    """RFC 2919 (List-Id), RFC 2369 and 8058 (one-click unsubscribe), RFC 3834 (Auto-Submitted).

    What answers the lead is marked as automatic, so that no absence note comes back. The opt-in mail and the one with
    the link to the lead's data belong to no list: there is nothing yet, or nothing in them, to unsubscribe from.
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
    """A magnet is one list: its title may change, its id stays, so that readers' filters go on working."""
    domain = funnel.sender.email.rpartition("@")[2]
    return _named(funnel.title, f"{funnel.slug}.{domain}", LONGEST_LIST_ID)


def _named(name: str, address: str, longest: int) -> str:
    """`name <address>`, the name shortened to what there is room for, and left out where there is none."""
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
