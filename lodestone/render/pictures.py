"""Pictures of a magnet: measured, given a content-hashed address, collected for publishing."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from lodestone.render.image_size import measure_image
from lodestone.render.look import hashed_path


@dataclass(frozen=True)
class Placed:
    """A picture as a page names it. Width and height are CSS pixels, 0 where the file does not tell."""

    url: str
    width: int = 0
    height: int = 0
    alt: str = ""


@dataclass
class Pictures:
    """The pictures and files that one folder's pages show; `files` is what to publish (path -> bytes).

    `read` gives a file's content.
    """

    folder: Path  # relative names start here
    address: str  # "assets/<slug>"
    read: Callable[[Path], bytes]
    files: dict[str, bytes] = field(default_factory=dict)
    by_url: dict[str, Placed] = field(default_factory=dict)

    def place(self, name: str, alt: str = "") -> Placed:
        """Measure and publish the file named in the source. The content check has found that it exists."""
        path = self.folder / name
        content = self.read(path)
        width, height = measure_image(content) or (0, 0)
        placed = Placed(self._put(path.name, content), width, height, alt)
        self.by_url[placed.url] = placed
        return placed

    def _put(self, name: str, content: bytes) -> str:
        """Publish a file; the address that pages name it by."""
        path = hashed_path(self.address, name, content)
        self.files[path] = content
        return f"/{path}"

    def resolve(self, kind: str, target: str) -> str | None:
        """Publish the file beside the source that a Markdown link or image names; any other target stays as it is."""
        if _leads_elsewhere(target):
            return target
        return self.place(unquote(target.partition("#")[0])).url


def _leads_elsewhere(target: str) -> bool:
    return target.startswith(("/", "#", "?")) or ":" in target.partition("/")[0]
