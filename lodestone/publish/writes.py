"""The writes that turn a stack into a build. They are plain values, so a dry run can print what a run would do."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from lodestone.stack.definitions import Item

ADD, CHANGE, DELETE = "add", "change", "delete"


@dataclass(frozen=True)
class Shown:
    """A write as it is printed. `kind` is `page`, `site file`, `gated file` or `definition`; `size` is in bytes."""

    action: str
    kind: str
    name: str
    size: int


@dataclass(frozen=True)
class BuiltFile:
    """A file of the build and the headers it is served with. `lasting`: its name changes with its content."""

    key: str
    path: Path
    content_type: str
    cache_control: str
    lasting: bool

    @cached_property
    def size(self) -> int:
        return self.path.stat().st_size

    @cached_property
    def md5(self) -> str:
        """The MD5 in hex: the ETag in S3 of a file that was uploaded in one part and is encrypted with S3's own key."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


@dataclass(frozen=True)
class Upload:
    """Put a file into a bucket."""

    bucket: str
    file: BuiltFile
    shown: Shown


@dataclass(frozen=True)
class Removal:
    """Delete an object."""

    bucket: str
    key: str
    shown: Shown


@dataclass(frozen=True)
class Put:
    """Store a table item. One without `shown` is bookkeeping."""

    table: str
    item: Item
    shown: Shown | None = None


@dataclass(frozen=True)
class Drop:
    """Delete a table item."""

    table: str
    key: Item
    shown: Shown | None = None


@dataclass(frozen=True)
class Invalidation:
    """Have the CDN invalidate these paths."""

    distribution_id: str
    paths: tuple[str, ...]
    shown: None = None


Write = Upload | Removal | Put | Drop | Invalidation
