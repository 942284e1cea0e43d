"""The values of the page that shows a questionnaire again: what was chosen and typed, and what is wrong."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from leads.placeholders import Html
from leads.posted import Posted
from leads.questionnaire.tree import Question, Questionnaire
from leads.questionnaire.walk import Walk
from leads.questionnaire.words import label_of


def form_values(questionnaire: Questionnaire, posted: Posted, walk: Walk) -> dict[str, str]:
    """Values by placeholder: `checked:`, `selected:` and `value:` as in forms, `piped:` for earlier answers.

    What was typed for questions that are hidden now stays in the page, so that nothing is lost on the way.
    """
    values: dict[str, str] = {}
    for question in questionnaire.questions:
        values |= _as_left(question, posted.get(question.name, ()))
    for name, answer in walk.answers.items():
        values[f"piped:{name}"] = label_of(questionnaire, name, answer)
    for name, message in walk.errors.items():
        values[f"invalid:{name}"] = Html(' aria-invalid="true"')
        values[f"error:{name}"] = Html(f'<p class="field-error" id="{name}-error">{escape(message)}</p>')
    return values


def hidden_inputs(questionnaire: Questionnaire, walk: Walk, ticked: Iterable[str]) -> Html:
    """The answers and what was ticked as hidden inputs, for the form that asks where to send the result."""
    pairs = [("_edition", questionnaire.edition), *((name, "yes") for name in ticked)]
    for name, answer in walk.answers.items():
        pairs += [(name, each) for each in ((answer,) if isinstance(answer, str) else answer)]
    return Html(
        "".join(
            f'<input type="hidden" name="{escape(name)}" value="{escape(value, quote=True)}">'
            for name, value in pairs
        )
    )


def _as_left(question: Question, given: Sequence[str]) -> Mapping[str, str]:
    values: dict[str, str] = {f"value:{question.name}": given[-1] if given else ""}
    for choice in question.options:
        if choice.value in given:
            values[f"checked:{question.name}:{choice.value}"] = Html(" checked")
    if question.type == "ranking":
        for place, value in enumerate(given, 1):
            values[f"selected:{question.name}:{place}:{value}"] = Html(" selected")
    return values
