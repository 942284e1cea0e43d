"""What `check` refuses of an offer: an end that is unclear or was put off in silence, a false reduction, bad codes."""

from datetime import datetime, timedelta

from leads.instants import zone
from leads.moment_words import full_moment_in_words
from lodestone.content.announced import NAME, Announced, read_announced
from lodestone.content.endings import Ending
from lodestone.content.model import KeyPath, Mark
from lodestone.content.places import Place, key_place, top_of, value_place
from lodestone.content.problems import Problems
from lodestone.features.deadline_front import CODE, DeadlineFront
from lodestone.features.feature import Reading

#: More codes than this are no list that one person keeps in a file, and too much to read at each claim.
_MOST_CODES = 20_000

#: An offer under a new name that ends sooner than this after the last one is that one, put off.
_PAUSE = timedelta(days=30)

LAW = "to say falsely that an offer is for a limited time only is banned (Directive 2005/29/EC, Annex I, point 7)"


def check_deadline(reading: Reading, front: DeadlineFront, site_zone: str) -> datetime | None:
    """Check the keys against each other, the clock and what was announced; the end, None if it is not fixed."""
    _check_pairs(reading, front)
    _check_price(reading, front)
    ends = _instant(reading, front.ends, ("ends",), site_zone) if front.ends else None
    was = front.extended
    first = _instant(reading, was.was, ("extended", "was"), site_zone) if was else None
    _check_announced(reading, front, ends, first)
    return ends


def offer_name(reading: Reading, front: DeadlineFront) -> str:
    """Return the offer's name: as written, else the magnet's slug."""
    return front.offer or reading.folder.name


def code_list(reading: Reading) -> tuple[str, ...]:
    """Read the file that `codes:` names: one code a line, blank lines and those with `#` in front left out."""
    doc, problems = reading.doc, reading.problems
    written = doc.meta.get("codes")
    if not isinstance(written, str) or not written.strip():
        return ()
    found, message, help = reading.finder.find(doc.path.parent, written.strip())
    if found is None:
        problems.add(value_place(doc, ("codes",)), message, help)
        return ()
    text = reading.finder.read(found).decode("utf-8-sig", "replace")
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1)]
    codes: dict[str, int] = {}
    for number, line in lines:
        if line and not line.startswith("#"):
            _check_code(Place(found, Mark(number, 1, len(line)), line), line, codes, problems)
            codes.setdefault(line, number)
    if not codes:
        problems.add(top_of(found), "this list has no codes", "write one code a line")
    if len(codes) > _MOST_CODES:
        message = f"{len(codes)} codes are more than this takes"
        problems.add(top_of(found), message, f"keep {_MOST_CODES}, or write `code: generated`")
    return tuple(codes)


def _check_code(where: Place, code: str, known: dict[str, int], problems: Problems) -> None:
    if not CODE.fullmatch(code):
        problems.add(where, f"`{code}` cannot be a code", "use 3 to 40 letters, digits, `-` and `_`")
    elif code in known:
        message = f"`{code}` stands in line {known[code]} already"
        problems.add(where, message, "two leads must not get the same code; delete one of the lines")


def _check_pairs(reading: Reading, front: DeadlineFront) -> None:
    """Of two keys that say different things of the same, one is to go; of two that need each other, none may lack."""
    doc, problems = reading.doc, reading.problems
    if front.ends and front.window:
        help = "keep `ends`, one instant for all, or `window`, counted from each lead's confirmation"
        problems.add(key_place(doc, ("window",)), "this offer ends in two ways", help)
    if front.code and front.codes:
        help = "keep `code`, one for all or `generated`, or `codes`, a list with one for each"
        problems.add(key_place(doc, ("codes",)), "this offer has two sorts of codes", help)
    if not (front.code or front.codes or front.shop):
        help = "add `shop:` with its address, `code:`, or both"
        problems.add(key_place(doc, ("kind",)), "this offer leads nowhere and has no code", help)
    if front.extended and not front.ends:
        help = "an offer without `ends` cannot be put off; delete the lines"
        problems.add(key_place(doc, ("extended",)), "nothing is extended here", help)


def _check_price(reading: Reading, front: DeadlineFront) -> None:
    """Check a reduction: Directive 98/6/EC, Article 6a, measures it from the lowest price of the last 30 days."""
    price, doc, problems = front.price, reading.doc, reading.problems
    if price is None:
        return
    known = [each for each in (price.now, price.later, price.was, price.lowest_30_days) if each]
    if len({each.currency for each in known}) > 1:
        help = "write all prices in one currency; a second shop has a magnet of its own"
        problems.add(key_place(doc, ("price",)), "these prices are in different currencies", help)
        return
    if price.was and not price.lowest_30_days:
        message = "a former price needs the lowest of the last 30 days beside it"
        help = "add `lowest_30_days: …` (Directive 98/6/EC, Article 6a), or delete `was`"
        problems.add(value_place(doc, ("price", "was")), message, help)
    if price.later and price.later.amount <= price.now.amount:
        message = f"{price.later} is no more than {price.now}"
        help = "`later` is the price after the end; delete it where the price stays"
        problems.add(value_place(doc, ("price", "later")), message, help)
    for name, former in (("was", price.was), ("lowest_30_days", price.lowest_30_days)):
        if former and former.amount <= price.now.amount:
            message = f"{price.now} is no reduction from {former}"
            help = "correct the price, or delete `was` and `lowest_30_days`: nothing is reduced"
            problems.add(value_place(doc, ("price", name)), message, help)
    if price.was and price.lowest_30_days and price.lowest_30_days.amount > price.was.amount:
        message = f"the lowest price of the last 30 days is above the former one, {price.was}"
        problems.add(value_place(doc, ("price", "lowest_30_days")), message, "correct one of the two")


