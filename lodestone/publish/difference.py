"""The difference between a build and a stack: what is to be written and what is to be deleted, in no order yet."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from aws.funnels import FUNNEL, MAGNET, SITE
from leads.funnel import Funnel
from lodestone.publish.deployed import Deployed, StoredObject
from lodestone.publish.publication import read_publication
from lodestone.publish.site_files import gated_file, is_lasting, read_site
from lodestone.publish.writes import ADD, CHANGE, DELETE, BuiltFile, Drop, Put, Removal, Shown, Upload
from lodestone.stack.definitions import Item, Items, funnels_of
from lodestone.stack.outputs import StackOutputs

Stored = Mapping[str, StoredObject]


@dataclass(frozen=True)
class Built:
    """A build, as the stack is to store it."""

    site: tuple[BuiltFile, ...]
    gated: tuple[BuiltFile, ...]
    items: Items

    @property
    def slugs(self) -> frozenset[str]:
        """The magnets that have a definition."""
        return frozenset(self.funnels)

    @property
    def base_url(self) -> str:
        """The address that links in mails lead to; "" without a magnet."""
        return next((each.base_url for each in self.funnels.values()), "")

    @cached_property
    def funnels(self) -> Mapping[str, Funnel]:
        """The definitions, by slug."""
        return funnels_of(self.items)


@dataclass(frozen=True)
class Difference:
    """The writes, by destination. `unused` are gated files that the build does not have."""

    uploads: tuple[Upload, ...]
    removals: tuple[Removal, ...]
    gated: tuple[Upload, ...]
    unused: tuple[Removal, ...]
    puts: tuple[Put, ...]
    drops: tuple[Drop, ...]


def read_built(out: Path) -> Built:
    """Read the build in `out`."""
    publication = read_publication(out)
    items = {(item["pk"]["S"], item["sk"]["S"]): item for item in publication.items}
    return Built(tuple(read_site(out)), tuple(map(gated_file, publication.files)), items)


def compare(built: Built, deployed: Deployed, stack: StackOutputs) -> Difference:
    """Return the writes that turn `deployed` into the build. A stack without a site bucket gets no pages."""
    site = built.site if stack.site_bucket else ()
    return Difference(
        uploads=tuple(_uploads(stack.site_bucket, site, deployed.site, _site_kind)),
        removals=tuple(_removals(stack.site_bucket, site, deployed.site, _site_kind)),
        gated=tuple(_uploads(stack.assets_bucket, built.gated, deployed.gated, _gated_kind)),
        unused=tuple(_removals(stack.assets_bucket, built.gated, deployed.gated, _gated_kind)),
        puts=tuple(_puts(stack.table, built.items, deployed.items)),
        drops=tuple(_drops(stack.table, built.items, deployed.items)),
    )


def is_listing(pk: str, sk: str) -> bool:
    """Whether the item only lists a magnet."""
    return pk == SITE and sk.startswith(MAGNET)


def _site_kind(key: str) -> str:
    return "site file" if is_lasting(key) else "page"


def _gated_kind(key: str) -> str:
    return "gated file"


def _uploads(
    bucket: str, files: Iterable[BuiltFile], stored: Stored, kind: Callable[[str], str]
) -> Iterator[Upload]:
    for file in files:
        there = stored.get(file.key)
        if there is None or not _is_same(file, there):
            action = CHANGE if there else ADD
            yield Upload(bucket, file, Shown(action, kind(file.key), file.key, file.size))


def _is_same(file: BuiltFile, there: StoredObject) -> bool:
    """Compare by name and size if the name holds the content's hash, else by the content.

    An object whose ETag is no MD5 (it was uploaded in parts) counts as different.
    """
    return there.size == file.size and (file.lasting or there.etag == file.md5)


def _removals(
    bucket: str, files: Iterable[BuiltFile], stored: Stored, kind: Callable[[str], str]
) -> Iterator[Removal]:
    built = {file.key for file in files}
    for key, there in stored.items():
        if key not in built:
            yield Removal(bucket, key, Shown(DELETE, kind(key), key, there.size))


def _puts(table: str, built: Items, deployed: Items) -> Iterator[Put]:
    for key, item in built.items():
        if deployed.get(key) != item:
            yield Put(table, item, _shown(CHANGE if key in deployed else ADD, item))


def _drops(table: str, built: Items, deployed: Items) -> Iterator[Drop]:
    for key, item in deployed.items():
        if key not in built:
            yield Drop(table, {"pk": item["pk"], "sk": item["sk"]}, _shown(DELETE, item))


def _shown(action: str, item: Item) -> Shown | None:
    """Return how an item is printed (`guide`, `guide/mail/second`, `site/page/confirm`); None for a listing."""
    pk, sk = item["pk"]["S"], item["sk"]["S"]
    if is_listing(pk, sk):
        return None
    owner = "site" if pk == SITE else pk.removeprefix(MAGNET)
    part = "" if sk == FUNNEL else "/" + sk.lower().replace("#", "/", 1)
    return Shown(action, "definition", owner + part, len(item["body"]["S"].encode()))
