"""The pages of a questionnaire: where it begins, the questions, the results, and what may be shared."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from leads import placeholders
from leads.funnel import Funnel, asked_first
from leads.placeholders import Parts, Placeholder, split
from leads.questionnaire.tree import AFTER, FIRST, SKIPPABLE, Choice, Question, Questionnaire
from lodestone.content.model import Magnet
from lodestone.questionnaire.condition_words import in_words
from lodestone.questionnaire.page_tree import page_tree
from lodestone.questionnaire.piping import html_text
from lodestone.questionnaire.schema import OutcomeFront, ScaleFront
from lodestone.questionnaire.survey import Survey
from lodestone.questionnaire.written import Written
from lodestone.render.form import make_form, make_form_with_placeholders
from lodestone.render.look import Look
from lodestone.render.pictures import Pictures, Placed
from lodestone.render.prose import render_prose

#: With more options than this the landing page does not begin with the first question.
_MOST_ON_LANDING = 5


@dataclass(frozen=True)
class Drawing:
    """What the pages of one magnet are drawn from. `lengths` are its numbers of questions and minutes, in words."""

    look: Look
    magnet: Magnet
    funnel: Funnel
    pictures: Pictures
    survey: Survey
    lengths: tuple[str, ...]


@dataclass(frozen=True)
class Shown:
    """A question as the template draws it. `only_if` says its condition in words, `pictures` are by option's value."""

    question: Question
    html: str
    help: str
    only_if: str
    scale: ScaleFront | None
    pictures: Mapping[str, Placed]


def draw_questions(drawing: Drawing, tree: Questionnaire) -> str:
    """The static page of the questions: a long form, which the script shows one question at a time."""
    form = make_form(drawing.magnet.front, drawing.look.site.front, drawing.funnel, "")
    return _draw(drawing, tree, form, lambda name: "", _static_piped)


def fill_questions(drawing: Drawing, tree: Questionnaire) -> Parts:
    """The same page for a function to fill: with what was answered, and what is wrong."""
    form = make_form_with_placeholders(
        drawing.magnet.front, drawing.look.site.front, drawing.funnel, asked_first(drawing.funnel)
    )
    piped: dict[str, Placeholder] = {}

    def mark(placeholder: Placeholder) -> str:
        name = f"piped:{placeholder.name}"
        piped[f"{name}:{placeholder.default}"] = Placeholder(name, placeholder.default)
        return _piped(placeholder, placeholders.mark(f"{name}:{placeholder.default}"))

    html = _draw(drawing, tree, form, placeholders.mark, mark)
    return split(html, piped)


def fill_results(drawing: Drawing, tree: Questionnaire) -> dict[str, Parts]:
    """The pages of a result: behind the mailed link, after a form with an address, and after one without."""
    front, site = drawing.magnet.front, drawing.look.site.front
    form = make_form_with_placeholders(front, site, drawing.funnel, asked_first(drawing.funnel))
    states = ("", "sent", "unsent") if tree.contact in (AFTER, SKIPPABLE) else ("", "sent")
    return {
        f"result-{state}" if state else "result": split(
            drawing.look.render(
                "result.html",
                **_common(drawing),
                form=form,
                state=state,
                placeholder=placeholders.mark,
                can_be_shared=bool(tree.outcomes),
            )
        )
        for state in states
    }


def draw_outcomes(drawing: Drawing, tree: Questionnaire) -> dict[str, str]:
    """A page for each outcome that may be shared. It tells nobody's answers."""
    return {
        f"outcome-{each.name}": drawing.look.render(
            "outcome.html",
            **_common(drawing),
            outcome=each,
            teaser=_prose(drawing, each.teaser, f"{each.name}."),
            others=[other for other in drawing.survey.outcomes if other is not each],
        )
        for each in drawing.survey.outcomes
    }


