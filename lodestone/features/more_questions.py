"""`more_questions`, for the build: the fields with `later: true`, and the page that asks them."""

from collections.abc import Mapping
from typing import Any

from leads import placeholders
from leads.features.more_questions import KEY, PAGE
from leads.placeholders import Parts
from lodestone.content.conditions.vocabulary import Fact
from lodestone.content.model import Magnet
from lodestone.content.written_form import written_fields
from lodestone.features.feature import Configured, Feature, Making, Reading, Words
from lodestone.render.form import make_form_with_placeholders
from lodestone.render.look import Look


class MoreQuestions(Feature):
    """Questions that the form does not ask at first. It has no key of its own: a field says `later: true`."""

    key = KEY

    def is_given(self, reading: Reading) -> bool:
        return bool(_later_names(reading.doc.meta))

    def not_here(self) -> tuple[str, str]:
        return (
            "magnets of the kind `{kind}` ask all their questions at once",
            "delete `later: true`, or choose another kind",
        )

    def read(self, reading: Reading) -> tuple[str, ...]:
        """The names of the fields, in order."""
        return _later_names(reading.doc.meta)

    def words(self, reading: Reading, content: tuple[str, ...]) -> Words:
        return Words({"missing": Fact(f"{KEY}.missing", "number")})

    def configure(self, look: Look, magnet: Magnet, content: tuple[str, ...]) -> Configured:
        return Configured({"fields": list(content)})

    def filled_pages(self, making: Making) -> Mapping[str, Parts]:
        """The page with all questions; the function hides those that are answered."""
        front, funnel, look = making.magnet.front, making.funnel, making.look
        fields = [each for each in funnel.fields if each.name in making.content]
        form = make_form_with_placeholders(front, look.site.front, funnel, fields)
        html = look.render(
            "more_questions.html",
            placeholder=placeholders.mark,
            page_url="",
            front=front,
            funnel=funnel,
            form=form,
        )
        return {PAGE: placeholders.split(html)}


def _later_names(meta: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(each.name for each in written_fields(meta, "en") if each.later)
