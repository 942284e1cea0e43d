"""What features ask for in a form beside its fields, read together (`leads.feature.PartOfForm`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from leads.funnel import Funnel
from leads.posted import FieldError, Posted

if TYPE_CHECKING:
    from leads.feature import Answer


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of all features of a form; none for most magnets. `told` is by feature.

    `private` is what is kept apart, with the number of days. `form_page` is the page that shows the form again.
    """

    errors: tuple[FieldError, ...] = ()
    told: Mapping[str, Any] = field(default_factory=dict)
    private: tuple[tuple[Mapping[str, Any], int], ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    answer: "Answer | None" = None
    is_anonymous: bool = False
    form_page: str = "form"


def read_parts(funnel: Funnel, posted: Posted) -> Parts:
    """Read the parts of the features that have one. The first answer is shown."""
    keys = [key for key, each in funnel.features.items() if isinstance(each, Mapping) and each.get("in_form")]
    if not keys:
        return Parts()
    from leads.features import FEATURES  # here, so that capture does not load the features for other magnets

    readers = {key: FEATURES[key].read_form for key in keys if key in FEATURES}
    found = {key: reader(funnel, posted) for key, reader in readers.items() if reader}
    parts = found.values()
    errors = tuple(error for each in parts for error in each.errors)
    pages = (each.form_page for each in parts if each.form_page != "form" and not errors)
    return Parts(
        errors=errors,
        told={key: each.told for key, each in found.items() if each.told},
        private=tuple((each.private, each.private_days) for each in parts if each.private),
        values={name: value for each in parts for name, value in each.values.items()},
        answer=next((each.answer for each in parts if each.answer), None),
        is_anonymous=any(each.is_anonymous for each in parts),
        form_page=next(pages, "form"),
    )
