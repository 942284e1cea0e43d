"""Judge SES: whether it sends mails, and whether its reports on them reach the functions."""

from collections.abc import Iterator

from lodestone.doctor.findings import Finding, error, ok, warning
from lodestone.doctor.mail_facts import Account, MailEvents, Reputation

#: From this share of the daily quota on, a good day for the funnel may exceed it.
_NEAR = 0.8
_REASONS = ("BOUNCE", "COMPLAINT")
#: SES's event types that the functions act on, and those that only complete a lead's history.
NEEDED, USEFUL = ("BOUNCE", "COMPLAINT"), ("DELIVERY", "DELIVERY_DELAY", "REJECT", "RENDERING_FAILURE")

#: SES puts an account under review at 5 % bounces or 0.1 % complaints and may pause it at 10 % and 0.5 %; Gmail
#: and Yahoo ask for complaints under 0.1 % and turn senders away at 0.3 %, so the lower limit counts.
BOUNCES = (0.05, 0.10)
COMPLAINTS = (0.001, 0.003)


def judge_account(account: Account) -> Iterator[Finding]:
    """Judge whether SES sends for this account, and whether its quota suffices."""
    yield from _sandbox(account)
    if not account.sending or account.enforcement == "SHUTDOWN":
        yield error(
            "SES has paused sending for this account",
            "No lead gets any mail; those due now fail and are counted as not sent.",
            "read the open case in the SES console (Account dashboard), answer it, then resume",
            "aws sesv2 put-account-sending-attributes --sending-enabled",
        )
    elif account.enforcement != "HEALTHY":
        yield warning(
            f"SES has this account under review ({account.enforcement.lower()})",
            "Unless the cause is mended, SES stops all mails.",
            "read the open case in the SES console (Reputation metrics) and answer it",
        )
    yield _quota(account)


def _sandbox(account: Account) -> Iterator[Finding]:
    if account.production:
        return
    yield error(
        "the account is in the SES sandbox",
        "Mails reach only addresses that you verified in SES; every other lead hears nothing.",
        "ask for production access (SES console, Account dashboard); it takes a day or so",
        "aws sesv2 put-account-details --production-access-enabled --mail-type MARKETING "
        "--website-url https://YOUR.SITE",
    )


def _quota(account: Account) -> Finding:
    limits = f"{account.a_second:g} a second, {account.a_day:,.0f} a day"
    if account.a_day <= 0:  # -1 means no limit; `judge_account` reports an account that cannot send
        return ok(f"SES sends {account.a_second:g} mails a second; {account.sent:,.0f} in the last 24 hours")
    share = account.sent / account.a_day
    says = f"{account.sent:,.0f} mails in the last 24 hours, {share:.0%} of what SES allows ({limits})"
    remedy = "ask for a higher sending quota: Service Quotas console, Amazon SES, Sending quota"
    copy = (
        "aws service-quotas list-service-quotas --service-code ses",
        "aws service-quotas request-service-quota-increase --service-code ses --quota-code CODE "
        "--desired-value NUMBER",
    )
    if share >= 1:
        return error(says, "Mails due now are turned away until the 24 hours have moved on.", remedy, *copy)
    if share >= _NEAR:
        return warning(says, "A good day would exceed it, and mails would wait.", remedy, *copy)
    return ok(says)


def judge_suppression(account: Account, events: MailEvents | None) -> Finding:
    """Judge whether SES, as the table does, keeps further mails from addresses that bounced or complained."""
    command = "aws sesv2 put-account-suppression-attributes --suppressed-reasons BOUNCE COMPLAINT"
    missing = [each for each in _REASONS if each not in account.suppressed]
    if not missing:
        return ok("SES suppresses addresses that bounced or complained")
    lacking = " and ".join(each.lower() + "s" for each in missing)
    if events and set(missing) <= events.suppressed:
        return warning(
            f"the account does not suppress addresses after {lacking}; this stack's mails are covered by "
            "their configuration set",
            "Mails that something else sends from this account still go to dead addresses, and cost its standing.",
            "switch it on for the account",
            command,
        )
    return error(
        f"SES does not suppress addresses after {lacking}",
        "Mails keep going to dead addresses and to people who complained: the account's standing suffers for all.",
        "switch it on for the account",
        command,
    )


