"""A long questionnaire as an author might write it, drawn from a seed, and what visitors and machines post to it."""

import unicodedata
from random import Random
from typing import Any

from leads.questionnaire.tree import Question, Questionnaire
from leads.questionnaire.walk import walk

Posted = dict[str, list[str]]

_WORDS = ("Café", "naïve", "plain", "0", "1e3", "two words", "größer", "日本", "שלום", "$& {}", "a,b", "<'&>")
_TYPES = ("single", "multiple", "scale", "number", "ranking", "text", "picture")
_JUNK = (
    *("", " ", "0", "00", "1e3", "-1", "+2", "2,5", "2.50", "999999", "x" * 50, "constructor", "__proto__"),
    *("\x00", "a\r\nb", "٣", "\u2028", "NaN", "😀" * 8, "😀" * 30),
)


def written(random: Random, count: int) -> list[dict[str, Any]]:
    """Questions of all types, most of them with a condition on earlier ones."""
    found: list[dict[str, Any]] = []
    for index in range(count):
        kind = _TYPES[index % len(_TYPES)]
        question: dict[str, Any] = {"name": f"q{index}", "question": f"What about {index}?", "type": kind}
        question["required"] = random.random() < 0.6
        if kind in ("single", "multiple", "ranking", "picture"):
            labels = random.sample(_WORDS, random.randint(2, 5))
            question["options"] = [_option(random, kind, each) for each in labels]
            question["dimension"] = random.choice(["nerve", "paper"])
        if kind == "multiple":
            question |= {"at_most": random.randint(1, len(question["options"]) - 1)}
            question["options"][-1]["alone"] = random.random() < 0.5
        if kind == "scale":
            lowest = random.randint(0, 1)
            question |= {
                "scale": {"lowest": lowest, "highest": random.randint(lowest + 1, 10)},
                "dimension": "nerve",
            }
            question["reverse"] = random.random() < 0.5
        if kind == "number":
            question |= {"min": random.choice([0, -3, 1.5]), "max": random.choice([7, 10, 2.25])}
            question["whole"] = random.random() < 0.4
            question |= {"dimension": "paper", "bands": [{"at_least": question["min"], "points": 2}]}
            question["bands"] += [{"at_least": 2, "points": -1}]
        if kind == "text":
            question["max_length"] = random.randint(3, 40)
        if index > 2 and random.random() < 0.7:
            question["show_if"] = _condition(random, found)
        found.append(question)
    return found


def _option(random: Random, kind: str, label: str) -> dict[str, Any]:
    option: dict[str, Any] = {"label": label, "points": random.randint(-2, 5)}
    if kind == "picture":
        option["picture"] = {"src": "dot.png", "alt": label}
    return option


def _condition(random: Random, before: list[dict[str, Any]]) -> str:
    about = random.choice(before[-6:])
    name, kind = about["name"], about["type"]
    label = random.choice(about["options"])["label"] if "options" in about else ""
    quoted = f'"{label}"'
    number = random.choice(["0", "1", "2", "2.5", "4"])
    sign = random.choice(["=", "!=", "<", "<=", ">", ">="])
    found = {
        "single": f"{name} = {quoted}",
        "picture": f"{name} is not one of ({quoted})",
        "multiple": f"{name} contains {quoted}",
        "ranking": f"{name}.first = {quoted}",
        "scale": f"{name} {sign} {number}",
        "number": f"{name} {sign} {number}",
        "text": f"{name} is empty",
    }[kind]
    if random.random() < 0.3:
        found = f"{name}.first is given" if kind == "ranking" else f"{name} is given"
    if random.random() < 0.3:
        found = f"not ({found})"
    if random.random() < 0.4:
        return f"({found}) {random.choice(['and', 'or'])} {_condition(random, before)}"
    return found


def valid_answer(random: Random, question: Question) -> list[str]:
    """Values of an answer that the question takes."""
    values = [each.value for each in question.options]
    if question.type == "ranking":
        return random.sample(values, len(values))
    if question.type == "multiple":
        free = [each.value for each in question.options if not each.alone] or values[:1]
        return random.sample(free, random.randint(1, min(len(free), question.at_most or len(free))))
    if values:
        return [random.choice(values)]
    if question.type == "number":
        low = 0 if question.lowest is None else question.lowest
        high = low + 9 if question.highest is None else question.highest
        whole = [each for each in range(-5, 20) if low <= each <= high]
        return [str(random.choice(whole))]
    return [random.choice(["a", "é", "x y"])]


def any_answer(random: Random, question: Question) -> list[str]:
    """Values as visitors and machines send them: right, doubled, unknown, empty, in other forms of accents."""
    values = valid_answer(random, question)
    chance = random.random()
    if chance < 0.1:
        return []
    if chance < 0.25:
        values = [*values, random.choice(_JUNK)]
    elif chance < 0.35:
        values = [random.choice(_JUNK)] * random.randint(1, 3)
    elif chance < 0.45:
        values = [*values, *values]
    elif chance < 0.55:
        values = [unicodedata.normalize("NFD", f" {each}\u00a0") for each in values]
    elif chance < 0.6:
        values = [each.value for each in question.options] * 2
    return values


def any_posted(random: Random, tree: Questionnaire, before: Posted) -> Posted:
    """A form: anew, or the one before with answers taken back and given again."""
    if before and random.random() < 0.5:
        posted = {name: values for name, values in before.items() if random.random() < 0.7}
        changed = random.sample(tree.questions, 4)
        return posted | {each.name: any_answer(random, each) for each in changed}
    return {each.name: any_answer(random, each) for each in tree.questions if random.random() < 0.9}


def valid_posted(random: Random, tree: Questionnaire) -> Posted:
    """A form without errors, some of its answers for questions that stay hidden."""
    posted: Posted = {}
    for each in tree.questions:
        if each.required or random.random() < 0.5:
            posted[each.name] = valid_answer(random, each)
    assert not walk(tree, posted).errors
    return posted
