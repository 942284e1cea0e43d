"""Pages that a function fills and serves: the form with its errors, and the pages behind links in mails."""

from leads import placeholders
from leads.correction import correctable
from leads.funnel import Funnel, asked_first
from lodestone.content.model import Magnet
from lodestone.render.form import make_form_with_placeholders
from lodestone.render.look import Look

#: The site-wide pages; each is templates/service/<name>.html. It names its placeholders by calling `placeholder`.
SERVICE_PAGES = ("confirm", "preferences", "download", "message", "stay", "data", "erase", "erased")


def render_service_pages(look: Look) -> dict[str, placeholders.Parts]:
    """The site-wide service pages by name, ready to be filled.

    confirm, stay: title, action, token. preferences: heading, text, choices, series, action, token. download: title,
    items. message: heading, text, link_href, link_label. data: notice, person, magnets, file, erase. erase: fault,
    action, token. erased: nothing.
    """
    return {name: _render(look, f"service/{name}.html") for name in SERVICE_PAGES}


def render_form_page(look: Look, magnet: Magnet, funnel: Funnel) -> placeholders.Parts:
    """The magnet's form alone, for an answer that the visitor has to correct.

    Slots: `summary`; per field `value:`, `error:`, `invalid:` and its name, or `checked:`/`selected:` with name
    and value; the same for `consent`; `value:_landing`, `value:_referrer`, `value:_tz`.
    """
    form = make_form_with_placeholders(magnet.front, look.site.front, funnel, asked_first(funnel))
    return _render(look, "form_page.html", magnet=magnet, front=magnet.front, funnel=funnel, form=form)


def render_answers_page(look: Look, magnet: Magnet, funnel: Funnel) -> placeholders.Parts:
    """Render the form's questions without the address, for a lead who corrects their answers.

    Slots: those of `render_form_page`'s fields, `action`, `token` and `email`.
    """
    form = make_form_with_placeholders(magnet.front, look.site.front, funnel, correctable(funnel))
    return _render(look, "answers_page.html", magnet=magnet, front=magnet.front, funnel=funnel, form=form)


def _render(look: Look, template: str, **context: object) -> placeholders.Parts:
    return placeholders.split(look.render(template, placeholder=placeholders.mark, page_url="", **context))
