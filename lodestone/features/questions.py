"""`questions`, for the build: a questionnaire from front matter and `questions/`, its pages, and its proofs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from leads.features.questions import KEY, SENSITIVE, questionnaire_of
from leads.funnel import Funnel
from leads.placeholders import Parts, split
from leads.questionnaire.tree import SCORE, Questionnaire
from lodestone.content.conditions.vocabulary import Fact
from lodestone.content.link_texts import LinkTexts
from lodestone.content.model import Magnet
from lodestone.content.placeholders import compile_placeholders
from lodestone.content.validate import is_misspelt
from lodestone.content.written_form import written_fields
from lodestone.features.feature import Configured, Feature, Making, Reading, Words
from lodestone.questionnaire.checks import check_questions
from lodestone.questionnaire.compile import as_json, compile_questions, outcome_path
from lodestone.questionnaire.conditions import facts_of, read_show_if
from lodestone.questionnaire.invent import invent_posted, names_of
from lodestone.questionnaire.pages import (
    Drawing,
    draw_landing,
    draw_outcomes,
    draw_questions,
    fill_questions,
    fill_results,
)
from lodestone.questionnaire.piping import check_piping
from lodestone.questionnaire.proof_checks import Proved, check_reach
from lodestone.questionnaire.result_checks import check_results
from lodestone.questionnaire.result_texts import check_texts
from lodestone.questionnaire.schema import QuestionsFront
from lodestone.questionnaire.survey import Survey
from lodestone.questionnaire.written import FOLDER, read_questions
from lodestone.render.look import Look
from lodestone.render.pictures import Pictures
from lodestone.render.prose import render_prose


@dataclass(frozen=True)
class Asked:
    """The questions of a magnet: as they are written, their conditions, and what is proved of the whole."""

    survey: Survey
    conditions: Mapping[str, list[Any]]
    proved: Proved = Proved()


class Questions(Feature):
    """A questionnaire, scored on the server, with a result for each lead."""

    key = KEY
    front = QuestionsFront

    def is_given(self, reading: Reading) -> bool:
        return "questions" in reading.doc.meta or bool(reading.finder.listing(reading.folder / FOLDER))

    def how_to_give(self) -> tuple[str, str]:
        help = "add `questions:` with one entry a question, or a folder `questions/` with a file for each"
        return "this {kind} asks nothing", help

    def read(self, reading: Reading) -> Asked:
        before = len(reading.problems)
        front, unread = _front(reading)
        survey = Survey(front, read_questions(reading.doc, reading.finder, reading.problems), unread)
        fields = written_fields(reading.doc.meta, reading.site.language if reading.site else "en")
        taken = {*(each.name for each in fields), "consent", SENSITIVE}
        check_questions(survey, taken, reading.finder, reading.problems)
        check_results(survey, reading.doc, reading.problems)
        check_piping(survey.questions, reading.problems)
        check_texts(survey, [each.name for each in fields], reading.doc, reading.problems)
        conditions = read_show_if(survey, reading.problems)
        partial = survey.unread or any(each.is_partial for each in survey.questions)
        if len(reading.problems) > before or partial or not survey.questions:
            return Asked(survey, conditions)
        tree = compile_questions(survey, conditions, lambda text, prefix: (), "/")
        return Asked(survey, conditions, check_reach(survey, tree, reading.doc, reading.problems))

    def link_texts(self, content: Asked) -> LinkTexts:
        keys = (("outcomes", "*", "text"), ("outcomes", "*", "teaser"), ("questions", "*", "help"))
        return LinkTexts(front_keys=keys)

    def words(self, reading: Reading, content: Asked) -> Words:
        survey, facts, printed = content.survey, dict[str, Fact](), dict[str, bool]()
        for each in survey.questions:
            if not each.front.sensitive:
                facts |= facts_of(each, survey, own_words=True)
                printed[each.name] = not each.front.required or bool(each.front.show_if)
        for dimension in survey.dimensions:
            facts[dimension.name] = Fact(f"{KEY}.{dimension.name}", "number")
            labels = {tier.label: tier.label for tier in dimension.tiers}
            facts[f"{dimension.name}.tier"] = Fact(f"{KEY}.{dimension.name}.tier", "choice", labels)
            printed[dimension.name] = not survey.always_scored(dimension.name)
        facts[SCORE] = Fact(f"{KEY}.{SCORE}", "number")
        printed[SCORE] = not survey.always_scored(SCORE)
        if survey.outcomes:
            titles = {each.name: each.title for each in survey.outcomes}
            facts["outcome"] = Fact(f"{KEY}.outcome", "choice", titles)
            printed["outcome"] = False
        return Words(facts=facts, placeholders=printed)

    def notes(self, content: Asked) -> tuple[str, ...]:
        proved = content.proved
        return (", ".join(proved.lengths), *(f"not proved: {each}" for each in proved.unproved))

    def configure(self, look: Look, magnet: Magnet, content: Asked) -> Configured | None:
        pictures = Pictures(magnet.folder, f"assets/{magnet.slug}", look.read)

        def prose(text: str, prefix: str) -> Parts:
            marked, found, _ = compile_placeholders(text)
            language = look.site.front.language
            return split(render_prose(marked, pictures, language, top=3, id_prefix=prefix), found)

        tree = compile_questions(content.survey, content.conditions, prose, magnet.url)
        return Configured({**as_json(tree), "in_form": True}, pictures=pictures.files)

    def page_paths(self, url: str, content: Asked) -> Mapping[str, str]:
        outcomes = {f"outcome-{each.name}": outcome_path(url, each.name) for each in content.survey.outcomes}
        return {KEY: f"{url}questions/", **outcomes}

    def pages(self, making: Making) -> Mapping[str, str]:
        tree, drawing = _tree(making), _drawing(making)
        return {KEY: draw_questions(drawing, tree), **draw_outcomes(drawing, tree)}

    def filled_pages(self, making: Making) -> Mapping[str, Parts]:
        tree, drawing = _tree(making), _drawing(making)
        return {"form": fill_questions(drawing, tree), **fill_results(drawing, tree)}

    def names_to_invent(self, funnel: Funnel) -> tuple[str, ...]:
        return names_of(questionnaire_of(funnel))

    def invent(self, funnel: Funnel, answers: Mapping[str, str]) -> Mapping[str, Sequence[str]] | None:
        tree = questionnaire_of(funnel)
        posted = invent_posted(tree, {name: answers[name] for name in names_of(tree) if name in answers})
        return None if posted is None else {**posted, "_edition": [tree.edition], SENSITIVE: ["yes"]}

    def section(self, making: Making) -> Mapping[str, Any]:
        return draw_landing(_drawing(making), _tree(making))

    def facts(self, making: Making) -> list[str]:
        return list(making.content.proved.lengths)


def _drawing(making: Making) -> Drawing:
    asked: Asked = making.content
    return Drawing(
        making.look, making.magnet, making.funnel, making.pictures, asked.survey, asked.proved.lengths
    )


def _tree(making: Making) -> Questionnaire:
    return questionnaire_of(making.funnel)


def _front(reading: Reading) -> tuple[QuestionsFront, frozenset[str]]:
    """The keys of the feature that have no problems of their own, and the names of the others."""
    if isinstance(reading.front, QuestionsFront):
        return reading.front, frozenset()
    known: dict[str, Any] = {}
    unread = {name for name in QuestionsFront.model_fields if is_misspelt(name, reading.doc.meta)}
    for name in QuestionsFront.model_fields:
        if name != "questions" and name in reading.doc.meta:
            try:
                QuestionsFront.model_validate({name: reading.doc.meta[name]})
            except ValidationError:
                unread.add(name)
                continue
            known[name] = reading.doc.meta[name]
    return QuestionsFront.model_validate(known), frozenset(unread)
