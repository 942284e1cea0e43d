"""In which order to write, so that the site is whole at every moment and a run may be cut anywhere.

1. what nothing refers to yet: hashed site files, gated files
2. what a resumed run needs to know: the magnets there are, the paths the CDN has yet to be told of
3. mails and form pages, then the definitions that name them
4. pages, whose forms those definitions check; then the site map
5. pages that are gone; then the CDN is told
6. what only those pages led to: definitions, their mails, the hashed files of older pages
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from aws.funnels import FUNNEL, SITE, definition_item
from lodestone.publish.deployed import UNTOLD
from lodestone.publish.difference import Difference, is_listing
from lodestone.publish.invalidation import join, paths_of
from lodestone.publish.site_files import is_lasting
from lodestone.publish.stack import StackOutputs
from lodestone.publish.writes import Drop, Invalidation, Item, Put, Shown, Upload, Write

Phase = tuple[Write, ...]

#: What an item is in the order above.
_LISTING, _PART, _DEFINITION = "listing", "part", "definition"


@dataclass(frozen=True)
class WritePlan:
    """The writes, phase by phase: a phase starts once the one before is done, its writes may go side by side.

    `kept` are gated files of earlier builds that stay: bytes by key.
    """

    phases: tuple[Phase, ...]
    kept: Mapping[str, int]

    @property
    def writes(self) -> tuple[Write, ...]:
        """All of them, in order."""
        return tuple(write for phase in self.phases for write in phase)

    @property
    def shown(self) -> tuple[Shown, ...]:
        """What people care for, without the bookkeeping."""
        return tuple(write.shown for write in self.writes if write.shown)

    @property
    def paths(self) -> tuple[str, ...]:
        """What the CDN will be told of."""
        return next((write.paths for write in self.writes if isinstance(write, Invalidation)), ())


def make_write_plan(
    difference: Difference, untold: tuple[str, ...] | None, stack: StackOutputs, prune: bool = False
) -> WritePlan:
    """The order of a difference. `untold` is what an earlier run left to tell the CDN (`Deployed.untold`).

    `prune` also deletes the gated files that the build does not have. No phases: nothing is to be done.
    """
    telling = _telling(difference, untold, stack)
    phases = (*_putting(difference, telling[:1]), *_ending(difference, telling[1:], prune))
    kept = {} if prune else {each.key: each.shown.size for each in difference.unused}
    return WritePlan(tuple(phase for phase in phases if phase), kept)


def _putting(difference: Difference, note: tuple[Phase, ...]) -> Iterator[Phase]:
    lasting = [each for each in difference.uploads if each.file.lasting]
    pages = [each for each in difference.uploads if not each.file.lasting]
    yield (*lasting, *difference.gated)
    yield (*_ranked(difference.puts, _LISTING), *(write for phase in note for write in phase))
    yield _ranked(difference.puts, _PART)
    yield _ranked(difference.puts, _DEFINITION)
    yield tuple(each for each in pages if _is_page(each))
    yield tuple(each for each in pages if not _is_page(each))


def _ending(difference: Difference, telling: tuple[Phase, ...], prune: bool) -> Iterator[Phase]:
    yield tuple(each for each in difference.removals if not is_lasting(each.key))
    yield from telling
    yield _ranked(difference.drops, _DEFINITION)
    yield _ranked(difference.drops, _PART)
    yield _ranked(difference.drops, _LISTING)
    lasting = [each for each in difference.removals if is_lasting(each.key)]
    yield (*lasting, *(difference.unused if prune else ()))


def _telling(
    difference: Difference, untold: tuple[str, ...] | None, stack: StackOutputs
) -> tuple[Phase, ...]:
    """A note of what to tell the CDN, the telling, and the note's end: three phases.

    Without the note a run that was cut after its last page would leave the CDN with old ones for good: the
    next run finds nothing changed.
    """
    keys = [each.file.key for each in difference.uploads] + [each.key for each in difference.removals]
    paths = join({*paths_of(key for key in keys if not is_lasting(key)), *(untold or ())})
    note = definition_item(SITE, UNTOLD, paths)
    forget = (Drop(stack.table, {"pk": note["pk"], "sk": note["sk"]}),)
    if not paths or not stack.distribution_id:
        return ((), (), () if untold is None else forget)
    noted = () if paths == untold else (Put(stack.table, note),)
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
