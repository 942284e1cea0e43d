"""A personality questionnaire that others wrote (tests/questionnaire/test_big_five.py), converted to a survey."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from tests.conftest import ROOT

FOLDER = ROOT.parent / "shared" / "real" / "big-five"

DOMAINS = {"O": "openness", "C": "care", "E": "warmth", "A": "trust", "N": "worry"}

SITE = """\
name: Harbour Press
base_url: https://harbour.example.com
language: {language}
sender:
  name: Harbour Press
  email: post@harbour.example.com
postal_address: 1 Quay Street, Harbourtown
defaults:
  consent:
    text: Yes, send me the letters too.
"""


@cache
def items(language: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = _read(language, "questions.json")
    return found


@cache
def choices(language: str) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = _read(language, "choices.json")
    return found


def _read(language: str, name: str) -> Any:
    return json.loads((FOLDER / language / name).read_text("utf-8"))


def as_front(language: str) -> dict[str, Any]:
    """The keys of magnet.md: each item a question on one scale, reversed where it is keyed `minus`."""
    return {
        "questions": [
            {
                "name": f"q{number}",
                "question": each["text"],
                "dimension": DOMAINS[each["domain"]],
                "reverse": each["keyed"] == "minus",
            }
            for number, each in enumerate(items(language), 1)
        ],
        "scale": {"lowest": 1, "highest": 5, "labels": [each["text"] for each in choices(language)["plus"]]},
        "dimensions": [
            {
                "name": name,
                "label": name.title(),
                "tiers": [{"at_least": 0, "label": "less"}, {"at_least": 50, "label": "more"}],
            }
            for name in DOMAINS.values()
        ],
    }


def scored(language: str, answers: dict[str, str]) -> dict[str, int]:
    """The points of each domain, by the questionnaire's own tables and nothing of ours."""
    sums = dict.fromkeys(DOMAINS.values(), 0)
    for number, each in enumerate(items(language), 1):
        label = choices(language)["plus"][int(answers[f"q{number}"]) - 1]["text"]
        (points,) = (
            choice["score"] for choice in choices(language)[each["keyed"]] if choice["text"] == label
        )
        sums[DOMAINS[each["domain"]]] += points
    return sums


def is_here() -> bool:
    return Path(FOLDER).is_dir()
