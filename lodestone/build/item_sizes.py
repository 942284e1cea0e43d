"""What `publish` puts into the table must fit: a definition, each mail and each page is an item of its own."""

import json
from collections.abc import Iterator
from typing import Any

from leads.funnel import funnel_to_json, mail_to_json
from leads.placeholders import encode
from leads.sizes import describe_size
from lodestone.build.definition import Compiled
from lodestone.content.model import Magnet
from lodestone.content.places import key_place
from lodestone.content.problems import Problems

#: Bytes of an item's body. DynamoDB takes 400 KB an item, keys and names of attributes included ("Service, account,
#: and table quotas: item size").
LARGEST_BODY = 400 * 1024 - 4096


def check_sizes(magnet: Magnet, compiled: Compiled, problems: Problems) -> None:
    """Report the items of a magnet that the table would refuse."""
    for what, help, body in _items(compiled):
        size = len(json.dumps(body, ensure_ascii=False).encode())
        if size > LARGEST_BODY:
            message = (
                f"{what} has {describe_size(size)}; the table takes {describe_size(LARGEST_BODY)} for each"
            )
            problems.add(key_place(magnet.doc, ("kind",)), message, help)


def _items(compiled: Compiled) -> Iterator[tuple[str, str, Any]]:
    """What is stored of a magnet: its name in a message, a remedy, the body."""
    shorter = "shorten its texts, or make two magnets of it"
    yield "the definition", shorter, funnel_to_json(compiled.funnel)
    for mail in compiled.mails:
        yield f"the mail `{mail.step}`", "shorten it", mail_to_json(mail)
    for name, parts in compiled.pages.items():
        yield f"the page `{name}`", shorter, encode(parts)
