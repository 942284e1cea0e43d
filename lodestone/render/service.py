"""Pages that a function fills and serves: the form with its errors, and the pages behind links in mails."""

from leads import slots
from leads.funnel import Funnel
from lodestone.content.model import Magnet
from lodestone.render.form import make_form_with_slots
from lodestone.render.look import Look

#: The site-wide pages; each is templates/service/<name>.html. Its slots are the names it hands to `slot`.
SERVICE_PAGES = ("confirm", "unsubscribe", "unsubscribed", "download", "message")


def render_service_pages(look: Look) -> dict[str, slots.Parts]:
    """The site-wide service pages by name, ready to be filled.

    confirm: title, action, token. unsubscribe: action, token. unsubscribed: nothing. download: title, items.
    message: heading, text, link_href, link_label.
    """
    return {name: _render(look, f"service/{name}.html") for name in SERVICE_PAGES}


def render_form_page(look: Look, magnet: Magnet, funnel: Funnel) -> slots.Parts:
    """The magnet's form alone, for an answer that the visitor has to correct.

    Slots: `summary`; per field `value:`, `error:`, `invalid:` and its name, or `checked:`/`selected:` with name
    and value; the same for `consent`; `value:_landing`, `value:_referrer`, `value:_tz`.
    """
    form = make_form_with_slots(magnet.front, look.site.front, funnel)
    return _render(look, "form_page.html", magnet=magnet, front=magnet.front, funnel=funnel, form=form)


def _render(look: Look, template: str, **context: object) -> slots.Parts:
    return slots.split(look.render(template, slot=slots.mark, page_url="", **context))
