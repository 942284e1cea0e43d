"""A folder that is written beside the one it replaces, and swapped in whole or not at all."""

import os
import shutil
import tempfile
from pathlib import Path
from types import TracebackType

#: Every folder a build made holds this file; a folder with other things in it is not ours to replace.
MARK = "build.json"

#: The file with the id of the process that writes a folder. A killed build leaves it behind.
_HOLDER = ".writing"


class NotOurs(Exception):
    """The output folder holds something that no build made."""


class Tree:
    """Writes files to a temporary folder beside `target`; `swap_in` puts it in the target's place.

    As a context manager it deletes a folder that was not swapped in. Raises NotOurs on entry if `target` holds
    something that no build made.
    """

    def __init__(self, target: Path):
        self._target = target.absolute()
        self._sizes: dict[str, int] = {}
        self._folders: set[Path] = set()

    def __enter__(self) -> "Tree":
        self._refuse_what_is_not_ours()
        self._target.parent.mkdir(parents=True, exist_ok=True)
        self._recover()
        self._new = Path(tempfile.mkdtemp(prefix=f".{self._target.name}-new-", dir=self._target.parent))
        self._new.chmod(0o755)
        (self._new / _HOLDER).write_text(str(os.getpid()))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        shutil.rmtree(self._new, ignore_errors=True)

    def write(self, path: str, content: bytes) -> None:
        """One file; `path` is relative, with slashes."""
        file = self._new / path
        if file.parent not in self._folders:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._folders.add(file.parent)
        file.write_bytes(content)
        self._sizes[path] = len(content)

    def size(self, prefix: str) -> int:
        """Bytes written below a prefix."""
        return sum(size for path, size in self._sizes.items() if path.startswith(prefix))

    def count(self, prefix: str, suffix: str) -> int:
        """Count the files written below a prefix with this suffix."""
        return sum(1 for path in self._sizes if path.startswith(prefix) and path.endswith(suffix))

    def swap_in(self) -> None:
        """Put the new folder in the place of the old one. Raises OSError if it fails; the old one stays."""
        (self._new / _HOLDER).unlink()
        old = self._old()
        if self._target.exists():
            os.rename(self._target, old)
        try:
            os.rename(self._new, self._target)
        except OSError:
            if old.exists():
                os.rename(old, self._target)
            raise
        shutil.rmtree(old, ignore_errors=True)

    def _old(self) -> Path:
        return self._target.with_name(f".{self._target.name}-old")

    def _recover(self) -> None:
        """Clean up after killed builds: put back an old folder that was not replaced, delete the others."""
        old = self._old()
        if old.exists() and not self._target.exists():
            os.rename(old, self._target)
        shutil.rmtree(old, ignore_errors=True)
        for abandoned in self._target.parent.glob(f".{self._target.name}-new-*"):
            if not _is_held(abandoned):
                shutil.rmtree(abandoned, ignore_errors=True)

    def _refuse_what_is_not_ours(self) -> None:
        target = self._target
        if target.is_dir() and (not any(target.iterdir()) or (target / MARK).is_file()):
            return
        if target.exists() or target.is_symlink():
            raise NotOurs(f"{target} holds something that no build made")


def _is_held(folder: Path) -> bool:
    """Whether the process that writes the folder still runs; False if its id cannot be read."""
    try:
        os.kill(int((folder / _HOLDER).read_text()), 0)
    except (OSError, ValueError):
        return False
    return True
