"""A lead puts right what is stored of them: by the same fields and the same rules that the form has."""

from collections.abc import Mapping

from leads.form import read_fields, ticked_texts
from leads.funnel import Field, Funnel
from leads.lead import Lead
from leads.posted import FieldError, Posted


def correctable(funnel: Funnel) -> tuple[Field, ...]:
    """The form's fields that a lead can put right.

    Not the e-mail address: the id is made from it, and a new one is not proven. Not a hidden field: what a link said
    of a lead is where they came from, and no answer of theirs.
    """
    return tuple(field for field in funnel.fields if field.type not in ("email", "hidden"))


def as_posted(funnel: Funnel, lead: Lead) -> dict[str, list[str]]:
    """What is stored about the lead, as a post of the form."""
    posted, known = {}, _answers(funnel, lead)
    for field in correctable(funnel):
        value = lead.phone if field.type == "phone" else known.get(field.name, "")
        posted[field.name] = value.split(", ") if field.type == "checkboxes" else [value]
    return posted


def read_correction(funnel: Funnel, lead: Lead, posted: Posted) -> dict[str, object] | tuple[FieldError, ...]:
    """The changed values for `events.corrected` ("" deletes one), or the errors if there are any."""
    fields = correctable(funnel)
    values, errors = read_fields(fields, posted, funnel.country)
    if errors:
        return tuple(errors)
    phone = {field.name for field in fields if field.type == "phone"}
    answers = {name: value for name, value in values.items() if name not in phone}
    told: dict[str, object] = {}
    if changed := _changed(answers, _answers(funnel, lead)):
        told["answers"] = changed
        if ticks := ticked_texts(
            funnel, changed
        ):  # a tick is a consent of its own, here too: its words are kept
            told["ticks"] = ticks
    if any(values[name] != lead.phone for name in phone):
        told["phone"] = "".join(values[name] for name in phone)
    return told


def _answers(funnel: Funnel, lead: Lead) -> Mapping[str, str]:
    enrolment = lead.enrolments.get(funnel.slug)
    return enrolment.answers if enrolment else {}


def _changed(answers: Mapping[str, str], known: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in answers.items() if value != known.get(name, "")}
