"""Judge the queues, triggers, alarms and quotas of a stack."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from lodestone.doctor.findings import Finding, error, ok, warning
from lodestone.doctor.stack_facts import Alarm, Queue, Schedules, Subscription, Trigger
from lodestone.formats.counts import counted
from lodestone.formats.spans import rounded_span

#: A queued mail is due. If it waits for minutes, the worker works off a burst; if it waits longer, there is a fault.
_LATE, _STUCK = timedelta(minutes=10), timedelta(hours=1)
#: Slots of sequences are given an hour ahead. If that hour is full, mails move to another time of day or, if the quota
#: is spent, to another day.
_BACKLOG = timedelta(minutes=55)
#: The same for first mails: people who just signed up look into their inbox now.
_FIRST_LATE, _FIRST_STUCK = timedelta(minutes=1), timedelta(minutes=10)
#: Lambda's quota in a new account, and one that a busy site can live with. The usual quota is 1,000.
_NEW_ACCOUNT, _ENOUGH = 10, 100
#: The share of a quota at which to ask for more: an increase takes days.
_NEAR = 0.8


def judge_first_queue(queue: Queue) -> Finding:
    """Judge whether the mails that leads wait for go out at once."""
    means = "Double opt-in mails that come late are not confirmed."
    return _mails(queue, "first mail", _FIRST_LATE, _FIRST_STUCK, means)


def judge_drip_queue(queue: Queue) -> Finding:
    """Judge whether due mails of sequences go out. A mail that has a slot is not counted before its slot."""
    return _mails(queue, "mail of sequences", _LATE, _STUCK, "Leads get their mails late.")


def _mails(queue: Queue, what: str, late: timedelta, stuck: timedelta, means: str) -> Finding:
    number, age = queue.waiting + queue.in_flight, queue.oldest
    if not number:
        return ok(f"no {what} is waiting to be sent")
    mails = f"{number:,} {what if number == 1 else what.replace('mail', 'mails', 1)}"
    if age is None or age < late:
        return ok(f"{mails} being sent" + (f", the oldest due {rounded_span(age)} ago" if age else ""))
    return (error if age >= stuck else warning)(
        f"{mails} waiting to be sent, the oldest for {rounded_span(age)}",
        means,
        "see why DripFunction is throttled or fails",
        "sam logs --name DripFunction --stack-name {stack} --tail",
    )


def judge_backlog(ahead: timedelta) -> Finding:
    """Judge whether SES accepts the mails of sequences as fast as they become due."""
    if ahead < _LATE:
        return ok("mails of sequences go out when they are due")
    says = f"mails of sequences wait for SES: the next free slot is {rounded_span(ahead)} ahead"
    if ahead < _BACKLOG:
        return ok(says)
    return warning(
        says,
        "Leads get mails of sequences so much later; those who sign up do not wait for them.",
        "ask SES for a higher rate and quota, or see whether SendRate or WarmUpSince hold them back",
    )


def judge_drip_dead_letters(queue: Queue) -> Finding:
    """Judge the messages that the drip worker gave up."""
    return _dead_letters(
        queue,
        "drip messages",
        "So many leads wait for a mail that does not come.",
        "DripFunction",
        "then hand them back; the ledger keeps every mail to once",
    )


def judge_feedback_dead_letters(queue: Queue) -> Finding:
    """Judge the reports of SES that could not be stored."""
    return _dead_letters(
        queue,
        "reports of SES",
        "Somebody may be mailed who bounced or complained.",
        "FeedbackFunction",
        "then hand them back; reports may come in any order",
    )


def _dead_letters(queue: Queue, what: str, means: str, function: str, then: str) -> Finding:
    if not queue.waiting + queue.in_flight:
        return ok(f"no {what} were given up")
    return error(
        _given_up(queue, what),
        means,
        f"the log of {function} says why; mend it, {then}",
        f"sam logs --name {function} --stack-name {{stack}} --filter ERROR",
        f"aws sqs start-message-move-task --source-arn {queue.arn}",
    )


def judge_stream_dead_letters(queue: Queue) -> Finding:
    """Judge the batches that `react` gave up. They only name a place in the stream, so nothing can be sent again."""
    what = "batches of new events"
    if not queue.waiting + queue.in_flight:
        return ok(f"no {what} were given up")
    return error(
        _given_up(queue, what),
        "The first mail of those leads comes only with the daily reconcile.",
        "the log of ReactFunction says why; mend it, let reconcile derive what is missing, then empty the queue",
        "sam logs --name ReactFunction --stack-name {stack} --filter ERROR",
        "sam remote invoke ReconcileFunction --stack-name {stack}",
        f"aws sqs purge-queue --queue-url {queue.url}",
    )


def _given_up(queue: Queue, what: str) -> str:
    age = f", the oldest {rounded_span(queue.oldest)} old" if queue.oldest else ""
    return f"{queue.waiting + queue.in_flight:,} {what} were given up{age}"


#: What a stopped trigger means for leads, by its source.
_STOPPED = {
    "first queue": "Whoever signs up gets no mail.",
    "drip queue": "No mail of a sequence goes out.",
    "feedback queue": "Bounces and complaints are not read: dead addresses go on being mailed.",
    "table stream": "New leads get no first mail before the daily reconcile.",
}


def judge_triggers(triggers: Iterable[Trigger]) -> Iterator[Finding]:
    """Judge whether queues and stream invoke their functions."""
    faults = [each for each in triggers if each.state not in ("Enabled", "Enabling", "Creating", "Updating")]
    for each in faults:
        if each.id:
            yield error(
                f"the trigger of the {each.source} is {each.state.lower()}",
                _STOPPED[each.source],
                "switch it on",
                f"aws lambda update-event-source-mapping --uuid {each.id} --enabled",
            )
        else:
            yield error(
                f"the {each.source} starts no function",
                _STOPPED[each.source],
                "deploy again: template.yaml has the trigger",
                "make deploy STACK={stack}",
            )
    if not faults:
        yield ok("queues and stream start their functions")


def judge_alarms(alarms: tuple[Alarm, ...]) -> Iterator[Finding]:
    """Judge the stack's alarms: which ring, which are switched off, and whether one is missing."""
    if not alarms:
        yield warning(
            "the stack has no alarms",
            "Nobody is told when mails stop.",
            "deploy again: template.yaml has them",
            "make deploy STACK={stack}",
        )
        return
    for each in alarms:
        if each.state == "ALARM":
            yield error(f"the alarm {each.name} rings", each.description, "see CloudWatch, Alarms")
    silent = [each.name for each in alarms if not each.acts]
    if silent:
        yield warning(
            f"{counted(len(silent), 'alarm')} tell nobody: actions are off",
            "A fault goes unnoticed until leads complain.",
            "switch them on",
            f"aws cloudwatch enable-alarm-actions --alarm-names {' '.join(silent)}",
        )
    if not any(each.metric == "IteratorAge" for each in alarms):
        yield warning(
            "no alarm watches the age of the table's stream",
            "New leads could wait for their first mail unnoticed.",
            "deploy again: template.yaml has it",
            "make deploy STACK={stack}",
        )
    if not silent and all(each.state != "ALARM" for each in alarms):
        yield ok(f"{counted(len(alarms), 'alarm')} set, none rings")


