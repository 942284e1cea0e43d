"""A build as a stack stores it: table items for the functions, gated files for the private bucket."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aws.funnels import FUNNEL, MAGNET, MAIL, PAGE, RULES, SITE, definition_item
from aws.stock import STOCK
from lodestone.stack.definitions import Item

#: 5,000 codes of 40 characters are half of the 400 KB that DynamoDB takes in an item.
_PIECES_IN_AN_ITEM = 5_000


@dataclass(frozen=True)
class GatedFile:
    """A file of the private bucket."""

    key: str
    path: Path
    content_type: str


@dataclass(frozen=True)
class Publication:
    """Everything of a build that the functions use."""

    items: tuple[Item, ...]
    files: tuple[GatedFile, ...]


def read_publication(out: Path) -> Publication:
    """Read the build in `out`."""
    funnels = [json.loads(path.read_text("utf-8")) for path in sorted((out / "funnels").glob("*.json"))]
    site = json.loads((out / "site.json").read_text("utf-8"))
    # The list of magnets: one query reads it, where a scan would read every lead too.
    items = [definition_item(SITE, MAGNET + each["funnel"]["slug"], {}) for each in funnels]
    items += [item for each in funnels for item in _magnet_items(each)]
    items += [definition_item(SITE, PAGE + name, parts) for name, parts in site["pages"].items()]
    items.append(definition_item(SITE, RULES, site["rules"]))
    return Publication(tuple(items), tuple(file for each in funnels for file in _files(each, out)))


def _magnet_items(compiled: dict[str, Any]) -> Iterator[Item]:
    """Yield a magnet's items, its definition last, so that a stored definition always has its mails."""
    pk = MAGNET + compiled["funnel"]["slug"]
    for step, mail in compiled["mails"].items():
        yield definition_item(pk, MAIL + step, mail)
    for number, pieces in enumerate(_batched(compiled.get("stock", ()))):
        yield definition_item(pk, f"{STOCK}{number}", pieces)
    for name, parts in compiled["pages"].items():
        yield definition_item(pk, PAGE + name, parts)
    yield definition_item(pk, FUNNEL, compiled["funnel"])


def _batched(pieces: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(pieces), _PIECES_IN_AN_ITEM):
        yield list(pieces[start : start + _PIECES_IN_AN_ITEM])


def _files(compiled: dict[str, Any], out: Path) -> Iterator[GatedFile]:
    for key, content_type in compiled["files"].items():
        yield GatedFile(key, out / "assets" / key, content_type)
