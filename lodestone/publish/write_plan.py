"""The order of writes that keeps the site whole at every moment, also if a run is interrupted.

1. what is not referred to yet: hashed site files, gated files
2. what a resumed run needs: the list of magnets, the paths that are still to be invalidated
3. mails and form pages, then the definitions that name them
4. pages, whose forms those definitions check; then the site map
5. pages that are gone; then the invalidation
6. what only those pages led to: definitions, their mails, the hashed files of older pages
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from aws.funnels import FUNNEL, SITE, definition_item
from lodestone.publish.deployed import PENDING_INVALIDATION
from lodestone.publish.difference import Difference, is_listing
from lodestone.publish.invalidation import join, paths_of
from lodestone.publish.site_files import is_lasting
from lodestone.publish.writes import Drop, Invalidation, Put, Shown, Upload, Write
from lodestone.stack.definitions import Item
from lodestone.stack.outputs import StackOutputs

Phase = tuple[Write, ...]

#: The ranks of items in the order above.
_LISTING, _PART, _DEFINITION = "listing", "part", "definition"


@dataclass(frozen=True)
class WritePlan:
    """The writes, phase by phase. A phase starts when the one before is done; its writes may run in parallel.

    `kept` are gated files of earlier builds that stay: their sizes in bytes, by key.
    """

    phases: tuple[Phase, ...]
    kept: Mapping[str, int]

    @property
    def writes(self) -> tuple[Write, ...]:
        """Every write, in order."""
        return tuple(write for phase in self.phases for write in phase)

    @property
    def shown(self) -> tuple[Shown, ...]:
        """The writes that people are shown, without bookkeeping."""
        return tuple(write.shown for write in self.writes if write.shown)

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths that will be invalidated."""
        return next((write.paths for write in self.writes if isinstance(write, Invalidation)), ())


def make_write_plan(
    difference: Difference, pending_paths: tuple[str, ...] | None, stack: StackOutputs, prune: bool = False
) -> WritePlan:
    """Order the writes of a difference. `pending_paths` are those that an earlier run did not invalidate.

    `prune` also deletes the gated files that the build does not have. Without phases there is nothing to do.
    """
    invalidation = _invalidation(difference, pending_paths, stack)
    phases = (
        *_writing_phases(difference, invalidation[:1]),
        *_deleting_phases(difference, invalidation[1:], prune),
    )
    kept = {} if prune else {each.key: each.shown.size for each in difference.unused}
    return WritePlan(tuple(phase for phase in phases if phase), kept)


def _writing_phases(difference: Difference, note: tuple[Phase, ...]) -> Iterator[Phase]:
    lasting = [each for each in difference.uploads if each.file.lasting]
    pages = [each for each in difference.uploads if not each.file.lasting]
    yield (*lasting, *difference.gated)
    yield (*_ranked(difference.puts, _LISTING), *(write for phase in note for write in phase))
    yield _ranked(difference.puts, _PART)
    yield _ranked(difference.puts, _DEFINITION)
    yield tuple(each for each in pages if _is_page(each))
    yield tuple(each for each in pages if not _is_page(each))


def _deleting_phases(difference: Difference, invalidation: tuple[Phase, ...], prune: bool) -> Iterator[Phase]:
    yield tuple(each for each in difference.removals if not is_lasting(each.key))
    yield from invalidation
    yield _ranked(difference.drops, _DEFINITION)
    yield _ranked(difference.drops, _PART)
    yield _ranked(difference.drops, _LISTING)
    lasting = [each for each in difference.removals if is_lasting(each.key)]
    yield (*lasting, *(difference.unused if prune else ()))


def _invalidation(
    difference: Difference, pending_paths: tuple[str, ...] | None, stack: StackOutputs
) -> tuple[Phase, ...]:
    """Return three phases: note the paths that are to be invalidated, invalidate them, delete the note.

    Without the note, a run that was interrupted after its last page would leave old pages in the CDN: the next run
    finds no difference.
    """
    keys = [each.file.key for each in difference.uploads] + [each.key for each in difference.removals]
    paths = join({*paths_of(key for key in keys if not is_lasting(key)), *(pending_paths or ())})
    note = definition_item(SITE, PENDING_INVALIDATION, paths)
    forget = (Drop(stack.table, {"pk": note["pk"], "sk": note["sk"]}),)
    if not paths or not stack.distribution_id:
        return ((), (), () if pending_paths is None else forget)
    noted = () if paths == pending_paths else (Put(stack.table, note),)
    return (noted, (Invalidation(stack.distribution_id, paths),), forget)


def _ranked(writes: tuple[Put, ...] | tuple[Drop, ...], rank: str) -> Phase:
    return tuple(each for each in writes if _rank(each.item if isinstance(each, Put) else each.key) == rank)


def _rank(item: Item) -> str:
    pk, sk = item["pk"]["S"], item["sk"]["S"]
    if is_listing(pk, sk):
        return _LISTING
    return _DEFINITION if sk == FUNNEL else _PART


def _is_page(upload: Upload) -> bool:
    return upload.file.key.endswith(".html")
