"""A survey with every sort of thing that its form's tests look at, and forms for it."""

from typing import Any

from tests.world import World

QUESTIONS: list[dict[str, Any]] = [
    {
        "name": "role",
        "question": "What do you do?",
        "options": ["Write", "Draw"],
        "points": [0, 4],
        "dimension": "nerve",
    },
    {"name": "uses", "question": "Which?", "type": "multiple", "options": ["Pen", "Ink"], "required": False},
    {"name": "team", "question": "How many?", "min": 0, "max": 9, "whole": True, "show_if": 'role = "Draw"'},
    {"name": "order", "question": "What first?", "type": "ranking", "options": ["A", "B"], "required": False},
    {"name": "note", "question": "And?", "type": "text", "required": False},
]
FRONT: dict[str, Any] = {
    "dimensions": [{"name": "nerve", "label": "Nerve", "tiers": [
        {"at_least": 0, "label": "low", "text": "Rest."}, {"at_least": 50, "label": "high", "text": "Go on."}]}],
    "outcomes": [
        {"name": "soft", "title": "You are soft", "at_least": 0, "text": "Be *firm*."},
        {"name": "firm", "title": "You are firm", "at_least": 50, "points": 7, "text": "You draw: {{ role }}."},
    ],
    "outcome_by": "nerve",
}  # fmt: skip
GOOD = {"role": "Draw", "uses": ["Ink", "Pen"], "team": "3", "order": ["B", "A"], "note": "Hello"}
SOFT = {"role": "Write"}


def told(world: World) -> dict[str, Any]:
    """What the latest form told."""
    stored: dict[str, Any] = world.events("submitted")[-1].data["told"]["questions"]
    return stored
