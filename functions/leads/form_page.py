"""The values of the form page's placeholders: the form as the visitor left it, each error beside its field."""

from collections.abc import Mapping, Sequence
from html import escape

from leads.funnel import Funnel
from leads.placeholders import Html
from leads.posted import FieldError, Posted, is_ticked

_CARRIED = ("_landing", "_referrer", "_tz")


def page_values(funnel: Funnel, posted: Posted, errors: Sequence[FieldError], landing: str) -> dict[str, str]:
    """What fills the page that `lodestone.render` compiled for this funnel (its placeholders are named there)."""
    values: dict[str, str] = {"summary": _summary(errors)}
    for field in funnel.fields:
        given = posted.get(field.name, ())
        values[f"value:{field.name}"] = given[-1] if given else ""
        for option in field.options:
            if option.value in given:
                values[f"checked:{field.name}:{option.value}"] = Html(" checked")
                values[f"selected:{field.name}:{option.value}"] = Html(" selected")
    for error in errors:
        name = error.field
        values[f"invalid:{name}"] = Html(' aria-invalid="true"')
        values[f"error:{name}"] = Html(
            f'<p class="field-error" id="{name}-error">{escape(error.message)}</p>'
        )
    if is_ticked(posted) and not any(error.field == "consent" for error in errors):
        values["checked:consent"] = Html(" checked")
    values.update({f"value:{name}": (posted.get(name) or ("",))[-1] for name in _CARRIED})
    # The next post's Referer is this page, so the form carries the landing page.
    values["value:_landing"] = landing
    return values


def _summary(errors: Sequence[FieldError]) -> Html:
    if not errors:
        return Html("")
    count = "One thing needs" if len(errors) == 1 else f"{len(errors)} things need"
    items = "".join(
        f'<li><a href="#{each.field or "form"}">{escape(each.message)}</a></li>' for each in errors
    )
    return Html(
        f'<div class="error-summary" role="alert" tabindex="-1"><h2>{count} your attention</h2><ul>{items}</ul></div>'
    )


def error_answer(errors: Sequence[FieldError]) -> Mapping[str, object]:
    """The same errors for a client that asked for JSON."""
    return {"ok": False, "errors": [{"field": each.field, "message": each.message} for each in errors]}
