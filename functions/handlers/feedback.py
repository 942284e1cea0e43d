"""SES's reports (through EventBridge and the feedback queue): each becomes one event of its lead."""

from typing import Any

from aws.feed import read_report
from handlers.entry import LOGGER, on_lambda
from handlers.wiring import Wiring


def respond(event: dict[str, Any], wiring: Wiring) -> dict[str, Any]:
    """Handle each report on its own; those that fail come back, and end in the dead-letter queue."""
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
    if report is None:
        wiring.count("ReportIgnored")
    elif wiring.ledger.append(report.lead_id, report.event):
        wiring.count(f"Mail{report.event.type.capitalize()}")


handler = on_lambda(respond, "ledger")
