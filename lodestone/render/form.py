"""The form as the templates see it: one macro draws it on the landing page and on the page with errors.

Everything the server validates comes from the funnel definition; only the words around it are the magnet's.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from leads import placeholders
from leads.funnel import Consent, Field, Funnel, asked_first
from leads.timing import FIRST_DAY, LAST_DAY
from lodestone.content.schema import MagnetFront, SiteFront

#: Per field type: the input's type, the keyboard a phone shows, the autocomplete token.
#: Tokens are HTML's autofill detail tokens.
_INPUTS = {
    "text": ("text", "", ""),
    "email": ("email", "email", "email"),
    "phone": ("tel", "tel", "tel"),
    "number": ("number", "decimal", ""),
    "url": ("url", "url", "url"),
    "date": ("date", "", ""),
    "country": ("", "", "country"),
}
#: The types whose inputs HTML allows a length and a pattern ("The input element": maxlength, pattern).
_TEXT_INPUTS = frozenset({"text", "email", "tel", "url"})
#: Autocomplete tokens by the usual names of fields, so that browsers can fill them in.
_AUTOCOMPLETE = {
    "name": "name",
    "full_name": "name",
    "first_name": "given-name",
    "last_name": "family-name",
    "company": "organization",
    "organisation": "organization",
    "organization": "organization",
    "job_title": "organization-title",
    "country": "country-name",
    "city": "address-level2",
    "postcode": "postal-code",
    "zip": "postal-code",
    "website": "url",
}


@dataclass(frozen=True)
class Question:
    """A field with what its HTML control needs."""

    field: Field
    input_type: str
    inputmode: str
    autocomplete: str
    takes_text: bool  # so that its length and pattern can be limited
    first_day: str = ""  # of a date field: the first and last date allowed
    last_day: str = ""


@dataclass(frozen=True)
class Form:
    """A form to draw. `placeholder` gives the content of a named place: nothing on a static page, else a mark.

    `prefix` keeps ids unique where a page shows the form twice.
    """

    action: str
    heading: str
    button: str
    questions: tuple[Question, ...]
    consent: Consent
    build_id: str
    prefix: str
    placeholder: Callable[[str], str]


def make_form(front: MagnetFront, site: SiteFront, funnel: Funnel, prefix: str) -> Form:
    """The form of a static page."""
    return _make_form(front, site, funnel, prefix, lambda name: "", asked_first(funnel))


def make_form_with_placeholders(
    front: MagnetFront, site: SiteFront, funnel: Funnel, fields: Sequence[Field]
) -> Form:
    """A form that a function fills: the page with errors, or another page that asks these fields."""
    return _make_form(front, site, funnel, "", placeholders.mark, fields)


def _make_form(
    front: MagnetFront,
    site: SiteFront,
    funnel: Funnel,
    prefix: str,
    placeholder: Callable[[str], str],
    fields: Sequence[Field],
) -> Form:
    return Form(
        action=f"/api/leads/{funnel.slug}",
        heading=front.form.heading or "Where shall we send it?",
        button=front.form.button or site.defaults.button,
        questions=tuple(_question(each) for each in fields),
        consent=funnel.consent,
        build_id=funnel.build_id,
        prefix=prefix,
        placeholder=placeholder,
    )


def _question(field: Field) -> Question:
    input_type, inputmode, token = _INPUTS.get(field.type, ("", "", ""))
    autocomplete = field.autocomplete or token or _AUTOCOMPLETE.get(field.name, "")
    days = (FIRST_DAY.isoformat(), LAST_DAY.isoformat()) if field.type == "date" else ("", "")
    return Question(field, input_type, inputmode, autocomplete, input_type in _TEXT_INPUTS, *days)