def judge_subscriptions(subscriptions: tuple[Subscription, ...]) -> Iterator[Finding]:
    """Judge whether alarms are sent to anybody."""
    told = [each for each in subscriptions if each.confirmed]
    pending = [each.endpoint for each in subscriptions if not each.confirmed]
    if told:
        yield ok(f"alarms are told to {', '.join(each.endpoint for each in told)}")
    for each in pending:
        yield warning(
            f"{each} has not confirmed that it wants the alarms",
            "It is told nothing" + ("." if told else ", and nobody else is: a fault goes unnoticed."),
            "press the link in the mail from AWS Notifications; it is valid for two days. Where it is lost, ask anew",
            f"aws sns subscribe --topic-arn {{topic}} --protocol email --notification-endpoint {each}",
        )
    if not subscriptions:
        yield warning(
            "nobody is told when an alarm rings",
            "A fault goes unnoticed until leads complain.",
            "deploy with an address, then press the link in the mail that comes",
            "make deploy STACK={stack} DEPLOY='--parameter-overrides AlarmEmail=YOU@YOUR.DOMAIN'",
        )


def judge_concurrency(quota: int) -> Finding:
    """Judge Lambda's quota of concurrent invocations. New accounts have ten for all functions together."""
    says = f"Lambda runs at most {quota:,} functions at once in this account"
    ask = (
        "ask for 1,000; it costs nothing and takes a day or so",
        "aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 "
        "--desired-value 1000",
    )
    if quota <= _NEW_ACCOUNT:
        reserving = " WorkerConcurrency cannot be deployed either: reserving must leave ten free."
        means = "A burst of visitors is turned away at the form, and mails and forms crowd each other out."
        return warning(says, means + reserving, *ask)
    if quota < _ENOUGH:
        return warning(says, "A busy hour may turn visitors away at the form.", *ask)
    return ok(says)


def judge_schedules(schedules: Schedules) -> Finding:
    """Judge the quota of schedules: each lead that waits for a mail has one schedule."""
    if schedules.at_most < _NEAR * schedules.quota:
        return ok(f"schedules are far from their quota of {schedules.quota:,.0f}")
    return warning(
        f"schedules may come near their quota of {schedules.quota:,.0f}: the table has {schedules.at_most:,} items",
        "Past it the next mail is not scheduled; the daily reconcile tries again.",
        "see the count in use, and ask for more: Service Quotas console, EventBridge Scheduler",
    )