def _instant(reading: Reading, ending: Ending, path: KeyPath, site_zone: str) -> datetime | None:
    """Return the one instant that is meant; report an hour that the clocks skip or show twice."""
    found, where = ending.instants(site_zone), value_place(reading.doc, path)
    if not found:
        message = f"there is no such hour in {ending.where(site_zone)}: the clocks are put forward over it"
        reading.problems.add(where, message, "write the hour that the clocks show then")
    elif len(found) > 1:
        message = f"there are two such hours in {ending.where(site_zone)}: the clocks are put back over it"
        offset = found[0].astimezone(ending.where(site_zone)).strftime("%z")
        help = f"say which: `{ending.moment:%Y-%m-%d %H:%M}{offset[:3]}:{offset[3:]}` is the first"
        reading.problems.add(where, message, help)
    elif not (ending.moment.hour or ending.moment.minute):
        help = "readers take midnight for the one that ends the day; write `23:59` of the day before"
        reading.problems.warn(where, "an end at 00:00 is misread by a day", help)
    return found[0] if found else None


def _check_announced(
    reading: Reading, front: DeadlineFront, ends: datetime | None, was: datetime | None
) -> None:
    """Refuse an end that is put off without saying so, under the same name or, before its time, under another."""
    doc, problems, name = reading.doc, reading.problems, offer_name(reading, front)
    ledger = _ledger(reading)
    place_of_end = value_place(doc, ("ends",) if front.ends else ("window",))
    if front.ends and ends is None:
        return
    if was and ends and was >= ends:
        place = value_place(doc, ("extended", "was"))
        problems.add(place, "this is not before the end", "write the end that was announced before")
        return
    own = [each.ends for each in ledger if each.offer == name]
    earlier = max((each for each in own if ends is None or each < ends), default=None)
    if earlier and was != earlier:
        told = _told(earlier, reading)
        message = f"visitors were told that this offer ends on {told}"
        remedy = f"`extended: {{was: {_written(earlier, reading)}, reason: …}}`"
        help = f"keep that end, or have the page say why not, by {remedy}; {LAW}"
        if ends is None:
            help = f"write that end again: a time of each reader's own has none; {LAW}"
        problems.add(value_place(doc, ("extended", "was")) if was else place_of_end, message, help)
    elif ends and own and ends < own[-1]:
        message = f"visitors were told that this offer ends on {_told(own[-1], reading)}"
        problems.warn(place_of_end, message, "whoever counted on that comes too late; keep that end")
    _check_new_name(reading, ledger, name, place_of_end, ends)


def _check_new_name(
    reading: Reading, ledger: tuple[Announced, ...], name: str, where: Place, ends: datetime | None
) -> None:
    """Refuse a new name for the same offer, with which its end would begin anew without a word."""
    others = [each for each in ledger if each.offer != name]
    if not others or any(each.offer == name for each in ledger):
        return
    last = others[-1]
    pause = (ends - last.ends) if ends else None
    message = f"the offer `{last.offer}` of this page was announced to end on {_told(last.ends, reading)}"
    if pause is not None and pause < _PAUSE:
        help = f"a new name does not make it a new offer; keep the name and write `extended:`; {LAW}"
        reading.problems.add(where, message, help)
    else:
        help = "a new one may begin once the usual price was asked for a while"
        reading.problems.warn(where, message, help)


def _ledger(reading: Reading) -> tuple[Announced, ...]:
    path = reading.folder / NAME
    if NAME not in reading.finder.listing(reading.folder):
        return ()
    text = reading.finder.read(path).decode("utf-8", "replace")
    try:
        return read_announced(text)
    except ValueError as error:
        number = int(str(error))
        line = text.splitlines()[number - 1]
        help = "`publish` writes this file; take the line back as it was"
        where = Place(path, Mark(number, 1, max(1, len(line))), line)
        reading.problems.add(where, "this line cannot be read", help)
        return ()


def _told(at: datetime, reading: Reading) -> str:
    return full_moment_in_words(at, zone(reading.site.time_zone if reading.site else ""))


def _written(at: datetime, reading: Reading) -> str:
    """Return an instant as an author writes it, on the site's clock."""
    local = at.astimezone(zone(reading.site.time_zone if reading.site else ""))
    return f"{local:%Y-%m-%d %H:%M}"
