"""`editions`: a lead ticks that they want to hear of the next edition, and is told of it once, by one mail.

The tick is a field of the form, so that it is confirmed, corrected and shown like every answer; its text is stored with
the ask (`leads.form.ticked_texts`). It is a consent of its own: the mail goes to leads who want no letters, too.

The configuration is `{"next": "/report-2027/"}`, "" while there is no next edition.
"""

from collections.abc import Mapping

from leads.feature import Enrolled, Feature, MailType

KEY = "editions"

#: The field of the tick.
TICK = "wants_edition"
NEW_EDITION = "new-edition"


def _is_wanted(enrolled: Enrolled) -> bool:
    return bool(enrolled.enrolment.answers.get(TICK))


def _asked_for(enrolled: Enrolled) -> tuple[int, ...]:
    """One mail, once there is a next edition: a tick asks for the next one, and not for all that follow."""
    return (1,) if enrolled.configuration(KEY).get("next") and _is_wanted(enrolled) else ()


def _facts(enrolled: Enrolled) -> Mapping[str, str]:
    return {"wanted": "yes" if _is_wanted(enrolled) else ""}


def _words(enrolled: Enrolled) -> Mapping[str, str]:
    """The address of the next edition; of this one while there is none, so that no link is empty."""
    funnel = enrolled.funnel
    return {"next_edition_url": funnel.base_url + (enrolled.configuration(KEY).get("next") or funnel.url)}


FEATURE = Feature(
    key=KEY,
    mail_types=(MailType(NEW_EDITION, "That a new edition is out", asked_for=_asked_for, in_bulk=True),),
    facts=_facts,
    words=_words,
)
