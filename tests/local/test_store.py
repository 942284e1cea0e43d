"""The SQLite file that everything local survives in."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from lodestone.data_directory.store import FORMAT, hold_directory, open_store
from lodestone.errors import CannotServe

ROOT = Path(__file__).resolve().parents[2]


def test_what_was_kept_is_there_when_the_store_is_opened_again(tmp_path):
    first = open_store(tmp_path)
    first.keep_item("leads", "a", {"pk": {"S": "a"}})
    first.keep_setting("clock", "3")
    first.close()
    second = open_store(tmp_path)
    assert list(second.items("leads")) == [{"pk": {"S": "a"}}]
    assert second.setting("clock") == "3"


def test_a_killed_process_loses_nothing_that_it_was_told_is_kept(tmp_path):
    writer = """
import os, sys
from pathlib import Path
from lodestone.data_directory.store import open_store
store = open_store(Path(sys.argv[1]))
for number in range(10_000):
    store.keep_item("leads", str(number), {"n": {"N": str(number)}})
    os.write(1, b"%d\\n" % number)
"""
    process = subprocess.Popen(
        [sys.executable, "-c", writer, str(tmp_path)], stdout=subprocess.PIPE, cwd=ROOT, text=True
    )
    for _ in range(50):
        process.stdout.readline()
    os.kill(process.pid, signal.SIGKILL)
    told = [int(line) for line in process.communicate()[0].split()]
    last = max(told, default=49)
    kept = {int(item["n"]["N"]) for item in open_store(tmp_path).items("leads")}
    assert set(range(last + 1)) <= kept


def keep_and_fail(store, value: str) -> None:
    with store.transaction():
        with store.transaction():
            store.keep_setting("a", value)
        raise RuntimeError


def test_a_transaction_that_fails_leaves_nothing_behind_of_itself_or_of_one_within_it(store):
    with pytest.raises(RuntimeError):
        keep_and_fail(store, "1")
    assert store.setting("a") is None


def test_listeners_hear_of_a_commit_once_and_of_a_rollback_never(store):
    heard = []
    store.listen(lambda: heard.append(store.setting("a")))
    with store.transaction():
        store.keep_setting("a", "1")
        store.keep_setting("b", "2")
    with pytest.raises(RuntimeError):
        keep_and_fail(store, "3")
    assert heard == ["1"]


def test_a_secret_is_made_once(store):
    values = iter(["first", "second"])
    assert store.secret("identity", lambda: next(values)) == "first"
    assert store.secret("identity", lambda: next(values)) == "first"


def test_a_file_that_is_no_store_is_told_with_a_way_out(tmp_path):
    (tmp_path / "lodestone.sqlite").write_bytes(b"this is not a database, it is a letter" * 50)
    with pytest.raises(CannotServe, match=r"lodestone\.sqlite(.|\n)*move .* away"):
        open_store(tmp_path)


def test_a_store_of_another_format_is_refused(tmp_path):
    store = open_store(tmp_path)
    store.run(f"pragma user_version = {FORMAT + 1}")
    store.close()
    with pytest.raises(CannotServe, match=f"format {FORMAT + 1}"):
        open_store(tmp_path)


def test_a_directory_is_held_by_one_serve_at_a_time(tmp_path):
    data = tmp_path / "new" / "data"
    with hold_directory(data), pytest.raises(CannotServe, match=rf"process {os.getpid()}"):
        hold_directory(data).__enter__()
    with hold_directory(data):
        pass


def test_a_directory_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotServe, match="--data"), hold_directory(tmp_path / "file"):
        pass
