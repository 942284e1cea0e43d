"""Files that content names: they must be there, inside the root, and spelt as on disk, letter for letter."""

import os
from difflib import get_close_matches
from pathlib import Path, PurePosixPath

PICTURE_TYPES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".svg")

#: Mail programs draw no SVG, and Outlook on Windows no WebP (caniemail.com).
MAIL_PICTURE_TYPES = (".png", ".jpg", ".jpeg", ".gif")


class FileFinder:
    """Looks files up for one load; it remembers folder listings, as hundreds of names are looked up in a few."""

    def __init__(self, root: Path):
        self.root = root
        self._listings: dict[str, dict[str, bool]] = {}

    def find(self, base: Path, written: str) -> tuple[Path | None, str, str]:
        """The file that `written` names beside `base`; else None, what is wrong and what to do."""
        if "\\" in written:
            return None, f"`{written}` has backslashes", f"write `{written.replace(chr(92), '/')}`"
        if PurePosixPath(written).is_absolute() or ":" in written.partition("/")[0]:
            return None, f"`{written}` is not a path beside this file", "name a file in this folder"
        path = Path(os.path.normpath(base / written))
        if not self._inside(path):
            return None, f"`{written}` leaves the site's folder", f"copy the file into `{self._shown(base)}`"
        return self._spelt(path, written)

    def listing(self, folder: Path) -> dict[str, bool]:
        """The names in a folder, and whether each is a folder itself; empty if there is no such folder."""
        key = str(folder)
        if key not in self._listings:
            try:
                with os.scandir(folder) as entries:
                    self._listings[key] = {each.name: each.is_dir() for each in entries}
            except (FileNotFoundError, NotADirectoryError):
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
            names = self.listing(folder)
            if name not in names:
                return None, *self._missing(folder, name, names, written)
            folder = folder / name
        if folder == self.root or self.listing(folder.parent)[folder.name]:
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
