"""`more_questions`: fields of the form that are not asked at first, but later, behind a link that every mail may carry.

The page asks what is still missing and prints nothing that is stored, as mails are passed on. For the same reason an
answer that is there is never replaced: a lead puts it right on the page with their data (`leads.correction`).

The configuration is `{"fields": ["role", …]}`: the names of those fields (`Field.later`).
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from leads.event_types import ITS_MAGNET, EventType, says
from leads.events import Event
from leads.feature import Action, Answer, Enrolled, Feature, Visit, action_link
from leads.funnel import Field
from leads.lead import Lead
from leads.placeholders import Html
from leads.rules import Rules

KEY = "more_questions"
_ACTION = "answer"

#: The magnet's page with the questions. It fills `heading`, `action`, `token`, `skip:<field>` and those of a form.
PAGE = "more-questions"


def told_more(magnet: str, at: datetime, answers: Mapping[str, str]) -> Event:
    """The lead answered questions that the form had not asked. The same answers on one day are the same event."""
    digest = hashlib.sha256(json.dumps(answers, sort_keys=True).encode()).hexdigest()[:16]
    return Event(
        "told_more", at, f"told_more#{magnet}#{at:%Y%m%d}#{digest}", magnet, {"answers": dict(answers)}
    )


def missing_fields(enrolled: Enrolled) -> tuple[Field, ...]:
    """The later questions that this lead has not answered, in the form's order."""
    names = set(enrolled.configuration(KEY).get("fields", ())) - enrolled.enrolment.answers.keys()
    return tuple(each for each in enrolled.funnel.fields if each.name in names)


def _take_missing(lead: Lead, event: Event, rules: Rules) -> Lead:
    """Add the answers that are not there yet."""
    enrolment = lead.enrolments.get(event.magnet)
    if enrolment is None:
        return lead
    told: Mapping[str, str] = event.data.get("answers") or {}
    new = {name: value for name, value in told.items() if name not in enrolment.answers}
    return lead.with_enrolment(enrolment.with_answers(new))


def _show(visit: Visit) -> Answer:
    missing = missing_fields(visit.enrolled)
    return _form(visit, missing, {}, 200) if missing else _nothing_left(visit)


def _do(visit: Visit) -> Answer:
    missing = missing_fields(visit.enrolled)
    if not missing:
        return _nothing_left(visit)
    values, errors = visit.form.read(missing)
    answers = {name: value for name, value in values.items() if value}
    if not errors and not answers and _repeats(visit):
        return _thanks(visit)
    if not errors and not answers:
        errors = {"": "Answer one question at least, or close the page."}
    if errors:
        return _form(visit, missing, visit.form.page_values(errors), 422)
    return _thanks(visit, told_more(visit.enrolled.funnel.slug, visit.now, answers))


def _repeats(visit: Visit) -> bool:
    """Whether only questions are answered that were answered before: the button was pressed twice."""
    names = visit.enrolled.configuration(KEY)["fields"]
    return any(value.strip() for name in names for value in visit.posted.get(name, ()))


def _thanks(visit: Visit, *events: Event) -> Answer:
    text = (
        "They stand beside what you told us before. To see them or to put them right, follow “Less mail, or your data” "
        "at the foot of any mail."
    )
    return _message(visit, "Thank you for the answers", text, *events)


def _form(visit: Visit, missing: Sequence[Field], values: Mapping[str, str], status: int) -> Answer:
    """The page. A question that is answered is neither shown nor sent."""
    asked = {each.name for each in missing}
    skipped = (name for name in visit.enrolled.configuration(KEY)["fields"] if name not in asked)
    page = {
        **values,
        **{f"skip:{name}": Html(" hidden disabled") for name in skipped},
        "heading": _heading(len(asked)),
        "action": f"/api/do/{visit.enrolled.funnel.slug}/{KEY}/{_ACTION}",
        "token": visit.token,
    }
    return Answer(PAGE, page, status)


def _heading(count: int) -> str:
    words = ("", "One", "Two", "Three", "Four", "Five", "Six")
    number = words[count] if count < len(words) else str(count)
    return f"{number} more question{'s' if count > 1 else ''}"


def _nothing_left(visit: Visit) -> Answer:
    text = "You have answered everything that we wanted to ask. There is nothing more for you to do here."
    return _message(visit, "There are no more questions", text)


def _message(visit: Visit, heading: str, text: str, *events: Event) -> Answer:
    funnel = visit.enrolled.funnel
    link = {"link_href": funnel.url, "link_label": f"To the page about {funnel.title}"}
    return Answer("message", {"heading": heading, "text": text, **link}, events=events)


FEATURE = Feature(
    key=KEY,
    event_types=(
        EventType(
            "told_more",
            says("You answered more questions"),
            _take_missing,
            is_activity=True,
            is_sign_of_life=True,
            wakes=ITS_MAGNET,
            points=10,
        ),
    ),
    link_types=(
        action_link(
            KEY,
            _ACTION,
            "more_url",
            timedelta(days=90),
            "asks what the form did not",
            not_in={"opt-in": "who has not confirmed is asked nothing more; delete it"},
            needed_somewhere="fields with `later: true` are asked behind `[Answer a question]({{ more_url }})`",
        ),
    ),
    actions=(Action(_ACTION, _show, _do),),
    changing=frozenset({"missing"}),
    facts=lambda enrolled: {"missing": str(len(missing_fields(enrolled)))},
)
