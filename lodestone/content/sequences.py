"""The conditions of a magnet's sequence, read from `when:` and `branch:` of its mails and `sequence:` of magnet.md."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from lodestone.content.conditions.reader import read_condition
from lodestone.content.conditions.vocabulary import Vocabulary, vocabulary
from lodestone.content.model import Conditions, Document, KeyPath
from lodestone.content.places import key_place, stretch_place, value_place
from lodestone.content.problems import Problems
from lodestone.content.schema import SequenceFront
from lodestone.content.validate import did_you_mean

#: The value of `until` with which a sequence ends after its last mail and not before.
NEVER = "never"

_BRANCH = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_UNTIL = SequenceFront.model_fields["until"].default


def read_sequence(
    doc: Document, mails: Sequence[tuple[str, Document]], words: Vocabulary, problems: Problems
) -> Conditions:
    """Read the conditions of magnet.md and the sequence's mails, in order; leave out those with problems."""
    steps = [step for step, _ in mails]
    branches = _read_branches(doc, mails, words, problems)
    when: dict[str, list[Any]] = {}
    for place, (step, mail) in enumerate(mails):
        _check_branch(mail, _branch_names(doc), problems)
        condition = _read(mail, ("when",), words.before(steps[place:]), problems)
        when |= {step: condition} if condition else {}
    return Conditions(_read_until(doc, words, problems), branches, when)


@cache
def default_until() -> list[Any] | None:
    """The condition that ends a sequence whose author wrote none."""
    return read_condition(_UNTIL, vocabulary((), ()))[0]


def says_nothing(doc: Document, mails: Sequence[tuple[str, Document]]) -> bool:
    """Whether neither magnet.md nor its mails hold a condition: true of most, so reading them is skipped."""
    return ("sequence",) not in doc.key_marks and not any(
        ("when",) in mail.key_marks or ("branch",) in mail.key_marks for _, mail in mails
    )


def asks_for_links(doc: Document, mails: Sequence[tuple[str, Document]]) -> bool:
    """Whether any condition may name a link: to know the links' names, every mail must be rendered."""
    sequence = doc.meta.get("sequence", "")
    return any(
        "link" in str(written) for written in (sequence, *(mail.meta.get("when") for _, mail in mails))
    )


def refuse_conditions(step: str, doc: Document, problems: Problems) -> None:
    """Report conditions of a mail that answers the lead: it goes to everybody."""
    for key in ("when", "branch", "test"):
        if (key,) in doc.key_marks:
            message = f"the {step} mail goes to everybody; it has no `{key}`"
            problems.add(key_place(doc, (key,)), message, "delete the line: it is what a lead asked for")


def _read_until(doc: Document, words: Vocabulary, problems: Problems) -> list[Any] | None:
    sequence = doc.meta.get("sequence")
    written = sequence.get("until") if isinstance(sequence, dict) else None
    if written is None and ("sequence", "until") not in doc.key_marks:
        return default_until()
    if isinstance(written, str) and written.strip().lower() == NEVER:
        return None
    return _read(doc, ("sequence", "until"), words, problems)


def _read_branches(
    doc: Document, mails: Sequence[tuple[str, Document]], words: Vocabulary, problems: Problems
) -> dict[str, list[Any]]:
    used = [mail.meta.get("branch") for _, mail in mails]
    steps = [step for step, _ in mails]
    branches: dict[str, list[Any]] = {}
    for name in _branch_names(doc):
        path = ("sequence", "branches", name)
        if not _BRANCH.fullmatch(name):
            help = "use small letters, digits and `-`: `small-firms`"
            problems.add(key_place(doc, path), f"`{name}` cannot be the name of a branch", help)
        elif name not in used:
            help = f"write `branch: {name}` into the front matter of a mail, or delete this line"
            problems.warn(key_place(doc, path), f"no mail is on the branch `{name}`", help)
        unsent = steps[used.index(name) :] if name in used else []
        condition = _read(doc, path, words.before(unsent), problems)
        branches |= {name: condition} if condition else {}
    return branches


def _branch_names(doc: Document) -> list[str]:
    """The names under `branches:`, also those whose condition is still to be written."""
    return [str(path[2]) for path in doc.key_marks if path[:2] == ("sequence", "branches") and len(path) == 3]


def _check_branch(mail: Document, known: list[str], problems: Problems) -> None:
    name = mail.meta.get("branch")
    if not isinstance(name, str) or name in known:
        return
    help = f"add to magnet.md, below `sequence:` and `branches:`, a line `{name}: …` with its condition"
    if known:
        help = did_you_mean(name, known, "branches")
    problems.add(value_place(mail, ("branch",)), f"magnet.md has no branch `{name}`", help)


def _read(doc: Document, path: KeyPath, words: Vocabulary, problems: Problems) -> list[Any] | None:
    """The condition at a path of the front matter, None where there is none or it has problems."""
    text: Any = doc.meta
    for key in path:
        text = text.get(key)
    if text is None and path in doc.key_marks:
        # Without a problem, the mail would go to everybody.
        help = "write a condition, or delete the line"
        problems.add(key_place(doc, path), f"`{path[-1]}` is empty", help)
    if not isinstance(text, str) or not text.strip():
        return None
    condition, troubles = read_condition(text, words)
    for offset, length, message, help in troubles:
        problems.add(stretch_place(doc, path, text, offset, length), message, help)
    return condition
