"""Conditions in words, for the page without script: “Only if you chose “Alone” for “How do you work?”.”"""

from typing import Any

from leads.questionnaire.tree import Questionnaire

_COMPARED = {"=": "", "<": "less than ", "<=": "at most ", ">": "more than ", ">=": "at least "}


def in_words(condition: list[Any], tree: Questionnaire) -> str:
    """The condition as the rest of a sentence that begins with "Only if"."""
    match condition:
        case ["and" | "or" as word, *parts]:
            return f", {word} ".join(_part(part, tree) for part in parts)
        case ["not", part]:
            return _negated(part, tree)
        case ["given", str(fact)]:
            return f"you answered {_question(fact, tree)}"
        case ["number", str(fact), str(sign), str(number)]:
            return f"your answer to {_question(fact, tree)} is {_COMPARED[sign]}{number}"
        case ["is" | "has", str(fact), *texts]:
            return f"you {_verb(fact)} {_labels(fact, texts, tree)} for {_question(fact, tree)}"
    raise ValueError(f"a questionnaire has no such condition: {condition}")


def _part(part: list[Any], tree: Questionnaire) -> str:
    """A part of `and` or `or`, in parentheses where it is one of the two itself."""
    words = in_words(part, tree)
    return f"({words})" if part[:1] in (["and"], ["or"]) else words


def _negated(part: list[Any], tree: Questionnaire) -> str:
    match part:
        case ["given", str(fact)]:
            return f"you left out {_question(fact, tree)}"
        case ["is" | "has", str(fact), *texts]:
            return f"you did not {_verb(fact, base=True)} {_labels(fact, texts, tree)} for {_question(fact, tree)}"
    return f"it is not so that {_part(part, tree)}"


def _verb(fact: str, base: bool = False) -> str:
    if fact.endswith(".first"):
        return "put first"
    return "choose" if base else "chose"


def _question(fact: str, tree: Questionnaire) -> str:
    name = fact.split(".")[1]
    question = tree.question(name)
    return f"“{question.text if question else name}”"


def _labels(fact: str, texts: list[Any], tree: Questionnaire) -> str:
    question = tree.question(fact.split(".")[1])
    labels = {each.value: each.label for each in question.options} if question else {}
    return " or ".join(f"“{labels.get(str(each), each)}”" for each in texts)
