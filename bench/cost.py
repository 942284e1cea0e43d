"""What a thousand leads cost: calls counted on a deployed stack, times AWS's prices.

`tests/deploy/test_cost.py` follows one lead with five mails through a real deployment, counts, and keeps the
counts in docs/calls.json; this prints them as dollars. SES itself is left out: its price depends on the volume.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

COUNTS = Path(__file__).resolve().parents[1] / "docs" / "calls.json"

#: us-east-1, on demand, beyond every free allowance; read on PRICED_ON at the services' pricing pages.
PRICED_ON = "2026-11"
MILLION = 1_000_000

#: A warm invocation at 512 MB: Python's own work is a few milliseconds, the rest is waiting for DynamoDB or
#: SES. Assumed, not measured: an emulator has no network in between.
ASSUMED_SECONDS = 0.05
MEMORY_GB = 0.5
#: Reports of SES that one batch of the feedback queue holds: a thousand leads a day bring 3.5 a minute, and the
#: batching window is one minute. Assumed; a busier site's are larger, and cheaper.
ASSUMED_REPORTS_A_BATCH = 3

#: What one invocation writes to the log (metrics as one JSON line; Lambda's own lines are off), in bytes.
ASSUMED_LOG_BYTES = 300


@dataclass(frozen=True)
class Price:
    """What one unit costs, in dollars."""

    label: str
    unit: float


PRICES: Mapping[str, Price] = {
    "write_units": Price("DynamoDB write units", 0.625 / MILLION),
    "read_units": Price("DynamoDB read units", 0.125 / MILLION),
    "invocations": Price("Lambda invocations", 0.20 / MILLION),
    "gb_seconds": Price("Lambda GB-seconds, arm64", 0.0000133334),
    "api_requests": Price("HTTP API requests", 1.00 / MILLION),
    "queue_requests": Price("SQS requests", 0.40 / MILLION),
    "schedules": Price("Scheduler invocations", 1.00 / MILLION),
    "file_requests": Price("S3 reads", 0.40 / MILLION),
    "log_gigabytes": Price("CloudWatch Logs, GB", 0.50),
}


def dollars_per_thousand(counts: Mapping[str, float]) -> dict[str, float]:
    """Dollars for a thousand leads, by what is paid for. `counts` are one lead's (docs/calls.json)."""
    derived = {
        "gb_seconds": counts["invocations"] * ASSUMED_SECONDS * MEMORY_GB,
        "log_gigabytes": counts["invocations"] * ASSUMED_LOG_BYTES / 1e9,
    }
    amounts = {**counts, **derived}
    return {name: amounts[name] * price.unit * 1000 for name, price in PRICES.items()}


def run() -> Iterator[str]:
    """The table of docs/operating.md."""
    counts = json.loads(COUNTS.read_text("utf-8"))["per_lead"]
    dollars = dollars_per_thousand(counts)
    yield f"One lead with five mails, counted on a deployed stack; prices of {PRICED_ON}, us-east-1, without SES."
    yield ""
    yield "| what | a lead | $ per 1,000 leads |"
    yield "|---|---:|---:|"
    for name, price in PRICES.items():
        amount = f"{counts[name]:.3g}" if name in counts else "assumed"
        yield f"| {price.label} | {amount} | {dollars[name]:.4f} |"
    yield f"| **together** | | **{sum(dollars.values()):.4f}** |"
