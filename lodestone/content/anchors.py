"""What a link within a text, or within a book, can lead to."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property

from lodestone.content.books import chapter_targets
from lodestone.content.model import Chapter, Document
from lodestone.markdown.parser import parse

#: What is wrong with a link, and what to do.
Verdict = tuple[str, str] | None


class Headings:
    """The places in a document that a link can jump to; gathered only where a link asks."""

    def __init__(self, doc: Document, more: Iterable[str] = ()):
        self.doc, self.more = doc, more

    @cached_property
    def ids(self) -> set[str]:
        written = (each.get("id") for each in parse(self.doc.body).root.iter())
        return {*filter(None, written), *self.more}

    def verdict(self, fragment: str, where: str) -> Verdict:
        if fragment in self.ids:
            return None
        near = get_close_matches(fragment, self.ids, n=1)
        known = ", ".join(f"`#{each}`" for each in sorted(self.ids)[:8]) or "none"
        help = f"did you mean `#{near[0]}`?" if near else f"headings there: {known}"
        return f"no heading `#{fragment}` {where}", help


@dataclass
class BookTargets:
    """The chapters of a book as targets of its links."""

    chapters: tuple[Chapter, ...]
    targets: dict[str, str] = field(default_factory=dict)
    headings: dict[str, Headings] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.targets = chapter_targets(self.chapters)
        self.headings = {each.anchor: Headings(each.doc) for each in self.chapters}
