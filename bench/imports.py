"""Cold import of each handler's module set, in a process of its own, beside boto3 with one DynamoDB client."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.timing import Timing, time_in_turn

FUNCTIONS = Path(__file__).resolve().parents[1] / "functions"
RUNS = 7
FLOOR = "import boto3; boto3.client('dynamodb')"

#: Modules that capture must not import: each costs more time than all of its own work.
SLOW = ("pydantic", "jinja2", "aws_lambda_powertools.event_handler")


def run() -> Iterator[str]:
    """Whole-process wall time, with .pyc: bare Python, boto3 with a client, then each handler with its clients."""
    held = [each for each in _modules("capture") if each.startswith(SLOW)]
    assert not held, f"capture's set holds {held}"
    handlers = sorted(p.stem for p in (FUNCTIONS / "handlers").glob("*.py") if "= on_lambda" in p.read_text())
    commands = ["pass", FLOOR, *(_handler(each) for each in handlers)]
    bare, floor, *timings = time_in_turn(RUNS, *(lambda code=code: _python(code) for code in commands))
    yield f"{'bare Python':<36}{bare}"
    yield f"{'boto3 + one DynamoDB client':<36}{floor}"
    for name, timing in zip(handlers, timings, strict=True):
        yield _line(f"handlers.{name} + that client", timing, floor)
    yield "capture's modules hold no " + ", ".join(SLOW)


def _line(name: str, timing: Timing, floor: Timing) -> str:
    return f"{name:<36}{timing}  {timing.median / floor.median:.2f} x"


def _handler(name: str) -> str:
    return f"import handlers.{name}; from aws.clients import Clients; Clients().dynamodb"


def _python(code: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(FUNCTIONS), "AWS_DEFAULT_REGION": "us-east-1"}
    environment.pop("AWS_PROFILE", None)
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, check=True, capture_output=True, text=True
    ).stdout


def _modules(name: str) -> list[str]:
    return _python(f"import sys, handlers.{name}; print('\\n'.join(sys.modules))").split()
