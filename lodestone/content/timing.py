"""When mails go out, as an author wrote it: checked against the dates there are, quiet hours, and each other."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from leads.mail_types import MAIL_TYPES
from leads.timing import CONFIRMED, is_quiet
from leads.wall_clock import instant, parse_hour
from lodestone.content.model import Document, MailSource
from lodestone.content.places import Place, key_place, snippet_place, value_place
from lodestone.content.problems import Problems
from lodestone.content.schema import SiteFront
from lodestone.content.times import ByDate, parse_moment
from lodestone.content.validate import did_you_mean
from lodestone.content.written_form import WrittenField

_TIMING_KEYS = ("after", "due", "at", "days", "not_after")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_DAY = timedelta(days=1)
_PAST_HELP = "nobody who comes now gets a mail before it; write its next date, or delete it with its mails"
#: Stands for a reader's own date where only the order of the mails matters.
_ANY_DAY = datetime(2000, 1, 3, tzinfo=UTC)


@dataclass(frozen=True)
class DatedPlace:
    """A date of a magnet, by its name, and where it is written."""

    name: str
    day: date
    place: Place


@dataclass(frozen=True)
class KnownDates:
    """The dates that mails of a magnet can count from: its own, with their values, and those of its readers.

    `asked` are date fields of the form. `other_fields` are its other fields, with their types; `of_features` are
    instants that the magnet's features set for each reader.
    """

    own: Mapping[str, datetime | date | None]  # None: it could not be read, which is reported already
    asked: tuple[str, ...]
    other_fields: Mapping[str, str]
    of_features: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all dates, each once."""
        return tuple(dict.fromkeys((*self.own, *self.asked, *self.of_features, CONFIRMED)))

    def is_day(self, name: str) -> bool:
        """Whether a date has no hour."""
        found = self.own.get(name)
        return (
            not isinstance(found, datetime) and found is not None if name in self.own else name in self.asked
        )


def known_dates(
    doc: Document, fields: Sequence[WrittenField], of_features: tuple[str, ...] = ()
) -> KnownDates:
    """The dates of a magnet as written, also of one whose front matter has problems: its mails are checked anyway."""
    written = doc.meta.get("dates")
    values = written if isinstance(written, dict) else {}
    names = [str(path[1]) for path in doc.key_marks if len(path) == 2 and path[0] == "dates"]
    asked = tuple(each.name for each in fields if each.type == "date")
    others = {each.name: each.type for each in fields if each.type != "date"}
    return KnownDates({name: _moment(values.get(name)) for name in names}, asked, others, of_features)


def check_mail_keys(step: str, doc: Document, problems: Problems) -> None:
    """Check that a mail of a sequence says once when it goes out, and a mail that answers the reader does not."""
    written = [key for key in _TIMING_KEYS if (key,) in doc.key_marks]
    if step in MAIL_TYPES:
        for key in written:
            message = f"the {step} mail goes out at once; it has no `{key}`"
            problems.add(key_place(doc, (key,)), message, "delete the line")
        return
    for key in written:
        if key not in doc.meta:
            problems.add(key_place(doc, (key,)), f"`{key}` is empty", "write something, or delete the line")
    if "after" in written and "due" in written:
        help = "keep `after`, counted from the mail before, or `due`, counted from a date"
        problems.add(key_place(doc, ("due",)), "this mail says twice when it goes out", help)
    elif "after" not in written and "due" not in written:
        help = (
            "add `after: 2 days`, counted from the mail before, or `due: 1 day before …`, counted from a date"
        )
        problems.add(key_place(doc, ()), "this mail does not say when it goes out", help)


def check_dates(
    doc: Document, dates: KnownDates, site: SiteFront | None, problems: Problems
) -> tuple[DatedPlace, ...]:
    """Check the names of the magnet's own dates, and that their hours exist. Return their places."""
    found = []
    for name, moment in dates.own.items():
        path = ("dates", name)
        if name not in doc.meta["dates"]:
            problems.add(key_place(doc, path), f"`{name}` is empty", "write a date, or delete the line")
        trouble = _name_trouble(name, dates)
        if trouble:
            problems.add(key_place(doc, path), *trouble)
        if site and isinstance(moment, datetime) and not _exists(moment, site.time_zone):
            message = f"there is no such hour in {site.time_zone}: the clocks are put forward over it"
            problems.add(value_place(doc, path), message, "write the hour that the clocks show then")
        if moment:
            found.append(DatedPlace(name, _day(moment), value_place(doc, path)))
    return tuple(found)


def warn_of_past(dates: Iterable[DatedPlace], today: date, problems: Problems) -> None:
    """Warn of dates before `today`: the only check whose result changes while no file does."""
    for each in dates:
        if each.day < today:
            problems.warn(each.place, f"`{each.name}` is past", _PAST_HELP)


def check_timing(
    mails: Sequence[MailSource], dates: KnownDates, site: SiteFront | None, problems: Problems
) -> None:
    """Check each mail against the known dates and quiet hours, and the order of all of them."""
    sequence = [mail for mail in mails if mail.step not in MAIL_TYPES]
    for mail in sequence:
        _check_hour(mail, site, problems)
        if mail.front.due:
            _check_by_date(mail, mail.front.due, dates, problems)
        if mail.front.not_after:
            place = value_place(mail.doc, ("not_after",))
            _check_is_date(mail.front.not_after, dates, place, problems)
    _check_order(sequence, dates, ZoneInfo(site.time_zone if site else "UTC"), problems)


