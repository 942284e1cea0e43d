"""SES's reports (through EventBridge and the feedback queue): each becomes one event of its lead.

They come in any order, late and more than once. Copies have the same event key and are stored once, and the
fold sorts events by their instant, so this handler need not read the lead.
"""

from typing import Any

from aws.ses_events import Ignored, read_report
from handlers.entry import LOGGER, on_lambda
from handlers.wiring import Wiring


def respond(event: dict[str, Any], wiring: Wiring) -> dict[str, Any]:
    """Handle each report on its own. SQS delivers those that fail again, at last to the dead-letter queue."""
    failed = []
    for record in event["Records"]:
        try:
            _note(record["body"], wiring)
        except Exception:
            LOGGER.exception("a mail report failed", message_id=record["messageId"])
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}


def _note(body: str, wiring: Wiring) -> None:
    report = read_report(body)
    if isinstance(report, Ignored):
        wiring.count("ReportUnknown" if report.unknown else "ReportIgnored")
        if report.unknown:
            LOGGER.warning("SES reports what we do not know", type=report.type)
    elif wiring.ledger.append(report.lead_id, report.event):
        wiring.count("Mail" + "".join(map(str.capitalize, report.event.type.split("_"))))


handler = on_lambda(respond, "ledger")
