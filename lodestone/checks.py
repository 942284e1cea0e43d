"""What can be checked only once it is rendered: that every mail may go out, and arrives whole."""

from collections.abc import Iterator
from pathlib import Path

from leads import slots
from leads.funnel import TRANSACTIONAL, Mail, mail_name
from lodestone.compile import Compiled
from lodestone.content.model import Magnet
from lodestone.content.places import top_of
from lodestone.content.problems import Problem, Problems
from lodestone.render.mail import LARGEST_MAIL


def check_mails(magnet: Magnet, compiled: Compiled, root: Path) -> list[Problem]:
    """Mails that break the law or the mailbox providers' rules, by a template that leaves something out."""
    problems = Problems(root)
    sources = {mail_name(each.step, each.variant): each for each in magnet.mails}
    for mail in compiled.mails:
        for message, help in _faults(mail, compiled.funnel.postal_address):
            problems.add(top_of(sources[mail.step].doc.path), message, help)
    return problems


def _faults(mail: Mail, postal_address: str) -> Iterator[tuple[str, str]]:
    names = {part.name for part in mail.html if isinstance(part, slots.Slot)}
    texts = slots.fill(mail.text, {}, html=False)
    if mail.step not in TRANSACTIONAL and "unsubscribe_url" not in names:
        yield (
            f"the mail `{mail.step}` has no unsubscribe link",
            "put `unsubscribe_url` into site/templates/mail.html: the law asks for it (CAN-SPAM, GDPR Art. 7(3))",
        )
    if "".join(postal_address.split()) not in "".join(texts.split()):
        yield (
            f"the mail `{mail.step}` does not show the sender's postal address",
            "put it into site/templates/mail.html and mail.txt: the law asks for it (CAN-SPAM)",
        )
    size = len(slots.fill(mail.html, {}, html=True).encode())
    if size > LARGEST_MAIL:
        yield (
            f"the mail `{mail.step}` has {size // 1000} KB; Gmail cuts mails off at {LARGEST_MAIL // 1000} KB",
            "shorten it, or link to a page",
        )
