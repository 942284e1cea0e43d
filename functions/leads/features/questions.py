"""`questions`: a questionnaire in the form, scored on the server, with a result of its own for each lead.

The configuration is a questionnaire (`leads.questionnaire.tree`) and `"in_form": true`. What a form told is the
enrolment's `told["questions"]` (`leads.questionnaire.kept`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from html import escape
from typing import Any

from leads.enrolment import Enrolment
from leads.event_types import ITS_MAGNET, EventType, says
from leads.events import Event
from leads.feature import Action, Answer, Enrolled, Feature, PartOfForm, Visit, action_link
from leads.funnel import Funnel
from leads.lead import Lead
from leads.mail_text import may_be_link
from leads.placeholders import Html
from leads.posted import FieldError, Posted, is_ticked
from leads.questionnaire import words
from leads.questionnaire.form_values import form_values, hidden_inputs
from leads.questionnaire.kept import Kept, from_json, result_of, without_sensitive
from leads.questionnaire.result_page import result_values
from leads.questionnaire.tree import AFTER, SKIPPABLE, Questionnaire
from leads.questionnaire.tree import from_json as read_questionnaire
from leads.questionnaire.walk import Walk, walk
from leads.rules import Rules

KEY = "questions"

#: The button that shows the result without asking for an address, and the tick for sensitive answers.
ONLY_RESULT, SENSITIVE = "_only_result", "sensitive_consent"

#: The page of a result that no address is known for; its form asks for one.
UNSENT = "result-unsent"

_KEEP = (
    '<form class="replace" method="post"><input type="hidden" name="t" value="{}"><p>Another result of yours '
    "counts, and our letters go by that one.</p><button>Let this one count instead</button></form>"
)
_KEPT = '<p class="sent" role="status">This result counts from now on.</p>'

_STALE = (
    "The questions have changed since you opened this page. Your answers are kept where they still fit: "
    "look through them and send them again."
)


def questionnaire_of(funnel: Funnel) -> Questionnaire:
    """The questionnaire of a magnet. Raises KeyError if it has none."""
    return read_questionnaire(funnel.features[KEY])


def read_form(funnel: Funnel, posted: Posted) -> PartOfForm:
    """Walk the questionnaire along a posted form. An old page's edition is asked again, never scored by another."""
    asked = questionnaire_of(funnel)
    found = walk(asked, posted)
    errors = _errors(asked, found, posted)
    is_anonymous = asked.contact in (AFTER, SKIPPABLE) and bool(posted.get(ONLY_RESULT))
    if errors:
        values = form_values(asked, posted, found)
        if is_ticked(posted, SENSITIVE):
            values[f"checked:{SENSITIVE}"] = Html(" checked")
        return PartOfForm(errors, values=values, is_anonymous=is_anonymous)
    shown = result_of(asked, found)
    told, private = without_sensitive(asked, shown).to_json(), _private(asked, shown)
    values = result_values(asked, shown, funnel.title, _form_answers(funnel, posted))
    values["answers"] = hidden_inputs(asked, found, (SENSITIVE,) if is_ticked(posted, SENSITIVE) else ())
    if is_anonymous:
        return PartOfForm(answer=Answer(UNSENT, values), is_anonymous=True)
    part = PartOfForm(told=told, private=private, private_days=asked.keep_days)
    answer = Answer("result-sent", values) if asked.at_once else None
    if asked.contact != AFTER:  # the questions' page has the fields, too, for who mistypes the address
        return replace(part, values=form_values(asked, posted, found), answer=answer)
    return replace(part, values=values, answer=answer, form_page=UNSENT)


def _private(asked: Questionnaire, shown: Kept) -> dict[str, Any]:
    """The answers to sensitive questions as people read them, with what was agreed to; {} if none is to be kept."""
    names = [each.name for each in asked.questions if each.sensitive and each.name in shown.answers]
    if not names or not asked.keep_days:
        return {}
    answers = [
        [each.text, words.label_of(asked, each.name, shown.answers[each.name])]
        for each in asked.questions
        if each.name in names
    ]
    return {"consent": asked.sensitive_consent, "answers": answers}


def _errors(asked: Questionnaire, found: Walk, posted: Posted) -> tuple[FieldError, ...]:
    edition = (posted.get("_edition") or ("",))[-1]
    stale = [FieldError("", _STALE)] if edition != asked.edition else []
    wrong = [FieldError(name, message) for name, message in found.errors.items()]
    private = [each.name for each in found.visible if each.sensitive and each.name in found.answers]
    if private and not is_ticked(posted, SENSITIVE):
        message = "Tick the box to agree, or leave out the answers that it speaks of."
        wrong.append(FieldError(SENSITIVE, message))
    return (*stale, *wrong)


