"""Files that content names: they must be there, inside the root, and spelt as on disk, letter for letter."""

import hashlib
import os
from difflib import get_close_matches
from pathlib import Path, PurePosixPath

PICTURE_TYPES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".svg")

#: Mail programs draw no SVG, and Outlook on Windows no WebP (caniemail.com).
MAIL_PICTURE_TYPES = (".png", ".jpg", ".jpeg", ".gif")


class FileFinder:
    """Finds and reads files, and records every access.

    It caches folder listings, as hundreds of names are looked up in a few. `reads` has one entry for each access:
    a file's path and the digest of its content, a folder's path with a slash and the digest of its names, a path
    after `?` and what was found. So what is made from these files depends on nothing else on the disk.
    """

    def __init__(self, root: Path, listings: dict[str, dict[str, bool]] | None = None):
        self.root = root
        self.reads: dict[str, str] = {}
        self._listings = {} if listings is None else listings

    def recorder(self) -> "FileFinder":
        """Return a finder that shares the cached listings and has `reads` of its own."""
        return FileFinder(self.root, self._listings)

    def read(self, path: Path) -> bytes:
        """A file's content. Raises OSError if it cannot be read."""
        try:
            content = path.read_bytes()
        except OSError as error:
            self.reads[self._name(path)] = f"unreadable: {error.errno}"
            raise
        self.reads[self._name(path)] = hashlib.sha256(content).hexdigest()
        return content

    def find(self, base: Path, written: str) -> tuple[Path | None, str, str]:
        """The file that `written` names beside `base`; else None, what is wrong and what to do."""
        found, message, help = self._find(base, written)
        self.reads[f"?{self._name(base)}/{written}"] = self._name(found) if found else message
        return found, message, help

    def listing(self, folder: Path) -> dict[str, bool]:
        """The names in a folder, and whether each is a folder itself; empty if there is no such folder."""
        names = self._names(folder)
        listed = "\n".join(f"{name}{'/' if is_folder else ''}" for name, is_folder in sorted(names.items()))
        self.reads[f"{self._name(folder)}/"] = hashlib.sha256(listed.encode("utf-8", "replace")).hexdigest()
        return names

    def _name(self, path: Path) -> str:
        inside = path.is_relative_to(self.root)
        return path.relative_to(self.root).as_posix() if inside else path.as_posix()

    def _find(self, base: Path, written: str) -> tuple[Path | None, str, str]:
        if "\\" in written:
            return None, f"`{written}` has backslashes", f"write `{written.replace(chr(92), '/')}`"
        if PurePosixPath(written).is_absolute() or ":" in written.partition("/")[0]:
            return None, f"`{written}` is not a path beside this file", "name a file in this folder"
        path = Path(os.path.normpath(base / written))
        if not self._inside(path):
            return None, f"`{written}` leaves the site's folder", f"copy the file into `{self._shown(base)}`"
        return self._spelt(path, written)

    def _names(self, folder: Path) -> dict[str, bool]:
        key = str(folder)
        if key not in self._listings:
            try:
                with os.scandir(folder) as entries:
                    self._listings[key] = {each.name: _is_folder(each) for each in entries}
            except (FileNotFoundError, NotADirectoryError, ValueError):  # ValueError: a null byte in the name
                self._listings[key] = {}
        return self._listings[key]

    def _inside(self, path: Path) -> bool:
        if not path.is_relative_to(self.root):
            return False
        return not os.path.islink(path) or path.resolve().is_relative_to(self.root.resolve())

    def _shown(self, folder: Path) -> str:
        return f"{folder.relative_to(self.root).as_posix()}/" if folder != self.root else "./"

    def _spelt(self, path: Path, written: str) -> tuple[Path | None, str, str]:
        folder = self.root
        for name in path.relative_to(self.root).parts:
            names = self._names(folder)
            if name not in names:
                return None, *self._missing(folder, name, names, written)
            folder = folder / name
        if folder == self.root or self._names(folder.parent)[folder.name]:
            return None, f"`{written}` is a folder", "name a file"
        return folder, "", ""

    def _missing(self, folder: Path, name: str, names: dict[str, bool], written: str) -> tuple[str, str]:
        for each in names:
            if each.casefold() == name.casefold():
                help = (
                    f"on disk it is `{each}`; a Mac or Windows finds it either way, the web server does not"
                )
                return f"`{written}` differs in capital letters", help
        visible = sorted(each for each in names if not each.startswith("."))
        near = get_close_matches(name, visible, n=1, cutoff=0.75)
        if near:
            return f"no file `{written}`", f"did you mean `{near[0]}`?"
        return f"no file `{written}`", f"put it into `{self._shown(folder)}`, or correct the name"


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself
        return False