def draw_landing(drawing: Drawing, tree: Questionnaire) -> Mapping[str, Any]:
    """Names for the landing page's template: the first question where it is short enough to begin with."""
    first = tree.questions[0] if tree.questions else None
    few = first is not None and 1 < len(first.options) <= _MOST_ON_LANDING
    begins = first is not None and first.type in ("single", "scale") and few and tree.contact != FIRST
    outcomes: list[OutcomeFront] = list(drawing.survey.outcomes)
    return {
        "first_question": first if first and begins else None,
        "carried": " ".join(each.name for each in drawing.funnel.fields if each.prefill),
        "first_options": _options_in_words(drawing, first) if first and begins else (),
        "questions_url": drawing.funnel.pages["questions"],
        "outcomes": outcomes,
        "dimensions": tree.dimensions,
        "lengths": drawing.lengths,
        "needs_address": tree.contact not in (AFTER, SKIPPABLE),
    }


def _options_in_words(drawing: Drawing, question: Question) -> list[tuple[str, str]]:
    """Value and label of each option; the ends of a scale carry the words that say what they mean."""
    labels = {each.value: each.label for each in question.options}
    scale = _scale(drawing.survey, drawing.survey.questions[0]) if question.type == "scale" else None
    for end, words in ((0, scale.low), (-1, scale.high)) if scale else ():
        if words:
            labels[question.options[end].value] += f" \N{EN DASH} {words}"
    return list(labels.items())


def _scale(survey: Survey, question: Written) -> ScaleFront:
    return question.front.scale or survey.scale or ScaleFront()


def _draw(
    drawing: Drawing,
    tree: Questionnaire,
    form: object,
    placeholder: Callable[[str], str],
    piped: Callable[[Placeholder], str],
) -> str:
    shown = [_shown(drawing, tree, each, piped) for each in drawing.survey.questions]
    return drawing.look.render(
        "questions.html",
        **_common(drawing),
        form=form,
        asked=shown,
        tree=page_tree(tree, drawing.survey.questions),
        edition=tree.edition,
        contact=tree.contact,
        sensitive_consent=tree.sensitive_consent,
        placeholder=placeholder,
    )


def _common(drawing: Drawing) -> dict[str, Any]:
    funnel = drawing.funnel
    return {"magnet": drawing.magnet, "front": drawing.magnet.front, "funnel": funnel, "page_url": funnel.url}


def _shown(
    drawing: Drawing, tree: Questionnaire, each: Written, piped: Callable[[Placeholder], str]
) -> Shown:
    question = tree.question(each.name)
    assert question is not None
    scale = _scale(drawing.survey, each) if question.type == "scale" else None
    return Shown(
        question,
        html_text(each.asked, piped),
        _prose(drawing, each.front.help, f"{each.name}."),
        f"Only if {in_words(question.show_if, tree)}." if question.show_if else "",
        scale,
        _pictures(drawing, each, question),
    )


def _pictures(drawing: Drawing, each: Written, question: Question) -> dict[str, Placed]:
    pictures = Pictures(
        each.doc.path.parent, drawing.pictures.address, drawing.look.read, drawing.pictures.files
    )
    pairs: list[tuple[Choice, Any]] = list(zip(question.options, each.choices, strict=False))
    return {
        choice.value: pictures.place(front.picture.src, front.picture.alt)
        for choice, front in pairs
        if front.picture
    }


def _prose(drawing: Drawing, text: str, prefix: str) -> str:
    return (
        render_prose(text, drawing.pictures, drawing.funnel.language, top=3, id_prefix=prefix) if text else ""
    )


def _static_piped(placeholder: Placeholder) -> str:
    return _piped(placeholder, placeholders.fill((Placeholder("", placeholder.default),), {}, html=True))


def _piped(placeholder: Placeholder, content: str) -> str:
    default = placeholders.fill((Placeholder("", placeholder.default),), {}, html=True)
    return f'<span data-piped="{placeholder.name}" data-default="{default}">{content}</span>'
