"""The form's fields as an author wrote them, also those of a form that has problems: the one reader of `form.fields`.

Mails, dates and conditions are checked against them whatever is wrong elsewhere, so that one run tells everything.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from lodestone.content.schema import FieldFront

_EMAIL_LABELS = {"de": "E-Mail-Adresse", "fr": "Adresse e-mail", "es": "Correo electrónico"}
_TRUE = ("true", "yes", "on", "1", "y", "t")


@dataclass(frozen=True)
class WrittenField:
    """One field that has a name. `front` is None where the field has problems of its own."""

    name: str
    type: str
    required: bool
    later: bool
    front: FieldFront | None


def default_field(language: str) -> FieldFront:
    """The only field of a form that names none."""
    label = _EMAIL_LABELS.get(language.partition("-")[0], "E-mail address")
    return FieldFront(name="email", label=label, type="email", required=True, autocomplete="email")


def written_fields(meta: Mapping[str, Any], language: str) -> tuple[WrittenField, ...]:
    """The fields of a front matter's form, in order; the default one where it names none."""
    form = meta.get("form")
    entries = form.get("fields") if isinstance(form, dict) else None
    found = tuple(map(_written, filter(_has_name, entries if isinstance(entries, list) else ())))
    return found or (_written(default_field(language).model_dump(exclude_defaults=True)),)


def _has_name(entry: object) -> bool:
    return isinstance(entry, dict) and isinstance(entry.get("name"), str)


def _written(entry: Any) -> WrittenField:
    required, later = (str(entry.get(key, "")).lower() in _TRUE for key in ("required", "later"))
    try:
        front = FieldFront.model_validate(entry)
    except ValidationError:
        front = None
    return WrittenField(entry["name"], str(entry.get("type", "text")), required, later, front)