def judge_events(events: MailEvents | None) -> Iterator[Finding]:
    """Judge whether SES's reports on mails reach the feedback queue."""
    if events is None:
        yield error(
            "the stack's SES configuration set is gone",
            "Every mail is refused: it names a configuration set that is not there.",
            "deploy again: CloudFormation makes it anew once it is removed from the stack or mended by hand",
            "make deploy STACK={stack}",
        )
        return
    if not events.sending:
        yield error(
            f"sending is switched off for the configuration set {events.mail_set}",
            "Every mail is refused.",
            "switch it on",
            f"aws sesv2 put-configuration-set-sending-options --configuration-set-name {events.mail_set} "
            "--sending-enabled",
        )
    faults = [*_judge_types(events), *_judge_rule(events)]
    yield from faults or [ok("bounces, complaints and deliveries reach the funnel")]


def _judge_types(events: MailEvents) -> Iterator[Finding]:
    """Judge the event destination: which event types SES reports to EventBridge."""
    remedy = "deploy again: template.yaml has the event destination as it should be (MailEvents)"
    unheard = [each for each in NEEDED if each not in events.types]
    if unheard:
        yield error(
            f"SES does not report {' and '.join(unheard)} of this stack's mails",
            "Nobody learns that an address is dead or that a person complained: they go on being mailed.",
            remedy,
            "make deploy STACK={stack}",
        )
    missed = [each for each in USEFUL if each not in events.types]
    if missed and not unheard:
        yield warning(
            f"SES does not report {', '.join(missed)} of this stack's mails",
            "A lead's history has gaps, and a mail cut off by a crash stays of unknown fate.",
            remedy,
            "make deploy STACK={stack}",
        )


def _judge_rule(events: MailEvents) -> Iterator[Finding]:
    """Judge the rule on the event bus: it must be enabled, with the feedback queue as its target."""
    means = "Bounces and complaints are reported and heard by nobody: dead addresses go on being mailed."
    if not events.rule:
        yield error(
            "the rule that hands on SES's events is gone", means, "deploy again", "make deploy STACK={stack}"
        )
    elif not events.rule_enabled:
        yield error(
            "the rule that hands on SES's events is off",
            means,
            "switch it on",
            f"aws events enable-rule --name {events.rule}",
        )
    elif not any(each.rpartition(":")[2] == events.queue for each in events.targets):
        says = "the rule that hands on SES's events does not lead to the feedback queue"
        yield error(says, means, "deploy again", "make deploy STACK={stack}")


def judge_reputation(reputation: Reputation) -> Iterator[Finding]:
    """Compare the bounce and complaint rates with the limits of SES and of the mailbox providers."""
    if reputation.bounces is None and reputation.complaints is None:
        yield ok("no bounce or complaint rate yet: SES reckons them once mails go out")
    if reputation.bounces is not None:
        yield _rate(
            reputation.bounces,
            BOUNCES,
            "bounced",
            "where do the addresses come from? Look at the leads with `bounced`; double opt-in keeps typing errors out "
            "of the sequence",
        )
    if reputation.complaints is not None:
        yield _rate(
            reputation.complaints,
            COMPLAINTS,
            "were reported as spam",
            "mail less, and only what the form promised; look which mail they complain about, and pause that sequence",
        )


def _rate(rate: float, limits: tuple[float, float], did: str, remedy: str) -> Finding:
    near, over = limits
    says = f"{rate:.2%} of the mails {did} (review from {near:.1%}, stop from {over:.1%})"
    if rate >= over:
        return error(
            says, "SES may pause the account, and mailbox providers refuse or junk its mails.", remedy
        )
    if rate >= near:
        return warning(says, "SES reviews such accounts, and mails begin to land in the junk folder.", remedy)
    return ok(says)
