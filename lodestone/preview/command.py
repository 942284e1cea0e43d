"""`build.py preview`: build, fill in every mail of a magnet for one reader, write the page and the files."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from leads.funnel import Funnel, Mail, funnel_from_json, mail_from_json
from lodestone.build.temporary import temporary_build
from lodestone.errors import CommandError
from lodestone.local.routes import function_paths
from lodestone.preview.destinations import BuiltSite, read_site
from lodestone.preview.display import print_preview
from lodestone.preview.letters import Previewed, as_eml, write_letters
from lodestone.preview.occasions import occasions
from lodestone.preview.page import MARK, render_page
from lodestone.preview.reader import Reader

#: The files of mails that an earlier preview wrote, perhaps of steps that are gone.
_MAIL_FILE = re.compile(r"\d\d-[a-z0-9-]+\.eml")


@dataclass(frozen=True)
class PreviewRequest:
    """What was asked for. `step` is "" for all mails; `read` returns the reader, given the magnet's funnel."""

    root: Path
    slug: str
    step: str
    out: Path
    read: Callable[[Funnel], Reader]


def preview(request: PreviewRequest) -> Path | None:
    """Write the preview and print its table; the page, or None if the build failed.

    Raises CommandError if there is no such magnet, step or reader, or the folder holds files that no preview wrote.
    """
    _check_folder(request.out)
    with temporary_build(request.root) as built:
        if built is None:
            return None
        funnel, mails = _compiled(built, request.slug)
        site = read_site(built / "site", funnel.base_url, function_paths())
        reader = request.read(funnel)
        previewed = _wanted(write_letters(reader, funnel, mails, occasions(reader, funnel)), request.step)
        page = _write(request.out, funnel, reader, previewed, site)
        print_preview(funnel, reader, previewed, site)
    return page


def _compiled(built: Path, slug: str) -> tuple[Funnel, Mapping[str, Mail]]:
    known = {path.stem: path for path in (built / "funnels").glob("*.json")}
    if slug not in known:
        raise CommandError(f"there is no magnet `{slug}`", _nearest(slug, sorted(known)))
    raw = json.loads(known[slug].read_text("utf-8"))
    return funnel_from_json(raw["funnel"]), {
        name: mail_from_json(each) for name, each in raw["mails"].items()
    }


def _wanted(previewed: tuple[Previewed, ...], step: str) -> tuple[Previewed, ...]:
    found = tuple(each for each in previewed if step in ("", each.occasion.step, each.occasion.name))
    if not found:
        names = list(dict.fromkeys(each.occasion.step for each in previewed))
        raise CommandError(f"there is no mail `{step}`", _nearest(step, names))
    return found


def _nearest(name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, n=1)
    return f"did you mean `{near[0]}`?" if near else f"there are: {', '.join(known) or 'none'}"


def _check_folder(out: Path) -> None:
    """Raises CommandError if the folder holds files that no preview wrote."""
    if not out.is_dir() or not any(out.iterdir()):
        return
    page = out / "index.html"
    if not page.is_file() or MARK not in page.read_text("utf-8", errors="replace"):
        raise CommandError(f"{out} holds something that no preview wrote", "name an empty folder with --out")


def _write(
    out: Path, funnel: Funnel, reader: Reader, previewed: tuple[Previewed, ...], site: BuiltSite
) -> Path:
    out.mkdir(parents=True, exist_ok=True)
    for old in out.iterdir():
        if _MAIL_FILE.fullmatch(old.name):
            old.unlink()
    names = (each.occasion.name for each in previewed)
    files = {name: f"{number:02}-{name.replace('~', '-')}.eml" for number, name in enumerate(names, 1)}
    for each in previewed:
        (out / files[each.occasion.name]).write_bytes(as_eml(each))
    page = out / "index.html"
    page.write_text(render_page(funnel.title, reader, previewed, files, site), "utf-8")
    return page