def _day(moment: datetime | date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _moment(value: object) -> datetime | date | None:
    try:
        return parse_moment(value)
    except ValueError:
        return None


def _name_trouble(name: str, dates: KnownDates) -> tuple[str, str] | None:
    if not _NAME.fullmatch(name):
        help = "use up to 40 small letters, digits and `_`, a letter first: `open_evening`"
        return f"`{name}` cannot be the name of a date", help
    if name == CONFIRMED:
        return f"the name `{name}` is taken: it is when a reader confirmed", "choose another name"
    if name in dates.of_features:
        return f"the name `{name}` is taken: a feature of the magnet sets it", "choose another name"
    if name in dates.asked or name in dates.other_fields:
        return f"the name `{name}` is taken: a field of the form has it", "choose another name"
    return None


def _exists(moment: datetime, zone: str) -> bool:
    if moment.tzinfo:
        return True
    time_zone = ZoneInfo(zone)
    return instant(moment, time_zone).astimezone(time_zone).replace(tzinfo=None) == moment


def _check_hour(mail: MailSource, site: SiteFront | None, problems: Problems) -> None:
    quiet, at = site.sending.quiet_hours if site else None, mail.front.at
    if at and quiet and is_quiet(parse_hour(at), quiet):
        help = f"quiet hours are {'-'.join(quiet)} (`sending.quiet_hours` in site/site.yaml): choose another hour"
        problems.add(value_place(mail.doc, ("at",)), f"no mail goes out at `{at}`", help)


def _check_by_date(mail: MailSource, due: ByDate, dates: KnownDates, problems: Problems) -> None:
    place = _place_of_name(mail.doc, due.anchor)
    if _check_is_date(due.anchor, dates, place, problems):
        _check_hours(mail, due, dates.is_day(due.anchor), place, problems)


def _check_is_date(name: str, dates: KnownDates, place: Place, problems: Problems) -> bool:
    """Whether the magnet has a date of that name; report it if not."""
    if name in dates.other_fields:
        type = dates.other_fields[name]
        help = f"give the field `type: date`, or count from one of {', '.join(dates.names)}"
        problems.add(place, f"`{name}` is a field of type `{type}`, and no date", help)
        return False
    if name not in dates.names:
        help = did_you_mean(name, dates.names, "add it under `dates:` in magnet.md; dates there are")
        problems.add(place, f"there is no date `{name}`", help)
        return False
    return True


def _place_of_name(doc: Document, name: str) -> Place:
    """Find the date's name in `due:`: the last occurrence, for a date may be called `before`."""
    place, end = snippet_place(doc, ("due",), name)
    while True:
        following, further = snippet_place(doc, ("due",), name, end)
        if further == end:
            return place
        place, end = following, further


def _check_hours(mail: MailSource, due: ByDate, is_day: bool, place: Place, problems: Problems) -> None:
    """The hour comes from the date or from `at`, and from one of them alone."""
    by_hours = bool(due.offset % _DAY.total_seconds())
    if is_day and by_hours:
        help = 'count in days or weeks, and name the hour with `at: "09:00"`'
        problems.add(place, f"`{due.anchor}` is a day without an hour: hours cannot be counted from it", help)
    elif is_day and not mail.front.at:
        help = 'say at what hour the mail goes out: add `at: "09:00"`'
        problems.add(place, f"`{due.anchor}` is a day without an hour, and this mail has none either", help)
    elif by_hours and mail.front.at:
        help = "delete the line, or count in days"
        problems.add(key_place(mail.doc, ("at",)), "`due` says the hour already", help)


def _check_order(
    mails: Sequence[MailSource], dates: KnownDates, time_zone: ZoneInfo, problems: Problems
) -> None:
    """Report a mail that is due before one that stands earlier: it would always be too late."""
    latest: dict[str, tuple[datetime, MailSource]] = {}
    for mail in mails:
        due = mail.front.due
        if due is None or due.anchor not in dates.names:
            continue
        group = "" if due.anchor in dates.own else due.anchor
        moment = _roughly(due, mail.front.at, dates.own.get(due.anchor), time_zone)
        before = latest.get(group)
        if before and moment < before[0]:
            name = before[1].doc.path.name
            help = "mails go out in the order of their files: give this one a smaller number"
            problems.add(
                value_place(mail.doc, ("due",)),
                f"this mail is due before `{name}`, and stands behind it",
                help,
            )
        else:
            latest[group] = moment, mail


def _roughly(due: ByDate, at: str | None, moment: datetime | date | None, time_zone: ZoneInfo) -> datetime:
    """When a mail is due for a reader in the site's zone, without days and quiet hours."""
    if moment is None:
        day = _ANY_DAY
    elif isinstance(moment, datetime):
        day = moment if moment.tzinfo else moment.replace(tzinfo=time_zone)
    else:
        day = datetime.combine(moment, time(), time_zone)
    counted = day + timedelta(seconds=due.offset)
    return datetime.combine(counted.date(), parse_hour(at), counted.tzinfo) if at else counted
