"""What no history may ever bring about: a mail twice, a lead or a mail lost, a mail after a no, an owner not told."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from aws.stock import TAKEN
from leads.decisions import Stop
from leads.drip import decide
from leads.enrolment import Enrolment
from leads.event_table import EVENT_TYPES
from leads.events import SendId
from leads.folding import fold
from leads.instants import parse_iso
from leads.lead import Lead
from leads.lesson_mails import STALLED_MAIL
from leads.mail_types import is_transactional
from leads.outbox import concerns_owner
from leads.rules import DEFAULT
from tests.faults.histories import History
from tests.faults.surveys import SLUG
from tests.world import World


def _asked_too_often(magnet: str, lead: Lead, world: World) -> bool:
    """Whether each form of a magnet came when the day's asks over all magnets were spent: then none counts."""
    asks = [ask.at for each in lead.enrolments.values() for ask in each.asks]
    forms = [each.at for each in world.events("submitted") if each.magnet == magnet]
    return bool(forms) and all(
        sum(1 for at in asks if timedelta(0) <= form - at < timedelta(days=1)) >= DEFAULT.asks_a_day_in_all
        for form in forms
    )


def wrongs(history: History) -> Iterator[str]:
    """What must never be, once all is calm; nothing where all is well."""
    world = history.world
    sent = Counter(each["send"].rpartition("_")[0] for each in world.sent)
    # What an erased lead was sent is forgotten with the rest; whoever asks anew is sent it anew.
    if not history.erased:
        yield from (f"{send} went out {count} times" for send, count in sent.items() if count > 1)
    if not history.promised or not history._known():
        return
    lead = fold(world.lead_id(), world.events(), DEFAULT)
    if not history.erased:
        yield from (
            f"{magnet}: the lead is lost"
            for magnet in history.promised
            if magnet not in lead.enrolments and not _asked_too_often(magnet, lead, world)
        )
    yield from _untold(history, lead)
    yield from _unfair(lead, world)
    for magnet, enrolment in lead.enrolments.items():
        yield from _miscounted(enrolment)
        yield from _unfinished(lead, magnet, enrolment, history)
        yield from _unwanted(enrolment, world)
    yield from _mistold(lead, history)


def _mistold(lead: Lead, history: History) -> Iterator[str]:
    """A survey's result that no form of the lead came to, or a mail for another outcome than theirs."""
    enrolment = lead.enrolments.get(SLUG)
    if enrolment is None or history.erased:
        return
    told = enrolment.told.get("questions")
    # A form that died after its write was kept, and nobody was told so: its visitor sends it again, or not.
    posted = [
        each.data["told"]["questions"] for each in history.world.events("submitted") if "told" in each.data
    ]
    if told not in posted:
        yield f"survey: nobody answered so: {told}"
    if any(each not in posted for each in history.results):
        yield "survey: a result that was promised is lost"
    mailed = {each.send.step for each in enrolment.attempts if each.send.step.startswith("for-")}
    outcomes = {f"for-{each['outcome']}" for each in posted}
    if not mailed <= outcomes:
        yield f"survey: mails for other outcomes: {mailed - outcomes}"


def _unfinished(lead: Lead, magnet: str, enrolment: Enrolment, history: History) -> Iterator[str]:
    """Mails that should have gone out and did not: nothing may be left to do after so long."""
    world = history.world
    decision = decide(lead, world.wiring.funnels_of(lead, magnet), magnet, world.time)
    if not isinstance(decision, Stop):
        yield f"{magnet}: still to do: {decision}"
    if enrolment.status != "confirmed" or lead.suppression or not enrolment.consent.get("given"):
        return
    if isinstance(decision, Stop) and decision.reason.startswith("asked whether to go on"):
        return  # silence is an answer
    if not enrolment.finished_at:
        yield f"{magnet}: the sequence never came to its end"
    ended = any(each.data.get("reason") for each in world.events("finished") if each.magnet == magnet)
    if not ended and not (history.edited and magnet == "guide"):
        funnel = world.wiring.funnels.funnel(magnet)
        settled = {each.send.step for each in enrolment.attempts} | {each.step for each in enrolment.skipped}
        yield from (f"{magnet}: {step.slug} never came" for step in funnel.steps if step.slug not in settled)


def _unfair(lead: Lead, world: World) -> Iterator[str]:
    """A second code or window for a lead, a code that is not noted as theirs, a mail about an offer that is over."""
    for type in ("claimed_code", "window_opened"):
        count = len(world.events(type))
        if count > 1:
            yield f"{count} times {type}"
    taken = [key[1] for key in world.items if key[1].startswith(TAKEN)]
    said = [TAKEN + each.data["code"] for each in world.events("claimed_code")]
    if len(taken) > 1 or (taken and said and taken != said):
        yield f"{taken} are taken, and the lead was told of {said}"
    for enrolment in lead.enrolments.values():
        offers = enrolment.features.get("deadline", {})
        ends = next((each["ends"] for each in offers.values() if each["ends"]), "")
        for each in world.sent:
            if ends and each["at"] >= parse_iso(ends) and each["step"] in ("one-day-left", "slow"):
                yield f"{each['step']} went out after the end"


def _miscounted(enrolment: Enrolment) -> Iterator[str]:
    """A course that is done and not completed, or a third reminder."""
    progress = enrolment.features.get("lessons")
    if progress and sum(each % 2 for each in progress.turns.values()) == 3 and not progress.completed_at:
        yield f"{enrolment.magnet}: all lessons are done, and the course was never completed"
    reminded = {each.send.ask for each in enrolment.attempts if each.send.step == STALLED_MAIL}
    if len(reminded) > 2:
        yield f"{enrolment.magnet}: the lead was reminded {len(reminded)} times"


def _unwanted(enrolment: Enrolment, world: World) -> Iterator[str]:
    """Mails after the lead said no."""
    if enrolment.status != "unsubscribed" or enrolment.ended_at is None:
        return
    for each in world.sent:
        send = SendId.parse(each["send"])
        # Instants are kept in milliseconds.
        late = each["at"] - enrolment.ended_at > timedelta(milliseconds=1)
        if late and send and send.magnet == enrolment.magnet and not is_transactional(send.step):
            yield f"{send} went out after the lead unsubscribed"


def _untold(history: History, lead: Lead) -> Iterator[str]:
    """What the owner was never told, though it was news still when all became calm."""
    events = history.world.events()
    told = {each.data["about"] for each in events if each.type == "owner_notified"}
    for each in events:
        is_news = history.calm_since - each.at < timedelta(days=7)
        notice = EVENT_TYPES[each.type].notice if concerns_owner(each.type) else None
        if notice and notice(each, lead) and is_news and each.key not in told:
            yield f"the owner was never told of {each.key}"
