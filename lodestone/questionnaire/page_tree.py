"""The part of the tree that the page needs to walk it: conditions and limits, and nothing that answers are worth."""

import json
from collections.abc import Sequence
from typing import Any

from leads.questionnaire.tree import Question, Questionnaire
from leads.questionnaire.walk import MESSAGES, missing
from lodestone.content.placeholders import find_placeholders
from lodestone.questionnaire.written import Written

#: What the page leaves out where it is not set. A limit of 0 is one, but for `at_most`.
_LIMITS = {"show_if": None, "at_most": 0, "lowest": None, "highest": None, "whole": False}


def page_tree(tree: Questionnaire, written: Sequence[Written]) -> str:
    """JSON for `site/assets/questions.js`, safe inside a script element."""
    piped = {
        found.placeholder.name
        for each in written
        for found in find_placeholders(each.asked)
        if found.placeholder
    }
    known = {
        "edition": tree.edition,
        "messages": MESSAGES,
        "questions": [_question(each, each.name in piped) for each in tree.questions],
    }
    return json.dumps(known, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _question(question: Question, is_piped: bool) -> dict[str, Any]:
    known: dict[str, Any] = {"name": question.name, "type": question.type, "required": question.required}
    known |= {name: value for name, unset in _LIMITS.items() if (value := getattr(question, name)) != unset}
    if question.type == "text":
        known["max_length"] = question.max_length
    if question.options:
        known["options"] = [each.value for each in question.options]
    if is_piped:
        known["labels"] = [each.label for each in question.options]
    alone = [each.value for each in question.options if each.alone]
    labels = {each.value: each.label for each in question.options if each.alone}
    known |= {"alone": alone, "alone_labels": labels} if alone else {}
    if question.sensitive:
        known["sensitive"] = True
    return known | ({"missing": missing(question)} if question.required else {})
