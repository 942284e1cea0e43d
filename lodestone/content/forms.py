"""The form's rules beyond its schema: a lead must be reachable, and page and server must read it alike."""

from collections import Counter

from leads.link_types import LINK_TYPES
from lodestone.content.countries import COUNTRIES
from lodestone.content.model import Document, KeyPath
from lodestone.content.patterns import pattern_trouble
from lodestone.content.places import key_place, value_place
from lodestone.content.problems import Problems
from lodestone.content.schema import FieldFront, FormFront, MagnetFront, SiteFront
from lodestone.content.written_form import default_field

CONTACT_TYPES = ("email", "phone")
CHOICE_TYPES = ("select", "radio", "checkboxes")
#: Types that have options, but need none of the author's.
_MAY_CHOOSE = ("country", "hidden")

#: The placeholders of every mail; a field of the same name would be hidden by them.
MAIL_VARIABLES = ("email", "title", "site_name", "sender_name", "page_url", *LINK_TYPES)


def with_default_field(front: MagnetFront, site: SiteFront | None) -> MagnetFront:
    """Add the default field to a form that has no fields."""
    if front.form.fields:
        return front
    field = default_field(site.language if site else "en")
    return front.model_copy(update={"form": front.form.model_copy(update={"fields": [field]})})


def check_form(form: FormFront, doc: Document, has_site_consent: bool, problems: Problems) -> None:
    """Check the rules of a form that its schema cannot express."""
    if not form.consent and not has_site_consent:
        problems.add(
            key_place(doc, ("form",)),
            "no consent: a lead must agree to something before a mail may be sent",
            "add `consent:` with `text: …` under `form:`, or for all magnets under `defaults:` in site/site.yaml",
        )
    _check_contacts(form.fields, doc, problems)
    counts = Counter(field.name for field in form.fields)
    for index, field in enumerate(form.fields):
        path = ("form", "fields", index)
        if counts[field.name] > 1:
            problems.add(
                value_place(doc, (*path, "name")), f"two fields are named `{field.name}`", "name each once"
            )
        _check_name(field, path, doc, problems)
        _check_options(field, path, doc, problems)
        if field.later:
            _check_later(field, path, doc, problems)
        if field.type == "hidden" and field.required:
            message = (
                f"`{field.name}` is hidden and required: whoever comes without it could never send the form"
            )
            problems.add(value_place(doc, (*path, "required")), message, "delete `required: true`")
        if field.pattern:
            _check_pattern(field, path, doc, problems)
        _check_errors(field, path, doc, problems)


def _check_contacts(fields: list[FieldFront], doc: Document, problems: Problems) -> None:
    contacts = [(index, field) for index, field in enumerate(fields) if field.type in CONTACT_TYPES]
    if fields and not contacts:
        help = "add a field with `type: email` (or `type: phone`) and `required: true`"
        problems.add(key_place(doc, ("form", "fields")), "the form asks for no address to answer to", help)
    for kind in CONTACT_TYPES:
        same = [index for index, field in contacts if field.type == kind]
        for index in same[1:]:
            place = value_place(doc, ("form", "fields", index, "type"))
            problems.add(place, f"a second field of type `{kind}`", "a form has at most one of each")
    if len(contacts) == 1 and not contacts[0][1].required:
        index, field = contacts[0]
        place = value_place(doc, ("form", "fields", index, "name"))
        problems.add(
            place, f"`{field.name}` is the only way to reach the lead, and optional", "add `required: true`"
        )


def _check_name(field: FieldFront, path: KeyPath, doc: Document, problems: Problems) -> None:
    taken = field.name == "consent" or (field.name in MAIL_VARIABLES and field.name != "email")
    if field.name == "email" and field.type != "email":
        place, message = value_place(doc, (*path, "name")), "a field named `email` must be of `type: email`"
        problems.add(place, message, "add `type: email`, or choose another name")
    elif taken:
        owner = (
            "the consent's tick has it" if field.name == "consent" else f"mails say `{{{{ {field.name} }}}}`"
        )
        place = value_place(doc, (*path, "name"))
        problems.add(place, f"the name `{field.name}` is taken: {owner}", "choose another name")


def _check_options(field: FieldFront, path: KeyPath, doc: Document, problems: Problems) -> None:
    if field.type in CHOICE_TYPES and not field.options:
        help = "add `options:` with one entry a line, each behind `- `"
        problems.add(value_place(doc, (*path, "type")), f"a {field.type} field without options", help)
    elif field.options and field.type not in (*CHOICE_TYPES, *_MAY_CHOOSE):
        message = f"a field of type `{field.type}` has no options"
        help = f"delete `options:`, or choose a type that has some: {', '.join(CHOICE_TYPES)}"
        problems.add(key_place(doc, (*path, "options")), message, help)
    values = Counter(each if isinstance(each, str) else each.value for each in field.options)
    for value, count in values.items():
        if count > 1:
            place = key_place(doc, (*path, "options"))
            problems.add(place, f"`{value}` is offered {count} times", "offer each option once")
        if field.type == "country" and value not in COUNTRIES:
            place = key_place(doc, (*path, "options"))
            problems.add(place, f"`{value}` is no country's code", _country_help(value))


def _country_help(written: str) -> str:
    """What to write instead of a country's name, or of a code that does not exist."""
    if written.upper() in COUNTRIES:
        return f"write codes in capital letters: `{written.upper()}`"
    named = next((code for code, name in COUNTRIES.items() if name.lower() == written.lower()), "")
    if named:
        return f"write its code, `{named}`; visitors read its name"
    return "write the two letters of ISO 3166-1, such as `DE` or `GB`"


def _check_later(field: FieldFront, path: KeyPath, doc: Document, problems: Problems) -> None:
    """Report a field that cannot be asked later."""
    name, help = f"`{field.name}`", "delete `later: true`"
    if field.type in CONTACT_TYPES:
        message = f"{name} cannot be asked later: it is how we reach the lead"
    elif field.type == "hidden" or field.prefill:
        message = f"{name} cannot be asked later: it is filled in from the address of the landing page"
    elif field.required:
        message = f"{name} is asked later, when nobody has to answer, and required"
        help = "delete one of the two; a condition may ask whether it `is given`"
    else:
        return
    problems.add(value_place(doc, (*path, "later")), message, help)


def _check_errors(field: FieldFront, path: KeyPath, doc: Document, problems: Problems) -> None:
    """Warn of an error text that nobody can ever read."""
    if field.errors.missing and not field.required and field.type not in CONTACT_TYPES:
        help = "add `required: true`, or delete `missing:`"
        place = key_place(doc, (*path, "errors", "missing"))
        problems.warn(place, f"`{field.name}` may stay empty, so nobody reads this", help)
    takes_all = field.type in ("text", "textarea") and (not field.pattern or field.pattern_message)
    if field.errors.invalid and (takes_all or field.type == "hidden"):
        reason = "`pattern_message` is said instead" if field.pattern_message else "no answer is refused here"
        place = key_place(doc, (*path, "errors", "invalid"))
        problems.warn(place, f"nobody reads this: {reason}", "delete one of the two, or add a `pattern:`")


def _check_pattern(field: FieldFront, path: KeyPath, doc: Document, problems: Problems) -> None:
    trouble = pattern_trouble(field.pattern)
    if trouble:
        help = "browser and server both check a pattern; use only what both read alike"
        problems.add(value_place(doc, (*path, "pattern")), trouble, help)
