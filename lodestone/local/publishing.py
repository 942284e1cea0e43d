"""Bring edits to the running stack: build, store what the functions need, reload open pages."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from threading import Event
from typing import Any

from lodestone.local.live import Broadcast
from lodestone.local.machine import Machine

_BATCH = 25  # what one BatchWriteItem takes


class LocalBuild:
    """Builds a root for one address and publishes the result to the running stack.

    The build is not in `dist/`, because its pages and mails link to this machine.
    """

    def __init__(
        self,
        root: Path,
        out: Path,
        origin: str,
        machine: Machine,
        live: Broadcast,
        say: Callable[[str], None],
    ):
        self._root = root
        self._out = out
        self._origin = origin
        self._machine = machine
        self._live = live
        self._say = say
        self._published: dict[str, Any] = {}

    def run(self) -> None:
        """Build, publish and reload; or print the problems and show them over the last good build."""
        try:
            problems = self._build()
        except Exception as error:  # such as a mistake in a template
            self._machine.faults.record_error("build", error)
            problems = f"{type(error).__name__}: {error}\n(the terminal shows where)"
        self._live.built(problems)

    def watch(self, stop: Event) -> None:
        """Build again whenever something in magnets/ or site/ changes, until `stop`."""
        folders = [self._root / name for name in ("magnets", "site")]
        if not all(folder.is_dir() for folder in folders):
            # The root is still being set up: wait for the folders, without watching what other folders contain.
            for _ in _changed(stop, self._root, recursive=False):
                self.run()
                if all(folder.is_dir() for folder in folders):
                    break
        if not stop.is_set():
            for _ in _changed(stop, *folders):
                self.run()

    def _build(self) -> str:
        from lodestone.build.pipeline import build
        from lodestone.content.problems import render, summarise

        today = self._machine.clock.now().date()
        result = build(self._root, self._out, base_url=self._origin, today=today)
        text = render(result.problems)
        if text:
            self._say(f"{text}\n{summarise(result.problems, result.magnets)}")
        if result.failed:
            return text
        self._publish()
        return ""

    def _publish(self) -> None:
        from lodestone.publish.publication import read_publication

        publication, clients = read_publication(self._out), self._machine.clients
        bucket, table = self._machine.environment["ASSETS_BUCKET"], self._machine.environment["TABLE"]
        for file in publication.files:
            if clients.s3.find(bucket, file.key) is None:
                body = file.path.read_bytes()
                clients.s3.put_object(Bucket=bucket, Key=file.key, Body=body, ContentType=file.content_type)
        items = {f"{item['pk']['S']} {item['sk']['S']}": item for item in publication.items}
        requests = list(_changes(self._published, items))
        for start in range(0, len(requests), _BATCH):
            clients.dynamodb.batch_write_item(RequestItems={table: requests[start : start + _BATCH]})
        self._published = items
        self._machine.functions.renew()


def _changed(stop: Event, *folders: Path, recursive: bool = True) -> Iterator[object]:
    """Yield once for each burst of changes in the folders."""
    from watchfiles import watch

    return watch(*folders, stop_event=stop, recursive=recursive, step=30, debounce=400, rust_timeout=500)


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the writes that turn a table's content from `before` into `after`."""
    for key, item in after.items():
        if before.get(key) != item:
            yield {"PutRequest": {"Item": item}}
    for key, item in before.items():
        if key not in after:
            yield {"DeleteRequest": {"Key": {"pk": item["pk"], "sk": item["sk"]}}}