def _form_answers(funnel: Funnel, posted: Posted) -> Mapping[str, str]:
    """What was typed into the form's fields, for texts of the result that greet by name."""
    return {field.name: (posted.get(field.name) or ("",))[-1][:200] for field in funnel.fields}


def kept_of(enrolment: Enrolment, ask: int = 0) -> Kept | None:
    """The result that an enrolment holds, or that of the form that mail number `ask` answers; None if there is none."""
    told = enrolment.told
    if 1 <= ask <= len(enrolment.asks):
        told = enrolment.asks[ask - 1].told.get("told") or {}
    return from_json(told[KEY]) if KEY in told else None


def _show(visit: Visit) -> Answer:
    enrolled = visit.enrolled
    kept = kept_of(enrolled.enrolment, visit.number)
    if kept is None:
        values = {
            "heading": "There is no result yet",
            "text": "Answer the questions, and it stands here.",
            "link_href": enrolled.funnel.pages.get(KEY, enrolled.funnel.url),
            "link_label": enrolled.funnel.title,
        }
        return Answer("message", values)
    asked = questionnaire_of(enrolled.funnel)
    values = result_values(asked, kept, enrolled.funnel.title, enrolled.enrolment.answers)
    is_newer = kept_of(enrolled.enrolment) != kept
    values["keep"] = Html(_KEEP.format(escape(visit.token, quote=True))) if is_newer else Html("")
    return Answer("result", values)


def _keep(visit: Visit) -> Answer:
    """Let the result of the mail's form replace the one before. Whoever has the mail has proven the address."""
    enrolment, shown = visit.enrolled.enrolment, _show(visit)
    kept = kept_of(enrolment, visit.number)
    if kept is None:
        return shown
    answer = replace(shown, values={**shown.values, "keep": Html(_KEPT)})
    if kept == kept_of(enrolment):  # the button was pressed twice, or the link is that of no single form
        return answer
    told = enrolment.asks[visit.number - 1].told["told"][KEY]
    event = result_replaced(visit.enrolled.funnel.slug, visit.number, told, visit.now)
    return replace(answer, events=(event,))


def result_replaced(magnet: str, ask: int, told: Mapping[str, Any], at: datetime) -> Event:
    """The lead lets the result of another form count, that of ask number `ask`. They may change their mind again."""
    key = f"result_replaced#{magnet}#{ask}#{int(at.timestamp())}"
    return Event("result_replaced", at, key, magnet, {"ask": ask, "told": dict(told)})


def _replace(lead: Lead, event: Event, rules: Rules) -> Lead:
    current = lead.enrolments.get(event.magnet)
    told = event.data.get("told")
    return lead.with_enrolment(current.with_told({KEY: told})) if current and told else lead


def _facts(enrolled: Enrolled) -> Mapping[str, str]:
    kept = kept_of(enrolled.enrolment)
    return words.facts(questionnaire_of(enrolled.funnel), kept) if kept else {}


def _rows(enrolled: Enrolled) -> Sequence[tuple[str, str]]:
    kept = kept_of(enrolled.enrolment)
    return words.rows(questionnaire_of(enrolled.funnel), kept) if kept else ()


def _words(enrolled: Enrolled) -> Mapping[str, str]:
    """What mails print. Until the address is proven, nothing typed that could be a stranger's link."""
    kept = kept_of(enrolled.enrolment)
    if kept is None:
        return {}
    asked = questionnaire_of(enrolled.funnel)
    known = words.placeholders(asked, kept)
    if enrolled.enrolment.proven:
        return known
    # The words of options and outcomes are the author's, whatever they look like.
    chosen = {each.name for each in asked.questions if each.type != "text"}
    typed = kept.answers.keys() - chosen
    return {name: value for name, value in known.items() if name not in typed or not may_be_link(value)}


FEATURE = Feature(
    key=KEY,
    event_types=(
        EventType(
            "result_replaced",
            words=says("You let another result count"),
            change=_replace,
            is_sign_of_life=True,
            wakes=ITS_MAGNET,
        ),
    ),
    link_types=(
        action_link(
            KEY,
            "result",
            "result_url",
            timedelta(days=365),
            "shows the reader's result",
            numbered=True,
            not_in={"opt-in": "the result follows in the delivery mail; delete it"},
            needed_in="delivery",
            why_needed="it leads to what was promised; put it on a line of its own: `[Your result]({{ result_url }})`",
        ),
    ),
    actions=(Action("result", _show, _keep),),
    facts=_facts,
    words=_words,
    told=_rows,
    read_form=read_form,
)
