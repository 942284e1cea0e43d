"""Every mail of the examples as one invented reader gets it, written down as text in tests/golden/<magnet>/<mail>.txt.

A change to a mail, its layout or its headers is then a diff that can be read. Once it is meant, write them anew and
commit them with it: `python -m tests.golden_mails`. Keys and clock are fixed, so the same mail is the same text.
"""

import sys
import textwrap
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bs4 import BeautifulSoup, Tag
from bs4.element import Comment, Doctype, NavigableString

from leads import events
from leads.events import Event, SendId
from leads.folding import fold
from leads.funnel import Field, Funnel, Mail
from leads.lead import Lead
from leads.letter import Letter, write_letter
from leads.rules import DEFAULT
from leads.tokens import Signer
from lodestone.build.definition import compile_magnet
from lodestone.build.load import load_site
from lodestone.render.look import open_look
from lodestone.render.mail_facts import MailFacts, facts_of

REPOSITORY = Path(__file__).parents[1]
GOLDEN = Path(__file__).parent / "golden"

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
KEYS = ("old", "new")  # as in tests.world, whose handlers follow the links
READER = "q3vh7k2mzt5w4ynd6xcrajplbe"
ANSWERS = {"first_name": "Ida", "role": "design"}

_WIDTH = 110


def examples() -> Iterator[tuple[Funnel, tuple[Mail, ...]]]:
    """Each example magnet, compiled, with all of its mails."""
    site, problems = load_site(REPOSITORY)
    if site is None:
        raise ValueError(f"the examples have problems: {problems}")
    look = open_look(site)
    for magnet in site.magnets:
        compiled = compile_magnet(look, magnet)
        yield compiled.funnel, compiled.mails


def history(funnel: Funnel) -> list[Event]:
    """The reader asked for the magnet with everything that its form has room for, agreed to its letters, confirmed."""
    asked = {
        "email": "ida@example.org",
        "answers": {
            each.name: _answer(each) for each in funnel.fields if each.type not in ("email", "phone")
        },
        "consent": {"given": True, "hash": funnel.consent.hash},
    }
    return [
        events.submitted(funnel.slug, NOW - timedelta(minutes=9), asked),
        events.confirmed(funnel.slug, 1, NOW - timedelta(minutes=5)),
    ]


def _answer(field: Field) -> str:
    return ANSWERS.get(field.name) or (field.options[0].value if field.options else "An answer")


def letter(funnel: Funnel, mail: Mail) -> Letter:
    """The mail, filled for the reader."""
    step, known = mail.step.partition("~")[0], {each.slug for each in funnel.steps}
    send = SendId(funnel.slug, step, 0 if step in known else 1, 1)
    lead: Lead = fold(READER, history(funnel), DEFAULT)
    return write_letter(mail, funnel, lead, send, Signer(KEYS), NOW)


def written(letter: Letter) -> str:
    """A letter as it stands in its golden file."""
    facts = facts_of(letter)
    parts = (
        "\n".join(f"{name}: {value}" for name, value in facts.headers.items()),
        f"Preheader: {facts.preheader}\nSize: {sizes(facts)}",
        _titled("Links", "\n".join(f"{each.words} -> {each.url}" for each in facts.links)),
        _titled("Text", letter.text),
        _titled("HTML", "\n".join(_lines(BeautifulSoup(letter.html, "html.parser"), 0))),
    )
    return "\n\n".join(part.rstrip() for part in parts) + "\n"


def sizes(facts: MailFacts) -> str:
    """How long a mail's two parts are."""
    return f"{facts.html_size} bytes of HTML, {facts.text_size} of text"


def _titled(title: str, text: str) -> str:
    return f"── {title} ".ljust(_WIDTH, "─") + f"\n{text}"


def _lines(node: Tag, depth: int) -> Iterator[str]:
    """An element's content, a line or more for each child, indented as deep as it lies."""
    indent = " " * depth
    for child in node.children:
        if isinstance(child, Tag):
            yield indent + _start(child, indent)
            yield from _lines(child, depth + 1)
        elif isinstance(child, Comment):
            yield f"{indent}<!--{child}-->"
        elif isinstance(child, Doctype):
            yield f"<!doctype {child}>"
        elif node.name == "style":
            yield from (indent + line.strip() for line in str(child).strip().splitlines())
        else:
            yield from _words(child, indent)


def _start(element: Tag, indent: str) -> str:
    """A start tag; its declarations of style, which are many, on lines of their own."""
    known = {name: " ".join(each) if isinstance(each, list) else each for name, each in element.attrs.items()}
    style = known.pop("style", "")
    tag = " ".join((element.name, *(f'{name}="{value}"' for name, value in known.items())))
    return f"<{tag}>" + "".join(f"\n{indent}    {each.strip()}" for each in style.split(";") if each.strip())


def _words(text: NavigableString, indent: str) -> list[str]:
    shown = " ".join(text.replace("\u00a0", "&nbsp;").replace("\u200c", "&zwnj;").split())
    return textwrap.wrap(
        shown,
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def write_all(folder: Path) -> dict[str, str]:
    """Write every golden file anew, and drop those of mails that are no more. The mails with their sizes."""
    letters = {
        f"{funnel.slug}/{mail.step}": letter(funnel, mail) for funnel, mails in examples() for mail in mails
    }
    for path in folder.rglob("*.txt"):
        path.unlink()
    for name, made in letters.items():
        path = folder / f"{name}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(written(made), encoding="utf-8")
    return {name: sizes(facts_of(made)) for name, made in letters.items()}


if __name__ == "__main__":
    for name, size in write_all(GOLDEN).items():
        sys.stdout.write(f"{name:48} {size}\n")
