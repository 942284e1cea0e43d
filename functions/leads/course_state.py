"""What the parts of the feature `lessons` ask of an enrolment: its syllabus, its progress, when it began, and where."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from leads.event_types import state_of
from leads.feature import Enrolled
from leads.instants import zone
from leads.progress import NONE, Progress
from leads.syllabus import Syllabus, syllabus_of

#: The key of the feature, and the action that shows lessons and marks them.
KEY, READ = "lessons", "read"


def progress_of(enrolled: Enrolled) -> Progress:
    """How far the learner is."""
    found: Progress = state_of(enrolled.enrolment, KEY, NONE)
    return found


def syllabus_for(enrolled: Enrolled) -> Syllabus:
    """The course's lessons as they are published now."""
    return syllabus_of(enrolled.configuration(KEY))


def zone_of(enrolled: Enrolled) -> ZoneInfo:
    """The learner's time zone, else the site's."""
    return zone(enrolled.lead.time_zone, enrolled.funnel.time_zone)


def begun_at(enrolled: Enrolled) -> datetime:
    """When the learner enrolled: the confirmation that opened the course, else the last form."""
    enrolment = enrolled.enrolment
    asked = enrolment.asks[-1].at if enrolment.asks else datetime.min.replace(tzinfo=UTC)
    return enrolment.enrolled_at or asked
