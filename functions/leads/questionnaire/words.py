"""A kept result in words: for conditions, for mails, for people who look at a lead."""

from collections.abc import Mapping
from fractions import Fraction

from leads.questionnaire.kept import Kept
from leads.questionnaire.scores import Score, value_of
from leads.questionnaire.tree import SCORE, Questionnaire
from leads.questionnaire.walk import as_text


def facts(questionnaire: Questionnaire, kept: Kept) -> dict[str, str]:
    """What conditions may ask: answers, `outcome`, and of each dimension its number and its `.tier`.

    Numbers are cut, never rounded up: 79.99 per cent is less than 80 here, too.
    """
    known = {name: as_text(answer) for name, answer in kept.answers.items()}
    known |= {f"{name}.first": each[0] for name, each in kept.answers.items() if not isinstance(each, str)}
    known |= {name: _cut(value) for name, value in _values(questionnaire, kept).items()}
    known |= {f"{name}.tier": label for name, label in kept.tiers.items()}
    return known | {"outcome": kept.outcome}


def placeholders(questionnaire: Questionnaire, kept: Kept) -> dict[str, str]:
    """What mails and results print: answers by their labels, the outcome's title, numbers rounded for reading."""
    known = {name: label_of(questionnaire, name, answer) for name, answer in kept.answers.items()}
    known |= {name: rounded(value) for name, value in _values(questionnaire, kept).items()}
    outcome = questionnaire.outcome(kept.outcome)
    return known | {"outcome": outcome.title if outcome else kept.outcome}


def rows(questionnaire: Questionnaire, kept: Kept) -> list[tuple[str, str]]:
    """The result and the answers for people: what is asked, and what was answered."""
    outcome = questionnaire.outcome(kept.outcome)
    found = [("Outcome", outcome.title if outcome else kept.outcome)] if kept.outcome else []
    labels = {each.name: each.label for each in questionnaire.dimensions} | {SCORE: "Score"}
    for name in (*labels, *(each for each in kept.scores if each not in labels)):
        value = _value(questionnaire, name, kept.scores[name]) if name in kept.scores else None
        if value is not None:
            tier = f", {kept.tiers[name]}" if name in kept.tiers else ""
            found.append((labels.get(name, name), f"{rounded(value)}{tier}"))
    for name, answer in kept.answers.items():
        question = questionnaire.question(name)
        found.append((question.text if question else name, label_of(questionnaire, name, answer)))
    return found


def label_of(questionnaire: Questionnaire, name: str, answer: str | tuple[str, ...]) -> str:
    """An answer as the visitor read it; as it is stored if the questionnaire has it no more."""
    question = questionnaire.question(name)
    labels = {each.value: each.label for each in question.options} if question else {}
    chosen = (answer,) if isinstance(answer, str) else answer
    return ", ".join(labels.get(each, each) for each in chosen)


def rounded(value: Fraction) -> str:
    """A number for reading, halves rounded up: `80` for 79.5."""
    return str((2 * value.numerator + value.denominator) // (2 * value.denominator))


def _values(questionnaire: Questionnaire, kept: Kept) -> Mapping[str, Fraction]:
    values = {name: _value(questionnaire, name, each) for name, each in kept.scores.items()}
    return {name: value for name, value in values.items() if value is not None}


def _value(questionnaire: Questionnaire, name: str, score: Score) -> Fraction | None:
    dimension = next((each for each in questionnaire.dimensions if each.name == name), None)
    return value_of(dimension, score)


def _cut(value: Fraction) -> str:
    """At most six decimals, the rest cut off."""
    scaled = value.numerator * 10**6 // value.denominator
    sign, scaled = ("-", -scaled) if scaled < 0 else ("", scaled)
    return f"{sign}{scaled // 10**6}.{scaled % 10**6:06}".rstrip("0").rstrip(".")
