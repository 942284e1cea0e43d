"""Earlier answers in the text of later questions: `How many people work in {{ team | default("your team") }}?`."""

from collections.abc import Callable, Sequence
from html import escape

from leads.placeholders import Placeholder
from lodestone.content.placeholders import find_placeholders
from lodestone.content.problems import Problems
from lodestone.questionnaire.written import Written


def check_piping(questions: Sequence[Written], problems: Problems) -> None:
    """Report placeholders that name no earlier question, or say nothing where there is no answer."""
    for index, each in enumerate(questions):
        before = questions[:index]
        private = {each.name for each in before if each.front.sensitive}
        earlier = [each.name for each in before if each.name not in private]
        for found in find_placeholders(each.asked):
            name = found.placeholder.name if found.placeholder else ""
            trouble = found.trouble or _trouble(found.placeholder, found.has_default, earlier)
            if name in private:
                trouble = f"the answer to `{name}` is sensitive, and is shown nowhere else", "leave it out"
            if trouble:
                place = each.place("question") if each.path or "question" in each.doc.meta else each.place()
                problems.add(place, *trouble)


def _trouble(
    placeholder: Placeholder | None, has_default: bool, earlier: Sequence[str]
) -> tuple[str, str] | None:
    if placeholder is None:
        return None
    if placeholder.name not in earlier:
        help = (
            f"name a question that comes before: {', '.join(earlier)}"
            if earlier
            else "no question comes before"
        )
        return f"no earlier question is named `{placeholder.name}`", help
    if not has_default or not placeholder.default.strip():
        help = f'say what stands there until then: `{{{{ {placeholder.name} | default("…") }}}}`'
        return f"nothing stands for `{placeholder.name}` where there is no answer", help
    return None


def plain_text(asked: str) -> str:
    """The question with its defaults in the place of earlier answers."""
    return _replaced(asked, lambda each: each.default, lambda text: text)


def html_text(asked: str, piped: Callable[[Placeholder], str]) -> str:
    """The question as HTML; `piped` gives the HTML of an earlier answer."""
    return _replaced(asked, piped, escape)


def _replaced(asked: str, piped: Callable[[Placeholder], str], literal: Callable[[str], str]) -> str:
    pieces, end = [], 0
    for found in find_placeholders(asked):
        pieces.append(literal(asked[end : found.offset]))
        pieces.append(piped(found.placeholder) if found.placeholder else literal(found.text))
        end = found.offset + len(found.source)
    return "".join((*pieces, literal(asked[end:])))
