"""Read the facts about SES: the account, the identity, the configuration set and where its events go."""

from dataclasses import dataclass
from datetime import timedelta

from lodestone.doctor.sources import Sources, output
from lodestone.stack.errors import AwsError

#: SES publishes reputation metrics only when mails go out, so the latest may be some days old.
_REPUTATION_WINDOW = timedelta(days=7)
#: The logical id of the rule in template.yaml that forwards SES's events.
MAIL_EVENTS_RULE = "MailEventsRule"


@dataclass(frozen=True, slots=True)
class Account:
    """What SES lets this account do in this region. Quotas are in mails."""

    production: bool
    sending: bool
    enforcement: str  # HEALTHY, PROBATION, SHUTDOWN
    a_day: float  # -1: no limit
    a_second: float
    sent: float  # in the last 24 hours
    suppressed: frozenset[str]  # the reasons that put an address on the account's suppression list


@dataclass(frozen=True, slots=True)
class Identity:
    """A domain or address that SES may send from."""

    name: str
    verified: bool
    signing: bool
    dkim: str  # SUCCESS, PENDING, FAILED, TEMPORARY_FAILURE, NOT_STARTED
    tokens: tuple[str, ...]
    zone: str  # where the tokens' CNAMEs point
    mail_from: str  # "" if SES's own domain is used
    mail_from_status: str
    rejects_without_mail_from: bool


@dataclass(frozen=True, slots=True)
class MailEvents:
    """How SES's reports reach the functions. `types` reach EventBridge; `rule` is "" if there is none."""

    mail_set: str
    sending: bool
    suppressed: frozenset[str]
    types: frozenset[str]
    rule: str
    rule_enabled: bool
    targets: tuple[str, ...]  # ARNs
    queue: str  # the name of the feedback queue


@dataclass(frozen=True, slots=True)
class Reputation:
    """Shares of the mails sent, 0.05 being 5 %; None if SES published none in the last seven days."""

    bounces: float | None
    complaints: float | None


def look_at_account(sources: Sources) -> Account:
    """Read the state of the account in SES, in the stack's region."""
    seen = sources.ask("sesv2", "get_account")
    quota = seen.get("SendQuota", {})
    return Account(
        production=seen.get("ProductionAccessEnabled", False),
        sending=seen.get("SendingEnabled", False),
        enforcement=seen.get("EnforcementStatus", "HEALTHY"),
        a_day=quota.get("Max24HourSend", 0.0),
        a_second=quota.get("MaxSendRate", 0.0),
        sent=quota.get("SentLast24Hours", 0.0),
        suppressed=frozenset(seen.get("SuppressionAttributes", {}).get("SuppressedReasons", ())),
    )


def look_at_identity(sources: Sources) -> Identity | None:
    """Read the identity that the stack was deployed with; None if SES does not know it."""
    try:
        seen = sources.ask("sesv2", "get_email_identity", EmailIdentity=sources.identity)
    except AwsError as refused:
        if refused.code == "NotFoundException":
            return None
        raise
    dkim, mail_from = seen.get("DkimAttributes", {}), seen.get("MailFromAttributes", {})
    return Identity(
        name=sources.identity,
        verified=seen.get("VerifiedForSendingStatus", False),
        signing=dkim.get("SigningEnabled", False),
        dkim=dkim.get("Status", "NOT_STARTED"),
        tokens=tuple(dkim.get("Tokens", ())),
        zone=dkim.get("SigningHostedZone") or "dkim.amazonses.com",
        mail_from=mail_from.get("MailFromDomain", ""),
        mail_from_status=mail_from.get("MailFromDomainStatus", ""),
        rejects_without_mail_from=mail_from.get("BehaviorOnMxFailure") == "REJECT_MESSAGE",
    )


def look_at_events(sources: Sources) -> MailEvents | None:
    """Read the configuration set, its event destination and the rule; None if there is no such set."""
    name = output(sources.stack.mail_set, "MailSetName")
    try:
        mail_set = sources.ask("sesv2", "get_configuration_set", ConfigurationSetName=name)
    except AwsError as refused:
        if refused.code == "NotFoundException":
            return None
        raise
    rule, enabled, targets = _rule(sources)
    return MailEvents(
        mail_set=name,
        sending=mail_set.get("SendingOptions", {}).get("SendingEnabled", True),
        suppressed=frozenset(mail_set.get("SuppressionOptions", {}).get("SuppressedReasons", ())),
        types=_reported(sources, name),
        rule=rule,
        rule_enabled=enabled,
        targets=targets,
        queue=output(sources.stack.feedback_queue_url, "FeedbackQueueUrl").rpartition("/")[2],
    )


def _reported(sources: Sources, name: str) -> frozenset[str]:
    """Return the event types that reach EventBridge."""
    seen = sources.ask("sesv2", "get_configuration_set_event_destinations", ConfigurationSetName=name)
    return frozenset(
        kind
        for each in seen.get("EventDestinations", ())
        if each.get("Enabled") and each.get("EventBridgeDestination")
        for kind in each.get("MatchingEventTypes", ())
    )


def _rule(sources: Sources) -> tuple[str, bool, tuple[str, ...]]:
    """Return the rule's name, whether it is enabled, and its targets."""
    try:
        seen = sources.ask(
            "cloudformation",
            "describe_stack_resource",
            StackName=sources.stack.name,
            LogicalResourceId=MAIL_EVENTS_RULE,
        )
        name = seen["StackResourceDetail"]["PhysicalResourceId"].rpartition("|")[2]
        state = sources.ask("events", "describe_rule", Name=name).get("State")
        targets = sources.ask("events", "list_targets_by_rule", Rule=name).get("Targets", ())
    except AwsError as refused:
        if refused.code in ("ValidationError", "ResourceNotFoundException"):
            return "", False, ()
        raise
    return name, state == "ENABLED", tuple(each["Arn"] for each in targets)


def look_at_reputation(sources: Sources) -> Reputation:
    """Read the latest bounce and complaint rates that SES published for the account."""
    names = {"bounces": "Reputation.BounceRate", "complaints": "Reputation.ComplaintRate"}
    now = sources.now()
    seen = sources.ask(
        "cloudwatch",
        "get_metric_data",
        MetricDataQueries=[
            {
                "Id": id,
                "MetricStat": {
                    "Metric": {"Namespace": "AWS/SES", "MetricName": metric},
                    "Period": 3600,
                    "Stat": "Maximum",
                },
            }
            for id, metric in names.items()
        ],
        StartTime=now - _REPUTATION_WINDOW,
        EndTime=now,
        ScanBy="TimestampDescending",
    )
    latest = {each["Id"]: next(iter(each.get("Values", ())), None) for each in seen["MetricDataResults"]}
    return Reputation(latest.get("bounces"), latest.get("complaints"))
