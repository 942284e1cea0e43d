"""The form contract: read and check what a visitor sends, by the definition that the page was made from."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from leads.funnel import Field, Funnel, asked_first
from leads.identity import InvalidAnswer, normalise_email, normalise_phone
from leads.posted import FieldError, Posted, is_ticked, last
from leads.timing import FIRST_DAY, LAST_DAY

#: A field that is hidden from people: only a machine fills it.
HONEYPOT = "_website"


@dataclass(frozen=True, slots=True)
class Submission:
    """A valid form. `answers` hold every field but e-mail and phone; several choices are joined by ", "."""

    email: str
    phone: str
    answers: Mapping[str, str]
    consent_given: bool


def read_form(funnel: Funnel, posted: Posted) -> Submission | tuple[FieldError, ...]:
    """The submission, or all its errors in the order of the fields."""
    values, errors = read_fields(asked_first(funnel), posted, funnel.country)
    email, phone = (_contact(funnel, values, kind) for kind in ("email", "phone"))
    if not errors and not email and not phone:
        errors.append(_no_contact(funnel))
    given = is_ticked(posted)
    errors.extend(_consent_errors(funnel, posted, given))
    if errors:
        return tuple(errors)
    contacts = {field.name for field in funnel.fields if field.type in ("email", "phone")}
    answers = {name: value for name, value in values.items() if value and name not in contacts}
    return Submission(email, phone, answers, given)


def read_fields(
    fields: Sequence[Field], posted: Posted, country: str
) -> tuple[dict[str, str], list[FieldError]]:
    """The valid answers by field name, "" for an empty one; and the errors of the others."""
    values: dict[str, str] = {}
    errors: list[FieldError] = []
    for field in fields:
        try:
            values[field.name] = _read_field(field, posted.get(field.name, ()), country)
        except InvalidAnswer as error:
            if field.type == "hidden":
                continue  # no visitor could mend it, so it is left out
            errors.append(FieldError(field.name, str(error)))
    return values, errors


def ticked_texts(funnel: Funnel, answers: Mapping[str, str]) -> dict[str, str]:
    """The words of each tick that a visitor set beside the consent, by its field: each is a consent of its own."""
    ticks = (each for each in funnel.fields if each.type == "tick" and answers.get(each.name))
    return {each.name: each.options[0].label for each in ticks}


def is_trap(posted: Posted) -> bool:
    """Whether the hidden field is filled, so that a machine sent the form."""
    return bool(last(posted, HONEYPOT).strip())


def _consent_errors(funnel: Funnel, posted: Posted, given: bool) -> list[FieldError]:
    shown = last(posted, "_consent")
    if given and shown and shown != funnel.consent.hash:
        return [
            FieldError(
                "consent", "Our wording has changed since you opened the page. Read it and tick again."
            )
        ]
    if funnel.consent.required and not given:
        return [FieldError("consent", "Tick the box to agree: we may not write to you otherwise.")]
    return []


def _contact(funnel: Funnel, values: Mapping[str, str], kind: str) -> str:
    return next((values.get(field.name, "") for field in funnel.fields if field.type == kind), "")


def _no_contact(funnel: Funnel) -> FieldError:
    kinds = {field.type: field for field in funnel.fields if field.type in ("email", "phone")}
    if len(kinds) == 2:
        return FieldError(
            kinds["email"].name, "Enter an e-mail address or a phone number, so that we can reach you."
        )
    field = next(iter(kinds.values()))
    return FieldError(field.name, _missing(field))


def _read_field(field: Field, values: Sequence[str], country: str) -> str:
    cleaned = [text for text in (_clean(value, field.type) for value in values) if text]
    if field.type == "hidden" and len(cleaned) > 1:
        return ""  # a link that says two things says nothing
    if field.type != "checkboxes":
        cleaned = cleaned[-1:]
    if not cleaned:
        if field.required:
            raise InvalidAnswer(_missing(field))
        return ""
    if field.options and not set(cleaned) <= {_clean(option.value, field.type) for option in field.options}:
        raise InvalidAnswer(field.invalid_message or "Choose one of the answers offered.")
    value = ", ".join(cleaned)
    if not field.options and len(value) > field.max_length:
        raise InvalidAnswer(f"Shorten this to {field.max_length} characters; it has {len(value)}.")
    if field.pattern and not re.fullmatch(field.pattern, value):
        raise InvalidAnswer(field.refusal or "This does not have the form we expected.")
    try:
        return _READ.get(field.type, _text)(value, country)
    except InvalidAnswer as error:
        raise InvalidAnswer(field.invalid_message or str(error)) from None


def _missing(field: Field) -> str:
    """What a visitor is told who left a field empty."""
    return field.missing_message or _MISSING.get(field.type, "Fill in “{label}”.").format(label=field.label)


def _clean(value: str, type: str) -> str:
    """NFC, without control characters (a line break is one, except in a text area) and outer blanks."""
    value = unicodedata.normalize("NFC", value).replace("\r\n", "\n")
    keep = "\n" if type == "textarea" else ""
    return "".join(each if each in keep or not _is_control(each) else " " for each in value).strip()


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs", "Co")


def _text(value: str, country: str) -> str:
    return value


def _email(value: str, country: str) -> str:
    return normalise_email(value)


def _number(value: str, country: str) -> str:
    if not re.fullmatch(r"[+-]?[0-9]+([.,][0-9]+)?", value):
        raise InvalidAnswer("Enter a number.")
    return value.replace(",", ".")


def _url(value: str, country: str) -> str:
    value = value if "://" in value else f"https://{value}"
    try:
        parts = urlsplit(value)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or "." not in parts.netloc or " " in value:
        raise InvalidAnswer("Enter a web address such as https://example.com.")
    return value


def _date(value: str, country: str) -> str:
    """A day as browsers send it, `2026-12-03`, whatever order they show it in (HTML, "valid date string")."""
    try:
        day = date.fromisoformat(value) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value) else None
    except ValueError:
        raise InvalidAnswer("There is no such day. Check the month and the day.") from None
    if day is None:
        raise InvalidAnswer("Enter a date as year, month and day: 2026-12-03.")
    if not FIRST_DAY <= day <= LAST_DAY:
        raise InvalidAnswer(f"Enter a year from {FIRST_DAY.year} to {LAST_DAY.year}.")
    return value


_READ = {"email": _email, "phone": normalise_phone, "number": _number, "url": _url, "date": _date}

_MISSING = {
    "email": "Enter your e-mail address.",
    "phone": "Enter your phone number.",
    "select": "Choose an answer to “{label}”.",
    "country": "Choose an answer to “{label}”.",
    "radio": "Choose an answer to “{label}”.",
    "checkboxes": "Choose at least one answer to “{label}”.",
}
