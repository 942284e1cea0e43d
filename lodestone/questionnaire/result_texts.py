"""The author's texts of a result: Markdown that may print answers, the result, and what was typed in the form."""

from collections.abc import Iterator, Sequence

from leads.questionnaire.tree import SCORE
from lodestone.content.model import Document, KeyPath
from lodestone.content.placeholders import find_placeholders
from lodestone.content.places import snippet_place
from lodestone.content.problems import Problems
from lodestone.content.validate import did_you_mean
from lodestone.questionnaire.survey import Survey


def check_texts(survey: Survey, fields: Sequence[str], doc: Document, problems: Problems) -> None:
    """Report placeholders in texts of outcomes and tiers that nothing fills, or that may stay empty."""
    results = (*(each.name for each in survey.dimensions), SCORE)
    always = {each.name for each in survey.questions if survey.always_asked(each)}
    always |= {"outcome", *filter(survey.always_scored, results)}
    private = {each.name for each in survey.questions if each.front.sensitive}
    asked = (each.name for each in survey.questions if each.name not in private)
    known = sorted({"outcome", *results, *asked, *fields})
    for path, text in _texts(survey):
        after = 0
        for found in find_placeholders(text):
            trouble = found.trouble
            name = found.placeholder.name if found.placeholder else ""
            if name in private:
                help = "leave it out: the text stands behind a link, too, when the answer is long forgotten"
                trouble = f"the answer to `{name}` is sensitive, and is not kept", help
            elif name and name not in known:
                trouble = f"nothing fills `{found.source}`", did_you_mean(name, known, "this text can say")
            elif name and name not in always and not found.has_default:
                help = f'say what stands there instead: `{{{{ {name} | default("there") }}}}`'
                trouble = f"`{name}` may be empty", help
            place, after = snippet_place(doc, path, found.source, after)
            if trouble:
                problems.add(place, *trouble)


def _texts(survey: Survey) -> Iterator[tuple[KeyPath, str]]:
    for index, outcome in enumerate(survey.outcomes):
        if outcome.text:
            yield ("outcomes", index, "text"), outcome.text
    for at, dimension in enumerate(survey.dimensions):
        for index, tier in enumerate(dimension.tiers):
            if tier.text:
                yield ("dimensions", at, "tiers", index, "text"), tier.text
