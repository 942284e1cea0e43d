"""The deployed packages: size of each packed function, and its cold import beside boto3 with one client.

Both sides run the same interpreter with bytecode, without site-packages, as `python -S` does: the reference finds
boto3 where it is installed, a function finds only its package.
"""

import importlib.util
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import boto3

from bench.timing import time_in_turn

FUNCTIONS = Path(__file__).resolve().parents[1] / "functions"
RUNS = 9
FLOOR = "import boto3; boto3.client('dynamodb')"


def run() -> Iterator[str]:
    """Unzipped size a function, and import with one DynamoDB client, in a process of its own."""
    installed = Path(boto3.__file__).parents[1]
    names = sorted(p.stem for p in (FUNCTIONS / "handlers").glob("*.py") if "= on_lambda" in p.read_text())
    with tempfile.TemporaryDirectory() as folder:
        packed = {name: _pack(name, Path(folder, name)) for name in names}
        commands = [(installed, FLOOR), *((packed[name], _start(name)) for name in names)]
        calls = (lambda place=place, code=code: _python(place, code) for place, code in commands)
        floor, *timings = time_in_turn(RUNS, *calls)
        sizes = {name: _megabytes(packed[name]) for name in names}
    yield f"{'boto3 + one DynamoDB client':<30}{'':>8}  {floor}"
    for name, timing in zip(names, timings, strict=True):
        ratio = timing.median / floor.median
        yield f"{f'{name} + that client':<30}{sizes[name]:>5.1f} MB  {timing}  {ratio:.2f} x"


def _pack(name: str, target: Path) -> Path:
    spec = importlib.util.spec_from_file_location("pack", FUNCTIONS / "pack.py")
    if spec is None or spec.loader is None:
        raise ImportError("functions/pack.py cannot be imported")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.pack(f"{name.capitalize()}Function", target)
    return target


def _start(name: str) -> str:
    return f"import handlers.{name}; from aws.clients import Clients; Clients().dynamodb"


def _python(place: Path, code: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(place), "AWS_DEFAULT_REGION": "us-east-1"}
    environment.pop("AWS_PROFILE", None)
    subprocess.run([sys.executable, "-S", "-c", code], env=environment, check=True, capture_output=True)


def _megabytes(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
