"""Parses a condition: `role = "owner" and no click in 7 days`.

    condition   = conjunction { "or" conjunction }
    conjunction = term { "and" term }
    term        = "not" term | "(" condition ")" | "no" noun [ details ] [ span ]
                | activity [ details ] [ span ] | fact operator [ values ]
    span        = "in" number ( "minutes" | "hours" | "days" | "weeks" )

`not` binds closest, then `and`, then `or`, as in most languages. A term that cannot be read is reported and skipped,
so that one run finds every problem. Length and depth are limited: no text exhausts the parser.
"""

from collections.abc import Callable
from difflib import get_close_matches
from typing import Any

from lodestone.content.conditions.activities import read_activity
from lodestone.content.conditions.comparisons import operator_at, read_comparison
from lodestone.content.conditions.tokens import ConditionError, Cursor, Token, Trouble, cut
from lodestone.content.conditions.vocabulary import ActivityWords, Vocabulary
from lodestone.content.validate import did_you_mean

LONGEST = 1000  # characters
DEEPEST = 20  # parentheses and `not` within each other
_SMALLER = "make branches of its parts, or ask for less"

#: Stands for a term that could not be read; a condition with troubles is never returned.
_UNREAD: list[Any] = []


def read_condition(text: str, vocabulary: Vocabulary) -> tuple[list[Any] | None, list[Trouble]]:
    """The compiled condition, or None and everything that is wrong with the text, by place. Never raises."""
    if len(text) > LONGEST:
        message = f"a condition has at most {LONGEST} characters"
        return None, [(LONGEST, len(text) - LONGEST, message, _SMALLER)]
    tokens, troubles = cut(text)
    if troubles:
        return None, troubles
    cursor = Cursor(tokens)
    condition = _Reader(cursor, vocabulary).whole()
    if cursor.troubles:
        return None, sorted({each[0]: each for each in reversed(cursor.troubles)}.values())
    return condition, []


class _Reader:
    """The grammar, top down."""

    def __init__(self, cursor: Cursor, vocabulary: Vocabulary):
        self.cursor, self.vocabulary, self.depth = cursor, vocabulary, 0
        self.activities = {tuple(each.phrase.split()): each for each in vocabulary.activities}
        self.nouns = {each.noun: each for each in vocabulary.activities if each.noun}

    def whole(self) -> list[Any]:
        condition = self.condition()
        if self.cursor.here.kind != "end":
            help = "delete it, or write `(` where the group begins"
            self.cursor.tell(self.cursor.here, ("nothing opens this parenthesis", help))
        return condition

    def condition(self) -> list[Any]:
        return self._chain("or", lambda: self._chain("and", self.term))

    def _chain(self, word: str, part: Callable[[], list[Any]]) -> list[Any]:
        parts = [part()]
        while self.cursor.here.word == word:
            self.cursor.take()
            parts.append(part())
        return parts[0] if len(parts) == 1 else [word, *parts]

    def term(self) -> list[Any]:
        """Read one term; if it cannot be read, report why and continue after it."""
        start = self.cursor.position
        try:
            condition = self._term()
            if not self.cursor.here.ends_term:
                raise self._leftover()
        except ConditionError as refused:
            self.cursor.troubles.append(refused.trouble)
            self._skip_term(start)
            return _UNREAD
        return condition

    def _skip_term(self, start: int) -> None:
        """Move to the end of the term that began at `start`, past the parentheses that it opened."""
        self.cursor.position, opened = start, 0
        while self.cursor.here.kind != "end" and (opened or not self.cursor.here.ends_term):
            opened += {"(": 1, ")": -1}.get(self.cursor.here.written, 0)
            self.cursor.take()

    def _term(self) -> list[Any]:
        here = self.cursor.here
        if here.written == "(":
            return self._nested(here, self._group)
        if here.word == "not":
            self.cursor.take()
            return ["not", self._nested(here, self.term)]
        if here.word == "no":
            self.cursor.take()
            return ["not", self._did(self._noun(self.cursor.here), 1)]
        if not here.word or here.ends_term:
            raise _nothing(here)
        return self._statement(here)

    def _nested(self, here: Token, read: Callable[[], list[Any]]) -> list[Any]:
        if self.depth == DEEPEST:
            message = f"at most {DEEPEST} parentheses and `not` fit within each other"
            raise ConditionError(here, message, _SMALLER)
        self.depth += 1
        condition = read()
        self.depth -= 1
        return condition

    def _group(self) -> list[Any]:
        opening = self.cursor.take()
        condition = self.condition()
        if self.cursor.take().written != ")":
            help = "write `)` where the group ends"
            self.cursor.tell(opening, ("this parenthesis is never closed", help))
        return condition

    def _did(self, activity: ActivityWords, length: int) -> list[Any]:
        return read_activity(self.cursor, activity, length, self.vocabulary.unsent)

    def _noun(self, noun: Token) -> ActivityWords:
        if noun.word in self.nouns:
            return self.nouns[noun.word]
        if noun.word in self.vocabulary.refused:
            raise ConditionError(noun, *self.vocabulary.refused[noun.word])
        help = did_you_mean(noun.word, list(self.nouns), "words that go with it")
        raise ConditionError(noun, "`no` goes with something that a lead does", help)

    def _statement(self, name: Token) -> list[Any]:
        """Read an activity or a comparison: before an operator, a name is the fact's, also if an activity has it."""
        phrase = max((each for each in self.activities if self.cursor.is_at(each)), key=len, default=None)
        fact = self.vocabulary.facts.get(name.word)
        if phrase and not (fact and operator_at(self.cursor, 1)):
            if operator_at(self.cursor, len(phrase)):
                words = " ".join(phrase)
                help = f"let it stand alone: `{words}`, or `{words} in 7 days`"
                raise ConditionError(name, f"`{words}` is something that a lead did, or did not", help)
            return self._did(self.activities[phrase], len(phrase))
        if fact:
            return read_comparison(self.cursor, self.vocabulary, fact)
        if name.word in self.vocabulary.refused:
            raise ConditionError(name, *self.vocabulary.refused[name.word])
        raise ConditionError(
            name, f"unknown word `{name.written}`", _help_for_unknown(name.word, self.vocabulary)
        )

    def _leftover(self) -> ConditionError:
        here, before = self.cursor.here, self.cursor.tokens[self.cursor.position - 1]
        help = "write `and` or `or` between two conditions"
        if before.kind == "number" and here.written == ",":
            help = "write numbers without separators: `1500`"
        elif before.kind == here.kind == "word":
            help += f'; a value of several words stands in quotes: `"{before.written} {here.written}"`'
        return ConditionError(here, f"`{here.written}` does not belong here", help)


def _nothing(here: Token) -> ConditionError:
    help = 'say what must be so: `role = "owner"`, `downloaded`, `no click in 7 days`'
    if here.ends_term:
        return ConditionError(here, "a condition is missing here", help)
    return ConditionError(here, f"a condition cannot begin with `{here.written}`", help)


def _help_for_unknown(word: str, vocabulary: Vocabulary) -> str:
    """Suggest the nearest word, and list the short ones: those with a point are many, and in the guide."""
    activities = [each.phrase for each in vocabulary.activities]
    near = get_close_matches(word, [*vocabulary.facts, *activities], n=1)
    meant = f"did you mean `{near[0]}`? " if near else ""
    short = dict.fromkeys((*(each for each in vocabulary.facts if "." not in each), *activities))
    more = ", first.utm_source …" if "first.utm_source" in vocabulary.facts else ""
    return f"{meant}words: {', '.join(short)}{more}" if short else "there is nothing to ask for here yet"
