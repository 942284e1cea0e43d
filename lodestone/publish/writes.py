"""The writes that bring a stack to what was built: plain values, so that a dry run can show what a run would do."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

ADD, CHANGE, DELETE = "add", "change", "delete"

Item = dict[str, Any]  # DynamoDB JSON


@dataclass(frozen=True)
class Shown:
    """A write as people see it: `kind` is `page`, `site file`, `gated file`, `definition` or `mail`; bytes."""

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
        """In hex: what S3 answers as the ETag of a file that was put in one part and is encrypted with its own key."""
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
    """Have the CDN fetch these paths anew."""

    distribution_id: str
    paths: tuple[str, ...]
    shown: None = None


Write = Upload | Removal | Put | Drop | Invalidation
