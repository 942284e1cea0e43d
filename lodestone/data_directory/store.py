"""The SQLite file of a data directory.

WAL with `synchronous=FULL`: once a transaction has returned, neither a `kill -9` nor a power cut takes it
back (0.2 ms a commit on a laptop's disk). What AWS does atomically (an item and its stream record, a mail and its
SES events) is one transaction here.
"""

import fcntl
import json
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from lodestone.errors import CannotServe

#: The SQLite file of a data directory.
FILE = "lodestone.sqlite"

#: Increased with every change of the tables below. A file of another version is refused.
FORMAT = 1

#: The setting that holds the address of the running stack, or of its last run.
ADDRESS = "address"

Item = dict[str, Any]  # DynamoDB JSON

_TABLES = """
create table settings (name text primary key, value text not null) without rowid;
create table items (
    table_name text not null, key text not null, item text not null, primary key (table_name, key)
) without rowid;
create table messages (
    id integer primary key autoincrement, channel text not null, body text not null, attributes text not null,
    sent_at text not null, visible_at text not null, receives integer not null default 0
);
create index messages_due on messages (channel, visible_at);
create table schedules (
    group_name text not null, name text not null, due text, definition text not null,
    primary key (group_name, name)
) without rowid;
create index schedules_due on schedules (due);
create table mails (id integer primary key autoincrement, at text not null, mail text not null);
create table objects (
    bucket text not null, key text not null, content_type text not null, size integer not null, etag text not null,
    primary key (bucket, key)
) without rowid;
"""


class Store:
    """The SQLite file, shared by all threads behind one lock. The classes that use it have their own SQL."""

    def __init__(self, path: Path):
        self._lock = threading.RLock()
        self._depth = 0
        self._listeners: list[Callable[[], None]] = []
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.execute("pragma journal_mode = wal")
        self._db.execute("pragma synchronous = full")

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Return every row of a query."""
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def run(self, sql: str, *values: object) -> int:
        """Execute a statement that writes; the id of the inserted row. Durable on return, or with its transaction."""
        with self._lock:
            row = self._db.execute(sql, values).lastrowid or 0
            alone = self._depth == 0
        if alone:
            self._notify()
        return row

    def listen(self, listener: Callable[[], None]) -> None:
        """Call `listener` after every commit, from whichever thread made it. It must return at once."""
        self._listeners.append(listener)

    def _notify(self) -> None:
        for listener in self._listeners:
            listener()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit all writes of the block or none. A block within a block belongs to the outer one."""
        with self._lock:
            outermost = self._depth == 0
            if outermost:
                self._db.execute("begin immediate")
            self._depth += 1
            try:
                yield
            except BaseException:
                if outermost:
                    self._db.execute("rollback")
                raise
            else:
                if outermost:
                    self._db.execute("commit")
            finally:
                self._depth -= 1
        if outermost:
            self._notify()

    def setting(self, name: str) -> str | None:
        """Return a stored setting, or None."""
        rows = self.rows("select value from settings where name = ?", name)
        return rows[0][0] if rows else None

    def keep_setting(self, name: str, value: str) -> None:
        """Store a setting."""
        self.run("insert or replace into settings values (?, ?)", name, value)

    def secret(self, name: str, make: Callable[[], str]) -> str:
        """Return a secret of this data directory; make it if there is none."""
        with self.transaction():
            value = self.setting(f"secret {name}")
            if value is None:
                value = make()
                self.keep_setting(f"secret {name}", value)
            return value

    def items(self, table: str) -> Iterator[Item]:
        """Yield every item of a table, in DynamoDB JSON."""
        for (item,) in self.rows("select item from items where table_name = ?", table):
            yield json.loads(item)

    def all_items(self) -> Iterator[Item]:
        """Yield every item of every table."""
        for (item,) in self.rows("select item from items"):
            yield json.loads(item)

    def keep_item(self, table: str, key: str, item: Item | None) -> None:
        """Store an item, or delete it if it is None."""
        if item is None:
            self.run("delete from items where table_name = ? and key = ?", table, key)
        else:
            body = json.dumps(item, separators=(",", ":"))
            self.run("insert or replace into items values (?, ?, ?)", table, key, body)

    def close(self) -> None:
        """Close the file, with the write-ahead log written back into it."""
        with self._lock:
            self._db.close()


def open_store(directory: Path) -> Store:
    """Open the store of a data directory; create it if there is none.

    Raises CannotServe if the directory cannot be written, or its file is damaged or of another version.
    """
    path = directory / FILE
    try:
        store = Store(path)
        _check(store, path)
    except sqlite3.DatabaseError as error:
        raise CannotServe(
            f"cannot read {path}: {error}.\n"
            f"Your leads and mails on this machine are in it. Restore it from a copy, or move {directory} away to "
            "start with an empty one."
        ) from error
    return store


def _check(store: Store, path: Path) -> None:
    ((version,),) = store.rows("pragma user_version")
    if version == 0 and not store.rows("select 1 from sqlite_master"):
        with store.transaction():
            for statement in filter(str.strip, _TABLES.split(";")):
                store.run(statement)
            store.run(f"pragma user_version = {FORMAT}")
        return
    if version != FORMAT:
        raise CannotServe(
            f"{path} has format {version}, this Lodestone reads format {FORMAT}.\n"
            "Use the Lodestone that wrote it, or choose another directory with --data."
        )
    ((state,),) = store.rows("pragma quick_check(1)")
    if state != "ok":
        raise sqlite3.DatabaseError(state)


@contextmanager
def hold_directory(directory: Path) -> Iterator[None]:
    """Create the data directory and lock it against other serves; the lock ends with this process.

    Raises CannotServe if another serve has the lock, or the directory cannot be created.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
        lock = open(directory / "serve.lock", "a+")  # noqa: SIM115  held for the life of the process
    except OSError as error:
        raise CannotServe(
            f"cannot use {directory} for leads and mails: {error.strerror}.\nChoose another directory with --data."
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotServe(_busy(directory, lock)) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def _busy(directory: Path, lock: IO[str]) -> str:
    lock.seek(0)
    holder = lock.read().strip()
    who = f"another serve (process {holder})" if holder else "another serve"
    return f"{who} is using {directory}.\nStop it first, or give this one its own directory with --data."
