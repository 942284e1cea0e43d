"""How long a text takes to read."""

from lodestone.markdown.parser import parse
from lodestone.markdown.tree import words_of

#: Words a minute: the middle of what studies of silent reading report.
READING_SPEED = 230


def count_words(text: str) -> int:
    """The words that a reader sees; addresses behind links and an author's tags are not among them."""
    return len(words_of(parse(text).root).split())


def minutes_to_read(text: str) -> int:
    """Whole minutes, one at least."""
    return max(1, round(count_words(text) / READING_SPEED))
