"""What SES reports: each kind has its meaning, and neither order nor repetition has any."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leads import events
from leads.attempts import unsettled_mails
from leads.events import SendId
from leads.folding import fold
from leads.lead import Lead
from leads.rules import DEFAULT, SendingPolicy
from tests.hypothesis_profiles import examples
from tests.world import START, Crash, World

LEAD = "lead"
_PARTS = {"Rendering Failure": "failure", "DeliveryDelay": "deliveryDelay"}


def report(
    type: str, part: dict[str, Any], send: SendId, at: datetime, lead: str = LEAD, id: str = ""
) -> str:
    """A report as it lies in the feedback queue."""
    stamp = at.isoformat().replace("+00:00", "Z")
    tags = {"lead": [lead], "send": [str(send)], "ses:configuration-set": ["mail"]}
    mail = {"messageId": id or f"id-{send}", "timestamp": stamp, "tags": tags}
    detail = {"eventType": type, "mail": mail, _PARTS.get(type, type.lower()): {"timestamp": stamp, **part}}
    return json.dumps({"source": "aws.ses", "detail": detail})


def mail(number: int) -> SendId:
    return SendId("guide", f"mail-{number}", 0, 1)


def told(*reports: str) -> Lead:
    world = World()
    for each in reports:
        assert world.report(each) == {"batchItemFailures": []}
    return fold(LEAD, world.wiring.ledger.events(LEAD), DEFAULT)


def bounce(type: str, subtype: str) -> dict[str, str]:
    return {"bounceType": type, "bounceSubType": subtype, "feedbackId": "f"}


#: Each kind of report: the event it makes, its reason, and the suppression that one of them brings about.
MEANINGS = [
    ("Delivery", {"smtpResponse": "250 ok"}, "delivered", "", None),
    ("DeliveryDelay", {"delayType": "MailboxFull"}, "delayed", "MailboxFull", None),
    ("Reject", {"reason": "Bad content"}, "rejected", "Bad content", None),
    ("Rendering Failure", {"errorMessage": "no such field"}, "unrendered", "no such field", None),
    ("Bounce", bounce("Permanent", "General"), "bounced", "General", "bounced"),
    ("Bounce", bounce("Permanent", "NoEmail"), "bounced", "NoEmail", "bounced"),
    ("Bounce", bounce("Permanent", "Suppressed"), "bounced", "Suppressed", "bounced"),
    (
        "Bounce",
        bounce("Permanent", "OnAccountSuppressionList"),
        "bounced",
        "OnAccountSuppressionList",
        "bounced",
    ),
    ("Bounce", bounce("Transient", "General"), "bounced", "General", None),
    ("Bounce", bounce("Transient", "MailboxFull"), "bounced", "MailboxFull", None),
    ("Bounce", bounce("Transient", "ContentRejected"), "bounced", "ContentRejected", None),
    ("Bounce", bounce("Undetermined", "Undetermined"), "bounced", "Undetermined", None),
    ("Complaint", {"complaintFeedbackType": "abuse"}, "complained", "abuse", "complained"),
    ("Complaint", {"complaintFeedbackType": None}, "complained", "", "complained"),
    ("Complaint", {}, "complained", "", "complained"),
    ("Complaint", {"complaintFeedbackType": "not-spam"}, "not_spam", "not-spam", None),
    (
        "Complaint",
        {"complaintSubType": "OnAccountSuppressionList"},
        "bounced",
        "OnAccountSuppressionList",
        "bounced",
    ),
]


@pytest.mark.parametrize(("type", "part", "outcome", "reason", "suppression"), MEANINGS)
def test_each_report_has_its_meaning(type, part, outcome, reason, suppression):
    lead = told(report(type, part, mail(1), START))
    (attempt,) = lead.enrolments["guide"].attempts
    assert (attempt.outcome, attempt.reason) == (outcome, reason)
    assert (lead.suppression and lead.suppression.reason) == suppression


@pytest.mark.parametrize("type", ["Send", "Open", "Click", "Subscription"])
def test_what_is_not_used_is_passed_over(type):
    world = World()
    world.report(report(type, {}, mail(1), START))
    assert world.metrics == {"ReportIgnored": 1}
    assert not world.wiring.ledger.events(LEAD)


def test_what_is_not_known_is_counted_apart():
    world = World()
    world.report(report("Teleported", {}, mail(1), START))
    assert world.metrics == {"ReportUnknown": 1}


def test_a_mail_of_somebody_elses_in_the_same_account_is_passed_over():
    world = World()
    foreign = json.loads(report("Delivery", {}, mail(1), START))
    foreign["detail"]["mail"]["tags"] = {"ses:configuration-set": ["mail"]}
    world.report(json.dumps(foreign))
    assert world.metrics == {"ReportIgnored": 1}


# ── how many make a dead address ──────────────────────────────────────────────────────────────────────


def softly(numbers: range, subtype: str = "MailboxFull") -> list[str]:
    part = bounce("Transient", subtype)
    return [report("Bounce", part, mail(each), START + timedelta(days=each)) for each in numbers]


def test_five_soft_bounces_in_a_row_are_one_too_many():
    assert told(*softly(range(4))).suppression is None
    assert told(*softly(range(5))).suppression.reason == "unreachable"


def test_a_delivery_in_between_begins_the_row_anew():
    delivered = report("Delivery", {}, mail(9), START + timedelta(days=3, hours=1))
    assert told(*softly(range(8)), delivered).soft_bounces == 4


def test_an_answer_from_somebody_on_holiday_is_none():
    """It comes as a soft bounce, after the delivery of the mail that it answers."""
    deliveries = [
        report("Delivery", {}, mail(each), START + timedelta(days=each, minutes=-1)) for each in range(20)
    ]
    assert told(*softly(range(20), "General"), *deliveries).suppression is None


def test_a_mail_that_comes_back_twice_counts_once():
    twice = [
        report("Bounce", bounce("Transient", "General"), mail(1), START + timedelta(minutes=each))
        for each in range(9)
    ]
    assert told(*twice).soft_bounces == 1


@pytest.mark.parametrize("subtype", ["MessageTooLarge", "ContentRejected", "AttachmentRejected"])
def test_what_was_wrong_with_the_mails_says_nothing_of_the_address(subtype):
    assert told(*softly(range(9), subtype)).suppression is None


def test_a_soft_bounce_does_not_hide_a_hard_one_of_the_same_mail():
    hard = report("Bounce", bounce("Permanent", "NoEmail"), mail(1), START + timedelta(hours=1))
    assert told(*softly(range(1, 2)), hard).suppression.reason == "bounced"


def test_a_complaint_that_is_taken_back_is_lifted_and_a_bounce_is_not():
    taken_back = report(
        "Complaint", {"complaintFeedbackType": "not-spam"}, mail(1), START + timedelta(days=1)
    )
    complaint = report("Complaint", {"complaintFeedbackType": "abuse"}, mail(1), START)
    assert told(taken_back, complaint).suppression is None
    hard = report("Bounce", bounce("Permanent", "General"), mail(1), START)
    assert told(taken_back, hard).suppression.reason == "bounced"


# ── any order, any number of times ────────────────────────────────────────────────────────────────────

_reports = st.lists(
    st.builds(
        lambda meaning, number, minute: report(
            meaning[0], meaning[1], mail(number), START + timedelta(minutes=minute)
        ),
        st.sampled_from(MEANINGS),
        st.integers(0, 6),
        st.integers(0, 50),
    ),
    max_size=14,
)


@examples(1.5)
@given(_reports, st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(reports, random):
    reports = list({json.dumps(_identity(each)): each for each in reports}.values())
    shuffled = [*reports, *random.choices(reports, k=5)] if reports else []
    random.shuffle(shuffled)
    assert told(*shuffled) == told(*reports)


def _identity(body: str) -> list:
    """What makes two reports of SES the same one; SES does not give two reasons for one bounce at one instant."""
    detail = json.loads(body)["detail"]
    return [detail["eventType"], detail["mail"]["messageId"], detail["mail"]["timestamp"]]


# ── the ledger's unknowns ─────────────────────────────────────────────────────────────────────────────


def crash_after_ses_took_it(world: World) -> dict:
    """The worker dies with the mail gone out and nothing noted; what is left of its message comes too early."""
    world.sign_up()
    world.time += timedelta(days=2)
    world.fire_schedules()
    body, sent, points = world.messages.pop(), len(world.sent), 0
    while len(world.sent) == sent:
        points += 1
        before = dict(world.items)
        world.arm(points)
        with pytest.raises(Crash):
            world.deliver_message(body)
        world.arm(None)
        if len(world.sent) == sent:
            world.items = before
    world.restart()
    world.deliver_message(body)
    return world.sent[-1]


def in_question(world: World) -> list[str]:
    lead = fold(world.lead_id(), world.wiring.ledger.events(world.lead_id()), DEFAULT)
    found = unsettled_mails(lead.enrolments["guide"], world.time, SendingPolicy())
    return [each.send.step for each in found]


@pytest.mark.parametrize(("type", "part", "outcome", "reason", "suppression"), MEANINGS)
def test_a_report_settles_what_the_worker_could_not_tell(type, part, outcome, reason, suppression):
    world = World()
    lost = crash_after_ses_took_it(world)
    world.time += timedelta(minutes=16)
    assert in_question(world) == ["first"]
    send = SendId.parse(lost["send"])
    world.report(report(type, part, send, world.time, lost["lead"], lost["id"]))
    assert in_question(world) == []
    world.advance(days=30)
    rest = [] if suppression else ["second"]
    assert world.mails() == ["opt-in", "delivery", "first", *rest]


def test_without_a_report_it_stays_in_question_and_is_not_sent_again():
    world = World()
    crash_after_ses_took_it(world)
    world.advance(days=30)
    assert in_question(world) == ["first"]
    assert world.mails() == ["opt-in", "delivery", "first", "second"]


# ── after an erasure ──────────────────────────────────────────────────────────────────────────────────


def erased_after_delivery() -> tuple[World, dict]:
    world = World()
    world.sign_up()
    world.time += timedelta(minutes=5)
    world.wiring.ledger.append(world.lead_id(), events.erased(world.time, "lead"))
    world.settle()
    return world, world.sent[-1]


@pytest.mark.parametrize("late", [False, True])
def test_a_report_after_an_erasure_stores_nothing_of_the_person(late):
    world, delivery = erased_after_delivery()
    at = world.time + timedelta(minutes=-2 if late else 2)
    send = SendId.parse(delivery["send"])
    world.report(
        report("Delivery", {"recipients": delivery["to"]}, send, at, delivery["lead"], delivery["id"])
    )
    world.time += timedelta(days=1)
    world.settle()
    world.reconcile()
    lead = fold(delivery["lead"], world.wiring.ledger.events(delivery["lead"]), DEFAULT)
    assert not lead.enrolments
    assert "example.com" not in str([item for key, item in world.items.items() if key[0].startswith("LEAD#")])


def test_a_complaint_after_an_erasure_still_counts():
    world, delivery = erased_after_delivery()
    send, at = SendId.parse(delivery["send"]), world.time + timedelta(minutes=2)
    world.report(report("Complaint", {}, send, at, delivery["lead"], delivery["id"]))
    lead = fold(delivery["lead"], world.wiring.ledger.events(delivery["lead"]), DEFAULT)
    assert lead.suppression.reason == "complained"
